// SPDX-License-Identifier: Apache-2.0
/// The header of NumPy's `.npy` format, versions 1 to 3 (NumPy enhancement proposal 1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cxrlt/core/problem.hpp"
#include "cxrlt/io/detail/file_problem.hpp"
#include "cxrlt/io/detail/little_endian.hpp"
#include "cxrlt/io/input_file.hpp"
#include "cxrlt/io/number.hpp"
#include "cxrlt/io/quote.hpp"

namespace cxrlt {

/// The types of elements that are read.
enum class NpyType : std::uint8_t { float32, float64, int8, uint8, boolean };

/// What an array is, and where its elements start; they are there, all of them.
struct NpyHeader {
  NpyType type = NpyType::float64;
  std::size_t n_rows = 0;
  std::size_t n_columns = 0;  ///< 1 for an array of one dimension
  bool fortran_order = false;
  std::size_t offset = 0;  ///< of the first element in the file
};

/// True for bytes that start like an `.npy` file.
inline bool is_npy(std::string_view bytes) {
  return bytes.starts_with("\x93NUMPY");
}

namespace detail {

/// The fields of the dictionary in an `.npy` header, as far as they were found.
struct NpyFields {
  std::string type;
  bool fortran_order = false;
  std::vector<std::size_t> shape;
};

/// Reads the Python literal `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }`.
class NpyHeaderReader {
 public:
  explicit NpyHeaderReader(std::string_view text) : text_(text) {}

  std::optional<NpyFields> read() {
    NpyFields fields;
    bool has_type = false;
    bool has_order = false;
    bool has_shape = false;
    if (!take('{')) return std::nullopt;
    while (!take('}')) {
      const std::optional<std::string> key = string();
      if (!key || !take(':')) return std::nullopt;
      bool* const seen = *key == "descr"           ? &has_type
                         : *key == "fortran_order" ? &has_order
                         : *key == "shape"         ? &has_shape
                                                   : nullptr;
      if (seen == nullptr || *seen) return std::nullopt;
      *seen = *key == "descr"   ? type(fields.type)
              : *key == "shape" ? shape(fields.shape)
                                : boolean(fields.fortran_order);
      if (!*seen) return std::nullopt;
      if (!take(',') && !at('}')) return std::nullopt;
    }
    if (!has_type || !has_order || !has_shape) return std::nullopt;
    return fields;
  }

 private:
  void skip_blanks() {
    const std::size_t next = text_.find_first_not_of(" \t\r\n");
    text_.remove_prefix(next == std::string_view::npos ? text_.size() : next);
  }
  bool at(char c) {
    skip_blanks();
    return text_.starts_with(c);
  }
  bool take(char c) {
    if (!at(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  bool take_word(std::string_view word) {
    skip_blanks();
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  std::optional<std::string> string() {
    skip_blanks();
    if (!text_.starts_with('\'') && !text_.starts_with('"')) return std::nullopt;
    const std::size_t end = text_.find(text_.front(), 1);
    if (end == std::string_view::npos) return std::nullopt;
    std::string out(text_.substr(1, end - 1));
    text_.remove_prefix(end + 1);
    return out;
  }
  bool type(std::string& out) {
    // A record array has a list here.
    if (at('[')) {
      out = "a record";
      return false;
    }
    std::optional<std::string> value = string();
    if (value) out = std::move(*value);
    return value.has_value();
  }
  bool boolean(bool& out) {
    out = take_word("True");
    return out || take_word("False");
  }
  bool shape(std::vector<std::size_t>& out) {
    if (!take('(')) return false;
    while (!take(')')) {
      constexpr std::size_t limit = static_cast<std::size_t>(-1) / 16;
      std::size_t value = 0;
      skip_blanks();
      if (text_.empty() || !is_digit(text_.front())) return false;
      while (!text_.empty() && is_digit(text_.front())) {
        if (value > limit) return false;
        value = value * 10 + static_cast<std::size_t>(text_.front() - '0');
        text_.remove_prefix(1);
      }
      text_.remove_prefix(text_.starts_with('L') ? 1 : 0);
      out.push_back(value);
      if (!take(',') && !at(')')) return false;
    }
    return true;
  }

  std::string_view text_;
};

inline std::optional<NpyType> npy_type(std::string_view name) {
  if (name == "<f4") return NpyType::float32;
  if (name == "<f8") return NpyType::float64;
  if (name == "|i1" || name == "<i1") return NpyType::int8;
  if (name == "|u1" || name == "<u1") return NpyType::uint8;
  if (name == "|b1") return NpyType::boolean;
  return std::nullopt;
}

inline std::size_t npy_item_size(NpyType type) {
  if (type == NpyType::float64) return 8;
  return type == NpyType::float32 ? 4 : 1;
}

}  // namespace detail

/// Reads the header of an array and checks it against the size of the file. Reports `bad_npy` for
/// what is no such array, with what was expected, and `empty_file` for no rows; nothing is
/// returned then. Allocates no more than the header's size.
inline std::optional<NpyHeader> read_npy_header(const StoredFile& file, const ProblemSink& sink) {
  const auto refuse = [&](const std::string& message) {
    sink(detail::file_problem(file.name, "bad_npy", message));
    return std::nullopt;
  };
  const std::string_view bytes = file.content;
  if (!is_npy(bytes) || bytes.size() < 10) return refuse("this is not an .npy file");
  const auto format_version = static_cast<unsigned char>(bytes[6]);
  if (format_version < 1 || format_version > 3) return refuse("an .npy file of an unknown version");
  const std::size_t length_bytes = format_version == 1 ? 2 : 4;
  const std::size_t start = 8 + length_bytes;
  if (bytes.size() < start) return refuse("the header of the array is cut short");
  const std::uint64_t length = detail::little_endian(bytes.substr(8), length_bytes);
  if (length > bytes.size() - start) return refuse("the header of the array is cut short");

  NpyHeader header;
  header.offset = start + static_cast<std::size_t>(length);
  const std::optional<detail::NpyFields> fields =
      detail::NpyHeaderReader(bytes.substr(start, static_cast<std::size_t>(length))).read();
  if (!fields) {
    return refuse("the header of the array cannot be read; expected descr, fortran_order, shape");
  }
  const std::optional<NpyType> type = detail::npy_type(fields->type);
  if (!type) {
    return refuse("elements of type " + in_quotes(fields->type) +
                  "; expected float32 or float64 (little-endian) for scores, int8, uint8 or bool "
                  "for labels");
  }
  header.type = *type;
  header.fortran_order = fields->fortran_order;
  const std::vector<std::size_t>& shape = fields->shape;
  if (shape.empty() || shape.size() > 2) {
    return refuse("an array of " + std::to_string(shape.size()) +
                  " dimensions; expected 2 (rows x classes) or 1");
  }
  header.n_rows = shape[0];
  header.n_columns = shape.size() == 2 ? shape[1] : 1;
  if (header.n_columns == 0) return refuse("an array without columns; expected one per class");
  if (header.n_rows == 0) {
    sink(detail::file_problem(file.name, "empty_file", "the array has no rows"));
    return std::nullopt;
  }
  const std::size_t available = bytes.size() - header.offset;
  const std::size_t items = available / detail::npy_item_size(header.type);
  if (header.n_rows > items / header.n_columns ||
      header.n_rows * header.n_columns * detail::npy_item_size(header.type) != available) {
    return refuse(std::to_string(available) + " bytes of elements do not make " +
                  std::to_string(header.n_rows) + " x " + std::to_string(header.n_columns) +
                  " of them: cut short, or something follows");
  }
  return header;
}

}  // namespace cxrlt
