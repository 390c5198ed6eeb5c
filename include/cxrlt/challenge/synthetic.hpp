// SPDX-License-Identifier: Apache-2.0
/// A made-up test set with predictions, and the labels of a training set, of the shape of CXR-LT
/// 2026 Task 1: for demonstrations, tests and benchmarks. Nothing in it comes from images, patients
/// or an existing model.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/challenge/builtin_profiles.hpp"
#include "cxrlt/challenge/detail/synthetic_model.hpp"
#include "cxrlt/core/class_matrix.hpp"
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

/// Labels as a training set has them, without predictions.
struct SyntheticTraining {
  Profile profile;                    ///< `cxrlt2026_task1`: classes in order, training counts
  std::vector<std::size_t> patients;  ///< of each image; a patient has 1 to 4 images
  ClassMatrix<Label> labels;          ///< n_samples x n_classes, 0 or 1
  /// Of each class, how far a decent model sees positives stand above negatives, in standard
  /// deviations (d').
  std::vector<double> separations;

  std::size_t n_samples() const { return patients.size(); }
  std::size_t n_classes() const { return separations.size(); }
};

namespace detail {

inline void check_synthetic_size(std::size_t n_samples) {
  if (n_samples < 300 || n_samples > 999'999) {
    throw InvalidArgument("synthetic data: n_samples is " + std::to_string(n_samples) +
                          "; expected a number from 300 to 999999");
  }
}

/// The share of training images with each class.
inline std::vector<double> training_prevalences(const Profile& profile) {
  std::vector<double> prevalences;
  for (const TrainCount& count : profile.train_counts) {
    prevalences.push_back(static_cast<double>(count.value()) /
                          static_cast<double>(profile.train_size));
  }
  return prevalences;
}

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
  detail::check_synthetic_size(options.n_samples);
  SyntheticChallenge out;
  out.profile = detail::to_profile(detail::kCxrlt2026Task1);
  const auto images = detail::draw_images(options.n_samples, options.seed);
  for (const detail::SyntheticImage& image : images) {
    out.ids.push_back(detail::numbered("synthetic_", out.ids.size() + 1));
    out.patients.push_back(detail::numbered("patient_", image.patient + 1));
    out.centres.emplace_back(image.centre->name);
    out.views.emplace_back(image.view);
  }
  const std::vector<double> prevalences = detail::training_prevalences(out.profile);
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

/// Makes the labels of a training set of CXR-LT 2026 Task 1, drawn as those of
/// `make_synthetic_challenge`, but with every class as frequent as in training: of n_samples
/// images, count / training size are positive, rounded, and 4 at least. With 128,815 images the
/// counts are those of the challenge, 1000 : 1.
/// @throws InvalidArgument if `n_samples` is outside 300 ... 999,999.
/// Cost: O(n_samples log n_samples) per class.
inline SyntheticTraining make_synthetic_training(const SyntheticOptions& options = {}) {
  detail::check_synthetic_size(options.n_samples);
  const std::size_t n = options.n_samples;
  SyntheticTraining out;
  out.profile = detail::to_profile(detail::kCxrlt2026Task1);
  const auto images = detail::draw_images(n, options.seed);
  for (const detail::SyntheticImage& image : images) out.patients.push_back(image.patient);
  const std::vector<double> prevalences = detail::training_prevalences(out.profile);
  out.labels = ClassMatrix<Label>(n, prevalences.size());
  for (std::size_t c = 0; c < prevalences.size(); ++c) {
    const auto expected =
        static_cast<std::size_t>(std::round(prevalences[c] * static_cast<double>(n)));
    const auto normal = c == 0 ? std::span<const Label>() : std::as_const(out.labels)[0];
    const auto labels =
        detail::draw_labels(c, std::max<std::size_t>(4, expected), images, normal, options.seed);
    std::copy(labels.begin(), labels.end(), out.labels[c].begin());
    out.separations.push_back(detail::kSyntheticClasses[c].separation);
  }
  return out;
}

}  // namespace cxrlt
