// SPDX-License-Identifier: Apache-2.0
/// What the pages of several commands begin and end with.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/dataset.hpp"
#include "cxrlt/io/table.hpp"

namespace cxrlt::detail {

/// `predictions.csv against truth.csv`.
inline std::string files_of_title(const std::vector<InputInfo>& inputs) {
  std::string title;
  for (const InputInfo& input : inputs) {
    if (input.role == "predictions") title = input.file;
    if (input.role == "truth") title += " against " + input.file;
  }
  return title;
}

/// Adds a section, unless it has nothing to say.
inline void add_lines(PageSection section, Page& page) {
  if (!section.lines.empty()) page.sections.push_back(std::move(section));
}

/// Adds what readers noticed, if anything.
inline void add_notes(const std::vector<Problem>& notes, Page& page) {
  PageSection section{"Notes", {}, {}};
  for (const Problem& note : notes) section.lines.push_back(describe(note));
  add_lines(std::move(section), page);
}

}  // namespace cxrlt::detail
