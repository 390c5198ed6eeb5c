// SPDX-License-Identifier: Apache-2.0
#include "cli/train_counts.hpp"

#include <cxrlt/io/class_tables.hpp>

#include "cli/common.hpp"

namespace cxrlt::cli {

void add_count_options(CLI::App& command, CountArguments& arguments) {
  command.add_option("--train-counts", arguments.file, "CSV class,count of training")
      ->type_name("FILE");
  command.add_option("--train-size", arguments.size, "samples that the counts refer to")
      ->check(whole_number)
      ->type_name("N");
}

KnownCounts known_counts(const CountArguments& arguments, const std::optional<Profile>& profile,
                         const std::vector<std::string>& classes) {
  if (!arguments.file.empty()) {
    return {read_train_counts(arguments.file, classes), arguments.size.value_or(0),
            "--train-counts"};
  }
  if (profile && !profile->train_counts.empty()) {
    return {train_counts_of(*profile, classes), profile->train_size, profile->name};
  }
  return {};
}

}  // namespace cxrlt::cli
