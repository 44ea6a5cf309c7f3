// Pattern documents: what is broken is named with file and line, the rest loads; the shipped ones judge their
// samples. SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <QTemporaryDir>
#include <fstream>
#include <set>

#include "detection/detector.h"
#include "detection/pattern.h"
#include "parsing/line_parser.h"

using namespace aiops;

namespace {

std::string valid(const std::string& id) {
  return "id: " + id + "\nsignal: x\nmatch: 'abc'\n";
}

model::LogRecord readLine(std::string_view line, model::LogBatch& batch) {
  parsing::LineParser parser;
  return parser.parse(line, base::TimePoint(), batch);
}

std::filesystem::path shippedPatterns() {
  return std::filesystem::path(AIOPS_SOURCE_DIR) / "resources/patterns";
}

void writeFile(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path) << text;
}

}  // namespace

class TestPatterns : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void shippedPatternsJudgeTheirSamples();
  void brokenDocumentsAreNamed_data();
  void brokenDocumentsAreNamed();
  void theOthersStillLoad();
  void aLaterDirectoryReplaces();
  void aMissingDirectoryIsAProblem();
  void oneBrokenPatternInAListLeavesTheRest();
  void wrongSamplesAreReported();
  void jsonIsReadToo();
  void theTextOfADocumentIsTheDocument_data();
  void theTextOfADocumentIsTheDocument();
  void theTextKeepsCommentsOfItsOwn();
  void aListOfExpressionsIsAny();
  void whatIsExcludedDoesNotCount();
  void allFieldsMustMatch();
  void servicesMayBeGlobs_data();
  void servicesMayBeGlobs();
  void aSignalIsExplained();
};

void TestPatterns::shippedPatternsJudgeTheirSamples() {
  const auto set = detection::loadPatterns({shippedPatterns()});
  for (const auto& problem : set->problems()) qWarning("%s", problem.text().c_str());
  QVERIFY(set->problems().empty());
  QVERIFY(set->size() >= 60);
  for (const auto& pattern : set->documents()) {
    QVERIFY2(pattern.samplesMatch.size() >= 3 && pattern.samplesNoMatch.size() >= 3, pattern.id.c_str());
    QVERIFY2(!pattern.description.empty(), pattern.id.c_str());
  }
  const auto wrong = detection::checkSamples(*set, readLine);
  for (const auto& text : wrong) qWarning("%s", text.c_str());
  QVERIFY(wrong.empty());
}

void TestPatterns::brokenDocumentsAreNamed_data() {
  QTest::addColumn<QString>("yaml");
  QTest::addColumn<int>("line");
  QTest::addColumn<QString>("reason");
  const auto row = [](const char* name, const std::string& yaml, int line, const char* reason) {
    QTest::newRow(name) << QString::fromStdString(yaml) << line << QString::fromLatin1(reason);
  };
  row("not YAML", "id: a\nmatch: [\n", 3, "YAML");
  row("empty", "", 1, "no pattern");
  row("a word", "hello\n", 1, "no pattern");
  row("unknown key", valid("a") + "colour: red\n", 4, "colour");
  row("key twice", valid("a") + "signal: y\n", 4, "twice");
  row("no id", "signal: x\nmatch: a\n", 1, "id");
  row("bad id", "id: A b\nsignal: x\nmatch: a\n", 1, "id");
  row("no match", "id: a\nsignal: x\n", 1, "match");
  row("type", valid("a") + "type: magic\n", 4, "magic");
  row("severity", valid("a") + "severity: loud\n", 4, "severity");
  row("count", valid("a") + "threshold: {count: 0}\n", 4, "count");
  row("count is text", valid("a") + "threshold:\n  count: many\n", 5, "count");
  row("window", valid("a") + "threshold: {window_seconds: 99999999}\n", 4, "window_seconds");
  row("samples", valid("a") + "samples: {match: abc}\n", 4, "samples.match");
  row("exclude", valid("a") + "exclude: '(x'\n", 1, "exclude: missing )");
  row("fields are text", valid("a") + "fields: x\n", 4, "fields must be a map");
  row("a field's expression", valid("a") + "fields: {status: '(5'}\n", 1, "fields.status: missing )");
  row("a field without one", valid("a") + "fields: {status: ''}\n", 4, "fields.status");
  row("only an exclusion", "id: a\nsignal: x\nexclude: y\n", 1, "match is missing");
  row("a map of expressions", "id: a\nsignal: x\nmatch: {a: b}\n", 3, "match");
  row("expression", "id: a\nsignal: x\nmatch: '(abc'\n", 1, "missing )");
  row("too big", "id: a\nsignal: x\nmatch: '((a{100}){100}){100}'\n", 1, "match");
}

