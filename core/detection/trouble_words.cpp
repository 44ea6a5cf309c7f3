// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/trouble_words.h"

#include <array>
#include <memory>

namespace aiops::detection {
namespace {

constexpr std::array<std::string_view, 10> kWords = {
    "error", "fatal", "panic", "crit", "emerg", "alert", "exception", "level=err", "severe", "traceback"};

/// Built once, when it is first needed.
const Scanner* scanner() {
  static const auto built = [] {
    std::vector<Scanner::Item> items;
    for (const auto word : kWords) items.push_back({0, scannerLiteral(word), true});
    std::vector<Scanner::Refused> refused;
    auto made = Scanner::build(items, refused);
    return refused.empty() ? std::move(made) : nullptr;
  }();
  return built.get();
}

}  // namespace

TroubleWords::TroubleWords() : m_scanner(scanner()) {
  m_ready = m_scanner != nullptr && m_scanner->prepare(m_memory);
}

bool TroubleWords::mayHave(std::string_view text) {
  m_found.clear();
  if (!m_ready || !m_scanner->scan(text, m_memory, m_found)) return true;
  return !m_found.empty();
}

}  // namespace aiops::detection
