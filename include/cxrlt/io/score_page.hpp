// SPDX-License-Identifier: Apache-2.0
/// The page of `score` that a person reads: classes from most to least frequent, then groups and
/// averages, then what is undefined and why.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/io/score_report.hpp"
#include "cxrlt/io/table.hpp"
#include "cxrlt/metrics/averaging.hpp"
#include "cxrlt/metrics/metric_table.hpp"

namespace cxrlt {

/// Below so many positives the average precision of a test set is biased upwards and noisy.
inline constexpr std::uint64_t few_positives = 10;

namespace detail {

/// One metric of a list of values as a cell; "-" where it is undefined or was not computed.
inline std::string cell(const std::vector<NamedValue>& values, std::string_view metric) {
  const NamedValue* found = find_value(values, metric);
  return found == nullptr ? "-" : fixed(found->value);
}

inline std::string cell(const std::vector<NamedAverage>& values, std::string_view metric) {
  const NamedAverage* found = find_value(values, metric);
  return found == nullptr || !found->value.defined() ? "-" : fixed(found->value.value);
}

/// A threshold with three significant digits, since those of rare classes are tiny.
inline std::string threshold_cell(const std::vector<NamedValue>& values, std::string_view metric) {
  const NamedValue* found = find_value(values, metric);
  if (found == nullptr || !found->threshold || !std::isfinite(*found->threshold)) return "-";
  return fmt::format("{:.3g}", *found->threshold);
}

/// Observed over expected, marked where its interval excludes 1.
inline std::string ratio_cell(const std::vector<NamedValue>& values) {
  const NamedValue* found = find_value(values, "observed_over_expected");
  if (found == nullptr || !found->value.defined()) return "-";
  const bool off = found->interval && (found->interval->lower > 1 || found->interval->upper < 1);
  return fixed(found->value.value, 2) + (off ? "!" : " ");
}

inline std::string ratio_cell(const std::vector<NamedAverage>& values) {
  const NamedAverage* found = find_value(values, "observed_over_expected");
  return found == nullptr || !found->value.defined() ? "-" : fixed(found->value.value, 2);
}

/// Class indices from most to least positives; equal ones in class order.
inline std::vector<std::size_t> by_frequency(const std::vector<ClassEvaluation>& classes) {
  std::vector<std::size_t> order(classes.size());
  for (std::size_t c = 0; c < order.size(); ++c) order[c] = c;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return classes[a].n_positive > classes[b].n_positive;
  });
  return order;
}

inline std::string joined_names(const std::vector<std::string>& names, std::size_t most = 6) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i) {
    text += (i == 0 ? "" : ", ") + names[i];
  }
  if (names.size() > most) text += fmt::format(" and {} more", names.size() - most);
  return text;
}

inline PageSection class_section(const ScoreReport& report) {
  const Evaluation& evaluation = report.evaluation;
  PageSection section;
  section.title = "Classes, from most to least frequent";
  const bool grouped_classes = !evaluation.groups.empty();
  section.table.columns = {{"class", Align::left}};
  if (grouped_classes) section.table.columns.push_back({"group", Align::left});
  for (const char* name : {"positives", "AP", "chance", "AUROC", "F1", "best F1", "at", "O/E"}) {
    section.table.columns.push_back({name});
  }
  bool any_few = false;
  bool any_off = false;
  for (const std::size_t c : by_frequency(evaluation.classes)) {
    const ClassEvaluation& one = evaluation.classes[c];
    const bool few = one.n_positive > 0 && one.n_positive < few_positives;
    const std::string ratio = ratio_cell(one.values);
    any_few = any_few || few;
    any_off = any_off || ratio.back() == '!';
    std::vector<std::string> row{one.name};
    if (grouped_classes) row.push_back(one.group.empty() ? "-" : one.group);
    row.insert(row.end(),
               {grouped(one.n_positive) + (few ? "*" : " "), cell(one.values, "average_precision"),
                cell(one.values, "chance_average_precision"), cell(one.values, "auroc"),
                cell(one.values, "f1"), cell(one.values, "best_f1"),
                threshold_cell(one.values, "best_f1"), ratio});
    section.table.rows.push_back(std::move(row));
  }
  section.lines.push_back(
      "AP: average precision; chance: expected AP of a random order. F1 is at the threshold " +
      (report.thresholds.size() > 1
           ? std::string("given for each class")
           : fmt::format("{:g}", report.thresholds.empty() ? 0.5 : report.thresholds.front())) +
      ";");
  section.lines.push_back(
      "best F1 at the threshold that suits this very data best: an upper bound, not a forecast.");
  section.lines.push_back(
      "O/E: positives observed over expected (the sum of the probabilities); 1 is right.");
  if (any_few) {
    section.lines.push_back(fmt::format(
        "*  fewer than {} positives: AP is biased upwards and says little.", few_positives));
  }
  if (any_off) section.lines.push_back("!  the exact Poisson interval of O/E excludes 1.");
  return section;
}