void TestPatterns::brokenDocumentsAreNamed() {
  QFETCH(QString, yaml);
  QFETCH(int, line);
  QFETCH(QString, reason);
  std::vector<detection::PatternProblem> problems;
  auto documents = detection::parsePatterns(yaml.toStdString(), "p.yaml", problems);
  const auto set = detection::PatternSet::compile(std::move(documents), std::move(problems));
  QCOMPARE(set->size(), size_t(0));
  QCOMPARE(set->problems().size(), size_t(1));
  const auto& problem = set->problems().front();
  QCOMPARE(problem.line, line);
  QVERIFY2(QString::fromStdString(problem.text()).contains(reason), problem.text().c_str());
  QVERIFY(problem.text().starts_with("p.yaml:"));
}

void TestPatterns::theOthersStillLoad() {
  QTemporaryDir dir;
  const std::filesystem::path root(dir.path().toStdString());
  writeFile(root / "a.yaml", valid("a"));
  writeFile(root / "b.yaml", "id: b\nmatch: [");
  writeFile(root / "c.yml", valid("c"));
  writeFile(root / "d.txt", "not looked at");
  writeFile(root / "e.yaml", valid("a"));
  const auto set = detection::loadPatterns({root});
  QCOMPARE(set->size(), size_t(2));
  QVERIFY(set->find("a") != nullptr && set->find("c") != nullptr && set->find("b") == nullptr);
  QCOMPARE(set->problems().size(), size_t(2));
  QVERIFY(set->problems()[1].text().find("already used") != std::string::npos);
}

void TestPatterns::aLaterDirectoryReplaces() {
  QTemporaryDir first, second;
  const std::filesystem::path a(first.path().toStdString()), b(second.path().toStdString());
  writeFile(a / "a.yaml", valid("a"));
  writeFile(b / "a.yaml", "id: a\nsignal: mine\nmatch: abc\n");
  const auto set = detection::loadPatterns({a, b});
  QVERIFY(set->problems().empty());
  QCOMPARE(set->find("a")->signal, std::string("mine"));
}

void TestPatterns::aMissingDirectoryIsAProblem() {
  const auto set = detection::loadPatterns({"/nonexistent/patterns"});
  QCOMPARE(set->problems().size(), size_t(1));
}

void TestPatterns::oneBrokenPatternInAListLeavesTheRest() {
  std::vector<detection::PatternProblem> problems;
  const auto documents = detection::parsePatterns(
      "patterns:\n  - {id: a, signal: x, match: a}\n  - {id: b, signal: x}\n  - {id: c, signal: x, match: "
      "c}\n",
      "p", problems);
  QCOMPARE(documents.size(), size_t(2));
  QCOMPARE(problems.size(), size_t(1));
  QCOMPARE(problems[0].line, 3);
  QCOMPARE(problems[0].pattern, std::string("b"));
}

void TestPatterns::wrongSamplesAreReported() {
  std::vector<detection::PatternProblem> problems;
  const auto set = detection::PatternSet::compile(detection::parsePatterns(
      valid("a") + "samples: {match: [abc, xyz], no_match: [xabcx, q]}\n", "p", problems));
  QCOMPARE(detection::checkSamples(*set, readLine),
           (std::vector<std::string>{"a: should match: xyz", "a: should not match: xabcx"}));
}

