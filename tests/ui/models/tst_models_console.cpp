// Settings, agents and learning as the console holds them, without a window.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "models/agent_model.h"
#include "models/learning_data.h"
#include "models/settings_list.h"
#include "models/trust_model.h"
#include "support/lively_operations.h"

using namespace aiops;

namespace {

struct Bench {
  test::FakeOperations fake;
  test::LivelyOperations engine{fake};
  ui::EngineBridge bridge{engine, {.name = "tester", .mayOperate = true, .isAdmin = true}};
};

/// With the settings of the engine, once ready() has passed.
struct SettingsBench : Bench {
  ui::SettingsList settings{bridge};
  QSignalSpy changed{&settings, &ui::SettingsList::changed};
  QSignalSpy refused{&settings, &ui::SettingsList::refused};
  void ready() {
    settings.load();
    QTRY_VERIFY(settings.hasAnswer());
  }
  void change(const std::string& key, const std::optional<std::string>& value) {
    const auto before = changed.size();
    settings.change(key, value);
    QTRY_COMPARE(changed.size(), before + 1);
  }
};

constexpr auto kHostile = "<i>a</i>\x1b]0;x\x07\xe2\x80\xae\xff";

}  // namespace

class TestModelsConsole : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void settingsKeepOrderAndGroups();
  void settingsAreFoundByEveryWord();
  void aChangeSticksAndIsTakenBack();
  void takingBackRestoresAnEarlierChange();
  void aBadValueChangesNothing();
  void aSecretIsNeverUndoneOrShown();
  void whatNeedsARestartIsCounted();
  void agentsRefreshInPlace();
  void anAgentIsSwitchedAndConfigured();
  void aRefusedAgentChangeSaysWhy();
  void agentsSayWhatFailed();
  void trustSortsLikeTheSlowWay();
  void theLedgerCountsDownwards();
  void wordsOfMetrics();
  void ordinals();
};

void TestModelsConsole::settingsKeepOrderAndGroups() {
  SettingsBench bench;
  bench.ready();
  auto& settings = bench.settings;
  const std::vector<std::string> expected{"Logging", "Detection", "Automation", "Model", "Storage", "Server"};
  QCOMPARE(settings.groups(), expected);
  size_t all = 0;
  for (const auto& group : settings.groups()) all += settings.matching({}, group).size();
  QCOMPARE(all, settings.all().size());
  QCOMPARE(settings.matching({}, {}).size(), settings.all().size());
}

void TestModelsConsole::settingsAreFoundByEveryWord() {
  SettingsBench bench;
  bench.ready();
  auto& settings = bench.settings;
  const auto byVariable = settings.matching(QStringLiteral("bookmarks_temporal"), {});
  QCOMPARE(byVariable.size(), size_t{1});
  QCOMPARE(byVariable[0]->key, std::string("temporal_window"));
  QCOMPARE(settings.matching(QStringLiteral("person most"), {}).size(), size_t{1});
  QCOMPARE(settings.matching(QStringLiteral("person"), "Logging").size(), size_t{0});
  QVERIFY(settings.matching(QStringLiteral("no such thing"), {}).empty());
}

void TestModelsConsole::aChangeSticksAndIsTakenBack() {
  SettingsBench bench;
  bench.ready();
  auto& settings = bench.settings;
  bench.change("log.level", "debug");
  QCOMPARE(settings.find("log.level")->value, std::string("debug"));
  QVERIFY(settings.lastChange()->undoable);
  QVERIFY(settings.lastChange()->words.contains(QStringLiteral("debug")));
  settings.undo(*settings.lastChange());
  QTRY_COMPARE(bench.changed.size(), 2);
  QCOMPARE(settings.find("log.level")->value, std::string("info"));
  QCOMPARE(settings.find("log.level")->origin, std::string("default"));
  QVERIFY(!settings.lastChange());
}

void TestModelsConsole::takingBackRestoresAnEarlierChange() {
  SettingsBench bench;
  bench.ready();
  auto& settings = bench.settings;
  bench.change("log.level", "debug");
  bench.change("log.level", "error");
  settings.undo(*settings.lastChange());
  QTRY_COMPARE(bench.changed.size(), 3);
  QCOMPARE(settings.find("log.level")->value, std::string("debug"));
  QCOMPARE(settings.find("log.level")->origin, std::string("console"));
}

