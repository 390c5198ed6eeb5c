// SPDX-License-Identifier: Apache-2.0
/// What is done to combined scores: views joined, classes smoothed, findings gated.
#pragma once

#include <cstddef>
#include <cxrlt/io/id_column.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/ensemble.hpp"
#include "cli/ensemble_models.hpp"

namespace cxrlt::cli {

/// One row for each study.
struct StudyRows {
  std::string column;             ///< that names the studies
  IdColumn ids;                   ///< of the studies
  std::vector<std::size_t> rows;  ///< where each is first seen
};

/// Refuses steps for which these classes lack one. @throws InvalidArgument
void check_steps(const EnsembleArguments& arguments, const EnsemblePlan& plan,
                 const std::vector<std::string>& classes);

/// Does what was asked for, in this order, and measures each step where there is a truth. Returns
/// the studies where views were joined.
std::optional<StudyRows> apply_steps(const EnsembleArguments& arguments, const EnsemblePlan& plan,
                                     CombinedModels& models);

}  // namespace cxrlt::cli
