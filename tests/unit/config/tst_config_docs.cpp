// The documents of the configuration say what the table says.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <fstream>

#include "base/bytes.h"
#include "config/setting_table.h"

using namespace aiops;

class TestConfigDocs : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  /// To renew it: ai-ops-core settings --markdown > docs/CONFIGURATION.md
  void theCommittedFileIsTheGeneratedOne() {
    const auto committed = base::readFile(docs() / "CONFIGURATION.md");
    QVERIFY(committed.has_value());
    QVERIFY2(*committed == config::settingsMarkdown(),
             "renew it: ai-ops-core settings --markdown > docs/CONFIGURATION.md");
  }

  void theExampleLoadsAndNamesEverySetting() {
    const QTemporaryDir home;
    const auto settings = config::loadSettings({.configFile = docs() / "config.example.yaml",
                                                .environment = {{"AIOPS_HOME", home.path().toStdString()}}});
    QVERIFY2(settings.has_value(), settings ? "" : settings.error().line().c_str());
    QVERIFY(settings->notices.empty());
    for (const auto& row : config::settingTable()) {
      const auto& state = settings->states.at(row.key);
      QVERIFY2(state.origin.find("config.example.yaml:") != std::string::npos, row.key);
      if (row.type != model::SettingType::List) QCOMPARE(state.text, std::string(row.fallback));
    }
  }

  void threeLinesAreEnough() {
    const std::string text = config::settingsMarkdown();
    const size_t from = text.find("```yaml\n") + 8;
    const std::string example = text.substr(from, text.find("```", from) - from);
    QCOMPARE(std::ranges::count(example, '\n'), 3);
    const QTemporaryDir home;
    const std::filesystem::path file = home.path().toStdString() + "/config.yaml";
    std::ofstream(file) << example;
    const auto settings = config::loadSettings({.environment = {{"AIOPS_HOME", home.path().toStdString()}}});
    QVERIFY2(settings.has_value(), settings ? "" : settings.error().line().c_str());
    QCOMPARE(settings->sources.size(), size_t{2});
  }

 private:
  static std::filesystem::path docs() { return std::filesystem::path(AIOPS_SOURCE_DIR) / "docs"; }
};

QTEST_GUILESS_MAIN(TestConfigDocs)
#include "tst_config_docs.moc"
