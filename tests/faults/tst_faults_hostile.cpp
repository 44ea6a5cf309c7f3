// 300 hostile strings through the real program: read, found, stored, searched, asked for over HTTP, printed
// by the commands, noted in the audit. Answers are valid JSON, output is plain text, cited bytes are the
// file's. SPDX-License-Identifier: GPL-3.0-or-later
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <fstream>

#include "base/bytes.h"
#include "base/time.h"
#include "faults/engine_process.h"
#include "model/event.h"
#include "security/safe_text.h"
#include "sources/evidence_reader.h"
#include "support/hostile_corpus.h"

using namespace aiops;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr auto kSoon = 60s;
constexpr const char* kPattern =
    "id: hostile\nname: Hostile\nseverity: error\nsignal: service_failed\n"
    "match: 'hostile (?P<n>\\d+) (?P<rest>(?s:.*))'\ngroup_by: n\n";
constexpr size_t kEach = 10;  // one in so many as the reason of an act

/// The whole answer is what a strict reader takes: the client's refuses bytes that are no UTF-8 and controls
/// in strings. No text has a NUL or a replaced byte where the file has none.
bool isClean(const json& value) {
  return base::toValidUtf8(value.dump()) == value.dump();
}

/// The first line of `output` with a character that could deceive or steer a terminal, or empty.
std::string deceptive(const std::string& output) {
  for (size_t from = 0; from < output.size();) {
    const auto to = std::min(output.find('\n', from), output.size());
    auto line = output.substr(from, to - from);
    for (const std::string bracket :
         {"⟦", "⟧"}) {  // of escapes; in log text they would be escaped themselves
      for (auto at = line.find(bracket); at != std::string::npos; at = line.find(bracket))
        line.replace(at, bracket.size(), "|");
    }
    if (!security::SafeText::from(line, line.size()).escapes().empty()) return line;
    from = to + 1;
  }
  return {};
}

}  // namespace

class TestHostile : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase();
  void everyLineIsReadAndCounted();
  void theLiveLogIsValid();
  void everyLineIsFoundAndCitedByteForByte();
  void theSearchIsValid();
  void commandsPrintPlainText_data();
  void commandsPrintPlainText();
  void theAuditTakesThem();
  void theStoreGivesThemBack();
  void cleanupTestCase() {
    if (m_engine && m_engine->alive()) m_engine->end();
  }

 private:
  json events() const;

  QTemporaryDir m_folder;
  std::unique_ptr<test::EngineProcess> m_engine;
  std::string m_log;
  std::string m_patternFile;
  std::vector<std::string> m_lines;  ///< as in the file, without their ends
};

void TestHostile::initTestCase() {
  const auto root = std::filesystem::path(m_folder.path().toStdString());
  m_log = root / "hostile.log";
  m_patternFile = root / "pattern.yaml";
  std::ofstream(m_patternFile) << kPattern;
  std::ofstream(m_log) << "";
  const auto corpus = test::hostileCorpus();
  const auto stamp = base::toIso8601(base::SystemClock().now());  // old trouble ends as soon as it is read
  for (size_t i = 0; i < corpus.size(); ++i)
    m_lines.push_back(stamp + " ERROR hostile " + std::to_string(i) + " " + corpus[i]);
  m_engine = std::make_unique<test::EngineProcess>(root);
  m_engine->start({"--watch", m_log});
  m_engine->mustPost("/patterns", {{"text", kPattern}});
  QVERIFY(test::eventually([&] { return m_engine->source(m_log).value("readable", false); }, kSoon));
  std::ofstream out(m_log, std::ios::app | std::ios::binary);
  for (size_t i = 0; i < m_lines.size(); ++i) out << m_lines[i] << (i % 3 == 0 ? "\r\n" : "\n");
}

void TestHostile::everyLineIsReadAndCounted() {
  const auto all = [&] { return m_engine->source(m_log).value("lines", uint64_t{0}) == m_lines.size(); };
  QVERIFY2(test::eventually(all, kSoon), m_engine->source(m_log).dump().c_str());
  // Of a long line its beginning is judged, without what may be a character that the cut has parted.
  const auto invalid = std::ranges::count_if(m_lines, [](const auto& line) {
    const auto judged = line.size() < 4096 ? line : line.substr(0, 4092);
    const auto valid = base::toValidUtf8(line.substr(0, 4096));
    return valid.substr(0, judged.size()) != judged;
  });
  QCOMPARE(m_engine->source(m_log).at("invalid_lines").get<int64_t>(), int64_t(invalid));
}

void TestHostile::theLiveLogIsValid() {
  json slice;
  QVERIFY(test::eventually(
      [&] {
        slice = m_engine->must("/logs?limit=2000");
        return slice.at("lines").size() == m_lines.size();
      },
      kSoon));
  QVERIFY(isClean(slice));
  for (size_t i = 0; i < m_lines.size(); ++i) {
    const std::string text = slice.at("lines").at(i).at("text");
    QVERIFY2(text == base::toValidUtf8(std::string_view(m_lines[i]).substr(0, 4096)), text.c_str());
  }
}

