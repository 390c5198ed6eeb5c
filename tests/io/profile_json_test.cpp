// SPDX-License-Identifier: Apache-2.0
#include "cxrlt/io/profile_json.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

#include "catch.hpp"
#include "cxrlt/core/error.hpp"
#include "cxrlt/core/random.hpp"
#include "io_support.hpp"

namespace {

using cxrlt::parse_profile;
using cxrlt::Profile;

const std::string kHead = R"("schema": "cxrlt-profile/1", "name": "mine")";

/// What is wrong with a profile of three classes and these further keys.
std::string complaint(const std::string& text) {
  try {
    parse_profile(text, "mine.json");
  } catch (const cxrlt::DataError& error) {
    CHECK(error.problem().code == "bad_json");
    CHECK(error.problem().file == "mine.json");
    return error.what();
  }
  return "";
}

std::string complaint_with(const std::string& keys) {
  return complaint("{" + kHead + R"(, "classes": ["Normal", "Nodule", "Hernia"], )" + keys + "}");
}

}  // namespace

TEST_CASE("a profile needs schema, name and classes only") {
  const Profile profile = parse_profile("{" + kHead + R"(, "classes": ["b", " a\t"]})", "p.json");
  CHECK(profile.name == "mine");
  CHECK(profile.classes == std::vector<std::string>{"b", "a"});
  CHECK(profile.id_column.empty());
  CHECK(profile.train_size == 0);
  CHECK(profile.train_counts.empty());
  CHECK(profile.grouping.groups.empty());
  CHECK(profile.lowest == 0);
  CHECK(profile.highest == 1);
  CHECK(contains(complaint("{}"), "'schema'"));
  CHECK(contains(complaint(R"({"schema": "cxrlt-profile/1", "classes": ["a"]})"), "'name'"));
  CHECK(contains(complaint("{" + kHead + "}"), "'classes'"));
}

TEST_CASE("the documented form is read") {
  const Profile profile = parse_profile(R"({"schema": "cxrlt-profile/1", "name": "n", "title": "t",
      "id_column": "ImageID", "id_aliases": ["dicom_id"], "classes": ["Normal", "Nodule", "Hernia"],
      "normal_class": "Normal", "train_size": 258871, "train_counts": {"Hernia": 3986},
      "groups": {"tail": ["Hernia"], "head": ["Normal"]}, "value_range": [0, 1],
      "swap_pairs": [["Normal", "Nodule"]], "something new": {"a": [1, {"b": null}]}})",
                                        "p.json");
  CHECK(profile.title == "t");
  CHECK(profile.id_column == "ImageID");
  CHECK(profile.id_aliases == std::vector<std::string>{"dicom_id"});
  CHECK(profile.normal_class == "Normal");
  CHECK(profile.train_size == 258871);
  CHECK(cxrlt::train_count(profile, "Hernia") == 3986U);
  CHECK_FALSE(cxrlt::train_count(profile, "Normal").has_value());
  REQUIRE(profile.grouping.groups.size() == 2);
  CHECK(profile.grouping.groups[0].name == "tail");
  CHECK(profile.grouping.groups[1].classes == std::vector<std::string>{"Normal"});
  REQUIRE(profile.swap_pairs.size() == 1);
  CHECK(profile.swap_pairs[0].second == "Nodule");
}

TEST_CASE("null counts as absent") {
  CHECK(complaint_with(R"("id_column": null, "train_counts": null, "groups": null,
                         "normal_class": null, "train_size": null, "swap_pairs": null)")
            .empty());
}

