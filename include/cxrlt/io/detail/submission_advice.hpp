// SPDX-License-Identifier: Apache-2.0
/// What to do about each kind of problem in a submission.
#pragma once

#include <array>
#include <string_view>

namespace cxrlt::detail {

struct Advice {
  std::string_view code;
  std::string_view text;
};

inline constexpr std::array kAdvice{
    Advice{"not_readable", "Check the path, and pack or upload the file anew."},
    Advice{"empty_file", "Write a header and one row per image."},
    Advice{"not_utf8", "Save the file as CSV in UTF-8."},
    Advice{"zip_layout", "Pack exactly one CSV; other files belong into a folder code/."},
    Advice{"bad_header", "The first line must name the columns: the id and every class."},
    Advice{"ragged_row", "Write as many cells in each row as the header has."},
    Advice{"decimal_comma", "Write numbers with a decimal point and separate cells by commas."},
    Advice{"missing_id_column", "Name the id column as the challenge does, or give --id NAME."},
    Advice{"missing_class", "Add the column, or spell its name as the challenge does."},
    Advice{"duplicate_column", "Keep one of the columns."},
    Advice{"extra_column", "Leave the column out; --fix OUT does that."},
    Advice{"column_order_differs", "Order the classes as the challenge does; --fix OUT does that."},
    Advice{"empty_cell", "Every image needs a number for every class."},
    Advice{"not_a_number", "Every image needs a number for every class."},
    Advice{"not_finite", "Find out why the model gave no finite number, and write one."},
    Advice{"out_of_range", "Write probabilities, not percentages or logits."},
    Advice{"looks_like_logits", "Apply the sigmoid before writing the file."},
    Advice{"duplicate_id", "Write one row per image."},
    Advice{"missing_id", "Predict every image of the list."},
    Advice{"extra_id", "Leave out images that are not in the list."},
    Advice{"lossy_id", "Write ids as text; never save the file from a spreadsheet."},
    Advice{"constant_class", "Check that the model has an output for this class."},
    Advice{"hard_decisions", "Write the probabilities from before the decision."},
    Advice{"rounded_scores", "Write more digits."},
    Advice{"suspected_swap", "Compare the order of the model's outputs with the column names."},
};

/// The advice for a code; empty for an unknown one.
constexpr std::string_view advice_for(std::string_view code) {
  for (const Advice& advice : kAdvice) {
    if (advice.code == code) return advice.text;
  }
  return "";
}

}  // namespace cxrlt::detail
