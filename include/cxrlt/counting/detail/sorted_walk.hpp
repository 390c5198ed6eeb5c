// SPDX-License-Identifier: Apache-2.0
/// From words in order to the counts at the thresholds.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "cxrlt/counting/detail/class_words.hpp"
#include "cxrlt/counting/detail/instruction_set.hpp"
#include "cxrlt/counting/threshold_counts.hpp"

namespace cxrlt::detail {

/// Fills counts threshold by threshold, from the highest.
template <class Score>
class CountsWriter {
 public:
  using Key = typename OrderedKey<Score>::type;

  CountsWriter(const Packing<Key>& packing, std::size_t n_positive, std::size_t n_negative,
               ThresholdCounts<>& counts)
      : packing_(packing), counts_(counts) {
    counts.n_positive = n_positive;
    counts.n_negative = n_negative;
    counts.threshold.resize(n_positive);
    counts.tp.resize(n_positive);
    counts.fp.resize(n_positive);
    counts.fp_above.resize(n_positive);
    threshold_ = counts.threshold.data();
    tp_ = counts.tp.data();
    fp_ = counts.fp.data();
    fp_above_ = counts.fp_above.data();
  }

  void add(Key distance, std::uint64_t tp, std::uint64_t fp, std::uint64_t fp_above) {
    threshold_[size_] = static_cast<double>(from_ordered_key<Score>(packing_.key(distance)));
    tp_[size_] = tp;
    fp_[size_] = fp;
    fp_above_[size_] = fp_above;
    ++size_;
  }

  /// Fewer thresholds than positives, where positives tie.
  void finish() {
    counts_.threshold.resize(size_);
    counts_.tp.resize(size_);
    counts_.fp.resize(size_);
    counts_.fp_above.resize(size_);
  }

 private:
  Packing<Key> packing_;
  ThresholdCounts<>& counts_;
  double* threshold_;
  std::uint64_t* tp_;
  std::uint64_t* fp_;
  std::uint64_t* fp_above_;
  std::size_t size_ = 0;
};

/// Walks ascending words from positive to positive. `left_out(word)` is the number of negatives
/// that stand before the word and were left out of the words.
template <class Score, class Word, class LeftOut>
void walk_sorted(const Word* words, std::size_t n, const LeftOut& left_out,
                 CountsWriter<Score>& writer) {
  using Key = typename OrderedKey<Score>::type;
  const auto same = [](Word a, Word b) { return (a | 1) == (b | 1); };
  std::uint64_t tp = 0;
  std::size_t done = 0;  // the words of the groups that are counted
  for (std::size_t block = 0; block < n; block += kBitsPerWord) {
    const std::size_t end = std::min(n, block + kBitsPerWord);
    std::uint64_t positives = 0;
    for (std::size_t i = block; i < end; ++i) {
      positives |= static_cast<std::uint64_t>(words[i] & 1) << (i - block);
    }
    for (; positives != 0; positives &= positives - 1) {
      const std::size_t i = block + static_cast<std::size_t>(std::countr_zero(positives));
      if (i < done) continue;
      const Word word = words[i];
      std::size_t group = i;
      while (group > done && same(words[group - 1], word)) --group;
      std::uint64_t group_tp = 0;
      for (done = i; done < n && same(words[done], word); ++done) group_tp += words[done] & 1;
      const std::uint64_t above = left_out(word);
      const std::uint64_t fp_above = group - tp + above;
      tp += group_tp;
      writer.add(static_cast<Key>(word >> 1), tp, done - tp + above, fp_above);
    }
  }
  writer.finish();
}

}  // namespace cxrlt::detail
