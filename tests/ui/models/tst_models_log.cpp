// The live log behind the view: order, eviction, pause, filter against the obvious way, errors, hostile text.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <algorithm>

#include "models/log_fields.h"
#include "models/log_histogram.h"
#include "models/log_model.h"
#include "support/fake_log_data.h"

using namespace aiops;
using model::Severity;
using ui::LogModel;

namespace {

std::vector<std::string> shownRows(const LogModel& model) {
  std::vector<std::string> rows;
  std::string scratch;
  for (qsizetype row = 0; row < model.rowCount(); ++row) {
    rows.emplace_back(model.buffer().shownMessage(model.ordinalAt(row), scratch));
  }
  return rows;
}

LogModel::Restrictions expression(const char* text, bool regex, LogModel::Mode mode) {
  LogModel::Restrictions result;
  result.expression = QString::fromUtf8(text);
  result.regex = regex;
  result.mode = mode;
  return result;
}

bool containsIgnoringCase(const std::string& text, const std::string& part) {
  const auto same = [](char a, char b) { return std::tolower(a) == std::tolower(b); };
  return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

}  // namespace

class TestLogModel : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void oldestLinesLeaveAtTheCap();
  void selectionByOrdinalSurvivesEviction();
  void linesOfASliceAreOrderedByEventTime();
  void lineWithoutTimeStaysBehindItsOwnSource();
  void pauseKeepsRowsAndCountsWhatComes();
  void pausedLinesSurviveBeyondTheCap();
  void filterCountsAgreeWithTheObviousWay_data();
  void filterCountsAgreeWithTheObviousWay();
  void countsStayRightWhileLinesComeAndGo();
  void badExpressionKeepsTheLastFilter();
  void positionOfABadExpression_data();
  void positionOfABadExpression();
  void nextErrorGoesThroughAllErrors();
  void missedLinesAreCounted();
  void hostileTextNeverAppearsRaw();
  void histogramCountsEveryLineOnce();
  void countsFollowEvictionAndService();
  void olderLinesAreJudgedInTurns();
  void fieldsAreReadFromTheMessage();
};

void TestLogModel::oldestLinesLeaveAtTheCap() {
  LogModel model(2500);
  for (uint64_t first = 0; first < 10'000; first += 700) {
    model.append(test::generatedLines(first, 700));
    QVERIFY(model.rowCount() <= 2500);
  }
  QCOMPARE(model.rowCount(), 2500);
  QCOMPARE(model.evicted(), uint64_t{8000});
  for (qsizetype row = 0; row < model.rowCount(); ++row) {
    QCOMPARE(model.buffer().entry(model.ordinalAt(row)).sequence, uint64_t(8000 + row));
  }
  const auto expected = test::generatedLines(9800, 700).lines.front();
  QCOMPARE(std::string(model.buffer().message(9800)), expected.message);
  QCOMPARE(std::string(model.buffer().text(9800)), expected.text);
}

void TestLogModel::selectionByOrdinalSurvivesEviction() {
  LogModel model(1000);
  model.append(test::generatedLines(0, 1000));
  const auto ordinal = model.ordinalAt(900);
  const auto text = std::string(model.buffer().text(ordinal));
  model.append(test::generatedLines(1000, 500));
  QCOMPARE(model.rowOf(ordinal), std::optional<qsizetype>(400));
  QCOMPARE(std::string(model.buffer().text(ordinal)), text);
  model.append(test::generatedLines(1500, 1000));
  QVERIFY(!model.rowOf(ordinal));
  QVERIFY(!model.buffer().contains(ordinal));
}

void TestLogModel::linesOfASliceAreOrderedByEventTime() {
  auto slice = test::generatedLines(0, 200);
  std::reverse(slice.lines.begin(), slice.lines.end());
  LogModel model;
  model.append(slice);
  for (uint64_t at = 1; at < 200; ++at) {
    QVERIFY(model.buffer().entry(at - 1).time <= model.buffer().entry(at).time);
  }
}

void TestLogModel::lineWithoutTimeStaysBehindItsOwnSource() {
  model::LogSlice slice;
  slice.lines = {test::logLine(10, "web", Severity::Error, "Traceback"),
                 test::logLine(20, "web", Severity::Error, "  at main"),
                 test::logLine(15, "db", Severity::Info, "checkpoint")};
  slice.lines[1].hasTime = false;
  LogModel model;
  model.append(slice);
  QCOMPARE(shownRows(model), (std::vector<std::string>{"Traceback", "  at main", "checkpoint"}));
}

