// SPDX-License-Identifier: Apache-2.0
// run: --repetitions 6 --rows 2000
// expect: with 3 positives Platt loses less than isotonic in every case: yes
// expect: temperature per class loses least of logits that are only too sure: yes
// What a calibration fitted on few positives is worth: the log loss that it adds to that of the
// true probabilities, on endless test data, in nats per positive. Classes of 3 to 200 expected
// positives are fitted together, so that one temperature can be shared.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <numbers>
#include <string>
#include <vector>

#include "cxrlt/calibration/calibration_method.hpp"
#include "cxrlt/calibration/calibration_model.hpp"
#include "cxrlt/core/class_matrix.hpp"
#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/core/types.hpp"

namespace {

constexpr double kSeparation = 1.8;  // of positives from negatives, in units of the noise

constexpr std::array<double, 7> expected_positives{3, 5, 10, 20, 50, 100, 200};

/// How the given logits come from the true log-odds z.
struct Case {
  const char* name;
  double slope;
  double offset;
  bool heavy;  ///< noise is logistic, and the logits take it for normal
};

constexpr std::array cases{
    Case{"calibrated: z", 1, 0, false}, Case{"too sure: 1.5 z", 1.5, 0, false},
    Case{"too high: z + 2", 1, 2, false}, Case{"heavy tails taken for normal", 1, 0, true}};

/// The logarithm of the density of the noise at x, without its constant.
double log_density(bool heavy, double x) {
  return heavy ? -kSeparation * x - 2 * cxrlt::softplus(-kSeparation * x) + std::log(kSeparation)
               : -x * x / 2 - std::log(2 * std::numbers::pi) / 2;
}

double true_logit(bool heavy, double x, double prior) {
  return prior + log_density(heavy, x - kSeparation) - log_density(heavy, x);
}

double given_logit(const Case& distorted, double x, double prior) {
  const double z = prior + kSeparation * x - kSeparation * kSeparation / 2;
  return distorted.slope * z + distorted.offset;
}

double draw_noise(bool heavy, cxrlt::Random& random) {
  return heavy ? cxrlt::logit(random.uniform() + 0x1p-54) / kSeparation : random.normal();
}

/// By how much log loss grows where p stands for the true probability q; p is kept off 0 and 1 as
/// `log_loss` does.
double excess(double q, double p) {
  p = std::clamp(p, 0x1p-52, 1 - 0x1p-52);
  return q * std::log(q / p) + (1 - q) * std::log((1 - q) / (1 - p));
}

struct Sample {
  cxrlt::ClassMatrix<double> logits;
  cxrlt::ClassMatrix<cxrlt::Label> labels;
};

double prior_of(double positives, std::size_t n_rows) {
  return cxrlt::logit(positives / static_cast<double>(n_rows));
}

Sample draw(const Case& distorted, std::size_t n_rows, cxrlt::Random random) {
  constexpr std::size_t n_classes = expected_positives.size();
  Sample sample{cxrlt::ClassMatrix<double>(n_rows, n_classes),
                cxrlt::ClassMatrix<cxrlt::Label>(n_rows, n_classes)};
  for (std::size_t k = 0; k < n_classes; ++k) {
    const double prior = prior_of(expected_positives[k], n_rows);
    for (std::size_t i = 0; i < n_rows; ++i) {
      const bool positive = random.uniform() < cxrlt::sigmoid(prior);
      const double x = draw_noise(distorted.heavy, random) + (positive ? kSeparation : 0);
      sample.labels[k][i] = positive ? 1 : 0;
      sample.logits[k][i] = given_logit(distorted, x, prior);
    }
  }
  return sample;
}

/// Points that stand for endless data: at x = -10, -9.98, ..., 14.
constexpr std::size_t n_points = 1201;
constexpr double spacing = 0.02;

double point(std::size_t i) {
  return -10 + spacing * static_cast<double>(i);
}

cxrlt::ClassMatrix<double> logits_of_points(const Case& distorted, std::size_t n_rows) {
  cxrlt::ClassMatrix<double> logits(n_points, expected_positives.size());
  for (std::size_t k = 0; k < expected_positives.size(); ++k) {
    const double prior = prior_of(expected_positives[k], n_rows);
    for (std::size_t i = 0; i < n_points; ++i) {
      logits[k][i] = given_logit(distorted, point(i), prior);
    }
  }
  return logits;
}

using PerClass = std::array<double, expected_positives.size()>;

/// The excess of probabilities at the points, per positive.
PerClass excess_of(const cxrlt::ClassMatrix<double>& probabilities, const Case& distorted,
                   std::size_t n_rows) {
  PerClass result{};
  for (std::size_t k = 0; k < result.size(); ++k) {
    const double prior = prior_of(expected_positives[k], n_rows);
    const double prevalence = cxrlt::sigmoid(prior);
    for (std::size_t i = 0; i < n_points; ++i) {
      const double x = point(i);
      const double density = prevalence * std::exp(log_density(distorted.heavy, x - kSeparation)) +
                             (1 - prevalence) * std::exp(log_density(distorted.heavy, x));
      const double q = cxrlt::sigmoid(true_logit(distorted.heavy, x, prior));
      result[k] += spacing * density * excess(q, probabilities[k][i]) / prevalence;
    }
  }
  return result;
}

PerClass excess_of_fit(cxrlt::CalibrationMethod method, const Sample& sample,
                       const Case& distorted) {
  const std::size_t n_rows = sample.logits.n_samples();
  const std::vector<std::string> names{"3", "5", "10", "20", "50", "100", "200"};
  cxrlt::CalibrationOptions options;
  options.method = method;
  options.scores = cxrlt::ScoreKind::logits;
  const auto model =
      cxrlt::fit_calibration(sample.logits.view(), sample.labels.view(), names, options);
  return excess_of(cxrlt::apply_calibration(model, logits_of_points(distorted, n_rows).view()),
                   distorted, n_rows);
}

/// Means over repetitions and their standard errors.
struct Estimates {
  PerClass mean{};
  PerClass error{};
};

Estimates estimate(const std::vector<PerClass>& values) {
  const double n = static_cast<double>(values.size());
  Estimates result;
  for (std::size_t k = 0; k < result.mean.size(); ++k) {
    for (const PerClass& one : values) result.mean[k] += one[k] / n;
    for (const PerClass& one : values) result.error[k] += std::pow(one[k] - result.mean[k], 2);
    result.error[k] = std::sqrt(result.error[k] / (n - 1) / n);
  }
  return result;
}

void print(const std::string& name, const Estimates& values) {
  std::printf("  %-22s", name.c_str());
  for (std::size_t k = 0; k < values.mean.size(); ++k) {
    std::printf(" %6.3f", std::max(values.mean[k], 0.0));
    if (values.error[k] > 0) {
      std::printf(" +-%5.3f", values.error[k]);
    } else {
      std::printf("        ");
    }
  }
  std::printf("\n");
}

/// What no fit at all gives: the logits as they are, and the same probability for every row.
void print_references(const Case& distorted, std::size_t n_rows) {
  const auto logits = logits_of_points(distorted, n_rows);
  const auto given = cxrlt::as_probabilities(logits.view(), cxrlt::ScoreKind::logits);
  print("as given", {excess_of(given, distorted, n_rows), {}});
  cxrlt::ClassMatrix<double> constant(n_points, expected_positives.size());
  for (std::size_t k = 0; k < expected_positives.size(); ++k) {
    const double prevalence = expected_positives[k] / static_cast<double>(n_rows);
    std::fill(constant[k].begin(), constant[k].end(), prevalence);
  }
  print("the true prevalence", {excess_of(constant, distorted, n_rows), {}});
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t n_repetitions = 20;
  std::size_t n_rows = 2000;
  std::uint64_t seed = 1;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    if (name == "--repetitions") n_repetitions = std::stoul(argv[i + 1]);
    if (name == "--rows") n_rows = std::stoul(argv[i + 1]);
    if (name == "--seed") seed = std::stoul(argv[i + 1]);
  }
  std::printf("%zu rows, %zu repetitions, seed %llu; nats per positive above the true log loss\n",
              n_rows, n_repetitions, static_cast<unsigned long long>(seed));
  bool platt_beats_isotonic = true;
  bool one_number_is_least = true;
  for (std::size_t c = 0; c < cases.size(); ++c) {
    const Case& distorted = cases[c];
    std::printf("%-24s", distorted.name);
    for (const double n : expected_positives) std::printf(" %6.0f        ", n);
    std::printf("\n");
    print_references(distorted, n_rows);
    std::vector<std::vector<PerClass>> values(cxrlt::calibration_methods.size(),
                                              std::vector<PerClass>(n_repetitions));
    cxrlt::parallel_for(n_repetitions, {}, [&](std::size_t r) {
      const Sample sample = draw(distorted, n_rows, cxrlt::Random(seed, c * 1'000'000 + r));
      for (std::size_t m = 0; m < values.size(); ++m) {
        values[m][r] = excess_of_fit(cxrlt::calibration_methods[m].first, sample, distorted);
      }
    });
    double platt = 0;
    double isotonic = 0;
    double temperature = 0;
    double least_of_others = 1e300;
    for (std::size_t m = 0; m < values.size(); ++m) {
      const auto [method, name] = cxrlt::calibration_methods[m];
      const Estimates of = estimate(values[m]);
      print(std::string(name), of);
      if (method == cxrlt::CalibrationMethod::platt) platt = of.mean[0];
      if (method == cxrlt::CalibrationMethod::isotonic) isotonic = of.mean[0];
      if (method == cxrlt::CalibrationMethod::temperature_per_class) {
        temperature = of.mean[0];
      } else if (method != cxrlt::CalibrationMethod::temperature) {
        least_of_others = std::min(least_of_others, of.mean[0]);
      }
    }
    platt_beats_isotonic = platt_beats_isotonic && platt < isotonic;
    if (distorted.slope != 1) one_number_is_least = temperature < least_of_others;
  }
  std::printf("with 3 positives Platt loses less than isotonic in every case: %s\n",
              platt_beats_isotonic ? "yes" : "NO");
  std::printf("temperature per class loses least of logits that are only too sure: %s\n",
              one_number_is_least ? "yes" : "NO");
  return platt_beats_isotonic && one_number_is_least ? 0 : 1;
}
