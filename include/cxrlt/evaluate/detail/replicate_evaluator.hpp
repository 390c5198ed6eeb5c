// SPDX-License-Identifier: Apache-2.0
/// An evaluation repeated under other weights of the rows, with everything prepared that weights do
/// not change: cells are read, ranked and decided once.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/counting/confusion.hpp"
#include "cxrlt/counting/row_counts.hpp"
#include "cxrlt/counting/threshold_counts.hpp"
#include "cxrlt/evaluate/detail/averages.hpp"
#include "cxrlt/evaluate/detail/cell_values.hpp"
#include "cxrlt/evaluate/detail/class_values.hpp"
#include "cxrlt/evaluate/detail/input.hpp"
#include "cxrlt/evaluate/evaluation.hpp"
#include "cxrlt/evaluate/options.hpp"
#include "cxrlt/uncertainty/ranked_cells.hpp"
#include "cxrlt/uncertainty/replicate_counts.hpp"
#include "cxrlt/uncertainty/resampling.hpp"

namespace cxrlt::detail {

/// Whether a metric is one that `rank_replicates` gives.
inline bool is_fast_ranking(const MetricKey& key) {
  return key.metric->name == "average_precision" || key.metric->name == "auroc";
}

/// Whether a metric needs the threshold counts of each replicate.
inline bool needs_counts(const MetricKey& key) {
  return !is_fast_ranking(key) &&
         (std::holds_alternative<FromThresholdCounts>(key.metric->function) ||
          std::holds_alternative<PointFromThresholdCounts>(key.metric->function));
}

/// Which kinds of metric some keys are of.
struct WantedKinds {
  bool ranking = false;
  bool counts = false;
  bool confusion = false;
  bool probabilities = false;

  explicit WantedKinds(const std::vector<MetricKey>& keys)
      : ranking(std::any_of(keys.begin(), keys.end(), is_fast_ranking)),
        counts(std::any_of(keys.begin(), keys.end(), needs_counts)),
        confusion(any_of_kind<FromConfusion>(keys)),
        probabilities(any_of_kind<FromProbabilities>(keys)) {}
};

/// The cells of one class, or of all, whose weights are those of their units.
struct WeightedCells {
  LabelledCells cells;
  std::vector<std::uint32_t> unit;

