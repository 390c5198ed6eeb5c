// SPDX-License-Identifier: Apache-2.0
// expect: 20000 rows, [0-9]+ positives; bins with rows: 3 of 15 equal-width, 15 equal-mass, 8 of 13 log
// expect: 0\.00032 +[0-9]+ +0\.000[0-9]+ +0\.00[0-9]+ +\[0\.0+, 0\.00[0-9]+\]  outside
// expect: ECE 0\.000[0-9]+ equal-width, 0\.00[0-9]+ equal-mass, 0\.00[0-9]+ smooth
// expect: CORP: Brier 0\.00[0-9]+ = miscalibration 0\.0000[0-9]+ - discrimination 0\.0000[0-9]+ \+
// expect: slope 0\.[345][0-9] \(0\.1[0-9]\), in the large 0\.[0-9]+ \(0\.1[0-9]\)
// The calibration of a rare class, whose probabilities are too extreme.
#include <cstdio>
#include <vector>

#include "cxrlt/core/random.hpp"
#include "cxrlt/metrics/brier_decomposition.hpp"
#include "cxrlt/metrics/calibration_error.hpp"
#include "cxrlt/metrics/calibration_slope.hpp"
#include "cxrlt/metrics/consistency_bands.hpp"
#include "cxrlt/metrics/smooth_ece.hpp"

namespace {

std::size_t n_filled(const cxrlt::CalibrationBins& result) {
  std::size_t n = 0;
  for (const cxrlt::CalibrationBin& bin : result.bins) n += bin.count > 0 ? 1 : 0;
  return n;
}

}  // namespace

int main() {
  constexpr std::size_t n = 20000;
  std::vector<double> p(n);
  std::vector<cxrlt::Label> labels(n);
  std::size_t n_positive = 0;
  cxrlt::Random random(4);
  for (std::size_t i = 0; i < n; ++i) {
    const double z = 0.5 * random.normal();
    p[i] = cxrlt::sigmoid(2 * z - 6);  // the truth is sigmoid(z - 5.6)
    labels[i] = random.uniform() < cxrlt::sigmoid(z - 5.6) ? 1 : 0;
    n_positive += labels[i] == 1 ? 1 : 0;
  }
  const cxrlt::ColumnView<const double> scores(p);

  const auto equal_width = cxrlt::reliability_bins(scores, labels);
  const auto equal_mass = cxrlt::equal_mass_bins(scores, labels);
  const auto tail = cxrlt::log_bins(scores, labels);
  const auto bands = cxrlt::consistency_bands(scores, labels, tail);
  std::printf(
      "%zu rows, %zu positives; bins with rows: %zu of 15 equal-width, %zu equal-mass, "
      "%zu of 13 log\n",
      n, n_positive, n_filled(equal_width), n_filled(equal_mass), n_filled(tail));

  std::printf("  from      rows  mean p   rate     95 %% band if calibrated\n");
  for (std::size_t k = 0; k < tail.bins.size(); ++k) {
    const cxrlt::CalibrationBin& bin = tail.bins[k];
    if (bin.count == 0) continue;
    const bool inside = bin.observed_rate >= bands[k].lower && bin.observed_rate <= bands[k].upper;
    std::printf("%8.5f  %6zu  %.5f  %.5f  [%.5f, %.5f]%s\n", bin.lower,
                static_cast<std::size_t>(bin.count), bin.mean_probability, bin.observed_rate,
                bands[k].lower, bands[k].upper, inside ? "" : "  outside");
  }

  std::printf("ECE %.5f equal-width, %.5f equal-mass, %.5f smooth\n", cxrlt::ece(equal_width).value,
              cxrlt::ece(equal_mass).value, cxrlt::smooth_ece(scores, labels).value);
  const auto parts = cxrlt::corp_decomposition(scores, labels);
  std::printf("CORP: Brier %.6f = miscalibration %.6f - discrimination %.6f + uncertainty %.6f\n",
              parts.brier, parts.miscalibration, parts.discrimination, parts.uncertainty);
  const auto fit = cxrlt::calibration_slope(scores, labels);
  std::printf("slope %.2f (%.2f), in the large %.2f (%.2f)\n", fit.slope.value.value,
              fit.slope.standard_error, fit.in_the_large.value.value,
              fit.in_the_large.standard_error);
}
