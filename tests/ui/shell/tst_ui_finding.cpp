// Getting somewhere: the palette by its keys, and the first run over the window.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QLineEdit>
#include <QtTest>

#include "models/log_finder.h"
#include "panels/firstrun/first_run_page.h"
#include "shell/command_palette.h"
#include "shell/key_card.h"
#include "shell/main_window.h"
#include "support/fake_console_data.h"
#include "support/lively_patterns.h"
#include "support/lively_sources.h"
#include "widgets/row_list.h"

using namespace aiops;

namespace {

struct Console {
  explicit Console(bool watches = true) : patterns(fake), sources(patterns) {
    test::fillConsole(fake);
    if (!watches) {
      fake.engine.sources.clear();
      fake.engine.services.clear();
    }
    patterns.lively.put({.id = "disk-full", .name = "Disk full", .type = "regex"},
                        "id: disk-full\nmatch: x\n");
  }
  void open() {
    theme.apply(*qApp);
    window =
        std::make_unique<ui::MainWindow>(theme, sources, service::Caller{"local operator", true, true, true});
    window->resize(1440, 900);
    window->show();
    QTRY_VERIFY(window->bridge().hasStatus() && !window->bridge().fixes().empty());
  }
  void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
    QWidget* focused = QApplication::focusWidget() ? QApplication::focusWidget() : window.get();
    QTest::keyClick(focused, key, modifiers);
  }
  void type(const char* text) {
    QTest::keyClicks(window->commandPalette()->field(), QString::fromUtf8(text));
  }

  test::FakeOperations fake;
  test::WithPatterns patterns;
  test::WithSources sources;
  theme::Theme theme{theme::Scheme::Dark};
  std::unique_ptr<ui::MainWindow> window;
};

}  // namespace

class TestUiFinding : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void thePaletteOpensWhatIsTyped();
  void escapeGoesBackWithoutAnything();
  void patternsJoinWhenTheEngineAnswers();
  void stoppingFromThePaletteStops();
  void aPanelCoversNothingWithThePalette();
  void keysOfThePanelAreShown();
  void panelsComeBackByLastUse();
  void firstRunComesOnceWhenNothingIsWatched();
  void firstRunStaysAwayWhereLogsAreWatched();
};

void TestUiFinding::thePaletteOpensWhatIsTyped() {
  Console console;
  console.open();
  console.key(Qt::Key_K, Qt::ControlModifier);
  QVERIFY(console.window->commandPalette()->isVisible());
  QVERIFY(console.window->commandPalette()->field()->hasFocus());
  console.type("> patterns");
  console.key(Qt::Key_Return);
  QVERIFY(!console.window->commandPalette()->isVisible());
  QCOMPARE(console.window->current()->title(), QStringLiteral("Patterns"));
  console.key(Qt::Key_K, Qt::ControlModifier);
  console.type("FIX-0087");
  console.key(Qt::Key_Return);
  QCOMPARE(console.window->current()->title(), QStringLiteral("Approvals"));
  // Choosing a decision shows it; it decides nothing.
  const auto calls = console.fake.calls();
  QVERIFY(std::none_of(calls.begin(), calls.end(),
                       [](const auto& call) { return call.starts_with("approveFix"); }));
}

void TestUiFinding::escapeGoesBackWithoutAnything() {
  Console console;
  console.open();
  const QWidget* before = QApplication::focusWidget();
  console.key(Qt::Key_K, Qt::ControlModifier);
  console.type("stop");
  console.key(Qt::Key_Down);
  console.key(Qt::Key_Escape);
  QVERIFY(!console.window->commandPalette()->isVisible());
  QCOMPARE(QApplication::focusWidget(), before);
  const auto calls = console.fake.calls();
  QVERIFY(
      std::none_of(calls.begin(), calls.end(), [](const auto& call) { return call.starts_with("stop"); }));
}

void TestUiFinding::patternsJoinWhenTheEngineAnswers() {
  Console console;
  console.open();
  console.key(Qt::Key_K, Qt::ControlModifier);
  console.type("disk full");
  // The pattern, and finding the words in the log.
  QTRY_COMPARE(console.window->commandPalette()->rows()->rowCount(), 2);
  console.key(Qt::Key_Return);
  QTRY_COMPARE(console.window->current()->subject(), QStringLiteral("Disk full"));
}

