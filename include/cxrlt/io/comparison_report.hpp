// SPDX-License-Identifier: Apache-2.0
/// A comparison of two models with where its numbers come from, as JSON, CSV and page.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cxrlt/core/problem.hpp"
#include "cxrlt/evaluate/comparison.hpp"
#include "cxrlt/io/csv_cell.hpp"
#include "cxrlt/io/dataset.hpp"
#include "cxrlt/io/detail/interval_section.hpp"
#include "cxrlt/io/detail/page_parts.hpp"
#include "cxrlt/io/detail/score_cells.hpp"
#include "cxrlt/io/score_csv.hpp"
#include "cxrlt/io/score_json.hpp"
#include "cxrlt/io/table.hpp"
#include "cxrlt/metrics/metric_table.hpp"
#include "cxrlt/version.hpp"

namespace cxrlt {

/// What `compare` writes.
struct ComparisonReport {
  std::vector<std::string> arguments;
  std::vector<InputInfo> inputs;  ///< predictions of the first, of the second, truth, metadata
  std::string first;              ///< names of the two
  std::string second;
  std::string test = "bootstrap";  ///< or "permutation", "delong"
  std::size_t n_replicates = 0;
  double level = 0.95;
  std::uint64_t seed = 0;
  std::string cluster;  ///< the column whose values were drawn together; "": rows were
  std::size_t n_samples = 0;
  std::vector<std::string> classes;
  std::vector<std::size_t> positive_units;  ///< per class: positive rows, or clusters
  std::vector<ComparedValue> values;
  std::vector<Problem> notes;
};

namespace detail {

inline Json to_json(const ComparedValue& value) {
  Json json;
  json["scope"] = std::string(to_string(value.scope));
  json["name"] = value.member;
  json["metric"] = value.metric;
  json["first"] = to_json(value.first);
  json["second"] = to_json(value.second);
  json["difference"] = to_json(value.difference);
  if (value.difference.defined()) json["difference"]["ci"] = to_json(value.interval);
  json["p_value"] = to_json(value.p_value);
  json["adjusted_p_value"] = to_json(value.adjusted);
  return json;
}

/// The values of one metric.
inline PageSection comparison_section(const ComparisonReport& report, const std::string& metric) {
  PageSection section;
  section.title = metric;
  const Metric& of = metric_of(std::string_view(metric).substr(0, metric.find('@')));
  if (of.direction == Direction::lower) section.title += " (lower is better)";
  section.table.columns = {{"", Align::left},  {"positives"}, {"first"}, {"second"},
                           {"first - second"}, {"interval "}, {"p"},     {"Holm's p"}};
  bool any_small = false;
  for (const ComparedValue& value : report.values) {
    if (value.metric != metric) continue;
    std::string name = value.member.empty() ? std::string(to_string(value.scope)) : value.member;
    any_small = any_small || value.interval.small_sample;
    if (value.interval.small_sample) name += " *";
    const bool of_class = value.scope == Scope::class_;
    // Not every class need have a row.
    const auto place = std::find(report.classes.begin(), report.classes.end(), value.member);
    const auto c = static_cast<std::size_t>(place - report.classes.begin());
    section.table.rows.push_back(
        {name, of_class ? grouped(report.positive_units[c]) : "", fixed(value.first),
         fixed(value.second),
         value.difference.defined() ? fmt::format("{:+.3f}", value.difference.value) : "-",
         value.difference.defined() && value.interval.interval.defined()
             ? fmt::format("[{:+.3f}, {:+.3f}]", value.interval.interval.lower,
                           value.interval.interval.upper)
             : "-",
         p_cell(value.p_value), of_class ? p_cell(value.adjusted) : ""});
  }
  if (any_small) {
    section.lines.push_back(
        fmt::format("*  rests on a class with fewer than {} positives: little can be concluded.",
                    small_sample_positives));
  }
  return section;
}

/// How the intervals and p-values were made.
inline std::vector<std::string> comparison_lines(const ComparisonReport& report) {
  const std::string units =
      report.cluster.empty() ? "the rows" : "all rows of each '" + report.cluster + "'";
  std::vector<std::string> lines{fmt::format(
      "Intervals at the level {:g}: the difference +- z standard errors, from {} replicates of {}, "
      "the same for both models.",
      report.level, grouped(report.n_replicates), units)};
  if (report.test == "permutation") {
    lines.push_back(fmt::format(
        "p: how often exchanging the models by chance, for {}, makes as large a difference.",
        report.cluster.empty() ? "single rows" : units));
  } else if (report.test == "delong") {
    lines.push_back("p and intervals of AUROC: DeLong's test, class by class.");
  } else {
    lines.push_back(
        "p: how often the replicates' differences lie as far from the difference as that from 0.");
  }
  lines.push_back(
      "Holm's p allows for there being so many classes; the averages are one test each.");
  return lines;
}

}  // namespace detail

/// The report as JSON of the schema `cxrlt-compare/1`.
inline nlohmann::ordered_json comparison_json(const ComparisonReport& report) {
  detail::Json json;
  json["schema"] = "cxrlt-compare/1";
  json["cxrlt_version"] = version;
  json["arguments"] = report.arguments;
  json["seed"] = report.seed;
  json["inputs"] = detail::Json::array();
  for (const InputInfo& input : report.inputs) json["inputs"].push_back(detail::to_json(input));
  json["first"] = report.first;
  json["second"] = report.second;
  json["test"] = report.test;
  json["replicates"] = report.n_replicates;
  json["level"] = report.level;
  json["cluster"] = report.cluster.empty() ? detail::Json(nullptr) : detail::Json(report.cluster);
  json["n_samples"] = report.n_samples;
  json["classes"] = detail::Json::array();
  for (std::size_t c = 0; c < report.classes.size(); ++c) {
    json["classes"].push_back(
        {{"name", report.classes[c]}, {"positive_units", report.positive_units[c]}});
  }
  json["comparisons"] = detail::Json::array();
  for (const ComparedValue& value : report.values) {
    json["comparisons"].push_back(detail::to_json(value));
  }
  json["notes"] = detail::Json::array();
  for (const Problem& note : report.notes) {
    json["notes"].push_back({{"code", note.code}, {"message", describe(note)}});
  }
  return json;
}

/// The report as CSV, a line a value.
inline std::string comparison_csv(const ComparisonReport& report) {
  std::string text =
      "scope,name,metric,first,second,difference,lower,upper,p_value,adjusted_p_value,undefined\n";
  using detail::csv_number;
  for (const ComparedValue& value : report.values) {
    const bool has_interval = value.difference.defined() && value.interval.interval.defined();
    text += std::string(to_string(value.scope)) + ',' + csv_cell(value.member) + ',' +
            csv_cell(value.metric) + ',' + csv_number(value.first) + ',' +
            csv_number(value.second) + ',' + csv_number(value.difference) + ',' +
            (has_interval ? csv_number(value.interval.interval.lower) : "") + ',' +
            (has_interval ? csv_number(value.interval.interval.upper) : "") + ',' +
            csv_number(value.p_value) + ',' + csv_number(value.adjusted) + ',' +
            std::string(to_string(value.difference.why)) + '\n';
  }
  return text;
}

/// The page for a person: a table for each metric.
inline Page comparison_page(const ComparisonReport& report) {
  Page page{fmt::format("{} (first) against {} (second): {} samples, {} classes", report.first,
                        report.second, grouped(report.n_samples), report.classes.size()),
            {}};
  std::vector<std::string> metrics;
  for (const ComparedValue& value : report.values) {
    if (std::find(metrics.begin(), metrics.end(), value.metric) == metrics.end()) {
      metrics.push_back(value.metric);
    }
  }
  for (const std::string& metric : metrics) {
    page.sections.push_back(detail::comparison_section(report, metric));
  }
  detail::add_lines({"", {}, detail::comparison_lines(report)}, page);
  detail::add_notes(report.notes, page);
  return page;
}

}  // namespace cxrlt
