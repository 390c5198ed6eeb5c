// SPDX-License-Identifier: Apache-2.0
/// The losses of the library by the names of the command line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cxrlt/core/error.hpp>
#include <cxrlt/losses/asymmetric.hpp>
#include <cxrlt/losses/bce.hpp>
#include <cxrlt/losses/class_balanced.hpp>
#include <cxrlt/losses/deferred_reweighting.hpp>
#include <cxrlt/losses/distribution_balanced.hpp>
#include <cxrlt/losses/focal.hpp>
#include <cxrlt/losses/ldam.hpp>
#include <cxrlt/losses/logit_adjusted.hpp>
#include <cxrlt/losses/loss_value.hpp>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "data_set.hpp"

namespace training {

/// What losses know of the training set.
struct LossContext {
  std::vector<std::uint64_t> positives;  ///< of each class
  std::uint64_t n_samples = 0;
  int n_epochs = 1;
};

/// Writes the gradient by the logits of a batch and returns the loss, the mean over its rows of
/// their sums over classes.
using BatchLoss =
    std::function<double(const Matrix& logits, const Labels& labels, Matrix& gradient)>;

namespace detail {

template <class Loss>
BatchLoss batch_loss(Loss loss) {
  return [loss = std::move(loss)](const Matrix& logits, const Labels& labels, Matrix& gradient) {
    gradient.resize(logits.rows(), logits.cols());
    const cxrlt::LossOptions options{cxrlt::Reduction::mean_over_rows, {}};
    return cxrlt::loss_and_gradient(cxrlt::MatrixView<const float>(logits), labels, loss,
                                    cxrlt::MatrixView<float>(gradient), options, cxrlt::Cpu{1})
        .value;
  };
}

}  // namespace detail

struct NamedLoss {
  std::string name;
  std::string about;
  /// The loss of an epoch, counted from 0.
  std::function<BatchLoss(const LossContext&, int epoch)> make;
  /// The loss takes scale times the logit for the log-odds: the s of LDAM.
  double scale = 1;
};

/// All losses that can be asked for. DRW begins after 80 % of the epochs.
inline std::vector<NamedLoss> named_losses() {
  using detail::batch_loss;
  const auto drw = [](const LossContext& context) {
    cxrlt::DeferredReweighting schedule;
    schedule.first_epoch = context.n_epochs * 4 / 5;
    return schedule;
  };
  return {
      {"bce", "binary cross-entropy",
       [](const LossContext& context, int) {
         return batch_loss(cxrlt::bce_loss(context.positives.size()));
       }},
      {"focal", "focal loss, gamma 2",
       [](const LossContext& context, int) {
         return batch_loss(cxrlt::focal_loss(context.positives.size()));
       }},
      {"cb", "class-balanced cross-entropy, beta 0.9999",
       [](const LossContext& context, int) {
         return batch_loss(
             cxrlt::class_balanced(cxrlt::bce_loss(context.positives.size()), context.positives));
       }},
      {"asl", "asymmetric loss",
       [](const LossContext& context, int) {
         return batch_loss(cxrlt::asymmetric_loss(context.positives.size()));
       }},
      {"ldam", "label-distribution-aware margins",
       [](const LossContext& context, int) {
         return batch_loss(cxrlt::ldam_loss(context.positives));
       },
       cxrlt::LdamOptions{}.scale},
      {"ldam-drw", "label-distribution-aware margins with deferred re-weighting",
       [drw](const LossContext& context, int epoch) {
         return batch_loss(cxrlt::ldam_drw_loss(context.positives, epoch, drw(context)));
       },
       cxrlt::LdamOptions{}.scale},
      {"bce-drw", "binary cross-entropy with deferred re-weighting",
       [drw](const LossContext& context, int epoch) {
         return batch_loss(cxrlt::deferred_reweighting(cxrlt::bce_loss(context.positives.size()),
                                                       context.positives, epoch, drw(context)));
       }},
      {"db", "distribution-balanced loss",
       [](const LossContext& context, int) {
         return batch_loss(cxrlt::distribution_balanced_loss(context.positives, context.n_samples));
       }},
      {"la", "logit-adjusted cross-entropy, tau 1",
       [](const LossContext& context, int) {
         return batch_loss(cxrlt::logit_adjusted(cxrlt::bce_loss(context.positives.size()),
                                                 context.positives, context.n_samples));
       }},
  };
}

/// @throws cxrlt::InvalidArgument for a name that is none of them
inline NamedLoss loss_named(const std::string& name) {
  std::string known;
  for (const NamedLoss& loss : named_losses()) {
    if (loss.name == name) return loss;
    known += (known.empty() ? "" : ", ") + loss.name;
  }
  throw cxrlt::InvalidArgument("there is no loss '" + name + "'; expected one of " + known);
}

}  // namespace training