TEST_CASE("what is wrong with a profile is said with its key") {
  CHECK(contains(complaint_with(R"("title": 3)"), "'title': expected a string, found number"));
  CHECK(contains(complaint_with(R"("id_aliases": "x")"), "'id_aliases': expected a list"));
  CHECK(contains(complaint_with(R"("id_aliases": [1])"), "'id_aliases': expected a string"));
  CHECK(contains(complaint_with(R"("train_size": -1)"), "'train_size': expected a whole number"));
  CHECK(contains(complaint_with(R"("train_size": 1.5)"), "'train_size'"));
  CHECK(contains(complaint_with(R"("train_size": "100")"), "'train_size'"));
  CHECK(contains(complaint_with(R"("train_counts": [1])"), "'train_counts': expected an object"));
  CHECK(contains(complaint_with(R"("train_counts": {"hernia": 1})"),
                 "'hernia' is not one of the profile's classes; the closest is 'Hernia'"));
  CHECK(contains(complaint_with(R"("train_counts": {"Hernia": -3})"), "'train_counts.Hernia'"));
  CHECK(contains(complaint_with(R"("train_counts": {"Hernia": 3, "Hernia ": 4})"), "twice"));
  CHECK(contains(complaint_with(R"("train_size": 5, "train_counts": {"Hernia": 6})"),
                 "6 is more than train_size, 5"));
  CHECK(contains(complaint_with(R"("groups": ["Hernia"])"), "'groups': expected an object"));
  CHECK(contains(complaint_with(R"("groups": {"head": "Hernia"})"), "'groups.head'"));
  CHECK(contains(complaint_with(R"("groups": {"head": ["Mass"]})"), "'groups.head': 'Mass'"));
  CHECK(contains(complaint_with(R"("groups": {"a": ["Hernia"], "b": ["Hernia"]})"), "'groups'"));
  CHECK(contains(complaint_with(R"("value_range": [0])"), "'value_range': expected two numbers"));
  CHECK(contains(complaint_with(R"("value_range": ["0", "1"])"), "'value_range'"));
  CHECK(contains(complaint_with(R"("value_range": [1, 0])"), "'value_range'"));
  CHECK(contains(complaint_with(R"("swap_pairs": ["Normal"])"), "'swap_pairs'"));
  CHECK(contains(complaint_with(R"("swap_pairs": [["Normal"]])"), "two classes a pair"));
  CHECK(contains(complaint_with(R"("swap_pairs": [["Normal", "Mass"]])"), "'Mass'"));
  CHECK(contains(complaint_with(R"("normal_class": "normal")"), "'normal_class'"));
  CHECK(contains(complaint_with(R"("id_column": "Hernia")"), "'id_column'"));
  CHECK(contains(complaint_with(R"("notes": {})"), "'notes': expected a list"));
  CHECK(contains(complaint_with(R"("alternative_groups": {"x": {}})"), "is missing"));
  CHECK(contains(complaint("{" + kHead + R"(, "classes": ["a", "a "]})"), "'a' stands twice"));
  CHECK(contains(complaint("{" + kHead + R"(, "classes": []})"), "at least one class"));
  CHECK(contains(complaint("{" + kHead + R"(, "classes": {"a": 1}})"), "'classes'"));
  CHECK(contains(complaint(R"({"schema": "cxrlt-profile/2", "name": "n", "classes": ["a"]})"),
                 "expected 'cxrlt-profile/1', found 'cxrlt-profile/2'"));
  CHECK(contains(complaint("[1, 2]"), "expected a JSON object, found array"));
}

TEST_CASE("repeated keys are refused, not silently dropped") {
  CHECK(
      contains(complaint_with(R"("train_size": 1, "train_size": 2)"), "'train_size' stands twice"));
  CHECK(contains(complaint_with(R"("train_counts": {"Hernia": 1, "Hernia": 2})"), "'Hernia'"));
  CHECK(complaint_with(R"("x": [{"a": 1}, {"a": 2}])").empty());
}

TEST_CASE("a syntax error names its line") {
  const std::string message = complaint("{\n\"schema\": \"cxrlt-profile/1\",\n\"name\": }");
  CHECK(contains(message, "mine.json, line 3: not valid JSON: "));
  CHECK(contains(complaint(""), "not valid JSON"));
  CHECK(contains(complaint("{" + kHead + R"(, "classes": ["a"], "x": 1e999})"), "not valid JSON"));
  CHECK(contains(complaint("\xff\xfe"), "not valid JSON"));
}

