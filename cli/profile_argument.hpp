// SPDX-License-Identifier: Apache-2.0
/// Arguments that name profiles and classes: a name that does not exist is wrong usage.
#pragma once

#include <cxrlt/challenge/profile.hpp>
#include <string>
#include <vector>

namespace cxrlt::cli {

/// The profile of `--profile NAME|FILE`. @throws UsageError for an unknown name, DataError for a
/// file that cannot be used.
Profile profile_argument(const std::string& name_or_path);

/// The classes of `--classes a,b,c` or `@FILE`; as above.
std::vector<std::string> class_list_argument(const std::string& list_or_file);

}  // namespace cxrlt::cli
