// SPDX-License-Identifier: Apache-2.0
/// Affine calibration where each row has exactly one class: one scale, a bias for each class.
#pragma once

#include <Eigen/Core>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "cxrlt/calibration/detail/newton.hpp"
#include "cxrlt/calibration/fit_summary.hpp"
#include "cxrlt/calibration/softmax.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/types.hpp"

namespace cxrlt {

/// p = softmax(scale z + bias) with one scale and a bias per class, whose sum is 0 (adding one
/// number to all changes nothing); Brummer and van Leeuwen's affine form for recognition (2006),
/// bias-corrected temperature scaling elsewhere.
struct SoftmaxAffine {
  double scale = 1;
  std::vector<double> bias;
  /// Of each class: rows of it, and rows of others. `why` is set for a class without rows.
  std::vector<FitSummary> labels;

  /// Fits n_samples x n_classes logits (log-probabilities are logits, too) against the class of
  /// each row, 0 to n_classes - 1 or missing (-1), by maximum likelihood, with a penalty of 1e-8 on
  /// the scale alone, which keeps it finite where classes are separated. A class without rows is
  /// left out of the fit and gets the mean bias, 0. With rows of one class only: the identity.
  /// @throws InvalidArgument if sizes differ, a class is out of range, or a logit of a row with a
  /// class is not finite. Cost: about ten passes of O(rows classes^2). Equal for every number of
  /// threads.
  static SoftmaxAffine fit(MatrixView<const double> logits, std::span<const int> classes,
                           const Cpu& policy = {}) {
    return fit_rows(detail::classified_rows(logits, classes), policy);
  }
  /// @copydoc fit(MatrixView<const double>, std::span<const int>, const Cpu&)
  static SoftmaxAffine fit(MatrixView<const float> logits, std::span<const int> classes,
                           const Cpu& policy = {}) {
    return fit_rows(detail::classified_rows(logits, classes), policy);
  }

  /// The logarithms of the calibrated probabilities of one row of finite logits.
  void log_probabilities(ColumnView<const double> logits, std::span<double> out) const {
    detail::check_same_size(logits.size(), bias.size(), "classes");
    detail::check_same_size(logits.size(), out.size(), "classes");
    for (std::size_t k = 0; k < out.size(); ++k) out[k] = scale * logits[k] + bias[k];
    detail::log_softmax(ColumnView<const double>(out.data(), out.size()), out);
  }

 private:
  static SoftmaxAffine fit_rows(const detail::ClassifiedRows& rows, const Cpu& policy) {
    SoftmaxAffine fitted;
    fitted.bias.resize(rows.n_classes);
    std::vector<std::uint64_t> counts(rows.n_classes);
    for (const std::size_t k : rows.classes) ++counts[k];
    std::vector<std::size_t> present;
    for (std::size_t k = 0; k < rows.n_classes; ++k) {
      fitted.labels.push_back(detail::summarise_labels(counts[k], rows.size() - counts[k]));
      if (counts[k] > 0) present.push_back(k);
    }
    if (present.size() < 2) return fitted;
    // The bias of the last class stays 0 meanwhile.
    Eigen::VectorXd start = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(present.size()));
    start[0] = 1;
    const Cpu threads = for_size(policy, rows.logits.size());
    const Eigen::VectorXd found = detail::minimise_convex(
        [&](const Eigen::VectorXd& x) { return log_loss_at(rows, present, x, threads); }, start);
    fitted.scale = found[0];
    const double mean = found.tail(found.size() - 1).sum() / static_cast<double>(present.size());
    for (std::size_t j = 0; j < present.size(); ++j) {
      const Eigen::Index at = static_cast<Eigen::Index>(j) + 1;
      fitted.bias[present[j]] = (at < found.size() ? found[at] : 0) - mean;
    }
    return fitted;
  }

  static detail::ConvexValue log_loss_at(const detail::ClassifiedRows& rows,
                                         const std::vector<std::size_t>& present,
                                         const Eigen::VectorXd& x, const Cpu& policy) {
    constexpr double ridge = 1e-8;
    detail::ConvexValue total =
        detail::sum_over_rows(rows.size(), detail::ConvexValue(x.size()), policy,
                              [&](std::size_t begin, std::size_t end) {
                                return rows_loss(rows, present, x, begin, end);
                              });
    total.value += ridge / 2 * x[0] * x[0];
    total.gradient[0] += ridge * x[0];
    total.curvature(0, 0) += ridge;
    return total;
  }

  static detail::ConvexValue rows_loss(const detail::ClassifiedRows& rows,
                                       const std::vector<std::size_t>& present,
                                       const Eigen::VectorXd& x, std::size_t begin,
                                       std::size_t end) {
    const Eigen::Index n = x.size();
    detail::ConvexValue sums(n);
    Eigen::VectorXd logits(n);
    Eigen::VectorXd p(n);
    Eigen::VectorXd derivative(n);  // of the log sum: mean logit, then probabilities
    for (std::size_t i = begin; i < end; ++i) {
      Eigen::Index own = 0;
      for (Eigen::Index j = 0; j < n; ++j) {
        const std::size_t k = present[static_cast<std::size_t>(j)];
        logits[j] = rows.row(i)[k];
        if (k == rows.classes[i]) own = j;
      }
      p = x[0] * logits;
      p.head(n - 1) += x.tail(n - 1);
      const double own_value = p[own];
      const double largest = p.maxCoeff();
      p = (p.array() - largest).exp();
      const double sum = p.sum();
      p /= sum;
      sums.value += std::log(sum) + largest - own_value;
      const double mean = p.dot(logits);
      sums.gradient[0] += mean - logits[own];
      sums.gradient.tail(n - 1) += p.head(n - 1);
      if (own < n - 1) sums.gradient[own + 1] -= 1;
      const auto centred = logits.array() - mean;
      sums.curvature(0, 0) += (p.array() * centred.square()).sum();
      derivative.head(n - 1) = (p.array() * centred).head(n - 1);
      sums.curvature.col(0).tail(n - 1) += derivative.head(n - 1);
      sums.curvature.row(0).tail(n - 1) += derivative.head(n - 1).transpose();
      auto biases = sums.curvature.bottomRightCorner(n - 1, n - 1);
      biases.diagonal() += p.head(n - 1);
      biases.noalias() -= p.head(n - 1) * p.head(n - 1).transpose();
    }
    return sums;
  }
};

}  // namespace cxrlt
