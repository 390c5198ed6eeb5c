// SPDX-License-Identifier: Apache-2.0
/// A made-up test set with predictions, of the shape of CXR-LT 2026 Task 1: for demonstrations,
/// tests and benchmarks. Nothing in it comes from images, patients or an existing model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cxrlt/challenge/builtin_profiles.hpp"
#include "cxrlt/challenge/detail/synthetic_model.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/types.hpp"

namespace cxrlt {

/// How much is made, and which of all possible sets.
struct SyntheticOptions {
  std::size_t n_samples = 1620;  ///< images; 300 to 999,999
  std::uint64_t seed = 2026;
};

/// Images with labels and predictions. Vectors of names have one entry per image; matrices are
/// n_samples x n_classes and hold one class after the other.
struct SyntheticChallenge {
  Profile profile;  ///< `cxrlt2026_task1`: classes in order, training counts, training size
  std::vector<std::string> ids;
  std::vector<std::string> patients;  ///< a patient has 1 to 4 images, all of one centre
  std::vector<std::string> centres;
  std::vector<std::string> views;  ///< `PA`, `AP` or `LATERAL`
  std::vector<double> probabilities;
  std::vector<Label> labels;  ///< 0 or 1; none is missing

  std::size_t n_samples() const { return ids.size(); }
  std::size_t n_classes() const { return profile.classes.size(); }

  MatrixView<const double> score_view() const {
    return {probabilities.data(), n_samples(), n_classes(), 1,
            static_cast<std::ptrdiff_t>(n_samples())};
  }
  LabelMatrixView label_view() const {
    return MatrixView<const Label>(labels.data(), n_samples(), n_classes(), 1,
                                   static_cast<std::ptrdiff_t>(n_samples()));
  }
};

namespace detail {

/// `prefix` and the number in six digits.
inline std::string numbered(std::string_view prefix, std::size_t number) {
  const std::string digits = std::to_string(number);
  return std::string(prefix) + std::string(6 - digits.size(), '0') + digits;
}

}  // namespace detail

/// Makes a test set of the 30 classes of CXR-LT 2026 Task 1 (training counts of `cxrlt2026_task1`,
/// about 1000 : 1) with the predictions of a decent model that does not exist.
///
/// Labels: normal liabilities (severity of the patient and the image, a factor shared by related
/// findings, the patient, chance) above a cut that gives about the prevalences of training;
/// `Normal` excludes most findings. The rarest class of training (Hydropneumothorax) has no
/// positive, the next (pneumoperitoneo) exactly three, every other four or more.
/// Probabilities, in (0, 1): latent normal margins (d' 1.2 to 2.5), about calibrated for frequent
/// classes and too low for rare ones. Of three centres one has more disease and suits the model
/// less. Equal options give equal labels everywhere; probabilities are equal but for the last
/// digits of the platform's `exp`, `log` and `cos`.
/// @throws InvalidArgument if `n_samples` is outside 300 ... 999,999.
/// Cost: O(n_samples log n_samples) per class.
inline SyntheticChallenge make_synthetic_challenge(const SyntheticOptions& options = {}) {
  if (options.n_samples < 300 || options.n_samples > 999'999) {
    throw InvalidArgument("make_synthetic_challenge: n_samples is " +
                          std::to_string(options.n_samples) +
                          "; expected a number from 300 to 999999");
  }
  SyntheticChallenge out;
  out.profile = detail::to_profile(detail::kCxrlt2026Task1);
  const auto images = detail::draw_images(options.n_samples, options.seed);
  for (const detail::SyntheticImage& image : images) {
    out.ids.push_back(detail::numbered("synthetic_", out.ids.size() + 1));
    out.patients.push_back(detail::numbered("patient_", image.patient + 1));
    out.centres.emplace_back(image.centre->name);
    out.views.emplace_back(image.view);
  }
  std::vector<double> prevalences;
  for (const TrainCount& count : out.profile.train_counts) {
    prevalences.push_back(static_cast<double>(count.value()) /
                          static_cast<double>(out.profile.train_size));
  }
  const auto positives = detail::draw_positives(prevalences, options.n_samples, options.seed);
  std::vector<Label> normal;
  for (std::size_t c = 0; c < prevalences.size(); ++c) {
    const auto labels = detail::draw_labels(c, positives[c], images, normal, options.seed);
    const auto probabilities =
        detail::draw_probabilities(c, prevalences[c], images, labels, options.seed);
    out.labels.insert(out.labels.end(), labels.begin(), labels.end());
    out.probabilities.insert(out.probabilities.end(), probabilities.begin(), probabilities.end());
    if (c == 0) normal = labels;
  }
  return out;
}

}  // namespace cxrlt
