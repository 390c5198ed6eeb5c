// SPDX-License-Identifier: Apache-2.0
/// An ensemble for people.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "cxrlt/core/problem.hpp"
#include "cxrlt/ensemble/combine_rule.hpp"
#include "cxrlt/io/detail/page_parts.hpp"
#include "cxrlt/io/detail/score_cells.hpp"
#include "cxrlt/io/ensemble_json.hpp"
#include "cxrlt/io/ensemble_report.hpp"
#include "cxrlt/io/table.hpp"

namespace cxrlt {

namespace detail {

/// A model's share of the weights of class k.
inline std::string share_cell(const std::vector<EnsembleMember>& members, std::size_t m,
                              std::size_t k) {
  double sum = 0;
  for (const EnsembleMember& member : members) sum += member.weights[k];
  return sum > 0 ? fixed(members[m].weights[k] / sum) : "-";
}

/// The value, or why there is none.
inline std::string value_cell(const MetricValue& value) {
  return value.defined() ? fixed(value, 4) : "- (" + std::string(to_string(value.why)) + ")";
}

/// The models with their weights and values.
inline PageSection members_section(const EnsembleReport& report) {
  PageSection section;
  const std::size_t n_weights = report.members.front().weights.size();
  section.table.columns = {{"model", Align::left}};
  if (n_weights == 1) section.table.columns.push_back({"weight"});
  if (report.value) section.table.columns.push_back({report.metric});
  for (std::size_t m = 0; m < report.members.size(); ++m) {
    const EnsembleMember& member = report.members[m];
    std::vector<std::string> row{member.file};
    if (n_weights == 1) row.push_back(share_cell(report.members, m, 0));
    if (member.value) row.push_back(value_cell(*member.value));
    section.table.rows.push_back(std::move(row));
  }
  if (!report.value) return section;
  std::vector<std::string> row{to_string(report.rule)};
  if (n_weights == 1) row.emplace_back();
  row.push_back(value_cell(report.value->value));
  section.table.rows.push_back(std::move(row));
  const RequestedValue& value = *report.value;
  section.lines.push_back(
      fmt::format("{} of {} rows with a truth{}.", report.metric, grouped(report.n_measured),
                  value.n_classes && value.n_defined
                      ? fmt::format(", over {} of {} classes", *value.n_defined, *value.n_classes)
                      : ""));
  return section;
}

/// The shares of models, class by class.
inline PageSection class_weights_section(const EnsembleReport& report) {
  PageSection section{"Weights", {}, {}};
  const std::size_t n_weights = report.members.front().weights.size();
  if (n_weights <= 1) return section;
  section.table.columns = {{"class", Align::left}};
  for (const EnsembleMember& member : report.members)
    section.table.columns.push_back({member.file});
  for (std::size_t k = 0; k < n_weights; ++k) {
    std::vector<std::string> row{report.class_names[k]};
    for (std::size_t m = 0; m < report.members.size(); ++m) {
      row.push_back(share_cell(report.members, m, k));
    }
    section.table.rows.push_back(std::move(row));
  }
  return section;
}

inline PageSection ensemble_search_section(const EnsembleReport& report) {
  const NamedEnsembleSearch& named = *report.search;
  const EnsembleSearch& search = named.search;
  PageSection section;
  section.title =
      fmt::format("Search of weights ({}{}), {}", name_in(weight_strategies, named.strategy),
                  named.per_class ? ", per class" : "", report.metric);
  section.table.columns = {{"", Align::left}, {report.metric}};
  section.table.rows = {
      {"equal weights", value_cell(search.equal)},
      {"searched weights, on the rows they were chosen on", value_cell(search.apparent)},
      {"searched weights, on rows they have not seen (nested)", value_cell(search.nested)}};
  if (!search.equal_does_as_well) {
    section.lines.push_back(fmt::format(
        "The metric has a value in {} of the folds; it takes two to say what the search is worth.",
        search.n_folds));
    return section;
  }
  section.lines.push_back(
      fmt::format("Within {} folds of unseen rows, the search changes the metric by {:+.4f} "
                  "(standard error {:.4f}) against equal weights.",
                  search.n_folds, search.gain.value, search.gain_error.value));
  section.lines.push_back(
      *search.equal_does_as_well
          ? "Equal weights do as well: the gain is not more than its standard error."
          : "That is more than its standard error.");
  return section;
}

inline PageSection steps_section(const EnsembleReport& report) {
  PageSection section{"Afterwards", {}, {}};
  bool any = false;
  for (const EnsembleStep& step : report.steps) any = any || step.change.has_value();
  if (!any) {
    for (const EnsembleStep& step : report.steps) section.lines.push_back(step.what);
    if (!section.lines.empty()) {
      section.lines.push_back(
          "Nothing says whether this helps; on validation data with --truth it is measured.");
    }
    return section;
  }
  section.table.columns = {{"step", Align::left}, {"before"}, {"after"}, {"change"},
                           {"interval"},          {"p"}};
  for (const EnsembleStep& step : report.steps) {
    const ComparedValue& change = *step.change;
    const Interval& interval = change.interval.interval;
    const bool exists = change.difference.defined();
    section.table.rows.push_back(
        {step.what, value_cell(change.second), value_cell(change.first),
         exists ? fmt::format("{:+.4f}", change.difference.value) : "-",
         exists && interval.defined()
             ? fmt::format("[{:+.4f}, {:+.4f}]", interval.lower, interval.upper)
             : "-",
         p_cell(change.p_value)});
  }
  section.lines.push_back(fmt::format(
      "{}; intervals at the level {:g} of the paired difference, {} replicates of {}.",
      report.metric, report.level, grouped(report.n_replicates),
      report.cluster.empty() ? "the rows" : "all rows of each '" + report.cluster + "'"));
  return section;
}

/// The pairs that are the most alike.
inline PageSection diversity_section(const EnsembleReport& report) {
  PageSection section{"How much models differ", {}, {}};
  constexpr std::size_t most = 10;
  std::vector<PairDiversity> pairs = report.pairs;
  const auto alike = [](const PairDiversity& pair) {
    return pair.correlation.defined() ? pair.correlation.value : -2;
  };
  std::stable_sort(pairs.begin(), pairs.end(),
                   [&](const auto& a, const auto& b) { return alike(a) > alike(b); });
  if (pairs.empty()) return section;
  section.table.columns = {
      {"models", Align::left}, {"rank correlation"}, {"lowest class"}, {"disagreement"}};
  for (std::size_t j = 0; j < std::min(most, pairs.size()); ++j) {
    const PairDiversity& pair = pairs[j];
    section.table.rows.push_back(
        {report.members[pair.first].file + " and " + report.members[pair.second].file,
         fixed(pair.correlation), fixed(pair.lowest_correlation), fixed(pair.disagreement)});
  }
  section.lines.push_back(fmt::format(
      "Of {} rows{}; disagreement: of the positive decisions of either at 0.5, those of one alone.",
      grouped(report.n_compared),
      pairs.size() > most ? fmt::format(", the {} pairs most alike of {}", most, pairs.size())
                          : ""));
  for (const PairDiversity& pair : pairs) {
    if (!pair.near_identical) continue;
    section.lines.push_back(
        fmt::format("{} and {} are {} in these rows: together they count twice.",
                    report.members[pair.first].file, report.members[pair.second].file,
                    pair.largest_difference == 0 ? "the same" : "as good as the same"));
  }
  return section;
}

}  // namespace detail

/// The page for a person.
inline Page ensemble_page(const EnsembleReport& report) {
  Page page;
  page.title = fmt::format("{}: {} of {} models, {} samples, {} classes", report.output,
                           to_string(report.rule), report.members.size(), grouped(report.n_samples),
                           report.class_names.size());
  page.sections.push_back(detail::members_section(report));
  PageSection weights = detail::class_weights_section(report);
  if (!weights.table.rows.empty()) page.sections.push_back(std::move(weights));
  if (report.search) page.sections.push_back(detail::ensemble_search_section(report));
  if (!report.steps.empty()) page.sections.push_back(detail::steps_section(report));
  PageSection diversity = detail::diversity_section(report);
  if (!diversity.table.rows.empty()) page.sections.push_back(std::move(diversity));
  PageSection last;
  if (report.n_clipped > 0) {
    last.lines.push_back(grouped(report.n_clipped) + " scores were clipped.");
  }
  if (report.checked) {
    const SubmissionReport& checked = *report.checked;
    last.lines.push_back(
        fmt::format("{} was read anew and is valid by {}; ids were {}checked.", report.output,
                    checked.profile.empty() ? "the classes that were named"
                                            : "what is checked of " + checked.profile,
                    checked.ids_checked ? "" : "not "));
  }
  detail::add_lines(std::move(last), page);
  detail::add_notes(report.notes, page);
  return page;
}

}  // namespace cxrlt
