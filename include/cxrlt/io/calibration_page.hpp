// SPDX-License-Identifier: Apache-2.0
/// What a calibration did to the probabilities, class by class.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cxrlt/calibration/calibration_model.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/io/csv_cell.hpp"
#include "cxrlt/io/dataset.hpp"
#include "cxrlt/io/detail/page_parts.hpp"
#include "cxrlt/io/table.hpp"
#include "cxrlt/metrics/calibration_error.hpp"
#include "cxrlt/metrics/probability.hpp"

namespace cxrlt {

/// How well the probabilities of one class fit its labels.
struct CalibrationQuality {
  MetricValue log_loss;
  MetricValue ece;
};

/// The quality of each class of n_samples x n_classes probabilities; see `log_loss` and `ece`.
inline std::vector<CalibrationQuality> calibration_quality(MatrixView<const double> probabilities,
                                                           LabelMatrixView labels, int n_bins) {
  std::vector<CalibrationQuality> values;
  for (std::size_t k = 0; k < probabilities.n_classes(); ++k) {
    const auto column = probabilities.column(k);
    values.push_back(
        {log_loss(column, labels.column(k)).value, ece(column, labels.column(k), n_bins)});
  }
  return values;
}

/// A fitted model, and the probabilities' quality per class before it, after it on the rows that it
/// was fitted on, and, where asked for, cross-fitted.
struct CalibrationReport {
  std::vector<InputInfo> inputs;
  std::size_t n_samples = 0;
  CalibrationModel model;
  std::vector<CalibrationQuality> before;
  std::vector<CalibrationQuality> after;
  std::optional<std::vector<CalibrationQuality>> cross_fitted;
  int n_folds = 0;
  std::vector<Problem> notes;
};

namespace detail {

inline PageSection calibration_section(const CalibrationReport& report) {
  PageSection section;
  auto& columns = section.table.columns;
  columns = {{"class", Align::left}, {"positives"}, {"log loss"}, {"fitted"}};
  if (report.cross_fitted) columns.push_back({"cross-fitted"});
  columns.push_back({"ECE"});
  columns.push_back({"fitted"});
  if (report.cross_fitted) columns.push_back({"cross-fitted"});
  for (std::size_t k = 0; k < report.model.classes.size(); ++k) {
    std::vector<std::string> row{report.model.class_names[k],
                                 grouped(report.model.classes[k].labels.n_positive)};
    const auto add = [&](MetricValue CalibrationQuality::*value) {
      row.push_back(fixed(report.before[k].*value, 4));
      row.push_back(fixed(report.after[k].*value, 4));
      if (report.cross_fitted) row.push_back(fixed((*report.cross_fitted)[k].*value, 4));
    };
    add(&CalibrationQuality::log_loss);
    add(&CalibrationQuality::ece);
    section.table.rows.push_back(std::move(row));
  }
  section.lines.push_back(
      report.cross_fitted
          ? fmt::format("'cross-fitted': by maps that have not seen the row's fold, of {}; what to "
                        "expect of new data.",
                        report.n_folds)
          : "'fitted' are the rows that the maps were fitted on, and so look too good; "
            "--cross-fit 5 shows what to expect of new data.");
  return section;
}

/// What became of classes that could not be fitted.
inline PageSection unfitted_section(const CalibrationModel& model) {
  PageSection section;
  for (std::size_t k = 0; k < model.classes.size(); ++k) {
    const ClassCalibration& one = model.classes[k];
    const auto* temperature = std::get_if<ClassTemperature>(&one.map);
    const auto* affine = std::get_if<ClassAffine>(&one.map);
    const bool has_shared_temperature = temperature != nullptr && temperature->is_shared;
    const bool has_shared_scale = affine != nullptr && affine->is_shared;
    if (one.labels.fitted() && !has_shared_temperature && !has_shared_scale) continue;
    section.lines.push_back(
        fmt::format("{}: {}; {}", model.class_names[k],
                    one.labels.n_positive + one.labels.n_negative == 0 ? "no labels"
                    : one.labels.n_positive == 0                       ? "no positives"
                                                                       : "no negatives",
                    has_shared_temperature ? "it has the temperature of all classes"
                    : has_shared_scale     ? "it has the scale of all classes, and no bias"
                                           : "its probabilities stay as they are"));
  }
  if (!section.lines.empty()) section.title = "Not calibrated";
  return section;
}

}  // namespace detail

/// The page for a person.
inline Page calibration_page(const CalibrationReport& report) {
  Page page;
  page.title = detail::files_of_title(report.inputs);
  page.title += fmt::format(": {} samples, {} classes, calibrated by {}", grouped(report.n_samples),
                            report.model.classes.size(), to_string(report.model.method));
  page.sections.push_back(detail::calibration_section(report));
  detail::add_lines(detail::unfitted_section(report.model), page);
  detail::add_notes(report.notes, page);
  return page;
}

/// One class a line: `class,n_positive,n_negative`, then `log_loss` and `ece`, each with `_before`,
/// `_after` and `_cross_fitted`; what does not exist is empty.
inline std::string calibration_csv(const CalibrationReport& report) {
  std::string text =
      "class,n_positive,n_negative,log_loss_before,log_loss_after,log_loss_cross_fitted,"
      "ece_before,ece_after,ece_cross_fitted\n";
  const auto cell = [](const MetricValue& value) {
    return value.defined() ? fmt::format(",{}", value.value) : std::string(",");
  };
  for (std::size_t k = 0; k < report.model.classes.size(); ++k) {
    const CalibrationQuality none{MetricValue::undefined(Undefined::no_samples),
                                  MetricValue::undefined(Undefined::no_samples)};
    const CalibrationQuality cross = report.cross_fitted ? (*report.cross_fitted)[k] : none;
    const FitSummary& labels = report.model.classes[k].labels;
    text += csv_cell(report.model.class_names[k]) +
            fmt::format(",{},{}", labels.n_positive, labels.n_negative) +
            cell(report.before[k].log_loss) + cell(report.after[k].log_loss) +
            cell(cross.log_loss) + cell(report.before[k].ece) + cell(report.after[k].ece) +
            cell(cross.ece) + '\n';
  }
  return text;
}

}  // namespace cxrlt
