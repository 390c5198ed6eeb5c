// SPDX-License-Identifier: Apache-2.0
// expect: 600 rows: macro AP 0\.[0-9]+, the mean of the batches' APs 0\.[0-9]+
// expect: scores merge, values do not: yes
// Batches of an epoch, collected by two threads and evaluated as a whole.
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cxrlt/core/random.hpp>
#include <cxrlt/evaluate.hpp>
#include <cxrlt/evaluate/score_buffer.hpp>
#include <vector>

namespace {

/// Logits and labels of a batch of two classes, one of them rare.
struct Batch {
  std::vector<float> logits;
  std::vector<cxrlt::Label> labels;
};

Batch next_batch(std::size_t n_rows, cxrlt::Random& random) {
  Batch batch;
  for (std::size_t i = 0; i < n_rows; ++i) {
    for (const double prevalence : {0.3, 0.02}) {
      const bool positive = random.uniform() < prevalence;
      batch.labels.push_back(positive ? 1 : 0);
      batch.logits.push_back(static_cast<float>(random.normal() + (positive ? 1.5 : 0)));
    }
  }
  return batch;
}

double macro_average_precision(const cxrlt::ScoreBuffer<float>& buffer) {
  cxrlt::EvaluationOptions options;
  options.scores = cxrlt::ScoreKind::logits;
  const cxrlt::Evaluation evaluation = cxrlt::evaluate(buffer.scores(), buffer.labels(), options);
  return cxrlt::find_value(evaluation.macro, "average_precision")->value.value;
}

}  // namespace

int main() {
  cxrlt::Random random(7);
  cxrlt::ScoreBuffer<float> first(2);  // of one thread
  cxrlt::ScoreBuffer<float> second(2);
  double mean = 0;
  for (int b = 0; b < 20; ++b) {
    const Batch batch = next_batch(30, random);
    cxrlt::ScoreBuffer<float>& buffer = b % 2 == 0 ? first : second;
    buffer.add({batch.logits.data(), 30, 2}, {batch.labels.data(), 30, 2});
    cxrlt::ScoreBuffer<float> alone(2);
    alone.add({batch.logits.data(), 30, 2}, {batch.labels.data(), 30, 2});
    mean += macro_average_precision(alone) / 20;
  }
  first.merge(second);
  const double all = macro_average_precision(first);
  std::printf("%zu rows: macro AP %.3f, the mean of the batches' APs %.3f\n", first.n_samples(),
              all, mean);
  std::printf("scores merge, values do not: %s\n", std::abs(all - mean) > 0.01 ? "yes" : "no");
}
