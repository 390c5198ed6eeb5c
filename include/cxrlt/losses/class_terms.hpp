// SPDX-License-Identifier: Apache-2.0
/// What losses of several labels have in common: the loss of one cell, and what depends on its
/// class.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cxrlt/core/error.hpp"
#include "cxrlt/core/host_device.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/counting/detail/instruction_set.hpp"
#include "cxrlt/losses/detail/real_math.hpp"

namespace cxrlt {

/// The loss of one cell, and its derivatives by the logit.
template <class Real>
struct CellLoss {
  Real value;
  Real gradient;   ///< d value / d z
  Real curvature;  ///< d^2 value / d z^2
};

/// What a loss of several labels does with a class: f(z + shift, y) times weight, with the shift
/// and the weight of the label y.
struct ClassTerms {
  double positive_shift = 0;  ///< added to the logit where y = 1
  double negative_shift = 0;  ///< where y = 0
  double positive_weight = 1;
  double negative_weight = 1;

  bool operator==(const ClassTerms&) const = default;
};

/// A loss of several labels: one kernel for all cells, and the terms of each class. Margins,
/// adjustments by priors and weights of all kinds are terms, so each goes with each kernel.
/// A kernel is a value that is called as `kernel(z, is_positive)` and returns a
/// `CellLoss<Real>`; it is marked `CXRLT_HD`, so host and device share it.
template <class Kernel>
struct LabelLoss {
  Kernel kernel;
  std::vector<ClassTerms> classes;

  /// Value and derivatives of one cell, unreduced. O(1).
  CellLoss<double> cell(double z, bool is_positive, std::size_t class_index) const {
    return class_cell(kernel, classes[class_index], z, is_positive);
  }

  /// As `cell`, for code that holds the terms itself.
  template <class Real>
  CXRLT_HD static CellLoss<Real> class_cell(const Kernel& kernel, const ClassTerms& terms, Real z,
                                            bool is_positive) {
    const double shift = is_positive ? terms.positive_shift : terms.negative_shift;
    const double weight = is_positive ? terms.positive_weight : terms.negative_weight;
    const CellLoss<Real> loss = kernel(z + static_cast<Real>(shift), is_positive);
    const Real factor = static_cast<Real>(weight);
    return {factor * loss.value, factor * loss.gradient, factor * loss.curvature};
  }
};

/// Which of the two terms of a loss a class weight multiplies.
enum class WeightedTerms {
  positive,  ///< where y = 1: the class counts more among positives, negatives stay
  both,      ///< the whole loss of the class
};

/// Weights for both labels of each class.
struct LabelWeights {
  std::vector<double> positive;
  std::vector<double> negative;
};

namespace detail {

inline std::string text_of(double value) {
  return is_nan(value) ? "NaN" : number_text(value);
}

/// @throws InvalidArgument unless value is finite and at least 0. `what` begins the message.
inline double checked_at_least_zero(double value, const std::string& what) {
  if (!is_finite(value) || value < 0) {
    throw InvalidArgument(what + " is " + text_of(value) + "; expected a number of at least 0");
  }
  return value;
}

/// @throws InvalidArgument unless value is finite and above 0.
inline double checked_above_zero(double value, const std::string& what) {
  if (!is_finite(value) || value <= 0) {
    throw InvalidArgument(what + " is " + text_of(value) + "; expected a number above 0");
  }
  return value;
}

/// @throws InvalidArgument unless there is one of `what` per class.
inline void check_one_per_class(std::size_t n, std::size_t n_classes, const std::string& what) {
  if (n != n_classes) {
    throw InvalidArgument(what + ": " + std::to_string(n) + " for " + std::to_string(n_classes) +
                          " classes");
  }
}

}  // namespace detail

/// The loss with the terms of each class multiplied by its weights.
/// @throws InvalidArgument if numbers differ, or a weight is negative or not finite. O(classes).
template <class Loss>
Loss with_class_weights(Loss loss, const LabelWeights& weights) {
  const auto multiply = [&](const std::vector<double>& by, double ClassTerms::*weight) {
    detail::check_one_per_class(by.size(), loss.classes.size(), "class weights");
    for (std::size_t k = 0; k < by.size(); ++k) {
      loss.classes[k].*weight *=
          detail::checked_at_least_zero(by[k], "the weight of class " + std::to_string(k));
    }
  };
  multiply(weights.positive, &ClassTerms::positive_weight);
  multiply(weights.negative, &ClassTerms::negative_weight);
  return loss;
}

/// The same with one weight per class, for the terms that are named.
template <class Loss>
Loss with_class_weights(Loss loss, std::span<const double> weights, WeightedTerms terms) {
  const std::vector<double> positive(weights.begin(), weights.end());
  const std::vector<double> ones(weights.size(), 1.0);
  return with_class_weights(std::move(loss),
                            {positive, terms == WeightedTerms::both ? positive : ones});
}

/// The loss on z + shift of each class, for both labels; what is inferred from is z.
/// @param shifts  one per class, finite
/// @throws InvalidArgument if their number differs or one is not finite. O(classes).
template <class Loss>
Loss with_logit_shifts(Loss loss, std::span<const double> shifts) {
  detail::check_one_per_class(shifts.size(), loss.classes.size(), "logit shifts");
  for (std::size_t k = 0; k < shifts.size(); ++k) {
    if (!is_finite(shifts[k])) {
      throw InvalidArgument("the logit shift of class " + std::to_string(k) + " is not finite");
    }
    loss.classes[k].positive_shift += shifts[k];
    loss.classes[k].negative_shift += shifts[k];
  }
  return loss;
}

}  // namespace cxrlt
