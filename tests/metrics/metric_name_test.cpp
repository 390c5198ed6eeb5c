// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/metrics/metric_name.hpp"

#include <string>

#include "catch.hpp"

using namespace cxrlt;

namespace {

void check_name(const std::string& text, Scope scope, const std::string& member,
                const std::string& key) {
  CAPTURE(text);
  const MetricName name = parse_metric_name(text);
  CHECK(name.scope == scope);
  CHECK(name.member == member);
  CHECK(name.key.name == key);
  CHECK(name.text == text);
}

std::string refusal(const std::string& text) {
  try {
    parse_metric_name(text);
  } catch (const InvalidArgument& error) {
    return error.what();
  }
  return "";
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("metric names: scope, member, metric and parameter") {
  check_name("auroc", Scope::macro, "", "auroc");
  check_name("macro:f1", Scope::macro, "", "f1");
  check_name("micro:f1", Scope::micro, "", "f1");
  check_name("weighted:average_precision", Scope::weighted, "", "average_precision");
  check_name("samples:jaccard", Scope::samples, "", "jaccard");
  check_name("pooled:ece", Scope::pooled, "", "ece");
  check_name("lrap", Scope::rows, "", "lrap");
  check_name("rows:lrap", Scope::rows, "", "lrap");
  check_name("group/tail:average_precision", Scope::group, "tail", "average_precision");
  check_name("class/Hernia:auroc", Scope::class_, "Hernia", "auroc");
}

TEST_CASE("a name is split at its first slash and its last at sign") {
  check_name("class/Mass/Nodule:auroc", Scope::class_, "Mass/Nodule", "auroc");
  check_name("class/a:b:auroc", Scope::class_, "a:b", "auroc");
  check_name("class/x@1:partial_auroc@0.2", Scope::class_, "x@1", "partial_auroc@0.2");
}

TEST_CASE("parameters are read, and defaults are filled in") {
  CHECK(parse_metric_name("f_beta@0.5").key.parameter == 0.5);
  check_name("f_beta@0.50", Scope::macro, "", "f_beta@0.5");
  check_name("f_beta", Scope::macro, "", "f_beta@2");
  check_name("recall_at_precision", Scope::macro, "", "recall_at_precision@0.9");
  CHECK(parse_metric_name("ece").key.parameter == 15);
  CHECK(parse_metric_name("ece", 20).key.parameter == 20);
  check_name("ece@10", Scope::macro, "", "ece@10");
  CHECK(parse_metric_name("ece@10", 20).key.parameter == 10);
}

TEST_CASE("aliases mean what users mean") {
  check_name("map", Scope::macro, "", "average_precision");
  check_name("mauc", Scope::macro, "", "auroc");
  check_name("mf1", Scope::macro, "", "f1");
  check_name("mece", Scope::macro, "", "ece");
  check_name("group/head:map", Scope::group, "head", "average_precision");
}

TEST_CASE("unknown metrics name the closest, unknown scopes those there are") {
  CHECK(has(refusal("aurok"), "'auroc'"));
  CHECK(has(refusal("average_precison"), "'average_precision'"));
  CHECK(has(refusal("macr:f1"), "macro:"));
  CHECK(has(refusal("class:f1"), "class/NAME:"));
  CHECK(has(refusal("macro/x:f1"), "scope"));
  CHECK(has(refusal("class/:f1"), "scope"));
}

TEST_CASE("a metric is refused in a scope that it does not have") {
  CHECK(has(refusal("micro:brier"), "micro"));
  CHECK(has(refusal("micro:best_f1"), "micro"));
  CHECK(has(refusal("samples:auroc"), "samples"));
  CHECK(has(refusal("pooled:auroc"), "pooled"));
  CHECK(has(refusal("macro:lrap"), "macro"));
  CHECK(has(refusal("rows:auroc"), "rows"));
}

TEST_CASE("parameters out of range, or where none is taken, are refused") {
  for (const std::string wrong :
       {"auroc@1", "f_beta@0", "f_beta@-1", "f_beta@", "f_beta@x", "f_beta@1x", "f_beta@inf",
        "ece@0", "ece@2.5", "ece@-3", "partial_auroc@0", "partial_auroc@1.5",
        "recall_at_precision@1.1", "recall_at_precision@nan"}) {
    CAPTURE(wrong);
    CHECK_FALSE(refusal(wrong).empty());
  }
  CHECK(refusal("partial_auroc@1").empty());
  CHECK(refusal("recall_at_precision@0").empty());
}

TEST_CASE("every metric of the table is found by its own name") {
  for (const Metric& metric : metric_table) {
    const MetricName name = parse_metric_name(std::string(metric.name));
    CHECK(name.key.metric == &metric);
    CHECK(has_scope(metric, Scope::rows) != has_scope(metric, Scope::macro));
    CHECK(has_scope(metric, Scope::macro) == has_scope(metric, Scope::class_));
    // The canonical name leads back to the same metric and parameter.
    const MetricKey key = metric_key(metric);
    const MetricKey again = parse_metric_name(key.name).key;
    CHECK(again == key);
    if (metric.has_parameter()) CHECK(again.parameter == key.parameter);
  }
}
