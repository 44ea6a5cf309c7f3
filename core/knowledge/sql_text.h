// SQL as it stands in logs: its words, its shape without values, and names that are safe to write.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aiops::knowledge {

enum class SqlDialect : uint8_t { PostgreSql, MySql };

enum class SqlKind : uint8_t { Word, Quoted, String, Number, Parameter, Symbol };

/// A piece of a text, which the caller keeps.
struct SqlToken {
  SqlKind kind = SqlKind::Symbol;
  std::string_view text;  ///< as written, with its quotes

  bool is(std::string_view word) const;  ///< a word, whatever its case, or a symbol
};

/// More is no statement that anybody reads: what stands behind is left out.
inline constexpr size_t kMostSqlTokens = 4096;

/// Without white space and comments. What is not closed ends with the text. Never fails: log text is hostile.
/// Knows 'strings' with doubled quotes and backslashes, $tag$strings$tag$, "names", `names`, numbers, $1, ?
/// and :name.
std::vector<SqlToken> sqlTokens(std::string_view sql);

/// The name that a word or quoted token stands for: words are folded to small letters as PostgreSQL does.
std::string sqlName(const SqlToken& token);

/// One text for all statements that differ in values alone, as pt-query-digest has them: small letters, "?"
/// for each value, "(?+)" for lists of them, no comments, one space between words. At most 512 bytes.
std::string sqlFingerprint(std::string_view sql);

/// `name` between the dialect's quotes. Nothing unless it is [A-Za-z_][A-Za-z0-9_$]{0,62}: a name that is
/// written in another way may be an attempt to write something else.
std::optional<std::string> quotedSqlName(std::string_view name, SqlDialect dialect);

}  // namespace aiops::knowledge
