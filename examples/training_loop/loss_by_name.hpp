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
#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace training {

/// What losses know of the training set.
struct LossContext {
  std::vector<std::uint64_t> positives;  ///< of each class
  std::uint64_t n_samples = 0;
  int n_epochs = 1;
};

/// Any loss that can be asked for, with the terms of each class.
using AnyLoss = std::variant<cxrlt::BceLoss, cxrlt::FocalLoss, cxrlt::AsymmetricLoss,
                             cxrlt::LdamLoss, cxrlt::DistributionBalancedLoss>;

struct NamedLoss {
  std::string name;
  std::string about;
  /// The loss of an epoch, counted from 0.
  std::function<AnyLoss(const LossContext&, int epoch)> make;
  /// The loss takes scale times the logit for the log-odds: the s of LDAM.
  double scale = 1;
};

/// All losses that can be asked for. DRW begins after 80 % of the epochs.
inline std::vector<NamedLoss> named_losses() {
  const auto drw = [](const LossContext& context) {
    cxrlt::DeferredReweighting schedule;
    schedule.first_epoch = context.n_epochs * 4 / 5;
    return schedule;
  };
  return {
      {"bce", "binary cross-entropy",
       [](const LossContext& context, int) -> AnyLoss {
         return cxrlt::bce_loss(context.positives.size());
       }},
      {"focal", "focal loss, gamma 2",
       [](const LossContext& context, int) -> AnyLoss {
         return cxrlt::focal_loss(context.positives.size());
       }},
      {"cb", "class-balanced cross-entropy, beta 0.9999",
       [](const LossContext& context, int) -> AnyLoss {
         return cxrlt::class_balanced(cxrlt::bce_loss(context.positives.size()), context.positives);
       }},
      {"asl", "asymmetric loss",
       [](const LossContext& context, int) -> AnyLoss {
         return cxrlt::asymmetric_loss(context.positives.size());
       }},
      {"ldam", "label-distribution-aware margins",
       [](const LossContext& context, int) -> AnyLoss {
         return cxrlt::ldam_loss(context.positives);
       },
       cxrlt::LdamOptions{}.scale},
      {"ldam-drw", "label-distribution-aware margins with deferred re-weighting",
       [drw](const LossContext& context, int epoch) -> AnyLoss {
         return cxrlt::ldam_drw_loss(context.positives, epoch, drw(context));
       },
       cxrlt::LdamOptions{}.scale},
      {"bce-drw", "binary cross-entropy with deferred re-weighting",
       [drw](const LossContext& context, int epoch) -> AnyLoss {
         return cxrlt::deferred_reweighting(cxrlt::bce_loss(context.positives.size()),
                                            context.positives, epoch, drw(context));
       }},
      {"db", "distribution-balanced loss",
       [](const LossContext& context, int) -> AnyLoss {
         return cxrlt::distribution_balanced_loss(context.positives, context.n_samples);
       }},
      {"la", "logit-adjusted cross-entropy, tau 1",
       [](const LossContext& context, int) -> AnyLoss {
         return cxrlt::logit_adjusted(cxrlt::bce_loss(context.positives.size()), context.positives,
                                      context.n_samples);
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
