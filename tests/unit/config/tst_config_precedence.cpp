// Every row of the settings table against every place that may give it a value.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <fstream>
#include <set>

#include <sys/stat.h>

#include "config/setting_table.h"
#include "config/settings.h"

using namespace aiops;
using config::LoadRequest;
using config::SettingRow;
using Type = model::SettingType;

namespace {

enum Place { ConfigFile, ConsoleFile, HomeEnv, DirectoryEnv, Environment, CommandLine, kPlaces };
constexpr const char* kPlaceNames[] = {"config.yaml", "settings.yaml", "home .env",
                                       ".env",        "environment",   "--set"};

/// Two different values that the row allows and that are not its default; fewer when there are none.
std::vector<std::string> samples(const SettingRow& row) {
  std::vector<std::string> candidates = {"true",
                                         "1.5",
                                         "2",
                                         "3",
                                         "1s",
                                         "2m",
                                         "127.0.0.1:1",
                                         "[::1]:2",
                                         "https://a.example/aaaaaaaa",
                                         "https://b.example:1/bbbbbbbb",
                                         "/a/b.db",
                                         "sqlite:///c/d.db",
                                         "some-model:7b",
                                         "other/model",
                                         "false"};
  const auto choices = config::choicesOf(row);
  candidates.insert(candidates.begin(), choices.begin(), choices.end());
  std::vector<std::string> good;
  for (const auto& text : candidates) {
    const auto parsed = config::parseValue(row, text, "x");
    if (parsed && parsed->text != row.fallback && good.size() < 2 &&
        (good.empty() || good.front() != parsed->text))
      good.push_back(parsed->text);
  }
  return good;
}

bool mayGive(const SettingRow& row, Place place) {
  const bool variable = *row.variable != '\0';
  switch (place) {
    case ConfigFile:
      return true;
    case ConsoleFile:
      return !row.fileOnly;
    case CommandLine:
      return !row.isSecret();
    default:
      return variable;
  }
}

/// A home and a working directory with the files that one case needs.
class World {
 public:
  World() {
    std::filesystem::create_directories(home());
    std::filesystem::create_directories(directory());
    m_request.environment = {{"AIOPS_HOME", home().string()}};
    m_request.workingDirectory = directory();
    m_request.configFile = root() / "config.yaml";
    std::ofstream(*m_request.configFile) << "";
  }

  std::filesystem::path root() const { return m_dir.path().toStdString(); }
  std::filesystem::path home() const { return root() / "home"; }
  std::filesystem::path directory() const { return root() / "here"; }

  void give(const SettingRow& row, Place place, const std::string& text) {
    switch (place) {
      case ConfigFile:
        std::ofstream(*m_request.configFile) << yaml(row.key, text);
        return;
      case ConsoleFile:
        std::ofstream(home() / "settings.yaml") << yaml(row.key, text);
        return;
      case HomeEnv:
        std::ofstream(home() / ".env") << "# a comment\nexport " << row.variable << "=\"" << text << "\"\n";
        return;
      case DirectoryEnv:
        std::ofstream(directory() / ".env") << row.variable << " = '" << text << "' # why\n";
        return;
      case Environment:
        m_request.environment[row.variable] = text;
        return;
      default:
        m_request.assigned = {std::string(row.key) + "=" + text};
    }
  }

  base::Result<config::Settings> load() const { return config::loadSettings(m_request); }

  std::string originOf(const SettingRow& row, Place place) const {
    const std::string line = std::to_string(std::ranges::count(std::string_view(row.key), '.') + 1);
    switch (place) {
      case ConfigFile:
        return m_request.configFile->string() + ":" + line;
      case ConsoleFile:
        return "console";
      case HomeEnv:
        return (home() / ".env").string() + ":2";
      case DirectoryEnv:
        return ".env:1";
      case Environment:
        return row.variable;
      default:
        return "--set " + std::string(row.key);
    }
  }

  LoadRequest& request() { return m_request; }

 private:
  /// "a.b" and "v" as nested mappings, one key a line.
  static std::string yaml(const std::string& key, const std::string& text) {
    const size_t dot = key.find('.');
    if (dot == std::string::npos) return key + ": \"" + text + "\"\n";
    return key.substr(0, dot) + ":\n  " + yaml(key.substr(dot + 1), text);
  }

