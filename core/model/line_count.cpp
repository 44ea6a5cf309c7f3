// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cctype>

#include "model/log_line.h"

namespace aiops::model {
namespace {

constexpr std::array<std::string_view, 3> kStatusFields = {"status", "status_code", "statusCode"};

/// The first digit of the three-digit status of an answer (RFC 9110, section 15), or 0.
char answerClass(const LogRecord& record) {
  for (const auto& [name, value] : record.fields) {
    if (std::ranges::find(kStatusFields, name) == kStatusFields.end()) continue;
    const bool isStatus =
        value.size() == 3 && value.front() >= '1' && value.front() <= '5' &&
        std::ranges::all_of(value, [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; });
    return isStatus ? value.front() : '\0';
  }
  return '\0';
}

}  // namespace

void LineCount::add(const LogRecord& record) {
  ++all;
  if (record.severity >= Severity::Warning) ++warnings;
  const char answer = answerClass(record);
  if (answer == '\0') return;
  ++requests;
  if (answer == '5') ++failures;
}

}  // namespace aiops::model