template <class Values>
std::vector<std::string> average_row(std::string name, std::string classes, const Values& values) {
  return {std::move(name),
          std::move(classes),
          cell(values, "average_precision"),
          cell(values, "chance_average_precision"),
          cell(values, "auroc"),
          cell(values, "f1"),
          cell(values, "precision"),
          cell(values, "recall"),
          cell(values, "mcc"),
          cell(values, "ece"),
          ratio_cell(values)};
}

/// How many classes the average precision rests on, of how many.
inline std::string classes_cell(const std::vector<NamedAverage>& values, std::size_t n_classes) {
  const NamedAverage* found = find_value(values, "average_precision");
  if (found == nullptr) return std::to_string(n_classes);
  return fmt::format("{} of {}", found->value.n_defined, found->value.n_classes);
}

inline PageSection average_section(const Evaluation& evaluation) {
  PageSection section;
  section.title = "Averages";
  section.table.columns = {{"", Align::left}, {"classes"}, {"AP"},  {"chance"}, {"AUROC"}, {"F1"},
                           {"precision"},     {"recall"},  {"MCC"}, {"ECE"},    {"O/E"}};
  const std::size_t n_classes = evaluation.classes.size();
  for (const GroupEvaluation& group : evaluation.groups) {
    section.table.rows.push_back(average_row(
        group.group.name, classes_cell(group.values, group.group.classes.size()), group.values));
  }
  section.table.rows.push_back(
      average_row("macro", classes_cell(evaluation.macro, n_classes), evaluation.macro));
  section.table.rows.push_back(
      average_row("weighted", classes_cell(evaluation.weighted, n_classes), evaluation.weighted));
  section.table.rows.push_back(average_row("micro", std::to_string(n_classes), evaluation.micro));
  for (const GroupEvaluation& group : evaluation.groups) {
    section.lines.push_back(group.group.name + ": " + group.group.rule);
  }
  section.lines.push_back(
      "macro: every class counts the same; weighted: by positives; micro: all cells as one class.");
  return section;
}

inline PageSection row_section(const Evaluation& evaluation) {
  PageSection section;
  section.title = "Whole rows, and all cells pooled";
  section.table.columns = {{"metric", Align::left}, {"value"}};
  for (const NamedValue& value : evaluation.rows) {
    section.table.rows.push_back({value.name, fixed(value.value)});
  }
  for (const NamedValue& value : evaluation.samples) {
    section.table.rows.push_back({"samples:" + value.name, fixed(value.value)});
  }
  for (const NamedValue& value : evaluation.pooled) {
    section.table.rows.push_back({"pooled:" + value.name, fixed(value.value)});
  }
  return section;
}

/// What an undefined value of a class does to the averages of its metric, in words.
inline std::string effect_on_averages(const ScoreReport& report, const ClassEvaluation& one,
                                      const NamedValue& value) {
  const Metric* metric = find_metric(std::string_view(value.name).substr(0, value.name.find('@')));
  if (metric == nullptr || value.value.why == Undefined::not_probabilities ||
      report.undefined.of(metric->name) != UndefinedPolicy::skip) {
    return "";
  }
  const ClassSupport support{static_cast<double>(one.n_positive),
                             static_cast<double>(one.n_negative)};
  const AveragingRule& rule = metric->averaging;
  if (!truth_defines(rule.needs, support)) return " (left out of averages)";
  return is_nan(rule.when_predictions_undefine) ? " (leaves averages undefined)"
                                                : " (counts 0 in averages)";
}

inline std::string reason_in_words(Undefined why) {
  switch (why) {
    case Undefined::no_samples:
      return "no labelled sample";
    case Undefined::no_positives:
      return "no positives in the truth";
    case Undefined::no_negatives:
      return "no negatives in the truth";
    case Undefined::no_predictions:
      return "nothing is predicted at the threshold";
    case Undefined::one_margin_empty:
      return "all decisions, or all labels, are of one kind";
    case Undefined::not_probabilities:
      return "scores lie outside [0, 1]: not probabilities";
    case Undefined::unattainable:
      return "no threshold reaches the target";
    case Undefined::none:
      break;
  }
  return "";
}