json TestHostile::events() const {
  const auto incident = m_engine->incidentOf("hostile");
  if (incident.is_null()) return json::array();
  auto events = m_engine->must("/investigations/" + incident.at("id").get<std::string>()).at("events");
  json ours = json::array();
  for (auto& event : events) {
    if (event.at("pattern_id") == "hostile") ours.push_back(std::move(event));
  }
  return ours;
}

void TestHostile::everyLineIsFoundAndCitedByteForByte() {
  json all;
  const auto found = [&] {
    all = events();
    return all.size() == m_lines.size();
  };
  std::string missing;
  if (!test::eventually(found, kSoon)) {
    for (size_t i = 0; i < m_lines.size(); ++i) {
      const bool is =
          std::ranges::any_of(all, [&](const json& e) { return e.at("key") == std::to_string(i); });
      if (!is) missing += std::to_string(i) + ": " + security::SafeText::from(m_lines[i]).text() + "\n";
    }
  }
  QVERIFY2(missing.empty(), missing.c_str());
  QVERIFY(isClean(all));
  const sources::EvidenceReader reader;
  for (const auto& item : all) {
    const auto& line = m_lines.at(std::stoull(item.at("key").get<std::string>()));
    QCOMPARE(item.at("evidence").size(), size_t(1));
    const auto ref = item.at("evidence").at(0).get<model::EvidenceRef>();
    QCOMPARE(ref.sha256, base::sha256Hex(line));
    const auto bytes = reader.reread(ref);
    QVERIFY2(bytes.has_value(), bytes ? "" : bytes.error().line().c_str());
    QVERIFY(*bytes == line);
    QVERIFY(ref.text.size() <= 500);
    QVERIFY(base::toValidUtf8(line).starts_with(ref.text));
  }
}

void TestHostile::theSearchIsValid() {
  const auto answer =
      m_engine->mustPost("/patterns/preview", {{"text", "id: some\nmatch: 'hostile \\d+ '\n"}});
  QVERIFY(isClean(answer));
  QCOMPARE(answer.at("lines_matched").get<size_t>(), m_lines.size());
}

void TestHostile::commandsPrintPlainText_data() {
  QTest::addColumn<QStringList>("arguments");
  QTest::addColumn<bool>("isJson");
  const auto log = QString::fromStdString(m_log), pattern = QString::fromStdString(m_patternFile);
  const auto row = [](const char* name, const QString& arguments, bool isJson, const QStringList& more = {}) {
    QTest::newRow(name) << arguments.split(QLatin1Char(' ')) + more << isJson;
  };
  row("incidents", QStringLiteral("incidents"), false);
  row("incidents as JSON", QStringLiteral("incidents --json"), true);
  row("analyze", QStringLiteral("analyze --format text"), false, {log});
  row("analyze as JSON", QStringLiteral("analyze --format json"), true, {log});
  row("templates", QStringLiteral("templates --format csv"), false, {log});
  row("templates as JSON", QStringLiteral("templates --format json"), true, {log});
  row("patterns test", QStringLiteral("patterns test"), false, {pattern, QStringLiteral("--logs"), log});
  row("patterns backtest", QStringLiteral("patterns backtest"), false,
      {pattern, QStringLiteral("--logs"), log});
}

void TestHostile::commandsPrintPlainText() {
  QFETCH(QStringList, arguments);
  QFETCH(bool, isJson);
  std::vector<std::string> all;
  for (const auto& argument : arguments) all.push_back(argument.toStdString());
  const auto status = m_engine->command(all);
  const auto output = m_engine->commandOutput();
  QVERIFY2(status == 0 || status == 1, output.c_str());
  QVERIFY(!output.empty());
  QVERIFY(base::toValidUtf8(output) == output);
  if (isJson) {
    QVERIFY2(!json::parse(output, nullptr, false).is_discarded(), output.substr(0, 2000).c_str());
  } else {
    const auto bad = deceptive(output);
    QVERIFY2(bad.empty(), security::SafeText::from(bad).text().c_str());
  }
}

/// A reason is refused or noted; the chain is whole and its pages are valid.
void TestHostile::theAuditTakesThem() {
  const auto corpus = test::hostileCorpus();
  size_t noted = 0;
  for (size_t i = 0; i < corpus.size(); i += kEach) {
    const auto reason = base::toValidUtf8(std::string_view(corpus[i]).substr(0, 300));
    noted += m_engine->post("/automation/stop", {{"reason", reason}}).has_value() ? 1 : 0;
  }
  m_engine->mustPost("/automation/resume", {{"reason", "done"}});
  qInfo("%zu of %zu reasons were noted", noted, corpus.size() / kEach);
  const auto page = m_engine->must("/audit?limit=200");
  QVERIFY(isClean(page));
  QVERIFY(page.at("items").size() > noted);
  QVERIFY(m_engine->must("/audit/verify").at("whole").get<bool>());
  QCOMPARE(m_engine->command({"audit", "verify"}), 0);
  QVERIFY(deceptive(m_engine->commandOutput()).empty());
}

void TestHostile::theStoreGivesThemBack() {
  const auto before = events();
  m_engine->end();
  m_engine->start({"--watch", m_log});
  const auto after = events();
  QVERIFY(before == after);
}

QTEST_GUILESS_MAIN(TestHostile)
#include "tst_faults_hostile.moc"
