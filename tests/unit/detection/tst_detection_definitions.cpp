// Named pieces of expressions, and captures of one name in several alternatives.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include "detection/definitions.h"
#include "detection/detector.h"
#include "detection/pattern_schema.h"

using namespace aiops;

namespace {

constexpr const char* kFile =
    "define:\n"
    "  NUMBER: '\\d+'\n"
    "  ADDRESS: '(?:::ffff:)?(?P<value>%{NUMBER}\\.%{NUMBER})'\n"
    "patterns:\n"
    "# The first.\n"
    "- id: a\n"
    "  match: ['refused %{ADDRESS:host}', '%{ADDRESS:host} is out']\n"
    "  exclude: 'from %{NUMBER}'\n"
    "- id: b\n"
    "  type: sequence\n"
    "  condition: {steps: [{match: 'in %{ADDRESS:host}'}, {any: [{path: {match: '^%{NUMBER}$', equals: "
    "'%{NUMBER}'}}]}]}\n"
    "- id: c\n"
    "  match: 'plain'\n";

std::vector<detection::PatternDocument> read(const std::string& yaml,
                                             std::vector<detection::PatternProblem>& problems) {
  return detection::parsePatterns(yaml, "p.yaml", problems);
}

std::vector<detection::PatternDocument> read(const std::string& yaml) {
  std::vector<detection::PatternProblem> problems;
  auto documents = read(yaml, problems);
  for (const auto& problem : problems) qWarning("%s", problem.text().c_str());
  return documents;
}

std::vector<model::Event> eventsOf(const std::shared_ptr<const detection::PatternSet>& set,
                                   const std::string& text) {
  model::LogBatch batch;
  batch.source = "/log";
  batch.service = "svc";
  batch.bytes = std::make_unique<std::string>(text);
  model::LogRecord record;
  record.text = record.message = *batch.bytes;
  batch.records.push_back(record);
  return detection::Detector(set).feed(batch);
}

}  // namespace

class TestDefinitions : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void namesStandForPieces();
  void aTextIsWholeWithoutItsFile();
  void formsHoldThePiecesThemselves();
  void capturesMayShareAName();
  void namesAreNumberedWhereTheyAreGroups_data();
  void namesAreNumberedWhereTheyAreGroups();
  void mistakesSayWhy_data();
  void mistakesSayWhy();
  void growthIsBounded();
  void endlessDocumentsAreRefused_data();
  void endlessDocumentsAreRefused();
};