void TestModelsConsole::aBadValueChangesNothing() {
  SettingsBench bench;
  bench.ready();
  auto& settings = bench.settings;
  const auto& refused = bench.refused;
  settings.change("temporal_window", "soon");
  QTRY_COMPARE(refused.size(), 1);
  QCOMPARE(refused[0][0].toString(), QStringLiteral("temporal_window"));
  QVERIFY(refused[0][1].toString().contains(QStringLiteral("1 to 86 400 seconds")));
  settings.change("max_risk_level", "high");
  QTRY_COMPARE(refused.size(), 2);
  QVERIFY(refused[1][1].toString().contains(QStringLiteral("BOOKMARKS_MAX_RISK_LEVEL")));
  QCOMPARE(settings.find("temporal_window")->value, std::string("300"));
  QVERIFY(!settings.lastChange());
}

void TestModelsConsole::aSecretIsNeverUndoneOrShown() {
  SettingsBench bench;
  bench.ready();
  auto& settings = bench.settings;
  bench.change("ai.anthropic_api_key", "sk-very-secret");
  QVERIFY(settings.find("ai.anthropic_api_key")->isSet);
  QVERIFY(!settings.lastChange()->undoable);
  QVERIFY(!settings.lastChange()->words.contains(QStringLiteral("sk-very")));
  const auto calls = bench.engine.livelySettings.calls.size();
  settings.undo(*settings.lastChange());
  QTest::qWait(10);
  QCOMPARE(bench.engine.livelySettings.calls.size(), calls);
}

void TestModelsConsole::whatNeedsARestartIsCounted() {
  SettingsBench bench;
  bench.ready();
  auto& settings = bench.settings;
  QVERIFY(settings.pendingRestart().empty());
  settings.change("server.listen", "127.0.0.1:9000");
  QTRY_COMPARE(settings.pendingRestart(), std::vector<std::string>{"server.listen"});
  settings.change("server.listen", std::nullopt);
  QTRY_VERIFY(settings.pendingRestart().empty());
}

void TestModelsConsole::agentsRefreshInPlace() {
  Bench bench;
  ui::AgentModel model(bench.bridge);
  QAbstractItemModelTester tester(&model);
  QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
  model.refresh();
  QTRY_COMPARE(model.rowCount(), 4);
  QCOMPARE(reset.size(), 1);
  bench.engine.livelyAgents.agents[0].queued = 9876;
  QSignalSpy refreshed(&model, &ui::AgentModel::refreshed);
  model.refresh();
  QTRY_COMPARE(refreshed.size(), 1);
  QCOMPARE(reset.size(), 1);
  QCOMPARE(model.index(0, ui::AgentModel::Queued).data().toString(), QStringLiteral("9\u2009876"));
  bench.engine.livelyAgents.agents[1].task = bench.engine.livelyAgents.agents[1].name = kHostile;
  model.refresh();
  QTRY_COMPARE(refreshed.size(), 2);
  for (int column = 0; column < ui::AgentModel::ColumnCount; ++column) {
    const QString text = model.index(1, column).data().toString() +
                         model.index(1, column).data(Qt::AccessibleTextRole).toString();
    QVERIFY(!text.contains(QChar(0x1b)) && !text.contains(QChar(0x202e)) && !text.contains(QChar(7)));
  }
}

void TestModelsConsole::anAgentIsSwitchedAndConfigured() {
  Bench bench;
  ui::AgentModel model(bench.bridge);
  model.refresh();
  QTRY_COMPARE(model.rowCount(), 4);
  QStringList answers;
  const auto note = [&](const QString& refusal) { answers += refusal; };
  model.enable("learning", false, note);
  QTRY_COMPARE(answers, QStringList{QString()});
  QVERIFY(model.agent(QStringLiteral("learning"))->state == model::AgentState::Disabled);
  model.configure("root_cause", {{"window_seconds", "600"}}, note);
  QTRY_COMPARE(answers.size(), 2);
  QCOMPARE(model.agent(QStringLiteral("root_cause"))->settings[0].value, std::string("600"));
  QCOMPARE(bench.engine.livelyAgents.calls.back(),
           std::string("configure tester root_cause window_seconds=600"));
}

