// SPDX-License-Identifier: Apache-2.0
#include "cli/score_groups.hpp"

#include <algorithm>
#include <cxrlt/challenge/group_rule.hpp>
#include <cxrlt/core/text.hpp>
#include <cxrlt/io/class_tables.hpp>
#include <cxrlt/io/input_file.hpp>

namespace cxrlt::cli {

namespace {

/// Names the classes that no count puts into a group.
void note_uncounted(const std::vector<TrainCount>& counts, const std::vector<std::string>& classes,
                    ScoreReport& report) {
  std::string names;
  for (std::size_t c = 0; c < classes.size(); ++c) {
    if (!counts[c]) names += (names.empty() ? "'" : ", '") + printable(classes[c]) + "'";
  }
  if (names.empty()) return;
  report.notes.push_back(
      note("no_train_count", "no training count for " + names + ": in no group"));
}

}  // namespace

std::vector<ClassGroup> groups_of(const ScoreArguments& arguments,
                                  const std::optional<Profile>& profile,
                                  const std::vector<std::string>& classes, ScoreReport& report) {
  GroupRule rule = default_group_rule();
  if (arguments.group_by) rule = as_usage([&] { return parse_group_rule(*arguments.group_by); });
  const bool listed = rule.by == GroupBy::file || rule.by == GroupBy::profile;
  if (listed && !arguments.train_counts.file.empty()) {
    throw UsageError("--train-counts says nothing where --group-by lists the groups; leave it out");
  }
  if (rule.by == GroupBy::file) {
    report.counts_source = "--group-by " + base_name(rule.file);
    std::vector<ClassGroup> groups = read_class_groups(rule.file, classes);
    if (groups.empty()) {
      report.notes.push_back(note(
          "no_groups", base_name(rule.file) + " has no groups: none of its classes is scored"));
    }
    return groups;
  }
  if (rule.by == GroupBy::profile) {
    if (!profile || profile->grouping.groups.empty()) {
      throw UsageError("--group-by profile needs a --profile that lists groups");
    }
    report.counts_source = profile->name;
    return class_groups(profile->grouping, classes);
  }
  const KnownCounts known = known_counts(arguments.train_counts, profile, classes);
  if (known.counts.empty()) {
    report.notes.push_back(note("no_groups",
                                "no training counts, so no head, medium and tail; give "
                                "--train-counts FILE --train-size N, or a --profile with counts"));
    return {};
  }
  if (rule.by == GroupBy::prevalence && known.train_size == 0) {
    throw UsageError(
        "groups by training prevalence need the number of training samples: "
        "--train-size N, or a profile with a train_size");
  }
  report.counts_source = known.source;
  note_uncounted(known.counts, classes, report);
  return groups_by_rule(rule, known.counts, known.train_size);
}

}  // namespace cxrlt::cli
