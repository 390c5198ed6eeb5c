// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cxrlt/challenge/synthetic.hpp>
#include <cxrlt/core/problem.hpp>
#include <cxrlt/io/input_file.hpp>
#include <cxrlt/io/output_file.hpp>
#include <cxrlt/io/quote.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/score.hpp"

namespace cxrlt::cli {

namespace {

namespace fs = std::filesystem;

struct DemoArguments {
  std::string folder = "cxrlt_demo";
  std::uint64_t seed = SyntheticOptions{}.seed;
  OutputOptions output;
  std::string program;  ///< as it was called, for the commands to try
};

/// A file of the demo. What begins otherwise than `mark` was written by somebody else.
struct DemoFile {
  std::string name;
  std::string content;
  std::size_t mark;  ///< bytes
};

/// A table by id: the header, then `append_row(text, i)` after each id. All demos begin with the
/// same first id, and nothing else does.
template <class AppendRow>
DemoFile table_by_id(std::string name, const SyntheticChallenge& made, std::string_view columns,
                     const AppendRow& append_row) {
  DemoFile file{std::move(name), fmt::format("{}{}\n", made.profile.id_column, columns), 0};
  file.mark = file.content.size() + made.ids.front().size() + 1;
  for (std::size_t i = 0; i < made.n_samples(); ++i) {
    file.content += made.ids[i];
    append_row(file.content, i);
    file.content += '\n';
  }
  return file;
}

DemoFile train_counts_file(const Profile& profile) {
  DemoFile file{"train_counts.csv", "class,count\n", 0};
  for (std::size_t c = 0; c < profile.classes.size(); ++c) {
    file.content += fmt::format("{},{}\n", profile.classes[c], profile.train_counts[c].value());
  }
  file.mark = file.content.size();
  return file;
}

std::array<DemoFile, 4> demo_files(const SyntheticChallenge& made) {
  std::string classes;
  for (const std::string& name : made.profile.classes) classes += "," + name;
  const auto scores = made.score_view();
  const auto labels = made.label_view();
  return {table_by_id("predictions.csv", made, classes,
                      [&](std::string& text, std::size_t i) {
                        for (std::size_t c = 0; c < made.n_classes(); ++c) {
                          fmt::format_to(std::back_inserter(text), ",{:.6g}", scores(i, c));
                        }
                      }),
          table_by_id("truth.csv", made, classes,
                      [&](std::string& text, std::size_t i) {
                        for (std::size_t c = 0; c < made.n_classes(); ++c) {
                          text += labels(i, c) == 1 ? ",1" : ",0";
                        }
                      }),
          table_by_id("metadata.csv", made, ",patient,centre,view",
                      [&](std::string& text, std::size_t i) {
                        text +=
                            "," + made.patients[i] + "," + made.centres[i] + "," + made.views[i];
                      }),
          train_counts_file(made.profile)};
}

[[noreturn]] void refuse(const fs::path& path, std::string message) {
  Problem problem;
  problem.code = "not_writable";
  problem.file = base_name(path);
  problem.message = std::move(message);
  throw DataError(std::move(problem));
}

/// Whether there is a file at `path` that does not begin like the demo's.
bool is_foreign(const fs::path& path, const DemoFile& file) {
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(path, ignored))) return false;
  std::ifstream stream(path, std::ios::binary);
  std::string begin(file.mark, '\0');
  stream.read(begin.data(), static_cast<std::streamsize>(begin.size()));
  return !stream || begin != std::string_view(file.content).substr(0, file.mark);
}

/// Writes the files into the folder, which is made where needed; refuses before it writes anything,
/// also where the report could not be written later.
void write_demo(const fs::path& folder, const std::array<DemoFile, 4>& files,
                const fs::path& report) {
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_directory(folder, error)) {
    refuse(folder, "this is a file; expected a folder for the demo");
  }
  fs::create_directories(folder, error);
  if (error) refuse(folder, "the folder cannot be made: " + error.message());
  for (const DemoFile& file : files) {
    if (is_foreign(folder / file.name, file)) {
      refuse(file.name,
             "there is a file of this name that the demo has not written; name another " +
                 std::string("folder: cxrlt demo FOLDER"));
    }
  }
  check_can_write(report);
  for (const DemoFile& file : files) write_file(folder / file.name, file.content);
}