  /// The cells with the weights of one replicate, which are written to `weights`.
  ProbabilityCells weighted(const WeightBatch& batch, std::size_t lane,
                            std::vector<double>& weights) const {
    weights.resize(unit.size());
    for (std::size_t k = 0; k < unit.size(); ++k) weights[k] = batch.weight(unit[k], lane);
    return {cells.scores, cells.logits, cells.labels, weights};
  }
};

/// The labelled cells of a class by what was decided of them.
struct DecidedUnits {
  std::vector<std::uint32_t> tp;
  std::vector<std::uint32_t> fp;
};

/// What one thread works with.
struct ReplicateScratch {
  WeightBatch batch;
  std::vector<double> totals;  ///< of all rows' weights, lane by lane
  std::vector<double> weights;
  std::vector<double> row_weights;
  std::vector<ThresholdCounts<double>> counts;
  std::vector<std::vector<ClassSummary>> summaries;           ///< lane by lane
  std::vector<std::vector<ConfusionCounts<double>>> decided;  ///< lane by lane
  std::vector<Evaluation> lanes;
};

/// Evaluates the replicates of one set of scores and labels.
template <class Score>
class ReplicateEvaluator {
 public:
  /// `input` and `resampler` must outlive this. `ranked` are the input's classes, `estimate` is the
  /// evaluation of all rows.
  ReplicateEvaluator(const EvaluationInput<Score>& input, std::vector<RankedCells> ranked,
                     const Evaluation& estimate, const Resampler& resampler)
      : input_(input),
        resampler_(resampler),
        estimate_(estimate),
        options_(input.options),
        class_keys_(wanted_metrics(input.options, Scope::class_)),
        micro_keys_(wanted_metrics(input.options, Scope::micro)),
        pooled_keys_(wanted_metrics(input.options, Scope::pooled)),
        row_keys_(wanted_metrics(input.options, Scope::rows)),
        samples_keys_(wanted_metrics(input.options, Scope::samples)),
        wanted_(class_keys_),
        micro_(micro_keys_),
        ranked_(std::move(ranked)) {
    // Intervals that metrics bring along are of the estimate; weights leave them out.
    options_.row_weights = kAnyWeight;
    // What the truth leaves undefined was refused with the estimate; a replicate that loses a
    // class's positives is no mistake of anyone's.
    allow_undefined(options_.undefined.otherwise);
    for (auto& one : options_.undefined.by_metric) allow_undefined(one.second);
    const std::span<const std::uint32_t> unit_of_row = resampler.unit_of_row();
    const std::size_t n_classes = input.scores.n_classes();
    every_row_.unit.insert(every_row_.unit.begin(), unit_of_row.begin(), unit_of_row.end());
    if (micro_.ranking || micro_.counts) {
      pooled_ranked_ = rank_pooled_cells(input.scores, input.labels, unit_of_row);
    }
    with_decisions_ = input.decisions && (wanted_.confusion || micro_.confusion);
    if (with_decisions_) decided_.resize(n_classes);
    with_probabilities_ = input.probabilities && wanted_.probabilities;
    if (with_probabilities_) cells_.resize(n_classes);
    for (std::size_t c = 0; c < n_classes; ++c) {
      if (with_decisions_) decide(c);
      if (with_probabilities_) cells_[c] = read_cells(c, c + 1);
    }
    if (input.probabilities && !pooled_keys_.empty()) pooled_cells_ = read_cells(0, n_classes);
    if (!row_keys_.empty() || !samples_keys_.empty()) rows_ = rows_of(input);
  }

  /// Calls `visit(b, evaluation)` for each replicate b of a batch. Different batches may be
  /// evaluated at the same time, with a scratch each.
  template <class Visit>
  void evaluate_batch(std::size_t b, ReplicateScratch& scratch, const Visit& visit) const {
    resampler_.fill(b, scratch.batch);
    const std::size_t n_classes = input_.scores.n_classes();
    scratch.lanes.resize(scratch.batch.n_lanes, estimate_);
    scratch.summaries.assign(scratch.batch.n_lanes, std::vector<ClassSummary>(n_classes));
    scratch.decided.assign(scratch.batch.n_lanes, std::vector<ConfusionCounts<double>>(n_classes));
    add_totals(scratch);
    for (std::size_t c = 0; c < n_classes; ++c) add_class(c, scratch);
    add_micro(scratch);
    for (std::size_t lane = 0; lane < scratch.batch.n_lanes; ++lane) {
      add_averages(scratch, lane);
      add_pooled(scratch, lane);
      add_rows(scratch, lane);
      visit(b * kLanes + lane, std::as_const(scratch.lanes[lane]));
    }
  }

 private:
  static constexpr double kAnyWeight[1] = {1};

  static void allow_undefined(UndefinedPolicy& policy) {
    if (policy == UndefinedPolicy::error) policy = UndefinedPolicy::skip;
  }

  void decide(std::size_t c) {
    for (std::size_t i = 0; i < input_.scores.n_samples(); ++i) {
      const Label label = input_.labels(i, c);
      if (label == kMissing || !(input_.decided_score(i, c) >= input_.thresholds[c])) continue;
      (label == 1 ? decided_[c].tp : decided_[c].fp).push_back(resampler_.unit_of_row()[i]);
    }
  }

  WeightedCells read_cells(std::size_t first, std::size_t last) const {
    WeightedCells result;
    for (std::size_t c = first; c < last; ++c) {
      append_cells(input_, c, result.cells);
      for (std::size_t i = 0; i < input_.scores.n_samples(); ++i) {
        if (input_.labels(i, c) != kMissing) result.unit.push_back(resampler_.unit_of_row()[i]);
      }
    }
    result.cells.clamped();
    return result;
  }

