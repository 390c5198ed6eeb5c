// SPDX-License-Identifier: Apache-2.0
/// The fields of a JSON object, each with a clear error where it is missing or of another type.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "cxrlt/io/quote.hpp"
#include "cxrlt/io/strict_json.hpp"

namespace cxrlt::detail {

/// One object of a file, with the way to it for messages. What it was made from must outlive it.
class JsonFields {
 public:
  /// @throws DataError if `json` is no object.
  JsonFields(const Json& json, const std::string& file, std::string path = "")
      : json_(json), file_(file), path_(std::move(path)) {
    if (!json.is_object()) {
      fail("", "expected a JSON object, found " + std::string(json.type_name()));
    }
  }

  [[noreturn]] void fail(const std::string& key, const std::string& message) const {
    const std::string place = path_.empty() || key.empty() ? path_ + key : path_ + "." + key;
    throw_bad_json(file_,
                   place.empty() ? message : "key " + in_quotes(place, 200) + ": " + message);
  }

  bool has(const char* key) const { return json_.contains(key) && !json_.at(key).is_null(); }

  const Json& at(const char* key) const {
    if (!has(key)) fail(key, "is missing");
    return json_.at(key);
  }

  std::string text(const char* key) const {
    const Json& value = at(key);
    if (!value.is_string()) fail(key, "expected a string, " + found(value));
    return value.get<std::string>();
  }

  /// A finite number: JSON has no others, and what overflows is refused by the parser.
  double number(const char* key) const { return number_of(key, at(key)); }

  std::vector<double> numbers(const char* key) const {
    std::vector<double> values;
    for (const Json& value : list(key)) values.push_back(number_of(key, value));
    return values;
  }

  std::uint64_t count(const char* key) const {
    const Json& value = at(key);
    if (!value.is_number_unsigned()) {
      fail(key, "expected a whole number of at least 0, " + found(value));
    }
    return value.get<std::uint64_t>();
  }

  bool flag(const char* key) const {
    const Json& value = at(key);
    if (!value.is_boolean()) fail(key, "expected true or false, " + found(value));
    return value.get<bool>();
  }

  /// The elements of a list.
  const Json& list(const char* key) const {
    const Json& value = at(key);
    if (!value.is_array()) fail(key, "expected a list, " + found(value));
    return value;
  }

  /// The objects of a list.
  std::vector<JsonFields> objects(const char* key) const {
    std::vector<JsonFields> fields;
    const Json& values = list(key);
    for (std::size_t i = 0; i < values.size(); ++i) {
      fields.emplace_back(values[i], file_, std::string(key) + "[" + std::to_string(i) + "]");
    }
    return fields;
  }

  /// Refuses a file of another kind. `maker` is the command that writes such files.
  void check_schema(const std::string& expected, const std::string& maker) const {
    const std::string schema =
        has("schema") && json_.at("schema").is_string() ? text("schema") : "";
    if (schema == expected) return;
    fail("schema", "expected '" + expected + "', as written by 'cxrlt " + maker + "'; found " +
                       (schema.empty() ? "none" : in_quotes(schema, 60)));
  }

 private:
  static std::string found(const Json& value) {
    return "found " +
           (value.is_primitive() ? in_quotes(value.dump(), 40) : std::string(value.type_name()));
  }

  double number_of(const char* key, const Json& value) const {
    if (!value.is_number()) fail(key, "expected a number, " + found(value));
    return value.get<double>();
  }

  const Json& json_;
  const std::string& file_;
  std::string path_;
};

}  // namespace cxrlt::detail
