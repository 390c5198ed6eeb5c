// SPDX-License-Identifier: Apache-2.0
/// The reports of a leaderboard: golden outputs, and what each form promises.
#include "cxrlt/io/leaderboard_report.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "catch.hpp"
#include "cxrlt/io/leaderboard_csv.hpp"
#include "cxrlt/io/leaderboard_json.hpp"
#include "cxrlt/io/leaderboard_page.hpp"
#include "io/leaderboard_support.hpp"
#include "support.hpp"

using namespace cxrlt;
using nlohmann::json;

namespace {

json parsed(const LeaderboardReport& report) {
  return json::parse(detail::json_text(leaderboard_json(report)));
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("leaderboard: JSON has an object for every value, and keys that stay") {
  const json report = parsed(small_leaderboard());
  CHECK(report.at("schema") == "cxrlt-leaderboard/1");
  CHECK(report.at("seed") == 7);
  CHECK(report.at("arguments").at(0) == "leaderboard");
  CHECK(report.at("inputs").at(0) == json({{"role", "truth"},
                                           {"file", "truth.csv"},
                                           {"bytes", 10},
                                           {"crc32", "000000ab"},
                                           {"rows", 6}}));
  CHECK(report.at("n_samples") == 1234);
  CHECK(report.at("n_classes") == 3);
  CHECK(report.at("classes") == json({"Mass", "Hernia", "Edema"}));
  CHECK(report.at("joined") == "id");
  CHECK(report.at("undefined") == "skip");
  CHECK(report.at("threshold") == 0.5);
  CHECK(report.at("bins") == 15);
  CHECK(report.at("profile").is_null());
  CHECK(report.at("counts_source").is_null());
  const json& ranking = report.at("ranking");
  CHECK(ranking.at("combine").is_null());
  CHECK(ranking.at("metrics").at(1) ==
        json({{"name", "ece"}, {"direction", "lower is better"}, {"weight", 0.0}}));
  CHECK(ranking.at("best_of_team") == false);
  const json& resampling = report.at("resampling");
  CHECK(resampling.at("replicates") == 79);
  CHECK(resampling.at("cluster") == "patient");
  CHECK(resampling.at("n_units") == 1000);
  CHECK(resampling.at("level") == 0.95);
  CHECK(resampling.at("too_few_replicates") == false);

  REQUIRE(report.at("entries").size() == 4);
  const json& third = report.at("entries").at(2);
  CHECK(third.at("name") == "cedar.csv");
  CHECK(third.at("team").is_null());
  CHECK(third.at("n_entries") == 1);
  CHECK(third.at("rank") == json({{"value", 3},
                                  {"ci",
                                   {{"lower", 3.0},
                                    {"upper", 3.0},
                                    {"level", 0.95},
                                    {"method", "quantiles of the ranks in replicates"},
                                    {"replicates", 79}}}}));
  CHECK(third.at("score") == json({{"value", 0.5}}));
  CHECK(third.at("values").at("map") ==
        json({{"value", 0.5}, {"n_defined", 2}, {"n_classes", 3}, {"rank", 3}}));
  CHECK(third.at("values").at("ece").at("rank") == 2);
  CHECK(third.at("share_first") == json({{"value", 0.0}}));
  CHECK(third.at("behind_first") == json({{"value", 0.25}}));
  CHECK(third.at("p_value") == json({{"value", 1.0 / 80}}));
  CHECK(third.at("p_adjusted") == json({{"value", 2.0 / 80}}));
  CHECK(third.at("tied_with_first") == false);
  const json& last = report.at("entries").at(3);
  CHECK(last.at("score") == json({{"value", nullptr}, {"undefined", "no_positives"}}));
  CHECK(last.at("p_value") == json({{"value", nullptr}, {"undefined", "not_estimable"}}));

  CHECK(report.at("superseded").empty());
  const json& refused = report.at("refused").at(0);
  CHECK(refused.at("name") == "elm.csv");
  CHECK(refused.at("problem").at("code") == "missing_class");
  CHECK(refused.at("problem").at("line") == 1);
  CHECK(refused.at("problem").at("column").is_null());
  CHECK(refused.at("problem").at("class") == "Mass");
  CHECK(
      report.at("notes").at(0) ==
      json({{"code", "extra_id"}, {"message", "cedar.csv: 2 predictions without truth left out"}}));
}

TEST_CASE("leaderboard: without replicates nothing is said of uncertainty") {
  const json report = parsed(small_leaderboard(false));
  CHECK(report.at("resampling").is_null());
  const json& first = report.at("entries").at(0);
  CHECK(first.at("rank") == json({{"value", 1}}));
  for (const char* key :
       {"share_first", "behind_first", "p_value", "p_adjusted", "tied_with_first"}) {
    CHECK_FALSE(first.contains(key));
  }
  CHECK(contains(leaderboard_csv(small_leaderboard(false)),
                 "\nalder.csv,1,,0.75,0.75,1,0.0625,1,,,,,,,,\n"));
}

TEST_CASE("leaderboard: of values that were read, nothing is said of how they were computed") {
  LeaderboardReport report = small_leaderboard(false);
  report.from_values = true;
  report.inputs = {{"values", "board.csv", 1, 1, 4}};
  report.refused.clear();
  const json read = parsed(report);
  for (const char* key :
       {"n_samples", "n_classes", "classes", "joined", "undefined", "threshold", "bins"}) {
    CAPTURE(key);
    CHECK(read.at(key).is_null());
  }
  const std::string page = to_text(leaderboard_page(report));
  CHECK(page.starts_with("4 submissions by the values in board.csv\n"));
  CHECK_FALSE(contains(page, "Classes, the same"));
  CHECK_FALSE(contains(page, "--ci"));
  CHECK(contains(page, "\nrank  name "));
}

TEST_CASE("leaderboard: CSV, one submission a line") {
  CHECK(
      leaderboard_csv(small_leaderboard()) ==
      R"(name,rank,team,score,map,map_rank,ece,ece_rank,rank_lower,rank_upper,share_first,behind_first,p_value,p_adjusted,tied_with_first,problem
alder.csv,1,,0.75,0.75,1,0.0625,1,1,2,0.7468354430379747,0,,,true,
"dog,wood.csv",1,,0.75,0.75,1,0.125,2,1,2,0.25316455696202533,0,1,1,true,
cedar.csv,3,,0.5,0.5,3,0.125,2,3,3,0,0.25,0.0125,0.025,false,
birch.csv,4,,,,4,0.25,4,4,4,0,,,,false,
elm.csv,,,,,,,,,,,,,,,"elm.csv, line 1, class 'Mass': no column for class 'Mass'; the closest is 'mass'"
)");
}

TEST_CASE("leaderboard: the page for a person") {
  CHECK(to_text(leaderboard_page(small_leaderboard())) ==
        R"(4 of 5 submissions against truth.csv: 1,234 samples, 3 classes

Ranked by map (higher is better)
rank  ranks  first  submission           map         ece  behind      p
----  -----  -----  ------------  ----------  ----------  ------  -----  -
   1    1-2   0.75  alder.csv     0.7500 (1)  0.0625 (1)  0.0000      -  =
   1    1-2   0.25  dog,wood.csv  0.7500 (1)  0.1250 (2)  0.0000  1.000  =
   3      3   0.00  cedar.csv     0.5000 (3)  0.1250 (2)  0.2500  0.025
   4      4   0.00  birch.csv          - (4)  0.2500 (4)       -      -
Equal values share the better rank, and the next ranks are skipped; in brackets the rank by that
    metric.
-  has no value, and ranks last.
ranks: what 95 % of 79 resampled test sets give (1,000 clusters by patient); first: in which share
    of them it is first.
behind: by how much the first is better; p: paired bootstrap, adjusted by Holm for all comparisons
    with the first.
=  not shown to be worse than the first (p > 0.05); that is not shown to be as good.

Not ranked
submission  problem
----------  --------------------------------------------------------------------------------
elm.csv     elm.csv, line 1, class 'Mass': no column for class 'Mass'; the closest is 'mass'

Classes, the same for all: 3
Mass, Hernia, Edema

Notes
cedar.csv: 2 predictions without truth left out
)");
}

TEST_CASE("leaderboard: the page as Markdown") {
  CHECK(to_markdown(leaderboard_page(small_leaderboard())) ==
        R"(# 4 of 5 submissions against truth.csv: 1,234 samples, 3 classes

## Ranked by map (higher is better)

| rank | ranks | first | submission | map | ece | behind | p |  |
| ---: | ---: | ---: | --- | ---: | ---: | ---: | ---: | --- |
| 1 | 1-2 | 0.75 | alder.csv | 0.7500 (1) | 0.0625 (1) | 0.0000 | - | = |
| 1 | 1-2 | 0.25 | dog,wood.csv | 0.7500 (1) | 0.1250 (2) | 0.0000 | 1.000 | = |
| 3 | 3 | 0.00 | cedar.csv | 0.5000 (3) | 0.1250 (2) | 0.2500 | 0.025 |  |
| 4 | 4 | 0.00 | birch.csv | - (4) | 0.2500 (4) | - | - |  |

- Equal values share the better rank, and the next ranks are skipped; in brackets the rank by that metric.
- -  has no value, and ranks last.
- ranks: what 95 % of 79 resampled test sets give (1,000 clusters by patient); first: in which share of them it is first.
- behind: by how much the first is better; p: paired bootstrap, adjusted by Holm for all comparisons with the first.
- =  not shown to be worse than the first (p > 0.05); that is not shown to be as good.

## Not ranked

| submission | problem |
| --- | --- |
| elm.csv | elm.csv, line 1, class 'Mass': no column for class 'Mass'; the closest is 'mass' |

## Classes, the same for all: 3

- Mass, Hernia, Edema

## Notes

- cedar.csv: 2 predictions without truth left out
)");
}

TEST_CASE("leaderboard: a combination is explained, and has its column") {
  LeaderboardReport report = small_leaderboard();
  for (LeaderboardEntry& entry : report.entries) entry.replicates = {};
  report.options.metrics[1].weight = 0.5;
  report.options.combination = Combination::ranks;
  report.board = make_leaderboard(report.entries, report.options);
  std::string page = to_text(leaderboard_page(report));
  CHECK(contains(page,
                 "Ranked by the mean rank of map x 1 (higher is better), ece x 0.5 (lower is "
                 "better)\n"));
  CHECK(contains(page, "   3  cedar.csv        2.6667  0.5000 (3)  0.1250 (2)\n"));
  CHECK(contains(page, "lower is better. It depends on"));
  CHECK(parsed(report).at("ranking").at("combine") == "rank");
  report.options.combination = Combination::values;
  report.board = make_leaderboard(report.entries, report.options);
  page = to_text(leaderboard_page(report));
  CHECK(contains(page, "   3  cedar.csv         0.2917  0.5000 (3)  0.1250 (2)\n"));
  CHECK(contains(page, "enter with the opposite sign"));
  CHECK(parsed(report).at("ranking").at("combine") == "value");
}

TEST_CASE("leaderboard: teams, and who stands behind a better one of the same team") {
  LeaderboardReport report = small_leaderboard();
  report.options.best_of_team = true;
  report.entries[0].team = "trees";
  report.entries[1].team = "trees";
  report.board = make_leaderboard(report.entries, report.options);
  const std::string page = to_text(leaderboard_page(report));
  CHECK(contains(page, "alder.csv     trees        2"));
  CHECK(contains(page, "birch.csv     -            1"));
  CHECK(contains(page, "Behind a better one of the same team\ncedar.csv (trees)\n"));
  CHECK(parsed(report).at("superseded") ==
        json::array({{{"name", "cedar.csv"}, {"team", "trees"}}}));
  CHECK(parsed(report).at("entries").at(0).at("n_entries") == 2);
  CHECK(contains(leaderboard_csv(report), "alder.csv,1,trees,"));
  CHECK_FALSE(contains(leaderboard_csv(report), "cedar.csv"));
}

TEST_CASE("leaderboard: warnings of too few replicates, rows, and no submission at all") {
  LeaderboardReport report = small_leaderboard();
  report.cluster.reset();
  report.board.too_few_replicates = true;
  std::string page = to_text(leaderboard_page(report));
  CHECK(contains(page, "(1,000 rows)"));
  CHECK(contains(page, "79 replicates are too few to tell any of 4 submissions from the first"));
  report.entries.clear();
  report.board = {};
  page = to_text(leaderboard_page(report));
  CHECK(page.starts_with("0 of 1 submission against truth.csv"));
  CHECK(contains(page, "No submission could be ranked."));
  CHECK(contains(page, "elm.csv"));
}

TEST_CASE("leaderboard: names that stand several times are numbered") {
  CHECK(numbered({"a", "b", "a", "c", "a"}) ==
        std::vector<std::string>{"a (1)", "b", "a (2)", "c", "a (3)"});
}

TEST_CASE("leaderboard: a p-value too small to show is not shown as 0") {
  CHECK(detail::p_cell({0.0004}) == "<0.001");
  CHECK(detail::p_cell({0.001}) == "0.001");
  CHECK(detail::p_cell(MetricValue::undefined(Undefined::not_estimable)) == "-");
}
