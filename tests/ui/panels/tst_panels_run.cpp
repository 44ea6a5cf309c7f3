// Agents, audit and settings by their keys, and with hostile text in every place that foreign text can take.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QClipboard>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "models/cell_text.h"
#include "panels/agents/agent_form.h"
#include "panels/agents/agents_panel.h"
#include "panels/audit/audit_banner.h"
#include "panels/audit/audit_filter_bar.h"
#include "panels/audit/audit_panel.h"
#include "panels/settings/key_form.h"
#include "panels/settings/setting_row.h"
#include "panels/settings/settings_panel.h"
#include "shown_strings.h"
#include "support/lively_operations.h"
#include "widgets/change_bar.h"
#include "widgets/data_table.h"
#include "widgets/field_list.h"
#include "widgets/pick_box.h"
#include "widgets/row_list.h"
#include "widgets/scroll_pane.h"
#include "widgets/value_field.h"

using namespace aiops;

// Models give what a cell is made of under the numbers that the table asks for.
static_assert(static_cast<int>(ui::cell::Id) == static_cast<int>(ui::IdRole));
static_assert(static_cast<int>(ui::cell::Ink) == static_cast<int>(ui::InkRole));
static_assert(static_cast<int>(ui::cell::Icon) == static_cast<int>(ui::IconRole));
static_assert(static_cast<int>(ui::cell::Mono) == static_cast<int>(ui::MonoRole));

namespace {

template <class PanelType>
struct Bench {
  test::FakeOperations fake;
  test::LivelyOperations engine{fake};
  theme::Theme theme{theme::Scheme::Dark};
  std::unique_ptr<ui::EngineBridge> bridge;
  std::unique_ptr<PanelType> panel;

  void open(bool admin = true) {
    bridge = std::make_unique<ui::EngineBridge>(engine, service::Caller{"tester", admin, admin, admin});
    panel = std::make_unique<PanelType>(theme, *bridge);
    panel->resize(1264, 780);
    panel->show();
    QVERIFY(QTest::qWaitForWindowActive(panel.get()));
    panel->activate({});
  }
  void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
    QWidget* focused = QApplication::focusWidget();
    QTest::keyClick(focused != nullptr ? focused : panel.get(), key, modifiers);
  }
  void type(const QString& text) { QTest::keyClicks(QApplication::focusWidget(), text); }
};

struct AgentsBench : Bench<ui::AgentsPanel> {
  void ready() {
    open();
    QTRY_VERIFY(panel->table().isVisible() && panel->table().hasFocus());
  }
};

struct AuditBench : Bench<ui::AuditPanel> {
  explicit AuditBench(size_t entries) { engine.fillAudit(entries); }
  void ready() {
    open();
    QTRY_VERIFY(!panel->model().isLooking() && !panel->banner().isBusy());
  }
};

struct SettingsBench : Bench<ui::SettingsPanel> {
  void ready(bool admin = true) {
    open(admin);
    QTRY_COMPARE(panel->groups().rowCount(), 8);
  }
};

}  // namespace

class TestPanelsRun : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void agentsAreSwitchedByKey();
  void agentsAreRestartedByKey();
  void agentsAreConfiguredByKey();
  void aBadAgentValueStaysToBeMended();
  void aCeilingIsSaid();
  void agentsWithoutOperateAreReadOnly();
  void agentsHostileText();
  void allowedWordsMakeChoices();

  void auditVerifiesByItself();
  void auditSaysWhereItBroke();
  void auditVerifyCanBeLeft();
  void auditFiltersByKey();
  void auditPartsGoRoundByKey();
  void auditBadTimeKeepsTheFilter();
  void auditOpensTheIncident();
  void auditExports();
  void auditNewEntriesWaitForHome();
  void auditHostileText();

  void settingsAreFoundAndEditedByKey();
  void settingsPartsGoRoundByKey();
  void settingsUndo();
  void aBadSettingStaysToBeMended();
  void lockedSettingsNameWhatLocksThem();
  void settingsWithoutAdminAreReadOnly();
  void secretsAreWriteOnly();
  void aRestartIsCollected();
  void aNewKeyIsShownOnce();
  void appearanceIsChosen();
  void settingsHostileText();
};

