// SPDX-License-Identifier: Apache-2.0
/// Values of an evaluation as cells of a table.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/text.hpp"
#include "cxrlt/evaluate/evaluation.hpp"
#include "cxrlt/io/detail/infinite.hpp"
#include "cxrlt/io/table.hpp"

namespace cxrlt::detail {

/// One metric of a list of values as a cell; "-" where it is undefined or was not computed.
inline std::string cell(const std::vector<NamedValue>& values, std::string_view metric) {
  const NamedValue* found = find_value(values, metric);
  return found == nullptr ? "-" : fixed(found->value);
}

inline std::string cell(const std::vector<NamedAverage>& values, std::string_view metric) {
  const NamedAverage* found = find_value(values, metric);
  return found == nullptr || !found->value.defined() ? "-" : fixed(found->value.value);
}

/// A p-value: three decimals, or less than the smallest of them.
inline std::string p_cell(const MetricValue& p) {
  return p.defined() && p.value < 0.001 ? "<0.001" : fixed(p);
}

/// A threshold with so many significant digits, since those of rare classes are tiny.
inline std::string threshold_text(double threshold, int digits) {
  if (is_nan(threshold)) return "-";
  return is_infinite(threshold) ? infinite_text(threshold)
                                : fmt::format("{:.{}g}", threshold, digits);
}

/// The threshold that belongs to a value, as a cell.
inline std::string threshold_cell(const std::vector<NamedValue>& values, std::string_view metric) {
  const NamedValue* found = find_value(values, metric);
  return found == nullptr || !found->threshold ? "-" : threshold_text(*found->threshold, 3);
}

/// Observed over expected, marked where its interval excludes 1.
inline std::string ratio_cell(const std::vector<NamedValue>& values) {
  const NamedValue* found = find_value(values, "observed_over_expected");
  if (found == nullptr || !found->value.defined()) return "-";
  const bool off = found->interval && (found->interval->lower > 1 || found->interval->upper < 1);
  return fixed(found->value.value, 2) + (off ? "!" : " ");
}

/// Observed over expected of a group, or of all cells: a ratio of sums.
template <class Values>
std::string ratio_of_sums_cell(const Values& values) {
  const auto* found = find_value(values, "observed_over_expected");
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
  std::string text = joined(std::span(names).first(std::min(names.size(), most)));
  if (names.size() > most) text += fmt::format(" and {} more", names.size() - most);
  return text;
}

}  // namespace cxrlt::detail
