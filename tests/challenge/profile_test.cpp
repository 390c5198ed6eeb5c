// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/challenge/profile.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/challenge/builtin_profiles.hpp"
#include "cxrlt/metrics/frequency_groups.hpp"
#include "support.hpp"

namespace {

using cxrlt::Profile;

Profile builtin(const std::string& name) {
  const auto profile = cxrlt::builtin_profile(name);
  REQUIRE(profile.has_value());
  return *profile;
}

std::ptrdiff_t position(const Profile& profile, const std::string& name) {
  const auto& classes = profile.classes;
  const auto at = std::find(classes.begin(), classes.end(), name);
  return at == classes.end() ? -1 : at - classes.begin();
}

/// The sizes of the groups of a grouping, in its order.
std::vector<std::size_t> sizes(const cxrlt::ProfileGrouping& grouping) {
  std::vector<std::size_t> out;
  for (const auto& group : grouping.groups) out.push_back(group.classes.size());
  return out;
}

/// The members of a group by name, sorted.
std::vector<std::string> sorted(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  return names;
}

/// A small profile in which nothing is wrong.
Profile small_profile() {
  Profile profile;
  profile.name = "small";
  profile.id_column = "image";
  profile.id_aliases = {"dicom_id"};
  profile.classes = {"Normal", "Nodule", "Hernia"};
  profile.normal_class = "Normal";
  profile.train_size = 100;
  profile.train_counts = {50, 5, {}};
  profile.grouping.groups = {{"head", {"Normal"}}, {"tail", {"Hernia"}}};
  profile.swap_pairs = {{"Normal", "Nodule"}};
  return profile;
}

std::string fault_key(const Profile& profile) {
  const auto fault = cxrlt::find_fault(profile);
  return fault ? fault->key : "";
}

}  // namespace

TEST_CASE("the seven built-in profiles have their classes") {
  const std::map<std::string, std::size_t> n_classes{
      {"cxrlt2023", 26},      {"cxrlt2024_task1", 40}, {"cxrlt2024_task2", 26},
      {"cxrlt2024_task3", 5}, {"cxrlt2024_all45", 45}, {"cxrlt2026_task1", 30},
      {"cxrlt2026_task2", 6}};
  REQUIRE(cxrlt::builtin_profile_names().size() == n_classes.size());
  for (const std::string& name : cxrlt::builtin_profile_names()) {
    CAPTURE(name);
    const Profile profile = builtin(name);
    CHECK(profile.name == name);
    CHECK(profile.classes.size() == n_classes.at(name));
    CHECK_FALSE(cxrlt::find_fault(profile).has_value());
    CHECK_FALSE(profile.title.empty());
    CHECK_FALSE(profile.notes.empty());
    CHECK(profile.train_counts.empty() == profile.train_counts_source.empty());
  }
  CHECK_FALSE(cxrlt::builtin_profile("cxrlt2025").has_value());
  CHECK_FALSE(cxrlt::builtin_profile("").has_value());
}

TEST_CASE("classes stand in the order of their challenge") {
  CHECK(position(builtin("cxrlt2023"), "No Finding") == 14);
  CHECK(position(builtin("cxrlt2023"), "Nodule") == 15);
  CHECK(position(builtin("cxrlt2024_task1"), "Nodule") == 23);
  CHECK(position(builtin("cxrlt2024_task1"), "Normal") == 24);
  CHECK(position(builtin("cxrlt2024_task2"), "Normal") == 14);
  CHECK(position(builtin("cxrlt2024_task2"), "Nodule") == 15);
  CHECK(position(builtin("cxrlt2024_task1"), "Round(ed) Atelectasis") == 35);
  const Profile task1 = builtin("cxrlt2026_task1");
  CHECK(task1.classes.front() == "Normal");
  CHECK(task1.classes[14] == "Hydropneumothorax");
  CHECK(task1.classes[19] == "pneumoperitoneo");
  CHECK(task1.classes.back() == "calcified densities");
  CHECK(builtin("cxrlt2026_task2").classes == std::vector<std::string>{"Scoliosis", "Osteopenia",
                                                                       "Bulla", "Infarction",
                                                                       "Adenopathy", "goiter"});
  for (const std::string name : {"cxrlt2023", "cxrlt2024_task1", "cxrlt2024_all45"}) {
    const Profile profile = builtin(name);
    CHECK(std::is_sorted(profile.classes.begin(), profile.classes.end()));
  }
  // Task 2 is 2023 with one class renamed in place.
  Profile renamed = builtin("cxrlt2023");
  renamed.classes[14] = "Normal";
  CHECK(builtin("cxrlt2024_task2").classes == renamed.classes);
}

TEST_CASE("the classes of all tasks of 2024 are the 45 labels") {
  std::vector<std::string> all = builtin("cxrlt2024_task1").classes;
  const std::vector<std::string> unseen = builtin("cxrlt2024_task3").classes;
  all.insert(all.end(), unseen.begin(), unseen.end());
  CHECK(sorted(all) == builtin("cxrlt2024_all45").classes);
}

