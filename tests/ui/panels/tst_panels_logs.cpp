// The log panel by its keys: following, pausing, errors, filters, what assistive technology reads.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QScrollBar>
#include <QTest>

#include "panels/logs/filter_bar.h"
#include "panels/logs/log_view.h"
#include "panels/logs/logs_panel.h"
#include "panels/logs/waiting_bar.h"
#include "support/fake_log_data.h"
#include "support/live_log.h"

using namespace aiops;
using model::Severity;

namespace {

/// A panel in a window over a log that the test feeds.
struct Bench {
  Bench() : log(fake), bridge(log, {.name = "test"}), theme(theme::Scheme::Dark), panel(theme, bridge) {
    panel.resize(1200, 700);
  }
  void feed(const std::vector<model::LogLine>& lines) {
    log.add(lines);
    fed += lines.size();
  }
  void open() {
    panel.show();
    panel.activate({});
    panel.view().setFocus();
    arrive();
  }
  void arrive() { QTRY_COMPARE(panel.model().buffer().size(), fed); }
  void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
    QTest::keyClick(&panel.view(), key, modifiers);
  }
  ui::WaitingBar& bar() { return *panel.findChild<ui::WaitingBar*>(); }
  QString currentText() { return panel.view().currentText(false); }

  test::FakeOperations fake;
  test::LiveLog log;
  ui::EngineBridge bridge;
  theme::Theme theme;
  ui::LogsPanel panel;
  size_t fed = 0;
};

std::vector<model::LogLine> lines(uint64_t first, size_t count) {
  return test::generatedLines(first, count).lines;
}

}  // namespace

class TestLogsPanel : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void followsTheEnd();
  void selectingPausesAndNothingMoves();
  void scrollingUpPauses();
  void spaceAndEndGoOn();
  void errorKeysFindErrorsAlsoAmongNewLines();
  void badExpressionIsSaidInTheField();
  void emptyFilterResultNamesTheFilter();
  void sameLineIsNeverShownTwice();
  void opensTheLineItIsSentTo();
  void accessibleRowsAreShownText();
};

void TestLogsPanel::followsTheEnd() {
  Bench bench;
  bench.feed(lines(1, 500));
  bench.open();
  bench.feed(lines(501, 300));
  bench.arrive();
  const auto* bar = bench.panel.view().verticalScrollBar();
  QVERIFY(bar->maximum() > 0);
  QCOMPARE(bar->value(), bar->maximum());
  QVERIFY(!bench.bar().isVisible());
}

void TestLogsPanel::selectingPausesAndNothingMoves() {
  Bench bench;
  bench.feed(lines(1, 500));
  bench.open();
  QTest::mouseClick(bench.panel.view().viewport(), Qt::LeftButton, {}, QPoint(400, 60));
  QVERIFY(bench.panel.model().paused());
  const auto current = bench.panel.view().current();
  QVERIFY(current);
  const int scroll = bench.panel.view().verticalScrollBar()->value();
  bench.feed(lines(501, 400));
  bench.arrive();
  QCOMPARE(bench.panel.view().verticalScrollBar()->value(), scroll);
  QCOMPARE(bench.panel.view().current(), current);
  QCOMPARE(bench.panel.model().rowCount(), 500);
  QVERIFY(bench.bar().isVisible());
  QVERIFY(bench.bar().text().contains(QStringLiteral("400 new lines")));
}

void TestLogsPanel::scrollingUpPauses() {
  Bench bench;
  bench.feed(lines(1, 500));
  bench.open();
  bench.panel.view().verticalScrollBar()->triggerAction(QAbstractSlider::SliderPageStepSub);
  QVERIFY(bench.panel.model().paused());
}

void TestLogsPanel::spaceAndEndGoOn() {
  Bench bench;
  bench.feed(lines(1, 100));
  bench.open();
  bench.key(Qt::Key_Space);
  QVERIFY(bench.panel.model().paused());
  bench.key(Qt::Key_Space);
  QVERIFY(!bench.panel.model().paused());
  bench.key(Qt::Key_K);
  QVERIFY(bench.panel.model().paused());
  bench.feed(lines(101, 50));
  bench.arrive();
  bench.key(Qt::Key_End);
  QVERIFY(!bench.panel.model().paused());
  QCOMPARE(bench.panel.model().rowCount(), 150);
}

