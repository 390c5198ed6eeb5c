// SPDX-License-Identifier: Apache-2.0
#include <cxrlt/core/text.hpp>
#include <cxrlt/io/csv_cell.hpp>
#include <cxrlt/io/detail/json_text.hpp>
#include <cxrlt/io/profile_json.hpp>
#include <cxrlt/io/table.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/profile_argument.hpp"

namespace cxrlt::cli {

namespace {

struct ProfilesArguments {
  std::string name;
  OutputOptions output;
};

std::string inferred_mark(bool inferred) {
  return inferred ? " (inferred)" : "";
}

std::size_t n_counts(const Profile& profile) {
  std::size_t n = 0;
  for (const TrainCount& count : profile.train_counts) n += count ? 1U : 0U;
  return n;
}

/// `head 9, medium 15, tail 16`.
std::string sizes_of(const ProfileGrouping& grouping) {
  std::vector<std::string> sizes;
  for (const ProfileGroup& group : grouping.groups) {
    sizes.push_back(group.name + " " + std::to_string(group.classes.size()));
  }
  return joined(sizes);
}

std::string ids_of(const Profile& profile) {
  std::vector<std::string> names = profile.id_aliases;
  if (!profile.id_column.empty()) names.insert(names.begin(), profile.id_column);
  return joined(names);
}

std::string counts_of(const Profile& profile) {
  const std::size_t n = n_counts(profile);
  if (n == 0) return "none";
  const std::string size = profile.train_size > 0 ? " of " + grouped(profile.train_size) : "";
  return n == profile.classes.size() ? "all" + size : std::to_string(n) + " classes" + size;
}

std::string or_dash(std::string text) {
  return text.empty() ? "-" : text;
}

Page list_page(const std::vector<Profile>& profiles) {
  PageSection section;
  section.table.columns = {{"profile", Align::left},
                           {"classes", Align::right},
                           {"groups", Align::left},
                           {"training counts", Align::left},
                           {"id column (aliases)", Align::left},
                           {"title", Align::left}};
  for (const Profile& profile : profiles) {
    section.table.rows.push_back({profile.name, std::to_string(profile.classes.size()),
                                  or_dash(sizes_of(profile.grouping)), counts_of(profile),
                                  ids_of(profile), profile.title});
  }
  PageSection more;
  more.lines = {"'cxrlt profiles NAME' shows classes, counts and where they come from.",
                "'cxrlt profiles NAME --format json' writes a file that --profile FILE reads."};
  return {"", {section, more}};
}

/// The group of a class in a grouping, or "-".
std::string group_of(const ProfileGrouping& grouping, const std::string& class_name) {
  for (const ProfileGroup& group : grouping.groups) {
    for (const std::string& member : group.classes) {
      if (member == class_name) return group.name;
    }
  }
  return "-";
}

PageSection property_section(const Profile& profile) {
  PageSection section;
  section.table.columns = {{"property", Align::left}, {"value", Align::left}};
  auto& rows = section.table.rows;
  rows.push_back({"title", or_dash(profile.title)});
  rows.push_back({"id column (aliases)", or_dash(ids_of(profile))});
  rows.push_back({"classes", std::to_string(profile.classes.size())});
  rows.push_back({"normal class", or_dash(profile.normal_class)});
  rows.push_back({"values", fmt::format("{} to {}", profile.lowest, profile.highest)});
  rows.push_back({"training counts", counts_of(profile)});
  if (!profile.train_counts_source.empty()) {
    rows.push_back({"counts from", profile.train_counts_source});
  }
  const auto add_grouping = [&rows](const std::string& what, const ProfileGrouping& grouping) {
    if (grouping.groups.empty()) return;
    const std::string name = grouping.name.empty() ? "" : grouping.name + ": ";
    const std::string rule = grouping.rule.empty() ? "" : "; " + grouping.rule;
    rows.push_back({what, name + sizes_of(grouping) + rule + inferred_mark(grouping.inferred)});
  };
  add_grouping("groups", profile.grouping);
  for (const ProfileGrouping& other : profile.alternative_groupings) {
    add_grouping("other groups", other);
  }
  for (const SwapPair& pair : profile.swap_pairs) {
    rows.push_back({"often exchanged", pair.first + " and " + pair.second});
  }
  return section;
}

PageSection class_section(const Profile& profile) {
  PageSection section;
  section.title = "Classes in their order";
  section.table.columns = {{"index"}, {"class", Align::left}, {"training positives"}, {"%"}};
  if (!profile.grouping.groups.empty()) {
    section.table.columns.push_back({or_dash(profile.grouping.name), Align::left});
  }
  for (const ProfileGrouping& other : profile.alternative_groupings) {
    section.table.columns.push_back({other.name, Align::left});
  }
  for (std::size_t c = 0; c < profile.classes.size(); ++c) {
    const std::string& name = profile.classes[c];
    const TrainCount count = train_count(profile, name);
    std::vector<std::string> row{std::to_string(c), name, count ? grouped(*count) : "-", "-"};
    if (count && profile.train_size > 0) {
      row[3] = fixed(100 * static_cast<double>(*count) / static_cast<double>(profile.train_size));
    }
    if (!profile.grouping.groups.empty()) row.push_back(group_of(profile.grouping, name));
    for (const ProfileGrouping& other : profile.alternative_groupings) {
      row.push_back(group_of(other, name));
    }
    section.table.rows.push_back(std::move(row));
  }
  return section;
}

PageSection note_section(const Profile& profile) {
  PageSection section;
  section.title = "Notes (inferred: not stated by the organisers themselves)";
  for (const ProfileNote& note : profile.notes) {
    const std::string about = note.about.empty() ? "" : note.about + inferred_mark(note.inferred);
    section.lines.push_back((about.empty() ? "" : about + ": ") + note.text);
  }
  return section;
}

Page detail_page(const Profile& profile) {
  Page page{profile.name, {property_section(profile), class_section(profile)}};
  if (!profile.notes.empty()) page.sections.push_back(note_section(profile));
  return page;
}

std::string list_csv(const std::vector<Profile>& profiles) {
  std::string text = "name,title,n_classes,groups,n_counts,train_size,id_column,id_aliases\n";
  for (const Profile& profile : profiles) {
    text += csv_cell(profile.name) + ',' + csv_cell(profile.title) + ',' +
            std::to_string(profile.classes.size()) + ',' + csv_cell(sizes_of(profile.grouping)) +
            ',' + std::to_string(n_counts(profile)) + ',' +
            (profile.train_size > 0 ? std::to_string(profile.train_size) : "") + ',' +
            csv_cell(profile.id_column) + ',' + csv_cell(joined(profile.id_aliases)) + '\n';
  }
  return text;
}

std::string detail_csv(const Profile& profile) {
  std::string text = "class,count,group\n";
  for (const std::string& name : profile.classes) {
    const TrainCount count = train_count(profile, name);
    const std::string group = group_of(profile.grouping, name);
    text += csv_cell(name) + ',' + (count ? std::to_string(*count) : "") + ',' +
            (group == "-" ? "" : csv_cell(group)) + '\n';
  }
  return text;
}

std::string list_json(const std::vector<Profile>& profiles) {
  using detail::Json;
  Json json{{"schema", "cxrlt-profiles/1"}, {"profiles", Json::array()}};
  for (const Profile& profile : profiles) {
    json["profiles"].push_back(Json::parse(profile_to_json(profile)));
  }
  return detail::json_text(json);
}

std::string list_text(const std::vector<Profile>& profiles, Format format) {
  return rendered(
      format, [&] { return list_json(profiles); }, [&] { return list_csv(profiles); },
      [&] { return list_page(profiles); });
}

std::string detail_text(const Profile& profile, Format format) {
  return rendered(
      format, [&] { return profile_to_json(profile); }, [&] { return detail_csv(profile); },
      [&] { return detail_page(profile); });
}

void run_profiles(const ProfilesArguments& arguments) {
  if (!arguments.name.empty()) {
    const Profile profile = profile_argument(arguments.name);
    write_output(arguments.output, detail_text(profile, arguments.output.format));
    return;
  }
  std::vector<Profile> profiles;
  for (const std::string& name : builtin_profile_names()) {
    profiles.push_back(load_profile(name));
  }
  write_output(arguments.output, list_text(profiles, arguments.output.format));
}

}  // namespace

void add_profiles(CLI::App& program) {
  const auto arguments = std::make_shared<ProfilesArguments>();
  CLI::App* command = program.add_subcommand(
      "profiles", "what is built in: challenge profiles with classes, counts and groups");
  command->add_option("name", arguments->name, "one profile in detail, or a profile's JSON file")
      ->type_name("NAME|FILE");
  add_output_options(*command, arguments->output);
  command->footer(
      "Example:\n"
      "  cxrlt profiles\n"
      "  cxrlt profiles cxrlt2026_task1\n"
      "  cxrlt profiles cxrlt2026_task1 --format json -o mine.json   # to adapt: --profile "
      "mine.json\n"
      "  cxrlt profiles cxrlt2026_task1 --format csv                 # for --train-counts");
  command->callback([arguments] { run_profiles(*arguments); });
}

}  // namespace cxrlt::cli
