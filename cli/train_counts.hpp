// SPDX-License-Identifier: Apache-2.0
/// Training counts: from `--train-counts FILE --train-size N`, or from a profile.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cxrlt/challenge/profile.hpp>
#include <optional>
#include <string>
#include <vector>

namespace cxrlt::cli {

/// The options, as written on the command line.
struct CountArguments {
  std::string file;
  std::optional<std::uint64_t> size;
};

/// Adds `--train-counts` and `--train-size`.
void add_count_options(CLI::App& command, CountArguments& arguments);

/// Training counts of the classes, and how many samples they refer to.
struct KnownCounts {
  std::vector<TrainCount> counts;
  std::uint64_t train_size = 0;
  std::string source;
};

/// The counts of the file, else the profile's; none where there is neither.
KnownCounts known_counts(const CountArguments& arguments, const std::optional<Profile>& profile,
                         const std::vector<std::string>& classes);

}  // namespace cxrlt::cli
