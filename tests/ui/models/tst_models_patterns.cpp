// Pattern documents as the console edits them: exact text, fields, previews, saving and undoing.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>
#include <random>

#include "models/editable_text.h"
#include "models/pattern_editor.h"
#include "models/preview_line.h"
#include "support/fake_log_data.h"
#include "support/fake_operations.h"
#include "support/lively_patterns.h"

using namespace aiops;
using ui::PatternEditor;
using ui::PatternNode;
using ui::PatternText;

namespace {

const std::string kText =
    "# looks for full disks\n"
    "id: disk-full\n"
    "name: Disk full\n"
    "type: regex\n"
    "severity: error\n"
    "\n"
    "# the words of several systems\n"
    "match: 'No space (?P<on>left on [a-z]+)'\n"
    "threshold: {count: 3, window_seconds: 30}\n"
    "samples:\n"
    "  match:\n"
    "    - 'write: No space left on device'\n"
    "  no_match:\n"
    "    - 'space left: 12 GB'\n";

/// An editor over patterns that a test keeps.
struct Bench {
  explicit Bench(bool admin = true)
      : patterns(fake), bridge(patterns, {.name = "test", .isAdmin = admin}), editor(bridge) {
    patterns.lively.put(
        {.id = "disk-full", .name = "Disk full", .type = "regex", .origin = model::PatternOrigin::Edited},
        kText);
    patterns.lively.put({.id = "refused", .name = "Refused", .type = "regex"},
                        "id: refused\nname: Refused\ntype: regex\nmatch: refused\n");
    patterns.lively.lines = {test::logLine(1, "web", model::Severity::Error, "No space left on device")};
  }
  void openDisk() {
    editor.refresh();
    editor.open("disk-full");
    QTRY_VERIFY(editor.detail());
    QTRY_VERIFY(editor.preview());
  }
  void settle() { QTRY_VERIFY(!editor.isPreviewing()); }
  long count(const std::string& call) const {
    return std::count(patterns.lively.calls.begin(), patterns.lively.calls.end(), call);
  }

  test::FakeOperations fake;
  test::WithPatterns patterns;
  ui::EngineBridge bridge;
  PatternEditor editor;
};

bool isHarmless(const QString& text) {
  return std::none_of(text.begin(), text.end(), [](QChar unit) {
    if (unit == u'\n' || unit == u'\t') return false;
    return unit.category() == QChar::Other_Format || unit.category() == QChar::Other_Control;
  });
}

}  // namespace

class TestPatternModels : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void hostileTextIsShownEscapedAndComesBackExactly();
  void everyByteComesBackExactly();
  void halfAnEscapeStaysWhatItIs();
  void fieldsAreRead();
  void aChangedFieldTouchesNothingElse();
  void valuesThatYamlWouldMisreadAreQuoted();
  void aValueDeepInADocumentChangesAlone();
  void anyChangeGivesTheDocumentThatWasMeant();
  void expansionByAnchorsIsRefused();
  void anotherTypeKeepsWhatItCanAndGivesItBack();
  void everyTypeBeginsWithWhatItNeeds();
  void brokenAndForeignDocumentsAreSaid();
  void previewSpansFollowTheEscapes();
  void previewStartsNearALateMatch();
  void draftsSurviveOpeningAnother();
  void previewIsOfTheNewestTextOnly();
  void savingMakesAVersion();
  void whatIsTypedWhileSavingStays();
  void aFailingSampleSavesSwitchedOff();
  void aRefusedSaveKeepsTheText();
  void withoutAdminNothingIsSent();
  void aDeletionCanBeTakenBack();
  void shippedPatternsSayWhyTheyStay();
};

void TestPatternModels::hostileTextIsShownEscapedAndComesBackExactly() {
  for (const auto& text : test::hostileStrings(200)) {
    const QString shown = ui::toEditable(text);
    QVERIFY2(isHarmless(shown), qPrintable(shown));
    QCOMPARE(ui::fromEditable(shown), text);
  }
}

