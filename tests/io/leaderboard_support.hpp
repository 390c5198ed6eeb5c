// SPDX-License-Identifier: Apache-2.0
/// A leaderboard of four submissions, made by hand, for the tests of its reports.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "cxrlt/io/leaderboard_report.hpp"

/// Two metrics, a submission without a value, one that was refused, and replicates that say who may
/// be first.
inline cxrlt::LeaderboardReport small_leaderboard(bool with_replicates = true) {
  using namespace cxrlt;
  LeaderboardReport report;
  report.options.metrics = {{"map", Direction::higher, 1}, {"ece", Direction::lower, 0}};
  const auto add = [&](const std::string& name, MetricValue map, double ece) {
    LeaderboardEntry entry;
    entry.name = name;
    entry.values = {{"map", map, {}, {}, {}, 2, 3}, {"ece", {ece}, {}, {}, {}, 3, 3}};
    report.entries.push_back(entry);
  };
  add("cedar.csv", {0.5}, 0.125);
  add("alder.csv", {0.75}, 0.0625);
  add("birch.csv", MetricValue::undefined(Undefined::no_positives), 0.25);
  add("dog,wood.csv", {0.75}, 0.125);
  if (with_replicates) {
    std::vector<double> moving;
    for (int b = 0; b < 79; ++b) moving.push_back(b % 4 == 0 ? 0.8 : 0.7);
    report.entries[0].replicates = {std::vector<double>(79, 0.5), {}};
    report.entries[1].replicates = {std::vector<double>(79, 0.75), {}};
    report.entries[2].replicates = {
        std::vector<double>(79, std::numeric_limits<double>::quiet_NaN()), {}};
    report.entries[3].replicates = {moving, {}};
  }
  report.board = make_leaderboard(report.entries, report.options);
  Problem problem;
  problem.code = "missing_class";
  problem.file = "elm.csv";
  problem.line = 1;
  problem.class_name = "Mass";
  problem.message = "no column for class 'Mass'; the closest is 'mass'";
  report.refused.push_back({"elm.csv", problem});
  report.arguments = {"leaderboard", "submissions"};
  report.inputs = {{"truth", "truth.csv", 10, 0xABU, 6}, {"predictions", "cedar.csv", 20, 1, 6}};
  report.n_samples = 1234;
  report.classes = {"Mass", "Hernia", "Edema"};
  report.seed = 7;
  report.cluster = "patient";
  report.n_units = 1000;
  Problem note;
  note.severity = Severity::note;
  note.code = "extra_id";
  note.file = "cedar.csv";
  note.message = "2 predictions without truth left out";
  report.notes.push_back(note);
  return report;
}
