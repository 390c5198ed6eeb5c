// SPDX-License-Identifier: Apache-2.0
/// The model behind `make_synthetic_challenge`: patients and centres, liabilities that become
/// labels, margins that become probabilities. Every class draws from a stream of its own.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string_view>
#include <vector>

#include "cxrlt/challenge/detail/cxrlt2026.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/core/types.hpp"

namespace cxrlt::detail {

/// What related findings of a patient share, besides the severity of the disease.
enum class SyntheticFactor : std::uint8_t { none, age, fluid, care, airways };

struct SyntheticClass {
  std::string_view name;
  double separation;  ///< d': how far positives stand above negatives, in standard deviations
  SyntheticFactor factor;
};

/// In the order of `cxrlt2026_task1`. Devices are easy to see, small or diffuse findings are not.
inline constexpr std::array<SyntheticClass, 30> kSyntheticClasses{{
    {"Normal", 1.5, SyntheticFactor::none},
    {"aortic elongation", 1.5, SyntheticFactor::age},
    {"cardiomegaly", 1.9, SyntheticFactor::fluid},
    {"pleural effusion", 2.0, SyntheticFactor::fluid},
    {"Nodule", 1.2, SyntheticFactor::none},
    {"atelectasis", 1.3, SyntheticFactor::airways},
    {"pleural thickening", 1.3, SyntheticFactor::airways},
    {"aortic atheromatosis", 1.4, SyntheticFactor::age},
    {"Support Devices", 2.5, SyntheticFactor::care},
    {"alveolar pattern", 1.6, SyntheticFactor::fluid},
    {"fracture", 1.2, SyntheticFactor::age},
    {"Hernia", 2.0, SyntheticFactor::age},
    {"Emphysema", 1.5, SyntheticFactor::airways},
    {"azygos lobe", 1.8, SyntheticFactor::none},
    {"Hydropneumothorax", 1.8, SyntheticFactor::care},
    {"Kyphosis", 1.5, SyntheticFactor::age},
    {"Mass", 1.3, SyntheticFactor::airways},
    {"Pneumothorax", 1.5, SyntheticFactor::care},
    {"Subcutaneous Emphysema", 2.2, SyntheticFactor::care},
    {"pneumoperitoneo", 1.7, SyntheticFactor::care},
    {"vascular hilar enlargement", 1.3, SyntheticFactor::fluid},
    {"vertebral degenerative changes", 1.4, SyntheticFactor::age},
    {"hyperinflated lung", 1.4, SyntheticFactor::airways},
    {"interstitial pattern", 1.4, SyntheticFactor::fluid},
    {"central venous catheter", 2.4, SyntheticFactor::care},
    {"hypoexpansion", 1.4, SyntheticFactor::care},
    {"bronchiectasis", 1.3, SyntheticFactor::airways},
    {"hemidiaphragm elevation", 1.5, SyntheticFactor::none},
    {"sternotomy", 2.5, SyntheticFactor::care},
    {"calcified densities", 1.2, SyntheticFactor::age},
}};
static_assert(std::equal(kSyntheticClasses.begin(), kSyntheticClasses.end(),
                         kClasses2026Task1.begin(), kClasses2026Task1.end(),
                         [](const SyntheticClass& a, const BuiltinClass& b) {
                           return a.name == b.name;
                         }));

/// A hospital: how ill its patients are, and how well the model does on its machines.
struct SyntheticCentre {
  std::string_view name;
  double share;           ///< of the patients
  double severity;        ///< added to the severity of its patients
  double separation;      ///< factor on d'
  double overconfidence;  ///< added to every logit
};

inline constexpr std::array<SyntheticCentre, 3> kSyntheticCentres{{
    {"centre_a", 0.55, 0.0, 1.0, 0.0},
    {"centre_b", 0.30, -0.5, 1.0, -0.1},
    {"centre_c", 0.15, 0.7, 0.8, 0.4},
}};

/// What is hidden behind an image.
struct SyntheticImage {
  std::size_t patient = 0;
  const SyntheticCentre* centre = nullptr;
  double severity = 0;
  std::array<double, 5> factors{};  ///< by `SyntheticFactor`; 0 for none
  std::string_view view;
};

inline const SyntheticCentre& draw_centre(Random& random) {
  double left = random.uniform();
  for (const SyntheticCentre& centre : kSyntheticCentres) {
    if (left < centre.share) return centre;
    left -= centre.share;
  }
  return kSyntheticCentres.back();
}

/// Patients one after the other, with 1 to 4 images each, until there are n images.
inline std::vector<SyntheticImage> draw_images(std::size_t n, std::uint64_t seed) {
  Random random(seed);
  std::vector<SyntheticImage> images;
  images.reserve(n);
  for (std::size_t patient = 0; images.size() < n; ++patient) {
    SyntheticImage image{patient, &draw_centre(random), 0, {}, {}};
    const double severity = image.centre->severity + 0.85 * random.normal();
    for (std::size_t f = 1; f < image.factors.size(); ++f) image.factors[f] = random.normal();
    const double u = random.uniform();
    const std::size_t n_images = u < 0.62 ? 1 : u < 0.82 ? 2 : u < 0.93 ? 3 : 4;
    const double care = image.factors[static_cast<std::size_t>(SyntheticFactor::care)];
    const bool bedridden = care + 0.5 * severity > 1.2;
    for (std::size_t k = 0; k < n_images && images.size() < n; ++k) {
      image.severity = severity + 0.5 * random.normal();
      const bool lateral = !bedridden && k % 2 == 1 && random.uniform() < 0.7;
      image.view = lateral ? "LATERAL" : bedridden ? "AP" : "PA";
      images.push_back(image);
    }
  }
  return images;
}

/// One standard normal number per patient, for what a patient's images share.
inline std::vector<double> patient_effects(const std::vector<SyntheticImage>& images,
                                           Random& random) {
  std::vector<double> effects(images.back().patient + 1);
  for (double& effect : effects) effect = random.normal();
  return effects;
}

/// How many positives each class gets: none for the rarest in training, three for the next, the
/// others about their share in training, but four at least.
/// @param prevalences  per class, in training
inline std::vector<std::size_t> draw_positives(std::span<const double> prevalences, std::size_t n,
                                               std::uint64_t seed) {
  Random random(seed, 1);
  std::vector<std::size_t> positives;
  for (const double prevalence : prevalences) {
    const double expected = prevalence * static_cast<double>(n) * std::exp(0.12 * random.normal());
    positives.push_back(std::max<std::size_t>(4, static_cast<std::size_t>(std::round(expected))));
  }
  std::vector<std::size_t> order(prevalences.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return prevalences[a] < prevalences[b]; });
  positives[order[0]] = 0;
  positives[order[1]] = 3;
  return positives;
}

