// SPDX-License-Identifier: Apache-2.0
/// Prediction CSVs on the disk, for the suites that read them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

#include "bench/sample.hpp"

namespace fs = std::filesystem;

/// A file in the folder for temporary files, removed at the end.
class ScratchFile {
 public:
  explicit ScratchFile(const std::string& name) : path_(fs::temp_directory_path() / name) {}
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  ~ScratchFile() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

inline void write_csv(const Sample<float>& sample, const fs::path& path) {
  std::ofstream file(path, std::ios::binary);
  file << "image";
  for (std::size_t c = 0; c < sample.options.n_classes; ++c) file << ",finding_" << c;
  file << '\n';
  file.precision(9);
  for (std::size_t i = 0; i < sample.options.n_samples; ++i) {
    file << "image_" << 10'000'000 + i;
    for (std::size_t c = 0; c < sample.options.n_classes; ++c) {
      file << ',' << sample.score_view()(i, c);
    }
    file << '\n';
  }
  if (!file) throw std::runtime_error("cannot write " + path.string());
}
