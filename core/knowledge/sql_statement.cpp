// SPDX-License-Identifier: GPL-3.0-or-later
#include "knowledge/sql_statement.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

namespace aiops::knowledge {
namespace {

constexpr size_t kMostTables = 16;

constexpr std::array<std::string_view, 16> kClauses = {
    "from", "where",     "group", "having", "order", "limit", "fetch",  "offset",
    "for",  "returning", "set",   "using",  "on",    "join",  "window", ";"};
constexpr std::array<std::string_view, 7> kJoinWords = {"inner", "left",  "right",  "full",
                                                        "outer", "cross", "natural"};

using Tokens = std::span<const SqlToken>;

template <size_t N>
bool isOneOf(const SqlToken& token, const std::array<std::string_view, N>& words) {
  return std::ranges::any_of(words, [&](std::string_view word) { return token.is(word); });
}
bool isName(const SqlToken& token) {
  return token.kind == SqlKind::Word || token.kind == SqlKind::Quoted;
}

/// Reads a table at the beginning of the tokens and takes it off; nothing when there is none.
std::optional<SqlTable> takeTable(Tokens& tokens) {
  if (!tokens.empty() && tokens.front().is("only")) tokens = tokens.subspan(1);
  if (tokens.empty() || !isName(tokens.front())) return std::nullopt;
  SqlTable table{.schema = {}, .name = sqlName(tokens.front()), .alias = {}};
  tokens = tokens.subspan(1);
  while (tokens.size() > 1 && tokens.front().is(".") && isName(tokens[1])) {
    table.schema = std::exchange(table.name, sqlName(tokens[1]));
    tokens = tokens.subspan(2);
  }
  if (!tokens.empty() && tokens.front().is("as")) tokens = tokens.subspan(1);
  const bool alias = !tokens.empty() && isName(tokens.front()) && !isOneOf(tokens.front(), kClauses) &&
                     !isOneOf(tokens.front(), kJoinWords);
  if (!alias) return table;
  table.alias = sqlName(tokens.front());
  tokens = tokens.subspan(1);
  return table;
}

std::vector<SqlOrder> orderOf(Tokens tokens) {
  std::vector<SqlOrder> order;
  for (size_t i = 0; i < tokens.size();) {
    if (!isName(tokens[i])) return {};
    SqlOrder by{.column = {{}, sqlName(tokens[i++])}};
    while (i + 1 < tokens.size() && tokens[i].is(".") && isName(tokens[i + 1])) {
      by.column = {by.column.name, sqlName(tokens[i + 1])};
      i += 2;
    }
    if (i < tokens.size() && (tokens[i].is("asc") || tokens[i].is("desc")))
      by.descending = tokens[i++].is("desc");
    if (i < tokens.size() && tokens[i].is("nulls")) return {};
    order.push_back(std::move(by));
    if (i < tokens.size() && !tokens[i++].is(",")) return {};
  }
  return order;
}

/// Walks over the clauses of one statement.
class StatementReader {
 public:
  explicit StatementReader(std::string_view sql) : m_all(sqlTokens(sql)), m_rest(m_all) {}

  SqlStatement read() {
    if (m_all.size() >= kMostSqlTokens) return refuse("the statement is too long");
    if (m_rest.empty()) return refuse("there is no statement");
    for (const auto& token : m_all) {
      if (token.is("union") || token.is("intersect") || token.is("except"))
        return refuse("the statement is made of several queries");
    }
    const auto first = m_rest.front();
    if (first.is("select")) {
      if (!skipTo("from")) return refuse("the statement reads no table");
      return readFrom();
    }
    if (first.is("delete") && skipTo("from")) return readFrom();
    if (first.is("update")) return readUpdate();
    return refuse("it is no SELECT, UPDATE or DELETE over plain tables");
  }

