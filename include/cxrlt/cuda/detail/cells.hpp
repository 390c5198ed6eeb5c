// SPDX-License-Identifier: Apache-2.0
/// The cells of a matrix on the device, and how threads share them out.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "cxrlt/core/host_device.hpp"
#include "cxrlt/core/ordered_key.hpp"
#include "cxrlt/cuda/device_matrix_view.hpp"
#include "cxrlt/cuda/reduced_float.hpp"

namespace cxrlt::detail {

/// The type in which scores stored as `Element` are compared.
template <class Element>
using ScoreOf = decltype(widened(Element{}));

/// A key that is the lower, the higher the score: ascending keys are descending scores.
template <class Score>
CXRLT_HD constexpr typename OrderedKey<Score>::type descending_key(Score score) {
  return ~ordered_key(score);
}

/// What a stored label says.
enum class Cell : std::uint8_t { negative = 0, positive = 1, missing = 2, fault = 3 };

inline namespace CXRLT_DEVICE_SYSTEM {

/// Scores and labels where they lie, as raw pointers for functors.
template <class Element>
struct Cells {
  const Element* scores;
  const unsigned char* labels;
  std::ptrdiff_t score_sample_stride, score_class_stride;
  std::ptrdiff_t label_sample_stride, label_class_stride;
  unsigned char missing;  ///< the byte that says missing; 0 where none does

  Cells(DeviceMatrixView<const Element> score_view, DeviceLabelMatrixView label_view)
      : scores(thrust::raw_pointer_cast(score_view.data())),
        labels(thrust::raw_pointer_cast(label_view.bytes().data())),
        score_sample_stride(score_view.sample_stride()),
        score_class_stride(score_view.class_stride()),
        label_sample_stride(label_view.bytes().sample_stride()),
        label_class_stride(label_view.bytes().class_stride()),
        missing(label_view.largest_byte() == 255 ? 255 : 0) {}

  CXRLT_HD ScoreOf<Element> score(std::uint32_t row, std::uint32_t class_index) const {
    return widened(scores[static_cast<std::ptrdiff_t>(row) * score_sample_stride +
                          static_cast<std::ptrdiff_t>(class_index) * score_class_stride]);
  }
  CXRLT_HD unsigned char byte(std::uint32_t row, std::uint32_t class_index) const {
    return labels[static_cast<std::ptrdiff_t>(row) * label_sample_stride +
                  static_cast<std::ptrdiff_t>(class_index) * label_class_stride];
  }
  CXRLT_HD Cell cell_of(unsigned char label) const {
    if (label <= 1) return static_cast<Cell>(label);
    return label == missing ? Cell::missing : Cell::fault;
  }
  CXRLT_HD Cell cell(std::uint32_t row, std::uint32_t class_index) const {
    return cell_of(byte(row, class_index));
  }
};

}  // namespace CXRLT_DEVICE_SYSTEM

/// The rows of one class that one thread sees to: lane, lane + n_lanes, lane + 2 n_lanes, ...
struct Strip {
  std::uint32_t slot;  ///< the place of the class among those at work
  std::uint32_t lane;
};

/// The cells of some classes shared out among threads, so that neighbouring threads read
/// neighbouring cells in either storage order.
struct Strips {
  std::uint32_t n_samples = 0;
  std::uint32_t n_slots = 0;
  std::uint32_t n_lanes = 1;
  bool classes_adjacent = true;

  CXRLT_HD std::uint32_t size() const { return n_slots * n_lanes; }

  CXRLT_HD Strip strip(std::uint32_t thread) const {
    return classes_adjacent ? Strip{thread % n_slots, thread / n_slots}
                            : Strip{thread / n_lanes, thread % n_lanes};
  }

  /// The place of a strip when they are ordered by slot, then by lane.
  CXRLT_HD std::uint32_t place(Strip strip) const { return strip.slot * n_lanes + strip.lane; }

  /// The rows of all lanes below this one.
  CXRLT_HD std::uint32_t rows_before(std::uint32_t lane) const {
    const std::uint32_t longer = n_samples % n_lanes;
    return lane * (n_samples / n_lanes) + (lane < longer ? lane : longer);
  }
};

/// Enough lanes to fill a large device, and at least so many rows for each that what a thread
/// does at first does not matter.
inline std::uint32_t lanes_for(std::uint32_t n_samples, std::uint32_t n_slots) {
  constexpr std::uint32_t threads_wanted = 1U << 19;
  constexpr std::uint32_t least_rows = 8;
  return std::max(1U, std::min(n_samples / least_rows, threads_wanted / std::max(1U, n_slots)));
}

}  // namespace cxrlt::detail