void TestPatterns::jsonIsReadToo() {
  std::vector<detection::PatternProblem> problems;
  const auto documents = detection::parsePatterns(
      R"({"id":"a","signal":"x","match":"a\\d","threshold":{"count":3,"window_seconds":7},"level_at_least":"error"})",
      "p", problems);
  QVERIFY(problems.empty());
  QCOMPARE(documents.size(), size_t(1));
  QCOMPARE(documents[0].count, 3u);
  QCOMPARE(documents[0].select.match, std::string("a\\d"));
}

namespace {

auto contentOf(const detection::PatternDocument& document) {
  return std::tie(document.id, document.name, document.description, document.type, document.severity,
                  document.signal, document.service, document.select.match, document.select.field,
                  document.select.exclude, document.select.fields, document.select.levelAtLeast,
                  document.count, document.window, document.groupBy, document.cooldown, document.samplesMatch,
                  document.samplesNoMatch);
}

}  // namespace

void TestPatterns::theTextOfADocumentIsTheDocument_data() {
  QTest::addColumn<QByteArray>("yaml");
  for (const auto& file : std::filesystem::directory_iterator(shippedPatterns())) {
    QFile in(QString::fromStdString(file.path().string()));
    QVERIFY(in.open(QIODevice::ReadOnly));
    QTest::newRow(file.path().filename().c_str()) << in.readAll();
  }
  const auto row = [](const char* name, const char* yaml) { QTest::newRow(name) << QByteArray(yaml); };
  row("alone", "# a comment\nid: a\nsignal: x\nmatch: 'b # c'\n");
  row("wrapped",
      "patterns:\n  - id: a\n    signal: x\n    match: abc\n\n  # next\n  - id: b\n    signal: y\n    match: "
      "d");
  row("dash apart", "-\n  id: a\n  signal: x\n  match: abc\n- id: b\n  signal: x\n  match: abc\n");
  row("flow", "[{id: a, signal: x, match: abc}, {id: b, signal: x,\nmatch: 'a\n\n b'}]");
  row("long scalars",
      "- id: a\n  signal: x\n  description: >\n    some\n    words\n\n    more\n  match: \"a\\\n    b\"\n"
      "- id: b\n  signal: x\n  match: |-\n    # no comment\n     x\n");
  row("quoted text to the left",
      "- id: a\n  signal: x\n  match: 'one\n two'\n- id: b\n  signal: x\n  match: c\n");
  row("anchors", "- &base\n  id: a\n  signal: x\n  match: &m abc\n- id: b\n  signal: x\n  match: *m\n");
  row("carriage returns",
      "- id: a\r\n  signal: x\r\n  match: abc\r\n- id: b\r\n  signal: x\r\n  match: c\r\n");
}

void TestPatterns::theTextOfADocumentIsTheDocument() {
  QFETCH(const QByteArray, yaml);
  std::vector<detection::PatternProblem> problems;
  const auto documents = detection::parsePatterns(yaml.toStdString(), "p", problems);
  QVERIFY(problems.empty() && !documents.empty());
  for (const auto& document : documents) {
    const auto again = detection::parsePatterns(document.text, "p", problems);
    QVERIFY2(problems.empty() && again.size() == 1, document.text.c_str());
    QVERIFY2(contentOf(again[0]) == contentOf(document), document.text.c_str());
  }
}

void TestPatterns::theTextKeepsCommentsOfItsOwn() {
  std::vector<detection::PatternProblem> problems;
  const auto documents = detection::parsePatterns(
      "# of the file\n- id: a\n  signal: x\n  # why\n  match: abc  # so\n\n# of the next\n- id: b\n  signal: "
      "y\n"
      "  match: d\n",
      "p", problems);
  QCOMPARE(documents.size(), size_t(2));
  QCOMPARE(documents[0].text, std::string("id: a\nsignal: x\n# why\nmatch: abc  # so\n"));
  QCOMPARE(documents[1].text, std::string("id: b\nsignal: y\nmatch: d\n"));
}

