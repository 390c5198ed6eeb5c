// SPDX-License-Identifier: Apache-2.0
// run: --repetitions 22 --rows 500 --positives 4,10
// expect: never worse than best by more than 0\.01: yes
// expect: better with 10 positives or fewer, normal noise: yes
// What thresholds chosen on few positives are worth: the F1 that each method's threshold has on
// endless test data, exact from the distribution of scores. Validation sets have a fixed number of
// positives. Scores are logits, and may mislead: by noise of three kinds, and by a line
// z -> a z + b. `best`, `match` and `shrink` see ranks only, so no line changes them.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <numbers>
#include <string>
#include <vector>

#include "cxrlt/core/logistic.hpp"
#include "cxrlt/core/matrix_view.hpp"
#include "cxrlt/core/parallel.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/thresholds/tail_safe.hpp"

namespace {

constexpr double kSeparation = 1.8;  // of positives from negatives, in their common spread

enum class Noise {
  normal,
  logistic,
  student
};  // logistic: scale 1 / 1.8; Student's t with 3 degrees

/// Where logits come from. Calibrated ones are the true log-odds; the others take the noise for
/// normal.
struct Model {
  const char* name;
  Noise noise;
  bool calibrated;
};

constexpr std::array models{
    Model{"normal", Noise::normal, true}, Model{"logistic", Noise::logistic, true},
    Model{"logistic, taken for normal", Noise::logistic, false}, Model{"t3", Noise::student, true},
    Model{"t3, taken for normal", Noise::student, false}};

struct Line {
  double slope;
  double offset;
};
constexpr std::array<Line, 12> lines{{{1, 0},
                                      {1, -1},
                                      {1, 2},
                                      {1, 4},
                                      {0.5, 0},
                                      {0.5, -1},
                                      {0.5, 2},
                                      {0.5, 4},
                                      {1.5, 0},
                                      {1.5, -1},
                                      {1.5, 2},
                                      {1.5, 4}}};

/// The probability that the noise exceeds x.
double noise_above(Noise noise, double x) {
  if (noise == Noise::normal) return std::erfc(x / std::numbers::sqrt2) / 2;
  if (noise == Noise::logistic) return cxrlt::sigmoid(-kSeparation * x);
  const double u = x / std::numbers::sqrt3;
  return 0.5 - (u / (1 + u * u) + std::atan(u)) / std::numbers::pi;
}

double draw_noise(Noise noise, cxrlt::Random& random) {
  if (noise == Noise::normal) return random.normal();
  if (noise == Noise::logistic) return cxrlt::logit(random.uniform() + 0x1p-54) / kSeparation;
  double squares = 0;
  for (int i = 0; i < 3; ++i) squares += std::pow(random.normal(), 2);
  return random.normal() / std::sqrt(squares / 3);
}

/// The log likelihood ratio of x, as the model sees it.
double evidence(const Model& model, double x) {
  const double d = kSeparation;
  if (!model.calibrated || model.noise == Noise::normal) return d * x - d * d / 2;
  if (model.noise == Noise::logistic)
    return d * d + 2 * (cxrlt::softplus(-d * x) - cxrlt::softplus(-d * (x - d)));
  return 2 * (std::log1p(x * x / 3) - std::log1p((x - d) * (x - d) / 3));
}

/// The probability that `evidence` is at least t, of a positive (shift = kSeparation) or a negative
/// (0).
double evidence_above(const Model& model, double t, double shift) {
  const double d = kSeparation;
  const auto above = [&](double x) { return noise_above(model.noise, x - shift); };
  if (!model.calibrated || model.noise == Noise::normal) return above((t + d * d / 2) / d);
  if (model.noise == Noise::logistic) {
    const double q = std::exp((t - d * d) / 2);  // (1 + e^-dx) / (1 + e^-d(x - d))
    if (q >= 1) return 0;
    if (q <= std::exp(-d * d)) return 1;
    return above(-std::log((1 - q) / (q * std::exp(d * d) - 1)) / d);
  }
  // 3 + x^2 >= g (3 + (x - d)^2): a x^2 + 2 b x + c >= 0.
  const double g = std::exp(t / 2);
  const double a = 1 - g;
  const double b = g * d;
  const double c = 3 - g * (3 + d * d);
  if (std::abs(a) < 1e-12) return above(-c / (2 * b));
  if (b * b < a * c) return a > 0 ? 1 : 0;
  const double root = std::sqrt(b * b - a * c);
  const auto [low, high] = std::minmax({(-b - root) / a, (-b + root) / a});
  const double between = above(low) - above(high);
  return a > 0 ? 1 - between : between;
}

struct Setting {
  Model model;
  std::size_t n_rows;
  std::size_t n_positive;

