// SPDX-License-Identifier: Apache-2.0
/// Scores of few distinct values, such as rounded ones: each value is counted, and only the values
/// are sorted.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace cxrlt::detail {

/// The highest `n_bits` of the product with the golden ratio (Knuth, volume 3, section 6.4).
template <int n_bits, class Word>
std::size_t hashed(Word word) {
  if constexpr (sizeof(Word) == 4) {
    return (word * 0x9E37'79B1U) >> (32 - n_bits);
  } else {
    return static_cast<std::size_t>((word * 0x9E37'79B9'7F4A'7C15ULL) >> (64 - n_bits));
  }
}

/// How often each distinct word stands in a class: an open-addressing table.
template <class Word>
class TieTable {
 public:
  static constexpr int slot_bits = 13;
  static constexpr std::size_t n_slots = std::size_t{1} << slot_bits;
  static constexpr std::size_t most_words = n_slots / 2;
  static constexpr std::size_t n_sets = 4;

  /// `slots`: room for n_slots words; `counts`: room for n_sets * n_slots counters.
  TieTable(Word* slots, std::uint32_t* counts) : slots_(slots), counts_(counts) {
    std::fill_n(slots_, n_slots, empty);
    std::fill_n(counts_, n_sets * n_slots, 0U);
  }

  /// Counts words; false once there are more than `most_words` distinct ones.
  bool count(const Word* words, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
      std::size_t slot = slot_of(words[i]);
      if (slots_[slot] != words[i]) {
        slot = find(words[i], slot);
        if (size_ > most_words) return false;
      }
      // One hot counter would make each word wait for the one before.
      ++counts_[(i % n_sets) * n_slots + slot];
    }
    return true;
  }

  std::size_t size() const { return size_; }

  /// Writes the distinct words to `words`, in any order.
  void list(Word* words) const {
    for (std::size_t slot = 0; slot < n_slots; ++slot) {
      if (slots_[slot] != empty) *words++ = slots_[slot];
    }
  }

  /// How often a word stands in the class; 0 where it does not.
  std::uint64_t count_of(Word word) const {
    std::size_t slot = slot_of(word);
    while (slots_[slot] != word) {
      if (slots_[slot] == empty) return 0;
      slot = (slot + 1) % n_slots;
    }
    std::uint64_t count = 0;
    for (std::size_t set = 0; set < n_sets; ++set) count += counts_[set * n_slots + slot];
    return count;
  }

 private:
  // The distance of no key: the widest range of keys leaves out the NaNs.
  static constexpr Word empty = std::numeric_limits<Word>::max();

  static std::size_t slot_of(Word word) { return hashed<slot_bits>(word); }

  /// The slot of a word that does not stand in its first; a free one becomes its own.
  std::size_t find(Word word, std::size_t slot) {
    while (slots_[slot] != word) {
      if (slots_[slot] == empty) {
        slots_[slot] = word;
        ++size_;
        return slot;
      }
      slot = (slot + 1) % n_slots;
    }
    return slot;
  }

  Word* slots_;
  std::uint32_t* counts_;
  std::size_t size_ = 0;
};

/// Whether a sample of a class's words looks as if there were few distinct ones: about 2,000 or
/// less.
template <class Word>
bool looks_tied(const Word* words, std::size_t n) {
  constexpr std::size_t n_sampled = 512;
  constexpr std::size_t most_distinct = 450;
  if (n < 8 * n_sampled) return false;
  std::array<Word, 2 * n_sampled> slots;
  slots.fill(0);
  std::size_t n_distinct = 0;
  const std::size_t step = n / n_sampled;
  for (std::size_t i = 0; i < n_sampled; ++i) {
    const Word word = (words[i * step] | 1) + 2;  // never 0: the empty slot
    std::size_t slot = hashed<10>(word);
    while (slots[slot] != 0 && slots[slot] != word) slot = (slot + 1) % slots.size();
    n_distinct += slots[slot] == 0 ? 1 : 0;
    slots[slot] = word;
  }
  return n_distinct <= most_distinct;
}

}  // namespace cxrlt::detail
