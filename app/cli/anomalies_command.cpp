// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/anomalies_command.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <vector>

#include "app/cli/commands.h"
#include "app/cli/print.h"
#include "detection/baseline.h"
#include "parsing/timestamp.h"

namespace aiops::app {
namespace {

using base::ErrorCode;

constexpr size_t kLongestLine = 64 * 1024;

/// Where the two columns are.
struct Columns {
  size_t time = 0, value = 1;
};

struct Row {
  std::string_view timeText, valueText;
  base::TimePoint time;
  double value = 0;
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r' || text.back() == '\t'))
    text.remove_suffix(1);
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  return text;
}

std::vector<std::string_view> fieldsOf(std::string_view line) {
  std::vector<std::string_view> out;
  for (;;) {
    const auto comma = line.find(',');
    out.push_back(trimmed(line.substr(0, comma)));
    if (comma == std::string_view::npos) return out;
    line.remove_prefix(comma + 1);
  }
}

/// The whole text as a finite number.
std::optional<double> numberOf(std::string_view text) {
  double value = 0;
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

/// Seconds up to the year 5138, then milliseconds, then microseconds.
std::optional<base::TimePoint> epochOf(double number) {
  const double size = std::fabs(number);
  if (size >= 1e17) return std::nullopt;
  const double micros = size < 1e11 ? number * 1e6 : size < 1e14 ? number * 1e3 : number;
  return base::TimePoint(base::Duration(std::llround(micros)));
}

std::optional<base::TimePoint> timeOf(std::string_view text, parsing::StampResolver& resolver) {
  if (const auto number = numberOf(text)) return epochOf(*number);
  const auto stamp = parsing::readStamp(text);
  if (!stamp || !stamp->hasYear || stamp->length != text.size()) return std::nullopt;
  return resolver.resolve(*stamp, {});
}

/// The columns that a header names; empty when `fields` are no header.
std::optional<Columns> headerOf(const std::vector<std::string_view>& fields) {
  const auto time = std::ranges::find(fields, "timestamp"), value = std::ranges::find(fields, "value");
  if (time == fields.end() || value == fields.end()) return std::nullopt;
  return Columns{static_cast<size_t>(time - fields.begin()), static_cast<size_t>(value - fields.begin())};
}

base::Result<Row> rowOf(const std::vector<std::string_view>& fields, Columns columns,
                        parsing::StampResolver& resolver, const std::string& where) {
  if (fields.size() <= std::max(columns.time, columns.value))
    return base::fail(ErrorCode::InvalidInput, "a column is missing", where, "each line is timestamp,value");
  Row row{.timeText = fields[columns.time], .valueText = fields[columns.value], .time = {}};
  const auto time = timeOf(row.timeText, resolver);
  if (!time)
    return base::fail(ErrorCode::InvalidInput, "no time stamp: '" + safe(std::string(row.timeText)) + "'",
                      where, "write 2026-11-22 20:35:23, ISO 8601 or seconds since 1970");
  const auto value = numberOf(row.valueText);
  if (!value)
    return base::fail(ErrorCode::InvalidInput, "no number: '" + safe(std::string(row.valueText)) + "'",
                      where);
  row.time = *time;
  row.value = *value;
  return row;
}

void print(const Row& row, const detection::BaselineScore& found, bool csv) {
  const std::string time(row.timeText), value(row.valueText);
  if (csv) {
    std::printf("%s,%s,%.9g\n", time.c_str(), value.c_str(), found.score);
  } else if (found.score >= detection::scoreThreshold()) {
    std::printf("%s  %s  expected %.6g, usually within %.3g  (score %.3f)\n", time.c_str(), value.c_str(),
                found.expected, found.spread, found.score);
  }
}

base::Result<> score(std::ifstream& in, const std::string& file, bool csv) {
  parsing::StampResolver resolver{parsing::ZoneRule{}};
  detection::Baseline baseline;
  Columns columns;
  std::string line;
  bool first = true;
  for (size_t number = 1; std::getline(in, line); ++number) {
    const auto where = file + ":" + std::to_string(number);
    if (line.size() > kLongestLine)
      return base::fail(ErrorCode::LimitExceeded, "the line is too long", where);
    std::string_view text = line;
    if (number == 1 && text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    if (trimmed(text).empty()) continue;
    const auto fields = fieldsOf(text);
    const auto header = first ? headerOf(fields) : std::nullopt;
    first = false;
    if (header) {
      columns = *header;
      continue;
    }
    const auto row = rowOf(fields, columns, resolver, where);
    if (!row) return std::unexpected(row.error());
    const auto found = baseline.add(row->time, row->value);
    if (!found.accepted) return base::fail(ErrorCode::InvalidInput, "the number is too large", where);
    print(*row, found, csv);
  }
  if (in.bad()) return base::fail(ErrorCode::Io, "can't be read", file);
  if (first) return base::fail(ErrorCode::InvalidInput, "it is empty", file, "each line is timestamp,value");
  return {};
}

}  // namespace

int runAnomalies(const Invocation& invocation) {
  std::ifstream in(invocation.file);
  if (!in)
    return complain(base::Error{ErrorCode::NotFound, "can't be opened", invocation.file, "name a CSV file"});
  const bool csv = invocation.format == "csv";
  if (csv) std::puts("timestamp,value,anomaly_score");
  const auto done = score(in, invocation.file, csv);
  if (!done) return complain(done.error());
  if (std::fflush(stdout) != 0) return complain(base::Error{ErrorCode::Io, "can't be written", "output", ""});
  return kDone;
}

}  // namespace aiops::app