namespace {

/// How many events the pattern raises over these lines.
size_t events(const std::string& yaml, const std::vector<std::string>& lines,
              const std::string& service = "web") {
  std::vector<detection::PatternProblem> problems;
  auto documents = detection::parsePatterns(yaml, "p", problems);
  detection::Detector detector(detection::PatternSet::compile(std::move(documents), std::move(problems)));
  size_t count = 0;
  for (const auto& line : lines) {
    model::LogBatch batch;
    batch.service = service;
    batch.bytes = std::make_unique<std::string>(line);
    batch.records.push_back(readLine(*batch.bytes, batch));
    count += detector.feed(batch).size();
  }
  return count;
}

}  // namespace

void TestPatterns::aListOfExpressionsIsAny() {
  const std::string yaml = "{id: a, signal: x, match: ['b(?P<n>\\d)', 'c|d'], cooldown_seconds: 1}\n";
  QCOMPARE(events(yaml, {"2026-11-22 20:35:23 b1"}), size_t(1));
  QCOMPARE(events(yaml, {"2026-11-22 20:35:23 d"}), size_t(1));
  QCOMPARE(events(yaml, {"2026-11-22 20:35:23 b"}), size_t(0));
}

void TestPatterns::whatIsExcludedDoesNotCount() {
  const std::string yaml = "{id: a, signal: x, match: full, exclude: ['half full', joke]}\n";
  QCOMPARE(events(yaml, {"the disk is full"}), size_t(1));
  QCOMPARE(events(yaml, {"the glass is half full", "full joke"}), size_t(0));
}

void TestPatterns::allFieldsMustMatch() {
  const std::string yaml = "{id: a, signal: x, fields: {status: '^5', peer: '^b'}}\n";
  QCOMPARE(events(yaml, {R"({"status":503,"peer":"bank"})"}), size_t(1));
  QCOMPARE(
      events(yaml, {R"({"status":503})", R"({"status":503,"peer":"x"})", R"({"status":404,"peer":"b"})"}),
      size_t(0));
  // Without an expression everything at this level counts.
  QCOMPARE(events("{id: a, signal: x, level_at_least: error}", {"2026-11-22 20:35:23 ERROR x: y"}),
           size_t(1));
  QCOMPARE(events("{id: a, signal: x, level_at_least: error}", {"2026-11-22 20:35:23 WARN x: y"}), size_t(0));
}

void TestPatterns::servicesMayBeGlobs_data() {
  QTest::addColumn<QString>("glob");
  QTest::addColumn<QString>("service");
  QTest::addColumn<bool>("fits");
  const auto row = [](const char* glob, const char* service, bool fits) {
    QTest::addRow("%s %s", glob, service) << glob << service << fits;
  };
  row("", "web", true);
  row("web", "web", true);
  row("web", "web1", false);
  row("web*", "web1", true);
  row("web*", "web", true);
  row("*", "", true);
  row("*-db", "shop-db", true);
  row("*-db", "shop-dbx", false);
  row("a*b*c", "axxbxxbc", true);
  row("a*b*c", "axxbxxb", false);
  row("web", "", false);
}

void TestPatterns::servicesMayBeGlobs() {
  QFETCH(QString, glob);
  QFETCH(QString, service);
  QTEST(detection::serviceFits(glob.toStdString(), service.toStdString()), "fits");
}

/// docs/PATTERNS.md names every signal that a shipped pattern raises, and no other.
void TestPatterns::aSignalIsExplained() {
  std::ifstream file(std::filesystem::path(AIOPS_SOURCE_DIR) / "docs/PATTERNS.md");
  std::set<std::string> explained, raised;
  bool inTable = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("## ")) inTable = line == "## Signals";
    if (inTable && line.starts_with("| `")) explained.insert(line.substr(3, line.find('`', 3) - 3));
  }
  const auto shipped = detection::loadPatterns({shippedPatterns()});
  for (const auto& pattern : shipped->documents()) {
    raised.insert(pattern.signal);
    QVERIFY2(explained.contains(pattern.signal), ("not in docs/PATTERNS.md: " + pattern.signal).c_str());
  }
  for (const auto& name : explained) QVERIFY2(raised.contains(name), ("no pattern raises " + name).c_str());
}

QTEST_GUILESS_MAIN(TestPatterns)
#include "tst_detection_patterns.moc"
