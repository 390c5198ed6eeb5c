// SPDX-License-Identifier: Apache-2.0
/// Reports of adjustments: as a page, as JSON, as CSV.
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/io/adjustment_json.hpp"
#include "cxrlt/io/adjustment_page.hpp"
#include "io/io_support.hpp"

using namespace cxrlt;
using nlohmann::json;

namespace {

AdjustmentReport plain_report() {
  AdjustmentReport report;
  report.inputs = {{"predictions", "p.csv", 10, 0x12ABU, 1620}};
  report.n_samples = 1620;
  report.class_names = {"Mass", "Her,nia"};
  report.counts = {{3000, 0}, 142'928, "a paper"};
  report.tau = 0.5;
  report.classes.resize(2);
  report.classes[0].shift.value = 1.25;
  report.classes[0].order = {1000, 1000, 0, 0};
  report.classes[1].shift.why = Undefined::no_positives;
  report.classes[1].order = {900, 897, 5, 0};
  return report;
}

AdjustmentReport estimated_report() {
  AdjustmentReport report = plain_report();
  report.tau.reset();
  report.method = AdjustmentMethod::black_box;
  report.classes[0].target = TargetPrior{{0}, 0.5 / 1620, Interval{0, 0.01, 0.9}, {}, {}, -0.002};
  report.classes[1].target = TargetPrior{MetricValue::undefined(Undefined::not_estimable)};
  report.classes[1].target->unclipped = std::numeric_limits<double>::quiet_NaN();
  return report;
}

}  // namespace

TEST_CASE("the page of a logit adjustment", "[adjustment_report]") {
  const std::string page = to_text(adjustment_page(plain_report()));
  CHECK(contains(page, "p.csv: 1,620 samples, 2 classes, logit adjustment with tau = 0.5\n"));
  CHECK(contains(page, "Mass           3,000  0.021          +1.250\n"));
  CHECK(contains(page, "Her,nia            0      0               -\n"));
  CHECK(contains(page, "Training counts: a paper, of 142,928 samples."));
  CHECK(contains(page, "Her,nia: no training positives; its probabilities stay as they are"));
  CHECK(contains(page,
                 "But rounding changed it in Her,nia: 5 rows are newly tied (900 distinct "
                 "scores became 897)."));
  CHECK_FALSE(contains(page, "changed it in Mass"));
  CHECK_FALSE(contains(page, "exchanged"));
  CHECK_FALSE(contains(page, "Search"));
  AdjustmentReport reversed = plain_report();
  reversed.classes[1].order.n_reversed = 2;
  CHECK(contains(to_text(adjustment_page(reversed)), "became 897), 2"));
}

TEST_CASE("the page of a search", "[adjustment_report]") {
  AdjustmentReport report = plain_report();
  TauSearch search;
  search.tau = 0.55;
  search.value = {0.4375};
  search.unadjusted = {0.25};
  search.curve = {{0, {0.25}}, {0.5, {0.375}}, {0.54, {0.4}}, {0.55, {0.4375}}, {1, {0.3}}};
  report.search = NamedTauSearch{"micro:f1", search, {.largest = 1, .n_steps = 2}};
  std::string page = to_text(adjustment_page(report));
  CHECK(contains(page, "Search for tau\n"));
  CHECK(contains(page, "0.55*  0.437500\n"));
  CHECK(contains(page, "  0.5  0.375000\n"));
  CHECK_FALSE(contains(page, "0.54 "));
  CHECK(contains(page, "* the best of 5 values of tau: 0.437500, +0.187500 from tau = 0."));
  CHECK_FALSE(contains(page, "largest"));
  report.search->search.is_largest = true;
  CHECK(contains(to_text(adjustment_page(report)), "a larger one might be better"));
  const json written = json::parse(adjustment_json(report));
  CHECK(written.at("tau") == 0.5);
  CHECK(written.at("search").at("curve")[2].at("tau") == 0.54);
  CHECK(written.at("search").at("curve")[2].at("value") == 0.4);
  CHECK(written.at("search").at("largest_tau") == 1);
  report.search->search.value = MetricValue::undefined(Undefined::no_samples);
  CHECK(contains(to_text(adjustment_page(report)),
                 "undefined at every tau (no_samples); nothing is changed"));
}

TEST_CASE("the page of estimated priors", "[adjustment_report]") {
  const std::string page = to_text(adjustment_page(estimated_report()));
  CHECK(contains(page, "prior shift, priors estimated from decisions (bbse)"));
  CHECK(contains(page, "0 to 0.01"));
  CHECK(contains(page, "Mass: the estimate is 0; half a row, 0.000309, is taken"));
  CHECK(contains(page, "Mass: the estimate -0.002 lies outside [0, 1] and is clipped"));
  CHECK(contains(page, "Calibrate first"));
  CHECK_FALSE(contains(page, "p of no shift"));
  CHECK_FALSE(contains(page, "nan"));
  const json written = json::parse(adjustment_json(estimated_report()));
  CHECK(written.at("method") == "bbse");
  CHECK(written.at("tau").is_null());
  const json& mass = written.at("classes")[0].at("target_prior");
  CHECK(mass.at("value") == 0);
  CHECK(mass.at("unclipped") == -0.002);
  CHECK(mass.at("ci").at("level") == 0.9);
  CHECK_FALSE(mass.contains("p_value"));
  const json& hernia = written.at("classes")[1];
  CHECK(hernia.at("undefined") == "no_positives");
  CHECK(hernia.at("target_prior").at("undefined") == "not_estimable");
  CHECK(hernia.at("n_newly_tied") == 5);

  AdjustmentReport tested = estimated_report();
  tested.method = AdjustmentMethod::maximum_likelihood;
  tested.classes[0].target->p_value = 0.012;
  tested.classes[0].target->unclipped.reset();
  const std::string tested_page = to_text(adjustment_page(tested));
  CHECK(contains(tested_page, "p of no shift"));
  CHECK(contains(tested_page, "0.012"));
  CHECK_FALSE(contains(tested_page, "outside [0, 1]"));
}

TEST_CASE("why a class is left as it is", "[adjustment_report]") {
  AdjustmentReport report = estimated_report();
  report.counts.positives[1] = 40;
  const auto reason = [&](Undefined why) {
    report.classes[1].shift.why = why;
    return to_text(adjustment_page(report));
  };
  CHECK(contains(reason(Undefined::no_positives), "Her,nia: no positives among the labelled rows"));
  CHECK(contains(reason(Undefined::no_negatives), "Her,nia: no negatives among the labelled rows"));
  CHECK(contains(reason(Undefined::no_samples), "Her,nia: no rows to estimate its prior from"));
  CHECK(contains(reason(Undefined::not_estimable), "Her,nia: as many of the negatives as"));
  report.counts.positives[1] = report.counts.n_samples;
  CHECK(contains(reason(Undefined::no_negatives), "Her,nia: no training negatives"));
}

TEST_CASE("adjustments as CSV", "[adjustment_report]") {
  CHECK(adjustment_csv(plain_report()) ==
        "class,train_count,prior,target_prior,lower,upper,p_value,shift,undefined,n_distinct_before"
        ",n_distinct_after,n_newly_tied,n_reversed\n"
        "Mass,3000,0.020989589163774768,,,,,1.25,,1000,1000,0,0\n"
        "\"Her,nia\",0,0,,,,,0,no_positives,900,897,5,0\n");
  CHECK(contains(adjustment_csv(estimated_report()),
                 "Mass,3000,0.020989589163774768,0,0,0.01,,1.25,,"));
}