void TestDefinitions::endlessDocumentsAreRefused_data() {
  QTest::addColumn<QString>("text");
  QTest::newRow("a list in itself") << QStringLiteral("id: a\nall: &a [*a]\n");
  QTest::newRow("a map in itself") << QStringLiteral("id: a\nfields: &a {x: *a}\n");
  QTest::newRow("a step in itself") << QStringLiteral(
      "id: a\ntype: sequence\ncondition: {steps: [{any: &a [{not: *a}]}, {match: b}]}\n");
  QString bomb =
      QStringLiteral("id: a\nx0: &x0 [{a: b}, {a: b}, {a: b}, {a: b}, {a: b}, {a: b}, {a: b}, {a: b}]\n");
  for (int i = 1; i < 10; ++i) {
    const auto before = QString::number(i - 1);
    bomb += QStringLiteral(
                "x%1: &x%1 [{all: *x%2}, {all: *x%2}, {all: *x%2}, {all: *x%2}, {all: *x%2}, {all: *x%2}]\n")
                .arg(QString::number(i), before);
  }
  QTest::newRow("lists that double") << bomb + QStringLiteral("all: *x9\n");
  QTest::newRow("a long piece, often")
      << QStringLiteral("id: a\ndefine: {A: '%1'}\nmatch:\n").arg(QString(200'000, u'x')) +
             QStringLiteral("- '%{A}'\n").repeated(50);
}

/// With a reason, in no time, and without ending the program.
void TestDefinitions::endlessDocumentsAreRefused() {
  QFETCH(QString, text);
  std::vector<detection::PatternProblem> problems;
  QVERIFY(read(text.toStdString(), problems).empty());
  QVERIFY(!problems.empty() && !problems.front().reason.empty());
}

void TestDefinitions::namesStandForPieces() {
  const auto documents = read(kFile);
  QCOMPARE(documents.size(), size_t(3));
  QCOMPARE(documents[0].select.match,
           std::string("(?:refused (?:(?:::ffff:)?(?P<host>(?:\\d+)\\.(?:\\d+))))|"
                       "(?:(?:(?:::ffff:)?(?P<host>(?:\\d+)\\.(?:\\d+))) is out)"));
  QCOMPARE(documents[0].select.exclude, std::string("from (?:\\d+)"));
  const auto& steps = std::get<detection::SequenceKind>(documents[1].kind).steps;
  QVERIFY(steps[0].select.match.starts_with("in (?:(?:::ffff:)?(?P<host>"));
  const auto& test = steps[1].select.where.front().parts.front().test;
  QCOMPARE(test.match, std::string("^(?:\\d+)$"));
  QCOMPARE(*test.equals, std::string("%{NUMBER}"));
}

void TestDefinitions::aTextIsWholeWithoutItsFile() {
  const auto documents = read(kFile);
  QCOMPARE(documents[2].text, std::string("id: c\nmatch: 'plain'\n"));
  QVERIFY(documents[0].text.starts_with("id: a\nmatch: ['refused %{ADDRESS:host}'"));
  QVERIFY(documents[0].text.find("\ndefine:\n  ADDRESS: '(?:::ffff:)?") != std::string::npos);
  for (const auto& document : documents) {
    const auto again = read(document.text);
    QVERIFY2(again.size() == 1, document.text.c_str());
    QCOMPARE(detection::toJson(again.front()).dump(), detection::toJson(document).dump());
    QCOMPARE(again.front().text, document.text);
  }
  // Of one on a single line, the text holds the pieces.
  const auto flow = read("define: {N: '\\d'}\npatterns: [{id: a, match: 'x%{N}'}]\n");
  QCOMPARE(flow.size(), size_t(1));
  QVERIFY(flow.front().text.find("x(?:\\d)") != std::string::npos);
}

void TestDefinitions::formsHoldThePiecesThemselves() {
  const auto document = read(kFile).front();
  for (const auto& form : {detection::toJson(document).dump(), detection::toYaml(document)}) {
    QVERIFY(form.find("%{") == std::string::npos);
    const auto again = read(form);
    QCOMPARE(again.size(), size_t(1));
    QCOMPARE(again.front().select.match, document.select.match);
  }
}

void TestDefinitions::capturesMayShareAName() {
  auto documents = read(kFile);
  std::erase_if(documents, [](const auto& document) { return document.id != "a"; });
  const auto set = detection::PatternSet::compile(std::move(documents));
  QCOMPARE(set->size(), size_t(1));
  for (const char* line : {"refused 1.2", "::ffff:1.2 is out"}) {
    const auto events = eventsOf(set, line);
    QCOMPARE(events.size(), size_t(1));
    QCOMPARE(events.front().captures.at("host"), std::string("1.2"));
  }
  QVERIFY(eventsOf(set, "refused 1.2 from 3").empty());
}

void TestDefinitions::namesAreNumberedWhereTheyAreGroups_data() {
  QTest::addColumn<QString>("expression");
  QTest::addColumn<QString>("numbered");
  const auto row = [](const char* name, const char* expression, const char* numbered) {
    QTest::newRow(name) << QString::fromLatin1(expression) << QString::fromLatin1(numbered);
  };
  row("once", "(?P<a>x)", "(?P<a>x)");
  row("twice", "(?P<a>x)|(?P<a>y)|(?P<a>z)", "(?P<a>x)|(?P<a__2>y)|(?P<a__3>z)");
  row("numbers by hand", "(?P<a>x)|(?P<a__2>y)|(?P<a>z)", "(?P<a>x)|(?P<a__2>y)|(?P<a__3>z)");
  row("escaped", R"((?P<a>x)\(?P<a>)", R"((?P<a>x)\(?P<a>)");
  row("in brackets", R"((?P<a>x)[(?P<a>])", R"((?P<a>x)[(?P<a>])");
  row("a bracket in brackets", R"((?P<a>x)[^](?P<a>](?P<a>y))", R"((?P<a>x)[^](?P<a>](?P<a__2>y))");
  row("quoted", R"((?P<a>x)\Q(?P<a>\E(?P<a>y))", R"((?P<a>x)\Q(?P<a>\E(?P<a__2>y))");
  row("cut off", "(?P<a>x)(?P<a", "(?P<a>x)(?P<a");
}

void TestDefinitions::namesAreNumberedWhereTheyAreGroups() {
  QFETCH(QString, expression);
  QFETCH(QString, numbered);
  QCOMPARE(QString::fromStdString(detection::withNamesNumbered(expression.toStdString())), numbered);
}

void TestDefinitions::mistakesSayWhy_data() {
  QTest::addColumn<QString>("yaml");
  QTest::addColumn<QString>("reason");
  const auto row = [](const char* name, const char* yaml, const char* reason) {
    QTest::newRow(name) << QString::fromUtf8(yaml) << QString::fromLatin1(reason);
  };
  row("unknown", "{id: a, define: {B: x}, match: '%{A}'}", "match: there is no definition 'A'; there are: B");
  row("none at all", "{id: a, match: '%{A}'}", "there are: none");
  row("a circle", "{id: a, define: {A: '%{B}', B: '%{A}'}, match: '%{A}'}", "in a circle");
  row("small letters", "{id: a, define: {a: x}, match: y}", "define: 'a' must be upper-case");
  row("no map", "{id: a, define: x, match: y}", "define must be a map");
  row("no text", "{id: a, define: {A: {b: x}}, match: y}", "define.A must be text");
  row("empty", "{id: a, define: {A: ''}, match: y}", "define.A must be an expression");
  row("of the file", "define: {a: x}\npatterns: [{id: a, match: y}]", "p.yaml:1: define: 'a'");
  row("not an expression", "{id: a, define: {A: '(x'}, match: '%{A}'}", "match: missing )");
  row("twice in one alternative, no matter", "{id: a, define: {A: x}, match: '%{A:b}%{A:b}('}", "missing )");
}

void TestDefinitions::mistakesSayWhy() {
  QFETCH(QString, yaml);
  QFETCH(QString, reason);
  std::vector<detection::PatternProblem> problems;
  auto documents = read(yaml.toStdString(), problems);
  const auto set = detection::PatternSet::compile(std::move(documents), std::move(problems));
  QCOMPARE(set->size(), size_t(0));
  const auto text = set->problems().front().text();
  QVERIFY2(QString::fromStdString(text).contains(reason), text.c_str());
}

void TestDefinitions::growthIsBounded() {
  std::string yaml = "{id: a, define: {A0: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'";
  for (int i = 1; i < 8; ++i) {
    yaml += ", A" + std::to_string(i) + ": '";
    for (int k = 0; k < 50; ++k) yaml += "%{A" + std::to_string(i - 1) + '}';
    yaml += '\'';
  }
  std::vector<detection::PatternProblem> problems;
  QVERIFY(read(yaml + "}, match: '%{A7}'}", problems).empty());
  QVERIFY(problems.front().reason.find("256 KiB") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestDefinitions)
#include "tst_detection_definitions.moc"
