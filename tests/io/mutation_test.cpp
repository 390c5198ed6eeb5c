// SPDX-License-Identifier: Apache-2.0
/// Ten thousand damaged files: each is read, or refused with a `DataError`; nothing else happens.
#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "cxrlt/core/random.hpp"
#include "cxrlt/io/load_dataset.hpp"
#include "cxrlt/io/pack.hpp"
#include "io_support.hpp"
#include "npy_support.hpp"

namespace {

std::size_t below(cxrlt::Random& random, std::size_t n) {
  return random.below(static_cast<std::uint32_t>(n));
}

/// One to four changes: bytes flipped, inserted, deleted, repeated, cut off, words put in.
std::string mutated(std::string text, cxrlt::Random& random) {
  static const std::vector<std::string> words = {",",
                                                 "\n",
                                                 "\r\n",
                                                 "\"",
                                                 "\"\"",
                                                 ";",
                                                 "\t",
                                                 "-1",
                                                 "nan",
                                                 "inf",
                                                 "1e999",
                                                 "0x1p3",
                                                 "1,5",
                                                 "\xEF\xBB\xBF",
                                                 "\xFF",
                                                 "id",
                                                 "A",
                                                 "",
                                                 "2",
                                                 "-0",
                                                 "+",
                                                 ",,,,",
                                                 "\n\n",
                                                 "PK\x03\x04",
                                                 "\x1F\x8B",
                                                 std::string(1, '\0'),
                                                 "99999999999999999999",
                                                 "1e-999"};
  const std::size_t n_changes = 1 + below(random, 4);
  for (std::size_t i = 0; i < n_changes; ++i) {
    const std::size_t at = below(random, text.size() + 1);
    const std::size_t length = std::min(below(random, 9), text.size() - at);
    switch (below(random, 6)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(below(random, 256));
        break;
      case 1:
        text.insert(at, words[below(random, words.size())]);
        break;
      case 2:
        text.erase(at, length);
        break;
      case 3:
        text.insert(at, text.substr(at, length));
        break;
      case 4:
        if (below(random, 8) == 0) text.resize(at);
        break;
      default:
        text.replace(at, length, words[below(random, words.size())]);
    }
  }
  return text;
}

struct Outcomes {
  int read = 0;
  int refused = 0;
};

void try_to_load(const std::string& predictions, const std::string& truth,
                 const cxrlt::DatasetOptions& options, Outcomes& outcomes) {
  cxrlt::Dataset data;
  const cxrlt::ProblemSink sink = cxrlt::throw_errors([](const cxrlt::Problem&) {});
  try {
    cxrlt::detail::load_stored(options, {"p", predictions}, {"t", truth}, sink, {}, data);
  } catch (const cxrlt::DataError& error) {
    ++outcomes.refused;
    if (error.problem().file.empty() || error.problem().message.empty()) {
      FAIL("an error without file or message: " << error.what());
    }
    return;
  }
  ++outcomes.read;
  if (data.n_samples == 0 || data.n_classes == 0 ||
      data.label_view().n_samples() != data.n_samples ||
      data.label_view().n_classes() != data.n_classes || data.ids.size() != data.n_samples) {
    FAIL("a dataset that does not hold together");
  }
  data.visit_scores([](const auto scores) {
    for (const double score : elements_of(scores)) {
      if (!cxrlt::is_finite(score)) FAIL("a score that is not finite");
    }
  });
  for (const cxrlt::Label label : elements_of(data.labels.view())) {
    if (label < -1 || label > 1) FAIL("a label that is none");
  }
}

}  // namespace

TEST_CASE("mutated files are read or refused") {
  const std::string predictions =
      "id,Mass,\"Nodule\",Hernia\nr0,0.5,0.25,1e-3\nr1,0.125,\"0.75\",0\nr2,1,0.5,.5\nr3,0,0,1\n";
  const std::string truth =
      "id,Mass,Nodule,Hernia,view\nr0,0,1,0,PA\nr1,1,0,,AP\nr2,-1,1.0,0,\"L, R\"\n";
  const std::string scores = npy_file(npy_header("<f8", "3, 2"), float64_bytes({1, 2, 3, 4, 5, 6}));
  const std::string labels = npy_file(npy_header("|i1", "3, 2"), int8_bytes({0, 1, 1, 0, -1, 0}));
  const std::array<std::pair<std::string, std::string>, 4> pairs = {
      {{predictions, truth},
       {cxrlt::pack_gzip(predictions), truth},
       {predictions, cxrlt::pack_zip("t.csv", truth)},
       {scores, labels}}};
  cxrlt::DatasetOptions named;
  named.classes = {"Mass", "Hernia"};
  named.id_column = "id";
  named.metadata_columns = {"view"};
  Outcomes outcomes;
  cxrlt::Random random(20260101);
  for (int i = 0; i < 10'000; ++i) {
    // Most of the damage is done to the plain pair.
    const auto& [p, t] = pairs[i % 4 == 3 ? 1 + static_cast<std::size_t>(i / 4 % 3) : 0];
    const bool is_array = i % 4 == 3 && i / 4 % 3 == 2;
    const bool in_predictions = below(random, 2) == 0;
    try_to_load(in_predictions ? mutated(p, random) : p, in_predictions ? t : mutated(t, random),
                i % 2 == 0 && !is_array ? named : cxrlt::DatasetOptions{}, outcomes);
  }
  // Both happen often, or the changes are too mild or too harsh.
  CHECK(outcomes.read + outcomes.refused == 10'000);
  CHECK(outcomes.read > 1000);
  CHECK(outcomes.refused > 1000);
  CAPTURE(outcomes.read);
}
