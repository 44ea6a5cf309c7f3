// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/journal_line.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"

namespace aiops::sources {
namespace {

constexpr std::string_view kBegin = "{\"__CURSOR\":\"";
constexpr size_t kMostOfMessage = 32 * 1024;  // escaped, as below
constexpr size_t kMostOfValue = 8 * 1024;
constexpr size_t kMostOfNotes = 1024;  // on what was cut
constexpr size_t kMostOfName = 64;     // as journald allows

/// What comes first: it must never be pushed out of what is parsed by fields that the writer chose.
constexpr std::array<std::string_view, 12> kFirst = {
    "PRIORITY", "_TRANSPORT",        "_SYSTEMD_UNIT", "UNIT", "OBJECT_SYSTEMD_UNIT", "COREDUMP_UNIT",
    "_COMM",    "SYSLOG_IDENTIFIER", "_PID",          "_UID", "_HOSTNAME",           "MESSAGE"};

size_t placeOf(const std::string& name) {
  return static_cast<size_t>(std::ranges::find(kFirst, name) - kFirst.begin());
}

void appendEscaped(char c, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  if (c == '"' || c == '\\') {
    out += '\\';
    out += c;
  } else if (c == '\n') {
    out += "\\n";
  } else if (c == '\t') {
    out += "\\t";
  } else if (static_cast<unsigned char>(c) < 0x20) {
    out += "\\u00";
    out += kHex[static_cast<unsigned char>(c) >> 4];
    out += kHex[c & 15];
  } else {
    out += c;
  }
}

/// `text` is valid UTF-8. False when it had to be cut to `most`.
bool appendString(std::string_view text, size_t most, std::string& out) {
  const auto begin = out.size();
  out += '"';
  size_t whole = out.size();  // no character is cut
  bool fits = true;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) whole = out.size();
    appendEscaped(c, out);
    fits = out.size() - begin < most;
    if (!fits) break;
  }
  if (!fits) out.resize(whole);
  out += '"';
  return fits;
}

bool appendNumbers(std::string_view bytes, size_t most, std::string& out) {
  const auto begin = out.size();
  out += '[';
  bool fits = true;
  for (size_t i = 0; i < bytes.size() && fits; ++i) {
    if (i > 0) out += ',';
    out += std::to_string(static_cast<unsigned char>(bytes[i]));
    fits = out.size() - begin < most - 4;
  }
  out += ']';
  return fits;
}

bool appendValue(std::string_view name, const std::string& value, std::string& out) {
  const bool isMessage = name == "MESSAGE";
  const auto most = isMessage ? kMostOfMessage : kMostOfValue;
  const auto valid = base::toValidUtf8(std::string_view(value).substr(0, most + 8));
  if (isMessage) return appendString(valid, most, out) && value.size() <= most;
  // A character may be cut in two behind what fits.
  const bool text = std::string_view(value).substr(0, most) == std::string_view(valid).substr(0, most);
  return (text ? appendString(valid, most, out) : appendNumbers(value, most, out)) && value.size() <= most;
}

struct Field {
  std::string_view name;
  std::vector<const std::string*> values;
};

/// Each name once, the first ones first, else in the order in which they came.
std::vector<Field> fieldsOf(const JournalEntry& entry) {
  std::vector<const std::pair<std::string, std::string>*> sorted;
  for (const auto& field : entry.fields) sorted.push_back(&field);
  std::ranges::stable_sort(sorted, [](const auto* a, const auto* b) {
    return std::pair(placeOf(a->first), std::string_view(a->first)) <
           std::pair(placeOf(b->first), std::string_view(b->first));
  });
  std::vector<Field> fields;
  for (const auto* field : sorted) {
    const bool plain =
        !field->first.empty() && field->first.size() <= kMostOfName &&
        field->first.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == std::string::npos &&
        !field->first.starts_with("__");
    if (!plain) continue;
    if (fields.empty() || fields.back().name != field->first) fields.push_back({field->first, {}});
    fields.back().values.push_back(&field->second);
  }
  return fields;
}

/// As `"NAME":VALUE`, several values as an array. False when something was cut.
bool appendField(const Field& field, std::string& out) {
  out += ",\"";
  out += field.name;
  out += "\":";
  const bool several = field.values.size() > 1 && field.name != "MESSAGE";
  bool whole = several || field.values.size() == 1;
  if (several) out += '[';
  for (size_t i = 0; i < (several ? field.values.size() : 1); ++i) {
    if (i > 0) out += ',';
    whole = appendValue(field.name, *field.values[i], out) && whole;
  }
  if (several) out += ']';
  return whole;
}

void noteCut(const Field& field, std::string& notes) {
  if (notes.size() > kMostOfNotes) return;
  size_t bytes = 0;
  for (const auto* value : field.values) bytes += value->size();
  notes += (notes.empty() ? "" : " ") + std::string(field.name) + "=" + std::to_string(bytes);
}

}  // namespace

bool appendJournalLine(const JournalEntry& entry, std::string& lines) {
  const auto begin = lines.size();
  lines += kBegin;
  lines += entry.cursor;
  lines += "\",\"__REALTIME_TIMESTAMP\":\"" + std::to_string(entry.realtime);
  lines += "\",\"__MONOTONIC_TIMESTAMP\":\"" + std::to_string(entry.monotonic);
  lines += "\",\"_BOOT_ID\":\"" + entry.bootId + "\"";
  std::string notes;
  for (const auto& field : fieldsOf(entry)) {
    if (field.name == "_BOOT_ID") continue;
    const auto before = lines.size();
    const bool whole = appendField(field, lines);
    const bool fits = lines.size() - begin + kMostOfNotes + 128 < kMostOfJournalLine;
    if (!fits) lines.resize(before);
    if (!fits || !whole) noteCut(field, notes);
  }
  if (!notes.empty()) lines += ",\"__CUT\":\"" + notes + "\"";
  lines += "}\n";
  return !notes.empty();
}

std::string_view cursorOf(std::string_view line) {
  if (!line.starts_with(kBegin)) return {};
  line.remove_prefix(kBegin.size());
  const auto end = line.find('"');
  return end == std::string_view::npos ? std::string_view() : line.substr(0, end);
}

}  // namespace aiops::sources
