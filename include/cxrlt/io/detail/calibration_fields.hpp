// SPDX-License-Identifier: Apache-2.0
/// The maps of a calibration as fields of a JSON object.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "cxrlt/calibration/calibration_model.hpp"
#include "cxrlt/core/closest_name.hpp"
#include "cxrlt/core/types.hpp"
#include "cxrlt/io/detail/json_fields.hpp"
#include "cxrlt/io/detail/json_text.hpp"
#include "cxrlt/io/quote.hpp"

namespace cxrlt::detail {

/// Of any map with one temperature.
template <class Map>
void put_temperature(Json& json, const Map& map) {
  json["inverse_temperature"] = map.inverse_temperature;
  if (map.limit != TemperatureLimit::none) json["limit"] = std::string(to_string(map.limit));
}

inline void put_map(Json& json, const TemperatureScaling& map) {
  put_temperature(json, map);
}
inline void put_map(Json& json, const ClassTemperature& map) {
  put_temperature(json, map);
  if (map.is_shared) json["is_shared"] = true;
}
inline void put_map(Json& json, const ClassAffine& map) {
  json["scale"] = map.scale;
  json["bias"] = map.bias;
  if (map.is_shared) json["is_shared"] = true;
}
inline void put_map(Json& json, const PlattScaling& map) {
  json["slope"] = map.slope;
  json["intercept"] = map.intercept;
}
inline void put_map(Json& json, const BetaCalibration& map) {
  json["a"] = map.a;
  json["b"] = map.b;
  json["c"] = map.c;
}
inline void put_map(Json& json, const IsotonicCalibration& map) {
  json["score"] = map.score;
  json["probability"] = map.probability;
}
inline void put_map(Json& json, const CentredIsotonicCalibration& map) {
  json["score"] = map.score;
  json["probability"] = map.probability;
}
inline void put_map(Json& json, const HistogramCalibration& map) {
  json["lower"] = map.lower;
  json["probability"] = map.probability;
}
inline void put_map(Json& json, const VennAbersCalibration& map) {
  json["lower_score"] = map.lower_score;
  json["lower"] = map.lower;
  json["upper_score"] = map.upper_score;
  json["upper"] = map.upper;
}

/// Refuses knots that are not strictly ascending.
inline void check_knots(const JsonFields& fields, const char* key,
                        const std::vector<double>& knots) {
  if (std::adjacent_find(knots.begin(), knots.end(), std::greater_equal<>()) != knots.end()) {
    fields.fail(key, "expected strictly ascending numbers");
  }
}

/// The probabilities at `n` knots. @throws DataError if one is none, or there are fewer or more.
inline std::vector<double> probabilities_at(const JsonFields& fields, const char* key,
                                            const char* knots_key, std::size_t n) {
  std::vector<double> probabilities = fields.numbers(key);
  if (probabilities.size() != n) {
    fields.fail(key, "expected as many numbers as in '" + std::string(knots_key) + "' (" +
                         std::to_string(n) + "), found " + std::to_string(probabilities.size()));
  }
  for (const double p : probabilities) {
    if (!(p >= 0 && p <= 1)) fields.fail(key, "expected numbers in [0, 1]");
  }
  return probabilities;
}

inline TemperatureScaling read_temperature(const JsonFields& fields) {
  TemperatureScaling map;
  map.inverse_temperature = fields.number("inverse_temperature");
  if (map.inverse_temperature < 0) fields.fail("inverse_temperature", "expected at least 0");
  if (!fields.has("limit")) return map;
  for (const TemperatureLimit limit : {TemperatureLimit::flat, TemperatureLimit::sharp}) {
    if (fields.text("limit") == to_string(limit)) map.limit = limit;
  }
  if (map.limit == TemperatureLimit::none) fields.fail("limit", "expected 'flat' or 'sharp'");
  return map;
}

inline bool read_is_shared(const JsonFields& fields) {
  return fields.has("is_shared") && fields.flag("is_shared");
}

inline ClassTemperature read_class_temperature(const JsonFields& fields) {
  const TemperatureScaling map = read_temperature(fields);
  return {map.inverse_temperature, map.limit, read_is_shared(fields), {}};
}

inline BetaCalibration read_beta(const JsonFields& fields) {
  BetaCalibration map;
  map.a = fields.number("a");
  map.b = fields.number("b");
  map.c = fields.number("c");
  if (map.a < 0 || map.b < 0) fields.fail("a", "expected a and b of at least 0");
  return map;
}

inline IsotonicCalibration read_isotonic(const JsonFields& fields) {
  IsotonicCalibration map;
  map.score = fields.numbers("score");
  check_knots(fields, "score", map.score);
  map.probability = probabilities_at(fields, "probability", "score", map.score.size());
  if (!std::is_sorted(map.probability.begin(), map.probability.end())) {
    fields.fail("probability", "expected ascending numbers");
  }
  return map;
}

inline CentredIsotonicCalibration read_centred_isotonic(const JsonFields& fields) {
  CentredIsotonicCalibration map;
  map.score = fields.numbers("score");
  check_knots(fields, "score", map.score);
  map.probability = probabilities_at(fields, "probability", "score", map.score.size());
  check_knots(fields, "probability", map.probability);
  return map;
}

inline HistogramCalibration read_histogram(const JsonFields& fields) {
  HistogramCalibration map;
  map.lower = fields.numbers("lower");
  check_knots(fields, "lower", map.lower);
  map.probability = probabilities_at(fields, "probability", "lower", map.lower.size());
  return map;
}

inline VennAbersCalibration read_venn_abers(const JsonFields& fields) {
  VennAbersCalibration map;
  map.lower_score = fields.numbers("lower_score");
  map.upper_score = fields.numbers("upper_score");
  map.lower = probabilities_at(fields, "lower", "lower_score", map.lower_score.size());
  map.upper = probabilities_at(fields, "upper", "upper_score", map.upper_score.size());
  check_knots(fields, "lower_score", map.lower_score);
  check_knots(fields, "upper_score", map.upper_score);
  check_knots(fields, "lower", map.lower);
  check_knots(fields, "upper", map.upper);
  if (map.lower.empty() != map.upper.empty()) {
    fields.fail("lower", "expected knots in both of 'lower' and 'upper', or in none");
  }
  return map;
}

inline Calibrator read_map(const JsonFields& fields, CalibrationMethod method) {
  switch (method) {
    case CalibrationMethod::temperature:
      return read_temperature(fields);
    case CalibrationMethod::temperature_per_class:
      return read_class_temperature(fields);
    case CalibrationMethod::affine:
      return ClassAffine{fields.number("scale"), fields.number("bias"), read_is_shared(fields), {}};
    case CalibrationMethod::platt: {
      PlattScaling map;
      map.slope = fields.number("slope");
      map.intercept = fields.number("intercept");
      return map;
    }
    case CalibrationMethod::beta:
      return read_beta(fields);
    case CalibrationMethod::isotonic:
      return read_isotonic(fields);
    case CalibrationMethod::centred_isotonic:
      return read_centred_isotonic(fields);
    case CalibrationMethod::venn_abers:
      return read_venn_abers(fields);
    case CalibrationMethod::histogram:
    case CalibrationMethod::histogram_mass:
      break;
  }
  return read_histogram(fields);
}

inline void put_fit_summary(Json& json, const FitSummary& labels) {
  json["n_positive"] = labels.n_positive;
  json["n_negative"] = labels.n_negative;
  if (!labels.fitted()) json["undefined"] = std::string(to_string(labels.why));
}

inline FitSummary read_fit_summary(const JsonFields& fields) {
  FitSummary labels{fields.count("n_positive"), fields.count("n_negative")};
  if (!fields.has("undefined")) return labels;
  for (const Undefined why :
       {Undefined::no_samples, Undefined::no_positives, Undefined::no_negatives}) {
    if (fields.text("undefined") == to_string(why)) labels.why = why;
  }
  if (labels.fitted()) {
    fields.fail("undefined", "expected 'no_samples', 'no_positives' or 'no_negatives'");
  }
  return labels;
}

inline CalibrationMethod read_method(const JsonFields& fields) {
  const std::string name = fields.text("method");
  if (const auto method = find_calibration_method(name)) return *method;
  std::vector<std::string> known;
  for (const auto& entry : calibration_methods) known.emplace_back(entry.second);
  fields.fail("method", "there is no method " + in_quotes(name, 60) + closest_hint(name, known));
}

/// The `name` of each of the `classes`. @throws DataError if there is none, or one stands twice.
inline std::vector<std::string> read_class_names(const JsonFields& fields) {
  std::vector<std::string> names;
  for (const JsonFields& entry : fields.objects("classes")) {
    const std::string name = entry.text("name");
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      entry.fail("name", "the class " + in_quotes(name) + " stands twice");
    }
    names.push_back(name);
  }
  if (names.empty()) fields.fail("classes", "expected at least one class");
  return names;
}

inline ScoreKind read_score_kind(const JsonFields& fields) {
  const std::string kind = fields.text("scores");
  if (kind == "probabilities") return ScoreKind::probabilities;
  if (kind == "logits") return ScoreKind::logits;
  fields.fail("scores", "expected 'probabilities' or 'logits', found " + in_quotes(kind, 60));
}

}  // namespace cxrlt::detail