void TestLogModel::pauseKeepsRowsAndCountsWhatComes() {
  LogModel model;
  model.append(test::generatedLines(0, 300));
  model.pause();
  const auto before = shownRows(model);
  const auto next = test::generatedLines(300, 500);
  model.append(next);
  QCOMPARE(shownRows(model), before);
  const auto count = [&next](auto test) {
    return static_cast<qint64>(std::count_if(next.lines.begin(), next.lines.end(), test));
  };
  QCOMPARE(model.waiting().lines, qint64{500});
  QCOMPARE(model.waiting().errors, count([](const auto& line) { return line.severity >= Severity::Error; }));
  QCOMPARE(model.waiting().warnings,
           count([](const auto& line) { return line.severity == Severity::Warning; }));
  QCOMPARE(*model.pausedTime(), test::logTime(299 * 40));
  model.follow();
  QCOMPARE(model.rowCount(), 800);
  QCOMPARE(model.waiting().lines, qint64{0});
}

void TestLogModel::pausedLinesSurviveBeyondTheCap() {
  LogModel model(1000);
  model.append(test::generatedLines(0, 1000));
  model.pause();
  const auto before = shownRows(model);
  model.append(test::generatedLines(1000, 900));
  QCOMPARE(shownRows(model), before);
  model.append(test::generatedLines(1900, 5000));
  QVERIFY(model.buffer().size() <= 2000);
  QCOMPARE(model.rowCount(), 0);
  model.follow();
  QCOMPARE(model.rowCount(), 1000);
}

void TestLogModel::filterCountsAgreeWithTheObviousWay_data() {
  QTest::addColumn<QString>("service");
  QTest::addColumn<int>("least");
  QTest::addColumn<QString>("text");
  for (const auto* service : {"", "web", "orders"}) {
    for (const int least : {0, 2, 3}) {
      for (const auto* text : {"error 111", "PRODUCT:1", "status=200", "nothing like it"}) {
        QTest::addRow("%s %d %s", service, least, text)
            << QString::fromUtf8(service) << least << QString::fromUtf8(text);
      }
    }
  }
}

void TestLogModel::filterCountsAgreeWithTheObviousWay() {
  QFETCH(QString, service);
  QFETCH(int, least);
  QFETCH(QString, text);
  const auto slice = test::generatedLines(0, 3000);
  std::vector<std::string> expected;
  qint64 scope = 0;
  for (const auto& line : slice.lines) {
    if (!service.isEmpty() && line.service != service.toStdString()) continue;
    if (static_cast<int>(line.severity) < least) continue;
    ++scope;
    if (containsIgnoringCase(line.message, text.toStdString())) expected.push_back(line.message);
  }
  LogModel model;
  model.append(slice);
  LogModel::Restrictions restrictions;
  if (!service.isEmpty()) restrictions.service = service.toStdString();
  restrictions.least = static_cast<Severity>(least);
  restrictions.expression = text;
  restrictions.mode = LogModel::Mode::Filter;
  model.setRestrictions(restrictions);
  QCOMPARE(model.scopeCount(), scope);
  QCOMPARE(model.matchCount(), static_cast<qint64>(expected.size()));
  QCOMPARE(shownRows(model), expected);
  restrictions.mode = LogModel::Mode::Highlight;
  model.setRestrictions(restrictions);
  QCOMPARE(static_cast<qint64>(model.rowCount()), scope);
  QCOMPARE(model.matchCount(), static_cast<qint64>(expected.size()));
}

void TestLogModel::countsStayRightWhileLinesComeAndGo() {
  LogModel streamed(800);
  streamed.setRestrictions(expression("key=product:\\d*7", true, LogModel::Mode::Filter));
  for (uint64_t first = 0; first < 6000; first += 250) streamed.append(test::generatedLines(first, 250));
  LogModel fresh(800);
  for (uint64_t first = 0; first < 6000; first += 250) fresh.append(test::generatedLines(first, 250));
  fresh.setRestrictions(expression("key=product:\\d*7", true, LogModel::Mode::Filter));
  QVERIFY(fresh.matchCount() > 0);
  QCOMPARE(streamed.matchCount(), fresh.matchCount());
  QCOMPARE(shownRows(streamed), shownRows(fresh));
}

