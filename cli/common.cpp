// SPDX-License-Identifier: Apache-2.0
#include "cli/common.hpp"

#include <algorithm>
#include <cstdio>
#include <cxrlt/core/closest_name.hpp>
#include <cxrlt/core/problem.hpp>
#include <cxrlt/io/input_file.hpp>
#include <cxrlt/io/output_file.hpp>
#include <map>
#include <system_error>

namespace cxrlt::cli {

void add_output_options(CLI::App& command, OutputOptions& options) {
  static const std::map<std::string, Format> formats{{"table", Format::table},
                                                     {"json", Format::json},
                                                     {"csv", Format::csv},
                                                     {"markdown", Format::markdown}};
  command
      .add_option_function<std::string>(
          "--format",
          [&options](const std::string& name) {
            const auto found = formats.find(name);
            if (found == formats.end()) {
              throw unknown_name("format", name, {"table", "json", "csv", "markdown"});
            }
            options.format = found->second;
          },
          "table (default), json, csv or markdown")
      ->type_name("FORMAT");
  command.add_option("-o,--output", options.path, "write to FILE instead of standard output")
      ->type_name("FILE");
  command.add_flag("--quiet", options.quiet, "no progress bar and no remarks on standard error");
}

void write_output(const OutputOptions& options, std::string_view text) {
  if (!options.path.empty()) {
    write_file(options.path, text);
    return;
  }
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (!written || std::fflush(stdout) != 0) {
    Problem problem;
    problem.code = "not_writable";
    problem.message = "standard output cannot be written; is the disk full?";
    throw DataError(problem);
  }
}

void remark(const OutputOptions& options, std::string_view text) {
  if (options.quiet) return;
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fputc('\n', stderr);
}

bool same_file(const std::filesystem::path& a, const std::filesystem::path& b) {
  std::error_code error;
  if (std::filesystem::equivalent(a, b, error)) return true;
  const std::filesystem::path first = std::filesystem::weakly_canonical(a, error);
  if (error) return false;
  const std::filesystem::path second = std::filesystem::weakly_canonical(b, error);
  return !error && first == second;
}

void check_not_overwritten(std::string_view option, const std::filesystem::path& output,
                           const std::vector<std::filesystem::path>& inputs) {
  if (output.empty()) return;
  for (const std::filesystem::path& input : inputs) {
    if (!input.empty() && same_file(output, input)) {
      throw UsageError(std::string(option) + " would overwrite the input '" + base_name(input) +
                       "'");
    }
  }
}

void check_can_write(const std::filesystem::path& output) {
  if (!output.empty()) const StagedFile never_published(output, std::string());
}

std::string whole_number(const std::string& text) {
  const bool digits = text.find_first_not_of("0123456789") == std::string::npos;
  if (digits && !text.empty() && text.size() <= 18) return "";
  return "expected a whole number of 0 or more (18 digits at most), found '" + text + "'";
}

Problem note(std::string code, std::string message) {
  Problem problem;
  problem.severity = Severity::note;
  problem.code = std::move(code);
  problem.message = std::move(message);
  return problem;
}

void add_new_notes(const std::vector<Problem>& more, std::vector<Problem>& notes) {
  for (const Problem& note : more) {
    const auto is_same = [&](const Problem& other) { return describe(other) == describe(note); };
    if (std::none_of(notes.begin(), notes.end(), is_same)) notes.push_back(note);
  }
}

UsageError unknown_name(std::string_view what, std::string_view name,
                        const std::vector<std::string>& known) {
  std::string message = "there is no " + std::string(what) + " '" + std::string(name) + "'; ";
  const std::string closest = closest_name(name, known);
  if (!closest.empty()) return UsageError(message + "the closest is '" + closest + "'");
  message += "expected ";
  for (std::size_t i = 0; i < known.size(); ++i) {
    message += (i == 0 ? "" : i + 1 == known.size() ? " or " : ", ") + known[i];
  }
  return UsageError(message);
}

}  // namespace cxrlt::cli
