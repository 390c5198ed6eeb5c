// SPDX-License-Identifier: Apache-2.0
// docs/metrics.md against the library: its sections are the table's rows, and every worked value on
// the page is computed again.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "cxrlt/evaluate.hpp"
#include "paths.hpp"

namespace {

using cxrlt::Label;

std::string page() {
  const std::string path = tests_folder() + "/../docs/metrics.md";
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The sections of the chapter "The metrics", by name, in the page's order.
std::vector<std::pair<std::string, std::string>> sections(const std::string& text) {
  std::vector<std::pair<std::string, std::string>> found;
  std::istringstream lines(text.substr(text.find("\n## The metrics\n")));
  for (std::string line; std::getline(lines, line);) {
    if (line == "## More on calibration") break;
    if (line.rfind("### ", 0) == 0) {
      found.emplace_back(line.substr(4), "");
    } else if (!found.empty()) {
      found.back().second += line + '\n';
    }
  }
  return found;
}

template <class T>
std::vector<T> numbers(const std::string& text) {
  std::istringstream stream(text);
  std::vector<T> values;
  for (double value = 0; stream >> value;) values.push_back(static_cast<T>(value));
  return values;
}

/// One row of the page's table of worked inputs, row after row.
struct WorkedInput {
  std::vector<double> scores;
  std::vector<Label> labels;
  std::size_t n_samples = 0;

  cxrlt::Evaluation evaluate(const cxrlt::EvaluationOptions& options) const {
    const std::size_t n_classes = scores.size() / n_samples;
    return cxrlt::evaluate(cxrlt::MatrixView<const double>(scores.data(), n_samples, n_classes),
                           cxrlt::LabelMatrixView(labels.data(), n_samples, n_classes), options);
  }
};

std::map<std::string, WorkedInput> worked_inputs(const std::string& text) {
  std::map<std::string, WorkedInput> inputs;
  const std::regex row(R"(\n\| ([A-Z]+\d) \| ([01; ]+) \| ([0-9.; ]+) \|)");
  for (std::sregex_iterator at(text.begin(), text.end(), row), end; at != end; ++at) {
    const auto flat = [](const std::string& cells) {
      return std::regex_replace(cells, std::regex(";"), " ");
    };
    WorkedInput input;
    input.labels = numbers<Label>(flat((*at)[2]));
    input.scores = numbers<double>(flat((*at)[3]));
    REQUIRE(input.labels.size() == input.scores.size());
    const std::string labels = (*at)[2];
    const auto breaks = static_cast<std::size_t>(std::count(labels.begin(), labels.end(), ';'));
    input.n_samples = breaks == 0 ? input.labels.size() : breaks + 1;
    inputs[(*at)[1]] = input;
  }
  return inputs;
}

std::string written(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.4f", value);
  return text;
}

/// A value as the page writes it: `0.6667`, `0.6667 at 0.8` or `undefined (no_positives)`.
std::string written(const cxrlt::NamedValue& value, bool with_threshold) {
  if (!value.value.defined()) {
    return "undefined (" + std::string(to_string(value.value.why)) + ")";
  }
  char threshold[64] = "";
  if (with_threshold) std::snprintf(threshold, sizeof threshold, " at %g", *value.threshold);
  return written(value.value.value) + threshold;
}

std::string range_text(const cxrlt::Metric& metric) {
  char text[128];
  std::snprintf(text, sizeof text, "Range [%g, %g]; %s", metric.lowest, metric.highest,
                std::string(to_string(metric.direction)).c_str());
  return text;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("The metrics page has one section per metric, in the table's order") {
  const auto found = sections(page());
  REQUIRE(found.size() == cxrlt::metric_table.size());
  for (std::size_t k = 0; k < found.size(); ++k) {
    const cxrlt::Metric& metric = cxrlt::metric_table[k];
    const auto& [name, section] = found[k];
    CAPTURE(name);
    CHECK(name == metric.name);
    CHECK(contains(section, range_text(metric)));
    const std::string undefined(metric.undefined_when);
    CHECK(contains(section,
                   "Undefined: " + (undefined.empty() ? "only without samples" : undefined)));
    if (metric.has_parameter()) {
      char text[64];
      std::snprintf(text, sizeof text, "parameter `%s`, default %g",
                    std::string(metric.parameter).c_str(), metric.default_parameter);
      CHECK(contains(section, text));
    }
    const bool both = metric.averaging.needs == cxrlt::Needs::both_labels;
    const bool positives = metric.averaging.needs == cxrlt::Needs::positives;
    const bool negatives = metric.averaging.needs == cxrlt::Needs::negatives;
    CHECK(contains(section, both        ? "Needs both labels"
                            : positives ? "Needs positives"
                            : negatives ? "Needs negatives"
                                        : "Needs samples"));
  }
}

TEST_CASE("The worked values of the metrics page are right") {
  const std::string text = page();
  const auto inputs = worked_inputs(text);
  const std::regex worked(
      R"(([A-Z]+\d)(?: @([0-9.]+))? ((?:-?\d+\.\d{4}(?: at [-0-9.inf]*[0-9f])?)|undefined \(\w+\)))");
  for (const auto& [name, section] : sections(text)) {
    const std::size_t start = section.find("- Worked values: ");
    CAPTURE(name);
    REQUIRE(start != std::string::npos);
    const std::string line = section.substr(start, section.find('\n', start) - start);
    std::size_t n_values = 0;
    for (std::sregex_iterator at(line.begin(), line.end(), worked), end; at != end; ++at) {
      ++n_values;
      const std::string expected = (*at)[3];
      cxrlt::EvaluationOptions options;
      const std::string parameter = (*at)[2];
      options.metrics = {
          cxrlt::parse_metric_name(parameter.empty() ? name : name + "@" + parameter)};
      const cxrlt::Evaluation result = inputs.at((*at)[1]).evaluate(options);
      const auto& values = result.rows.empty() ? result.classes[0].values : result.rows;
      CAPTURE((*at)[0].str());
      REQUIRE(values.size() == 1);
      CHECK(written(values[0], contains(expected, " at ")) == expected);
    }
    const auto commas = static_cast<std::size_t>(std::count(line.begin(), line.end(), ','));
    CHECK(n_values == commas + 1);
  }
}

TEST_CASE("The policies' macro averages on the metrics page are right") {
  const std::string text = page();
  const WorkedInput input = worked_inputs(text).at("ML2");
  using cxrlt::UndefinedPolicy;
  const std::vector<std::pair<std::string, UndefinedPolicy>> policies{
      {"skip", UndefinedPolicy::skip},
      {"zero", UndefinedPolicy::zero},
      {"one", UndefinedPolicy::one},
      {"nan", UndefinedPolicy::nan}};
  for (const auto& [name, policy] : policies) {
    cxrlt::EvaluationOptions options;
    options.undefined.otherwise = policy;
    options.metrics = {cxrlt::parse_metric_name("map")};
    const cxrlt::Average macro = input.evaluate(options).macro.at(0).value;
    const std::size_t start = text.find("\n| `" + name + "` |");
    REQUIRE(start != std::string::npos);
    const std::string row = text.substr(start + 1, text.find('\n', start + 1) - start - 1);
    CAPTURE(row);
    const std::string expected = macro.defined() ? written(macro.value) + " | " +
                                                       std::to_string(macro.n_defined) + " of " +
                                                       std::to_string(macro.n_classes) + " |"
                                                 : "undefined | |";
    CHECK(row.size() > expected.size());
    CHECK(contains(row, "| " + expected));
  }
  cxrlt::EvaluationOptions options;
  options.undefined.otherwise = UndefinedPolicy::error;
  options.metrics = {cxrlt::parse_metric_name("map")};
  CHECK_THROWS_AS(input.evaluate(options), cxrlt::Error);
}

TEST_CASE("The page's table of conventions for bins is right") {
  const std::string text = page();
  const auto inputs = worked_inputs(text);
  enum class Loses { zero, one };
  const auto convention = [](const WorkedInput& input, Loses loses) {
    double sum = 0;
    double n = 0;
    for (int k = 0; k < 10; ++k) {
      const double low = k * 0.1;
      const double high = k == 9 ? 1 : (k + 1) * 0.1;
      double gap = 0;
      for (std::size_t i = 0; i < input.scores.size(); ++i) {
        const double p = input.scores[i];
        if (loses == Loses::zero ? !(p > low && p <= high) : !(p >= low && p < high)) continue;
        gap += input.labels[i] - p;
        n += 1;
      }
      sum += std::abs(gap);
    }
    return sum / (loses == Loses::zero ? static_cast<double>(input.scores.size()) : n);
  };
  for (const std::string name : {"C1", "C2", "C3", "C4", "C5", "C6"}) {
    const WorkedInput& input = inputs.at(name);
    const cxrlt::MetricValue ours =
        cxrlt::ece(cxrlt::ColumnView<const double>(input.scores), input.labels, 10);
    CHECK(contains(text, "\n| " + name + " | " + written(ours.value) + " | " +
                             written(convention(input, Loses::zero)) + " | " +
                             written(convention(input, Loses::one)) + " |"));
  }
}
