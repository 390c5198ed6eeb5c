// SPDX-License-Identifier: Apache-2.0
/// The long CSV of `score`: one value a line.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/io/csv_cell.hpp"
#include "cxrlt/io/detail/infinite.hpp"
#include "cxrlt/io/score_report.hpp"

namespace cxrlt {

namespace detail {

inline std::string csv_number(double value) {
  if (is_infinite(value)) return infinite_text(value);
  return is_finite(value) ? fmt::format("{}", value) : "";
}

inline std::string csv_number(const MetricValue& value) {
  return value.defined() ? csv_number(value.value) : "";
}

/// The lines of one evaluation; `prefix` stands before each scope.
class ScoreCsv {
 public:
  ScoreCsv(std::string& text, std::string prefix) : text_(text), prefix_(std::move(prefix)) {}

  void add(std::string_view scope, std::string_view name, const RequestedValue& value) {
    text_ += csv_cell(prefix_ + std::string(scope)) + ',' + csv_cell(name) + ',' +
             csv_cell(value.name) + ',';
    text_ += csv_number(value.value);
    text_ += ',' + std::string(to_string(value.value.why)) + ',';
    if (value.n_defined) text_ += std::to_string(*value.n_defined);
    text_ += ',';
    const std::optional<Interval> interval = interval_of(value);
    if (interval) text_ += csv_number(interval->lower);
    text_ += ',';
    if (interval) text_ += csv_number(interval->upper);
    text_ += '\n';
    if (value.threshold) add_number(scope, name, value.name + ".threshold", *value.threshold);
  }

  void add_number(std::string_view scope, std::string_view name, const std::string& metric,
                  double number) {
    add(scope, name, RequestedValue{metric, {number}});
  }

  template <class Entries>
  void add_all(std::string_view scope, std::string_view name, const Entries& entries) {
    for (const auto& entry : entries) add(scope, name, requested(entry, entry.name));
  }

  void add_class(const ClassEvaluation& one) {
    add_number("class", one.name, "n_positive", static_cast<double>(one.n_positive));
    add_number("class", one.name, "n_negative", static_cast<double>(one.n_negative));
    add_number("class", one.name, "n_missing", static_cast<double>(one.n_missing));
    if (one.counts) {
      add_number("class", one.name, "tp", one.counts->tp);
      add_number("class", one.name, "fp", one.counts->fp);
      add_number("class", one.name, "fn", one.counts->fn);
      add_number("class", one.name, "tn", one.counts->tn);
    }
    add_all("class", one.name, one.values);
  }

  void add_requested(const std::vector<RequestedValue>& values) {
    for (RequestedValue value : values) {
      value.name = value.metric;
      add(to_string(value.scope), value.member, value);
    }
  }

  void add_evaluation(const Evaluation& evaluation) {
    add_all("macro", "", evaluation.macro);
    add_all("micro", "", evaluation.micro);
    add_all("weighted", "", evaluation.weighted);
    add_all("samples", "", evaluation.samples);
    add_all("pooled", "", evaluation.pooled);
    add_all("rows", "", evaluation.rows);
    for (const GroupEvaluation& group : evaluation.groups) {
      add_all("group", group.group.name, group.values);
    }
    for (const ClassEvaluation& one : evaluation.classes) add_class(one);
  }

 private:
  std::string& text_;
  std::string prefix_;
};

}  // namespace detail

/// The report as long CSV `scope,name,metric,value,undefined,n_defined,lower,upper`. A subgroup's
/// scopes read `by/COLUMN=VALUE/macro`. With values asked for by name, only those. Numbers read
/// back to the same double; infinite ones read `inf` and `-inf`. With `headline_only` n_defined is
/// blank, since it would tell how many classes have positives.
inline std::string score_csv(const ScoreReport& report) {
  std::string text = "scope,name,metric,value,undefined,n_defined,lower,upper\n";
  detail::ScoreCsv all(text, "");
  if (report.headline_only) {
    for (const NamedAverage& value : report.evaluation.macro) {
      if (!is_headline(value.name)) continue;
      RequestedValue shown = detail::requested(value, value.name);
      shown.n_defined.reset();
      all.add("macro", "", shown);
    }
    return text;
  }
  if (report.requested.empty()) {
    all.add_evaluation(report.evaluation);
  } else {
    all.add_requested(report.requested);
  }
  for (const SubgroupEvaluation& subgroup : report.by) {
    if (subgroup.suppressed) continue;
    detail::ScoreCsv part(text, "by/" + subgroup.column + "=" + subgroup.value + "/");
    if (subgroup.requested.empty()) {
      part.add_evaluation(subgroup.evaluation);
    } else {
      part.add_requested(subgroup.requested);
    }
  }
  return text;
}

}  // namespace cxrlt
