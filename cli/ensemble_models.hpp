// SPDX-License-Identifier: Apache-2.0
/// The models of an ensemble, read, joined and combined.
#pragma once

#include <cstddef>
#include <cxrlt/challenge/profile.hpp>
#include <cxrlt/core/class_matrix.hpp>
#include <cxrlt/io/ensemble_report.hpp>
#include <cxrlt/io/id_column.hpp>
#include <cxrlt/io/joined_predictions.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/ensemble.hpp"
#include "cli/ensemble_truth.hpp"

namespace cxrlt::cli {

/// One matrix of scores, and where its rows come from.
struct CombinedModels {
  PredictionJoin join;
  std::vector<std::size_t> order;  ///< of the rows here among those of the join
  IdColumn ids;                    ///< of the rows here; none for arrays
  ClassMatrix<double> scores;
  std::optional<EnsembleTruth> truth;  ///< where there is one
  EnsembleReport report;
};

/// Reads the files one after the other and combines them; where weights are known, each is
/// forgotten as soon as it is added.
CombinedModels combine_files(const EnsembleArguments& arguments, const EnsemblePlan& plan);

}  // namespace cxrlt::cli
