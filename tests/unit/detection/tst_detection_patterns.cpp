// Pattern documents: what is broken is named with file and line, the rest loads; the shipped ones judge their
// samples. SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <QTemporaryDir>
#include <fstream>

#include "detection/pattern.h"

using namespace aiops;

namespace {

std::string valid(const std::string& id) {
  return "id: " + id + "\nsignal: x\nmatch: 'abc'\n";
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
};

void TestPatterns::shippedPatternsJudgeTheirSamples() {
  const auto set = detection::loadPatterns({std::filesystem::path(AIOPS_SOURCE_DIR) / "resources/patterns"});
  for (const auto& problem : set->problems()) qWarning("%s", problem.text().c_str());
  QVERIFY(set->problems().empty());
  QVERIFY(set->size() >= 10);
  for (const auto& pattern : set->documents()) {
    QVERIFY2(pattern.samplesMatch.size() >= 3 && pattern.samplesNoMatch.size() >= 3, pattern.id.c_str());
    QVERIFY2(!pattern.description.empty(), pattern.id.c_str());
  }
  const auto wrong = detection::checkSamples(*set);
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
  row("no signal", "id: a\nmatch: x\n", 1, "signal");
  row("type", valid("a") + "type: magic\n", 1, "magic");
  row("severity", valid("a") + "severity: loud\n", 4, "severity");
  row("count", valid("a") + "threshold: {count: 0}\n", 4, "count");
  row("count is text", valid("a") + "threshold:\n  count: many\n", 5, "count");
  row("window", valid("a") + "threshold: {window_seconds: 99999999}\n", 4, "window_seconds");
  row("samples", valid("a") + "samples: {match: abc}\n", 4, "samples.match");
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
  QCOMPARE(detection::checkSamples(*set),
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
  QCOMPARE(documents[0].match, std::string("a\\d"));
}

QTEST_GUILESS_MAIN(TestPatterns)
#include "tst_detection_patterns.moc"
