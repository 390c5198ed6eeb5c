// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cxrlt/io/score_csv.hpp>
#include <cxrlt/io/table.hpp>
#include <cxrlt/metrics/metric_name.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/common.hpp"

namespace cxrlt::cli {

namespace {

std::string range_of(const Metric& metric) {
  return "[" + fmt::format("{:g}", metric.lowest) + ", " +
         (std::isinf(metric.highest) ? "inf)" : fmt::format("{:g}]", metric.highest));
}

std::vector<std::string> scopes_of(const Metric& metric) {
  std::vector<std::string> scopes;
  for (const Scope scope : {Scope::class_, Scope::group, Scope::macro, Scope::weighted,
                            Scope::micro, Scope::samples, Scope::pooled, Scope::rows}) {
    if (has_scope(metric, scope)) scopes.emplace_back(to_string(scope));
  }
  return scopes;
}

std::string invariances_of(const Metric& metric) {
  std::string text;
  const auto add = [&](unsigned bit, const char* words) {
    if ((metric.invariances & bit) == 0) return;
    if (!text.empty()) text += ", ";
    text += words;
  };
  add(increasing_transform, "increasing maps of a class's scores");
  add(duplication, "repeating all rows");
  add(prevalence, "the prevalence");
  return text;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

nlohmann::ordered_json to_json(const Metric& metric) {
  nlohmann::ordered_json json;
  json["name"] = metric_key(metric).name;
  json["definition"] = std::string(metric.definition);
  json["direction"] = std::string(to_string(metric.direction));
  json["lowest"] = metric.lowest;
  json["highest"] = std::isinf(metric.highest) ? nlohmann::ordered_json(nullptr)
                                               : nlohmann::ordered_json(metric.highest);
  if (metric.has_parameter()) {
    json["parameter"] = std::string(metric.parameter);
    json["default_parameter"] = metric.default_parameter;
  }
  json["undefined_when"] = std::string(metric.undefined_when);
  json["scopes"] = scopes_of(metric);
  json["unchanged_by"] = invariances_of(metric);
  return json;
}

Page list_page(const std::vector<const Metric*>& metrics) {
  PageSection section;
  section.table.columns = {{"metric", Align::left},
                           {"direction", Align::left},
                           {"range", Align::left},
                           {"definition", Align::left}};
  for (const Metric* metric : metrics) {
    section.table.rows.push_back({metric_key(*metric).name,
                                  std::string(to_string(metric->direction)), range_of(*metric),
                                  std::string(metric->definition)});
  }
  section.lines = {"", "'cxrlt metrics NAME' says more about one of them.",
                   "Names in options: [macro:|micro:|weighted:|samples:|pooled:|group/NAME:|"
                   "class/NAME:]metric[@parameter]",
                   "Aliases: ap and map (average_precision), auc and mauc (auroc), mf1 (f1), "
                   "mece (ece)"};
  return {"", {section}};
}

Page detail_page(const Metric& metric) {
  PageSection section;
  section.table.columns = {{"", Align::left}, {"", Align::left}};
  const std::string parameter =
      metric.has_parameter()
          ? fmt::format("{} (default {:g})", metric.parameter, metric.default_parameter)
          : "none";
  section.table.columns = {{"property", Align::left}, {"value", Align::left}};
  section.table.rows = {
      {"definition", std::string(metric.definition)},
      {"direction", std::string(to_string(metric.direction))},
      {"range", range_of(metric)},
      {"parameter", parameter},
      {"undefined when",
       metric.undefined_when.empty() ? "never, given samples" : std::string(metric.undefined_when)},
      {"exists for", joined(scopes_of(metric))},
      {"unchanged by", invariances_of(metric).empty() ? "-" : invariances_of(metric)}};
  return {metric_key(metric).name, {section}};
}

std::string to_csv(const std::vector<const Metric*>& metrics) {
  std::string text =
      "name,definition,direction,lowest,highest,parameter,default_parameter,"
      "undefined_when,scopes\n";
  for (const Metric* metric : metrics) {
    std::string scopes;
    for (const std::string& scope : scopes_of(*metric)) {
      scopes += (scopes.empty() ? "" : " ") + scope;
    }
    text += metric_key(*metric).name + ',' + csv_cell(metric->definition) + ',' +
            std::string(to_string(metric->direction)) + ',' + fmt::format("{}", metric->lowest) +
            ',' + (std::isinf(metric->highest) ? "" : fmt::format("{}", metric->highest)) + ',' +
            std::string(metric->parameter) + ',' +
            (metric->has_parameter() ? fmt::format("{}", metric->default_parameter) : "") + ',' +
            csv_cell(metric->undefined_when) + ',' + scopes + '\n';
  }
  return text;
}

struct MetricsArguments {
  std::string name;
  OutputOptions output;
};

void run_metrics(const MetricsArguments& arguments) {
  std::vector<const Metric*> metrics;
  if (arguments.name.empty()) {
    for (const Metric& metric : metric_table) metrics.push_back(&metric);
  } else {
    try {
      metrics.push_back(parse_metric_name(arguments.name).key.metric);
    } catch (const InvalidArgument& error) {
      throw UsageError(error.what());
    }
  }
  const Page page = arguments.name.empty() ? list_page(metrics) : detail_page(*metrics.front());
  std::string text;
  switch (arguments.output.format) {
    case Format::json: {
      nlohmann::ordered_json json{{"schema", "cxrlt-metrics/1"},
                                  {"metrics", nlohmann::ordered_json::array()}};
      for (const Metric* metric : metrics) json["metrics"].push_back(to_json(*metric));
      text = json.dump(2) + "\n";
      break;
    }
    case Format::csv:
      text = to_csv(metrics);
      break;
    case Format::markdown:
      text = to_markdown(page);
      break;
    case Format::table:
      text = to_text(page);
      break;
  }
  write_output(arguments.output, text);
}

}  // namespace

void add_metrics(CLI::App& program) {
  const auto arguments = std::make_shared<MetricsArguments>();
  CLI::App* command =
      program.add_subcommand("metrics", "what is built in: definition, range, direction");
  command->add_option("name", arguments->name, "one metric in detail")->type_name("NAME");
  add_output_options(*command, arguments->output);
  command->footer("Example:\n  cxrlt metrics\n  cxrlt metrics average_precision");
  command->callback([arguments] { run_metrics(*arguments); });
}

}  // namespace cxrlt::cli
