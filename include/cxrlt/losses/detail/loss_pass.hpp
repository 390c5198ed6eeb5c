// SPDX-License-Identifier: Apache-2.0
/// One pass over logits and labels: values added up, derivatives written.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/counting/detail/instruction_set.hpp"
#include "cxrlt/losses/class_terms.hpp"
#include "cxrlt/losses/detail/lane_math.hpp"
#include "cxrlt/losses/detail/lanes.hpp"
#include "cxrlt/losses/detail/loss_input.hpp"
#include "cxrlt/losses/reduction.hpp"

namespace cxrlt::detail {

/// Rows that are worked on at once: a multiple of the lanes of any vector, and few enough to stay
/// near.
inline constexpr std::size_t rows_at_once = 16;

/// What a pass computes beside the value. A value alone has no loop of its own, which would take as
/// long to compile: its gradient is written to a buffer.
enum class Derivatives { none, gradient, both };

/// The terms of each class for cells row after row, as many rows as any vector has lanes, so that
/// lanes never see the end of a row.
template <class Score>
struct TermTable {
  static constexpr std::size_t most_lanes = longest_vector / sizeof(Score);
  static_assert(rows_at_once % most_lanes == 0);
  std::size_t n_cells = 0;
  std::vector<Score> positive_shift, negative_shift, positive_weight, negative_weight;

  explicit TermTable(const std::vector<ClassTerms>& classes)
      : n_cells(classes.size() * most_lanes) {
    for (std::size_t lane = 0; lane < most_lanes; ++lane) {
      for (const ClassTerms& terms : classes) {
        positive_shift.push_back(static_cast<Score>(terms.positive_shift));
        negative_shift.push_back(static_cast<Score>(terms.negative_shift));
        positive_weight.push_back(static_cast<Score>(terms.positive_weight));
        negative_weight.push_back(static_cast<Score>(terms.negative_weight));
      }
    }
  }
};

/// Cells of a few rows side by side, and where their derivatives go.
template <class Score>
struct CellRun {
  const Score* logits;
  const unsigned char* labels;
  const Score* weights;  ///< none: all 1
  Score* gradient;
  Score* curvature;
  std::size_t n_cells;  ///< a multiple of the table's
};

/// What a run came to; with a labelled logit that is not finite it is worth nothing.
struct RunResult {
  double sum = 0;
  bool all_finite = true;
};

/// Adds up the weighted losses of a run and writes their derivatives times `factor`.
template <bool with_curvature, bool weighted, class Kernel, class Score>
RunResult evaluate_run(const Kernel& kernel, const TermTable<Score>& table, double factor,
                       const CellRun<Score>& run) {
  return run_dispatched_by_width([&](auto width) CXRLT_ALWAYS_INLINE {
    constexpr std::size_t bytes = decltype(width)::value;
    constexpr std::size_t at_once = n_lanes<Score, bytes>;
    static_assert(TermTable<Score>::most_lanes % at_once == 0);
    using Real = Lanes<Score, bytes>;
    const auto read = [](const Score* from) CXRLT_ALWAYS_INLINE { return load_lanes<bytes>(from); };
    // Copies, which no store to the derivatives can be feared to change.
    const Kernel cell_loss = kernel;
    const CellRun<Score> cells = run;
    const std::size_t n = table.n_cells;
    const Score* const positive_shift = table.positive_shift.data();
    const Score* const negative_shift = table.negative_shift.data();
    const Score* const positive_weight = table.positive_weight.data();
    const Score* const negative_weight = table.negative_weight.data();
    const Real zero(0);
    const Real scale = static_cast<Real>(factor);
    constexpr double smallest = std::numeric_limits<Score>::min();
    const Real below = static_cast<Real>(factor > 0 ? -smallest / factor : 0);
    // Derivatives that would be subnormal are 0: processors take many times as long for those. NaN
    // stays.
    const auto scaled = [&](const Real& derivative) CXRLT_ALWAYS_INLINE {
      return Real(scale * select(minus_abs(derivative) > below, zero, derivative));
    };
    LaneSum<Score, bytes> sum;
    LaneFiniteness<Score, bytes> finiteness;
    for (std::size_t begin = 0; begin < cells.n_cells; begin += n) {
      for (std::size_t j = 0; j < n; j += at_once) {
        const std::size_t at = begin + j;
        const LaneLabels<Score, bytes> labels(cells.labels + at);
        const auto is_positive = labels.are_positive();
        const auto is_known = labels.are_known();
        const Real shift = select(is_positive, read(positive_shift + j), read(negative_shift + j));
        Real weight = select(is_positive, read(positive_weight + j), read(negative_weight + j));
        if constexpr (weighted) weight = weight * read(cells.weights + at);
        weight = select(is_known, weight, zero);
        const Real z = select(is_known, read(cells.logits + at), zero);
        finiteness.see(z);
        const CellLoss<Real> loss = cell_loss(Real(z + shift), is_positive);
        sum.add(weight * loss.value);
        store_lanes(scaled(Real(weight * loss.gradient)), cells.gradient + at);
        if constexpr (with_curvature) {
          store_lanes(scaled(Real(weight * loss.curvature)), cells.curvature + at);
        }
      }
    }
    return RunResult{sum.total(), finiteness.all()};
  });
}

/// Rows that do not lie as a run wants them, copied.
template <class Score>
struct CellBuffer {
  std::vector<Score> logits, weights, gradient, curvature;
  std::vector<unsigned char> labels;