void TestPanelsRun::agentsAreSwitchedByKey() {
  AgentsBench bench;
  bench.ready();
  bench.press(Qt::Key_J);
  bench.press(Qt::Key_J);
  bench.press(Qt::Key_J);
  QCOMPARE(bench.panel->table().currentId(), QStringLiteral("learning"));
  bench.press(Qt::Key_Space);
  QTRY_VERIFY(bench.panel->changeBar().isVisible());
  QVERIFY(!bench.engine.livelyAgents.agents[3].enabled);
  QCOMPARE(bench.panel->table().currentId(), QStringLiteral("learning"));
  bench.press(Qt::Key_Z, Qt::ControlModifier);
  QTRY_VERIFY(bench.engine.livelyAgents.agents[3].enabled);
  QVERIFY(!bench.panel->changeBar().isVisible());
}

void TestPanelsRun::agentsAreRestartedByKey() {
  AgentsBench bench;
  bench.ready();
  bench.press(Qt::Key_J);
  bench.press(Qt::Key_R);
  QTRY_VERIFY(bench.panel->changeBar().words().contains(QStringLiteral("was restarted")));
  QCOMPARE(bench.engine.livelyAgents.agents[1].operatorRestarts, 1u);
  bench.press(Qt::Key_Space);
  QTRY_VERIFY(!bench.engine.livelyAgents.agents[1].enabled);
  bench.press(Qt::Key_R);
  QTRY_VERIFY(bench.panel->changeBar().words().contains(QStringLiteral("the agent is disabled")));
  QCOMPARE(bench.engine.livelyAgents.agents[1].operatorRestarts, 1u);
}

void TestPanelsRun::agentsAreConfiguredByKey() {
  AgentsBench bench;
  bench.ready();
  bench.press(Qt::Key_J);
  bench.press(Qt::Key_Return);
  QTRY_VERIFY(qobject_cast<QLineEdit*>(QApplication::focusWidget()) != nullptr);
  bench.type(QStringLiteral("600"));
  bench.press(Qt::Key_Return);
  QTRY_COMPARE(bench.engine.livelyAgents.agents[1].settings[0].value, std::string("600"));
  QTRY_VERIFY(bench.panel->table().hasFocus());
  QTRY_VERIFY(bench.panel->changeBar().words().contains(QStringLiteral("600")));
  bench.press(Qt::Key_Z, Qt::ControlModifier);
  QTRY_COMPARE(bench.engine.livelyAgents.agents[1].settings[0].value, std::string("300"));
}

void TestPanelsRun::aBadAgentValueStaysToBeMended() {
  AgentsBench bench;
  bench.ready();
  bench.press(Qt::Key_J);
  bench.press(Qt::Key_Return);
  QTRY_VERIFY(qobject_cast<QLineEdit*>(QApplication::focusWidget()) != nullptr);
  bench.type(QStringLiteral("soon"));
  bench.press(Qt::Key_Return);
  auto* field = bench.panel->form().field("window_seconds");
  QTRY_VERIFY(field->isBad());
  QCOMPARE(bench.engine.livelyAgents.agents[1].settings[0].value, std::string("300"));
  QVERIFY(test::shownStrings(*bench.panel).filter(QStringLiteral("10 to 86400")).size() > 0);
}

void TestPanelsRun::aCeilingIsSaid() {
  AgentsBench bench;
  bench.ready();
  bench.panel->table().selectId(QStringLiteral("fix_executor"));
  QTRY_VERIFY(test::shownStrings(bench.panel->form())
                  .contains(QStringLiteral("Held at low: BOOKMARKS_MAX_RISK_LEVEL allows low")));
}

