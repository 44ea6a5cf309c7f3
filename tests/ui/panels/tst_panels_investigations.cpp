// The list of incidents and one incident, by their keys and by what assistive technology reads.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include "panels/investigations/consensus_view.h"
#include "panels/investigations/evidence_list.h"
#include "panels/investigations/findings_view.h"
#include "panels/investigations/hypothesis_list.h"
#include "panels/investigations/incident_bar.h"
#include "panels/investigations/incident_detail.h"
#include "panels/investigations/incident_table.h"
#include "panels/investigations/investigations_panel.h"
#include "panels/investigations/timeline_view.h"
#include "support/fake_investigation.h"
#include "support/fake_operations.h"
#include "support/wrapped_operations.h"

using namespace aiops;

namespace {

/// Answers with the one investigation that the test holds.
class OneIncident final : public test::WrappedOperations {
 public:
  using WrappedOperations::WrappedOperations;
  base::Result<service::Investigation> answer = test::richInvestigation();
  void investigation(std::string, service::Reply<service::Investigation> reply) override { reply(answer); }
};

struct Bench {
  Bench() : operations(fake), theme(theme::Scheme::Light) {
    fake.investigations = test::richSummaries();
    bridge = std::make_unique<ui::EngineBridge>(operations, service::Caller{.name = "test"});
    panel = std::make_unique<ui::InvestigationsPanel>(theme, *bridge);
    panel->resize(1450, 800);
    panel->show();
    bridge->refresh();
    QTRY_COMPARE(panel->table().model()->rowCount(), 5);
  }
  void openFirst() {
    panel->activate(QStringLiteral("INC-0231"));
    QTRY_VERIFY(panel->showsDetail());
  }
  QStringList visibleTexts() {
    QStringList texts;
    for (const auto* label : panel->findChildren<QLabel*>()) {
      if (label->isVisible()) texts += label->text();
    }
    return texts;
  }

