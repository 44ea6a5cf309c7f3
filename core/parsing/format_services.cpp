// Logs of well-known services: PostgreSQL, MySQL, MariaDB, Redis, nginx and Apache errors.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <utility>

#include "parsing/entry.h"
#include "parsing/field_scan.h"

namespace aiops::parsing {
namespace {

using model::Severity;

constexpr size_t kPrefixBytes = 300;

struct PostgresWord {
  std::string_view word;
  Severity severity;
  std::string_view field;  ///< for lines that belong to the record before them
};

constexpr std::array<PostgresWord, 20> kPostgresWords = {{
    {"LOG", Severity::Info, {}},
    {"ERROR", Severity::Error, {}},
    {"FATAL", Severity::Critical, {}},
    {"PANIC", Severity::Critical, {}},
    {"WARNING", Severity::Warning, {}},
    {"NOTICE", Severity::Info, {}},
    {"INFO", Severity::Info, {}},
    {"DEBUG", Severity::Debug, {}},
    {"DEBUG1", Severity::Debug, {}},
    {"DEBUG2", Severity::Debug, {}},
    {"DEBUG3", Severity::Debug, {}},
    {"DEBUG4", Severity::Debug, {}},
    {"DEBUG5", Severity::Debug, {}},
    {"DETAIL", Severity::Info, "detail"},
    {"HINT", Severity::Info, "hint"},
    {"STATEMENT", Severity::Info, "statement"},
    {"CONTEXT", Severity::Info, "context"},
    {"QUERY", Severity::Info, "query"},
    {"LOCATION", Severity::Info, "location"},
    {"BACKTRACE", Severity::Info, "backtrace"},
}};

struct PostgresLine {
  const PostgresWord* word = nullptr;
  std::string_view prefix;   ///< between the stamp and the word
  std::string_view message;  ///< behind it
};

/// The server writes its word, a colon and two blanks; what stands before is log_line_prefix.
PostgresLine postgresLine(std::string_view text) {
  const auto head = text.substr(0, kPrefixBytes);
  for (size_t at = 0; (at = head.find(':', at)) != std::string_view::npos; ++at) {
    if (at + 1 >= head.size() || head[at + 1] != ' ') continue;
    size_t begin = at;
    while (begin > 0 && (isUpper(head[begin - 1]) || (isDigit(head[begin - 1]) && at - begin < 1))) --begin;
    const auto word = head.substr(begin, at - begin);
    for (const auto& known : kPostgresWords) {
      if (known.word != word) continue;
      const auto prefix = head.substr(0, begin);
      const bool twoBlanks = at + 2 < head.size() && head[at + 2] == ' ';
      if (!twoBlanks &&
          !(prefix.find('@') != std::string_view::npos && prefix.find('[') != std::string_view::npos))
        continue;
      return {&known, prefix, trimLeft(text.substr(at + 1))};
    }
  }
  return {};
}

/// The first number in brackets, as "[4913]", "[608647-3]" or "[12777]:".
std::string_view processId(std::string_view prefix) {
  for (size_t at = 0; (at = prefix.find('[', at)) != std::string_view::npos; ++at) {
    auto rest = prefix.substr(at + 1);
    const auto digits = takeDigits(rest);
    if (!digits.empty() && !rest.empty() && (rest.front() == ']' || rest.front() == '-')) return digits;
  }
  return {};
}

/// "user@database", if one stands in the prefix.
void addSession(Entry& entry, std::string_view prefix) {
  scanFields(prefix, entry.maxFields, entry.record.fields);
  while (!trimLeft(prefix).empty()) {
    auto word = takeWord(prefix);
    if (word.empty()) return;  // the end of a line within
    const size_t at = word.find('@');
    if (at == std::string_view::npos || word.find('=') != std::string_view::npos) continue;
    const size_t begin = word.rfind(':', at);
    if (begin != std::string_view::npos) word.remove_prefix(begin + 1);
    const size_t sign = word.find('@');
    entry.addPresent("user", word.substr(0, sign));
    const auto database = word.substr(sign + 1);
    entry.addPresent("database", database.substr(0, std::min(database.find(':'), database.size())));
    return;
  }
}

/// DETAIL, STATEMENT and the others of the following lines.
void addContinuations(Entry& entry) {
  size_t at = entry.text.find('\n');
  while (at != std::string_view::npos) {
    const size_t next = entry.text.find('\n', at + 1);
    const auto line = entry.text.substr(at + 1, next == std::string_view::npos ? next : next - at - 1);
    if (!line.empty() && !isBlank(line.front())) {
      const auto part = postgresLine(line);
      if (part.word && !part.word->field.empty()) entry.add(part.word->field, trimRight(part.message));
    }
    at = next;
  }
}

/// "[Note]", "[ERROR]", "[System]".
std::optional<Severity> mysqlLevel(std::string_view text) {
  constexpr std::array<std::string_view, 5> kLevels = {"Note", "Warning", "ERROR", "Error", "System"};
  const bool known = std::find(kLevels.begin(), kLevels.end(), text) != kLevels.end();
  return known ? severityFromWord(text) : std::nullopt;
}

/// Behind the stamp: thread, [level], and in MySQL 8 [code] [subsystem].
bool readMysqlTail(Entry& entry) {
  auto rest = trimLeft(entry.rest);
  const auto thread = takeDigits(rest);
  std::string_view level, part;
  if (!takeBracketed(rest, level)) return false;
  entry.severity = mysqlLevel(level);
  if (!entry.severity) return false;
  if (!thread.empty()) entry.add("thread", thread);
  if (auto code = rest; takeBracketed(code, part) && part.starts_with("MY-")) {
    entry.add("code", part);
    rest = code;
    if (takeBracketed(rest, part)) entry.add("subsystem", part);
  }
  entry.time = entry.stamp;
  entry.message = trimLeft(rest);
  return true;
}

bool isT(const Entry& entry) {
  return entry.stamp && entry.stamp->style == StampStyle::Iso && entry.text.size() > 10 &&
         entry.text[10] == 'T';
}

/// Takes ", key: value" or ", key: "value"" off `text`; "by zone "x"" has no colon.
bool takeNginxPair(std::string_view& text, std::string_view& key, std::string_view& value) {
  auto rest = text;
  if (!take(rest, ", ") && !take(rest, " ")) return false;
  if (take(rest, "by zone ")) {
    key = "zone";
  } else if (!takeUntil(rest, ':', key) || key.empty() || key.size() > 24 ||
             !std::all_of(key.begin(), key.end(),
                          [](char c) { return isAlpha(c) || c == '_' || c == ' '; })) {
    return false;
  }
  rest = trimLeft(rest);
  if (!takeQuoted(rest, value)) {
    size_t end = std::min(rest.find_first_of(",\n"), rest.size());
    if (key == "excess") end = std::min(end, rest.find(' '));
    value = rest.substr(0, end);
    rest.remove_prefix(end);
  }
  text = rest;
  return true;
}

/// Where the pairs begin: at the first key that nginx appends to its messages.
size_t nginxPairsAt(std::string_view message) {
  size_t at = message.size();
  for (const std::string_view key :
       {", excess: ", ", client: ", ", server: ", ", request: ", ", upstream: ", ", host: "}) {
    at = std::min(at, message.find(key));
  }
  return at;
}

/// "Query_time: 2.5  Lock_time: 0", by the names in small letters.
void addNamedValues(Entry& entry, std::string_view line) {
  while (true) {
    auto name = takeWord(line);
    if (name.size() < 2 || name.back() != ':') return;
    name.remove_suffix(1);
    std::string small(name);
    for (char& c : small) c = lower(c);
    if (entry.record.fields.size() >= entry.maxFields) return;
    entry.addPresent(entry.keep(std::move(small)), takeWord(line));
  }
}

}  // namespace

bool readPostgres(Entry& entry) {
  if (!entry.stamp || entry.stamp->style != StampStyle::Iso) return false;
  const auto line = postgresLine(entry.rest);
  if (!line.word) return false;
  if (const auto pid = processId(line.prefix); !pid.empty()) entry.add("pid", pid);
  addSession(entry, line.prefix);
  addContinuations(entry);
  entry.severity = line.word->severity;
  entry.time = entry.stamp;
  entry.message = line.message;
  scanFields(firstLine(line.message), entry.maxFields, entry.record.fields);
  return true;
}

bool continuesPostgres(std::string_view record, std::string_view line) {
  if (line.substr(0, kPrefixBytes).find(":  ") == std::string_view::npos) return false;
  const auto after = postgresLine(line);
  if (!after.word || after.word->field.empty()) return false;
  const auto before = postgresLine(firstLine(record));
  return before.word && processId(before.prefix) == processId(after.prefix);
}

bool readMysql(Entry& entry) {
  return isT(entry) && entry.stamp->zone && readMysqlTail(entry);
}

bool readMariadb(Entry& entry) {
  return entry.stamp && !isT(entry) && !entry.stamp->zone &&
         (entry.stamp->style == StampStyle::Iso || entry.stamp->style == StampStyle::Numbers) &&
         readMysqlTail(entry);
}

/// "# Time: ...", "# User@Host: user[user] @ host [1.2.3.4]", "# Query_time: 2  Lock_time: 0", and then the
/// statement, which is the message.
bool readMysqlSlow(Entry& entry) {
  auto rest = entry.text;
  if (!rest.starts_with("# Time: ") && !rest.starts_with("# User@Host: ")) return false;
  while (rest.starts_with('#')) {
    auto line = firstLine(rest);
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    take(line, "# ");
    if (take(line, "Time: ")) {
      entry.time = readStamp(line);
    } else if (take(line, "User@Host: ")) {
      entry.addPresent("user", line.substr(0, std::min(line.find_first_of("[ "), line.size())));
      const size_t at = line.find("@ ");
      line.remove_prefix(at == std::string_view::npos ? line.size() : at + 2);
      entry.addPresent("host", line.substr(0, std::min(line.find(' '), line.size())));
    } else {
      addNamedValues(entry, line);
    }
  }
  entry.message = trimRight(rest).empty() ? entry.text : trimRight(rest);
  return true;
}

/// "59:M 22 Nov 2026 20:33:24.793 * message", "[3574] 13 Apr 12:52:30.731 # message", and
/// "1:signal-handler (1693279182) message".
bool readRedis(Entry& entry) {
  constexpr std::array<std::pair<char, std::string_view>, 4> kRoles = {
      {{'M', "master"}, {'S', "replica"}, {'C', "child"}, {'X', "sentinel"}}};
  constexpr std::array<std::pair<char, Severity>, 4> kLevels = {
      {{'.', Severity::Debug}, {'-', Severity::Debug}, {'*', Severity::Info}, {'#', Severity::Warning}}};
  auto rest = entry.text;
  const bool old = take(rest, "[");
  const auto pid = takeDigits(rest);
  if (pid.empty() || pid.size() > 9 || !take(rest, old ? "] " : ":")) return false;
  entry.add("pid", pid);
  if (!old && take(rest, "signal-handler (")) {
    std::string_view seconds;
    if (!takeUntil(rest, ')', seconds)) return false;
    entry.instant = timeFromEpoch(seconds);
    entry.message = trimLeft(rest);
    return entry.instant.has_value();
  }
  if (!old) {
    const auto role = std::find_if(kRoles.begin(), kRoles.end(), [&](const auto& known) {
      return !rest.empty() && known.first == rest.front();
    });
    if (role == kRoles.end()) return false;
    entry.add("role", role->second);
    rest.remove_prefix(1);
  }
  rest = trimLeft(rest);
  entry.time = readStamp(rest);
  if (!entry.time || entry.time->style != StampStyle::DayMonth) return false;
  rest = trimLeft(rest.substr(entry.time->length));
  for (const auto& [sign, severity] : kLevels) {
    if (rest.size() < 2 || rest.front() != sign || rest[1] != ' ') continue;
    entry.severity = severity;
    entry.message = trimLeft(rest.substr(1));
    return true;
  }
  return false;
}

/// "2026/11/22 20:33:28 [error] 85#86: *3 message, client: 1.2.3.4, server: x, request: "..."".
bool readNginxError(Entry& entry) {
  if (!entry.stamp || entry.stamp->style != StampStyle::Slashes) return false;
  auto rest = entry.rest;
  std::string_view level;
  if (!takeBracketed(rest, level)) return false;
  entry.severity = severityFromWord(level);
  rest = trimLeft(rest);
  const auto pid = takeDigits(rest);
  if (!entry.severity || pid.empty() || !take(rest, "#")) return false;
  entry.add("pid", pid);
  entry.add("tid", takeDigits(rest));
  if (!take(rest, ":")) return false;
  rest = trimLeft(rest);
  if (auto number = rest; take(number, "*")) {
    entry.add("connection", takeDigits(number));
    rest = trimLeft(number);
  }
  entry.time = entry.stamp;
  entry.message = rest;
  const size_t at = nginxPairsAt(rest);
  entry.add("reason", rest.substr(0, at));
  rest.remove_prefix(at);
  std::string_view key, value;
  while (takeNginxPair(rest, key, value)) entry.add(key == "referrer" ? "referer" : key, value);
  return true;
}

/// "[Sun Nov 22 20:35:23.062 2026] [core:error] [pid 17962:tid 3] [client 127.0.0.1:60444] message".
bool readApacheError(Entry& entry) {
  if (!entry.stamp || entry.stamp->style != StampStyle::Asctime || !entry.text.starts_with('[')) return false;
  auto rest = entry.rest;
  std::string_view module, part;
  if (entry.stamp->open || !takeBracketed(rest, module)) return false;
  const size_t colon = module.find(':');
  entry.severity = severityFromWord(colon == std::string_view::npos ? module : module.substr(colon + 1));
  if (!entry.severity) return false;
  if (colon != std::string_view::npos) entry.addPresent("module", module.substr(0, colon));
  for (auto more = rest; takeBracketed(more, part); rest = more) {
    if (take(part, "pid ")) {
      entry.add("pid", part.substr(0, std::min(part.find(':'), part.size())));
      if (const size_t thread = part.find("tid "); thread != std::string_view::npos)
        entry.add("tid", part.substr(thread + 4));
    } else if (take(part, "client ")) {
      entry.add("client", part);
    } else {
      break;
    }
  }
  entry.time = entry.stamp;
  entry.message = trimLeft(rest);
  scanFields(firstLine(*entry.message), entry.maxFields, entry.record.fields);
  return true;
}

}  // namespace aiops::parsing