void TestPanelsRun::agentsWithoutOperateAreReadOnly() {
  Bench<ui::AgentsPanel> bench;
  bench.open(false);
  QTRY_VERIFY(bench.panel->table().isVisible());
  bench.press(Qt::Key_Space);
  bench.press(Qt::Key_R);
  bench.press(Qt::Key_Return);
  QTest::qWait(20);
  for (const auto& call : bench.engine.livelyAgents.calls) QCOMPARE(call, std::string("list"));
}

void TestPanelsRun::agentsHostileText() {
  AgentsBench bench;
  for (auto& agent : bench.engine.livelyAgents.agents) {
    agent.name = agent.task = agent.lastProblem = test::kHostile;
    agent.lastProblemAt = test::ago(1);
    for (auto& setting : agent.settings)
      setting.value = setting.help = setting.limitedBy = setting.allowed = test::kHostile;
  }
  bench.ready();
  QCOMPARE(test::dangerous(*bench.panel), QString());
  QCOMPARE(test::nameless(*bench.panel), QString());
}

void TestPanelsRun::allowedWordsMakeChoices() {
  QCOMPARE(ui::allowedWords("low, medium, high").size(), 3);
  QCOMPARE(ui::allowedWords("10 to 86400").size(), 0);
  QCOMPARE(ui::allowedWords("").size(), 0);
  QCOMPARE(ui::allowedWords("a number, from 1 on").size(), 0);
}

void TestPanelsRun::auditVerifiesByItself() {
  AuditBench bench(8412);
  bench.ready();
  QVERIFY(
      bench.panel->banner().words().startsWith(QStringLiteral("Chain whole: 8\u2009412 entries, verified ")));
  QVERIFY(!bench.panel->banner().isBroken());
}

void TestPanelsRun::auditSaysWhereItBroke() {
  AuditBench bench(400);
  bench.engine.verification = {.whole = false, .brokenAt = 217, .problem = "hash does not match"};
  bench.ready();
  QVERIFY(bench.panel->banner().isBroken());
  QCOMPARE(bench.panel->banner().words(), QStringLiteral("Broken at entry 217: hash does not match"));
  QCOMPARE(bench.panel->table().currentId(), QStringLiteral("217"));
}

void TestPanelsRun::auditVerifyCanBeLeft() {
  AuditBench bench(10);
  bench.ready();
  bench.engine.holdVerify = true;
  bench.press(Qt::Key_V);
  QTRY_VERIFY(bench.panel->banner().isBusy());
  QVERIFY(bench.panel->banner().words().startsWith(QStringLiteral("Verifying 10 entries")));
  bench.press(Qt::Key_Escape);
  QVERIFY(!bench.panel->banner().isBusy());
  bench.engine.heldVerify(model::AuditVerification{.whole = false, .brokenAt = 1});
  QTest::qWait(20);
  QVERIFY(!bench.panel->banner().isBroken());
}

void TestPanelsRun::auditFiltersByKey() {
  AuditBench bench(1000);
  bench.ready();
  bench.press(Qt::Key_Slash);
  QTRY_VERIFY(bench.panel->filterBar().target()->hasFocus());
  bench.type(QStringLiteral("automation"));
  QTRY_COMPARE(bench.panel->model().rowCount(), 200);
  bench.press(Qt::Key_Escape);
  QTRY_VERIFY(bench.panel->table().hasFocus());
  bench.panel->filterBar().who()->setFocus();
  bench.type(QStringLiteral("nobody"));
  QTRY_VERIFY(test::shownStrings(*bench.panel).contains(QStringLiteral("No entry matches this filter.")));
  bench.panel->filterBar().clear();
  QTRY_COMPARE(bench.panel->model().rowCount(), 500);
}

