// SPDX-License-Identifier: Apache-2.0
#include <cxrlt/core/parallel.hpp>
#include <cxrlt/io/output_file.hpp>
#include <cxrlt/io/submission_check.hpp>
#include <cxrlt/io/submission_page.hpp>
#include <cxrlt/io/submission_repair.hpp>
#include <cxrlt/io/submission_report.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "cli/commands.hpp"
#include "cli/common.hpp"
#include "cli/profile_argument.hpp"
#include "cli/progress.hpp"

namespace cxrlt::cli {

namespace {

struct ValidateArguments {
  std::vector<std::string> paths;
  std::string profile;
  std::string classes;
  std::string id_column;
  std::string ids;
  bool strict = false;
  bool redact_ids = false;
  std::string fix;
  int threads = 0;
  OutputOptions output;
};

/// The files to check, and whether they are reported as several.
struct Submissions {
  std::vector<std::filesystem::path> paths;
  bool several = false;
  /// Folders without submissions, by their position in `paths`.
  std::map<std::size_t, Problem> bad_folders;
};

Submissions submissions_of(const ValidateArguments& arguments) {
  Submissions submissions;
  submissions.several = arguments.paths.size() > 1;
  for (const std::string& path : arguments.paths) {
    std::error_code error;  // what cannot be looked at is reported as a file that cannot be read
    if (!std::filesystem::is_directory(path, error)) {
      submissions.paths.emplace_back(path);
      continue;
    }
    submissions.several = true;
    try {
      for (std::filesystem::path& found : find_submissions(path)) {
        submissions.paths.push_back(std::move(found));
      }
    } catch (const DataError& error_of_folder) {
      if (arguments.paths.size() == 1) throw;
      submissions.bad_folders.emplace(submissions.paths.size(), error_of_folder.problem());
      submissions.paths.emplace_back(path);
    }
  }
  return submissions;
}

SubmissionOptions options_of(const ValidateArguments& arguments) {
  // Not left to the parser, which would complain of it before a misspelt option.
  if (arguments.paths.empty()) throw UsageError("validate needs a submission: FILE, or a folder");
  if (arguments.profile.empty() && arguments.classes.empty()) {
    throw UsageError(
        "validate needs --profile NAME|FILE or --classes; 'cxrlt profiles' lists them");
  }
  SubmissionOptions options;
  if (!arguments.profile.empty()) options.profile = profile_argument(arguments.profile);
  if (!arguments.classes.empty()) {
    options.profile = with_classes(options.profile, class_list_argument(arguments.classes));
  }
  if (!arguments.id_column.empty()) {
    options.profile.id_column = arguments.id_column;
    options.profile.id_aliases.clear();
  }
  options.strict = arguments.strict;
  options.redact_ids = arguments.redact_ids;
  if (!arguments.ids.empty()) {
    options.wanted_ids =
        read_wanted_ids(arguments.ids, {options.profile.id_column, options.profile.id_aliases});
  }
  return options;
}

std::string one_text(const SubmissionReport& report, const RepairSummary& repair, Format format) {
  return rendered(
      format, [&] { return submission_json(report, repair); },
      [&] { return submission_csv(report); }, [&] { return submission_page(report, repair); });
}

std::string several_text(const std::vector<SubmissionReport>& reports, Format format) {
  return rendered(
      format, [&] { return submissions_json(reports); }, [&] { return submissions_csv(reports); },
      [&] { return submissions_page(reports); });
}

void end_with(bool good) {
  constexpr int bad_data = 2;
  if (!good) throw Exit{bad_data};
}

/// Refuses outputs that would overwrite an input or each other, or cannot be written.
void check_outputs(const ValidateArguments& arguments, const Submissions& submissions) {
  const std::string& report = arguments.output.path;
  if (!report.empty() && !arguments.fix.empty() && same_file(report, arguments.fix)) {
    throw UsageError("--fix and -o name the same file; give each its own");
  }
  std::vector<std::filesystem::path> lists{arguments.ids, arguments.profile};
  if (arguments.classes.starts_with('@')) lists.emplace_back(arguments.classes.substr(1));
  check_not_overwritten("--fix", arguments.fix, lists);
  check_not_overwritten("-o", report, lists);
  check_not_overwritten("-o", report, submissions.paths);
  check_can_write(arguments.fix);
  check_can_write(report);
}

/// Writes the repaired submission and the report, both or none.
void fix(const ValidateArguments& arguments, const std::filesystem::path& path,
         const SubmissionOptions& options) {
  const Cpu policy{arguments.threads};
  const RepairedSubmission repaired = repair_submission(path, options, policy);
  std::optional<StagedFile> file;
  RepairSummary summary{"", repaired.repairs, repaired.obstacles};
  if (repaired.obstacles.empty()) {
    summary.file = base_name(arguments.fix);
    summary.valid = check_submission_text("repaired.csv", repaired.text, options, policy).valid;
    file.emplace(arguments.fix, packed_for(arguments.fix, repaired.text));
  }
  write_output(arguments.output, one_text(repaired.before, summary, arguments.output.format));
  if (file) file->publish();
  end_with(summary.valid);
}

void run_validate(const ValidateArguments& arguments) {
  const SubmissionOptions options = options_of(arguments);
  const Submissions submissions = submissions_of(arguments);
  if (!arguments.fix.empty() && submissions.several) {
    throw UsageError("--fix repairs one file; give one");
  }
  check_outputs(arguments, submissions);
  if (!arguments.fix.empty()) {
    fix(arguments, submissions.paths.front(), options);
    return;
  }
  if (!submissions.several) {
    const SubmissionReport report =
        check_submission(submissions.paths.front(), options, Cpu{arguments.threads});
    write_output(arguments.output, one_text(report, {}, arguments.output.format));
    end_with(report.valid);
    return;
  }
  std::vector<SubmissionReport> reports;
  {
    Progress progress("checking", submissions.paths.size(), arguments.output.quiet);
    reports = check_submissions(submissions.paths, options, Cpu{arguments.threads},
                                [&progress] { progress.step(); });
  }
  // Such a folder is reported as no file; the reason says more.
  for (const auto& [i, problem] : submissions.bad_folders) reports[i].problems = {problem};
  write_output(arguments.output, several_text(reports, arguments.output.format));
  end_with(detail::count_valid(reports) == reports.size());
}

}  // namespace

void add_validate(CLI::App& program) {
  const auto arguments = std::make_shared<ValidateArguments>();
  CLI::App* command = program.add_subcommand(
      "validate", "checks submissions against a challenge's published rules");
  command
      ->add_option("files", arguments->paths,
                   "submissions: CSV, .gz or .zip; a folder stands for all of these in it")
      ->type_name("FILE|DIR");
  command->add_option("--profile", arguments->profile, "built-in challenge or a profile's JSON")
      ->type_name("NAME|FILE");
  command->add_option("--classes", arguments->classes, "a,b,c or @FILE instead of the profile's")
      ->type_name("LIST");
  command->add_option("--id", arguments->id_column, "id column instead of the profile's")
      ->type_name("NAME");
  command->add_option("--ids", arguments->ids, "CSV with the ids that are wanted")
      ->type_name("FILE");
  command->add_flag("--strict", arguments->strict, "warnings count as errors");
  command
      ->add_option("--fix", arguments->fix,
                   "one file: write it repaired where that is certain (.csv, .gz, .zip)")
      ->type_name("OUT");
  command->add_flag("--redact-ids", arguments->redact_ids, "no ids in messages and reports");
  command->add_option("--threads", arguments->threads, "threads (default: all cores)")
      ->check(CLI::Range(0, 1024))
      ->type_name("N");
  add_output_options(*command, arguments->output);
  command->footer(
      "Exit code 0: valid, 2: not valid or not readable.\n"
      "Example:\n"
      "  cxrlt validate submission.csv --profile cxrlt2026_task1 --ids development.csv\n"
      "  cxrlt validate submission.csv --profile cxrlt2026_task1 --fix repaired.zip\n"
      "  cxrlt validate submissions/ --profile cxrlt2026_task1 --format csv -o summary.csv");
  command->callback([arguments] { run_validate(*arguments); });
}

}  // namespace cxrlt::cli