void TestPatternModels::everyByteComesBackExactly() {
  std::mt19937 random(11);
  for (int round = 0; round < 2000; ++round) {
    std::string text(random() % 24, ' ');
    for (auto& byte : text) byte = static_cast<char>(random() % 4 == 0 ? random() : 'a' + random() % 3);
    QCOMPARE(ui::fromEditable(ui::toEditable(text)), text);
  }
}

void TestPatternModels::halfAnEscapeStaysWhatItIs() {
  const std::string odd = "\u27E6 \u27E6U+zz\u27E7 \u27E6what\u27E7 \u27E6U+202E";
  QCOMPARE(ui::fromEditable(QString::fromStdString(odd)), odd);
  QCOMPARE(ui::fromEditable(ui::toEditable(odd)), odd);
}

void TestPatternModels::fieldsAreRead() {
  const PatternText document(kText);
  QVERIFY(document.problem().empty());
  QVERIFY(document.canChange());
  QCOMPARE(document.value("name"), std::string("Disk full"));
  QCOMPARE(document.node({"threshold", "count"}).text, std::string("3"));
  QCOMPARE(document.lineOf("match"), 8);
  QCOMPARE(document.captures(), std::vector<std::string>{"on"});
  const auto samples = document.samples();
  QCOMPARE(samples.size(), size_t{2});
  QCOMPARE(samples[0].text, std::string("write: No space left on device"));
  QCOMPARE(samples[0].line, 12);
  QVERIFY(samples[0].mustMatch && !samples[1].mustMatch);
}

void TestPatternModels::aChangedFieldTouchesNothingElse() {
  const PatternText document(kText);
  std::string expected = kText;
  expected.replace(expected.find("severity: error"), 15, "severity: critical");
  QCOMPARE(document.with("severity", "critical").text(), expected);
  QCOMPARE(document.with("severity", "critical").with("severity", "error").text(), kText);
  const auto counted = document.with({"threshold", "count"}, PatternNode::ofText("5"));
  expected = kText;
  expected.replace(expected.find("count: 3"), 8, "count: 5");
  QCOMPARE(counted.text(), expected);
  QVERIFY(counted.text().find("# the words of several systems\nmatch:") != std::string::npos);
  const auto grouped = document.with("group_by", "service");
  QVERIFY(grouped.text().find("window_seconds: 30}\ngroup_by: service\nsamples:") != std::string::npos);
  QVERIFY(!grouped.with("group_by", "").has("group_by"));
  const auto noThreshold = document.with({"threshold", "count"}, PatternNode{})
                               .with({"threshold", "window_seconds"}, PatternNode{});
  QVERIFY(!noThreshold.has("threshold"));
}

void TestPatternModels::valuesThatYamlWouldMisreadAreQuoted() {
  const std::vector<std::string> values{"plain words",
                                        "it's",
                                        "a: b",
                                        "# no comment",
                                        "[a-z]+ {2}",
                                        "- x",
                                        "'",
                                        "\"",
                                        "yes",
                                        "1e3",
                                        " edge ",
                                        "a\\d+ \"q\"",
                                        "*star",
                                        "&anchor",
                                        "line\nfeed",
                                        "%",
                                        "\u00fc\u4e2d",
                                        "~",
                                        "null",
                                        "@",
                                        "`",
                                        "|",
                                        ">"};
  for (const auto& value : values) {
    const auto document = PatternText(kText).with("match", value);
    QVERIFY2(document.problem().empty(), document.problem().c_str());
    QCOMPARE(document.value("match"), value);
    QCOMPARE(document.value("name"), std::string("Disk full"));
    QCOMPARE(document.samples().size(), size_t{2});
  }
}

