// SPDX-License-Identifier: Apache-2.0
/// Value and derivatives of a loss of several labels, over a matrix of logits in one pass.
#pragma once

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/losses/detail/loss_pass.hpp"
#include "cxrlt/losses/reduction.hpp"

namespace cxrlt {

/// The reduced loss of n_samples x n_classes logits, range [0, inf), lower is better. Missing
/// labels are left out and not counted; what their logits are does not matter. Sums are in double
/// and in one order, equal for every number of threads.
/// @param loss  any `LabelLoss`, with the terms of each class
/// A mean over nothing is undefined (`no_samples`), a sum is 0.
/// @throws InvalidArgument if shapes or numbers of classes differ, a label is none, a labelled
/// logit is NaN or infinite, or a row weight is negative or not finite. Cost: O(cells), one pass
/// over logits.
template <class Loss>
MetricValue loss_value(MatrixView<const float> logits, LabelMatrixView labels, const Loss& loss,
                       const LossOptions& options = {}, const Cpu& policy = {}) {
  return detail::reduce_loss<detail::Derivatives::none>(logits, labels, loss, {}, {}, options,
                                                        policy);
}
/// @copydoc loss_value(MatrixView<const float>, LabelMatrixView, const Loss&, const LossOptions&,
/// const Cpu&)
template <class Loss>
MetricValue loss_value(MatrixView<const double> logits, LabelMatrixView labels, const Loss& loss,
                       const LossOptions& options = {}, const Cpu& policy = {}) {
  return detail::reduce_loss<detail::Derivatives::none>(logits, labels, loss, {}, {}, options,
                                                        policy);
}

/// `loss_value`, and its gradient by the logits, of weights, reduction and all; 0 where a label is
/// missing or a row has weight 0, or where it would be below the smallest normal number. Computed
/// in the precision of the logits.
/// @param gradient  n_samples x n_classes in any layout, overwritten; may be the logits' own memory
///                  in the same layout. After an exception its content is unspecified.
/// @throws InvalidArgument as `loss_value`, and if the gradient has another shape.
/// Cost: O(cells), logits read once and gradient written once.
template <class Loss>
MetricValue loss_and_gradient(MatrixView<const float> logits, LabelMatrixView labels,
                              const Loss& loss, MatrixView<float> gradient,
                              const LossOptions& options = {}, const Cpu& policy = {}) {
  return detail::reduce_loss<detail::Derivatives::gradient>(logits, labels, loss, gradient, {},
                                                            options, policy);
}
/// @copydoc loss_and_gradient(MatrixView<const float>, LabelMatrixView, const Loss&,
/// MatrixView<float>, const LossOptions&, const Cpu&)
template <class Loss>
MetricValue loss_and_gradient(MatrixView<const double> logits, LabelMatrixView labels,
                              const Loss& loss, MatrixView<double> gradient,
                              const LossOptions& options = {}, const Cpu& policy = {}) {
  return detail::reduce_loss<detail::Derivatives::gradient>(logits, labels, loss, gradient, {},
                                                            options, policy);
}

/// `loss_and_gradient`, and the diagonal of the second derivative by the logits. No loss of several
/// labels has other elements there. Of losses that are not convex (focal, asymmetric) some are
/// negative.
template <class Loss>
MetricValue loss_and_derivatives(MatrixView<const float> logits, LabelMatrixView labels,
                                 const Loss& loss, MatrixView<float> gradient,
                                 MatrixView<float> curvature, const LossOptions& options = {},
                                 const Cpu& policy = {}) {
  return detail::reduce_loss<detail::Derivatives::both>(logits, labels, loss, gradient, curvature,
                                                        options, policy);
}
/// @copydoc loss_and_derivatives(MatrixView<const float>, LabelMatrixView, const Loss&,
/// MatrixView<float>, MatrixView<float>, const LossOptions&, const Cpu&)
template <class Loss>
MetricValue loss_and_derivatives(MatrixView<const double> logits, LabelMatrixView labels,
                                 const Loss& loss, MatrixView<double> gradient,
                                 MatrixView<double> curvature, const LossOptions& options = {},
                                 const Cpu& policy = {}) {
  return detail::reduce_loss<detail::Derivatives::both>(logits, labels, loss, gradient, curvature,
                                                        options, policy);
}

}  // namespace cxrlt