void TestLogsPanel::errorKeysFindErrorsAlsoAmongNewLines() {
  Bench bench;
  auto calm = lines(1, 100);
  for (auto& line : calm) line.severity = Severity::Info;
  calm[40] = test::logLine(41, "web", Severity::Error, "first failure");
  bench.feed(calm);
  bench.open();
  bench.key(Qt::Key_F4);
  QCOMPARE(bench.currentText(), QStringLiteral("first failure"));
  bench.feed({test::logLine(101, "web", Severity::Info, "calm"),
              test::logLine(102, "web", Severity::Critical, "second failure")});
  bench.arrive();
  QCOMPARE(bench.panel.model().rowCount(), 100);
  bench.key(Qt::Key_F4);
  QCOMPARE(bench.currentText(), QStringLiteral("second failure"));
  bench.key(Qt::Key_F4, Qt::ShiftModifier);
  QCOMPARE(bench.currentText(), QStringLiteral("first failure"));
  bench.key(Qt::Key_C);
  QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("first failure"));
}

void TestLogsPanel::badExpressionIsSaidInTheField() {
  Bench bench;
  bench.feed(lines(1, 500));
  bench.open();
  auto* field = bench.panel.filterBar().expression();
  for (auto* toggle : bench.panel.filterBar().findChildren<ui::Segment*>()) {
    if (toggle->text() == QStringLiteral(".*")) toggle->setChecked(true);
  }
  field->setText(QStringLiteral("enqueue"));
  QTRY_VERIFY(bench.panel.model().matchCount() > 0);
  const auto matches = bench.panel.model().matchCount();
  field->setText(QStringLiteral("enqueue ("));
  QTRY_VERIFY(!field->problem().isEmpty());
  QVERIFY2(field->problem().contains(QStringLiteral("10")), qPrintable(field->problem()));
  QCOMPARE(bench.panel.model().matchCount(), matches);
  field->setText(QStringLiteral("enqueue"));
  QTRY_VERIFY(field->problem().isEmpty());
}

void TestLogsPanel::emptyFilterResultNamesTheFilter() {
  Bench bench;
  bench.feed(lines(1, 50));
  bench.open();
  auto* mode = bench.panel.filterBar().findChildren<ui::PickBox*>().at(1);
  mode->setCurrentIndex(1);
  bench.panel.filterBar().expression()->setText(QStringLiteral("no such text"));
  QTRY_COMPARE(bench.panel.model().rowCount(), 0);
  const auto labels = bench.panel.findChildren<QLabel*>();
  QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
    return label->isVisible() && label->text().contains(QStringLiteral("no such text"));
  }));
  bench.panel.filterBar().clearAll();
  QTRY_COMPARE(bench.panel.model().rowCount(), 50);
}

void TestLogsPanel::sameLineIsNeverShownTwice() {
  Bench bench;
  bench.feed(lines(1, 20));
  bench.open();
  // An engine that starts over gives lines that were shown already.
  bench.log.add(lines(5, 3));
  bench.feed(lines(21, 1));
  bench.arrive();
  QTest::qWait(250);
  QCOMPARE(bench.panel.model().buffer().size(), size_t{21});
}

void TestLogsPanel::opensTheLineItIsSentTo() {
  Bench bench;
  bench.feed(lines(1, 900));
  const auto wanted = lines(1, 900).at(449);
  bench.panel.show();
  bench.panel.activate(QString::fromStdString(wanted.source + ':' + std::to_string(wanted.position.line)));
  QTRY_VERIFY(bench.panel.view().current());
  QCOMPARE(bench.currentText(), QString::fromStdString(wanted.message));
  // Line 0 is the newest one of a source.
  bench.panel.activate(QString::fromStdString(wanted.source + ":0"));
  const auto all = lines(1, 900);
  const auto newest = std::find_if(all.rbegin(), all.rend(),
                                   [&wanted](const auto& line) { return line.source == wanted.source; });
  QCOMPARE(bench.currentText(), QString::fromStdString(newest->message));
  bench.panel.activate(QStringLiteral("/var/log/gone.log:7"));
  const auto labels = bench.panel.findChildren<QLabel*>();
  QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
    return label->text().contains(QStringLiteral("gone.log:7 is older"));
  }));
}

void TestLogsPanel::accessibleRowsAreShownText() {
  Bench bench;
  const auto hostile = test::hostileStrings(200);
  std::vector<model::LogLine> raw;
  for (size_t i = 0; i < hostile.size(); ++i)
    raw.push_back(test::logLine(i + 1, "web", Severity::Error, hostile[i]));
  bench.feed(raw);
  bench.open();
  auto* list = QAccessible::queryAccessibleInterface(&bench.panel.view());
  QVERIFY(list);
  QCOMPARE(list->role(), QAccessible::List);
  QCOMPARE(list->childCount(), 200);
  for (int row = 0; row < 200; ++row) {
    const QString name = list->child(row)->text(QAccessible::Name);
    QVERIFY2(name.startsWith(QStringLiteral("Error, ")) && name.contains(QStringLiteral("⟦")),
             qPrintable(name));
    for (const QChar unit : name)
      QVERIFY(unit.category() != QChar::Other_Format && unit.category() != QChar::Other_Control);
  }
}

QTEST_MAIN(TestLogsPanel)
#include "tst_panels_logs.moc"