TEST_CASE("deep nesting is refused") {
  const std::size_t depth = 200'000;
  CHECK(contains(complaint(std::string(depth, '[')), "nested too deeply"));
  std::string objects;
  for (std::size_t i = 0; i < depth; ++i) objects += "{\"a\":";
  CHECK(contains(complaint(objects), "nested too deeply"));
  std::string keys;
  for (int i = 0; i < 10'001; ++i) keys += "\"k" + std::to_string(i) + "\": 1, ";
  CHECK(contains(complaint("{" + keys + "\"end\": 1}"), "too many keys"));
}

TEST_CASE("the built-in profiles survive a round trip") {
  for (const std::string& name : cxrlt::builtin_profile_names()) {
    CAPTURE(name);
    const Profile before = cxrlt::builtin_profile(name).value();
    const std::string text = cxrlt::profile_to_json(before);
    const Profile after = parse_profile(text, "p.json");
    CHECK(cxrlt::profile_to_json(after) == text);
    CHECK(after.title == before.title);
    CHECK(after.classes == before.classes);
    CHECK(after.id_aliases == before.id_aliases);
    CHECK(after.train_counts == before.train_counts);
    CHECK(after.train_counts_source == before.train_counts_source);
    CHECK(after.train_size == before.train_size);
    CHECK(after.grouping.name == before.grouping.name);
    CHECK(after.grouping.inferred == before.grouping.inferred);
    CHECK(after.alternative_groupings.size() == before.alternative_groupings.size());
    CHECK(after.swap_pairs.size() == before.swap_pairs.size());
    CHECK(after.notes.size() == before.notes.size());
  }
}

TEST_CASE("mutilated profiles are read or refused") {
  const std::string valid = cxrlt::profile_to_json(cxrlt::builtin_profile("cxrlt2023").value());
  cxrlt::Random random(20260, 1);
  int refused = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string text = valid;
    const std::size_t at = random.below(static_cast<std::uint32_t>(text.size()));
    switch (random.below(4)) {
      case 0:
        text[at] = static_cast<char>(random.below(256));
        break;
      case 1:
        text.erase(at, random.below(40));
        break;
      case 2:
        text.insert(at, text.substr(at / 2, random.below(40)));
        break;
      default:
        text.resize(at);
    }
    try {
      parse_profile(text, "p.json");
    } catch (const cxrlt::DataError&) {
      ++refused;
    }
  }
  CHECK(refused > 500);
  CHECK(refused < 2000);
}

TEST_CASE("profiles are loaded by name or from a file") {
  const TemporaryFolder folder;
  CHECK(cxrlt::load_profile("cxrlt2024_task3").classes.size() == 5);
  const std::string path =
      folder.write("mine.json", "\xEF\xBB\xBF{" + kHead + R"(, "classes": ["a"]})").string();
  CHECK(cxrlt::load_profile(path).name == "mine");
  const auto message = [](const std::string& name) -> std::string {
    try {
      cxrlt::load_profile(name);
    } catch (const cxrlt::InvalidArgument& error) {
      return error.what();
    }
    return "";
  };
  CHECK(contains(message("cxrlt2026_task"), "the closest is 'cxrlt2026_task"));
  CHECK(contains(message("something else entirely"), "built in are cxrlt2023"));
  CHECK_THROWS_AS(cxrlt::load_profile((folder.path() / "none.json").string()), cxrlt::DataError);
  CHECK_THROWS_AS(cxrlt::load_profile(folder.path().string()), cxrlt::DataError);
  CHECK_THROWS_AS(cxrlt::load_profile(folder.write("empty.json", "").string()), cxrlt::DataError);
}
