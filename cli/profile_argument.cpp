// SPDX-License-Identifier: Apache-2.0
#include "cli/profile_argument.hpp"

#include <cxrlt/core/error.hpp>
#include <cxrlt/io/class_list.hpp>
#include <cxrlt/io/profile_json.hpp>

#include "cli/common.hpp"

namespace cxrlt::cli {

Profile profile_argument(const std::string& name_or_path) {
  try {
    return load_profile(name_or_path);
  } catch (const InvalidArgument& error) {
    throw UsageError(error.what());
  }
}

std::vector<std::string> class_list_argument(const std::string& list_or_file) {
  try {
    return read_class_list(list_or_file, throw_errors([](const Problem&) {})).value();
  } catch (const InvalidArgument& error) {
    throw UsageError(error.what());
  }
}

}  // namespace cxrlt::cli
