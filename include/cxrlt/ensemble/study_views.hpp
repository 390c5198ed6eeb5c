// SPDX-License-Identifier: Apache-2.0
/// Several images of one study as one: by the views in which they were taken.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/core/text.hpp"
#include "cxrlt/ensemble/detail/weight_range.hpp"

namespace cxrlt {

/// How the images of a study become one.
enum class ViewMethod : std::uint8_t {
  weighted,     ///< the mean over images, each by the weight of its view's group
  mean,         ///< the plain mean over images
  group_means,  ///< the mean of each group of views first, then of the groups by their weights
  max,          ///< the largest over images
};

/// All methods with their stable names.
inline constexpr std::array<std::pair<ViewMethod, std::string_view>, 4> view_methods{{
    {ViewMethod::weighted, "weighted"},
    {ViewMethod::mean, "mean"},
    {ViewMethod::group_means, "group-means"},
    {ViewMethod::max, "max"},
}};

/// Views that count alike.
struct ViewGroup {
  std::vector<std::string> views;
  double weight = 1;  ///< from 1e-100 to 1e100
};

/// Weights of views. A view of no group, a blank one among them, belongs to `other`.
struct ViewWeights {
  std::vector<ViewGroup> groups;
  std::optional<double> other;  ///< none: there must be no other view
};

/// PA and AP 7, LATERAL and LL 3, other 5: those of CheXFusion (CXR-LT 2023).
inline ViewWeights default_view_weights() {
  return {{{{"PA", "AP"}, 7}, {{"LATERAL", "LL"}, 3}}, 5};
}

/// Frontal views (PA, AP) 8, all others 2: those of the means of groups that gained the most in
/// CXR-LT 2024.
inline ViewWeights default_group_weights() {
  return {{{{"PA", "AP"}, 8}}, 2};
}

/// Reads `PA=7,LATERAL=3,other=5`; views joined by `+` form a group: `PA+AP=8,other=2`. Without
/// `other` there must be no other view.
/// @throws InvalidArgument for what is no such list, a weight of 0 or less, a view named twice.
inline ViewWeights parse_view_weights(std::string_view text) {
  ViewWeights weights;
  std::vector<std::string> seen;
  for (const std::string& entry : split_text(text, ',')) {
    const std::size_t equals = entry.find('=');
    const std::optional<double> weight =
        equals == std::string::npos
            ? std::nullopt
            : number_of(std::string(trimmed(std::string_view(entry).substr(equals + 1))));
    if (!weight || !detail::is_positive_weight(*weight)) {
      throw InvalidArgument("views: '" + entry +
                            "' is not a view with a weight above 0, such as PA=7");
    }
    ViewGroup group{split_text(std::string_view(entry).substr(0, equals), '+'), *weight};
    for (const std::string& view : group.views) {
      const std::string name = ascii_lower(view);
      if (name.empty()) throw InvalidArgument("views: '" + entry + "' lacks the name of a view");
      if (name == "other" && group.views.size() > 1) {
        throw InvalidArgument("views: 'other' stands alone, not in '" + entry + "'");
      }
      if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
        throw InvalidArgument("views: '" + view + "' has two weights");
      }
      seen.push_back(name);
    }
    if (seen.back() == "other" && group.views.size() == 1) {
      weights.other = weight;
    } else {
      weights.groups.push_back(std::move(group));
    }
  }
  return weights;
}

/// The group of each row's view, by name without regard to case or surrounding blanks;
/// `groups.size()` for other views.
/// @throws InvalidArgument where a view is of no group and `other` has no weight.
inline std::vector<std::size_t> view_groups(std::span<const std::string> views,
                                            const ViewWeights& weights) {
  std::vector<std::pair<std::string, std::size_t>> known;
  for (std::size_t g = 0; g < weights.groups.size(); ++g) {
    for (const std::string& view : weights.groups[g].views) {
      known.emplace_back(ascii_lower(view), g);
    }
  }
  std::vector<std::size_t> groups;
  groups.reserve(views.size());
  for (std::size_t i = 0; i < views.size(); ++i) {
    const std::string name = ascii_lower(trimmed(views[i]));
    const auto found = std::find_if(known.begin(), known.end(),
                                    [&](const auto& entry) { return entry.first == name; });
    if (found == known.end() && !weights.other) {
      throw InvalidArgument(
          "views: " + (name.empty() ? "a blank view" : "the view '" + views[i] + "'") + " (row " +
          std::to_string(i) + ") has no weight; give one to all others: other=5");
    }
    groups.push_back(found == known.end() ? weights.groups.size() : found->second);
  }
  return groups;
}

