// SPDX-License-Identifier: Apache-2.0
/// Embeddings of images and their labels: read from files, or made up.
#pragma once

#include <Eigen/Core>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cxrlt/challenge/synthetic.hpp>
#include <cxrlt/core/class_matrix.hpp>
#include <cxrlt/core/error.hpp>
#include <cxrlt/core/folds.hpp>
#include <cxrlt/core/random.hpp>
#include <cxrlt/io/npy.hpp>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace training {

/// One row per image, as the files have them.
using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Labels = Eigen::Matrix<cxrlt::Label, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Images as frozen embeddings with their labels, 0, 1 or -1 (missing).
struct DataSet {
  Matrix embeddings;
  Labels labels;

  std::size_t n_rows() const { return static_cast<std::size_t>(embeddings.rows()); }
  std::size_t n_features() const { return static_cast<std::size_t>(embeddings.cols()); }
  std::size_t n_classes() const { return static_cast<std::size_t>(labels.cols()); }

  DataSet rows(std::span<const std::size_t> wanted) const {
    DataSet some;
    some.embeddings.resize(static_cast<Eigen::Index>(wanted.size()), embeddings.cols());
    some.labels.resize(static_cast<Eigen::Index>(wanted.size()), labels.cols());
    for (std::size_t k = 0; k < wanted.size(); ++k) {
      const auto to = static_cast<Eigen::Index>(k);
      const auto from = static_cast<Eigen::Index>(wanted[k]);
      some.embeddings.row(to) = embeddings.row(from);
      some.labels.row(to) = labels.row(from);
    }
    return some;
  }

  /// Positives of each class.
  std::vector<std::uint64_t> positives() const {
    std::vector<std::uint64_t> counts(n_classes(), 0);
    for (std::size_t c = 0; c < n_classes(); ++c) {
      const auto column = labels.col(static_cast<Eigen::Index>(c));
      counts[c] = static_cast<std::uint64_t>((column.array() == cxrlt::Label{1}).count());
    }
    return counts;
  }
};

/// A training part and a validation part.
struct SplitSet {
  DataSet train;
  DataSet validation;
  std::vector<std::string> class_names;
};

/// Splits rows so that every class is shared out evenly, and patients stay together.
inline SplitSet split(const DataSet& all, std::span<const std::size_t> patients, int n_parts,
                      std::uint64_t seed) {
  const std::vector<int> folds =
      cxrlt::stratified_folds(cxrlt::LabelMatrixView(all.labels), patients, {n_parts, seed});
  std::vector<std::size_t> train;
  std::vector<std::size_t> validation;
  for (std::size_t i = 0; i < folds.size(); ++i) {
    (folds[i] == 0 ? validation : train).push_back(i);
  }
  return {all.rows(train), all.rows(validation), {}};
}

/// Embeddings for given labels: noise, plus a direction for each class that its positives lie
/// along, `separation` standard deviations away. The best possible classifier is linear; to find
/// it, a class with four positives has four noisy hints at one of `n_features` dimensions.
inline Matrix make_embeddings(const cxrlt::ClassMatrix<cxrlt::Label>& labels,
                              std::span<const double> separations, std::size_t n_features,
                              std::uint64_t seed) {
  const auto n_rows = static_cast<Eigen::Index>(labels.n_samples());
  const auto width = static_cast<Eigen::Index>(n_features);
  Matrix directions(static_cast<Eigen::Index>(separations.size()), width);
  for (Eigen::Index c = 0; c < directions.rows(); ++c) {
    cxrlt::Random random(seed, 1000 + static_cast<std::uint64_t>(c));
    for (Eigen::Index j = 0; j < width; ++j) {
      directions(c, j) = static_cast<float>(random.normal());
    }
    directions.row(c) *=
        static_cast<float>(separations[static_cast<std::size_t>(c)]) / directions.row(c).norm();
  }
  Matrix embeddings(n_rows, width);
  cxrlt::parallel_for(labels.n_samples(), cxrlt::Cpu{}, [&](std::size_t i) {
    cxrlt::Random random(seed, 1'000'000 + i);
    auto row = embeddings.row(static_cast<Eigen::Index>(i));
    for (Eigen::Index j = 0; j < width; ++j) row(j) = static_cast<float>(random.normal());
    for (std::size_t c = 0; c < separations.size(); ++c) {
      if (labels[c][i] == 1) row += directions.row(static_cast<Eigen::Index>(c));
    }
  });
  return embeddings;
}

/// A made-up set of the shape of CXR-LT 2026: its class counts, findings that occur together.
inline SplitSet make_synthetic_set(std::size_t n_rows, std::size_t n_features, int n_parts,
                                   std::uint64_t seed) {
  const cxrlt::SyntheticTraining made = cxrlt::make_synthetic_training({n_rows, seed});
  DataSet all;
  all.embeddings = make_embeddings(made.labels, made.separations, n_features, seed);
  all.labels.resize(all.embeddings.rows(), static_cast<Eigen::Index>(made.n_classes()));
  for (std::size_t c = 0; c < made.n_classes(); ++c) {
    for (std::size_t i = 0; i < n_rows; ++i) {
      all.labels(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(c)) = made.labels[c][i];
    }
  }
  SplitSet result = split(all, made.patients, n_parts, seed);
  result.class_names = made.profile.classes;
  return result;
}

}  // namespace training