  QTemporaryDir m_dir;
  LoadRequest m_request;
};

/// What counts: of a secret its value, which the state never has.
std::string valueOf(const config::Settings& settings, const SettingRow& row) {
  if (!row.isSecret()) return settings.states.at(row.key).text;
  const auto found = settings.secrets.find(row.key);
  return found == settings.secrets.end() ? "" : found->second.value;
}

}  // namespace

class TestPrecedence : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyRowHasWhatTheDocumentationNeeds() {
    std::set<std::string> keys, variables;
    for (const auto& row : config::settingTable()) {
      QVERIFY2(keys.insert(row.key).second, row.key);
      QVERIFY2(*row.variable == '\0' || variables.insert(row.variable).second, row.key);
      QVERIFY2(row.help != nullptr && *row.help != '\0', row.key);
      QVERIFY2(!config::allowedFor(row).empty(), row.key);
      QVERIFY2((row.type == Type::List) == (row.read != nullptr), row.key);
      const bool says = std::string_view(row.help).find("o effect yet") != std::string_view::npos ||
                        std::string_view(row.help).find("refuses") != std::string_view::npos;
      QVERIFY2((row.effect == config::Effect::NotYet) == says, row.key);
      if (row.type != Type::List) QVERIFY2(config::parseValue(row, row.fallback, "x").has_value(), row.key);
    }
    // The names and defaults that are promised.
    const std::map<std::string, std::string> promised = {{"BOOKMARKS_DATABASE_URL", ""},
                                                         {"BOOKMARKS_REDIS_URL", ""},
                                                         {"BOOKMARKS_AI_PROVIDER", "none"},
                                                         {"BOOKMARKS_AI_ENDPOINT", ""},
                                                         {"BOOKMARKS_OPENAI_API_KEY", ""},
                                                         {"BOOKMARKS_ANTHROPIC_API_KEY", ""},
                                                         {"BOOKMARKS_AI_MODEL", ""},
                                                         {"BOOKMARKS_AI_TEMPERATURE", "0.2"},
                                                         {"BOOKMARKS_AI_MAX_TOKENS", "2000"},
                                                         {"BOOKMARKS_ENABLE_AUTO_FIX", "false"},
                                                         {"BOOKMARKS_MAX_RISK_LEVEL", "low"},
                                                         {"BOOKMARKS_LEARNING_MODE", "active"},
                                                         {"BOOKMARKS_PATTERN_SENSITIVITY", "1.5"},
                                                         {"BOOKMARKS_TEMPORAL_WINDOW", "300"},
                                                         {"BOOKMARKS_LOG_LEVEL", "info"},
                                                         {"BOOKMARKS_LOG_FORMAT", "text"},
                                                         {"BOOKMARKS_SLACK_WEBHOOK", ""},
                                                         {"PAGERDUTY_API_KEY", ""}};
    for (const auto& [name, fallback] : promised) {
      const auto* row = config::findVariable(name);
      QVERIFY2(row, name.c_str());
      QCOMPARE(std::string(row->fallback), fallback);
    }
  }

  void theHigherPlaceWins_data() {
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<int>("lower");
    QTest::addColumn<int>("higher");
    for (const auto& row : config::settingTable()) {
      if (samples(row).empty()) continue;
      for (int low = -1; low < kPlaces; ++low) {
        for (int high = low + 1; high < kPlaces; ++high) {
          if ((low >= 0 && !mayGive(row, Place(low))) || !mayGive(row, Place(high))) continue;
          QTest::addRow("%s: %s < %s", row.key, low < 0 ? "default" : kPlaceNames[low], kPlaceNames[high])
              << QByteArray(row.key) << low << high;
        }
      }
    }
  }

  void theHigherPlaceWins() {
    QFETCH(QByteArray, key);
    QFETCH(int, lower);
    QFETCH(int, higher);
    const auto& row = *config::findSetting(key.toStdString());
    auto values = samples(row);
    if (values.size() == 1) values.push_back(values.front());  // a switch has one besides its default
    World world;
    if (lower >= 0) world.give(row, Place(lower), values[1]);
    world.give(row, Place(higher), values[0]);
    const auto settings = world.load();
    QVERIFY2(settings.has_value(), settings ? "" : settings.error().line().c_str());
    QCOMPARE(valueOf(*settings, row), values[0]);
    const auto& state = settings->states.at(row.key);
    QCOMPARE(state.origin, world.originOf(row, Place(higher)));
    QCOMPARE(!state.fixedBy.empty(), higher > ConsoleFile);
  }

  void aBadValueIsAnErrorInEveryPlaceEvenWhenOutranked_data() {
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<int>("place");
    for (const auto& row : config::settingTable()) {
      if (row.type == Type::List) continue;
      for (int place = 0; place < kPlaces; ++place) {
        if (mayGive(row, Place(place)))
          QTest::addRow("%s in %s", row.key, kPlaceNames[place]) << QByteArray(row.key) << place;
      }
    }
  }

  void aBadValueIsAnErrorInEveryPlaceEvenWhenOutranked() {
    QFETCH(QByteArray, key);
    QFETCH(int, place);
    const auto& row = *config::findSetting(key.toStdString());
    World world;
    const std::string bad = "not\xC3\xA9 good";
    world.give(row, Place(place), bad);
    if (const auto good = samples(row); !good.empty() && place != CommandLine && mayGive(row, CommandLine))
      world.give(row, CommandLine, good.front());
    const auto settings = world.load();
    QVERIFY(!settings.has_value());
    const std::string line = settings.error().line();
    std::string where = world.originOf(row, Place(place));
    if (place == ConsoleFile) where = "settings.yaml:";
    QVERIFY2(line.find(where) != std::string::npos, line.c_str());
    QVERIFY2(line.find(row.key) != std::string::npos, line.c_str());
    QVERIFY2(!settings.error().remedy.empty(), line.c_str());
    QVERIFY2(!row.isSecret() || line.find(bad) == std::string::npos, line.c_str());
  }

  void limitsAreExact() {
    for (const auto& row : config::settingTable()) {
      const auto allows = [&](const std::string& text) {
        return config::parseValue(row, text, "x").has_value();
      };
      const auto number = [](double value) { return QByteArray::number(value, 'g', 12).toStdString(); };
      if (row.type == Type::Number || row.type == Type::Integer) {
        QVERIFY2(allows(number(row.least)) && allows(number(row.most)), row.key);
        QVERIFY2(!allows(number(row.least - 0.5)) && !allows(number(row.most + 1)), row.key);
        for (const char* bad : {"", " 1", "1 ", "+1", "1e1", "0x2", "nan", "inf", "-", "1,5", "1.", "1s"})
          QVERIFY2(!allows(bad) || std::string(bad) == "1.", (std::string(row.key) + " " + bad).c_str());
        QCOMPARE(allows("2.5"), row.type == Type::Number && row.most >= 2.5);
      }
      if (row.type == Type::Switch) {
        for (const char* good : {"true", "FALSE", "yes", "No", "on", "off", "1", "0"}) QVERIFY(allows(good));
        for (const char* bad : {"", "2", "tru", "enabled", " true"}) QVERIFY2(!allows(bad), bad);
      }
      if (row.type == Type::Choice) {
        for (const auto& choice : config::choicesOf(row))
          QVERIFY(allows(choice) && allows(QByteArray::fromStdString(choice).toUpper().toStdString()));
        QVERIFY(!allows("") && !allows("other") && !allows(row.choices));
      }
    }
  }

  void typedMembersFollow() {
    World world;
    world.request().environment.insert({{"BOOKMARKS_ENABLE_AUTO_FIX", "true"},
                                        {"BOOKMARKS_MAX_RISK_LEVEL", "HIGH"},
                                        {"BOOKMARKS_LOG_LEVEL", "debug"},
                                        {"BOOKMARKS_LOG_FORMAT", "json"},
                                        {"BOOKMARKS_LEARNING_MODE", "off"},
                                        {"BOOKMARKS_AI_PROVIDER", "local"},
                                        {"BOOKMARKS_AI_TEMPERATURE", "0.75"},
                                        {"BOOKMARKS_TEMPORAL_WINDOW", "60"},
                                        {"BOOKMARKS_DATABASE_URL", "sqlite:////d/e.db"}});
    const auto settings = world.load();
    QVERIFY2(settings.has_value(), settings ? "" : settings.error().line().c_str());
    QVERIFY(settings->automation.enableAutoFix && settings->execution.autoFix);
    QVERIFY(settings->execution.autoFixMaxRisk == model::Risk::High);
    QVERIFY(settings->automation.maxRiskLevel == model::Risk::High);
    QVERIFY(settings->log.level == base::LogLevel::Debug);
    QVERIFY(settings->log.format == base::LogFormat::Json);
    QVERIFY(settings->learningMode == config::LearningMode::Off);
    QVERIFY(settings->ai.provider == config::AiProvider::Local);
    QCOMPARE(settings->ai.temperature, 0.75);
    QCOMPARE(settings->ai.maxTokens, 2000u);
    QCOMPARE(settings->detection.temporalWindow.count(), 60);
    QCOMPARE(settings->database, std::string("/d/e.db"));
    // What nothing uses is said, once a setting.
    const auto& notices = settings->notices;
    const bool said = std::ranges::any_of(notices, [](const auto& notice) {
      return notice.find("'learning.mode' is set") != std::string::npos;
    });
    QVERIFY(said);
  }

  void unknownVariablesAreNamedWithTheNearest() {
    World world;
    world.request().environment["BOOKMARKS_LOGLEVEL"] = "debug";
    auto settings = world.load();
    QVERIFY(!settings);
    QVERIFY2(settings.error().line().find("did you mean 'BOOKMARKS_LOG_LEVEL'?") != std::string::npos,
             settings.error().line().c_str());
    world.request().environment.erase("BOOKMARKS_LOGLEVEL");
    std::ofstream(world.directory() / ".env") << "OTHER=1\n\nBOOKMARKS_AI_PROVIDR=local\n";
    settings = world.load();
    QVERIFY(!settings);
    QVERIFY2(settings.error().line().find("(.env:3)") != std::string::npos, settings.error().line().c_str());
    QVERIFY2(settings.error().line().find("'BOOKMARKS_AI_PROVIDER'?") != std::string::npos,
             settings.error().line().c_str());
  }

  void whatIsNotBuiltIsRefusedInWords() {
    World world;
    world.request().environment["BOOKMARKS_DATABASE_URL"] = "postgresql://me:s3cr3t@db.example/x";
    auto settings = world.load();
    QVERIFY(!settings);
    QVERIFY(settings.error().line().find("PostgreSQL is not built into this version") != std::string::npos);
    QVERIFY(settings.error().line().find("s3cr3t") == std::string::npos);
    world.request().environment.erase("BOOKMARKS_DATABASE_URL");
    world.request().environment["BOOKMARKS_REDIS_URL"] = "redis://:s3cr3t@127.0.0.1:6379/0";
    settings = world.load();
    QVERIFY(!settings);
    QVERIFY(settings.error().line().find("Redis is not built into this version") != std::string::npos);
    QVERIFY(settings.error().line().find("s3cr3t") == std::string::npos);
  }

  void theHomesOwnConfigFileIsReadWhenNoneIsNamed() {
    World world;
    std::ofstream(world.home() / "config.yaml") << "log: {level: error}\n";
    QVERIFY(world.load()->log.level == base::LogLevel::Info);
    world.request().configFile.reset();
    QVERIFY(world.load()->log.level == base::LogLevel::Error);
  }

  void theConsoleCannotWidenWhatFixesMayDo() {
    World world;
    std::ofstream(world.home() / "settings.yaml") << "execution:\n  allowed_commands: [/bin/sh]\n";
    const auto settings = world.load();
    QVERIFY(!settings);
    QVERIFY2(settings.error().line().find("settings.yaml:2") != std::string::npos,
             settings.error().line().c_str());
  }

  void badOptionsAreNamed() {
    for (const char* bad :
         {"log.level", "=x", "", "log.levl=debug", "sources=/x", "ai.openai_api_key=sk-0123456789"}) {
      World world;
      world.request().assigned = {bad};
      const auto settings = world.load();
      QVERIFY2(!settings, bad);
      QVERIFY2(settings.error().line().find("(--set") != std::string::npos, settings.error().line().c_str());
      QVERIFY(settings.error().line().find("sk-0123456789") == std::string::npos);
    }
  }

  void secretsThatOthersCanReadAreSaid() {
    World world;
    const auto file = world.directory() / ".env";
    std::ofstream(file) << "PAGERDUTY_API_KEY=0123456789abcdef\n";
    QCOMPARE(::chmod(file.c_str(), 0644), 0);
    const auto said = [&] {
      const auto settings = world.load();
      return settings && std::ranges::any_of(settings->notices, [](const auto& notice) {
               return notice.find(".env:1 holds a secret") != std::string::npos;
             });
    };
    QVERIFY(said());
    QCOMPARE(::chmod(file.c_str(), 0600), 0);
    QVERIFY(!said());
    QCOMPARE(::chmod(file.c_str(), 0666), 0);
    QVERIFY(!world.load());
  }
};

QTEST_GUILESS_MAIN(TestPrecedence)
#include "tst_config_precedence.moc"
