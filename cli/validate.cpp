// SPDX-License-Identifier: Apache-2.0
#include <cxrlt/core/parallel.hpp>
#include <cxrlt/io/output_file.hpp>
#include <cxrlt/io/submission_check.hpp>
#include <cxrlt/io/submission_page.hpp>
#include <cxrlt/io/submission_repair.hpp>
#include <cxrlt/io/submission_report.hpp>
#include <filesystem>
#include <memory>
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
    for (std::filesystem::path& found : find_submissions(path)) {
      submissions.paths.push_back(std::move(found));
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

void fix(const ValidateArguments& arguments, const std::filesystem::path& path,
         const SubmissionOptions& options) {
  const RepairedSubmission repaired = repair_submission(path, options);
  const bool done = repaired.obstacles.empty();
  if (done) write_text(arguments.fix, repaired.text);
  const RepairSummary summary{done ? base_name(arguments.fix) : "", repaired.repairs,
                              repaired.obstacles};
  write_output(arguments.output, one_text(repaired.before, summary, arguments.output.format));
  end_with(done);
}

void run_validate(const ValidateArguments& arguments) {
  const SubmissionOptions options = options_of(arguments);
  const Submissions submissions = submissions_of(arguments);
  if (!arguments.fix.empty()) {
    if (submissions.several) throw UsageError("--fix repairs one file; give one");
    fix(arguments, submissions.paths.front(), options);
    return;
  }
  if (!submissions.several) {
    const SubmissionReport report = check_submission(submissions.paths.front(), options);
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
