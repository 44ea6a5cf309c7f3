// Finds lines that may tell of trouble much faster than they could be read.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "detection/scanner.h"

namespace aiops::detection {

/// Looks for the words by which programs say error or worse ("ERROR", "fatal", "level=crit", "Exception"), in
/// any case and anywhere: what has one is a candidate, to be read properly. A program that writes its level
/// as a number or a letter is not seen. Not thread safe.
class TroubleWords {
 public:
  TroubleWords();

  /// Whether `text`, of one line or many, has such a word; also true when that can't be found out.
  bool mayHave(std::string_view text);

 private:
  const Scanner* const m_scanner;  ///< the same for all
  ScanMemory m_memory;
  bool m_ready = false;
  std::vector<uint32_t> m_found;
};

}  // namespace aiops::detection
