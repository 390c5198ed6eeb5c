// SPDX-License-Identifier: Apache-2.0
/// Any bytes as a submission: checked without an exception; what is repaired needs no repair.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "cxrlt/io/submission_check.hpp"
#include "cxrlt/io/submission_page.hpp"
#include "cxrlt/io/submission_repair.hpp"
#include "cxrlt/io/submission_report.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cxrlt::SubmissionOptions options;
  options.profile.name = "fuzz";
  options.profile.classes = {"Normal", "Nodule"};
  options.profile.train_counts = {60, 10};
  options.profile.swap_pairs = {{"Normal", "Nodule"}};
  options.wanted_ids = cxrlt::WantedIds{"ids.csv", {"a", "b"}, {2, 3}};
  options.redact_ids = size % 2 == 0;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const cxrlt::RepairedSubmission repaired =
      cxrlt::repair_submission_text("fuzz.csv", text, options);
  if (cxrlt::submission_json(repaired.before, {}).empty() ||
      cxrlt::submission_csv(repaired.before).empty() ||
      cxrlt::to_text(cxrlt::submission_page(repaired.before, {})).empty()) {
    std::abort();
  }
  if (!repaired.obstacles.empty()) return 0;
  const cxrlt::RepairedSubmission again =
      cxrlt::repair_submission_text("again.csv", repaired.text, options);
  if (!again.obstacles.empty() || !again.repairs.empty() || again.text != repaired.text) {
    std::abort();
  }
  return 0;
}