TEST_CASE("training counts belong to their classes") {
  using cxrlt::train_count;
  const Profile first = builtin("cxrlt2023");
  CHECK(first.train_size == 264849);
  CHECK(train_count(first, "Support Devices") == 89140U);
  CHECK(train_count(first, "Pneumoperitoneum") == 543U);
  CHECK(train_count(first, "No Finding") == 41869U);
  CHECK(train_count(first, "Nodule") == 7663U);
  const Profile task1 = builtin("cxrlt2024_task1");
  CHECK(task1.train_size == 258871);
  CHECK(train_count(task1, "Normal") == 34292U);
  CHECK(train_count(task1, "Nodule") == 7531U);
  CHECK(train_count(task1, "Hernia") == 3986U);
  CHECK(train_count(task1, "Lobar Atelectasis") == 129U);
  for (const std::string name : {"cxrlt2024_task2", "cxrlt2024_all45"}) {
    const Profile other = builtin(name);
    for (const std::string& class_name : task1.classes) {
      if (position(other, class_name) < 0) continue;
      CHECK(train_count(other, class_name) == train_count(task1, class_name));
    }
  }
  CHECK_FALSE(train_count(builtin("cxrlt2024_all45"), "Bulla").has_value());
  const Profile latest = builtin("cxrlt2026_task1");
  CHECK(latest.train_size == 128815);
  CHECK(train_count(latest, "Normal") == 43585U);
  CHECK(train_count(latest, "Hydropneumothorax") == 45U);
  CHECK(builtin("cxrlt2026_task2").train_counts.empty());
  CHECK(builtin("cxrlt2024_task3").train_counts.empty());
  CHECK_FALSE(train_count(latest, "no such class").has_value());
}

TEST_CASE("the default groups are those of the prevalence rule") {
  using Sizes = std::vector<std::size_t>;
  CHECK(sizes(builtin("cxrlt2023").grouping) == Sizes{9, 11, 6});
  CHECK(sizes(builtin("cxrlt2024_task1").grouping) == Sizes{9, 15, 16});
  CHECK(sizes(builtin("cxrlt2024_task2").grouping) == Sizes{9, 11, 6});
  CHECK(sizes(builtin("cxrlt2026_task1").grouping) == Sizes{2, 21, 7});
  for (const std::string name :
       {"cxrlt2023", "cxrlt2024_task1", "cxrlt2024_task2", "cxrlt2026_task1"}) {
    CAPTURE(name);
    const Profile profile = builtin(name);
    CHECK(profile.grouping.name == "prevalence");
    CHECK(profile.grouping.inferred);
    const auto listed = cxrlt::class_groups(profile.grouping, profile.classes);
    const auto by_rule = cxrlt::groups_by_prevalence(profile.train_counts, profile.train_size);
    REQUIRE(listed.size() == by_rule.size());
    for (std::size_t g = 0; g < listed.size(); ++g) {
      CHECK(listed[g].name == by_rule[g].name);
      CHECK(listed[g].classes == by_rule[g].classes);
    }
  }
  CHECK(builtin("cxrlt2024_all45").grouping.groups.empty());
}

TEST_CASE("other groupings stand beside the default") {
  using Sizes = std::vector<std::size_t>;
  const auto chexfusion = builtin("cxrlt2023").alternative_groupings.at(0);
  CHECK(chexfusion.name == "chexfusion");
  CHECK(sizes(chexfusion) == Sizes{8, 10, 8});
  const auto& medium = chexfusion.groups[1].classes;
  CHECK(std::find(medium.begin(), medium.end(), "Enlarged Cardiomediastinum") != medium.end());
  CHECK(sizes(builtin("cxrlt2024_task1").alternative_groupings.at(0)) == Sizes{24, 16});
  const Profile latest = builtin("cxrlt2026_task1");
  const auto& by_rank = latest.alternative_groupings.at(0);
  const auto listed = cxrlt::class_groups(by_rank, latest.classes);
  const auto by_rule = cxrlt::groups_by_rank(latest.train_counts, 10, 10);
  REQUIRE(listed.size() == 3);
  for (std::size_t g = 0; g < 3; ++g) CHECK(listed[g].classes == by_rule[g].classes);
}

TEST_CASE("ids, normal classes and swap pairs") {
  CHECK(builtin("cxrlt2023").id_column == "dicom_id");
  CHECK(builtin("cxrlt2026_task1").id_column == "ImageID");
  CHECK(builtin("cxrlt2026_task1").id_aliases == std::vector<std::string>{"dicom_id"});
  CHECK(builtin("cxrlt2023").normal_class == "No Finding");
  CHECK(builtin("cxrlt2026_task2").normal_class.empty());
  for (const std::string name : {"cxrlt2024_task1", "cxrlt2024_task2", "cxrlt2024_all45"}) {
    const auto pairs = builtin(name).swap_pairs;
    REQUIRE(pairs.size() == 1);
    CHECK(pairs[0].first == "Normal");
    CHECK(pairs[0].second == "Nodule");
  }
  CHECK(builtin("cxrlt2023").swap_pairs.at(0).first == "No Finding");
  CHECK(builtin("cxrlt2026_task1").swap_pairs.empty());
}