  double prior() const {
    return std::log(static_cast<double>(n_positive) / static_cast<double>(n_rows - n_positive));
  }
  /// F1 on endless test data, where logits from t on are predicted.
  double test_f1(double t) const {
    const double positives = static_cast<double>(n_positive);
    const double tp = positives * evidence_above(model, t - prior(), kSeparation);
    const double fp =
        static_cast<double>(n_rows - n_positive) * evidence_above(model, t - prior(), 0);
    return 2 * tp / (positives + tp + fp);
  }
  double highest_f1() const {
    double highest = 0;
    for (double t = -25; t < 60; t += 0.01) highest = std::max(highest, test_f1(t));
    return highest;
  }
};

/// What one validation set leads to: test F1 of the thresholds chosen there. `on_line` is of the
/// same rows, distorted by `lines[line]`.
struct Run {
  double apparent = 0;
  double cross_validated = 0;
  double best = 0;
  double match = 0;
  double shrink = 0;
  double plug_in = 0;
  double automatic = 0;
  double automatic_on_line = 0;
  std::size_t line = 0;
};

Run run(const Setting& setting, std::size_t line, cxrlt::Random random) {
  std::vector<double> logits(setting.n_rows);
  std::vector<cxrlt::Label> labels(setting.n_rows);
  for (std::size_t i = 0; i < setting.n_rows; ++i) {
    labels[i] = i < setting.n_positive ? 1 : 0;
    const double x = draw_noise(setting.model.noise, random) + (labels[i] == 1 ? kSeparation : 0);
    logits[i] = evidence(setting.model, x) + setting.prior();
  }
  const auto choose = [&](cxrlt::ThresholdMethod method) {
    cxrlt::ThresholdOptions options;
    options.method = method;
    options.scores = cxrlt::ScoreKind::logits;
    return cxrlt::choose_threshold(cxrlt::ColumnView<const double>(logits), labels, options);
  };
  const auto tested = [&](cxrlt::ThresholdMethod method) {
    return setting.test_f1(choose(method).threshold);
  };
  using Method = cxrlt::ThresholdMethod;
  const cxrlt::ChosenThreshold best = choose(Method::best);
  Run result{best.apparent.value, best.cross_validated.value, setting.test_f1(best.threshold)};
  result.match = tested(Method::match);
  result.shrink = tested(Method::shrink);
  result.plug_in = tested(Method::plug_in);
  result.automatic = tested(Method::automatic);
  result.line = line;
  const auto [slope, offset] = lines[line];
  for (double& z : logits) z = slope * z + offset;
  const double threshold = choose(Method::automatic).threshold;
  result.automatic_on_line = setting.test_f1((threshold - offset) / slope);
  return result;
}

/// A mean and its standard error.
struct Estimate {
  double mean = 0;
  double error = 0;
};

template <class Value>
Estimate mean_over(const std::vector<Run>& runs, const Value& value) {
  const double n = static_cast<double>(runs.size());
  double sum = 0;
  for (const Run& one : runs) sum += value(one);
  double squares = 0;
  for (const Run& one : runs) squares += std::pow(value(one) - sum / n, 2);
  return {sum / n, std::sqrt(squares / (n - 1) / n)};
}

/// auto - best, undistorted, and its lowest and highest mean over the distortions. What a
/// distortion changes is measured on the rows that it was tried on, and is added to the mean of
/// all.
struct Gains {
  Estimate undistorted;
  Estimate lowest;
  Estimate highest;
};

Gains gains_of(const std::vector<Run>& runs) {
  Gains gains;
  gains.undistorted = mean_over(runs, [](const Run& one) { return one.automatic - one.best; });
  gains.lowest = gains.highest = gains.undistorted;
  for (std::size_t line = 1; line < lines.size(); ++line) {
    std::vector<Run> tried;
    for (const Run& one : runs) {
      if (one.line == line) tried.push_back(one);
    }
    if (tried.size() < 2) continue;
    const Estimate change =
        mean_over(tried, [](const Run& one) { return one.automatic_on_line - one.automatic; });
    const Estimate distorted{gains.undistorted.mean + change.mean,
                             std::hypot(gains.undistorted.error, change.error)};
    if (distorted.mean < gains.lowest.mean) gains.lowest = distorted;
    if (distorted.mean > gains.highest.mean) gains.highest = distorted;
  }
  return gains;
}

void print(const Setting& setting, const std::vector<Run>& runs, const Gains& gains) {
  std::printf("%-26s %4zu  %.3f ", setting.model.name, setting.n_positive, setting.highest_f1());
  for (const auto field : {&Run::apparent, &Run::cross_validated, &Run::best, &Run::match,
                           &Run::shrink, &Run::plug_in, &Run::automatic}) {
    std::printf("%9.3f", mean_over(runs, [&](const Run& one) { return one.*field; }).mean);
  }
  double lowest = 1;
  double highest = 0;
  for (const Line& line : lines) {
    lowest = std::min(lowest, setting.test_f1(-line.offset / line.slope));
    highest = std::max(highest, setting.test_f1(-line.offset / line.slope));
  }
  std::printf("  %+.4f +- %.4f  %+.4f to %+.4f  %.3f to %.3f\n", gains.undistorted.mean,
              gains.undistorted.error, gains.lowest.mean, gains.highest.mean, lowest, highest);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t n_repetitions = 20;
  std::size_t n_rows = 2000;
  std::vector<std::size_t> positives{3, 5, 10, 20, 50};
  std::uint64_t seed = 1;
  int n_threads = 0;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    std::string value = argv[i + 1];
    if (name == "--repetitions") n_repetitions = std::stoul(value);
    if (name == "--rows") n_rows = std::stoul(value);
    if (name == "--seed") seed = std::stoul(value);
    if (name == "--threads") n_threads = std::stoi(value);
    if (name != "--positives") continue;
    positives.clear();
    std::replace(value.begin(), value.end(), ',', ' ');
    for (char* next = value.data(); *next != '\0';)
      positives.push_back(std::strtoul(next, &next, 10));
  }