 private:
  SqlStatement refuse(const std::string& why) {
    m_out = {};
    m_out.refusal = why;
    return m_out;
  }
  /// Behind the next such word outside of parentheses.
  bool skipTo(std::string_view word) {
    const auto skipped = until([&](const SqlToken& token) { return token.is(word); });
    if (m_rest.empty()) return false;
    m_rest = m_rest.subspan(1);
    (void)skipped;
    return true;
  }
  template <class Ends>
  Tokens until(const Ends& ends) {
    int depth = 0;
    for (size_t i = 0; i < m_rest.size(); ++i) {
      if (depth == 0 && ends(m_rest[i])) return takeOff(i);
      depth += m_rest[i].is("(") ? 1 : m_rest[i].is(")") ? -1 : 0;
    }
    return takeOff(m_rest.size());
  }
  Tokens takeOff(size_t count) {
    const auto taken = m_rest.first(count);
    m_rest = m_rest.subspan(count);
    return taken;
  }
  bool take(std::string_view word) {
    if (m_rest.empty() || !m_rest.front().is(word)) return false;
    m_rest = m_rest.subspan(1);
    return true;
  }
  bool addTable() {
    auto table = takeTable(m_rest);
    if (!table || m_out.tables.size() >= kMostTables) return false;
    m_out.tables.push_back(*std::move(table));
    return true;
  }

  SqlStatement readUpdate() {
    m_rest = m_rest.subspan(1);
    if (!addTable()) return refuse("the statement changes no plain table");
    if (!skipTo("where")) return refuse("the statement has no condition");
    return readWhere();
  }

  SqlStatement readFrom() {
    if (!addTable()) return refuse("the statement reads from another query");
    while (!m_rest.empty()) {
      if (take(",")) {
        if (!addTable()) return refuse("the statement reads from another query");
        continue;
      }
      const auto joined = joinFollows();
      if (!joined) break;
      if (!addTable()) return refuse("the statement reads from another query");
      if (!addJoin(*joined)) return refuse("the condition of a join was not understood");
    }
    return readRest();
  }
  /// Whether its condition narrows the other tables as well; nothing when no join follows.
  std::optional<bool> joinFollows() {
    bool inner = true, any = false;
    while (!m_rest.empty() && isOneOf(m_rest.front(), kJoinWords)) {
      inner = inner && (m_rest.front().is("inner") || m_rest.front().is("cross"));
      m_rest = m_rest.subspan(1);
      any = true;
    }
    if (!take("join")) {
      if (any) m_rest = {};
      return std::nullopt;
    }
    return inner;
  }
  bool addJoin(bool inner) {
    if (take("using")) {
      if (!take("(")) return false;
      until([](const SqlToken& token) { return token.is(")"); });
      return take(")");
    }
    if (!take("on")) return true;
    const auto condition = until([](const SqlToken& token) {
      return isOneOf(token, kClauses) || isOneOf(token, kJoinWords) || token.is(",");
    });
    return !inner || addConditions(condition);
  }
  bool addConditions(Tokens condition) {
    auto more = sqlConditions(condition);
    std::ranges::move(more.usable, std::back_inserter(m_out.conditions.usable));
    std::ranges::move(more.unusable, std::back_inserter(m_out.conditions.unusable));
    return more.understood;
  }

  SqlStatement readRest() {
    until([](const SqlToken& token) { return token.is("where") || token.is("order"); });
    if (!m_rest.empty() && m_rest.front().is("order")) return readOrderBy();
    if (!take("where")) return refuse("the statement has no condition");
    return readWhere();
  }
  SqlStatement readWhere() {
    const auto condition = until([](const SqlToken& token) { return isOneOf(token, kClauses); });
    if (!addConditions(condition)) return refuse("the condition was not understood");
    until([](const SqlToken& token) { return token.is("order"); });
    return readOrderBy();
  }
  SqlStatement readOrderBy() {
    if (take("order") && take("by"))
      m_out.order = orderOf(until([](const SqlToken& token) { return isOneOf(token, kClauses); }));
    return m_out;
  }

  const std::vector<SqlToken> m_all;
  Tokens m_rest;
  SqlStatement m_out;
};

}  // namespace

SqlStatement readStatement(std::string_view sql) {
  return StatementReader(sql).read();
}

SqlTable readTable(std::string_view text) {
  const auto tokens = sqlTokens(text);
  Tokens rest(tokens);
  return takeTable(rest).value_or(SqlTable{});
}

std::vector<SqlOrder> readOrder(std::string_view text) {
  const auto tokens = sqlTokens(text);
  return orderOf(tokens);
}

}  // namespace aiops::knowledge
