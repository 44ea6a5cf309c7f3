// The patterns panel by its keys: one document as form and text, its preview, saving, switching, deleting.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAccessible>
#include <QLabel>
#include <QTest>
#include <map>

#include "panels/patterns/group_rows.h"
#include "panels/patterns/key_grid.h"
#include "panels/patterns/pattern_form.h"
#include "panels/patterns/pattern_head.h"
#include "panels/patterns/pattern_list.h"
#include "panels/patterns/patterns_panel.h"
#include "panels/patterns/preview_view.h"
#include "panels/patterns/test_rows.h"
#include "support/fake_log_data.h"
#include "support/fake_operations.h"
#include "support/lively_patterns.h"
#include "widgets/change_bar.h"
#include "widgets/code_edit.h"
#include "widgets/key_button.h"
#include "widgets/pick_box.h"

using namespace aiops;

namespace {

struct Bench {
  explicit Bench(bool admin = true)
      : patterns(fake),
        bridge(patterns, {.name = "test", .isAdmin = admin}),
        theme(theme::Scheme::Dark),
        panel(theme, bridge) {
    put("disk-full", "Disk full", "No space", "No space left");
    put("enqueue", "Enqueue failed", "enqueue failed order_id=(?P<order>[0-9]+)",
        "enqueue failed order_id=7");
    patterns.lively.lines = test::generatedLines(1, 400).lines;
    panel.resize(1200, 780);
  }
  void put(const std::string& id, const std::string& name, const std::string& match,
           const std::string& sample) {
    patterns.lively.put({.id = id, .name = name, .type = "regex", .origin = model::PatternOrigin::Edited},
                        "id: " + id + "\nname: " + name +
                            "\ntype: regex\nseverity: error\nsignal: test\nmatch: '" + match +
                            "'\nsamples:\n  match:\n    - '" + sample + "'\n  no_match:\n    - nothing\n");
  }
  void open(const QString& id = {}) {
    panel.show();
    panel.activate(id);
    QTRY_VERIFY(panel.editor().isListed());
    QTRY_VERIFY(panel.editor().isOpen());
    QTRY_VERIFY(!panel.editor().isPreviewing());
  }
  void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
    QTest::keyClick(panel.window()->focusWidget(), key, modifiers);
  }
  std::vector<std::string>& calls() { return patterns.lively.calls; }
  bool called(const std::string& call) { return std::count(calls().begin(), calls().end(), call) > 0; }

  test::FakeOperations fake;
  test::WithPatterns patterns;
  ui::EngineBridge bridge;
  theme::Theme theme;
  ui::PatternsPanel panel;
};

}  // namespace

class TestPatternsPanel : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void formAndTextAreOneDocument();
  void aBrokenTextIsSaidOnItsLine();
  void typedInTheListFindsAndOpens();
  void spaceSwitchesAndDeleteCanBeUndone();
  void aNewPatternTakesItsIdFromItsName();
  void aLineBecomesAPattern();
  void slowAndFailingDocumentsSaySo();
  void theListSaysWhyItIsEmpty();
  void withoutAdminItReadsOnly();
  void everyKindIsEditedByForm();
  void stepsAreAddedMovedAndRemoved();
  void fieldsAreTestedByRows();
  void whatTheFormWroteCanBeUndoneInTheText();
  void firingsAndNotesAreShown();
  void tabGoesThroughTheFormAsItStands();
  void samplesAreWalked();
  void foreignTextIsShownEscaped();
  void everyControlHasAName();
};

void TestPatternsPanel::formAndTextAreOneDocument() {
  Bench bench;
  bench.open(QStringLiteral("enqueue"));
  auto& text = bench.panel.text();
  QVERIFY(text.toPlainText().contains(QStringLiteral("name: Enqueue failed")));
  bench.panel.form().name()->setFocus();
  bench.panel.form().name()->selectAll();
  QTest::keyClicks(bench.panel.form().name(), QStringLiteral("Queue down"));
  QVERIFY(text.toPlainText().contains(QStringLiteral("name: Queue down\n")));
  QString yaml = text.toPlainText();
  text.setFocus();
  text.setPlainText(yaml.replace(QStringLiteral("Queue down"), QStringLiteral("From text")));
  QCOMPARE(bench.panel.form().name()->text(), QStringLiteral("From text"));
  QTRY_COMPARE(bench.panel.editor().preview()->linesMatched > 0, true);
  bench.key(Qt::Key_S, Qt::ControlModifier);
  QTRY_VERIFY(bench.called("save enqueue"));
  QTRY_COMPARE(bench.patterns.lively.find("enqueue")->info.name, std::string("From text"));
}

