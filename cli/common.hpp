// SPDX-License-Identifier: Apache-2.0
/// What the sub-commands share: how they fail, and where their output goes.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cxrlt/core/error.hpp>
#include <cxrlt/core/problem.hpp>
#include <cxrlt/io/table.hpp>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cxrlt::cli {

/// Wrong usage: exit code 1.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Ends the program with a code after its output is written (a submission that is not valid, say).
struct Exit {
  int code = 0;
};

enum class Format : std::uint8_t { table, json, csv, markdown };

/// Where results go and in which form.
struct OutputOptions {
  Format format = Format::table;
  std::string path;  ///< "": standard output
  bool quiet = false;
};

/// Adds `--format`, `-o` and `--quiet`.
void add_output_options(CLI::App& command, OutputOptions& options);

/// Writes results to standard output, or to the file in one step, so that a failed run leaves
/// nothing. @throws cxrlt::DataError if they cannot be written.
void write_output(const OutputOptions& options, std::string_view text);

/// A result in the form that was asked for: text from `json` or `csv`, or the page of `page` for a
/// terminal or as Markdown. Only the one that is needed is called.
template <class MakeJson, class MakeCsv, class MakePage>
std::string rendered(Format format, const MakeJson& json, const MakeCsv& csv,
                     const MakePage& page) {
  switch (format) {
    case Format::json:
      return json();
    case Format::csv:
      return csv();
    case Format::markdown:
      return to_markdown(page());
    case Format::table:
      break;
  }
  return to_text(page());
}

/// Writes a remark to standard error, unless the user wants quiet.
void remark(const OutputOptions& options, std::string_view text);

/// Do two paths lead to one file, there already or not?
bool same_file(const std::filesystem::path& a, const std::filesystem::path& b);

/// Refuses the output of an option that would overwrite one of the inputs. An empty path is no
/// file.
/// @throws UsageError
void check_not_overwritten(std::string_view option, const std::filesystem::path& output,
                           const std::vector<std::filesystem::path>& inputs);

/// To be called before the work, and after what could be wrong usage: refuses a file that cannot be
/// written. Devices and pipes are not tried; an empty path is no file.
/// @throws cxrlt::DataError
void check_can_write(const std::filesystem::path& output);

/// A check for options: what is wrong with `text` as a whole number of 0 or more; "" if nothing is.
/// CLI11 by itself reads -1 as the greatest number that there is.
std::string whole_number(const std::string& text);

/// The error for a name that is none of `known`: suggests the nearest, or lists them all.
UsageError unknown_name(std::string_view what, std::string_view name,
                        const std::vector<std::string>& known);

/// The value of the option's `name` among `choices`. @throws UsageError for another name.
template <class Value>
Value choice(std::string_view option, const std::string& name,
             const std::vector<std::pair<std::string, Value>>& choices) {
  std::vector<std::string> known;
  for (const auto& [key, value] : choices) {
    if (key == name) return value;
    known.push_back(key);
  }
  throw unknown_name(option, name, known);
}

/// Runs something that reads an argument: its InvalidArgument is wrong usage, not bad data.
template <class Read>
auto as_usage(const Read& read) {
  try {
    return read();
  } catch (const InvalidArgument& error) {
    throw UsageError(error.what());
  }
}

/// A remark for a report.
Problem note(std::string code, std::string message);

/// Adds remarks that do not stand there already: those on the truth would come with each file of
/// predictions that is joined to it.
void add_new_notes(const std::vector<Problem>& more, std::vector<Problem>& notes);

}  // namespace cxrlt::cli
