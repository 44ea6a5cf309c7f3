// SPDX-License-Identifier: GPL-3.0-or-later
#include "architecture/rules.h"

#include <QRegularExpression>
#include <algorithm>
#include <array>
#include <optional>

namespace aiops::architecture {

namespace {

/// A folder of the source tree. It may include folders of lower levels only. The numbers are those of
/// docs/ARCHITECTURE.md.
struct Room {
  const char* folder;   ///< in the source tree
  const char* include;  ///< how its headers begin: "base/"
  int level;
};

constexpr Room kRooms[] = {
    {"core/base", "base", 0},
    {"core/model", "model", 10},
    {"core/config", "config", 15},
    {"core/security", "security", 15},
    {"core/storage", "storage", 20},
    {"core/parsing", "parsing", 20},
    {"core/detection", "detection", 20},
    {"core/sandbox", "sandbox", 20},
    {"core/integrations", "integrations", 20},
    {"core/sources", "sources", 30},
    {"core/correlation", "correlation", 30},
    {"core/knowledge", "knowledge", 30},
    {"core/analysis", "analysis", 40},
    {"core/remediation", "remediation", 40},
    {"core/learning", "learning", 40},
    {"core/notify", "notify", 40},
    {"core/pipeline", "pipeline", 50},
    {"core/agents", "agents", 60},
    {"core/service", "service", 70},
    {"core/api", "api", 80},
    {"core/client", "client", 80},
    {"ui/theme", "theme", 90},
    {"ui/widgets", "widgets", 95},
    {"ui/charts", "charts", 95},
    {"ui/models", "models", 95},
    {"ui/panels", "panels", 100},
    {"ui/shell", "shell", 110},
    {"app", "app", 120},
};

/// All of core that ui, core/api and core/client may see.
constexpr std::array kFrontEndMaySee = {"base", "model", "security", "service"};

/// Code that may stand only where `allowedIn` says (path prefixes; none: nowhere).
struct Ban {
  const char* pattern;
  const char* where;  ///< the path prefix it is banned below; "" is everywhere
  QStringList allowedIn;
  const char* reason;
};

const QList<Ban>& bans() {
  static const QList<Ban> list = {
      {"(?<![\\w.>])(?:std::|::)?system\\s*\\(",
       "",
       {},
       "no shell: use core/sandbox with an argument vector"},
      {"\\bpopen\\s*\\(", "", {}, "no shell: use core/sandbox with an argument vector"},
      {"\\bstartCommand\\s*\\(", "", {}, "splits a string: use an argument vector"},
      {"\\bexec(?:lp|vp|vpe)\\s*\\(", "", {}, "searches PATH: name the program absolutely"},
      {"\\b(?:v?fork|execve?|execle?|fexecve|posix_spawnp?)\\s*\\(|\\bQProcess\\b",
       "",
       {QStringLiteral("core/sandbox/"), QStringLiteral("core/remediation/executor_client."),
        QStringLiteral("app/demo/")},
       "processes are started in core/sandbox only"},
      {"#include <QtSql|#include <QSql", "", {QStringLiteral("core/storage/")}, "Qt Sql is core/storage's"},
      {"#include <(?:QtWidgets|QtGui|QWidget|QApplication|QGuiApplication|QPainter|QIcon)\\b",
       "core/",
       {},
       "core needs no display"},
      {"\\bQRegularExpression\\b", "core/", {}, "log text is hostile: use RE2"},
      {"\\btr\\s*\\(", "core/", {}, "wording happens in ui, api and cli"},
      {"\\bstd::condition_variable\\b", "", {QStringLiteral("core/base/")}, "use BoundedQueue or Worker"},
      {"\\.detach\\s*\\(\\s*\\)", "", {}, "threads are joined"},
      {"\\bstatic\\s[\\w:&*<> ]*\\binstance\\s*\\(",
       "",
       {},
       "no global state: objects are members of their host"},
  };
  return list;
}

const Room* roomOfFile(const QString& path) {
  for (const Room& room : kRooms) {
    if (path.startsWith(QLatin1String(room.folder) + QLatin1Char('/'))) return &room;
  }
  return nullptr;
}

const Room* roomOfInclude(const QString& include) {
  const QString first = include.section(QLatin1Char('/'), 0, 0);
  for (const Room& room : kRooms) {
    if (first == QLatin1String(room.include)) return &room;
  }
  return nullptr;
}

bool isCore(const Room& room) {
  return QLatin1String(room.folder).startsWith(QLatin1String("core/"));
}

bool isFrontEnd(const Room& room) {
  const QLatin1String folder(room.folder);
  return folder.startsWith(QLatin1String("ui/")) || folder == QLatin1String("core/api") ||
         folder == QLatin1String("core/client");
}

bool frontEndMaySee(const Room& room) {
  return std::ranges::any_of(
      kFrontEndMaySee, [&](const char* name) { return QLatin1String(name) == QLatin1String(room.include); });
}

/// "ui/panels/logs/x.cpp" and "panels/logs/y.h" are both of the panel "logs".
QString panelOf(const QString& path) {
  return path.section(QStringLiteral("panels/"), 1).section(QLatin1Char('/'), 0, 0);
}

/// Why `path` of `from` may not include `include` of `to`, or empty.
QString whyNot(const QString& path, const Room& from, const QString& include, const Room& to) {
  if (&from == &to) {
    const bool otherPanel =
        QLatin1String(from.include) == QLatin1String("panels") && panelOf(path) != panelOf(include);
    return otherPanel ? QStringLiteral("a panel never includes another") : QString();
  }
  if (to.level >= from.level) {
    return QStringLiteral("%1 (level %2) may not include %3 (level %4)")
        .arg(QLatin1String(from.folder))
        .arg(from.level)
        .arg(QLatin1String(to.folder))
        .arg(to.level);
  }
  if (isFrontEnd(from) && isCore(to) && !frontEndMaySee(to)) {
    return QStringLiteral("a front end sees of core only base, model, security and service");
  }
  if (QLatin1String(to.include) == QLatin1String("shell") &&
      !path.startsWith(QLatin1String("app/gui_host."))) {
    return QStringLiteral("only app/gui_host includes ui/shell");
  }
  return {};
}

QString complaint(const QString& path, int line, const QString& what) {
  return QStringLiteral("%1:%2: %3").arg(path).arg(line).arg(what);
}

QString checkInclude(const QString& path, const Room& from, const QString& include) {
  if (!include.contains(QLatin1Char('/'))) {
    return include.endsWith(QLatin1String(".moc"))
               ? QString()
               : QStringLiteral("include as \"folder/file.h\": ") + include;
  }
  const Room* to = roomOfInclude(include);
  return to ? whyNot(path, from, include, *to) : QStringLiteral("no room has this header: ") + include;
}

/// The line's number from 1.
int lineAt(const QString& text, qsizetype offset) {
  return static_cast<int>(QStringView(text).left(offset).count(QLatin1Char('\n'))) + 1;
}

bool banApplies(const Ban& ban, const QString& path) {
  if (!path.startsWith(QLatin1String(ban.where))) return false;
  return std::ranges::none_of(ban.allowedIn, [&](const QString& prefix) { return path.startsWith(prefix); });
}

QStringList checkBans(const QString& path, const QString& code) {
  QStringList found;
  for (const Ban& ban : bans()) {
    if (!banApplies(ban, path)) continue;
    auto matches = QRegularExpression(QLatin1String(ban.pattern)).globalMatch(code);
    while (matches.hasNext()) {
      const auto match = matches.next();
      found += complaint(path, lineAt(code, match.capturedStart()),
                         match.captured() + QStringLiteral(": ") + QLatin1String(ban.reason));
    }
  }
  return found;
}

/// Where the comment or literal that begins at `at` ends, or nothing if none begins there.
std::optional<qsizetype> endOfBlank(const QString& text, qsizetype at) {
  const auto endAfter = [&](const QString& mark, qsizetype from) {
    const qsizetype end = text.indexOf(mark, from);
    return end < 0 ? text.size() : end + mark.size();
  };
  const QStringView rest = QStringView(text).mid(at);
  if (rest.startsWith(QLatin1String("//"))) return endAfter(QStringLiteral("\n"), at) - 1;
  if (rest.startsWith(QLatin1String("/*"))) return endAfter(QStringLiteral("*/"), at + 2);
  if (rest.startsWith(QLatin1String("R\""))) {
    const QString mark = text.mid(at + 2, text.indexOf(QLatin1Char('('), at) - at - 2);
    return endAfter(QLatin1Char(')') + mark + QLatin1Char('"'), at + 2);
  }
  const QChar quote = rest.front();
  const bool separator = quote == QLatin1Char('\'') && at > 0 && text[at - 1].isLetterOrNumber();
  if ((quote != QLatin1Char('"') && quote != QLatin1Char('\'')) || separator) return std::nullopt;
  qsizetype end = at + 1;
  while (end < text.size() && text[end] != quote && text[end] != QLatin1Char('\n')) {
    end += text[end] == QLatin1Char('\\') ? 2 : 1;
  }
  return std::min(end + 1, text.size());
}

}  // namespace

QString codeOf(const QString& text) {
  QString code = text;
  for (qsizetype at = 0; at < text.size();) {
    const bool lineBegins = at == 0 || text[at - 1] == QLatin1Char('\n');
    if (lineBegins && QStringView(text).mid(at).startsWith(QLatin1String("#include"))) {
      const qsizetype end = text.indexOf(QLatin1Char('\n'), at);
      at = end < 0 ? text.size() : end;
      continue;
    }
    const auto end = endOfBlank(text, at);
    for (qsizetype i = at; end && i < *end; ++i) {
      if (code[i] != QLatin1Char('\n')) code[i] = QLatin1Char(' ');
    }
    at = end ? std::max(*end, at + 1) : at + 1;
  }
  return code;
}

QStringList checkSource(const QString& path, const QString& text) {
  QStringList found;
  const Room* from = roomOfFile(path);
  if (!from) return {complaint(path, 1, QStringLiteral("no room of this name; see docs/ARCHITECTURE.md"))};
  if (!text.contains(QLatin1String("SPDX-License-Identifier: GPL-3.0-or-later"))) {
    found += complaint(path, 1, QStringLiteral("the licence line is missing"));
  }
  const QString code = codeOf(text);
  static const QRegularExpression quoted(QStringLiteral("^#include \"([^\"]+)\""),
                                         QRegularExpression::MultilineOption);
  auto includes = quoted.globalMatch(code);
  while (includes.hasNext()) {
    const auto match = includes.next();
    const QString wrong = checkInclude(path, *from, match.captured(1));
    if (!wrong.isEmpty()) found += complaint(path, lineAt(code, match.capturedStart()), wrong);
  }
  return found + checkBans(path, code);
}

QStringList checkBuildFile(const QString& path, const QString& text) {
  QStringList found;
  if (!path.startsWith(QLatin1String("core/"))) return found;
  static const QRegularExpression linked(QStringLiteral("Qt6::(\\w+)"));
  static const QStringList allowed = {QStringLiteral("Core"), QStringLiteral("Network"),
                                      QStringLiteral("Sql"), QStringLiteral("DBus")};
  auto matches = linked.globalMatch(text);
  while (matches.hasNext()) {
    const auto match = matches.next();
    const bool sqlElsewhere =
        match.captured(1) == QLatin1String("Sql") && !path.startsWith(QLatin1String("core/storage/"));
    if (allowed.contains(match.captured(1)) && !sqlElsewhere) continue;
    found += complaint(path, lineAt(text, match.capturedStart()),
                       QStringLiteral("may not link ") + match.captured());
  }
  return found;
}

}  // namespace aiops::architecture
