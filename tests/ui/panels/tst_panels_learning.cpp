// Learning by its keys, with few cases, and with hostile text.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QSignalSpy>
#include <QTest>

#include "charts/day_chart.h"
#include "charts/reliability_chart.h"
#include "panels/learning/learning_lists.h"
#include "panels/learning/learning_panel.h"
#include "panels/learning/success_table.h"
#include "panels/learning/trend_cards.h"
#include "shown_strings.h"
#include "support/lively_operations.h"

using namespace aiops;

namespace {

struct Bench {
  test::FakeOperations fake;
  test::LivelyOperations engine{fake};
  theme::Theme theme{theme::Scheme::Light};
  std::unique_ptr<ui::EngineBridge> bridge;
  std::unique_ptr<ui::LearningPanel> panel;

  Bench() { test::fillLearning(fake); }
  void open() {
    bridge = std::make_unique<ui::EngineBridge>(engine, service::Caller{"tester", true, true, true});
    panel = std::make_unique<ui::LearningPanel>(theme, *bridge);
    panel->resize(1264, 780);
    panel->show();
    QVERIFY(QTest::qWaitForWindowActive(panel.get()));
    QTRY_VERIFY(bridge->hasStatus());
    panel->activate({});
    QTRY_VERIFY(!engine.livelyLearning.asked.empty());
    QTest::qWait(20);
  }
  void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
    QWidget* focused = QApplication::focusWidget();
    QTest::keyClick(focused != nullptr ? focused : panel.get(), key, modifiers);
  }
  int charts() const {
    int visible = 0;
    for (const auto* chart : panel->findChildren<ui::DayChart*>()) visible += chart->isVisible() ? 1 : 0;
    for (const auto* chart : panel->findChildren<ui::ReliabilityChart*>())
      visible += chart->isVisible() ? 1 : 0;
    return visible;
  }
  QStringList texts() const { return test::shownStrings(*panel); }
};

}  // namespace

class TestPanelsLearning : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void digitsChooseTheSpan();
  void tTurnsChartsIntoATable();
  void sSortsTheTable();
  void enterOpensTheIncident();
  void withoutCasesNothingIsDrawn();
  void twoCasesAreNoChart();
  void confidenceIsShownAsItTurnedOut();
  void hostileText();
  void axesEndRound();
  void aChartFollowsTheTheme();
};

void TestPanelsLearning::digitsChooseTheSpan() {
  Bench bench;
  bench.open();
  QCOMPARE(bench.engine.livelyLearning.asked.back(), 30U);
  bench.press(Qt::Key_1);
  QTRY_COMPARE(bench.engine.livelyLearning.asked.back(), 7U);
  bench.press(Qt::Key_3);
  QTRY_COMPARE(bench.engine.livelyLearning.asked.back(), 90U);
  QCOMPARE(bench.panel->days(), 90U);
}

void TestPanelsLearning::tTurnsChartsIntoATable() {
  Bench bench;
  bench.open();
  QTRY_COMPARE(bench.charts(), 2);
  bench.press(Qt::Key_T);
  QVERIFY(bench.panel->trends().showsTable());
  QCOMPARE(bench.charts(), 0);
  QCOMPARE(bench.panel->trends().table().model()->rowCount(), 30);
  QVERIFY(bench.panel->trends().table().hasFocus());
  bench.press(Qt::Key_T);
  QTRY_COMPARE(bench.charts(), 2);
}

void TestPanelsLearning::sSortsTheTable() {
  Bench bench;
  bench.open();
  auto& table = bench.panel->success().table();
  QTRY_COMPARE(table.model()->rowCount(), 8);
  table.setFocus();
  table.selectId(table.model()->index(3, 0).data(ui::IdRole).toString());
  const QString kept = table.currentId();
  const QString first = table.model()->index(0, 0).data().toString();
  bench.press(Qt::Key_S);
  bench.press(Qt::Key_S, Qt::ShiftModifier);
  QVERIFY(table.model()->index(0, 0).data().toString() != first);
  QCOMPARE(table.currentId(), kept);
}

void TestPanelsLearning::enterOpensTheIncident() {
  Bench bench;
  bench.open();
  QTRY_COMPARE(bench.panel->ledger().rowCount(), 14);
  QSignalSpy opened(bench.panel.get(), &ui::Panel::openIncident);
  bench.panel->ledger().setFocus();
  bench.press(Qt::Key_Return);
  QCOMPARE(opened.size(), 1);
  QCOMPARE(opened[0][0].toString(), QString::fromStdString(test::testIncident().id.str()));
}

