// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cxrlt/challenge/profile.hpp>
#include <cxrlt/io/score_report.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/score.hpp"

namespace cxrlt::cli {

/// The groups that `--group-by` asks for, from `--train-counts`, a file, or the profile. Writes the
/// source of the counts, or a note that there are none, into the report.
std::vector<ClassGroup> groups_of(const ScoreArguments& arguments,
                                  const std::optional<Profile>& profile,
                                  const std::vector<std::string>& classes, ScoreReport& report);

}  // namespace cxrlt::cli