/// An argument as a shell reads it back.
std::string shell_quoted(const std::string& argument) {
  std::string plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+./:=@,";
#ifdef _WIN32
  const std::string quote = "\"";
  const std::string quote_within = "\\\"";
  plain += '\\';
#else
  const std::string quote = "'";
  const std::string quote_within = "'\\''";
#endif
  if (!argument.empty() && argument.find_first_not_of(plain) == std::string::npos) return argument;
  std::string quoted = quote;
  for (const char c : argument) quoted += quote.front() == c ? quote_within : std::string(1, c);
  return quoted + quote;
}

/// What was written, and commands to go on with, ready to be pasted into a shell.
std::string next_steps(const DemoArguments& arguments) {
  const fs::path folder(arguments.folder);
  const auto file = [&](const char* name) { return shell_quoted((folder / name).string()); };
  const std::string program = shell_quoted(arguments.program);
  const std::string predictions = file("predictions.csv");
  const std::string truth = file("truth.csv");
  const std::string profile = " --profile cxrlt2026_task1";
  const std::string score = program + " score " + predictions + " --truth " + truth;

  std::string text = fmt::format(
      "\nWrote predictions.csv, truth.csv, metadata.csv and train_counts.csv to {}\n"
      "(made up, seed {}: no real image, patient or model). Next, try:\n",
      shell_quoted(arguments.folder), arguments.seed);
  const auto suggest = [&text](const char* what, const std::string& command) {
    text += fmt::format("\n{}\n  {}", what, command);
  };
  suggest("everything as JSON, in a file:",
          score + profile + " --format json -o " + file("report.json"));
  suggest("the same values for each centre:",
          score + profile + " --metadata " + file("metadata.csv") + " --by centre");
  suggest("groups from training counts of one's own, here the ten most and least frequent:",
          score + " --train-counts " + file("train_counts.csv") + " --group-by rank:10,10");
  suggest("single values:",
          score + profile +
              " --metric average_precision"
              " --metric group/tail:average_precision --metric class/Hernia:auroc");
  suggest("does it keep the rules for submissions?",
          program + " validate " + predictions + profile + " --ids " + truth);
  suggest("what is known about the challenge:", program + " profiles cxrlt2026_task1");
  suggest("what a metric means:", program + " metrics average_precision");
  return text;
}

void run_demo(const DemoArguments& arguments) {
  const fs::path folder(arguments.folder);
  write_demo(folder, demo_files(make_synthetic_challenge({.seed = arguments.seed})),
             arguments.output.path);
  ScoreArguments score;
  score.data.predictions = (folder / "predictions.csv").string();
  score.data.truth = (folder / "truth.csv").string();
  score.data.metadata = (folder / "metadata.csv").string();
  score.data.profile = "cxrlt2026_task1";
  score.output = arguments.output;
  // What gives the same report without making the files anew.
  score.command_line = {"score",      score.data.predictions, "--truth",   score.data.truth,
                        "--metadata", score.data.metadata,    "--profile", score.data.profile};
  run_score(score);
  remark(arguments.output, next_steps(arguments));
}

}  // namespace

void add_demo(CLI::App& program, const std::string& called_as) {
  const auto arguments = std::make_shared<DemoArguments>();
  arguments->program = called_as;
  CLI::App* command = program.add_subcommand(
      "demo", "writes a made-up submission, truth, metadata and training counts, and scores them");
  command->add_option("folder", arguments->folder, "where to (default: cxrlt_demo); made if needed")
      ->type_name("DIR");
  command->add_option("--seed", arguments->seed, "another seed makes other files (2026)")
      ->check(whole_number)
      ->type_name("S");
  add_output_options(*command, arguments->output);
  command->footer(
      "The files have the shape of CXR-LT 2026 Task 1: 1,620 images, 30 classes, one of them "
      "without\n"
      "positives. Those of an earlier demo are written anew; others are never touched.\n\n"
      "Example:\n"
      "  cxrlt demo\n"
      "  cxrlt demo somewhere --seed 7 --format markdown");
  command->callback([arguments] { run_demo(*arguments); });
}

}  // namespace cxrlt::cli