  explicit CellBuffer(std::size_t n_classes)
      : logits(n_classes * rows_at_once),
        weights(logits.size()),
        gradient(logits.size()),
        curvature(logits.size()),
        labels(logits.size()) {}

  CellRun<Score> run() {
    return {logits.data(),   labels.data(),    weights.data(),
            gradient.data(), curvature.data(), logits.size()};
  }
};

/// Copies rows [begin, end) out of a buffer.
template <class Score>
void write_rows(const std::vector<Score>& from, std::size_t begin, std::size_t end,
                MatrixView<Score> to) {
  std::size_t j = 0;
  for (std::size_t i = begin; i < end; ++i) {
    for (std::size_t k = 0; k < to.n_classes(); ++k, ++j) to(i, k) = from[j];
  }
}

/// Everything that a pass reads and writes.
template <class Score, class Loss>
struct LossPass {
  const LossInput<Score>& input;
  const Loss& loss;
  MatrixView<Score> gradient;
  MatrixView<Score> curvature;
  bool wants_gradient;
  bool labels_are_checked;
  double factor;
  TermTable<Score> table;
  static constexpr bool weighs_rows = requires(const Loss& one, double* weights) {
    one.weigh_row(LabelColumnView{}, weights);
  };

  /// The sum over rows [begin, end).
  template <bool with_curvature>
  double sum_of_block(std::size_t begin, std::size_t end) const {
    const std::size_t n_classes = input.logits.n_classes();
    CellBuffer<Score> buffer(n_classes);
    std::vector<double> row(n_classes);
    double sum = 0;
    for (std::size_t i = begin; i < end; i += rows_at_once) {
      const std::size_t row_end = std::min(end, i + rows_at_once);
      if (!labels_are_checked) input.check_labels(i, row_end);
      const bool in_place = !with_curvature && row_end - i == rows_at_once && is_side_by_side();
      RunResult result;
      if (in_place) {
        if (replaces_logits()) input.check_logits(i, row_end);
        result = evaluate_run<false, false>(loss.kernel, table, factor, run_in_place(i, buffer));
      } else {
        copy_rows(i, row_end, buffer, row);
        result = evaluate_run<with_curvature, true>(loss.kernel, table, factor, buffer.run());
      }
      if (!result.all_finite) input.check_logits(i, row_end);
      if (!in_place) {
        if (wants_gradient) write_rows(buffer.gradient, i, row_end, gradient);
        if (with_curvature) write_rows(buffer.curvature, i, row_end, curvature);
      }
      sum += result.sum;
    }
    return sum;
  }