void TestPatternsPanel::aBrokenTextIsSaidOnItsLine() {
  Bench bench;
  bench.open(QStringLiteral("enqueue"));
  auto& text = bench.panel.text();
  text.setFocus();
  QString yaml = text.toPlainText();
  text.setPlainText(yaml.replace(QStringLiteral("(?P<order>"), QStringLiteral("(?P<order>(")));
  QTRY_COMPARE(text.problemLine(), 6);
  QVERIFY(!text.accessibleDescription().isEmpty());
  QVERIFY(!bench.panel.head().saveButton()->isEnabled());
  text.setPlainText(QStringLiteral("id: enqueue\nname: [open\n"));
  QTRY_VERIFY(text.problemLine() > 0);
  QVERIFY(!bench.panel.form().name()->isEnabled());
  text.setPlainText(yaml.replace(QStringLiteral("(?P<order>("), QStringLiteral("(?P<order>")));
  QTRY_COMPARE(text.problemLine(), 0);
  QVERIFY(bench.panel.form().name()->isEnabled());
}

void TestPatternsPanel::typedInTheListFindsAndOpens() {
  Bench bench;
  bench.open();
  bench.key(Qt::Key_Slash);
  QVERIFY(bench.panel.list().filter()->hasFocus());
  QTest::keyClicks(bench.panel.list().filter(), QStringLiteral("queue"));
  QCOMPARE(bench.panel.list().rows()->rowCount(), 1);
  QTRY_COMPARE(bench.panel.editor().id(), std::string("enqueue"));
  bench.key(Qt::Key_Escape);
  QCOMPARE(bench.panel.list().rows()->rowCount(), 2);
  bench.panel.list().filter()->setText(QStringLiteral("no such"));
  const auto labels = bench.panel.list().findChildren<QLabel*>();
  QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
    return label->isVisible() && label->text().contains(QStringLiteral("no such"));
  }));
}

void TestPatternsPanel::spaceSwitchesAndDeleteCanBeUndone() {
  Bench bench;
  bench.open(QStringLiteral("disk-full"));
  bench.key(Qt::Key_Space);
  QTRY_VERIFY(bench.called("enable disk-full off"));
  QTRY_VERIFY(!bench.panel.editor().detail()->info.enabled);
  bench.key(Qt::Key_Delete);
  QTRY_VERIFY(bench.panel.findChild<ui::ChangeBar*>()->isVisible());
  QVERIFY(bench.panel.findChild<ui::ChangeBar*>()->words().contains(QStringLiteral("Disk full")));
  QVERIFY(!bench.patterns.lively.find("disk-full"));
  bench.key(Qt::Key_Z, Qt::ControlModifier);
  QTRY_VERIFY(bench.patterns.lively.find("disk-full"));
  QTRY_VERIFY(!bench.patterns.lively.find("disk-full")->info.enabled);
  QVERIFY(!bench.panel.findChild<ui::ChangeBar*>()->isVisible());
}

void TestPatternsPanel::aNewPatternTakesItsIdFromItsName() {
  Bench bench;
  bench.open();
  bench.key(Qt::Key_N);
  QVERIFY(bench.panel.editor().isNew());
  QVERIFY(bench.panel.form().name()->hasFocus());
  QTest::keyClicks(bench.panel.form().name(), QStringLiteral("Lock wait, too long"));
  QCOMPARE(bench.panel.editor().document().value("id"), std::string("lock-wait-too-long"));
  bench.key(Qt::Key_F6);
  QVERIFY(bench.panel.form().expression()->hasFocus());
  QTest::keyClicks(bench.panel.form().expression(), QStringLiteral("cache read failed key=(?P<key>\\S+)"));
  QTRY_VERIFY(bench.panel.editor().preview() && bench.panel.editor().preview()->linesMatched > 0);
  QTRY_VERIFY(bench.panel.preview().rows()->rowCount() > 0);
  bench.key(Qt::Key_S, Qt::ControlModifier);
  QTRY_VERIFY(bench.patterns.lively.find("lock-wait-too-long"));
  QTRY_COMPARE(bench.panel.list().rows()->currentId(), QStringLiteral("lock-wait-too-long"));
}

void TestPatternsPanel::aLineBecomesAPattern() {
  Bench bench;
  bench.open(QStringLiteral("sample:\u27E6ESC\u27E7[31mfailed: 'x'"));
  QCOMPARE(bench.panel.editor().document().samples().at(0).text, std::string("\x1b[31mfailed: 'x'"));
  QVERIFY(bench.panel.text().toPlainText().contains(QStringLiteral("\\x1b")));
  QVERIFY(bench.panel.form().expression()->hasFocus());
}