  /// The decisions of a class in every lane, given the totals of its labels.
  void add_decisions(std::size_t c, const RankingReplicates& ranking,
                     ReplicateScratch& scratch) const {
    const auto sums = [&](const std::vector<std::uint32_t>& units) {
      std::array<double, kLanes> sum{};
      for (const std::uint32_t unit : units) {
        for (std::size_t lane = 0; lane < scratch.batch.n_lanes; ++lane) {
          sum[lane] += scratch.batch.weight(unit, lane);
        }
      }
      return sum;
    };
    const std::array<double, kLanes> tp = sums(decided_[c].tp);
    const std::array<double, kLanes> fp = sums(decided_[c].fp);
    for (std::size_t lane = 0; lane < scratch.batch.n_lanes; ++lane) {
      const ClassSupport& support = ranking.support[lane];
      // Rounding of sums of weights must not carry a count below 0.
      scratch.decided[lane][c] = {tp[lane], fp[lane], std::max(0.0, support.n_positive - tp[lane]),
                                  std::max(0.0, support.n_negative - fp[lane])};
    }
  }

  /// What weights sum to over all rows. Weights that are no counts would round otherwise than the
  /// sums of a class.
  void add_totals(ReplicateScratch& scratch) const {
    scratch.totals.clear();
    if (!scratch.batch.integer()) return;
    const RankingReplicates every_row = rank_replicates(every_row_, scratch.batch);
    for (std::size_t lane = 0; lane < scratch.batch.n_lanes; ++lane) {
      scratch.totals.push_back(every_row.support[lane].n_negative);
    }
  }

  void add_class(std::size_t c, ReplicateScratch& scratch) const {
    const bool complete = ranked_[c].size() == every_row_.size();
    const RankingReplicates ranking =
        rank_replicates(ranked_[c], scratch.batch,
                        std::span(scratch.totals).first(complete ? scratch.totals.size() : 0));
    if (wanted_.counts) count_replicates(ranked_[c], scratch.batch, scratch.counts);
    if (with_decisions_) add_decisions(c, ranking, scratch);
    const ThresholdCounts<double> none;
    for (std::size_t lane = 0; lane < scratch.batch.n_lanes; ++lane) {
      ClassSummary& summary = scratch.summaries[lane][c];
      summary.support = ranking.support[lane];
      ProbabilityCells cells;
      if (with_probabilities_) {
        cells = cells_[c].weighted(scratch.batch, lane, scratch.weights);
        const auto ratio = observed_over_expected(cells.probabilities, cells.labels, cells.weights);
        summary.observed = ratio.observed;
        summary.expected = ratio.expected;
      }
      std::vector<NamedValue>& values = scratch.lanes[lane].classes[c].values;
      for (std::size_t k = 0; k < class_keys_.size(); ++k) {
        const MetricKey& key = class_keys_[k];
        if (is_fast_ranking(key)) {
          values[k].value = of_ranking(key, ranking, lane);
        } else {
          values[k] = value_of(key, wanted_.counts ? scratch.counts[lane] : none,
                               with_decisions_ ? &scratch.decided[lane][c] : nullptr,
                               with_probabilities_ ? &cells : nullptr, options_);
        }
      }
    }
  }

  static MetricValue of_ranking(const MetricKey& key, const RankingReplicates& ranking,
                                std::size_t lane) {
    return key.metric->name == "auroc" ? ranking.auroc[lane] : ranking.average_precision[lane];
  }