void TestPanelsRun::auditPartsGoRoundByKey() {
  AuditBench bench(20);
  bench.ready();
  auto* record = bench.panel->findChild<ui::ScrollPane*>();
  bench.press(Qt::Key_F, Qt::ControlModifier);
  QVERIFY(bench.panel->filterBar().target()->hasFocus());
  bench.press(Qt::Key_F6);
  QVERIFY(bench.panel->table().hasFocus());
  bench.press(Qt::Key_F6);
  QVERIFY(record->hasFocus());
  bench.press(Qt::Key_F6);
  QVERIFY(bench.panel->filterBar().target()->hasFocus());
  bench.press(Qt::Key_F6, Qt::ShiftModifier);
  QVERIFY(record->hasFocus());
  // Any field of the filter is the filter.
  bench.panel->filterBar().who()->setFocus();
  bench.press(Qt::Key_F6);
  QVERIFY(bench.panel->table().hasFocus());
}

void TestPanelsRun::auditBadTimeKeepsTheFilter() {
  AuditBench bench(1000);
  bench.ready();
  bench.panel->filterBar().what()->setFocus();
  bench.type(QStringLiteral("automation"));
  QTRY_COMPARE(bench.panel->model().rowCount(), 200);
  bench.panel->filterBar().from()->setFocus();
  bench.type(QStringLiteral("yesterday"));
  QTRY_VERIFY(!bench.panel->filterBar().problem().isEmpty());
  QCOMPARE(bench.panel->model().rowCount(), 200);
}

void TestPanelsRun::auditOpensTheIncident() {
  AuditBench bench(10);
  bench.ready();
  QSignalSpy opened(bench.panel.get(), &ui::Panel::openIncident);
  bench.panel->table().setFocus();
  bench.panel->table().selectId(QStringLiteral("9"));
  bench.press(Qt::Key_Return);
  bench.panel->table().selectId(QStringLiteral("8"));
  bench.press(Qt::Key_Return);
  QCOMPARE(opened.size(), 1);  // entry 9 is of no incident
  QCOMPARE(opened[0][0].toString(), QString::fromStdString(test::testIncident().id.str()));
  QVERIFY(bench.panel->record().accessibleRowCount() > 8);
}

void TestPanelsRun::auditExports() {
  AuditBench bench(1200);
  bench.ready();
  QTemporaryDir folder;
  const QString path = folder.filePath(QStringLiteral("a.jsonl"));
  bench.panel->exportTo(path);
  QTRY_VERIFY(!bench.panel->banner().isBusy());
  QVERIFY(bench.panel->banner().words().startsWith(QStringLiteral("1\u2009200 entries written to ")));
  QFile file(path);
  QVERIFY(file.open(QIODevice::ReadOnly));
  QCOMPARE(file.readAll().count('\n'), 1200);
}

void TestPanelsRun::auditNewEntriesWaitForHome() {
  AuditBench bench(20);
  bench.ready();
  bench.engine.fillAudit(23);
  bench.panel->model().lookForNew();
  QTRY_COMPARE(bench.panel->model().newer(), 3U);
  QCOMPARE(bench.panel->model().rowCount(), 20);
  bench.panel->table().setFocus();
  bench.press(Qt::Key_Home);
  QTRY_COMPARE(bench.panel->model().rowCount(), 23);
}

void TestPanelsRun::auditHostileText() {
  AuditBench bench(3);
  for (auto& entry : bench.engine.entries) {
    entry.who = entry.what = entry.target = entry.why = entry.result = entry.incident = entry.previousHash =
        entry.hash = entry.signature = test::kHostile;
  }
  bench.engine.verification = {
      .whole = false, .brokenAt = 2, .problem = test::kHostile, .headHash = test::kHostile};
  bench.ready();
  QCOMPARE(test::dangerous(*bench.panel), QString());
  QCOMPARE(test::nameless(*bench.panel), QString());
}

void TestPanelsRun::settingsAreFoundAndEditedByKey() {
  SettingsBench bench;
  bench.ready();
  bench.press(Qt::Key_Slash);
  QTRY_VERIFY(bench.panel->find()->hasFocus());
  bench.type(QStringLiteral("temporal"));
  QTRY_COMPARE(bench.panel->rows().size(), size_t{1});
  bench.press(Qt::Key_Return);
  QTRY_VERIFY(bench.panel->row("temporal_window")->hasFocus());
  bench.press(Qt::Key_Return);
  bench.type(QStringLiteral("450"));
  bench.press(Qt::Key_Return);
  QTRY_COMPARE(bench.engine.livelySettings.settings[3].value, std::string("450"));
  QTRY_COMPARE(bench.panel->row("temporal_window")->originText(), QStringLiteral("set here"));
  QVERIFY(bench.panel->row("temporal_window")->hasFocus());
  bench.press(Qt::Key_Escape);
  QTRY_VERIFY(bench.panel->groups().hasFocus());
}

