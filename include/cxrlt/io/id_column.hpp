// SPDX-License-Identifier: Apache-2.0
/// The ids of a table in one piece of memory, and an index of them.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cxrlt {

/// Texts, one per row, that lie one behind the other. To be read like a vector of string views,
/// which are valid as long as nothing is appended.
class IdColumn {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = std::string_view;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = std::string_view;

    Iterator() = default;
    Iterator(const IdColumn* ids, std::size_t row) : ids_(ids), row_(row) {}
    std::string_view operator*() const { return (*ids_)[row_]; }
    Iterator& operator++() {
      ++row_;
      return *this;
    }
    Iterator operator++(int) { return {ids_, row_++}; }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.row_ == b.row_; }

   private:
    const IdColumn* ids_ = nullptr;
    std::size_t row_ = 0;
  };

  IdColumn() = default;
  IdColumn(const std::vector<std::string>& ids) {  // NOLINT(google-explicit-constructor)
    for (const std::string& id : ids) push_back(id);
  }

  std::size_t size() const { return ends_.size(); }
  bool empty() const { return ends_.empty(); }
  std::string_view operator[](std::size_t row) const {
    const std::size_t begin = row == 0 ? 0 : ends_[row - 1];
    return std::string_view(text_).substr(begin, ends_[row] - begin);
  }
  std::string_view front() const { return (*this)[0]; }
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, size()}; }

  void push_back(std::string_view id) {
    text_ += id;
    ends_.push_back(text_.size());
  }
  void reserve(std::size_t rows, std::size_t bytes) {
    ends_.reserve(rows);
    text_.reserve(bytes);
  }

  friend bool operator==(const IdColumn& a, const IdColumn& b) {
    return a.ends_ == b.ends_ && a.text_ == b.text_;
  }

 private:
  std::string text_;
  std::vector<std::size_t> ends_;
};

/// The rows of a column by id. The column must outlive it; rows that are appended are not in it
/// until they are inserted.
class IdIndex {
 public:
  /// An empty index with room for so many rows; it grows where there are more.
  IdIndex(const IdColumn& ids, std::size_t n_rows) : ids_(&ids) {
    slots_.resize(std::bit_ceil(4 * std::max<std::size_t>(n_rows, 8) / 3 + 1));
  }

  /// An index of all rows; the first counts where ids repeat.
  explicit IdIndex(const IdColumn& ids) : IdIndex(ids, ids.size()) {
    for (std::size_t row = 0; row < ids.size(); ++row) insert(row);
  }

  /// The row of an id. O(1) on average.
  std::optional<std::size_t> find(std::string_view id) const {
    return row_in(slots_[place_of(id, hash(id))]);
  }

  /// Adds a row; where its id is there already, only returns that row. O(1) on average.
  std::optional<std::size_t> insert(std::size_t row) {
    if (4 * (n_ids_ + 1) > 3 * slots_.size()) grow();
    const std::string_view id = (*ids_)[row];
    const std::uint64_t bits = hash(id);
    std::uint64_t& slot = slots_[place_of(id, bits)];
    if (slot != kFree) return row_in(slot);
    slot = (std::uint64_t{row} + 1) << kTagBits | tag(bits);
    ++n_ids_;
    return std::nullopt;
  }

 private:
  // A slot holds a row + 1, and below it some bits of the id's hash, so that other ids are rarely
  // looked at.
  static constexpr int kTagBits = 16;
  static constexpr std::uint64_t kFree = 0;

  static std::uint64_t tag(std::uint64_t hash_or_slot) { return hash_or_slot & 0xFFFFU; }
  static std::optional<std::size_t> row_in(std::uint64_t slot) {
    if (slot == kFree) return std::nullopt;
    return static_cast<std::size_t>(slot >> kTagBits) - 1;
  }
  static std::uint64_t hash(std::string_view id) {
    // Spread over all bits, for libraries whose hash is weak or has 32 bits.
    return static_cast<std::uint64_t>(std::hash<std::string_view>{}(id)) * 0x9E37'79B9'7F4A'7C15ULL;
  }

  /// Where the id stands, or the free slot where it would.
  std::size_t place_of(std::string_view id, std::uint64_t hash) const {
    const std::size_t mask = slots_.size() - 1;
    const auto is_other = [&](std::uint64_t slot) {
      return tag(slot) != tag(hash) || (*ids_)[*row_in(slot)] != id;
    };
    std::size_t i = static_cast<std::size_t>(hash >> 24) & mask;
    while (slots_[i] != kFree && is_other(slots_[i])) i = (i + 1) & mask;
    return i;
  }

  void grow() {
    std::vector<std::uint64_t> before(2 * slots_.size());
    before.swap(slots_);
    for (const std::uint64_t slot : before) {
      if (slot == kFree) continue;
      const std::string_view id = (*ids_)[*row_in(slot)];
      slots_[place_of(id, hash(id))] = slot;
    }
  }

  const IdColumn* ids_;
  std::vector<std::uint64_t> slots_;
  std::size_t n_ids_ = 0;
};

/// No row.
inline constexpr std::size_t kNoRow = static_cast<std::size_t>(-1);

/// The row of each wanted id among `ids`, `kNoRow` where it is not there. O(rows) on average; no
/// index is made where both stand in the same order.
inline std::vector<std::size_t> find_rows(const IdColumn& wanted, const IdColumn& ids) {
  std::optional<IdIndex> index;
  std::vector<std::size_t> rows;
  rows.reserve(wanted.size());
  for (std::size_t row = 0; row < wanted.size(); ++row) {
    if (row < ids.size() && ids[row] == wanted[row]) {
      rows.push_back(row);
      continue;
    }
    if (!index) index.emplace(ids);
    rows.push_back(index->find(wanted[row]).value_or(kNoRow));
  }
  return rows;
}

}  // namespace cxrlt