/// Labels of one class: 1 for the `n_positive` images of greatest liability.
/// @param normal  labels of class 0, which make a finding unlikely; empty while drawing class 0
inline std::vector<Label> draw_labels(std::size_t class_index, std::size_t n_positive,
                                      const std::vector<SyntheticImage>& images,
                                      std::span<const Label> normal, std::uint64_t seed) {
  Random random(seed, 100 + class_index);
  const std::vector<double> shared = patient_effects(images, random);
  const auto factor = static_cast<std::size_t>(kSyntheticClasses[class_index].factor);
  std::vector<double> liability;
  for (std::size_t i = 0; i < images.size(); ++i) {
    const SyntheticImage& image = images[i];
    const double own = 0.4 * shared[image.patient] + 0.6 * random.normal();
    const double illness = 0.45 * image.severity + 0.5 * image.factors[factor];
    liability.push_back(normal.empty() ? own - image.severity
                                       : own + illness - (normal[i] == 1 ? 0.9 : 0));
  }
  std::vector<std::size_t> order(images.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return liability[a] > liability[b]; });
  std::vector<Label> labels(images.size(), 0);
  for (std::size_t rank = 0; rank < n_positive; ++rank) labels[order[rank]] = 1;
  return labels;
}

/// Probabilities of one class. For margins x ~ N(0, 1) of negatives and N(d, 1) of positives,
/// logit(prevalence) + d x - d^2 / 2 is calibrated. The rarer a class below 10 %, the lower and
/// flatter its logits are made.
inline std::vector<double> draw_probabilities(std::size_t class_index, double prevalence,
                                              const std::vector<SyntheticImage>& images,
                                              std::span<const Label> labels, std::uint64_t seed) {
  Random random(seed, 200 + class_index);
  const std::vector<double> shared = patient_effects(images, random);
  const double rarity = std::max(0.0, std::log10(0.1 / prevalence));
  const double offset = logit(prevalence) - 0.45 * rarity;
  const double slope = 1 - 0.1 * rarity;
  const double d = kSyntheticClasses[class_index].separation;
  std::vector<double> probabilities;
  for (std::size_t i = 0; i < images.size(); ++i) {
    const SyntheticImage& image = images[i];
    const double illness = class_index == 0 ? -image.severity : image.severity;
    double margin = 0.15 * illness + 0.35 * shared[image.patient] + 0.92 * random.normal();
    const double conspicuity = 0.6 * random.normal();  // drawn for every image: labels move nothing
    const double quality = image.centre->separation * (image.view == "LATERAL" ? 0.85 : 1);
    if (labels[i] == 1) margin += quality * d + conspicuity;
    probabilities.push_back(
        sigmoid(offset + image.centre->overconfidence + slope * (d * margin - d * d / 2)));
  }
  return probabilities;
}

}  // namespace cxrlt::detail
