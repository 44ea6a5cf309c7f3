// The examples of docs/PATTERNS.md do what the document says.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <QRegularExpression>

#include "detection/detector.h"
#include "parsing/line_parser.h"

using namespace aiops;

namespace {

/// `{40+i%9}` with `i` put in: numbers, `+`, `*` and `%`, from left to right with `*` and `%` first.
int valueOf(const QString& expression, int i) {
  int sum = 0;
  const auto terms = expression.split(QLatin1Char('+'));
  for (const auto& term : terms) {
    int product = 1;
    static const QRegularExpression kPart(QStringLiteral("([*%]?)(i|\\d+)"));
    auto parts = kPart.globalMatch(term);
    while (parts.hasNext()) {
      const auto part = parts.next();
      const int number = part.captured(2) == QLatin1String("i") ? i : part.captured(2).toInt();
      product = part.captured(1) == QLatin1String("%") ? product % number : product * number;
    }
    sum += product;
  }
  return sum;
}

QString filled(QString line, int i) {
  static const QRegularExpression kHole(QStringLiteral("\\{([^}]*i[^}]*)\\}"));
  for (auto match = kHole.match(line); match.hasMatch(); match = kHole.match(line))
    line.replace(match.capturedStart(), match.capturedLength(),
                 QString::number(valueOf(match.captured(1), i)));
  return line;
}

}  // namespace

class TestDocs : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theExamplesFire();
};

void TestDocs::theExamplesFire() {
  QFile file(QStringLiteral(AIOPS_SOURCE_DIR "/docs/PATTERNS.md"));
  QVERIFY(file.open(QIODevice::ReadOnly));
  const auto text = QString::fromUtf8(file.readAll());
  static const QRegularExpression kExample(QStringLiteral(
      "```yaml\\n([^`]*)```\\s*```log fires=(\\d+)(?: repeat=(\\d+) every=(\\d+))?\\n([^`]*)```"));
  auto examples = kExample.globalMatch(text);
  int count = 0;
  while (examples.hasNext()) {
    const auto example = examples.next();
    ++count;
    std::vector<detection::PatternProblem> problems;
    auto documents = detection::parsePatterns(example.captured(1).toStdString(), "docs", problems);
    const auto set = detection::PatternSet::compile(std::move(documents), std::move(problems));
    QVERIFY2(set->size() == 1 && set->problems().empty(), qPrintable(example.captured(1)));
    detection::Detector detector(set);
    parsing::LineParser parser;
    size_t fired = 0;
    base::TimePoint newest{};
    uint64_t offset = 0;
    const auto feed = [&](const QString& line, base::Duration later) {
      model::LogBatch batch;
      batch.source = "/log";
      batch.service = "web";
      batch.bytes = std::make_unique<std::string>(line.toStdString());
      auto record = parser.parse(*batch.bytes, *base::fromIso8601("2026-11-23T00:00:00Z"), batch);
      QVERIFY2(record.hasEventTime, qPrintable(line));
      record.eventTime += later;
      record.position.offset = offset++;
      newest = std::max(newest, record.eventTime);
      batch.records.push_back(record);
      fired += detector.feed(batch).size();
    };
    const auto lines = example.captured(5).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    const int repeat = std::max(1, example.captured(3).toInt());
    for (int i = 0; i < repeat; ++i)
      feed(filled(lines.front(), i), std::chrono::seconds(i * example.captured(4).toInt()));
    for (qsizetype i = 1; i < lines.size(); ++i) feed(lines[i], base::Duration(0));
    fired += detector.advance(newest + std::chrono::minutes(10)).size();
    QVERIFY2(fired == example.captured(2).toULongLong(),
             qPrintable(example.captured(1) + QStringLiteral("fired %1 times").arg(fired)));
  }
  QCOMPARE(count, 10);  // of each type, and of definitions, different values, first ones, joins and tallies
}

QTEST_GUILESS_MAIN(TestDocs)

#include "tst_detection_docs.moc"