  test::FakeOperations fake;
  OneIncident operations;
  theme::Theme theme;
  std::unique_ptr<ui::EngineBridge> bridge;
  std::unique_ptr<ui::InvestigationsPanel> panel;
};

QStringList visibleTextsOf(const QWidget& widget) {
  QStringList texts;
  for (const auto* label : widget.findChildren<QLabel*>()) {
    if (label->isVisible()) texts += label->text();
  }
  return texts;
}

/// One incident alone, without an engine that could answer in between.
struct DetailBench {
  DetailBench()
      : theme(theme::Scheme::Light),
        bridge(fake, service::Caller{.name = "test", .mayOperate = true}),
        detail(theme, bridge) {
    detail.resize(1450, 800);
    detail.show();
    show(test::richInvestigation());
  }
  void show(const service::Investigation& data) {
    detail.setInvestigation(data, true, test::logTime(200'000));
    QTest::qWait(1);
  }
  QStringList visibleTexts() { return visibleTextsOf(detail); }

  theme::Theme theme;
  test::FakeOperations fake;
  ui::EngineBridge bridge;
  ui::IncidentDetail detail;
};

bool isIn(const std::vector<std::string>& calls, const std::string& call) {
  return std::ranges::find(calls, call) != calls.end();
}

bool has(const QStringList& texts, const QString& part) {
  return std::any_of(texts.begin(), texts.end(),
                     [&part](const QString& text) { return text.contains(part); });
}

QString everythingReadAloud(QAccessibleInterface* node, int depth = 0) {
  QString text = node->text(QAccessible::Name) + u' ' + node->text(QAccessible::Description) + u'\n';
  for (int i = 0; depth < 12 && i < node->childCount(); ++i) {
    if (auto* child = node->child(i)) text += everythingReadAloud(child, depth + 1);
  }
  return text;
}

}  // namespace

class TestInvestigationsPanel : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void enterOpensAndEscGoesBack();
  void selectionSurvivesARefresh();
  void evidenceOpensItsLine();
  void hypothesisKeysChangeTheEvidence();
  void numberNeedsATrackRecord();
  void healthyAndBusyAreSaid();
  void unreadableEvidenceIsSaid();
  void problemIsShownInPlace();
  void timelineIsAListOfLanesAndActions();
  void zoomKeysChangeTheRange();
  void hostileTextIsNeverRaw();
  void pastIncidentsAreNamed();
  void keyStatesTheCause();
  void keyAcknowledges();
  void dismissingNeedsAReason();
  void withoutTheRightNothingIsOffered();
  void withoutFindingsNothingIsAdded();
  void findingsAreShownAndCopied();
  void findingsOpenTheirLines();
  void findingsSurviveARefresh();
};

void TestInvestigationsPanel::enterOpensAndEscGoesBack() {
  Bench bench;
  QSignalSpy subject(bench.panel.get(), &ui::Panel::subjectChanged);
  bench.panel->table().setFocus();
  QTest::keyClick(&bench.panel->table(), Qt::Key_Return);
  QTRY_VERIFY(bench.panel->showsDetail());
  QCOMPARE(bench.panel->subject(), QStringLiteral("INC-0231"));
  QTest::keyClick(bench.panel.get(), Qt::Key_Escape);
  QVERIFY(!bench.panel->showsDetail());
  QVERIFY(bench.panel->subject().isEmpty());
  QCOMPARE(subject.count(), 2);
}

void TestInvestigationsPanel::selectionSurvivesARefresh() {
  Bench bench;
  QTest::keyClick(&bench.panel->table(), Qt::Key_J);
  QTest::keyClick(&bench.panel->table(), Qt::Key_J);
  const QString id = bench.panel->table().currentId();
  auto newer = bench.fake.investigations.front();
  newer.incident.id = model::IncidentId("new");
  newer.incident.number = 232;
  bench.fake.investigations.insert(bench.fake.investigations.begin(), newer);
  bench.bridge->refresh();
  QTRY_COMPARE(bench.panel->table().model()->rowCount(), 6);
  QCOMPARE(bench.panel->table().currentId(), id);
  QCOMPARE(bench.panel->table().currentIndex().row(), 3);
}

void TestInvestigationsPanel::evidenceOpensItsLine() {
  Bench bench;
  bench.openFirst();
  QSignalSpy opened(bench.panel.get(), &ui::Panel::openLogLine);
  auto* list = bench.panel->detail().evidence().list();
  list->setFocus();
  list->step(1);
  QTest::keyClick(list, Qt::Key_Return);
  QCOMPARE(opened.count(), 1);
  QCOMPARE(opened.first().at(0).toString(), QStringLiteral("/var/log/catalog.log"));
  QCOMPARE(opened.first().at(1).toULongLong(), qulonglong{457});
}

void TestInvestigationsPanel::hypothesisKeysChangeTheEvidence() {
  DetailBench bench;
  auto& detail = bench.detail;
  QCOMPARE(detail.evidence().summary(), QStringLiteral("5 for, 0 against"));
  QTest::keyClick(detail.hypotheses().list(), Qt::Key_J);
  QCOMPARE(detail.hypotheses().current()->kind, std::string("memory_limit_reached"));
  QCOMPARE(detail.evidence().summary(), QStringLiteral("0 for, 1 against"));
  QVERIFY(has(bench.visibleTexts(), QStringLiteral("no line about memory in the hour before")));
  // A refresh keeps the chosen one.
  bench.show(test::richInvestigation());
  QCOMPARE(detail.hypotheses().current()->kind, std::string("memory_limit_reached"));
}

void TestInvestigationsPanel::numberNeedsATrackRecord() {
  theme::Theme theme(theme::Scheme::Dark);
  ui::HypothesisList list(theme);
  const auto first = [&list] {
    return list.list()->model()->index(0, 0).data(Qt::AccessibleTextRole).toString();
  };
  list.setDiagnosis(test::richInvestigation().diagnosis, false);
  QVERIFY2(first().contains(QStringLiteral("no track record yet")), qPrintable(first()));
  QVERIFY(!first().contains(QStringLiteral("94")));
  list.setDiagnosis(test::richInvestigation().diagnosis, true);
  QVERIFY(first().contains(QStringLiteral("94")));
}

void TestInvestigationsPanel::healthyAndBusyAreSaid() {
  DetailBench bench;
  auto data = test::richInvestigation();
  data.diagnosis.verdict = model::Verdict::Healthy;
  bench.show(data);
  QVERIFY(has(bench.visibleTexts(), QStringLiteral("Nothing is wrong.")));
  data.diagnosis = {};
  data.incident.state = model::IncidentState::Investigating;
  bench.show(data);
  QVERIFY(has(bench.visibleTexts(), QStringLiteral("Analysts are at work")));
  QTRY_VERIFY(has(bench.visibleTexts(), QStringLiteral("No analyst has answered yet.")));
}

void TestInvestigationsPanel::unreadableEvidenceIsSaid() {
  DetailBench bench;
  auto& evidence = bench.detail.evidence();
  QCOMPARE(evidence.readSummary(), QStringLiteral("4 of 5 quotes re-read"));
  const auto* rows = evidence.list()->model();
  const QString last = rows->index(rows->rowCount() - 1, 0).data(Qt::AccessibleTextRole).toString();
  QVERIFY2(last.contains(QStringLiteral("could not be re-read; hash and quote kept")), qPrintable(last));
}

void TestInvestigationsPanel::problemIsShownInPlace() {
  Bench bench;
  bench.operations.answer = base::fail(base::ErrorCode::Unavailable, "the engine is busy", "engine");
  bench.panel->activate(QStringLiteral("INC-0231"));
  QTRY_VERIFY(has(bench.visibleTexts(), QStringLiteral("the engine is busy")));
  QVERIFY(!bench.panel->showsDetail());
  QTest::keyClick(bench.panel.get(), Qt::Key_Escape);
  QVERIFY(bench.panel->table().isVisible());
}

void TestInvestigationsPanel::timelineIsAListOfLanesAndActions() {
  DetailBench bench;
  auto* list = QAccessible::queryAccessibleInterface(&bench.detail.timeline());
  QCOMPARE(list->role(), QAccessible::List);
  QCOMPARE(list->childCount(), 8 + 4);
  const QString cause = list->child(0)->text(QAccessible::Name);
  QVERIFY2(cause.startsWith(QStringLiteral("redis, root cause:")) &&
               cause.contains(QStringLiteral("20:34:18.400")),
           qPrintable(cause));
  QVERIFY(list->child(3)->text(QAccessible::Name).contains(QStringLiteral("+1.44 s")));
  QVERIFY(list->child(11)->text(QAccessible::Name).contains(QStringLiteral("fix proposed")));
}

void TestInvestigationsPanel::zoomKeysChangeTheRange() {
  DetailBench bench;
  auto& timeline = bench.detail.timeline();
  const auto whole = timeline.scale().to() - timeline.scale().from();
  timeline.zoom(2);
  QCOMPARE(timeline.scale().to() - timeline.scale().from(), whole / 2);
  const auto from = timeline.scale().from();
  timeline.pan(0.2);
  QVERIFY(timeline.scale().from() > from);
  const auto shown = timeline.scale().from();
  timeline.setInvestigation(test::richInvestigation(), test::logTime(200'000));
  QCOMPARE(timeline.scale().from(), shown);
  timeline.fit();
  QCOMPARE(timeline.scale().to() - timeline.scale().from(), whole);
}

void TestInvestigationsPanel::hostileTextIsNeverRaw() {
  DetailBench bench;
  const auto baits = test::hostileStrings(200);
  for (size_t i = 0; i < baits.size(); i += 10) {
    auto data = test::richInvestigation();
    auto& best = data.diagnosis.hypotheses[0];
    data.incident.title = baits[i];
    data.incident.services = {baits[i + 1]};
    data.timeline.lanes[0].service = baits[i + 2];
    data.timeline.lanes[0].firstSignText = baits[i + 3];
    data.timeline.entries[0].text = baits[i + 4];
    best.statement = baits[i + 5];
    best.note = baits[i + 6];
    best.evidenceFor[0].evidence.text = baits[i + 7];
    best.evidenceFor[0].reason = baits[i + 8];
    data.diagnosis.opinions[3].note = baits[i + 9];
    data.similar[0].past.by = baits[i];
    data.similar[1].past.kind = baits[i + 1];
    data.diagnosis.findings = {{.type = "attack",
                                .title = baits[i + 2],
                                .fields = {{baits[i + 3], baits[i + 4]}},
                                .text = baits[i + 5],
                                .evidence = best.evidenceFor}};
    bench.show(data);
    QTest::keyClick(&bench.detail, Qt::Key_F);
    const QString read = everythingReadAloud(QAccessible::queryAccessibleInterface(&bench.detail));
    QVERIFY(read.count(QStringLiteral("⟦")) >= 10);
    for (const QChar unit : read) {
      const bool raw = unit.category() == QChar::Other_Format ||
                       (unit.category() == QChar::Other_Control && unit != u'\n');
      QVERIFY2(!raw, qPrintable(QString::number(unit.unicode(), 16)));
    }
  }
  for (const auto* label : bench.detail.findChildren<QLabel*>()) QCOMPARE(label->textFormat(), Qt::PlainText);
}

void TestInvestigationsPanel::pastIncidentsAreNamed() {
  DetailBench bench;
  auto data = test::richInvestigation();
  data.diagnosis.modelNote = "no model opinion: it took too long";
  bench.show(data);
  const auto texts = bench.visibleTexts();
  QVERIFY(has(texts, QStringLiteral("INC-0187, 84 % alike")));
  QVERIFY(has(texts, QStringLiteral("redis: process killed, said anna")));
  QVERIFY(has(texts, QStringLiteral("redis: memory limit reached, proved by raise-memory-limit")));
  QVERIFY(has(texts, QStringLiteral("no model opinion: it took too long")));
  data.similar.clear();
  bench.show(data);
  QVERIFY(!has(bench.visibleTexts(), QStringLiteral("Like past incidents")));
}

void TestInvestigationsPanel::keyStatesTheCause() {
  DetailBench bench;
  bench.fake.investigations = test::richSummaries();
  const auto id = test::richInvestigation().incident.id.str();
  QTest::keyClick(bench.detail.hypotheses().list(), Qt::Key_J);
  QTest::keyClick(bench.detail.hypotheses().list(), Qt::Key_C);
  QTRY_VERIFY(
      has(bench.visibleTexts(), QStringLiteral("You said the cause was redis: memory limit reached.")));
  const auto said = "stateCause test " + id + " redis memory_limit_reached";
  QVERIFY(isIn(bench.fake.calls(), said));
  QTest::keyClick(bench.detail.hypotheses().list(), Qt::Key_C);  // it is said already

  auto dismissed = test::richInvestigation();
  dismissed.incident.state = model::IncidentState::Dismissed;
  bench.show(dismissed);
  QTest::keyClick(bench.detail.hypotheses().list(), Qt::Key_C);
  auto unknown = test::richInvestigation();
  for (auto& hypothesis : unknown.diagnosis.hypotheses) hypothesis.kind = "unknown";
  bench.show(unknown);
  QTest::keyClick(bench.detail.hypotheses().list(), Qt::Key_C);

  // Orders are taken in turn: once this one is answered, none of those above can still be on its way.
  bench.show(test::richInvestigation());
  QVERIFY(!has(bench.visibleTexts(), QStringLiteral("You said the cause was")));
  QTest::keyClick(bench.detail.hypotheses().list(), Qt::Key_J);
  QTest::keyClick(bench.detail.hypotheses().list(), Qt::Key_C);
  QTRY_VERIFY(
      has(bench.visibleTexts(), QStringLiteral("You said the cause was redis: memory limit reached.")));
  const auto calls = bench.fake.calls();
  QCOMPARE(std::count_if(calls.begin(), calls.end(),
                         [](const std::string& call) { return call.rfind("stateCause ", 0) == 0; }),
           std::count(calls.begin(), calls.end(), said));
  QCOMPARE(std::count(calls.begin(), calls.end(), said), 2);
}

void TestInvestigationsPanel::keyAcknowledges() {
  DetailBench bench;
  bench.fake.investigations = test::richSummaries();
  QVERIFY(has(bench.visibleTexts(), QStringLiteral("Nobody has acknowledged it")));
  bench.detail.hypotheses().list()->setFocus();
  QTest::keyClick(bench.detail.hypotheses().list(), Qt::Key_A);
  QTRY_VERIFY(has(bench.visibleTexts(), QStringLiteral("You see to it")));
  const auto id = test::richInvestigation().incident.id.str();
  QVERIFY(isIn(bench.fake.calls(), "acknowledgeIncident test " + id));

  auto another = test::richInvestigation();
  another.incident.owner = "\x1b[2Jkim";
  bench.show(another);
  QVERIFY(has(bench.visibleTexts(), QStringLiteral("kim sees to it")));
  QVERIFY(!has(bench.visibleTexts(), QStringLiteral("\x1b")));
}

void TestInvestigationsPanel::dismissingNeedsAReason() {
  DetailBench bench;
  bench.fake.investigations = test::richSummaries();
  bench.detail.hypotheses().list()->setFocus();
  QTest::keyClick(bench.detail.hypotheses().list(), Qt::Key_D);
  auto* reason = bench.detail.findChild<QLineEdit*>(QStringLiteral("dismissReason"));
  QTRY_VERIFY(reason->isVisible() && reason->hasFocus());
  QTest::keyClick(reason, Qt::Key_Return);
  QTest::keyClicks(reason, QStringLiteral("  "));
  QTest::keyClick(reason, Qt::Key_Return);
  QTest::keyClicks(reason, QStringLiteral("da"));  // keys of the page are letters here
  QTest::keyClick(reason, Qt::Key_Escape);
  QVERIFY(!reason->isVisible());
  QVERIFY(bench.detail.hypotheses().list()->hasFocus());
  QTest::keyClick(bench.detail.hypotheses().list(), Qt::Key_D);
  QTRY_VERIFY(reason->isVisible());
  reason->setText(QStringLiteral("load test"));
  QTest::keyClick(reason, Qt::Key_Return);
  const auto id = test::richInvestigation().incident.id.str();
  QTRY_VERIFY(isIn(bench.fake.calls(), "dismissIncident test " + id + " load test"));
  const auto calls = bench.fake.calls();
  QCOMPARE(std::ranges::count_if(calls, [](const auto& call) { return call.starts_with("dismiss"); }), 1);
  QTRY_VERIFY(has(bench.visibleTexts(), QStringLiteral("Dismissed: nothing was wrong")));
  QVERIFY(bench.detail.hypotheses().list()->hasFocus());
  const auto offers = [&](const QString& text) {
    const auto buttons = bench.detail.bar().findChildren<QPushButton*>();
    return std::ranges::any_of(buttons, [&](const auto* button) {
      return button->isVisible() && button->isEnabled() && button->text() == text;
    });
  };
  QVERIFY(offers(QStringLiteral("Undo")) && !offers(QStringLiteral("Nothing was wrong")));
  QTest::keyClick(bench.detail.hypotheses().list(), Qt::Key_U);
  QTRY_VERIFY(isIn(bench.fake.calls(), "reopenIncident test " + id));
  QTRY_VERIFY(offers(QStringLiteral("Nothing was wrong")) && !offers(QStringLiteral("Undo")));

  auto ended = test::richInvestigation();
  ended.incident.state = model::IncidentState::Resolved;
  ended.incident.endedAt = base::SystemClock().now() - std::chrono::hours(1);
  bench.show(ended);
  QVERIFY(offers(QStringLiteral("Reopen")));
  ended.incident.endedAt = base::SystemClock().now() - std::chrono::hours(25);
  bench.show(ended);
  QVERIFY(!offers(QStringLiteral("Reopen")));
}

void TestInvestigationsPanel::withoutTheRightNothingIsOffered() {
  test::FakeOperations fake;
  const theme::Theme theme(theme::Scheme::Light);
  ui::EngineBridge bridge(fake, service::Caller{.name = "guest"});
  ui::IncidentDetail detail(theme, bridge);
  detail.resize(1450, 800);
  detail.show();
  detail.setInvestigation(test::richInvestigation(), true, test::logTime(200'000));
  QTest::keyClick(&detail, Qt::Key_A);
  QTest::keyClick(&detail, Qt::Key_D);
  QVERIFY(!detail.bar().isAsking());
  for (const auto* button : detail.bar().findChildren<QPushButton*>()) {
    if (!button->isVisible()) continue;
    QVERIFY(!button->isEnabled());
    QVERIFY(button->toolTip().contains(QStringLiteral("operate")));
  }
  for (const auto& call : fake.calls()) QVERIFY(!call.starts_with("ack") && !call.starts_with("dismiss"));
}

void TestInvestigationsPanel::withoutFindingsNothingIsAdded() {
  DetailBench bench;
  QVERIFY(!bench.detail.findings().isVisible());
  QApplication::clipboard()->setText(QStringLiteral("as it was"));
  QTest::keyClick(&bench.detail, Qt::Key_F);
  QTest::keyClick(&bench.detail, Qt::Key_Y);
  QVERIFY(!bench.detail.findings().isVisible());
  QVERIFY(bench.detail.evidence().isVisible());
  QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("as it was"));
}

void TestInvestigationsPanel::findingsAreShownAndCopied() {
  DetailBench bench;
  auto data = test::richInvestigation();
  data.diagnosis.findings = test::richFindings();
  bench.show(data);
  QVERIFY(bench.detail.evidence().isVisible());  // the proof of the cause comes first
  QTest::keyClick(&bench.detail, Qt::Key_F);
  QVERIFY(bench.detail.findings().isVisible());
  QVERIFY(!bench.detail.evidence().isVisible());
  QVERIFY(has(bench.visibleTexts(), QStringLiteral("An index would help table orders")));
  QVERIFY(has(bench.visibleTexts(), QStringLiteral("and 8 more lines")));
  const QString read = everythingReadAloud(QAccessible::queryAccessibleInterface(&bench.detail));
  QVERIFY(read.contains(QStringLiteral("customer_id (equal)")));
  QTest::keyClick(&bench.detail, Qt::Key_Y);
  QCOMPARE(QApplication::clipboard()->text().count(u'\n'), 19);
  QVERIFY(QApplication::clipboard()->text().endsWith(QStringLiteral("203.0.113.20")));
  QTest::keyClick(&bench.detail, Qt::Key_E);
  QVERIFY(bench.detail.evidence().isVisible());
}

void TestInvestigationsPanel::findingsOpenTheirLines() {
  DetailBench bench;
  auto data = test::richInvestigation();
  data.diagnosis.findings = test::richFindings();
  bench.show(data);
  QTest::keyClick(&bench.detail, Qt::Key_F);
  QSignalSpy opened(&bench.detail, &ui::IncidentDetail::openLogLine);
  auto* lines = bench.detail.findings().findChild<ui::EvidenceList*>();
  QVERIFY(lines && lines->list()->rowCount() > 0);
  lines->list()->setFocus();
  QTest::keyClick(lines->list(), Qt::Key_Return);
  QCOMPARE(opened.size(), 1);
  QCOMPARE(opened[0][0].toString(), QStringLiteral("/var/log/sshd.log"));
}

void TestInvestigationsPanel::findingsSurviveARefresh() {
  DetailBench bench;
  auto data = test::richInvestigation();
  data.diagnosis.findings = test::richFindings();
  bench.show(data);
  QTest::keyClick(&bench.detail, Qt::Key_F);
  const auto* before = bench.detail.findings().findChild<ui::EvidenceList*>();
  bench.show(data);
  QCOMPARE(bench.detail.findings().findChild<ui::EvidenceList*>(), before);
  QVERIFY(bench.detail.findings().isVisible());
  data.diagnosis.findings.clear();
  bench.show(data);
  QVERIFY(!bench.detail.findings().isVisible());
  QVERIFY(bench.detail.evidence().isVisible());
}

QTEST_MAIN(TestInvestigationsPanel)
#include "tst_panels_investigations.moc"