void TestPanelsRun::settingsPartsGoRoundByKey() {
  SettingsBench bench;
  bench.ready();
  bench.panel->groups().selectId(QStringLiteral("g:Automation"));
  bench.press(Qt::Key_F, Qt::ControlModifier);
  QVERIFY(bench.panel->find()->hasFocus());
  bench.press(Qt::Key_F6);
  QVERIFY(bench.panel->groups().hasFocus());
  bench.press(Qt::Key_F6);
  QVERIFY(bench.panel->rows().front()->hasFocus());
  bench.press(Qt::Key_F6);
  QVERIFY(bench.panel->find()->hasFocus());
  QVERIFY(!bench.panel->keyHelp().empty());
}

void TestPanelsRun::settingsUndo() {
  SettingsBench bench;
  bench.ready();
  bench.panel->groups().selectId(QStringLiteral("g:Automation"));
  bench.press(Qt::Key_Right);
  QTRY_VERIFY(bench.panel->row("enable_auto_fix")->hasFocus());
  bench.press(Qt::Key_Return);
  bench.press(Qt::Key_Right);
  QTRY_COMPARE(bench.engine.livelySettings.settings[4].value, std::string("true"));
  QTRY_VERIFY(bench.panel->changeBar().isVisible());
  bench.press(Qt::Key_Z, Qt::ControlModifier);
  QTRY_COMPARE(bench.engine.livelySettings.settings[4].value, std::string("false"));
  QCOMPARE(bench.engine.livelySettings.calls.back(), std::string("change enable_auto_fix=(reset)"));
}

void TestPanelsRun::aBadSettingStaysToBeMended() {
  SettingsBench bench;
  bench.ready();
  bench.panel->groups().selectId(QStringLiteral("g:Detection"));
  QTRY_COMPARE(bench.panel->rows().size(), size_t{2});
  auto* row = bench.panel->row("temporal_window");
  row->edit();
  bench.type(QStringLiteral("soon"));
  bench.press(Qt::Key_Return);
  QTRY_VERIFY(row->field()->isBad());
  QVERIFY(row->noteText().contains(QStringLiteral("1 to 86 400 seconds")));
  QCOMPARE(bench.engine.livelySettings.settings[3].value, std::string("300"));
  row->edit();
  bench.press(Qt::Key_Escape);
  QVERIFY(!row->field()->isBad());
}

void TestPanelsRun::lockedSettingsNameWhatLocksThem() {
  SettingsBench bench;
  bench.ready();
  bench.panel->groups().selectId(QStringLiteral("g:Automation"));
  auto* row = bench.panel->row("max_risk_level");
  QTRY_VERIFY(row->isLocked());
  QCOMPARE(row->originText(), QStringLiteral("fixed by BOOKMARKS_MAX_RISK_LEVEL"));
  row->setFocus();
  bench.press(Qt::Key_Return);
  QVERIFY(row->hasFocus());
}

void TestPanelsRun::settingsWithoutAdminAreReadOnly() {
  SettingsBench bench;
  bench.ready(false);
  for (const auto* group : {"g:Logging", "g:Automation", "g:Model"}) {
    bench.panel->groups().selectId(QString::fromLatin1(group));
    QVERIFY(!bench.panel->rows().empty());
    for (auto* row : bench.panel->rows()) QVERIFY(row->isLocked());
  }
  QVERIFY(test::shownStrings(*bench.panel).contains(QStringLiteral("Read only: your key lacks admin.")));
}

