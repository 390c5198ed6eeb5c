// SPDX-License-Identifier: Apache-2.0
// run: {source}/data/predictions.csv {source}/data/truth.csv
// expect: note: predictions\.csv: the classes stand in another order
// expect: Effusion 3 of 6 positive, AP 0\.917
// expect: Hernia   0 of 5 positive, AP undefined \(no_positives\)
// Scores one CSV against another: rows join by id, columns by class name.
#include <cstdio>
#include <string>

#include "cxrlt/io/evaluate_dataset.hpp"
#include "cxrlt/io/load_dataset.hpp"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: score_csv_pair PREDICTIONS TRUTH\n");
    return 1;
  }
  try {
    cxrlt::DatasetOptions files;
    files.predictions = argv[1];
    files.truth = argv[2];
    files.other_columns = {"view"};
    const cxrlt::Dataset data = cxrlt::load_dataset(files);
    for (const auto& note : data.notes) std::printf("note: %s\n", describe(note).c_str());

    const auto report = cxrlt::evaluate(data);
    for (const auto& one : report.classes) {
      const auto ap = cxrlt::find_value(one.values, "average_precision")->value;
      std::printf("%-8s %d of %d positive, AP ", one.name.c_str(), static_cast<int>(one.n_positive),
                  static_cast<int>(one.n_labelled()));
      if (ap.defined()) {
        std::printf("%.3f\n", ap.value);
      } else {
        std::printf("undefined (%s)\n", std::string(to_string(ap.why)).c_str());
      }
    }
  } catch (const cxrlt::DataError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