void TestPatternsPanel::slowAndFailingDocumentsSaySo() {
  Bench bench;
  bench.patterns.lively.microseconds = 41;
  bench.open(QStringLiteral("disk-full"));
  const auto says = [&bench](const QString& words) {
    const auto labels = bench.panel.findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(), [&words](const QLabel* label) {
      return label->isVisible() && label->text().contains(words);
    });
  };
  QTRY_VERIFY(says(QStringLiteral("Too slow: 41")));
  bench.panel.editor().edit(bench.panel.editor().document().with("match", "other"),
                            ui::PatternEditor::Side::Form);
  QTRY_VERIFY(bench.panel.head().saveButton()->text().contains(QStringLiteral("off")));
  QTRY_VERIFY(says(QStringLiteral("switched off")));
  QTRY_VERIFY(bench.panel.preview().stateText().contains(QStringLiteral("None of the newest")));
  bench.patterns.lively.lines.clear();
  bench.panel.editor().edit(bench.panel.editor().document().with("match", "more"),
                            ui::PatternEditor::Side::Form);
  QTRY_VERIFY(bench.panel.preview().stateText().contains(QStringLiteral("No line to look at")));
}

void TestPatternsPanel::theListSaysWhyItIsEmpty() {
  Bench bench;
  bench.patterns.lively.failure =
      base::Error{base::ErrorCode::Unavailable, "the database is locked", "", "wait"};
  bench.panel.show();
  bench.panel.activate({});
  const auto says = [&bench](const QString& words) {
    const auto labels = bench.panel.list().findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(), [&words](const QLabel* label) {
      return label->isVisible() && label->text().contains(words);
    });
  };
  QTRY_VERIFY(says(QStringLiteral("the database is locked")));
  bench.patterns.lively.failure.reset();
  for (auto* button : bench.panel.list().findChildren<ui::KeyButton*>()) {
    if (button->text() == QStringLiteral("Try again")) button->click();
  }
  QTRY_COMPARE(bench.panel.list().rows()->rowCount(), 2);
}

void TestPatternsPanel::withoutAdminItReadsOnly() {
  Bench bench(false);
  bench.open(QStringLiteral("enqueue"));
  QVERIFY(bench.panel.head().note().contains(QStringLiteral("lacks admin")));
  QVERIFY(bench.panel.text().isReadOnly());
  QVERIFY(!bench.panel.form().name()->isEnabled());
  QVERIFY(!bench.panel.head().saveButton()->isEnabled());
  QVERIFY(bench.panel.preview().rows()->rowCount() > 0);
  bench.key(Qt::Key_N);
  QVERIFY(!bench.panel.editor().isNew());
}

/// Chooses a kind as a person does: the focus, then the letter of its title.
void TestPatternsPanel::everyKindIsEditedByForm() {
  Bench bench;
  bench.open(QStringLiteral("enqueue"));
  QTRY_VERIFY(bench.panel.form().kind()->count() == 5);
  const std::map<std::string, std::vector<ui::PatternPath>> kinds{
      {"fuzzy", {{"condition", "text"}, {"condition", "similarity"}, {"condition", "max_edits"}}},
      {"sequence", {{"condition", "steps"}, {"condition", "within_seconds"}, {"condition", "in_order"}}},
      {"temporal",
       {{"condition", "condition_type"},
        {"condition", "window_size"},
        {"condition", "threshold"},
        {"match"}}},
      {"anomaly", {{"condition", "of"}, {"condition", "sensitivity"}, {"condition", "direction"}}},
      {"regex", {{"match"}, {"exclude"}, {"fields"}, {"any"}, {"level_at_least"}}}};
  for (const auto& [kind, paths] : kinds) {
    auto* box = bench.panel.form().kind();
    box->setFocus();
    const int wanted = box->findData(QString::fromStdString(kind));
    while (box->currentIndex() != wanted)
      QTest::keyClick(box, box->currentIndex() < wanted ? Qt::Key_Down : Qt::Key_Up);
    QTRY_COMPARE(bench.panel.editor().document().value("type"), kind);
    for (const auto& path : paths) QVERIFY2(bench.panel.form().keyField(path), path.back().c_str());
  }
  bench.panel.editor().setType("temporal");
  auto* window = bench.panel.form().keyField({"condition", "window_size"})->findChild<QLineEdit*>();
  QTest::keyClicks(window, QStringLiteral("7200"));
  QCOMPARE(bench.panel.editor().document().node({"condition", "window_size"}).text, std::string("7200"));
  QTest::keyClicks(window, QStringLiteral("x"));
  QTRY_VERIFY(bench.panel.editor().preview()->problem.find("window_size") != std::string::npos);
  QVERIFY(!bench.panel.head().saveButton()->isEnabled());
  QTest::keyClick(window, Qt::Key_Backspace);
  QTRY_VERIFY(bench.panel.editor().preview()->problem.empty());
}