  /// The rows from `begin` on, where they lie; a gradient that is not wanted goes to the buffer.
  CellRun<Score> run_in_place(std::size_t begin, CellBuffer<Score>& buffer) const {
    return {&input.logits(begin, 0),
            &input.labels.bytes()(begin, 0),
            nullptr,
            wants_gradient ? &gradient(begin, 0) : buffer.gradient.data(),
            nullptr,
            input.logits.n_classes() * rows_at_once};
  }

  /// True where the gradient is written over the logits, which then cannot be shown any more.
  bool replaces_logits() const { return wants_gradient && gradient.data() == input.logits.data(); }

  /// True where runs are read and written where they lie.
  bool is_side_by_side() const {
    return !weighs_rows && input.row_weights.empty() && rows_touch(input.logits) &&
           rows_touch(input.labels.bytes()) && (!wants_gradient || rows_touch(gradient));
  }

  /// Fills the buffer with rows [begin, end), at most `rows_at_once`; the rest is missing.
  void copy_rows(std::size_t begin, std::size_t end, CellBuffer<Score>& to,
                 std::vector<double>& row_weights) const {
    const std::size_t n_classes = input.logits.n_classes();
    std::size_t j = 0;
    for (std::size_t i = begin; i < end; ++i) {
      const double weight = input.row_weight(i);
      std::fill(row_weights.begin(), row_weights.end(), weight);
      if constexpr (weighs_rows) loss.weigh_row(input.labels.row(i), row_weights.data());
      for (std::size_t k = 0; k < n_classes; ++k, ++j) {
        to.logits[j] = input.logits(i, k);
        to.labels[j] = weight > 0 ? static_cast<unsigned char>(input.labels(i, k)) : missing_byte;
        to.weights[j] = static_cast<Score>(row_weights[k]);
      }
    }
    for (; j < to.logits.size(); ++j) {
      to.logits[j] = to.weights[j] = 0;
      to.labels[j] = missing_byte;
    }
  }
};

/// The reduced loss, and its derivatives where wanted.
template <Derivatives wanted, class Score, class Loss>
MetricValue reduce_loss(MatrixView<const Score> logits, LabelMatrixView labels, const Loss& loss,
                        MatrixView<Score> gradient, MatrixView<Score> curvature,
                        const LossOptions& options, const Cpu& policy) {
  check_same_shape(logits, labels);
  check_one_per_class(loss.classes.size(), logits.n_classes(), "class terms");
  check_row_weights(options.row_weights, logits.n_samples());
  if (wanted != Derivatives::none) check_derivative_shape(logits, gradient, "gradient");
  if (wanted == Derivatives::both) check_derivative_shape(logits, curvature, "curvature");
  const Cpu threads = for_size(policy, logits.n_samples() * logits.n_classes());
  const double divisor = divisor_of(labels, options, threads);
  // Without a labelled cell all weights are 0, and so is every derivative.
  const double factor = divisor > 0 ? 1 / divisor : 0;
  const LossInput<Score> input{logits, labels, options.row_weights};
  const LossPass<Score, Loss> pass{input,
                                   loss,
                                   gradient,
                                   curvature,
                                   wanted != Derivatives::none,
                                   options.reduction != Reduction::sum,  // counted by the divisor
                                   factor,
                                   TermTable<Score>(loss.classes)};
  const double total =
      sum_over_blocks(logits.n_samples(), threads, [&](std::size_t begin, std::size_t end) {
        return pass.template sum_of_block<wanted == Derivatives::both>(begin, end);
      });
  return divisor > 0 ? MetricValue{total / divisor} : MetricValue::undefined(Undefined::no_samples);
}

}  // namespace cxrlt::detail
