// SPDX-License-Identifier: Apache-2.0
#include "cli/ensemble_models.hpp"

#include <algorithm>
#include <cxrlt/ensemble/combine.hpp>
#include <cxrlt/ensemble/diversity.hpp>
#include <cxrlt/io/check_probabilities.hpp>
#include <cxrlt/io/model_weights.hpp>
#include <cxrlt/io/write_predictions.hpp>
#include <span>
#include <utility>
#include <variant>

#include "cli/ensemble_steps.hpp"
#include "cli/progress.hpp"

namespace cxrlt::cli {

namespace {

/// Rows of each model that are kept to say how much models differ.
constexpr std::size_t kComparedRows = 512;

/// Every so manyth row.
std::vector<std::size_t> some_rows(std::span<const std::size_t> order) {
  const std::size_t n = std::min(order.size(), kComparedRows);
  std::vector<std::size_t> rows;
  for (std::size_t j = 0; j < n; ++j) rows.push_back(order[j * order.size() / n]);
  return rows;
}

/// Tells logits from probabilities by what all files hold: a file of a hundred values or more, none
/// of them outside [0, 1], is of another kind than one with some.
class ScaleCheck {
 public:
  void take(const Predictions& model) {
    constexpr std::size_t least_cells = 100;
    if (model.n_samples * model.class_names.size() < least_cells) return;
    const bool outside = model.visit_scores([](const auto& scores) {
      for (std::size_t k = 0; k < scores.n_classes(); ++k) {
        for (std::size_t i = 0; i < scores.n_samples(); ++i) {
          if (!detail::near_unit_interval(static_cast<double>(scores(i, k)))) return true;
        }
      }
      return false;
    });
    std::string& first = outside ? outside_ : inside_;
    if (first.empty()) first = model.input.file;
    if (inside_.empty() || outside_.empty()) return;
    Problem problem;
    problem.code = "not_logits";
    problem.file = inside_;
    problem.message = "all values lie in [0, 1], as probabilities do, but those of " + outside_ +
                      " do not; expected logits in both";
    throw DataError(std::move(problem));
  }

 private:
  std::string inside_;
  std::string outside_;
};

/// The file's name, with its place where another bears it, too: `fold.csv (2)`.
std::string distinct_name(const std::string& file, const std::vector<EnsembleMember>& members) {
  const bool is_taken = std::any_of(members.begin(), members.end(),
                                    [&](const auto& member) { return member.file == file; });
  return is_taken ? file + " (" + std::to_string(members.size() + 1) + ")" : file;
}

/// Takes the models in, one by one.
class ModelReader {
 public:
  ModelReader(const EnsembleArguments& arguments, const EnsemblePlan& plan)
      : arguments_(arguments),
        plan_(plan),
        policy_{arguments.data.threads},
        kind_(score_kind(arguments.data)),
        result_{PredictionJoin(ensemble_reading(arguments, plan), plan.wanted_ids),
                {},
                {},
                {},
                {},
                {}} {}

  CombinedModels read() && {
    {
      Progress progress("reading", arguments_.files.size(), arguments_.output.quiet);
      for (const std::string& file : arguments_.files) {
        take(result_.join.read(file, policy_));
        progress.step();
      }
    }
    if (plan_.search) search();
    combine();
    compare_models();
    return std::move(result_);
  }

 private:
  void take(const Predictions& model) {
    const bool needs_scale = plan_.rule.method != CombineMethod::rank;
    if (arguments_.data.logits && needs_scale) scale_.take(model);
    if (!combiner_) begin();
    EnsembleReport& report = result_.report;
    EnsembleMember member{distinct_name(model.input.file, report.members), {}};
    report.inputs.push_back(model.input);
    add_new_notes(model.notes, report.notes);
    model.visit_scores([&](const auto& scores) {
      compared_.push_back(detail::rows_in_order(scores, compared_rows_));
    });
    if (plan_.search) {
      check_are_probabilities(model);
      measured_.push_back(result_.truth->rows_of(model));
      kept_.push_back(model.scores);
    } else {
      if (result_.truth) {
        member.value = result_.truth->value_of_model(result_.truth->rows_of(model));
      }
      add_model(report.members.size(), model);
    }
    report.members.push_back(std::move(member));
  }

