// SPDX-License-Identifier: Apache-2.0
/// Logits given as probabilities, refused with their place in the file.
#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/number_text.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/dataset.hpp"
#include "cxrlt/metrics/detail/probability_input.hpp"

namespace cxrlt {

/// Checks that all scores of a `Dataset` or of `Predictions` lie in [0, 1], give or take 1e-6.
/// @throws DataError (`not_probabilities`) with file, class and id of the first that does not.
/// Equal for every number of threads. O(cells).
template <class Scored>
void check_probabilities(const Scored& scored, const std::string& file, const Cpu& policy = {}) {
  scored.visit_scores([&](const auto& scores) {
    const Cpu threads = for_size(policy, scores.n_samples() * scores.n_classes());
    parallel_for(scores.n_classes(), threads, [&](std::size_t k) {
      std::size_t n_others = 0;
      for (std::size_t i = 0; i < scores.n_samples(); ++i) {
        n_others += detail::near_unit_interval(static_cast<double>(scores(i, k))) ? 0 : 1;
      }
      if (n_others == 0) return;
      for (std::size_t i = 0; i < scores.n_samples(); ++i) {
        const double score = static_cast<double>(scores(i, k));
        if (detail::near_unit_interval(score)) continue;
        Problem problem;
        problem.code = "not_probabilities";
        problem.file = file;
        problem.class_name = scored.class_names[k];
        problem.id = i < scored.ids.size() ? std::string(scored.ids[i]) : std::to_string(i);
        problem.message =
            number_text(score) + " is no probability; if the predictions are logits, say --logits";
        throw DataError(std::move(problem));
      }
    });
  });
}

}  // namespace cxrlt