void TestPanelsLearning::withoutCasesNothingIsDrawn() {
  Bench bench;
  bench.fake.trusts.clear();
  bench.fake.outcomes.clear();
  bench.engine.livelyLearning.incidentsADay = 0;
  bench.engine.livelyLearning.judged = 0;
  bench.engine.livelyLearning.sayings.clear();
  bench.open();
  QTRY_VERIFY(bench.texts().contains(QStringLiteral("0 of 3 cases so far")));
  QCOMPARE(bench.charts(), 0);
  QVERIFY(bench.texts().contains(QStringLiteral("No fix was run in this time")));
  QVERIFY(!bench.panel->insights().isVisible());
  QVERIFY(!bench.panel->ledger().isVisible());
}

void TestPanelsLearning::twoCasesAreNoChart() {
  theme::Theme theme(theme::Scheme::Dark);
  ui::TrendCards cards(theme);
  cards.resize(600, 300);
  cards.show();
  model::Metrics metrics;
  metrics.days.resize(30);
  metrics.days[3].mttrMinutes = metrics.days[9].mttrMinutes = 4.2;
  cards.setMetrics(metrics);
  for (const auto* chart : cards.findChildren<ui::DayChart*>()) QVERIFY(!chart->isVisible());
  metrics.days[12].mttrMinutes = 5;
  cards.setMetrics(metrics);
  for (const auto* chart : cards.findChildren<ui::DayChart*>()) QVERIFY(chart->isVisible());
}

void TestPanelsLearning::confidenceIsShownAsItTurnedOut() {
  Bench bench;
  bench.open();
  QTRY_VERIFY(bench.texts().contains(QStringLiteral("Off by 4 % on average")));
  QVERIFY(bench.texts().contains(QStringLiteral("Below 10 %: read it as it stands")));
  QVERIFY(bench.texts().contains(QStringLiteral("41 of 49 right")));
  theme::Theme theme(theme::Scheme::Dark);
  ui::TrendCards cards(theme);
  cards.resize(640, 400);
  cards.show();
  model::CalibrationReport report{.cases = 2, .right = 1, .brier = 0.3, .error = 0.2};
  cards.setCalibration(report);
  const auto* chart = cards.findChild<ui::ReliabilityChart*>();
  QVERIFY(!chart->isVisible());
  QVERIFY(test::shownStrings(cards).contains(QStringLiteral("2 of 3 cases so far")));
  report.cases = 12;
  report.bins = {{0.8, 0.9, 0.86, 0.5, 0.28, 0.72, 12}};
  cards.setCalibration(report);
  QVERIFY(chart->isVisible());
  QVERIFY(test::shownStrings(cards).contains(QStringLiteral("12 of 20 cases: too few to judge it")));
  report.cases = 60;
  cards.setCalibration(report);
  QVERIFY(test::shownStrings(cards).contains(QStringLiteral("10 % or more: read it as an order only")));
}

void TestPanelsLearning::hostileText() {
  Bench bench;
  for (auto& trust : bench.fake.trusts) trust.playbookId = trust.context = trust.words = test::kHostile;
  for (auto& outcome : bench.fake.outcomes)
    outcome.playbookId = outcome.context = outcome.detail = test::kHostile;
  for (auto& insight : bench.engine.livelyLearning.sayings)
    insight.subject = insight.statement = insight.suggestion = insight.kind = test::kHostile;
  bench.open();
  QTRY_COMPARE(bench.panel->ledger().rowCount(), 14);
  QTRY_VERIFY(bench.panel->insights().isVisible());
  QCOMPARE(test::dangerous(*bench.panel), QString());
  QCOMPARE(test::nameless(*bench.panel), QString());
}

void TestPanelsLearning::axesEndRound() {
  QCOMPARE(ui::roundTop(0), 4.0);
  QCOMPARE(ui::roundTop(4), 4.0);
  QCOMPARE(ui::roundTop(4.1), 8.0);
  QCOMPARE(ui::roundTop(9), 20.0);
  QCOMPARE(ui::roundTop(21), 40.0);
  for (double highest = 0.5; highest < 1e6; highest *= 1.7) {
    const double top = ui::roundTop(highest);
    QVERIFY(top >= highest && (top == 4 || top <= 2.5 * highest));
    QCOMPARE(top / 4, std::floor(top / 4));
  }
}

void TestPanelsLearning::aChartFollowsTheTheme() {
  theme::Theme theme(theme::Scheme::Dark);
  ui::DayChart chart(theme);
  chart.resize(300, 200);
  chart.setDays(
      {{QStringLiteral("1 Nov"), 3.0}, {QStringLiteral("2 Nov"), {}}, {QStringLiteral("3 Nov"), 8.0}},
      QStringLiteral("min"), 1);
  const QImage dark = chart.grab().toImage();
  theme.setScheme(theme::Scheme::Light);
  const QImage light = chart.grab().toImage();
  QVERIFY(dark != light);
  chart.setDays({}, {}, 0);
  chart.grab();
}

QTEST_MAIN(TestPanelsLearning)
#include "tst_panels_learning.moc"