  std::printf("%zu rows, %zu repetitions, seed %llu\n%-26s   n+  oracle", n_rows, n_repetitions,
              static_cast<unsigned long long>(seed), "scores");
  for (const char* name : {"apparent", "cv", "best", "match", "shrink", "plug-in", "auto"}) {
    std::printf("%9s", name);
  }
  std::printf("  auto - best        over 12 lines       0.5 over 12 lines\n");
  Estimate worst{1, 0};
  bool better = !positives.empty();
  for (std::size_t m = 0; m < models.size(); ++m) {
    for (const std::size_t n_positive : positives) {
      const Setting setting{models[m], n_rows, n_positive};
      std::vector<Run> runs(n_repetitions);
      cxrlt::parallel_for(n_repetitions, {n_threads}, [&](std::size_t r) {
        const std::uint64_t stream = (m * n_rows + n_positive) * 1'000'000 + r;
        runs[r] = run(setting, 1 + r % (lines.size() - 1), cxrlt::Random(seed, stream));
      });
      const Gains gains = gains_of(runs);
      print(setting, runs, gains);
      if (gains.lowest.mean < worst.mean) worst = gains.lowest;
      if (m == 0 && n_positive <= 10) better = better && gains.lowest.mean > 2 * gains.lowest.error;
    }
  }
  const bool is_safe = worst.mean >= -0.01;
  std::printf("worst of all: auto - best = %+.4f +- %.4f\n", worst.mean, worst.error);
  std::printf("never worse than best by more than 0.01: %s\n", is_safe ? "yes" : "NO");
  std::printf("better with 10 positives or fewer, normal noise: %s\n", better ? "yes" : "NO");
  return is_safe && better ? 0 : 1;
}
