// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdio>
#include <cxrlt/core/error.hpp>
#include <cxrlt/core/text.hpp>
#include <cxrlt/version.hpp>
#include <exception>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/common.hpp"

namespace {

constexpr int kWrongUsage = 1;
constexpr int kBadData = 2;
constexpr int kInternalError = 3;

int fail(int code, const std::string& message) {
  std::fprintf(stderr, "cxrlt: %s\n", message.c_str());
  return code;
}

/// The command that the arguments chose, the innermost, or the program itself.
const CLI::App& chosen_command(const CLI::App& program) {
  const std::vector<CLI::App*> chosen = program.get_subcommands();
  return chosen.empty() ? program : chosen_command(*chosen.front());
}

/// What a user types to call a command: `cxrlt calibrate fit`.
std::string full_name(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return (parent == nullptr ? "" : full_name(*parent) + " ") + command.get_name();
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

std::vector<std::string> command_names(const CLI::App& program) {
  std::vector<std::string> names;
  for (const CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  return names;
}

/// Wrong usage, with the nearest name where one was misspelt.
std::string usage_message(const CLI::App& program, const CLI::ParseError& error) {
  const CLI::App& command = chosen_command(program);
  const std::vector<std::string> commands = command_names(command);
  std::string message = error.what();
  const std::vector<std::string> extras = program.remaining(true);
  // An unknown command within a command is reported as a missing one.
  const bool unknown = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr ||
                       dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  if (unknown && !extras.empty()) {
    const std::string name = extras.front().substr(0, extras.front().find('='));
    const bool is_option = name.size() > 1 && name.front() == '-';
    if (is_option) {
      message = cxrlt::cli::unknown_name("option", name, option_names(command)).what();
    } else if (!commands.empty()) {
      message = cxrlt::cli::unknown_name("command", name, commands).what();
    } else {
      message = "unexpected argument '" + extras.front() + "'";
    }
  }
  return message + "\nsee: " + full_name(command) + " --help";
}

int run(int argc, char** argv) {
  CLI::App program{
      "cxrlt measures multi-label, long-tailed classifiers: it scores prediction files, checks\n"
      "challenge submissions, and says what the numbers rest on.",
      "cxrlt"};
  program.set_version_flag("--version", std::string("cxrlt ") + cxrlt::version);
  program.footer(
      "Example:\n"
      "  cxrlt demo\n"
      "  cxrlt score predictions.csv --truth truth.csv --profile cxrlt2026_task1\n\n"
      "'cxrlt COMMAND --help' shows a command's options.");
  program.require_subcommand(0, 1);
  program.get_formatter()->column_width(34);
  cxrlt::cli::add_score(program, {argv + 1, argv + argc});
  cxrlt::cli::add_validate(program);
  cxrlt::cli::add_compare(program, {argv + 1, argv + argc});
  cxrlt::cli::add_leaderboard(program, {argv + 1, argv + argc});
  cxrlt::cli::add_thresholds(program);
  cxrlt::cli::add_binarize(program);
  cxrlt::cli::add_calibrate(program);
  cxrlt::cli::add_adjust(program);
  cxrlt::cli::add_ensemble(program, {argv + 1, argv + argc});
  cxrlt::cli::add_profiles(program);
  cxrlt::cli::add_metrics(program);
  cxrlt::cli::add_demo(program, argc > 0 ? argv[0] : "cxrlt");
  try {
    program.parse(argc, argv);
    if (program.get_subcommands().empty()) {
      std::fputs(program.help().c_str(), stderr);
      return kWrongUsage;
    }
    return 0;
  } catch (const CLI::Success& success) {
    return program.exit(success);
  } catch (const CLI::ParseError& error) {
    return fail(kWrongUsage, usage_message(program, error));
  } catch (const cxrlt::cli::Exit& exit) {
    return exit.code;
  } catch (const cxrlt::cli::UsageError& error) {
    return fail(kWrongUsage, cxrlt::printable(error.what()));
  } catch (const cxrlt::Error& error) {
    return fail(kBadData, cxrlt::printable(error.what()));
  }
}

}  // namespace

int main(int argc, char** argv) {
#ifdef SIGXFSZ
  // A file that reaches a size limit is then an error of writing, which cleans up after itself.
  std::signal(SIGXFSZ, SIG_IGN);
#endif
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    return fail(kInternalError, std::string("internal error: ") + error.what());
  }
}
