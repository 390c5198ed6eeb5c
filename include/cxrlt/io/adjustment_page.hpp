// SPDX-License-Identifier: Apache-2.0
/// What an adjustment did, for people and as CSV.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/adjustment/invariance.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/io/adjustment_report.hpp"
#include "cxrlt/io/csv_cell.hpp"
#include "cxrlt/io/detail/page_parts.hpp"
#include "cxrlt/io/table.hpp"

namespace cxrlt {

namespace detail {

inline std::string what_was_adjusted(const AdjustmentReport& report) {
  switch (report.method) {
    case AdjustmentMethod::logit_adjustment:
      return fmt::format("logit adjustment with tau = {:.6g}", report.tau.value_or(0));
    case AdjustmentMethod::target_prior:
      return "prior shift to given priors";
    case AdjustmentMethod::maximum_likelihood:
      return "prior shift, priors estimated from the probabilities (em)";
    case AdjustmentMethod::black_box:
      return "prior shift, priors estimated from decisions (bbse)";
  }
  return "";
}

inline PageSection adjusted_section(const AdjustmentReport& report) {
  PageSection section;
  auto& columns = section.table.columns;
  columns = {{"class", Align::left}, {"in training"}, {"prior"}};
  const bool is_estimated = report.method == AdjustmentMethod::maximum_likelihood ||
                            report.method == AdjustmentMethod::black_box;
  const bool is_tested = report.method == AdjustmentMethod::maximum_likelihood;
  if (report.method != AdjustmentMethod::logit_adjustment) columns.push_back({"here"});
  if (is_estimated) columns.push_back({"interval"});
  if (is_tested) columns.push_back({"p of no shift"});
  columns.push_back({"added to logit"});
  const auto prior_text = [](double prior) { return fmt::format("{:.3g}", prior); };
  for (std::size_t k = 0; k < report.classes.size(); ++k) {
    const AdjustedClass& one = report.classes[k];
    std::vector<std::string> row{report.class_names[k], grouped(report.counts.positives[k]),
                                 prior_text(report.counts.prior(k))};
    if (one.target) {
      const bool exists = one.target->prior.defined();
      row.push_back(exists ? prior_text(one.target->prior.value) : "-");
      if (is_estimated) {
        const Interval interval = one.target->interval.value_or(Interval{});
        row.push_back(
            exists ? fmt::format("{} to {}", prior_text(interval.lower), prior_text(interval.upper))
                   : "-");
      }
      if (is_tested) {
        row.push_back(exists ? fmt::format("{:.2g}", one.target->p_value.value_or(1)) : "-");
      }
    }
    row.push_back(one.shift.why == Undefined::none ? fmt::format("{:+.3f}", one.shift.value) : "-");
    section.table.rows.push_back(std::move(row));
  }
  section.lines.push_back(fmt::format("Training counts: {}, of {} samples.", report.counts.source,
                                      grouped(report.counts.n_samples)));
  return section;
}

/// The coarse points of the curve, and what the best tau gains.
inline PageSection search_section(const NamedTauSearch& named) {
  PageSection section;
  const TauSearch& search = named.search;
  section.title = "Search for tau";
  section.table.columns = {{"tau"}, {named.metric}};
  const double step = named.grid.largest / named.grid.n_steps;
  for (const TauPoint& point : search.curve) {
    const double steps = point.tau / step;
    const bool is_coarse = std::abs(steps - std::round(steps)) < 1e-6;
    if (!is_coarse && point.tau != search.tau) continue;
    section.table.rows.push_back(
        {fmt::format("{:.6g}{}", point.tau, point.tau == search.tau ? "*" : ""),
         fixed(point.value, 6)});
  }
  if (!search.value.defined()) {
    section.lines.push_back("The metric is undefined at every tau (" +
                            std::string(to_string(search.value.why)) + "); nothing is changed.");
    return section;
  }
  const double change = search.value.value - search.unadjusted.value;
  section.lines.push_back(fmt::format(
      "* the best of {} values of tau: {}{}. It was chosen on these rows, so it looks too good.",
      search.curve.size(), fixed(search.value, 6),
      search.unadjusted.defined() ? fmt::format(", {:+.6f} from tau = 0", change) : ""));
  if (search.is_largest) {
    section.lines.push_back("It is the largest that was tried; a larger one might be better.");
  }
  return section;
}

inline std::string reason_left_alone(const AdjustedClass& one, double training_prior) {
  if (training_prior <= 0) return "no training positives";
  if (training_prior >= 1) return "no training negatives";
  switch (one.shift.why) {
    case Undefined::no_positives:
      return "no positives among the labelled rows";
    case Undefined::no_negatives:
      return "no negatives among the labelled rows";
    case Undefined::not_estimable:
      return "as many of the negatives as of the positives are predicted, so that decisions tell "
             "nothing of its prior";
    default:
      return "no rows to estimate its prior from";
  }
}

inline PageSection left_alone_section(const AdjustmentReport& report) {
  PageSection section;
  for (std::size_t k = 0; k < report.classes.size(); ++k) {
    const AdjustedClass& one = report.classes[k];
    if (one.shift.why == Undefined::none) continue;
    section.lines.push_back(report.class_names[k] + ": " +
                            reason_left_alone(one, report.counts.prior(k)) +
                            "; its probabilities stay as they are");
  }
  if (!section.lines.empty()) section.title = "Not adjusted";
  return section;
}

/// What cannot have changed, and where it did all the same.
inline PageSection invariance_section(const AdjustmentReport& report) {
  PageSection section;
  section.title = "What cannot change";
  std::string names;
  for (const std::string_view name : metrics_unchanged_by_increasing_maps()) {
    names += (names.empty() ? "" : ", ") + std::string(name);
  }
  section.lines.push_back(
      "The order of scores within a class, and so these, of a class and averaged over classes "
      "(macro, weighted, group): " +
      names + ".");
  for (std::size_t k = 0; k < report.classes.size(); ++k) {
    const OrderChange& order = report.classes[k].order;
    if (order.kept()) continue;
    section.lines.push_back(fmt::format(
        "But rounding changed it in {}: {} rows are newly tied ({} distinct scores became {}){}.",
        report.class_names[k], grouped(order.n_newly_tied), grouped(order.n_distinct_before),
        grouped(order.n_distinct_after),
        order.n_reversed > 0 ? fmt::format(", {} exchanged", grouped(order.n_reversed)) : ""));
  }
  return section;
}

inline PageSection warning_section(const AdjustmentReport& report) {
  PageSection section;
  section.title = "Notes";
  if (report.method == AdjustmentMethod::logit_adjustment) {
    section.lines.push_back(
        "Adjusted probabilities are calibrated for no population; thresholds and calibration come "
        "after the adjustment, not before.");
  } else {
    section.lines.push_back(
        "A prior shift believes the probabilities: over-confident ones are shifted wrongly, and "
        "make estimates by em far too small. Calibrate first.");
  }
  const auto is_moved = [](const AdjustedClass& one) {
    return one.target && one.target->prior.defined() && one.target->prior.value != one.target->used;
  };
  for (std::size_t k = 0; k < report.classes.size(); ++k) {
    if (!is_moved(report.classes[k])) continue;
    const TargetPrior& target = *report.classes[k].target;
    section.lines.push_back(fmt::format(
        "{}: the estimate is {:.3g}; half a row, {:.3g}, is taken, so that its scores stay apart.",
        report.class_names[k], target.prior.value, target.used));
  }
  for (std::size_t k = 0; k < report.classes.size(); ++k) {
    const auto& target = report.classes[k].target;
    if (!target || !target->prior.defined() || !target->unclipped) continue;
    if (*target->unclipped == target->prior.value) continue;
    section.lines.push_back(
        fmt::format("{}: the estimate {:.3g} lies outside [0, 1] and is "
                    "clipped.",
                    report.class_names[k], *target->unclipped));
  }
  for (const Problem& note : report.notes) section.lines.push_back(describe(note));
  return section;
}

}  // namespace detail

/// The page for a person.
inline Page adjustment_page(const AdjustmentReport& report) {
  Page page;
  for (const InputInfo& input : report.inputs) {
    if (input.role == "predictions") page.title = input.file;
  }
  page.title += fmt::format(": {} samples, {} classes, {}", grouped(report.n_samples),
                            report.classes.size(), detail::what_was_adjusted(report));
  page.sections.push_back(detail::adjusted_section(report));
  if (report.search) page.sections.push_back(detail::search_section(*report.search));
  detail::add_lines(detail::left_alone_section(report), page);
  page.sections.push_back(detail::invariance_section(report));
  page.sections.push_back(detail::warning_section(report));
  return page;
}

/// One class a line: `class,train_count,prior,target_prior,lower,upper,p_value,shift,undefined,
/// n_distinct_before,n_distinct_after,n_newly_tied,n_reversed`; what does not exist is empty.
inline std::string adjustment_csv(const AdjustmentReport& report) {
  std::string text =
      "class,train_count,prior,target_prior,lower,upper,p_value,shift,undefined,n_distinct_before,"
      "n_distinct_after,n_newly_tied,n_reversed\n";
  const auto cell = [](bool exists, double value) {
    return exists ? fmt::format(",{}", value) : std::string(",");
  };
  for (std::size_t k = 0; k < report.classes.size(); ++k) {
    const AdjustedClass& one = report.classes[k];
    const TargetPrior target = one.target.value_or(TargetPrior{});
    const bool has_target = one.target && target.prior.defined();
    const Interval interval = target.interval.value_or(Interval{});
    text += csv_cell(report.class_names[k]) +
            fmt::format(",{},{}", report.counts.positives[k], report.counts.prior(k)) +
            cell(has_target, target.prior.value) +
            cell(has_target && target.interval, interval.lower) +
            cell(has_target && target.interval, interval.upper) +
            cell(has_target && target.p_value, target.p_value.value_or(1)) +
            fmt::format(",{},{},{},{},{},{}\n", one.shift.value, to_string(one.shift.why),
                        one.order.n_distinct_before, one.order.n_distinct_after,
                        one.order.n_newly_tied, one.order.n_reversed);
  }
  return text;
}

}  // namespace cxrlt
