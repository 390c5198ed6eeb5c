// SPDX-License-Identifier: Apache-2.0
/// From words in order to the counts at the thresholds.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

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
      : packing_(packing) {
    counts.n_positive = n_positive;
    counts.n_negative = n_negative;
    resize(counts, n_positive);
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
  void finish(ThresholdCounts<>& counts) const { resize(counts, size_); }

 private:
  static void resize(ThresholdCounts<>& counts, std::size_t size) {
    counts.threshold.resize(size);
    counts.tp.resize(size);
    counts.fp.resize(size);
    counts.fp_above.resize(size);
  }

  Packing<Key> packing_;
  double* threshold_;
  std::uint64_t* tp_;
  std::uint64_t* fp_;
  std::uint64_t* fp_above_;
  std::size_t size_ = 0;
};

/// The labels of 64 words as bits.
template <class Word>
CXRLT_ALWAYS_INLINE inline std::uint64_t label_bits(const Word* words) {
  std::uint64_t bits = 0;
#if CXRLT_VECTORS
  using Words = Vector<Word>;
  constexpr std::size_t lanes = sizeof(Words) / sizeof(Word);
  for (std::size_t j = 0; j < kBitsPerWord; j += lanes) {
    Words some;
    load(words + j, some);
    // The label becomes all bits of its lane.
    bits |= lanes_that_hold<Word>(Word{0} - (some & 1)) << j;
  }
#else
  for (std::size_t j = 0; j < kBitsPerWord; ++j) {
    bits |= static_cast<std::uint64_t>(words[j] & 1) << j;
  }
#endif
  return bits;
}

/// Walks ascending words from positive to positive, and writes a threshold for each group of equal
/// scores. `left_out(word)` is the number of negatives that stand before the word and were left out
/// of the words.
template <class Score, class Word, class LeftOut>
CXRLT_ALWAYS_INLINE inline void walk_words(const Word* words, std::size_t n,
                                           const LeftOut& left_out, CountsWriter<Score>& writer) {
  using Key = typename OrderedKey<Score>::type;
  const auto same = [](Word a, Word b) { return (a | 1) == (b | 1); };
  std::uint64_t tp = 0;
  std::size_t done = 0;  // the words of the groups that are counted
  const auto visit = [&](std::size_t i) CXRLT_ALWAYS_INLINE {
    if (i < done) return;
    const Word word = words[i];
    std::size_t group = i;
    while (group > done && same(words[group - 1], word)) --group;
    std::uint64_t group_tp = 1;
    for (done = i + 1; done < n && same(words[done], word); ++done) group_tp += words[done] & 1;
    const std::uint64_t above = left_out(word) - tp;
    tp += group_tp;
    writer.add(static_cast<Key>(word >> 1), tp, done + above - group_tp, group + above);
  };
  std::size_t block = 0;
  for (; block + kBitsPerWord <= n; block += kBitsPerWord) {
    for (std::uint64_t left = label_bits(words + block); left != 0; left &= left - 1) {
      visit(block + static_cast<std::size_t>(std::countr_zero(left)));
    }
  }
  for (; block < n; ++block) {
    if ((words[block] & 1) != 0) visit(block);
  }
}

template <class Score, class Word, class LeftOut>
void walk_sorted(const Word* words, std::size_t n, const LeftOut& left_out,
                 CountsWriter<Score> writer, ThresholdCounts<>& counts) {
  writer = run_dispatched([&, writer]() CXRLT_ALWAYS_INLINE {
    CountsWriter<Score> local = writer;
    walk_words(words, n, left_out, local);
    return local;
  });
  writer.finish(counts);
}

}  // namespace cxrlt::detail
