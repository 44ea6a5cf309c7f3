// Changing settings while the program runs.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <fstream>

#include <sys/stat.h>

#include "base/bytes.h"
#include "config/live_settings.h"
#include "config/setting_table.h"

using namespace aiops;
using config::LiveSettings;

class TestLiveSettings : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    m_dir = std::make_unique<QTemporaryDir>();
    m_request = {};
    m_request.environment = {{"AIOPS_HOME", home().string()}};
    m_request.configFile = home() / "given.yaml";
    std::ofstream(*m_request.configFile) << "log:\n  level: warning\n";
  }

  void whatCountsAtOnceDoesAndIsKept() {
    auto live = open();
    int told = 0;
    live->onChange([&](const config::Settings& settings) {
      ++told;
      QVERIFY(settings.log.level == base::LogLevel::Debug);
    });
    QVERIFY(live->change("log.level", "DEBUG").has_value());
    QCOMPARE(told, 1);
    const auto info = find(*live, "log.level");
    QCOMPARE(info.value, std::string("debug"));
    QCOMPARE(info.origin, std::string("console"));
    QVERIFY(!info.pendingRestart);
    QVERIFY(open()->inForce().log.level == base::LogLevel::Debug);
    struct stat file = {};
    QCOMPARE(::stat((home() / "settings.yaml").c_str(), &file), 0);
    QCOMPARE(file.st_mode & 0777, 0600u);
  }

  void othersWaitForARestart() {
    auto live = open();
    QVERIFY(live->change("database.url", "/elsewhere/x.db").has_value());
    auto info = find(*live, "database.url");
    QVERIFY(info.pendingRestart);
    QCOMPARE(info.value, std::string());
    QCOMPARE(info.pendingValue, std::string("/elsewhere/x.db"));
    QCOMPARE(live->inForce().database, (home() / "ai-ops-core.db").string());
    QVERIFY(live->change("database.url", std::nullopt).has_value());
    QVERIFY(!find(*live, "database.url").pendingRestart);
    QVERIFY(!std::filesystem::exists(home() / "settings.yaml"));
  }

  void withoutAValueTheFileCountsAgain() {
    auto live = open();
    QVERIFY(live->change("log.level", "error").has_value());
    QVERIFY(live->change("log.level", std::nullopt).has_value());
    const auto info = find(*live, "log.level");
    QCOMPARE(info.value, std::string("warning"));
    QCOMPARE(info.origin, m_request.configFile->string() + ":2");
  }

  void whatIsFixedElsewhereCannotBeChanged() {
    m_request.environment["BOOKMARKS_LOG_LEVEL"] = "info";
    m_request.assigned = {"log.format=json"};
    auto live = open();
    auto refused = live->change("log.level", "debug");
    QVERIFY(!refused && refused.error().code == base::ErrorCode::Conflict);
    QVERIFY(refused.error().line().find("BOOKMARKS_LOG_LEVEL") != std::string::npos);
    refused = live->change("log.format", "text");
    QVERIFY(!refused && refused.error().line().find("--set log.format") != std::string::npos);
    QCOMPARE(find(*live, "log.level").fixedBy, std::string("BOOKMARKS_LOG_LEVEL"));
    QVERIFY(!find(*live, "log.level").editable);
    QVERIFY(!std::filesystem::exists(home() / "settings.yaml"));
  }

  void whatIsNotAllowedChangesNothing_data() {
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const char* name, const char* key, QByteArray value, const char* says) {
      QTest::newRow(name) << QByteArray(key) << value << QByteArray(says);
    };
    row("unknown", "log.levl", "debug", "did you mean 'log.level'?");
    row("empty key", "", "debug", "no such setting");
    row("a group", "log", "debug", "no such setting");
    row("choice", "log.level", "loud", "debug, info, warning, error");
    row("range", "ai.temperature", "3", "0 to 2");
    row("not a number", "ai.max_tokens", "many", "1 to 200000");
    row("line end", "ai.model", "a\nlog: {level: debug}", "no plain text");
    row("NUL", "ai.model", QByteArray("a\0b", 3), "no plain text");
    row("bad UTF-8", "ai.model", "\xFF", "no plain text");
    row("YAML in a value", "ai.model", "{a: b}", "letters, digits");
    row("too long", "ai.model", QByteArray(5000, 'a'), "no plain text");
    row("list", "sources", "/a", "config.yaml only");
    row("commands", "execution.allowed_commands", "/bin/sh", "config.yaml only");
    row("time limit", "execution.max_execution_time", "1h", "config.yaml only");
    row("not built", "database.url", "postgres://x/y", "PostgreSQL is not built");
  }

  void whatIsNotAllowedChangesNothing() {
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, says);
    auto live = open();
    const auto refused = live->change(key.toStdString(), value.toStdString());
    QVERIFY(!refused);
    QVERIFY2(refused.error().line().find(says.toStdString()) != std::string::npos,
             refused.error().line().c_str());
    QVERIFY(!std::filesystem::exists(home() / "settings.yaml"));
  }

  void everyEditableRowSurvivesTheFile() {
    auto live = open();
    std::map<std::string, std::string> kept;
    for (const auto& row : config::settingTable()) {
      if (!row.isEditable() || row.isSecret()) continue;
      for (const char* text : {"true", "2", "high", "off", "local", "json", "error", "https://a.example/x",
                               "a:b/c", "/a b/'\"c.db", "[::1]:1"}) {
        if (!config::parseValue(row, text, "x")) continue;
        QVERIFY2(live->change(row.key, text).has_value(), row.key);
        kept[row.key] = text;
        break;
      }
    }
    QVERIFY(kept.size() > 10);
    const auto again = open();
    for (const auto& [key, text] : kept) QCOMPARE(find(*again, key).value, text);
  }

  void aFileThatBrokeMeanwhileRefusesTheChange() {
    auto live = open();
    std::ofstream(*m_request.configFile) << "nonsense: 1\n";
    const auto refused = live->change("log.level", "debug");
    QVERIFY(!refused);
    QVERIFY(refused.error().line().find("given.yaml:1") != std::string::npos);
    QVERIFY(!std::filesystem::exists(home() / "settings.yaml"));
    QCOMPARE(find(*live, "log.level").value, std::string("warning"));
  }

  void aHomeThatCannotBeWrittenIsSaid() {
    auto live = open();
    std::filesystem::create_directory(home() / "settings.yaml");
    QVERIFY(!live->change("log.level", "debug"));
    QCOMPARE(find(*live, "log.level").value, std::string("warning"));
  }

  void secretsAreNotedWithoutTheirValue() {
    auto live = open();
    live->noteSecret("notify.pagerduty_api_key", config::SecretSetting{"0123456789abcdef", "key ring"});
    const auto info = find(*live, "notify.pagerduty_api_key");
    QVERIFY(info.isSet);
    QCOMPARE(info.keptIn, std::string("key ring"));
    QVERIFY(info.value.empty() && info.pendingValue.empty() && !info.pendingRestart);
    live->noteSecret("notify.pagerduty_api_key", std::nullopt);
    QVERIFY(!find(*live, "notify.pagerduty_api_key").isSet);
  }

 private:
  std::filesystem::path home() const { return m_dir->path().toStdString(); }
  std::unique_ptr<LiveSettings> open() {
    auto settings = config::loadSettings(m_request);
    if (!settings) qFatal("%s", settings.error().line().c_str());
    return std::make_unique<LiveSettings>(m_request, *settings);
  }
  static model::SettingInfo find(const LiveSettings& live, const std::string& key) {
    for (const auto& info : live.list()) {
      if (info.key == key) return info;
    }
    return {};
  }

  std::unique_ptr<QTemporaryDir> m_dir;
  config::LoadRequest m_request;
};

QTEST_GUILESS_MAIN(TestLiveSettings)
#include "tst_config_live_settings.moc"
