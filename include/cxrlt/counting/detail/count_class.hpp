// SPDX-License-Identifier: Apache-2.0
/// Counting one class by the strategy that suits it. All strategies give the same counts.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/counting/detail/bin_filter.hpp"
#include "cxrlt/counting/detail/class_words.hpp"
#include "cxrlt/counting/detail/radix_sort.hpp"
#include "cxrlt/counting/detail/sorted_walk.hpp"
#include "cxrlt/counting/detail/tie_table.hpp"
#include "cxrlt/counting/threshold_counts.hpp"
#include "cxrlt/counting/workspace.hpp"

namespace cxrlt::detail {

/// How the words of a class are brought into order.
enum class Strategy : std::uint8_t {
  automatic,   ///< what suits the class
  plain_sort,  ///< std::sort of positives and negatives apart, which refuses bad input
  small_sort,  ///< std::sort of the words
  radix,       ///< radix sort of all words
  bins,        ///< radix sort of the words that share a bin with a positive
  ties,        ///< a table of the distinct words
};

/// From so many words on, clearing tables pays.
inline constexpr std::size_t kSmallClass = 64;

/// One class in words, and where it is counted.
template <class Score, class Word>
class WordCounting {
 public:
  using Key = typename OrderedKey<Score>::type;

  WordCounting(const ClassKeys<Score>& keys, const Packing<Key>& packing, ClassScratch& scratch,
               ThresholdCounts<>& counts)
      : keys_(keys),
        n_bits_(static_cast<int>(std::bit_width(packing.largest))),
        words_(place_of_words(keys, scratch)),
        scratch_(scratch),
        counts_(counts),
        writer_(packing, keys.n_positive, keys.size - keys.n_positive, counts) {
    pack(keys, packing, words_);
  }

  void count(Strategy strategy) {
    if (strategy == Strategy::automatic) strategy = suitable_strategy();
    if (strategy == Strategy::ties && count_ties()) return;
    if (strategy == Strategy::bins) {
      count_bins();
    } else if (strategy == Strategy::small_sort) {
      std::sort(words_, words_ + keys_.size);
      walk(words_, keys_.size);
    } else {
      walk(sorted(words_, keys_.size, keys_.size), keys_.size);
    }
  }

 private:
  Strategy suitable_strategy() const {
    if (keys_.size < kSmallClass) return Strategy::small_sort;
    if (looks_tied(words_, keys_.size)) return Strategy::ties;
    // With more positives than bins, most bins would hold one.
    return keys_.n_positive < (1U << kMostBinBits) && 8 * keys_.n_positive < keys_.size
               ? Strategy::bins
               : Strategy::radix;
  }

  /// Bins enough that few words share one with a positive, and few enough to clear.
  int bin_bits() const {
    const int for_positives = static_cast<int>(std::bit_width(keys_.n_positive)) + 6;
    const int for_size = static_cast<int>(std::bit_width(keys_.size)) - 3;
    return std::clamp(std::min(for_positives, for_size), 4, kMostBinBits);
  }

  /// Where the keys stand, if words are as wide: fewer bytes stay in the cache longer.
  static Word* place_of_words(const ClassKeys<Score>& keys, ClassScratch& scratch) {
    if constexpr (std::is_same_v<Word, Key>) {
      return keys.keys;
    } else {
      return scratch.words.template room_for<Word>(keys.size);
    }
  }

  Word* sorted(Word* words, std::size_t n, std::size_t n_dense) {
    return radix_sort(words, n, n_dense, n_bits_, scratch_.sorted.template room_for<Word>(n),
                      scratch_.counters.template room_for<std::uint32_t>(2U << kMostDigitBits));
  }

  void walk(const Word* words, std::size_t n) {
    walk_sorted(
        words, n, [](Word) { return std::uint64_t{0}; }, writer_, counts_);
  }

  void count_bins() {
    std::uint32_t* const bins = scratch_.bins.template room_for<std::uint32_t>(2U << kMostBinBits);
    Word* const kept = scratch_.kept.template room_for<Word>(keys_.size + 1);
    const bool few = keys_.n_positive << 6 < std::size_t{1} << bin_bits();
    const FilteredWords<Word> filtered =
        filter_bins(words_, keys_.positive, keys_.size, n_bits_, bin_bits(), few, bins, kept);
    const auto left_out = [&](Word word) { return filtered.left_out_before(word); };
    walk_sorted(sorted(kept, filtered.size, keys_.size), filtered.size, left_out, writer_, counts_);
  }

  bool count_ties() {
    using Table = TieTable<Word>;
    Table table(scratch_.kept.template room_for<Word>(std::max(keys_.size + 1, Table::n_slots)),
                scratch_.bins.template room_for<std::uint32_t>(
                    std::max(std::size_t{2} << kMostBinBits, Table::n_sets * Table::n_slots)));
    if (!table.count(words_, keys_.size)) return false;
    Word* distinct = scratch_.distinct.template room_for<Word>(table.size());
    table.list(distinct);
    distinct = sorted(distinct, table.size(), table.size());
    std::uint64_t tp = 0;
    std::uint64_t fp = 0;
    for (std::size_t i = 0; i < table.size();) {
      const Word value = distinct[i] & ~Word{1};
      const std::uint64_t value_fp = table.count_of(value);
      const std::uint64_t value_tp = table.count_of(value | 1);
      if (value_tp > 0) {
        writer_.add(static_cast<Key>(value >> 1), tp + value_tp, fp + value_fp, fp);
      }
      tp += value_tp;
      fp += value_fp;
      i += value_fp > 0 && value_tp > 0 ? 2 : 1;
    }
    writer_.finish(counts_);
    return true;
  }

  const ClassKeys<Score>& keys_;
  int n_bits_;
  Word* words_;
  ClassScratch& scratch_;
  ThresholdCounts<>& counts_;
  CountsWriter<Score> writer_;
};

/// Counts one class; false where that takes the plain sort: for NaN scores, which it refuses, for
/// keys that fit no word, and for 2^31 rows or more.
template <class Score>
bool count_class(const ClassKeys<Score>& keys, Strategy strategy, ClassScratch& scratch,
                 ThresholdCounts<>& counts) {
  if (strategy == Strategy::plain_sort || keys.size >> 31 != 0) return false;
  constexpr Score infinity = std::numeric_limits<Score>::infinity();
  if (keys.size > 0 &&
      (keys.range.low < ordered_key(-infinity) || keys.range.high > ordered_key(infinity))) {
    return false;
  }
  if (keys.n_positive == 0) {
    counts = {};
    counts.n_negative = keys.size;
    return true;
  }
  const auto packing = packing_of<Score>(keys.keys, keys.size, keys.range);
  if (packing.template fits<std::uint32_t>()) {
    WordCounting<Score, std::uint32_t>(keys, packing, scratch, counts).count(strategy);
    return true;
  }
  if (packing.template fits<std::uint64_t>()) {
    WordCounting<Score, std::uint64_t>(keys, packing, scratch, counts).count(strategy);
    return true;
  }
  return false;
}

}  // namespace cxrlt::detail
