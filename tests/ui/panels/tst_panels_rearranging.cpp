// Merging, splitting and silencing from an incident, by keys: what is refused, what the engine is asked.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include "panels/investigations/hypothesis_list.h"
#include "panels/investigations/incident_bar.h"
#include "panels/investigations/incident_detail.h"
#include "panels/investigations/incident_table.h"
#include "panels/investigations/investigations_panel.h"
#include "panels/investigations/merge_form.h"
#include "panels/investigations/split_form.h"
#include "shown_strings.h"
#include "support/fake_investigation.h"
#include "support/fake_operations.h"
#include "support/wrapped_operations.h"
#include "widgets/check_list.h"

using namespace aiops;

namespace {

constexpr auto k231 = "00000000-0000-4000-8000-000000000231", k230 = "00000000-0000-4000-8000-000000000230",
               k228 = "00000000-0000-4000-8000-000000000228";

/// Knows the incidents of the list with the events of a rich one, and can refuse.
class Rearranging final : public test::WrappedOperations {
 public:
  using WrappedOperations::WrappedOperations;

  std::optional<base::Error> refusal;
  std::string mergedInto, splitFrom;
  std::vector<std::string> merges;
  std::vector<service::IncidentPart> parts;
  test::FakeOperations* fake = nullptr;

  void investigation(std::string id, service::Reply<service::Investigation> reply) override {
    for (const auto& summary : fake->investigations) {
      const bool named = id == "INC-0" + std::to_string(summary.incident.number);
      if (!named && summary.incident.id.str() != id) continue;
      auto answer = test::richInvestigation();
      answer.incident = summary.incident;
      answer.incident.mergedInto = model::IncidentId(mergedInto);
      answer.incident.splitFrom = model::IncidentId(splitFrom);
      return reply(answer);
    }
    reply(base::fail(base::ErrorCode::NotFound, "no such incident", id));
  }
  void mergeIncident(service::Caller, std::string id, std::string into,
                     service::Reply<model::Incident> reply) override {
    merges.push_back(id + " " + into);
    if (refusal) return reply(std::unexpected(*refusal));
    auto ended = test::richInvestigation().incident;
    ended.state = model::IncidentState::Dismissed;
    ended.mergedInto = model::IncidentId(into);
    reply(ended);
  }
  void splitIncident(service::Caller, std::string id, service::IncidentPart part,
                     service::Reply<model::Incident> reply) override {
    parts.push_back(part);
    if (refusal) return reply(std::unexpected(*refusal));
    reply(model::Incident{.id = model::IncidentId("fresh"), .splitFrom = model::IncidentId(id)});
  }
};

struct Bench {
  test::FakeOperations fake;
  Rearranging operations{fake};
  theme::Theme theme{theme::Scheme::Light};
  std::unique_ptr<ui::EngineBridge> bridge;
  std::unique_ptr<ui::InvestigationsPanel> panel;

  Bench() {
    fake.investigations = test::richSummaries();
    operations.fake = &fake;
  }
  void open(bool mayOperate = true) {
    bridge = std::make_unique<ui::EngineBridge>(operations,
                                                service::Caller{.name = "test", .mayOperate = mayOperate});
    panel = std::make_unique<ui::InvestigationsPanel>(theme, *bridge);
    panel->resize(1310, 656);
    panel->show();
    QVERIFY(QTest::qWaitForWindowActive(panel.get()));
    QTRY_COMPARE(panel->table().model()->rowCount(), static_cast<int>(fake.investigations.size()));
    panel->activate(QStringLiteral("INC-0231"));
    QTRY_VERIFY(panel->showsDetail() && hypotheses()->hasFocus());
  }
  ui::RowList* hypotheses() { return panel->detail().hypotheses().list(); }
  ui::IncidentBar& bar() { return panel->detail().bar(); }
  void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
    QWidget* focused = QApplication::focusWidget();
    QTest::keyClick(focused != nullptr ? focused : panel.get(), key, modifiers);
  }
  void type(const QString& text) { QTest::keyClicks(QApplication::focusWidget(), text); }
  QPushButton* button(const char* name) { return panel->findChild<QPushButton*>(QString::fromLatin1(name)); }
  QString splitNote() { return panel->findChild<QLabel*>(QStringLiteral("splitNote"))->text(); }
  bool shows(const QString& part) {
    const auto labels = panel->findChildren<QLabel*>();
    return std::ranges::any_of(
        labels, [&](const auto* label) { return label->isVisible() && label->text().contains(part); });
  }
  QString firstRow() {
    return bar().mergeForm().list()->model()->index(0, 0).data(Qt::AccessibleTextRole).toString();
  }
};

}  // namespace