void TestLogModel::badExpressionKeepsTheLastFilter() {
  LogModel model;
  model.append(test::generatedLines(0, 2000));
  model.setRestrictions(expression("enqueue failed", true, LogModel::Mode::Filter));
  const auto rows = shownRows(model);
  QVERIFY(!rows.empty());
  QVERIFY(!model.problem());
  model.setRestrictions(expression("enqueue (failed", true, LogModel::Mode::Filter));
  QVERIFY(model.problem());
  QCOMPARE(shownRows(model), rows);
  model.setRestrictions(expression("enqueue (failed", false, LogModel::Mode::Filter));
  QVERIFY2(!model.problem(), "plain text is never a bad expression");
  QCOMPARE(model.rowCount(), 0);
}

void TestLogModel::positionOfABadExpression_data() {
  QTest::addColumn<QString>("text");
  QTest::addColumn<int>("position");
  QTest::newRow("unclosed group") << QStringLiteral("Error (111|503") << 15;
  QTest::newRow("stray parenthesis") << QStringLiteral("ab)c") << 3;
  QTest::newRow("not in RE2: look-ahead") << QStringLiteral("abc(?=d)") << 4;
}

void TestLogModel::positionOfABadExpression() {
  QFETCH(QString, text);
  QFETCH(int, position);
  const auto filter = ui::LogFilter::compile(text, true, false);
  QVERIFY(!filter);
  QVERIFY(!filter.error().what.isEmpty());
  QCOMPARE(filter.error().position, position);
}

void TestLogModel::nextErrorGoesThroughAllErrors() {
  const auto slice = test::generatedLines(0, 2000);
  std::vector<uint64_t> expected;
  for (const auto& line : slice.lines) {
    if (line.severity >= Severity::Error && line.service == "orders") expected.push_back(line.sequence);
  }
  LogModel model;
  model.append(slice);
  LogModel::Restrictions restrictions;
  restrictions.service = "orders";
  model.setRestrictions(restrictions);
  std::vector<uint64_t> forward;
  for (auto at = model.nextError({}, true); at; at = model.nextError(at, true)) forward.push_back(*at);
  std::vector<uint64_t> backward;
  for (auto at = model.nextError({}, false); at; at = model.nextError(at, false)) backward.push_back(*at);
  std::reverse(backward.begin(), backward.end());
  QVERIFY(!expected.empty());
  QCOMPARE(forward, expected);
  QCOMPARE(backward, expected);
}

void TestLogModel::missedLinesAreCounted() {
  LogModel model;
  auto slice = test::generatedLines(100, 10);
  slice.missed = 90;
  model.append(slice);
  slice = test::generatedLines(115, 5);
  slice.missed = 5;
  model.append(slice);
  QCOMPARE(model.missed(), uint64_t{95});
}

void TestLogModel::hostileTextNeverAppearsRaw() {
  const auto hostile = test::hostileStrings(200);
  LogModel model;
  model::LogSlice slice;
  for (size_t i = 0; i < hostile.size(); ++i)
    slice.lines.push_back(test::logLine(i, "web", Severity::Info, hostile[i]));
  model.append(slice);
  QCOMPARE(model.rowCount(), 200);
  for (const auto& row : shownRows(model)) {
    const QString shown = QString::fromStdString(row);
    QVERIFY2(shown.contains(QStringLiteral("⟦")), qPrintable(shown));
    for (const QChar unit : shown) {
      QVERIFY2(unit.isPrint() || unit.isSurrogate(), qPrintable(shown));
      QVERIFY(unit.category() != QChar::Other_Format);
    }
  }
  for (const auto& text : hostile) {
    const auto shown = ui::shownText(text);
    QVERIFY(!shown.escapes.empty());
    for (const auto& escape : shown.escapes) {
      QVERIFY(shown.text.mid(escape.first).startsWith(QStringLiteral("⟦")));
      QVERIFY(shown.text.left(escape.last).endsWith(QStringLiteral("⟧")));
    }
  }
}