const std::string kSequence =
    "id: unanswered\n"
    "type: sequence\n"
    "condition:\n"
    "  within_seconds: 30  # the gateway gives up after 25\n"
    "  steps:\n"
    "    - name: asked\n"
    "      match: 'charging (?P<order>\\d+)'  # written twice\n"
    "    - {name: answered, match: 'charged (?P<order__2>\\d+)', missing: true}\n"
    "# the end\n"
    "group_by: order\n";

void TestPatternModels::aValueDeepInADocumentChangesAlone() {
  const PatternText document(kSequence);
  QCOMPARE(document.captures(), std::vector<std::string>{"order"});
  const PatternText several(
      "match: ['%{ADDRESS:peer} (?<user>x)', '\\(?P<no>x) %{IP} (?P<peer__2>y)', '%{open:']\n");
  QCOMPARE(several.captures(), (std::vector<std::string>{"peer", "user"}));
  std::string expected = kSequence;
  expected.replace(expected.find("charging"), 8, "asking");
  QCOMPARE(document.with({"condition", "steps", "0", "match"}, PatternNode::ofText("asking (?P<order>\\d+)"))
               .text(),
           expected);
  expected = kSequence;
  expected.replace(expected.find("'charged (?P<order__2>\\d+)'"), 27, "'a, b}'");
  QCOMPARE(document.with({"condition", "steps", "1", "match"}, PatternNode::ofText("a, b}")).text(),
           expected);
  expected = kSequence;
  expected.replace(expected.find("30"), 2, "45");
  QCOMPARE(document.with({"condition", "within_seconds"}, PatternNode::ofText("45")).text(), expected);
  const auto longer = document.with({"condition", "steps", "2"},
                                    PatternNode::ofMap({{"name", PatternNode::ofText("third")}}));
  QCOMPARE(longer.node({"condition", "steps"}).items.size(), size_t{3});
  QVERIFY(longer.text().ends_with("# the end\ngroup_by: order\n"));
  const auto shorter = longer.with({"condition", "steps", "0"}, PatternNode{});
  QCOMPARE(shorter.node({"condition", "steps", "0", "name"}).text, std::string("answered"));
  QVERIFY(!document.with({"condition"}, PatternNode{}).has("condition"));
}

void TestPatternModels::anyChangeGivesTheDocumentThatWasMeant() {
  const std::vector<std::string> values{"x",         "it's", "a: b", "{",   "]",   " - ",    "#",   "a # b",
                                        "\n",        "'\"",  "|",    "yes", "0x1", "\u00fc", "a,b", "\\d+",
                                        "trailing ", "?",    "!x",   "&a",  "*a",  "%"};
  const std::vector<ui::PatternPath> paths{{"condition", "steps", "0", "match"},
                                           {"condition", "steps", "1", "match"},
                                           {"condition", "steps", "1", "any"},
                                           {"condition", "within_seconds"},
                                           {"match"},
                                           {"samples", "match"},
                                           {"all"},
                                           {"description"},
                                           {"id"}};
  std::mt19937 random(5);
  const auto text = [&] { return PatternNode::ofText(values[random() % values.size()]); };
  const auto value = [&]() -> PatternNode {
    switch (random() % 5) {
      case 0:
        return {};
      case 1:
        return PatternNode::ofList({text(), text()});
      case 2:
        return PatternNode::ofList(
            {PatternNode::ofMap({{"a", text()}}),
             PatternNode::ofMap({{"b", PatternNode::ofList({text()})}, {"c", text()}})});
      default:
        return text();
    }
  };
  for (int round = 0; round < 400; ++round) {
    PatternText document(round % 2 == 0 ? kSequence : kText);
    for (int step = 0; step < 6; ++step) {
      const auto path = paths[random() % paths.size()];
      const auto wanted = value();
      auto expected = document.root();
      putNode(expected, path, wanted);
      const auto next = document.with(path, wanted);
      QVERIFY2(next.problem().empty(), (document.text() + "\n=>\n" + next.text() + next.problem()).c_str());
      QVERIFY2(next.node(path) == nodeAt(expected, path), next.text().c_str());
      for (const auto& member : document.root().members) {
        if (member.key != path.front()) QVERIFY(next.node({member.key}) == member.value);
      }
      document = next;
      if (!document.canChange()) break;
    }
  }
}

