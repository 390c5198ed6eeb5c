// SPDX-License-Identifier: Apache-2.0
/// The sub-commands: each function adds one to the program and runs it when it is chosen.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace cxrlt::cli {

/// `command_line` is what the program was called with, for the report.
void add_score(CLI::App& program, std::vector<std::string> command_line);
void add_validate(CLI::App& program);
/// `command_line` as above.
void add_compare(CLI::App& program, std::vector<std::string> command_line);
/// `command_line` as above.
void add_leaderboard(CLI::App& program, std::vector<std::string> command_line);
void add_thresholds(CLI::App& program);
void add_binarize(CLI::App& program);
void add_calibrate(CLI::App& program);
void add_adjust(CLI::App& program);
/// `command_line` as above.
void add_ensemble(CLI::App& program, std::vector<std::string> command_line);
void add_profiles(CLI::App& program);
void add_metrics(CLI::App& program);
/// `called_as` is how the program was called, for the commands that the demo suggests.
void add_demo(CLI::App& program, const std::string& called_as);

}  // namespace cxrlt::cli
