// SPDX-License-Identifier: Apache-2.0
/// The names of calibration methods.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace cxrlt {

/// How a class is calibrated. The room's other headers say what each of them does.
enum class CalibrationMethod : std::uint8_t {
  temperature,            ///< `TemperatureScaling`, one for all classes
  temperature_per_class,  ///< `ClassTemperature`, shrunk to the one of all classes
  affine,                 ///< `AffineScaling`, one scale for all classes and a bias for each
  platt,                  ///< `PlattScaling`
  beta,                   ///< `BetaCalibration`
  isotonic,               ///< `IsotonicCalibration`
  centred_isotonic,       ///< `CentredIsotonicCalibration`
  histogram,              ///< `HistogramCalibration`, bins of equal width
  histogram_mass,         ///< `HistogramCalibration`, bins of equal mass
  venn_abers,             ///< `VennAbersCalibration`
};

/// All methods with the names that files and the program use.
inline constexpr std::array<std::pair<CalibrationMethod, std::string_view>, 10> calibration_methods{
    {{CalibrationMethod::temperature, "temperature"},
     {CalibrationMethod::temperature_per_class, "temperature-per-class"},
     {CalibrationMethod::affine, "affine"},
     {CalibrationMethod::platt, "platt"},
     {CalibrationMethod::beta, "beta"},
     {CalibrationMethod::isotonic, "isotonic"},
     {CalibrationMethod::centred_isotonic, "centred-isotonic"},
     {CalibrationMethod::histogram, "histogram"},
     {CalibrationMethod::histogram_mass, "histogram-mass"},
     {CalibrationMethod::venn_abers, "venn-abers"}}};

/// The method's name.
constexpr std::string_view to_string(CalibrationMethod method) {
  for (const auto& [known, name] : calibration_methods) {
    if (known == method) return name;
  }
  return "";
}

/// The method of that name, if there is one.
constexpr std::optional<CalibrationMethod> find_calibration_method(std::string_view wanted) {
  for (const auto& [method, name] : calibration_methods) {
    if (name == wanted) return method;
  }
  return std::nullopt;
}

/// Whether the method's maps read logits; the others read probabilities.
constexpr bool reads_logits(CalibrationMethod method) {
  return method == CalibrationMethod::temperature ||
         method == CalibrationMethod::temperature_per_class ||
         method == CalibrationMethod::affine || method == CalibrationMethod::platt;
}

}  // namespace cxrlt
