// SPDX-License-Identifier: GPL-3.0-or-later
#include "knowledge/slow_statement.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "model/strict_json.h"

namespace aiops::knowledge {
namespace {

constexpr std::string_view kDuration = "duration: ";
constexpr std::string_view kQueryTime = "# Query_time: ";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// Takes a number off; nothing when there is none.
std::optional<double> takeNumber(std::string_view& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || value < 0 || value > 1e15) return std::nullopt;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return value;
}

std::optional<double> numberAfter(std::string_view text, std::string_view name) {
  const auto found = text.find(name);
  if (found == std::string_view::npos) return std::nullopt;
  auto rest = text.substr(found + name.size());
  return takeNumber(rest);
}

/// PostgreSQL writes further lines of a message behind a tab; what comes else (DETAIL, CONTEXT) is a line of
/// its own with a prefix.
std::string_view messageOnly(std::string_view text) {
  for (size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    const auto line = text.substr(at + 1);
    if (line.empty() || line.front() == '\t' || line.front() == ' ' || line.front() == '\n') continue;
    const auto end = std::min(line.find('\n'), line.size());
    for (const std::string_view part : {"DETAIL:  ", "CONTEXT:  ", "HINT:  ", "QUERY:  ", "LOCATION:  "}) {
      if (line.substr(0, end).find(part) != std::string_view::npos) return text.substr(0, at);
    }
  }
  return text;
}

std::optional<SlowStatement> readPostgres(std::string_view entry) {
  const auto found = entry.substr(0, 2000).find(kDuration);
  if (found == std::string_view::npos) return std::nullopt;
  auto rest = entry.substr(found + kDuration.size());
  const auto duration = takeNumber(rest);
  if (!duration || !rest.starts_with(" ms")) return std::nullopt;
  SlowStatement out{.milliseconds = *duration};
  rest = messageOnly(trimmed(rest.substr(3)));
  if (rest.starts_with("plan:")) {
    out.plan = readQueryPlan(rest.substr(5));
    if (out.plan) out.sql = out.plan->statement;
    return out;
  }
  for (const std::string_view word : {"statement:", "execute ", "parse ", "bind "}) {
    if (!rest.starts_with(word)) continue;
    const auto colon = rest.find(':');
    if (colon != std::string_view::npos && colon < 200) out.sql = trimmed(rest.substr(colon + 1));
  }
  return out;
}

/// Behind the lines about it, and what sets the scene for it.
void readMysqlStatement(std::string_view text, SlowStatement& out) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = trimmed(text.substr(0, end));
    const auto words = sqlTokens(line.substr(0, 400));
    const bool use = words.size() > 1 && words[0].is("use");
    const bool scene = words.size() > 1 && words[0].is("set") && words[1].is("timestamp");
    if (use) out.database = words[1].kind == SqlKind::Word ? std::string(words[1].text) : sqlName(words[1]);
    if (!line.empty() && line.front() != '#' && !use && !scene) break;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  out.sql = trimmed(text);
  while (out.sql.ends_with(';')) out.sql.pop_back();
}

std::optional<SlowStatement> readMysql(std::string_view entry) {
  const auto found = entry.find(kQueryTime);
  if (found == std::string_view::npos || (found > 0 && entry[found - 1] != '\n')) return std::nullopt;
  const auto end = std::min(entry.find('\n', found), entry.size());
  const auto figures = entry.substr(found, end - found);
  const auto seconds = numberAfter(figures, kQueryTime);
  if (!seconds) return std::nullopt;
  SlowStatement out{.dialect = SqlDialect::MySql, .milliseconds = *seconds * 1000};
  out.rowsExamined = numberAfter(figures, "Rows_examined: ");
  out.rowsSent = numberAfter(figures, "Rows_sent: ");
  readMysqlStatement(entry.substr(end), out);
  return out;
}

}  // namespace

std::optional<SlowStatement> readSlowStatement(std::string_view entry) {
  if (auto mysql = readMysql(entry)) return mysql;
  const auto content = trimmed(entry);
  if (!content.starts_with('{')) return readPostgres(entry);
  const auto parsed = model::parseStrictJson(content, "entry");
  if (!parsed) return std::nullopt;
  const auto message = parsed->find("message");
  return message != parsed->end() && message->is_string() ? readPostgres(message->get<std::string>())
                                                          : std::nullopt;
}

}  // namespace aiops::knowledge
