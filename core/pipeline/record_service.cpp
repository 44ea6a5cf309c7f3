// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/record_service.h"

#include <algorithm>
#include <string_view>

namespace aiops::pipeline {
namespace {

constexpr size_t kLongest = 64;

std::string plainName(std::string_view name) {
  std::string plain(name.substr(0, kLongest));
  for (char& c : plain) {
    const bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '-' || c == '.';
    if (!fits) c = '_';
  }
  return plain;
}

/// "nginx" of "nginx.service". Other units (a session's scope, a slice) hold many programs.
std::string_view nameOfUnit(std::string_view unit) {
  constexpr std::string_view kService = ".service";
  if (!unit.ends_with(kService) || unit.starts_with("user@")) return {};
  unit.remove_suffix(kService.size());
  return unit.substr(0, unit.find('@'));
}

}  // namespace

std::string serviceOfRecord(const model::LogRecord& record, bool ofJournal) {
  if (ofJournal) {
    if (const auto unit = nameOfUnit(record.field("unit")); !unit.empty()) return plainName(unit);
  }
  auto program = record.field("program");
  if (program.starts_with('/')) program.remove_prefix(program.rfind('/') + 1);
  return plainName(program.substr(0, program.find('/')));
}

}  // namespace aiops::pipeline