class TestRearranging : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void withoutOperateNothingIsAsked();
  void whileAFixRunsNothingIsAsked();
  void withoutAnotherOpenOneNothingIsMerged();
  void aRefusedMergeIsSaidInPlace();
  void escAsksForNothing();
  void theLikeliestComesFirst();
  void mergingByArrows();
  void mergingByNumber();
  void nothingAndAllCannotBeSplitOff();
  void aRefusedSplitIsSaidInPlace();
  void splittingByService();
  void splittingByEvent();
  void ticksSurviveARefresh();
  void aNewIncidentIsOpenedWhenItIsThere();
  void goingBackEndsTheWait();
  void relationsAreLinks();
  void moreHoldsTheRareOnes();
  void servicesAreHandedOnToASilence();
  void hostileText();
};

void TestRearranging::withoutOperateNothingIsAsked() {
  Bench bench;
  bench.open(false);
  QSignalSpy silenced(bench.panel.get(), &ui::Panel::silenceServices);
  bench.press(Qt::Key_M);
  bench.press(Qt::Key_S);
  bench.press(Qt::Key_S, Qt::ShiftModifier);
  QVERIFY(!bench.bar().isAsking());
  QCOMPARE(silenced.count(), 0);
  QVERIFY(!bench.button("more")->isEnabled());
  QVERIFY(bench.button("more")->toolTip().contains(QStringLiteral("operate")));
}

void TestRearranging::whileAFixRunsNothingIsAsked() {
  Bench bench;
  bench.fake.investigations.front().incident.state = model::IncidentState::Fixing;
  bench.open();
  bench.press(Qt::Key_M);
  bench.press(Qt::Key_S);
  QVERIFY(!bench.bar().isAsking());
  const auto actions = bench.button("more")->menu()->actions();
  QVERIFY(!actions[0]->isEnabled() && !actions[1]->isEnabled() && actions[2]->isEnabled());
  QCOMPARE(actions[0]->toolTip(), QStringLiteral("A fix runs."));
}

void TestRearranging::withoutAnotherOpenOneNothingIsMerged() {
  Bench bench;
  bench.fake.investigations.resize(1);
  bench.open();
  bench.press(Qt::Key_M);
  QVERIFY(bench.shows(QStringLiteral("No other incident is open.")));
  QVERIFY(!bench.button("merge")->isEnabled());
  bench.press(Qt::Key_Return);
  QVERIFY(bench.operations.merges.empty());
}

void TestRearranging::aRefusedMergeIsSaidInPlace() {
  Bench bench;
  bench.operations.refusal =
      base::Error{base::ErrorCode::Conflict, "FIX-0087 is approved", "INC-0231", "wait until it has ended"};
  bench.open();
  bench.press(Qt::Key_M);
  bench.press(Qt::Key_Return);
  QTRY_VERIFY(bench.shows(QStringLiteral("FIX-0087 is approved (INC-0231): wait until it has ended")));
  QVERIFY(bench.bar().isChoosing());
  QVERIFY(bench.button("merge")->isEnabled());
  QCOMPARE(bench.panel->subject(), QStringLiteral("INC-0231"));
}

void TestRearranging::escAsksForNothing() {
  Bench bench;
  bench.open();
  for (const auto key : {Qt::Key_M, Qt::Key_S}) {
    bench.press(key);
    QVERIFY(bench.bar().isChoosing());
    QVERIFY(!bench.hypotheses()->isVisible());
    bench.press(Qt::Key_Escape);
    QVERIFY(!bench.bar().isAsking());
    QVERIFY(bench.hypotheses()->hasFocus() && bench.panel->showsDetail());
  }
  QVERIFY(bench.operations.merges.empty() && bench.operations.parts.empty());
}

void TestRearranging::theLikeliestComesFirst() {
  // 230 shares one service and began 34 s before; 228 shares two and began more than an hour before.
  auto all = test::richSummaries();
  const auto order = [&] {
    std::vector<uint64_t> numbers;
    for (const auto& summary : ui::mergeTargets(all.front().incident, all))
      numbers.push_back(summary.incident.number);
    return numbers;
  };
  QCOMPARE(order(), (std::vector<uint64_t>{230, 228}));
  all[3].incident.startedAt = all[0].incident.startedAt - std::chrono::minutes(14);
  QCOMPARE(order(), (std::vector<uint64_t>{228, 230}));
  all[3].incident.services = {"postgres", "orders"};
  QCOMPARE(order(), (std::vector<uint64_t>{230, 228}));
  all[1].incident.services = {"payments"};
  QCOMPARE(order(), (std::vector<uint64_t>{228, 230}));
}

