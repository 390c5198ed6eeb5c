# SPDX-License-Identifier: Apache-2.0
# For the other scripts: go to the root of the project, and run steps quietly.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cores=$(getconf _NPROCESSORS_ONLN)
export CMAKE_BUILD_PARALLEL_LEVEL=${CMAKE_BUILD_PARALLEL_LEVEL:-$cores}
export CTEST_PARALLEL_LEVEL=${CTEST_PARALLEL_LEVEL:-$cores}
if [[ -z ${CMAKE_CXX_COMPILER_LAUNCHER:-} ]] && command -v ccache >/dev/null; then
  export CMAKE_CXX_COMPILER_LAUNCHER=ccache CMAKE_CUDA_COMPILER_LAUNCHER=ccache
  # What was compiled in another clone is the same here.
  export CCACHE_BASEDIR=${CCACHE_BASEDIR:-$PWD} CCACHE_NOHASHDIR=${CCACHE_NOHASHDIR:-1}
fi

# step "What is done" COMMAND...: one line with the time it took; the output only if it fails.
step() {
  local title=$1 log started=$SECONDS
  shift
  log=$(mktemp)
  printf '%-44s ' "$title" >&2
  if "$@" >"$log" 2>&1 </dev/null; then
    printf '%4d s\n' $((SECONDS - started)) >&2
    rm -f "$log"
  else
    printf 'failed\n\n' >&2
    tail -n 80 "$log" >&2
    printf '\nfailed: %s\n' "$*" >&2
    rm -f "$log"
    return 1
  fi
}

# build PRESET [CMAKE --BUILD ARGUMENTS...]
build() {
  local preset=$1
  shift
  cmake --preset "$preset" && cmake --build --preset "$preset" "$@"
}