  void add_micro(ReplicateScratch& scratch) const {
    if (micro_keys_.empty()) return;
    RankingReplicates ranking;
    if (micro_.ranking) ranking = rank_replicates(pooled_ranked_, scratch.batch);
    if (micro_.counts) count_replicates(pooled_ranked_, scratch.batch, scratch.counts);
    const ThresholdCounts<double> none;
    for (std::size_t lane = 0; lane < scratch.batch.n_lanes; ++lane) {
      ConfusionCounts<double> all;
      for (const ConfusionCounts<double>& one : scratch.decided[lane]) all += one;
      for (std::size_t k = 0; k < micro_keys_.size(); ++k) {
        const MetricKey& key = micro_keys_[k];
        scratch.lanes[lane].micro[k].value =
            is_fast_ranking(key) ? of_ranking(key, ranking, lane)
                                 : value_of(key, micro_.counts ? scratch.counts[lane] : none,
                                            with_decisions_ ? &all : nullptr, nullptr, options_)
                                       .value;
      }
    }
  }

  void add_averages(ReplicateScratch& scratch, std::size_t lane) const {
    Evaluation& result = scratch.lanes[lane];
    std::vector<std::size_t> all(result.classes.size());
    for (std::size_t c = 0; c < all.size(); ++c) all[c] = c;
    const auto averages = [&](Scope scope, std::span<const std::size_t> members) {
      return averages_of(class_keys_, wanted_metrics(options_, scope), result.classes,
                         scratch.summaries[lane], members, scope, options_);
    };
    result.macro = averages(Scope::macro, all);
    result.weighted = averages(Scope::weighted, all);
    for (GroupEvaluation& group : result.groups) {
      group.values = averages(Scope::group, group.group.classes);
    }
  }

  void add_pooled(ReplicateScratch& scratch, std::size_t lane) const {
    if (!input_.probabilities || pooled_keys_.empty()) return;
    const ProbabilityCells cells = pooled_cells_.weighted(scratch.batch, lane, scratch.weights);
    for (std::size_t k = 0; k < pooled_keys_.size(); ++k) {
      scratch.lanes[lane].pooled[k].value =
          value_of(pooled_keys_[k], ThresholdCounts<double>{},
                   static_cast<const ConfusionCounts<double>*>(nullptr), &cells, options_)
              .value;
    }
  }

  void add_rows(ReplicateScratch& scratch, std::size_t lane) const {
    if (rows_.empty()) return;
    const std::span<const std::uint32_t> unit_of_row = resampler_.unit_of_row();
    scratch.row_weights.resize(unit_of_row.size());
    for (std::size_t i = 0; i < unit_of_row.size(); ++i) {
      scratch.row_weights[i] = scratch.batch.weight(unit_of_row[i], lane);
    }
    const auto value = [&](const FromRows& function) {
      return function.needs_decisions && !input_.decisions
                 ? MetricValue::undefined(Undefined::not_probabilities)
                 : function(rows_, scratch.row_weights);
    };
    for (std::size_t k = 0; k < row_keys_.size(); ++k) {
      scratch.lanes[lane].rows[k].value = value(std::get<FromRows>(row_keys_[k].metric->function));
    }
    for (std::size_t k = 0; k < samples_keys_.size(); ++k) {
      scratch.lanes[lane].samples[k].value =
          value(FromRows{samples_keys_[k].metric->samples, true});
    }
  }

  const EvaluationInput<Score>& input_;
  const Resampler& resampler_;
  const Evaluation& estimate_;
  EvaluationOptions options_;
  std::vector<MetricKey> class_keys_;
  std::vector<MetricKey> micro_keys_;
  std::vector<MetricKey> pooled_keys_;
  std::vector<MetricKey> row_keys_;
  std::vector<MetricKey> samples_keys_;
  WantedKinds wanted_;
  WantedKinds micro_;
  bool with_decisions_ = false;
  bool with_probabilities_ = false;
  std::vector<RankedCells> ranked_;
  RankedCells every_row_;  ///< as of a class without positives
  RankedCells pooled_ranked_;
  std::vector<DecidedUnits> decided_;
  std::vector<WeightedCells> cells_;
  WeightedCells pooled_cells_;
  std::vector<RowCounts> rows_;
};

}  // namespace cxrlt::detail