/// What is undefined: for each reason and set of classes, the metrics that it concerns.
inline PageSection undefined_section(const ScoreReport& report) {
  using Reason = std::pair<Undefined, std::string>;  // with the effect on averages
  std::map<std::pair<Reason, std::vector<std::string>>, std::vector<std::string>> found;
  const std::vector<ClassEvaluation>& classes = report.evaluation.classes;
  const std::size_t n_values = classes.empty() ? 0 : classes.front().values.size();
  for (std::size_t k = 0; k < n_values; ++k) {
    std::map<Reason, std::vector<std::string>> names;
    for (const ClassEvaluation& one : classes) {
      const NamedValue& value = one.values[k];
      if (value.value.defined()) continue;
      names[{value.value.why, effect_on_averages(report, one, value)}].push_back(one.name);
    }
    for (auto& [reason, members] : names) {
      found[{reason, std::move(members)}].push_back(classes.front().values[k].name);
    }
  }
  PageSection section;
  for (const auto& [key, metrics] : found) {
    const auto& [reason, members] = key;
    const std::string who = members.size() == classes.size() && members.size() > 1
                                ? "all classes"
                                : joined_names(members);
    section.lines.push_back(fmt::format("{}: {}: {}{}", joined_names(metrics, 8),
                                        reason_in_words(reason.first), who, reason.second));
  }
  if (!section.lines.empty()) section.title = "Undefined";
  return section;
}

inline PageSection subgroup_section(const std::vector<SubgroupEvaluation>& by) {
  PageSection section;
  section.title = "By " + by.front().column + " (macro averages)";
  section.table.columns = {{by.front().column, Align::left},
                           {"rows"},
                           {"classes"},
                           {"AP"},
                           {"chance"},
                           {"AUROC"},
                           {"F1"},
                           {"precision"},
                           {"recall"},
                           {"MCC"},
                           {"ECE"},
                           {"O/E"}};
  for (const SubgroupEvaluation& part : by) {
    if (part.suppressed) {
      section.lines.push_back(
          fmt::format("{}: only {} rows; suppressed", part.value, part.n_samples));
      continue;
    }
    std::vector<std::string> row =
        average_row(part.value, classes_cell(part.evaluation.macro, part.evaluation.classes.size()),
                    part.evaluation.macro);
    row.insert(row.begin() + 1, grouped(part.n_samples));
    section.table.rows.push_back(std::move(row));
  }
  section.lines.push_back(
      "Averages of subgroups run over different classes where 'classes' differs: compare with "
      "care.");
  return section;
}

inline PageSection requested_section(const ScoreReport& report) {
  PageSection section;
  section.table.columns = {{"metric", Align::left}, {"value"}, {"classes"}, {"note", Align::left}};
  for (const RequestedValue& value : report.requested) {
    std::string note(to_string(value.value.why));
    if (value.threshold) note = fmt::format("at {:.6g}", *value.threshold);
    section.table.rows.push_back(
        {value.name, fixed(value.value, 6),
         value.n_defined ? fmt::format("{} of {}", *value.n_defined, *value.n_classes) : "", note});
  }
  return section;
}

inline PageSection headline_section(const Evaluation& evaluation) {
  PageSection section;
  section.table.columns = {{"macro average", Align::left}, {"value"}};
  for (const NamedAverage& value : evaluation.macro) {
    if (is_headline(value.name)) {
      section.table.rows.push_back({value.name, fixed(value.value.value, 6)});
    }
  }
  return section;
}

inline std::string page_title(const ScoreReport& report) {
  std::string title;
  for (const InputInfo& input : report.inputs) {
    if (input.role == "predictions") title = input.file;
    if (input.role == "truth") title += " against " + input.file;
  }
  title += fmt::format(": {} samples, {} classes", grouped(report.evaluation.n_samples),
                       report.evaluation.classes.size());
  if (report.profile) title += ", profile " + *report.profile;
  if (report.joined == "position") title += ", rows joined by position";
  return title;
}

}  // namespace detail

/// The page for a person. With values asked for by name, only those.
inline Page score_page(const ScoreReport& report) {
  Page page{detail::page_title(report), {}};
  if (!report.requested.empty()) {
    page.sections.push_back(detail::requested_section(report));
  } else if (report.headline_only) {
    page.sections.push_back(detail::headline_section(report.evaluation));
  } else {
    page.sections.push_back(detail::class_section(report));
    page.sections.push_back(detail::average_section(report.evaluation));
    page.sections.push_back(detail::row_section(report.evaluation));
    if (!report.by.empty()) page.sections.push_back(detail::subgroup_section(report.by));
    PageSection undefined = detail::undefined_section(report);
    if (!undefined.lines.empty()) page.sections.push_back(std::move(undefined));
  }
  PageSection notes;
  for (const Problem& note : report.notes) notes.lines.push_back(describe(note));
  if (!notes.lines.empty()) {
    notes.title = "Notes";
    page.sections.push_back(std::move(notes));
  }
  return page;
}

}  // namespace cxrlt