void TestRearranging::mergingByArrows() {
  Bench bench;
  bench.open();
  bench.press(Qt::Key_M);
  QVERIFY2(bench.firstRow().startsWith(QStringLiteral("INC-0230")), qPrintable(bench.firstRow()));
  QVERIFY(bench.firstRow().contains(QStringLiteral("shares orders, began 34 s earlier")));
  bench.press(Qt::Key_Down);
  bench.press(Qt::Key_Return);
  QTRY_COMPARE(bench.operations.merges, (std::vector<std::string>{std::string(k231) + " " + k228}));
  QTRY_COMPARE(bench.panel->subject(), QStringLiteral("INC-0228"));
  QVERIFY(!bench.bar().isAsking());
}

void TestRearranging::mergingByNumber() {
  Bench bench;
  bench.open();
  bench.press(Qt::Key_M);
  bench.type(QStringLiteral("99"));
  QVERIFY(bench.shows(QStringLiteral("No open incident is like \"99\".")));
  bench.press(Qt::Key_Return);
  QVERIFY(bench.operations.merges.empty());
  bench.bar().mergeForm().finder()->clear();
  bench.type(QStringLiteral("230"));
  QCOMPARE(bench.bar().mergeForm().list()->rowCount(), 1);
  bench.press(Qt::Key_Return);
  QTRY_COMPARE(bench.operations.merges, (std::vector<std::string>{std::string(k231) + " " + k230}));
}

void TestRearranging::nothingAndAllCannotBeSplitOff() {
  Bench bench;
  bench.open();
  bench.press(Qt::Key_S);
  auto* list = bench.bar().splitForm().list();
  QTRY_VERIFY(list->hasFocus());
  QVERIFY(bench.splitNote().contains(QStringLiteral("Nothing is ticked")));
  bench.press(Qt::Key_Return);
  for (int row = 0; row < list->rowCount(); ++row) {
    bench.press(Qt::Key_Space);
    bench.press(Qt::Key_J);
  }
  QVERIFY(bench.splitNote().contains(QStringLiteral("nothing would be left here")));
  QVERIFY(!bench.button("split")->isEnabled());
  bench.press(Qt::Key_Return);
  QVERIFY(bench.operations.parts.empty());
}

void TestRearranging::aRefusedSplitIsSaidInPlace() {
  Bench bench;
  bench.operations.refusal = base::Error{base::ErrorCode::Conflict, "the incident is resolved", "INC-0231"};
  bench.open();
  bench.press(Qt::Key_S);
  bench.press(Qt::Key_Space);
  bench.press(Qt::Key_Return);
  QTRY_VERIFY(bench.splitNote().contains(QStringLiteral("the incident is resolved")));
  QVERIFY(bench.bar().isChoosing());
  QCOMPARE(bench.bar().splitForm().list()->ticked(), std::vector<std::string>{"redis"});
}

void TestRearranging::splittingByService() {
  Bench bench;
  bench.open();
  bench.press(Qt::Key_S);
  bench.press(Qt::Key_Down);
  bench.press(Qt::Key_Space);
  bench.press(Qt::Key_Down);
  bench.press(Qt::Key_Space);
  QVERIFY2(bench.splitNote().startsWith(QStringLiteral("2 events go, 2 stay")),
           qPrintable(bench.splitNote()));
  bench.press(Qt::Key_Return);
  QTRY_COMPARE(bench.operations.parts.size(), size_t{1});
  QCOMPARE(bench.operations.parts[0].services, (std::vector<std::string>{"worker", "catalog"}));
  QVERIFY(bench.operations.parts[0].events.empty());
}

void TestRearranging::splittingByEvent() {
  Bench bench;
  bench.open();
  bench.press(Qt::Key_S);
  bench.press(Qt::Key_Right);
  auto* list = bench.bar().splitForm().list();
  QTRY_VERIFY(list->hasFocus());
  QCOMPARE(list->rowCount(), 4);
  bench.press(Qt::Key_K);
  bench.press(Qt::Key_Space);
  bench.press(Qt::Key_Return);
  QTRY_COMPARE(bench.operations.parts.size(), size_t{1});
  QVERIFY(bench.operations.parts[0].services.empty());
  QCOMPARE(bench.operations.parts[0].events, std::vector<std::string>{"event-redis"});
}

