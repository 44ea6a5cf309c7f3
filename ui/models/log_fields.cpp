// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/log_fields.h"

namespace aiops::ui {
namespace {

bool isKeyCharacter(QChar unit) {
  return unit.isLetterOrNumber() || unit == u'_' || unit == u'.' || unit == u'-';
}

// The next '=' at or after `from` whose left side is a key at a word start; `start` becomes the start of the
// key.
qsizetype nextEquals(const QString& message, qsizetype from, qsizetype& start) {
  for (qsizetype equals = message.indexOf(u'=', from); equals >= 0;
       equals = message.indexOf(u'=', equals + 1)) {
    start = equals;
    while (start > from && isKeyCharacter(message[start - 1])) --start;
    const bool atWordStart = start == 0 || message[start - 1] == u' ';
    if (start < equals && atWordStart && message[start].isLetter()) return equals;
  }
  return -1;
}

qsizetype valueEnd(const QString& message, qsizetype first) {
  if (first < message.size() && (message[first] == u'"' || message[first] == u'\'')) {
    const auto close = message.indexOf(message[first], first + 1);
    return close < 0 ? message.size() : close + 1;
  }
  const auto space = message.indexOf(u' ', first);
  return space < 0 ? message.size() : space;
}

QString unquoted(const QString& value) {
  const bool quoted =
      value.size() >= 2 && (value[0] == u'"' || value[0] == u'\'') && value.back() == value[0];
  return quoted ? value.mid(1, value.size() - 2) : value;
}

}  // namespace

std::vector<std::pair<QString, QString>> fieldsOf(const QString& message, size_t most) {
  std::vector<std::pair<QString, QString>> fields;
  qsizetype at = 0;
  qsizetype start = 0;
  while (fields.size() < most) {
    const auto equals = nextEquals(message, at, start);
    if (equals < 0) break;
    at = valueEnd(message, equals + 1);
    fields.emplace_back(message.mid(start, equals - start),
                        unquoted(message.mid(equals + 1, at - equals - 1)));
  }
  return fields;
}

qsizetype fieldsStart(const QString& message) {
  qsizetype start = 0;
  return nextEquals(message, 0, start) < 0 ? message.size() : start;
}

}  // namespace aiops::ui
