// Reads a folder of *.log files as the live log would deliver them: roughly parsed, for pictures only.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <algorithm>
#include <vector>

#include "model/log_line.h"

namespace aiops::test {

inline std::optional<base::TimePoint> timeIn(const QString& head) {
  static const QRegularExpression iso(
      QStringLiteral("(\\d{4})[-/](\\d\\d)[-/](\\d\\d)[ T](\\d\\d:\\d\\d:\\d\\d)(?:[.,](\\d{3}))?"));
  static const QRegularExpression named(
      QStringLiteral("(\\d\\d)[ /](Nov)[ /](\\d{4})[ :](\\d\\d:\\d\\d:\\d\\d)(?:\\.(\\d{3}))?"));
  QRegularExpressionMatch match = iso.match(head);
  QString day;
  if (match.hasMatch()) {
    day = match.captured(1) + u'-' + match.captured(2) + u'-' + match.captured(3);
  } else {
    match = named.match(head);
    if (!match.hasMatch()) return std::nullopt;
    day = match.captured(3) + QStringLiteral("-11-") + match.captured(1);
  }
  const auto time = QDateTime::fromString(day + u'T' + match.captured(4) + u'Z', Qt::ISODate);
  return base::TimePoint(std::chrono::milliseconds(time.toMSecsSinceEpoch() + match.captured(5).toInt()));
}

inline model::Severity severityIn(const QString& line) {
  static const QRegularExpression bad(QStringLiteral("\\b(ERROR|error|CRITICAL|FATAL)\\b|\" 50[0-9] "));
  static const QRegularExpression odd(QStringLiteral("\\b(WARNING|WARN|warn)\\b"));
  if (line.left(160).contains(bad)) return model::Severity::Error;
  return line.left(160).contains(odd) ? model::Severity::Warning : model::Severity::Info;
}

inline QString messageIn(const QString& line) {
  static const QRegularExpression head(
      QStringLiteral("^(\\[[^\\]]*\\] \\[\\d+\\] \\[[A-Z]+\\] |\\[[^\\]]*: [A-Z]+/[^\\]]*\\] |\\S+ - - "
                     "\\[[^\\]]*\\] |[\\d-]+ [\\d:.]+ UTC \\[\\d+\\] "
                     "[A-Z]+:  |\\d+:\\w \\d+ \\w+ \\d+ [\\d:.]+ . |[\\d/]+ [\\d:]+ \\[\\w+\\] \\d+#\\d+: "
                     "(\\*\\d+ )?|[\\d-]+[ T][\\d:.,]+Z? )"));
  const auto match = head.match(line);
  return match.hasMatch() ? line.mid(match.capturedLength()) : line;
}

inline std::vector<model::LogLine> recordedLines(const QString& folder) {
  std::vector<model::LogLine> lines;
  for (const auto& info : QDir(folder).entryInfoList({QStringLiteral("*.log")})) {
    QFile file(info.filePath());
    if (!file.open(QIODevice::ReadOnly)) continue;
    const std::string service = info.baseName().section(u'-', 0, 0).toStdString();
    uint64_t number = 0;
    while (!file.atEnd()) {
      const auto offset = static_cast<uint64_t>(file.pos());
      const QByteArray bytes = file.readLine().trimmed();
      const QString text = QString::fromUtf8(bytes);
      model::LogLine line;
      const auto time = timeIn(text.left(60));
      line.time = time.value_or(base::TimePoint{});
      line.hasTime = time.has_value();
      line.severity = severityIn(text);
      line.source = "/var/log/" + info.fileName().toStdString();
      line.service = service;
      line.text = bytes.toStdString();
      line.message = messageIn(text).toStdString();
      line.position = {1, offset, static_cast<uint32_t>(bytes.size()), ++number};
      if (line.hasTime) lines.push_back(line);
    }
  }
  std::stable_sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
  const auto middle = lines.empty() ? base::TimePoint{} : lines[lines.size() / 2].time;
  std::erase_if(lines, [middle](const auto& line) {
    return line.time > middle + std::chrono::minutes(10) || line.time < middle - std::chrono::minutes(10);
  });
  for (size_t i = 0; i < lines.size(); ++i) lines[i].sequence = i + 1;
  return lines;
}

}  // namespace aiops::test