void TestRearranging::ticksSurviveARefresh() {
  Bench bench;
  bench.open();
  bench.press(Qt::Key_S);
  bench.press(Qt::Key_Space);
  QSignalSpy listed(bench.bridge.get(), &ui::EngineBridge::incidentsChanged);
  bench.bridge->refresh();
  QTRY_VERIFY(listed.count() > 0);
  QVERIFY(bench.bar().isChoosing());
  QCOMPARE(bench.bar().splitForm().list()->ticked(), std::vector<std::string>{"redis"});
}

void TestRearranging::aNewIncidentIsOpenedWhenItIsThere() {
  Bench bench;
  bench.open();
  bench.press(Qt::Key_S);
  bench.press(Qt::Key_Space);
  bench.press(Qt::Key_Return);
  QTRY_VERIFY(bench.shows(QStringLiteral("The new incident opens as soon as it has a number.")));
  QCOMPARE(bench.panel->subject(), QStringLiteral("INC-0231"));
  auto fresh = bench.fake.investigations.front();
  fresh.incident.id = model::IncidentId("fresh");
  fresh.incident.number = 232;
  bench.fake.investigations.insert(bench.fake.investigations.begin(), fresh);
  bench.fake.change(service::Change::Incidents);
  QTRY_COMPARE(bench.panel->subject(), QStringLiteral("INC-0232"));
}

void TestRearranging::goingBackEndsTheWait() {
  Bench bench;
  bench.open();
  bench.press(Qt::Key_S);
  bench.press(Qt::Key_Space);
  bench.press(Qt::Key_Return);
  QTRY_VERIFY(bench.shows(QStringLiteral("The new incident opens")));
  bench.press(Qt::Key_Escape);
  QVERIFY(!bench.panel->showsDetail());
  auto fresh = bench.fake.investigations.front();
  fresh.incident.id = model::IncidentId("fresh");
  bench.fake.investigations.insert(bench.fake.investigations.begin(), fresh);
  bench.fake.change(service::Change::Incidents);
  QTRY_COMPARE(bench.panel->table().model()->rowCount(), 6);
  QVERIFY(!bench.panel->showsDetail());
}

void TestRearranging::relationsAreLinks() {
  Bench bench;
  bench.operations.splitFrom = k228;
  bench.open();
  auto* link = bench.button("related");
  QVERIFY(link->isVisible());
  QCOMPARE(link->text(), QStringLiteral("Split from INC-0228"));
  bench.operations.splitFrom.clear();
  bench.operations.mergedInto = "gone";
  bench.press(Qt::Key_O);
  QTRY_COMPARE(bench.panel->subject(), QStringLiteral("INC-0228"));
  QCOMPARE(link->text(), QStringLiteral("Merged into another incident"));
  bench.operations.mergedInto.clear();
  bench.panel->activate(QStringLiteral("INC-0230"));
  QTRY_COMPARE(bench.panel->subject(), QStringLiteral("INC-0230"));
  QVERIFY(!link->isVisible());
}

void TestRearranging::moreHoldsTheRareOnes() {
  Bench bench;
  bench.open();
  const auto actions = bench.button("more")->menu()->actions();
  QCOMPARE(actions.size(), 3);
  for (const auto* action : actions) QVERIFY(action->text().contains(u'\t'));  // the key
  actions[0]->trigger();
  QVERIFY(bench.bar().mergeForm().isVisible());
  bench.press(Qt::Key_Escape);
  actions[1]->trigger();
  QVERIFY(bench.bar().splitForm().isVisible());
  QCOMPARE(test::nameless(*bench.panel), QString());
}

void TestRearranging::servicesAreHandedOnToASilence() {
  Bench bench;
  bench.open();
  QSignalSpy silenced(bench.panel.get(), &ui::Panel::silenceServices);
  bench.press(Qt::Key_S, Qt::ShiftModifier);
  QCOMPARE(silenced.count(), 1);
  QCOMPARE(silenced[0][0].toStringList(),
           QStringList({QStringLiteral("redis"), QStringLiteral("worker"), QStringLiteral("catalog"),
                        QStringLiteral("orders"), QStringLiteral("web"), QStringLiteral("nginx")}));
  QVERIFY(!bench.bar().isAsking());
}

void TestRearranging::hostileText() {
  Bench bench;
  for (auto& summary : bench.fake.investigations) {
    summary.incident.title = test::kHostile;
    summary.incident.services = {test::kHostile};
  }
  bench.operations.refusal = base::Error{base::ErrorCode::Conflict, test::kHostile, ""};
  bench.open();
  bench.press(Qt::Key_M);
  bench.press(Qt::Key_Return);
  QTRY_VERIFY(!bench.operations.merges.empty());
  QCOMPARE(test::dangerous(*bench.panel), QString());
}

QTEST_MAIN(TestRearranging)
#include "tst_panels_rearranging.moc"
