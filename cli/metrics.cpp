// SPDX-License-Identifier: Apache-2.0
#include <cxrlt/core/ordered_key.hpp>
#include <cxrlt/core/text.hpp>
#include <cxrlt/io/csv_cell.hpp>
#include <cxrlt/io/detail/json_text.hpp>
#include <cxrlt/io/table.hpp>
#include <cxrlt/metrics/metric_name.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/common.hpp"

namespace cxrlt::cli {

namespace {

std::string range_of(const Metric& metric) {
  return "[" + fmt::format("{:g}", metric.lowest) + ", " +
         (is_finite(metric.highest) ? fmt::format("{:g}]", metric.highest) : "inf)");
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

detail::Json to_json(const Metric& metric) {
  detail::Json json;
  json["name"] = metric_key(metric).name;
  json["definition"] = std::string(metric.definition);
  json["direction"] = std::string(to_string(metric.direction));
  json["lowest"] = metric.lowest;
  json["highest"] =
      is_finite(metric.highest) ? detail::Json(metric.highest) : detail::Json(nullptr);
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
                   "Names in options: [macro:|micro:|weighted:|samples:|pooled:|rows:|"
                   "group/NAME:|class/NAME:]metric[@parameter]",
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
    text += metric_key(*metric).name + ',' + csv_cell(metric->definition) + ',' +
            std::string(to_string(metric->direction)) + ',' + fmt::format("{}", metric->lowest) +
            ',' + (is_finite(metric->highest) ? fmt::format("{}", metric->highest) : "") + ',' +
            std::string(metric->parameter) + ',' +
            (metric->has_parameter() ? fmt::format("{}", metric->default_parameter) : "") + ',' +
            csv_cell(metric->undefined_when) + ',' + joined(scopes_of(*metric), " ") + '\n';
  }
  return text;
}

std::string json_of(const std::vector<const Metric*>& metrics) {
  detail::Json json{{"schema", "cxrlt-metrics/1"}, {"metrics", detail::Json::array()}};
  for (const Metric* metric : metrics) json["metrics"].push_back(to_json(*metric));
  return detail::json_text(json);
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
    metrics.push_back(as_usage([&] { return parse_metric_name(arguments.name); }).key.metric);
  }
  const auto page = [&] {
    return arguments.name.empty() ? list_page(metrics) : detail_page(*metrics.front());
  };
  write_output(arguments.output, rendered(
                                     arguments.output.format, [&] { return json_of(metrics); },
                                     [&] { return to_csv(metrics); }, page));
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