void TestPatternsPanel::stepsAreAddedMovedAndRemoved() {
  Bench bench;
  bench.open(QStringLiteral("enqueue"));
  QTRY_VERIFY(!bench.panel.editor().types().empty());
  bench.panel.editor().setType("sequence");
  auto* steps = qobject_cast<ui::GroupRows*>(bench.panel.form().keyField({"condition", "steps"}));
  QVERIFY(steps);
  QCOMPARE(steps->rowCount(), size_t{2});
  QTRY_VERIFY(steps->isVisible());
  const auto press = [steps](const QString& name) {
    for (auto* button : steps->findChildren<ui::KeyButton*>()) {
      if (!button->isHidden() && (button->accessibleName() == name || button->text() == name))
        return button->click();
    }
    QFAIL(qPrintable(name));
  };
  press(QStringLiteral("Add a step"));
  QCOMPARE(steps->rowCount(), size_t{3});
  auto* last = steps->grid(2)->field({"match"})->findChild<ui::CodeEdit*>();
  QTest::keyClicks(last, QStringLiteral("timed out"));
  const auto node = [&bench](const ui::PatternPath& path) {
    return bench.panel.editor().document().node(path);
  };
  QCOMPARE(node({"condition", "steps", "2", "match"}).text, std::string("timed out"));
  press(QStringLiteral("Move step 3 up"));
  QCOMPARE(node({"condition", "steps", "1", "match"}).text, std::string("timed out"));
  press(QStringLiteral("Remove step 3"));
  QCOMPARE(node({"condition", "steps"}).items.size(), size_t{2});
  QTRY_VERIFY(bench.panel.editor().preview() && bench.panel.editor().preview()->problem.empty());
}

void TestPatternsPanel::fieldsAreTestedByRows() {
  Bench bench;
  bench.open(QStringLiteral("enqueue"));
  QTRY_VERIFY(bench.panel.form().keyField({"any"}));
  auto text = bench.panel.text().toPlainText();
  bench.panel.text().setPlainText(text + QStringLiteral("any: [{ms: {above: 20}}, {not: [{a: b}]}]\n"));
  auto* rows = qobject_cast<ui::TestRows*>(bench.panel.form().keyField({"any"}));
  QVERIFY(rows && rows->isVisible());
  QCOMPARE(rows->rowCount(), size_t{2});
  auto edits = rows->findChildren<QLineEdit*>();
  QCOMPARE(edits.size(), 2);  // the test that holds tests has none: it stays as it is
  QTest::keyClicks(edits[1], QStringLiteral("00"));
  const auto any = bench.panel.editor().document().node({"any"});
  QCOMPARE(any.items.at(0).members.at(0).value.members.at(0).value.text, std::string("2000"));
  QCOMPARE(any.items.at(1).members.at(0).key, std::string("not"));
}

void TestPatternsPanel::whatTheFormWroteCanBeUndoneInTheText() {
  Bench bench;
  bench.open(QStringLiteral("enqueue"));
  const QString before = bench.panel.text().toPlainText();
  QTest::keyClicks(bench.panel.form().name(), QStringLiteral("x"));
  QVERIFY(bench.panel.text().toPlainText() != before);
  bench.panel.text().setFocus();
  bench.key(Qt::Key_Z, Qt::ControlModifier);
  QCOMPARE(bench.panel.text().toPlainText(), before);
  QVERIFY(!bench.panel.editor().isChanged());
}

void TestPatternsPanel::firingsAndNotesAreShown() {
  Bench bench;
  bench.patterns.lively.notes = {"it matches more than half of the lines"};
  bench.patterns.lively.firings = {{.source = "a",
                                    .service = "web",
                                    .line = 3,
                                    .text = "late",
                                    .spans = {},
                                    .why = "value 900, usual 40"}};
  bench.open(QStringLiteral("enqueue"));
  QTRY_VERIFY(bench.panel.preview().rows()->rowCount() > 0);
  const auto first =
      bench.panel.preview().rows()->model()->index(0, 0).data(Qt::AccessibleTextRole).toString();
  QVERIFY2(first.contains(QStringLiteral("fires: value 900, usual 40")), qPrintable(first));
  const auto labels = bench.panel.preview().findChildren<QLabel*>();
  QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
    return label->isVisible() && label->text().contains(QStringLiteral("more than half"));
  }));
}

