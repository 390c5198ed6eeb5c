// SPDX-License-Identifier: Apache-2.0
#include "paths.hpp"

std::string tests_folder() {
  return CXRLT_TESTS_DIR;
}

std::string program_path() {
  return CXRLT_PROGRAM;
}
