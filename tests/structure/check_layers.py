# SPDX-License-Identifier: Apache-2.0
"""Checks that headers include downwards only, and nothing foreign where it does not belong.

Usage: check_layers.py SOURCE_FOLDER. The order of the rooms stands in docs/design.md.
"""

import pathlib
import re
import sys

LEVEL = {
    "core": 0,
    "counting": 1,
    "metrics": 2,
    "losses": 2,
    "calibration": 3,
    "ensemble": 3,
    "uncertainty": 3,
    "challenge": 3,
    "thresholds": 4,  # plug-in thresholds rest on calibrated probabilities
    "adjustment": 4,
    "cuda": 4,
    "evaluate": 5,
    "io": 6,
    "cli": 7,
}
APART = {"cuda"}  # rooms that no other room includes
UMBRELLAS = {"cxrlt/cxrlt.hpp", "cxrlt/io.hpp"}
# The first part of an #include <...> of a library, and who may write it.
FOREIGN = {
    "Eigen": {"calibration", "losses"},
    "fmt": {"io", "cli"},
    "nlohmann": {"io", "cli"},
    "archive.h": {"io"},
    "archive_entry.h": {"io"},
    "fast_float": {"io"},
    "CLI": {"cli"},
    "unistd.h": {"io", "cli"},
    "io.h": {"io", "cli"},
    "locale.h": {"io"},
    "xlocale.h": {"io"},
    "windows.h": {"io", "cli"},
    "fcntl.h": {"io"},
    "sys": {"io", "core"},  # core/large_pages.hpp
    "immintrin.h": {"io"},
    "emmintrin.h": {"io"},
    "thrust": {"cuda"},
    "cub": {"cuda"},
    "cuda_runtime_api.h": {"cuda"},
}
STANDARD = set(
    """algorithm any array atomic barrier bit bitset cassert cctype cerrno cfenv cfloat charconv chrono
    cinttypes climits clocale cmath compare complex concepts condition_variable coroutine csetjmp csignal
    cstdarg cstddef cstdint cstdio cstdlib cstring ctime cuchar cwchar cwctype deque exception filesystem
    forward_list fstream functional future initializer_list iomanip ios iosfwd iostream istream iterator
    latch limits list locale map memory memory_resource mutex new numbers numeric optional ostream queue
    random ranges ratio regex scoped_allocator semaphore set shared_mutex source_location span sstream
    stack stdexcept stop_token streambuf string string_view syncstream system_error thread tuple
    type_traits typeindex typeinfo unordered_map unordered_set utility valarray variant vector
    version""".split()
)  # without <execution>, which changes what users must link, and <format> and <expected>, too new
LEAN = "cxrlt/metrics/discrimination.hpp"  # quick to compile: none of these anywhere below it
HEAVY = {"thread", "future", "iostream", "random", "regex", "ranges", "filesystem"}

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)")', re.MULTILINE)
root = pathlib.Path(sys.argv[1])
problems = []


def room_of(name):
    """cxrlt/io/csv.hpp -> io; cxrlt/evaluate.hpp -> evaluate; cli/score.cpp -> cli."""
    parts = name.split("/")
    if parts[0] == "cli":
        return "cli"
    return parts[1] if len(parts) > 2 else "evaluate"


files = {str(path.relative_to(root / "include").as_posix()): path
         for pattern in ("include/**/*.hpp", "include/**/*.cuh") for path in root.glob(pattern)}
headers = set(files)
files |= {str(path.relative_to(root).as_posix()): path for path in root.glob("cli/*.?pp")}
own = {}
foreign = {}
for name, path in sorted(files.items()):
    text = path.read_text(encoding="utf-8")
    own[name] = []
    foreign[name] = []
    for angled, quoted in INCLUDE.findall(text):
        target = angled or quoted
        if quoted and name.startswith("cli/") and f"cli/{quoted}" in files:
            target = f"cli/{quoted}"
        (own if quoted or target.startswith("cxrlt/") else foreign)[name].append(target)
    if re.search(r"#\s*pragma\s+omp", text):
        problems.append(f"{name}: an OpenMP pragma makes the result depend on the order of linking")
    if name in UMBRELLAS or name == "cxrlt/version.hpp":
        continue
    room = room_of(name)
    if room not in LEVEL:
        problems.append(f"{name}: the room '{room}' has no place in the order of layers")
        continue
    for target in own[name]:
        if target not in files:
            problems.append(f"{name}: includes \"{target}\", which is no header of ours")
        elif target in UMBRELLAS:
            if room != "cli":
                problems.append(f"{name}: includes the umbrella {target}")
        elif target != "cxrlt/version.hpp" and room_of(target) != room:
            if LEVEL[room_of(target)] >= LEVEL[room] or room_of(target) in APART:
                problems.append(f"{name}: includes {target}, which is not below '{room}'")
    for target in foreign[name]:
        if target not in STANDARD and room not in FOREIGN.get(target.split("/")[0], ()):
            problems.append(f"{name}: includes <{target}>, which '{room}' may not")


def closure(name, above=()):
    if name in above:
        problems.append("a circle of includes: " + " -> ".join([*above[above.index(name):], name]))
        return set()
    below = {name}
    for target in own.get(name, []):
        below |= closure(target, (*above, name))
    return below


for name in sorted(closure(LEAN)):
    for target in foreign[name]:
        if target in HEAVY or target not in STANDARD:
            problems.append(f"{LEAN}: reaches <{target}> by way of {name}")

# The umbrellas reach every public header.
public = {name for name in headers if "/detail/" not in name} - UMBRELLAS
for umbrella, expected in [
    ("cxrlt/cxrlt.hpp", {name for name in public if room_of(name) not in {"io", *APART}}),
    ("cxrlt/io.hpp", {name for name in public if room_of(name) == "io"}),
]:
    for name in sorted(expected - closure(umbrella)):
        problems.append(f"{umbrella}: does not include {name}")

print("\n".join(problems) or f"{len(files)} files include downwards only")
sys.exit(1 if problems else 0)