void TestPanelsRun::secretsAreWriteOnly() {
  SettingsBench bench;
  bench.engine.livelySettings.settings[9].value = "sk-leaked-by-mistake";
  bench.ready();
  bench.panel->groups().selectId(QStringLiteral("g:Model"));
  auto* row = bench.panel->row("ai.anthropic_api_key");
  QVERIFY(row != nullptr);
  row->edit();
  bench.type(QStringLiteral("sk-new-secret"));
  bench.press(Qt::Key_Return);
  QTRY_VERIFY(bench.engine.livelySettings.settings[10].isSet);
  QTRY_COMPARE(row->originText(), QStringLiteral("kept in key ring"));
  for (const QString& text : test::shownStrings(*bench.panel)) {
    QVERIFY2(!text.contains(QStringLiteral("sk-")), qPrintable(text));
  }
}

void TestPanelsRun::aRestartIsCollected() {
  SettingsBench bench;
  bench.ready();
  QCOMPARE(bench.panel->restartText(), QString());
  bench.panel->groups().selectId(QStringLiteral("g:Server"));
  auto* row = bench.panel->row("server.listen");
  row->edit();
  bench.type(QStringLiteral("127.0.0.1:9000"));
  bench.press(Qt::Key_Return);
  QTRY_COMPARE(bench.panel->restartText(),
               QStringLiteral("1 change needs a restart of the program: server.listen"));
}

void TestPanelsRun::aNewKeyIsShownOnce() {
  SettingsBench bench;
  bench.ready();
  bench.panel->groups().selectId(QStringLiteral("keys"));
  bench.panel->groups().setFocus();
  bench.press(Qt::Key_Return);
  QTRY_VERIFY(bench.panel->keys().name()->hasFocus());
  bench.press(Qt::Key_Return);
  QVERIFY(bench.engine.keysMade.empty());
  bench.type(QStringLiteral("ci"));
  bench.press(Qt::Key_Return);
  QTRY_COMPARE(bench.panel->keys().shown()->text(), QStringLiteral("aok_test-only-key-text"));
  QCOMPARE(bench.engine.keysMade, std::vector<std::string>{"ci read"});
  bench.panel->groups().selectId(QStringLiteral("console"));
  bench.panel->groups().selectId(QStringLiteral("keys"));
  QCOMPARE(bench.panel->keys().shown()->text(), QString());
}

void TestPanelsRun::appearanceIsChosen() {
  SettingsBench bench;
  bench.ready();
  QSignalSpy chosen(&bench.theme, &theme::Theme::appearanceChosen);
  bench.panel->groups().selectId(QStringLiteral("console"));
  bench.panel->groups().setFocus();
  bench.press(Qt::Key_Return);
  QTRY_VERIFY(qobject_cast<QAbstractButton*>(QApplication::focusWidget()) != nullptr);
  bench.press(Qt::Key_Right);
  bench.press(Qt::Key_Right);
  QTRY_COMPARE(chosen.size(), 2);
  QCOMPARE(bench.theme.scheme(), theme::Scheme::Light);
  QCOMPARE(theme::appearanceOf(theme::appearanceName(bench.theme.appearance())), theme::Appearance::Light);
}

void TestPanelsRun::settingsHostileText() {
  SettingsBench bench;
  for (auto& setting : bench.engine.livelySettings.settings) {
    setting.help = setting.allowed = setting.value = setting.defaultValue = setting.origin = test::kHostile;
    setting.keptIn = setting.variable = test::kHostile;
    setting.group = std::string("x") + test::kHostile;
    setting.choices = {test::kHostile};
  }
  bench.open();
  QTRY_COMPARE(bench.panel->groups().rowCount(), 3);
  bench.press(Qt::Key_J);
  bench.press(Qt::Key_J);
  QTRY_COMPARE(bench.panel->rows().size(), bench.engine.livelySettings.settings.size());
  QCOMPARE(test::dangerous(*bench.panel), QString());
  QCOMPARE(test::nameless(*bench.panel), QString());
}

QTEST_MAIN(TestPanelsRun)
#include "tst_panels_run.moc"