void TestPatternModels::expansionByAnchorsIsRefused() {
  std::string text = "id: x\na0: &a0 [x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const auto before = std::to_string(i - 1), now = std::to_string(i);
    text += "a" + now + ": &a" + now + " [*a" + before + ", *a" + before + ", *a" + before + ", *a" + before +
            "]\n";
  }
  QVERIFY(!PatternText(text).problem().empty());
}

void TestPatternModels::anotherTypeKeepsWhatItCanAndGivesItBack() {
  Bench bench;
  bench.openDisk();
  QTRY_VERIFY(!bench.editor.types().empty());
  bench.editor.setType("fuzzy");
  const auto fuzzy = bench.editor.document();
  QCOMPARE(fuzzy.value("type"), std::string("fuzzy"));
  QVERIFY(!fuzzy.has("match"));
  QCOMPARE(fuzzy.node({"condition", "text"}).text, std::string("write: No space left on device"));
  QCOMPARE(fuzzy.node({"threshold", "count"}).text, std::string("3"));
  bench.editor.edit(fuzzy.with({"condition", "text"}, PatternNode::ofText("no room")),
                    PatternEditor::Side::Form);
  bench.editor.setType("sequence");
  QCOMPARE(bench.editor.document().node({"condition", "steps"}).items.size(), size_t{2});
  bench.editor.setType("regex");
  QCOMPARE(PatternText(kText).root() == bench.editor.document().root(), true);
  bench.editor.setType("fuzzy");
  QCOMPARE(bench.editor.document().node({"condition", "text"}).text, std::string("no room"));
}

void TestPatternModels::everyTypeBeginsWithWhatItNeeds() {
  Bench bench;
  bench.openDisk();
  QTRY_VERIFY(!bench.editor.types().empty());
  for (const char* type : {"fuzzy", "temporal", "anomaly", "regex"}) {
    bench.editor.setType(type);
    QTRY_VERIFY(!bench.editor.isPreviewing());
    QVERIFY2(bench.editor.preview()->problem.empty(), bench.editor.preview()->problem.c_str());
  }
}