void TestModelsConsole::aRefusedAgentChangeSaysWhy() {
  Bench bench;
  ui::AgentModel model(bench.bridge);
  model.refresh();
  QTRY_COMPARE(model.rowCount(), 4);
  QString answer;
  model.configure("root_cause", {{"use_model", "perhaps"}},
                  [&](const QString& refusal) { answer = refusal; });
  QTRY_VERIFY(answer.contains(QStringLiteral("true, false")));
  QCOMPARE(model.agent(QStringLiteral("root_cause"))->settings[1].value, std::string("false"));
}

void TestModelsConsole::agentsSayWhatFailed() {
  Bench bench;
  ui::AgentModel model(bench.bridge);
  model.refresh();
  QTRY_COMPARE(model.rowCount(), 4);
  bench.engine.livelyAgents.failure = base::Error{base::ErrorCode::Unavailable, "engine is busy"};
  model.refresh();
  QTRY_VERIFY(!model.problem().empty());
  QCOMPARE(model.rowCount(), 4);
}

void TestModelsConsole::trustSortsLikeTheSlowWay() {
  test::FakeOperations fake;
  test::fillLearning(fake);
  ui::TrustModel model;
  QAbstractItemModelTester tester(&model);
  model.setTrusts(fake.trusts);
  QCOMPARE(model.rowCount(), static_cast<int>(fake.trusts.size()));
  QCOMPARE(model.at(0).tried, 13U);
  model.sort(ui::TrustModel::Playbook, Qt::AscendingOrder);
  const QPersistentModelIndex kept(model.index(2, 0));
  const QString name = kept.data().toString();
  std::vector<std::string> names;
  for (const auto& trust : fake.trusts) names.push_back(trust.playbookId);
  std::sort(names.begin(), names.end());
  for (int row = 0; row < model.rowCount(); ++row)
    QCOMPARE(model.at(row).playbookId, names[static_cast<size_t>(row)]);
  model.sort(ui::TrustModel::Likely, Qt::DescendingOrder);
  for (int row = 1; row < model.rowCount(); ++row) QVERIFY(model.at(row - 1).mean >= model.at(row).mean);
  QCOMPARE(kept.data().toString(), name);
  // The chosen order holds when new values come.
  auto changed = fake.trusts;
  changed.back().mean = 0.999;
  model.setTrusts(changed);
  QCOMPARE(model.at(0).playbookId, changed.back().playbookId);
}

void TestModelsConsole::theLedgerCountsDownwards() {
  auto outcome = test::testOutcome();
  auto other = outcome;
  other.context = "front/disk_full";
  other.result = model::OutcomeResult::Undone;
  const std::vector<model::Outcome> newestFirst{outcome, other, outcome};
  const std::vector<model::Trust> trusts{
      {.playbookId = outcome.playbookId, .context = outcome.context, .worked = 13, .tried = 13}};
  const auto rows = ui::ledgerOf(newestFirst, trusts);
  QCOMPARE(rows.size(), size_t{3});
  QVERIFY(rows[0].detail.startsWith(QStringLiteral("worked, 13th case")));
  QVERIFY(rows[2].detail.startsWith(QStringLiteral("worked, 12th case")));
  QVERIFY(rows[1].detail.startsWith(QStringLiteral("undone;")));
  QCOMPARE(rows[1].title, QStringLiteral("raise_limit on front"));
}

void TestModelsConsole::wordsOfMetrics() {
  QCOMPARE(ui::fixesText({}), QStringLiteral("No fix was run in this time"));
  QCOMPARE(ui::ratesText({}), QString());
  const model::Metrics metrics{.fixesRun = 49, .fixesWorked = 42, .fixesUndone = 7, .automationRate = 0.62};
  QCOMPARE(ui::fixesText(metrics), QStringLiteral("49 fixes: 42 worked, 7 undone"));
  QVERIFY(ui::ratesText(metrics).contains(QStringLiteral("62 %")));
}

void TestModelsConsole::ordinals() {
  const std::pair<uint32_t, const char*> cases[] = {{1, "1st"},     {2, "2nd"},    {3, "3rd"},   {4, "4th"},
                                                    {11, "11th"},   {12, "12th"},  {13, "13th"}, {21, "21st"},
                                                    {102, "102nd"}, {111, "111th"}};
  for (const auto& [count, word] : cases) {
    QCOMPARE(ui::ordinalCase(count), QString::fromLatin1(word) + QStringLiteral(" case"));
  }
}

QTEST_MAIN(TestModelsConsole)
#include "tst_models_console.moc"