void TestUiFinding::stoppingFromThePaletteStops() {
  Console console;
  console.open();
  console.key(Qt::Key_K, Qt::ControlModifier);
  console.type("> stop automation");
  console.key(Qt::Key_Return);
  const auto stopped = [&console] {
    const auto calls = console.fake.calls();
    return std::any_of(calls.begin(), calls.end(),
                       [](const auto& call) { return call.starts_with("stopAutomation"); });
  };
  QTRY_VERIFY(stopped());
}

void TestUiFinding::aPanelCoversNothingWithThePalette() {
  Console console;
  console.open();
  console.key(Qt::Key_K, Qt::ControlModifier);
  console.key(Qt::Key_2, Qt::AltModifier);
  QCOMPARE(console.window->current()->title(), QStringLiteral("Logs"));
  QVERIFY(!console.window->commandPalette()->isVisible());
}

void TestUiFinding::keysOfThePanelAreShown() {
  Console console;
  console.open();
  for (const auto& entry : ui::panelTable()) {
    console.window->open(entry.id);
    QTest::qWait(150);  // the focus settles when the first rows are there
    const auto keys = console.window->current()->keyHelp();
    QVERIFY2(!keys.empty(), qPrintable(entry.title));
    const QWidget* before = QApplication::focusWidget();
    console.key(Qt::Key_F1);
    auto* card = console.window->keyCard();
    QVERIFY(card->isVisible() && card->hasFocus());
    QVERIFY(card->accessibleRowCount() > static_cast<int>(keys.size()));
    QCOMPARE(card->accessibleRowText(0), keys[0].key + QStringLiteral(": ") + keys[0].what);
    console.key(Qt::Key_A);  // nothing behind it hears
    QVERIFY(card->isVisible());
    console.key(Qt::Key_Escape);
    QVERIFY(!card->isVisible());
    if (before != nullptr) QCOMPARE(QApplication::focusWidget(), before);
  }
  console.key(Qt::Key_F1);
  console.key(Qt::Key_F1);
  QVERIFY(!console.window->keyCard()->isVisible());
  const auto calls = console.fake.calls();
  QVERIFY(std::none_of(calls.begin(), calls.end(),
                       [](const auto& call) { return call.starts_with("approveFix"); }));
}

void TestUiFinding::panelsComeBackByLastUse() {
  Console console;
  console.open();
  for (const auto id : {ui::PanelId::Logs, ui::PanelId::Audit, ui::PanelId::Agents}) console.window->open(id);
  const auto back = [&console] {
    // A click would let go of Ctrl.
    QTest::keyPress(console.window.get(), Qt::Key_Tab, Qt::ControlModifier);
    return console.window->current()->title();
  };
  const auto letGo = [&console] { QTest::keyRelease(console.window.get(), Qt::Key_Control); };
  QCOMPARE(back(), QStringLiteral("Audit"));
  QCOMPARE(back(), QStringLiteral("Logs"));
  letGo();
  QCOMPARE(back(), QStringLiteral("Agents"));
  letGo();
  QCOMPARE(back(), QStringLiteral("Logs"));
  for (int i = 0; i < 3; ++i) back();
  QCOMPARE(console.window->current()->title(), QStringLiteral("Agents"));
}

void TestUiFinding::firstRunComesOnceWhenNothingIsWatched() {
  Console console(false);
  console.open();
  QTRY_VERIFY(console.window->firstRun() && console.window->firstRun()->isVisible());
  QTRY_COMPARE(console.window->firstRun()->finder().logs().size(), size_t{10});
  console.key(Qt::Key_Escape);
  QVERIFY(!console.window->firstRun()->isVisible());
  console.window->bridge().refresh();
  QTest::qWait(100);
  QVERIFY(!console.window->firstRun()->isVisible());
  console.key(Qt::Key_K, Qt::ControlModifier);
  console.type("> add logs");
  console.key(Qt::Key_Return);
  QVERIFY(console.window->firstRun()->isVisible());
  QTRY_VERIFY(console.window->firstRun()->finder().state() == ui::LogFinder::State::Found);
  console.key(Qt::Key_Return, Qt::ControlModifier);
  QTRY_COMPARE(console.window->current()->title(), QStringLiteral("Logs"));
  QVERIFY(!console.window->firstRun()->isVisible());
  QCOMPARE(console.sources.lively.watched.size(), size_t{7});
}

void TestUiFinding::firstRunStaysAwayWhereLogsAreWatched() {
  Console console;
  console.open();
  QTest::qWait(100);
  QVERIFY(console.window->firstRun() == nullptr);
}

QTEST_MAIN(TestUiFinding)
#include "tst_ui_finding.moc"