void TestPatternsPanel::tabGoesThroughTheFormAsItStands() {
  Bench bench;
  bench.open(QStringLiteral("enqueue"));
  QTRY_VERIFY(!bench.panel.editor().types().empty());
  bench.panel.editor().setType("sequence");
  QTest::qWait(100);  // the order follows the layout, which comes to rest in the event loop
  bench.panel.form().name()->setFocus();
  auto* page = bench.panel.form().typePart()->parentWidget();  // what scrolls
  QPoint last(-1, -1);
  QStringList names;
  int stops = 0;
  for (auto* at = bench.panel.window()->focusWidget(); page->isAncestorOf(at) && stops < 60; ++stops) {
    const QPoint now = at->mapTo(page, QPoint());
    names << at->accessibleName();
    QVERIFY2(now.y() > last.y() - 14, qPrintable(names.join(QStringLiteral(", "))));
    last = now;
    bench.key(Qt::Key_Tab);
    if (bench.panel.window()->focusWidget() == at) break;
    at = bench.panel.window()->focusWidget();
  }
  QVERIFY(stops > 12);
}

void TestPatternsPanel::samplesAreWalked() {
  Bench bench;
  bench.open(QStringLiteral("disk-full"));
  bench.key(Qt::Key_Down, Qt::AltModifier);
  QCOMPARE(bench.panel.text().textCursor().blockNumber() + 1, 9);
  bench.key(Qt::Key_Down, Qt::AltModifier);
  QCOMPARE(bench.panel.text().textCursor().blockNumber() + 1, 11);
  bench.key(Qt::Key_Up, Qt::AltModifier);
  QCOMPARE(bench.panel.text().textCursor().blockNumber() + 1, 9);
}

void TestPatternsPanel::foreignTextIsShownEscaped() {
  Bench bench;
  const auto hostile = test::hostileStrings(200);
  bench.patterns.lively.lines.clear();
  for (size_t i = 0; i < hostile.size(); ++i) {
    auto line = test::logLine(i + 1, "web", model::Severity::Error, "x " + hostile[i]);
    line.text = line.message;
    bench.patterns.lively.lines.push_back(line);
  }
  bench.patterns.lively.put(
      {.id = "hostile", .name = hostile[0] + "\x1b[2J", .type = hostile[1]},
      "id: hostile\nname: \"" + std::string("\xe2\x80\xae") + "gpj\"\ntype: regex\nmatch: x\n");
  bench.open(QStringLiteral("hostile"));
  QTRY_VERIFY(bench.panel.preview().rows()->rowCount() > 0);
  const auto harmless = [](const QString& text) {
    return std::none_of(text.begin(), text.end(), [](QChar unit) {
      const bool breaks = unit == u'\n';
      return !breaks && (unit.category() == QChar::Other_Format || unit.category() == QChar::Other_Control);
    });
  };
  auto* rows = bench.panel.preview().rows();
  for (int row = 0; row < rows->rowCount(); ++row) {
    const QString name = rows->model()->index(row, 0).data(Qt::AccessibleTextRole).toString();
    QVERIFY2(harmless(name) && name.contains(QStringLiteral("⟦")), qPrintable(name));
  }
  QVERIFY(harmless(bench.panel.text().toPlainText()));
  QVERIFY(bench.panel.text().toPlainText().contains(QStringLiteral("⟦U+202E⟧gpj")));
  QVERIFY(harmless(bench.panel.form().name()->text()));
  QVERIFY(harmless(bench.panel.subject()));
  for (const auto* label : bench.panel.findChildren<QLabel*>()) {
    QVERIFY2(harmless(label->text()), qPrintable(label->text()));
    QCOMPARE(label->textFormat(), Qt::PlainText);
  }
  // Looking at a document changes nothing in it.
  QVERIFY(!bench.panel.editor().isChanged());
}

void TestPatternsPanel::everyControlHasAName() {
  Bench bench;
  bench.open();
  for (auto* widget : bench.panel.findChildren<QWidget*>()) {
    if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible()) continue;
    if (widget->objectName().startsWith(QStringLiteral("qt_")) || !widget->parentWidget()) continue;
    auto* accessible = QAccessible::queryAccessibleInterface(widget);
    QVERIFY2(accessible && !accessible->text(QAccessible::Name).isEmpty(), widget->metaObject()->className());
  }
}

QTEST_MAIN(TestPatternsPanel)
#include "tst_panels_patterns.moc"
