// SPDX-License-Identifier: Apache-2.0
/// Affine calibration of several labels: one scale for all classes, a bias for each.
#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <utility>
#include <vector>

#include "cxrlt/calibration/detail/calibration_input.hpp"
#include "cxrlt/calibration/detail/newton.hpp"
#include "cxrlt/calibration/fit_summary.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/types.hpp"

namespace cxrlt {

/// The map of one class of an `AffineScaling`: p = sigmoid(scale z + bias).
struct ClassAffine {
  double scale = 1;        ///< the one of all classes
  double bias = 0;         ///< of this class
  bool is_shared = false;  ///< the scale alone, for want of labels of its own
  FitSummary labels;

  /// The calibrated probability of one logit. +-inf stays 0 or 1 where the scale is not 0.
  double operator()(double logit) const {
    return sigmoid(scale == 0 ? bias : scale * logit + bias);
  }
  bool operator==(const ClassAffine&) const = default;
};

/// p = sigmoid(scale z + bias_c): temperature scaling that can also correct the prevalence of each
/// class. Rare classes borrow the scale from common ones, so that only one number has to come from
/// their few positives (the form for several labels of what `SoftmaxAffine` is for one). The order
/// within a class stays where the scale is positive; a negative one, possible where the ranking is
/// worse than chance, reverses it.
struct AffineScaling {
  double scale = 1;
  std::vector<ClassAffine> classes;

  /// Fits n_samples x n_classes logits against labels in {0, 1, missing} by maximum likelihood,
  /// with a penalty of 1e-8 on the scale alone, which keeps it finite where labels are separated.
  /// Infinite logits are taken as +-36.7. A class with one kind of label is left out: it gets the
  /// scale and no bias, `is_shared` is set, and its `labels.why` gives the reason. If that is every
  /// class, the scale stays 1.
  /// @throws InvalidArgument if shapes differ, a logit is NaN, or a label is none.
  /// Cost: O(cells), about ten passes, and 9 bytes a cell. Equal for every number of threads.
  static AffineScaling fit(MatrixView<const double> logits, LabelMatrixView truth,
                           const Cpu& policy = {}) {
    return fit_matrix(logits, truth, policy);
  }
  /// @copydoc fit(MatrixView<const double>, LabelMatrixView, const Cpu&)
  static AffineScaling fit(MatrixView<const float> logits, LabelMatrixView truth,
                           const Cpu& policy = {}) {
    return fit_matrix(logits, truth, policy);
  }

 private:
  /// The labelled cells of a class.
  struct Column {
    std::vector<double> logits;
    std::vector<Label> labels;
  };

  template <class Score>
  static AffineScaling fit_matrix(MatrixView<const Score> logits, LabelMatrixView truth,
                                  const Cpu& policy) {
    detail::check_same_shape(logits, truth);
    AffineScaling fitted;
    fitted.classes.resize(logits.n_classes());
    std::vector<Column> columns;
    std::vector<std::size_t> classes;
    for (std::size_t k = 0; k < logits.n_classes(); ++k) {
      Column column;
      const FitSummary labels =
          detail::for_each_logit(logits.column(k), truth.column(k), [&](double z, bool positive) {
            column.logits.push_back(z);
            column.labels.push_back(positive ? Label{1} : Label{0});
          });
      fitted.classes[k] = {1, 0, !labels.fitted(), labels};
      if (!labels.fitted()) continue;
      columns.push_back(std::move(column));
      classes.push_back(k);
    }
    if (classes.empty()) return fitted;
    const Cpu threads = for_size(policy, logits.n_samples() * logits.n_classes());
    Eigen::VectorXd start = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(classes.size()) + 1);
    start[0] = 1;
    const Eigen::VectorXd found = detail::minimise_convex(
        [&](const Eigen::VectorXd& x) { return log_loss_at(columns, x, threads); }, start);
    fitted.scale = found[0];
    for (ClassAffine& one : fitted.classes) one.scale = found[0];
    for (std::size_t j = 0; j < classes.size(); ++j) {
      fitted.classes[classes[j]].bias = found[static_cast<Eigen::Index>(j) + 1];
    }
    return fitted;
  }

  /// The penalised log loss at (scale, biases).
  static detail::ConvexValue log_loss_at(const std::vector<Column>& columns,
                                         const Eigen::VectorXd& x, const Cpu& policy) {
    constexpr double ridge = 1e-8;
    std::vector<detail::ConvexValue> parts(columns.size(), detail::ConvexValue(2));
    parallel_for(columns.size(), policy, [&](std::size_t j) {
      parts[j] = class_loss(columns[j], x[0], x[static_cast<Eigen::Index>(j) + 1]);
    });
    detail::ConvexValue total(x.size());
    total.value = ridge / 2 * x[0] * x[0];
    total.gradient[0] = ridge * x[0];
    total.curvature(0, 0) = ridge;
    for (Eigen::Index j = 1; j < x.size(); ++j) {
      const detail::ConvexValue& part = parts[static_cast<std::size_t>(j) - 1];
      total.value += part.value;
      total.gradient[0] += part.gradient[0];
      total.gradient[j] += part.gradient[1];
      total.curvature(0, 0) += part.curvature(0, 0);
      total.curvature(0, j) = total.curvature(j, 0) = part.curvature(0, 1);
      total.curvature(j, j) = part.curvature(1, 1);
    }
    return total;
  }

  static detail::ConvexValue class_loss(const Column& column, double scale, double bias) {
    double loss = 0;
    double by_scale = 0;
    double by_bias = 0;
    double scale_scale = 0;
    double scale_bias = 0;
    double bias_bias = 0;
    for (std::size_t i = 0; i < column.logits.size(); ++i) {
      const double z = column.logits[i];
      const double value = scale * z + bias;
      const double sign = column.labels[i] == 1 ? -1 : 1;
      // The probability of the wrong label, from the side that does not cancel.
      const double wrong = sigmoid(sign * value);
      const double residual = sign * wrong;
      const double weight = wrong * (1 - wrong);
      loss += softplus(sign * value);
      by_scale += residual * z;
      by_bias += residual;
      scale_scale += weight * z * z;
      scale_bias += weight * z;
      bias_bias += weight;
    }
    detail::ConvexValue sums(2);
    sums.value = loss;
    sums.gradient << by_scale, by_bias;
    sums.curvature << scale_scale, scale_bias, scale_bias, bias_bias;
    return sums;
  }
};

}  // namespace cxrlt
