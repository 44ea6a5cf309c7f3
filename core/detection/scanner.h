// Finds in one pass which of many expressions may match a text: Vectorscan in front of RE2. Internal to
// detection.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct hs_database;
struct hs_scratch;

namespace aiops::detection {

/// The memory of a scan under way; one for each thread, usable with every scanner that it was prepared for.
class ScanMemory {
 public:
  ScanMemory() = default;
  ~ScanMemory();
  ScanMemory(ScanMemory&& other) noexcept;
  ScanMemory& operator=(ScanMemory&& other) noexcept;

 private:
  friend class Scanner;
  hs_scratch* m_scratch = nullptr;
};

/// An immutable set of expressions. What it finds are candidates: every text that RE2 (bytes, as Latin-1)
/// matches is among them, and perhaps some that it does not.
class Scanner {
 public:
  struct Item {
    uint32_t id = 0;
    std::string expression;
    bool ready = false;  ///< it is in Vectorscan's syntax already, and ASCII case is ignored; else RE2's
  };
  struct Refused {
    uint32_t id = 0;
    std::string reason;
  };

  /// Items that can't be scanned for are named in `refused`; null when none is left. Thousands of items take
  /// seconds.
  static std::unique_ptr<const Scanner> build(const std::vector<Item>& items, std::vector<Refused>& refused);
  ~Scanner();

  /// Before the first scan with `memory`. False when there is no memory left.
  bool prepare(ScanMemory& memory) const;
  /// Adds the ids of the candidates to `found`, each once, in any order. False when that was not possible.
  bool scan(std::string_view text, ScanMemory& memory, std::vector<uint32_t>& found) const;

 private:
  explicit Scanner(hs_database* database) : m_database(database) {}

  hs_database* m_database;
};

/// `expression` in Vectorscan's syntax, matching at least what RE2 does; else why there is none.
struct ScannerSyntax {
  std::string expression;
  std::string reason;  ///< empty: `expression` can be used
};
ScannerSyntax scannerSyntax(std::string_view expression);

/// `text` as an expression for a `ready` item; a space stands for any white space.
std::string scannerLiteral(std::string_view text);

}  // namespace aiops::detection