TEST_CASE("what contradicts itself in a profile is found, with its key") {
  CHECK(fault_key(small_profile()).empty());
  Profile profile = small_profile();
  SECTION("no name") {
    profile.name.clear();
    CHECK(fault_key(profile) == "name");
  }
  SECTION("no classes") {
    profile.classes.clear();
    CHECK(fault_key(profile) == "classes");
  }
  SECTION("a repeated class") {
    profile.classes[2] = "Normal";
    CHECK(fault_key(profile) == "classes");
  }
  SECTION("an empty class") {
    profile.classes[2].clear();
    CHECK(fault_key(profile) == "classes");
  }
  SECTION("an id column named like a class") {
    profile.id_column = "Nodule";
    CHECK(fault_key(profile) == "id_column");
  }
  SECTION("an alias named like a class") {
    profile.id_aliases = {"Nodule"};
    CHECK(fault_key(profile) == "id_aliases");
  }
  SECTION("an unknown normal class") {
    profile.normal_class = "normal";
    CHECK(fault_key(profile) == "normal_class");
  }
  SECTION("a count above the training size") {
    profile.train_counts[0] = 101;
    CHECK(fault_key(profile) == "train_counts.Normal");
  }
  SECTION("too few counts") {
    profile.train_counts.pop_back();
    CHECK(fault_key(profile) == "train_counts");
  }
  SECTION("a group of an unknown class") {
    profile.grouping.groups[0].classes = {"Mass"};
    CHECK(fault_key(profile) == "groups.head");
  }
  SECTION("overlapping groups") {
    profile.grouping.groups[0].classes = {"Normal", "Hernia"};
    CHECK(fault_key(profile) == "groups");
  }
  SECTION("a class twice in one group") {
    profile.grouping.groups[0].classes = {"Normal", "Normal"};
    CHECK(fault_key(profile) == "groups");
  }
  SECTION("a repeated group") {
    profile.grouping.groups[1].name = "head";
    CHECK(fault_key(profile) == "groups");
  }
  SECTION("an alternative with an unknown class") {
    profile.alternative_groupings = {{"mine", "", false, {{"head", {"Mass"}}}}};
    CHECK(fault_key(profile) == "alternative_groups.mine.head");
  }
  SECTION("an empty range") {
    profile.lowest = 1;
    CHECK(fault_key(profile) == "value_range");
  }
  SECTION("an unknown class in a pair") {
    profile.swap_pairs = {{"Normal", "Mass"}};
    CHECK(fault_key(profile) == "swap_pairs");
  }
  SECTION("a pair of one class") {
    profile.swap_pairs = {{"Normal", "Normal"}};
    CHECK(fault_key(profile) == "swap_pairs");
  }
}

namespace {

struct CountedClass {
  std::string name;
  std::uint64_t count = 0;
  std::string group;
};

/// Rows of `index,cls,train_count,group_rule_10pct_1pct,…`.
std::vector<CountedClass> read_counts(const std::filesystem::path& path) {
  std::ifstream stream(path);
  REQUIRE(stream.good());
  std::vector<CountedClass> rows;
  std::string line;
  std::getline(stream, line);
  while (std::getline(stream, line)) {
    std::istringstream cells(line);
    std::string index, name, count, group;
    std::getline(cells, index, ',');
    std::getline(cells, name, ',');
    std::getline(cells, count, ',');
    std::getline(cells, group, ',');
    rows.push_back({name, std::stoull(count), group});
  }
  return rows;
}

std::string group_of(const Profile& profile, const std::string& name) {
  for (const auto& group : profile.grouping.groups) {
    const auto& members = group.classes;
    if (std::find(members.begin(), members.end(), name) != members.end()) return group.name;
  }
  return "";
}

}  // namespace

TEST_CASE("classes, counts and groups equal those of a real entry of 2024", "[real-data]") {
  const auto folder = real_data();
  if (!folder) return;
  const Profile task1 = builtin("cxrlt2024_task1");
  const auto rows = read_counts(*folder / "cxrlt24_groups" / "classes_40.csv");
  REQUIRE(rows.size() == task1.classes.size());
  for (std::size_t c = 0; c < rows.size(); ++c) {
    CHECK(task1.classes[c] == rows[c].name);
    CHECK(task1.train_counts[c] == rows[c].count);
    CHECK(group_of(task1, rows[c].name) == rows[c].group);
  }
  // That entry wrote task 2 in the order of task 1: 'Nodule' before 'Normal'.
  Profile task2 = builtin("cxrlt2024_task2");
  std::swap(task2.classes[14], task2.classes[15]);
  std::swap(task2.train_counts[14], task2.train_counts[15]);
  const auto rows2 = read_counts(*folder / "cxrlt24_groups" / "classes_26.csv");
  REQUIRE(rows2.size() == task2.classes.size());
  for (std::size_t c = 0; c < rows2.size(); ++c) {
    CHECK(task2.classes[c] == rows2[c].name);
    CHECK(task2.train_counts[c] == rows2[c].count);
    CHECK(group_of(task2, rows2[c].name) == rows2[c].group);
  }
}