namespace detail {

/// One class of all studies, by sums over their images.
class StudySums {
 public:
  StudySums(std::size_t n_studies, std::size_t n_groups)
      : n_groups_(n_groups), sums_(n_studies * n_groups), counts_(n_studies * n_groups) {}

  void clear() { std::fill(sums_.begin(), sums_.end(), 0.0); }
  void count(std::size_t study, std::size_t group) { ++counts_[study * n_groups_ + group]; }
  void add(std::size_t study, std::size_t group, double score) {
    sums_[study * n_groups_ + group] += score;
  }

  /// The weighted mean over a study's groups: of images, or of the groups' means.
  double value(std::size_t study, std::span<const double> weights, bool of_means) const {
    double sum = 0;
    double total = 0;
    for (std::size_t g = 0; g < n_groups_; ++g) {
      const double n = counts_[study * n_groups_ + g];
      if (n == 0) continue;
      sum += weights[g] * sums_[study * n_groups_ + g] / (of_means ? n : 1);
      total += weights[g] * (of_means ? 1 : n);
    }
    return std::min(sum / total, 1.0);
  }

 private:
  std::size_t n_groups_;
  std::vector<double> sums_;
  std::vector<std::uint32_t> counts_;
};

inline std::vector<double> group_weights(const ViewWeights& weights, ViewMethod method) {
  std::vector<double> of_group;
  for (const ViewGroup& group : weights.groups) of_group.push_back(group.weight);
  of_group.push_back(weights.other.value_or(0));
  if (method == ViewMethod::mean) std::fill(of_group.begin(), of_group.end(), 1.0);
  return of_group;
}

}  // namespace detail

/// The scores of each study.
/// @param scores    n_samples x n_classes, in [0, 1]
/// @param study_of  the study of each row, 0 ... n_studies - 1, each with a row at least (see
///                  `number_groups`)
/// @param group_of  the group of each row's view, from `view_groups`; not read by `mean` and `max`
/// @return n_studies x n_classes
/// @throws InvalidArgument if sizes differ or a study has no row.
/// Sums run in the order of rows. O(cells), and 12 bytes a study and group.
inline ClassMatrix<double> aggregate_views(MatrixView<const double> scores,
                                           std::span<const std::size_t> study_of,
                                           std::span<const std::size_t> group_of,
                                           const ViewWeights& weights, ViewMethod method) {
  detail::check_same_size(scores.n_samples(), study_of.size(), "studies of rows");
  const bool has_groups = method == ViewMethod::weighted || method == ViewMethod::group_means;
  if (has_groups) detail::check_same_size(scores.n_samples(), group_of.size(), "views of rows");
  const std::size_t n_studies =
      study_of.empty() ? 0 : *std::max_element(study_of.begin(), study_of.end()) + 1;
  std::vector<bool> seen(n_studies, false);
  for (const std::size_t study : study_of) seen[study] = true;
  if (std::find(seen.begin(), seen.end(), false) != seen.end()) {
    throw InvalidArgument("views: a study without a row");
  }
  const auto group_at = [&](std::size_t i) { return has_groups ? group_of[i] : 0; };
  const std::vector<double> of_group = detail::group_weights(weights, method);
  detail::StudySums sums(n_studies, of_group.size());
  for (std::size_t i = 0; i < study_of.size(); ++i) sums.count(study_of[i], group_at(i));
  ClassMatrix<double> studies(n_studies, scores.n_classes());
  for (std::size_t k = 0; k < scores.n_classes(); ++k) {
    if (method == ViewMethod::max) {
      for (std::size_t i = 0; i < study_of.size(); ++i) {
        studies[k][study_of[i]] = std::max(studies[k][study_of[i]], scores(i, k));
      }
      continue;
    }
    sums.clear();
    for (std::size_t i = 0; i < study_of.size(); ++i) {
      sums.add(study_of[i], group_at(i), scores(i, k));
    }
    for (std::size_t s = 0; s < n_studies; ++s) {
      studies[k][s] = sums.value(s, of_group, method == ViewMethod::group_means);
    }
  }
  return studies;
}

/// Each row with the scores of its study. O(cells).
inline ClassMatrix<double> copy_to_rows(MatrixView<const double> studies,
                                        std::span<const std::size_t> study_of) {
  return detail::rows_in_order(studies, study_of);
}

}  // namespace cxrlt