void TestPatternModels::brokenAndForeignDocumentsAreSaid() {
  const PatternText broken("id: x\nname: [open\n");
  QVERIFY(!broken.problem().empty() && !broken.canChange());
  QVERIFY(broken.problemLine() > 0);
  const PatternText list("- a\n- b\n");
  QVERIFY(!list.problem().empty());
  const PatternText json("{\"id\": \"x\", \"match\": \"a\"}");
  QVERIFY(json.problem().empty() && !json.canChange());
  QCOMPARE(json.value("id"), std::string("x"));
  QCOMPARE(json.with("id", "y").text(), json.text());
  const PatternText oneKind("id: x\nsamples:\n  match:\n    - a\n");
  QVERIFY2(oneKind.problem().empty(), oneKind.problem().c_str());
  QCOMPARE(oneKind.samples().size(), size_t{1});
  QVERIFY(!PatternText(std::string(300'000, 'a')).problem().empty());
  QVERIFY(!PatternText(std::string(20'000, '[')).problem().empty());
}

void TestPatternModels::previewSpansFollowTheEscapes() {
  const std::string text = "a\x1b[31m b\xff refused by h\u00f6st";
  const auto at = static_cast<uint32_t>(text.find("refused"));
  const auto host = static_cast<uint32_t>(text.find("h\u00f6st"));
  const auto line = ui::previewLine({.text = text,
                                     .spans = {{"", at, static_cast<uint32_t>(text.size()) - at},
                                               {"host", host, 5},
                                               {"beyond", 4000, 9},
                                               {"none", 2, 0}}});
  QVERIFY(isHarmless(line.text));
  QCOMPARE(line.matches.size(), size_t{1});
  QCOMPARE(line.text.mid(line.matches[0].first), QStringLiteral("refused by höst"));
  QCOMPARE(line.captures.size(), size_t{1});
  QCOMPARE(line.text.mid(line.captures[0].first, 4), QStringLiteral("höst"));
  int at16 = 0;
  for (const auto& run : ui::previewRuns(line, 0, static_cast<int>(line.text.size()))) {
    QCOMPARE(run.first, at16);
    at16 = run.last;
  }
  QCOMPARE(at16, static_cast<int>(line.text.size()));
  for (const auto& hostile : test::hostileStrings(200)) {
    const auto shown = ui::previewLine({.text = hostile, .spans = {{"", 1, 5}, {"x", 3, 4}}});
    QVERIFY2(isHarmless(shown.text) && shown.text.contains(QChar(0x27E6)), qPrintable(shown.text));
  }
}

void TestPatternModels::previewStartsNearALateMatch() {
  ui::PreviewLine line{.text = QString(300, u'x')};
  line.matches = {{200, 220}};
  QCOMPARE(ui::previewStart(line, 80), 186);
  QCOMPARE(ui::previewStart(line, 300), 0);
  line.matches.clear();
  QCOMPARE(ui::previewStart(line, 80), 0);
}

void TestPatternModels::draftsSurviveOpeningAnother() {
  Bench bench;
  bench.openDisk();
  bench.editor.edit(bench.editor.document().with("name", "No room"), PatternEditor::Side::Form);
  QVERIFY(bench.editor.isChanged());
  bench.editor.open("refused");
  QTRY_VERIFY(bench.editor.detail());
  QVERIFY(!bench.editor.isChanged());
  QVERIFY(bench.editor.hasDraft("disk-full"));
  bench.editor.open("disk-full");
  QTRY_VERIFY(bench.editor.detail());
  QCOMPARE(bench.editor.document().value("name"), std::string("No room"));
  bench.editor.discard();
  QCOMPARE(bench.editor.document().text(), kText);
  QVERIFY(!bench.editor.hasDraft("disk-full"));
}

void TestPatternModels::previewIsOfTheNewestTextOnly() {
  Bench bench;
  bench.openDisk();
  bench.settle();
  const auto before = bench.count("preview");
  bench.patterns.lively.holdPreviews = true;
  bench.editor.edit(bench.editor.document().with("match", "old text"), PatternEditor::Side::Form);
  QTRY_COMPARE(bench.count("preview"), before + 1);
  for (const char* text : {"n", "ne", "new", "No space"}) {
    bench.editor.edit(bench.editor.document().with("match", text), PatternEditor::Side::Form);
  }
  QTRY_VERIFY(bench.editor.isPreviewing());
  QTest::qWait(250);
  // One question at a a time: the newer texts wait for the answer to the old one, which is dropped.
  QCOMPARE(bench.count("preview"), before + 1);
  bench.patterns.lively.release();
  QTRY_COMPARE(bench.count("preview"), before + 2);
  bench.patterns.lively.release();
  bench.settle();
  QCOMPARE(bench.editor.preview()->linesMatched, uint64_t{1});
  QCOMPARE(bench.count("preview"), before + 2);
}

void TestPatternModels::savingMakesAVersion() {
  Bench bench;
  bench.openDisk();
  bench.editor.edit(bench.editor.document().with("name", "No room"), PatternEditor::Side::Form);
  bench.editor.save();
  QTRY_VERIFY(!bench.editor.isChanged());
  QCOMPARE(bench.editor.detail()->info.version, 2U);
  QCOMPARE(bench.editor.detail()->versions.size(), size_t{1});
  bench.editor.createNew("write failed: it's full");
  QVERIFY(bench.editor.isNew());
  QCOMPARE(bench.editor.document().samples().at(0).text, std::string("write failed: it's full"));
  bench.editor.edit(bench.editor.document().with("match", "full").with("id", "own"),
                    PatternEditor::Side::Form);
  bench.editor.save();
  QTRY_VERIFY(!bench.editor.isNew());
  QCOMPARE(bench.editor.id(), std::string("own"));
  QVERIFY(bench.patterns.lively.find("own"));
  QVERIFY(!bench.editor.hasDraft({}));
}

void TestPatternModels::whatIsTypedWhileSavingStays() {
  Bench bench;
  bench.openDisk();
  bench.editor.edit(bench.editor.document().with("name", "No room"), PatternEditor::Side::Form);
  bench.editor.save();
  bench.editor.edit(bench.editor.document().with("name", "No room left"), PatternEditor::Side::Form);
  QTRY_VERIFY(!bench.editor.isSaving());
  QCOMPARE(bench.editor.document().value("name"), std::string("No room left"));
  QVERIFY(bench.editor.isChanged());
  QCOMPARE(PatternText(bench.editor.detail()->text).value("name"), std::string("No room"));
}

void TestPatternModels::aFailingSampleSavesSwitchedOff() {
  Bench bench;
  bench.openDisk();
  bench.editor.edit(bench.editor.document().with("match", "quite other words"), PatternEditor::Side::Form);
  QTRY_VERIFY(bench.editor.savesOff());
  bench.patterns.lively.calls.clear();
  bench.editor.save();
  QTRY_VERIFY(!bench.editor.isChanged());
  QCOMPARE(bench.patterns.lively.calls.at(0), std::string("enable disk-full off"));
  QCOMPARE(bench.patterns.lively.calls.at(1), std::string("save disk-full"));
  QTRY_VERIFY(!bench.patterns.lively.find("disk-full")->info.enabled);
}

void TestPatternModels::aRefusedSaveKeepsTheText() {
  Bench bench;
  bench.openDisk();
  const auto changed = bench.editor.document().with("type", "telepathy");
  bench.editor.edit(changed, PatternEditor::Side::Text);
  bench.editor.save();
  QTRY_VERIFY(!bench.editor.actionProblem().empty());
  QVERIFY(bench.editor.actionProblem().find("regex") != std::string::npos);
  QCOMPARE(bench.editor.document().text(), changed.text());
  QVERIFY(bench.editor.isChanged() && !bench.editor.isSaving());
}

void TestPatternModels::withoutAdminNothingIsSent() {
  Bench bench(false);
  bench.openDisk();
  bench.patterns.lively.calls.clear();
  bench.editor.edit(bench.editor.document().with("name", "x"), PatternEditor::Side::Form);
  bench.editor.save();
  bench.editor.setEnabled("disk-full", false);
  bench.editor.remove("disk-full");
  bench.settle();
  QCOMPARE(bench.patterns.lively.calls, std::vector<std::string>{"preview"});
}

void TestPatternModels::aDeletionCanBeTakenBack() {
  Bench bench;
  bench.openDisk();
  bench.editor.remove("disk-full");
  QTRY_VERIFY(bench.editor.undoable());
  QVERIFY(!bench.patterns.lively.find("disk-full"));
  QVERIFY(!bench.editor.isOpen());
  bench.editor.undo();
  QTRY_VERIFY(bench.patterns.lively.find("disk-full"));
  QTRY_VERIFY(bench.editor.isOpen());
  QCOMPARE(bench.editor.document().text(), kText);
  QVERIFY(!bench.editor.undoable());
}

void TestPatternModels::shippedPatternsSayWhyTheyStay() {
  Bench bench;
  bench.editor.refresh();
  bench.editor.open("refused");
  QTRY_VERIFY(bench.editor.detail());
  bench.editor.remove("refused");
  QTRY_VERIFY(bench.editor.actionProblem().find("shipped") != std::string::npos);
  QVERIFY(bench.editor.isOpen() && !bench.editor.undoable());
}

QTEST_MAIN(TestPatternModels)
#include "tst_models_patterns.moc"