void TestLogModel::histogramCountsEveryLineOnce() {
  LogModel model;
  const auto slice = test::generatedLines(0, 4000);
  model.append(slice);
  const auto histogram = ui::histogramOf(model, std::chrono::minutes(15), 60);
  QVERIFY(!histogram.bars.empty());
  QVERIFY(histogram.bars.size() <= 60);
  for (size_t i = 0; i < histogram.bars.size(); ++i) {
    ui::LogBar expected;
    for (const auto& line : slice.lines) {
      const auto from = histogram.from + i * histogram.bucket;
      if (line.time < from || line.time >= from + histogram.bucket) continue;
      ++(line.severity >= Severity::Error     ? expected.error
         : line.severity == Severity::Warning ? expected.warning
                                              : expected.info);
    }
    QCOMPARE(histogram.bars[i].error, expected.error);
    QCOMPARE(histogram.bars[i].warning, expected.warning);
    QCOMPARE(histogram.bars[i].info, expected.info);
  }
  const auto narrow = ui::histogramOf(model, std::chrono::seconds(10), 60);
  QVERIFY(narrow.from >= test::logTime(3999 * 40) - std::chrono::seconds(11));
}

void TestLogModel::countsFollowEvictionAndService() {
  LogModel model(1000);
  for (uint64_t first = 0; first < 9000; first += 300) {
    model.append(test::generatedLines(first, 300));
    ui::LogCounts fresh;
    for (auto at = model.buffer().first(); at < model.buffer().end(); ++at)
      fresh.add(model.buffer().entry(at));
    QVERIFY(model.counts().seconds() == fresh.seconds());
  }
  model.setRestrictions({.service = "orders"});
  uint64_t expected = 0, counted = 0;
  for (auto at = model.buffer().first(); at < model.buffer().end(); ++at)
    expected += model.buffer().service(at) == "orders";
  for (const auto& bar : ui::histogramOf(model, std::chrono::minutes(15), 60).bars) counted += bar.all();
  QCOMPARE(counted, expected);
  model.setRestrictions({.service = "nobody"});
  QVERIFY(ui::histogramOf(model, std::chrono::minutes(15), 60).bars.empty());
}

void TestLogModel::olderLinesAreJudgedInTurns() {
  LogModel model;
  for (uint64_t first = 0; first < 90'000; first += 5000) model.append(test::generatedLines(first, 5000));
  model.pause();
  int resets = 0;
  connect(&model, &LogModel::reset, &model, [&] { ++resets; });
  const LogModel::Restrictions wanted{
      .least = Severity::Warning, .expression = QStringLiteral("enqueue"), .mode = LogModel::Mode::Filter};
  model.setRestrictions(wanted);
  QVERIFY(!model.isIndexed());
  QVERIFY(model.rowCount() > 0);
  // Lines that come and lines that leave meanwhile are judged once each.
  model.append(test::generatedLines(90'000, 700));
  QTRY_VERIFY(model.isIndexed());
  QCOMPARE(resets, 2);
  LogModel fresh;
  fresh.setRestrictions(wanted);
  for (uint64_t first = 0; first < 90'000; first += 5000) fresh.append(test::generatedLines(first, 5000));
  QCOMPARE(model.rowCount(), fresh.rowCount());
  fresh.append(test::generatedLines(90'000, 700));
  QCOMPARE(model.matchCount(), fresh.matchCount());
  QCOMPARE(model.scopeCount(), fresh.scopeCount());
  for (qsizetype row = 0; row < model.rowCount(); ++row) QCOMPARE(model.ordinalAt(row), fresh.ordinalAt(row));
}

void TestLogModel::fieldsAreReadFromTheMessage() {
  using Fields = std::vector<std::pair<QString, QString>>;
  const auto fields = [](const char* text) { return ui::fieldsOf(QString::fromUtf8(text)); };
  QCOMPARE(fields("enqueue failed order_id=7 error=\"Error 111 x\" q=a:b"),
           (Fields{{QStringLiteral("order_id"), QStringLiteral("7")},
                   {QStringLiteral("error"), QStringLiteral("Error 111 x")},
                   {QStringLiteral("q"), QStringLiteral("a:b")}}));
  QCOMPARE(fields("GET /a?b=c == x= \"unclosed k=\"v"),
           (Fields{{QStringLiteral("x"), {}}, {QStringLiteral("k"), QStringLiteral("\"v")}}));
  QVERIFY(fields("no field here").empty());
}

QTEST_GUILESS_MAIN(TestLogModel)
#include "tst_models_log.moc"