  /// What the first file settles: rows and classes.
  void begin() {
    const PredictionJoin& join = result_.join;
    check_output_name(arguments_.output.path, join.is_array());
    check_steps(arguments_, plan_, join.class_names());
    result_.order = join.stable_order();
    compared_rows_ = some_rows(result_.order);
    if (!arguments_.data.truth.empty()) {
      result_.truth.emplace(arguments_, plan_, join, result_.order);
    }
    combiner_.emplace(join.n_samples(), join.class_names().size(), plan_.rule, kind_);
    if (!takes_weights(plan_.rule.method)) return;
    weights_.assign(arguments_.files.size(), {1.0});
    for (std::size_t m = 0; m < plan_.weights.size(); ++m) weights_[m] = {plan_.weights[m]};
    if (arguments_.weights.starts_with('@')) {
      weights_ = read_model_weights(arguments_.weights.substr(1), join.class_names(),
                                    arguments_.files.size());
    }
  }

  /// Not of ranks, which need no common scale.
  void check_are_probabilities(const Predictions& model) const {
    if (arguments_.data.logits || plan_.rule.method == CombineMethod::rank) return;
    check_probabilities(model, model.input.file, policy_);
  }

  void add_model(std::size_t m, const Predictions& model) {
    try {
      add(m, model.scores);
    } catch (const InvalidArgument&) {
      check_are_probabilities(model);  // says where it stands in which file
      throw;
    }
  }

  void add(std::size_t m, const StoredScores& scores) {
    const std::span<const double> weights =
        weights_.empty() ? std::span<const double>() : weights_[m];
    std::visit([&](const auto& matrix) { combiner_->add(matrix.view(), weights, policy_); },
               scores);
  }

  void search() {
    NamedEnsembleSearch named{plan_.search->strategy, plan_.search->per_class,
                              result_.truth->search(measured_, *plan_.search)};
    measured_.clear();
    weights_ = named.search.weights;
    for (std::size_t m = 0; m < kept_.size(); ++m) {
      result_.report.members[m].value = named.search.singles[m];
    }
    result_.report.search = std::move(named);
    for (std::size_t m = 0; m < kept_.size(); ++m) add(m, kept_[m]);
    kept_.clear();
  }

  void combine() {
    EnsembleReport& report = result_.report;
    for (std::size_t m = 0; m < weights_.size(); ++m) report.members[m].weights = weights_[m];
    CombinedScores combined = std::move(*combiner_).finish(policy_);
    combiner_.reset();
    report.n_clipped = combined.n_clipped;
    result_.scores = std::move(combined.scores);
    if (!std::is_sorted(result_.order.begin(), result_.order.end())) {
      result_.scores = detail::rows_in_order<double>(result_.scores.view(), result_.order);
    }
    if (!result_.join.is_array()) {
      for (const std::size_t row : result_.order) result_.ids.push_back(result_.join.ids()[row]);
    }
    if (!result_.truth) return;
    report.value = result_.truth->value_of(result_.scores.view());
  }

  void compare_models() {
    std::vector<MatrixView<const double>> views;
    for (const ClassMatrix<double>& model : compared_) views.push_back(model.view());
    const std::vector<double> threshold{kind_ == ScoreKind::logits ? 0.0 : 0.5};
    result_.report.pairs = model_diversity(views, threshold, policy_);
    result_.report.n_compared = compared_rows_.size();
  }

  const EnsembleArguments& arguments_;
  const EnsemblePlan& plan_;
  Cpu policy_;
  ScoreKind kind_;
  CombinedModels result_;
  ScaleCheck scale_;
  std::vector<std::vector<double>> weights_;  ///< of each model; none where it takes none
  std::optional<Combiner> combiner_;
  std::vector<StoredScores> kept_;             ///< models, where weights are searched
  std::vector<ClassMatrix<double>> measured_;  ///< the same, rows with a truth alone
  std::vector<std::size_t> compared_rows_;
  std::vector<ClassMatrix<double>> compared_;  ///< some rows of each model
};

}  // namespace

CombinedModels combine_files(const EnsembleArguments& arguments, const EnsemblePlan& plan) {
  return ModelReader(arguments, plan).read();
}

}  // namespace cxrlt::cli
