// The console by keyboard and mouse, on an invented engine: what it sends, and what it refuses to send.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QLineEdit>
#include <QPushButton>
#include <QtTest>

#include "panels/approvals/argv_view.h"
#include "panels/approvals/decision_bar.h"
#include "panels/approvals/escaped_text.h"
#include "panels/approvals/reasons.h"
#include "shell/main_window.h"
#include "shell/status_line.h"
#include "support/fake_console_data.h"
#include "widgets/row_list.h"
#include "widgets/text.h"

using namespace aiops;

namespace {

constexpr auto kHostile =
    "<b>rm</b>\x1b[31m\xe2\x80\xae"
    "gpj.exe\xff";

/// A window on a fake engine, with one fix selected in the approvals and the guard time over.
struct Console {
  test::FakeOperations fake;
  theme::Theme theme{theme::Scheme::Dark};
  std::unique_ptr<ui::MainWindow> window;

  explicit Console(model::Risk risk, bool irreversible = false) {
    auto fix = test::consoleFix();
    fix.plan.risk = risk;
    fix.plan.irreversible = irreversible;
    fix.planHash = model::canonicalHash(fix.plan);
    test::fillStatus(fake.engine);
    fake.fixes = {fix};
  }
  void open() {
    theme.apply(*qApp);
    window = std::make_unique<ui::MainWindow>(theme, fake, service::Caller{"local operator", true, true});
    window->resize(1440, 900);
    window->show();
    QTRY_VERIFY(window->bridge().hasStatus() && !window->bridge().fixes().empty());
    window->open(ui::PanelId::Approvals, QStringLiteral("FIX-0087"));
  }
  QPushButton* button(const char* name) const {
    return window->findChild<QPushButton*>(QString::fromLatin1(name));
  }
  QLineEdit* field(const char* name) const {
    return window->findChild<QLineEdit*>(QString::fromLatin1(name));
  }
  void press(Qt::Key key) { QTest::keyClick(focused(), key); }
  QWidget* focused() const {
    return QApplication::focusWidget() ? QApplication::focusWidget() : window.get();
  }
  int calls(const std::string& name) const {
    const auto all = fake.calls();
    return static_cast<int>(
        std::count_if(all.begin(), all.end(), [&](const auto& call) { return call.starts_with(name); }));
  }
};

}  // namespace

class TestUiConsole : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void lowRiskTakesOneKey();
  void mediumRiskTakesEnterAfterA();
  void enterAloneNeverApproves();
  void escapeTakesTheConfirmationBack();
  void highRiskNeedsTheTypedTarget();
  void noUndoNeedsTheTypedTarget();
  void aChangedPlanLocksTheButton();
  void approvesThePlanOnScreen();
  void rejectNeedsAReason();
  void withoutApproveNothingIsSent();
  void partsOfAnApprovalGoRoundByKey();
  void oneClickStops();
  void resumeAsksInPlace();
  void hostileTextIsEscaped();
  void blanksOfArgumentsAreVisible();
  void noArgumentIsCutInTheLeastWindow();
  void quietTimesInForceAreSaidEverywhere();
  void aSilenceBeginsAtAnIncident();
  void nothingArrivesAfterTheWindow();
};

void TestUiConsole::lowRiskTakesOneKey() {
  Console console(model::Risk::Low);
  console.open();
  QTRY_VERIFY(console.button("approve")->isEnabled());
  console.press(Qt::Key_A);
  QTRY_COMPARE(console.calls("approveFix"), 1);
}

void TestUiConsole::mediumRiskTakesEnterAfterA() {
  Console console(model::Risk::Medium);
  console.open();
  QTRY_VERIFY(console.button("approve")->isEnabled());
  console.press(Qt::Key_A);
  QTest::qWait(50);
  QCOMPARE(console.calls("approveFix"), 0);
  console.press(Qt::Key_Return);
  QTRY_COMPARE(console.calls("approveFix"), 1);
}

void TestUiConsole::enterAloneNeverApproves() {
  for (const auto risk : {model::Risk::Low, model::Risk::Medium, model::Risk::High}) {
    Console console(risk);
    console.open();
    QTest::qWait(ui::DecisionBar::kGuardMs + 100);
    console.press(Qt::Key_Return);
    console.button("approve")->setFocus();
    console.press(Qt::Key_Return);
    QTest::qWait(50);
    QCOMPARE(console.calls("approveFix"), 0);
  }
}

void TestUiConsole::escapeTakesTheConfirmationBack() {
  Console console(model::Risk::Medium);
  console.open();
  QTRY_VERIFY(console.button("approve")->isEnabled());
  console.press(Qt::Key_A);
  console.press(Qt::Key_Escape);
  console.press(Qt::Key_Return);
  QTest::qWait(50);
  QCOMPARE(console.calls("approveFix"), 0);
}

void TestUiConsole::highRiskNeedsTheTypedTarget() {
  Console console(model::Risk::High);
  console.open();
  QTest::qWait(ui::DecisionBar::kGuardMs + 100);
  QVERIFY(!console.button("approve")->isEnabled());
  console.press(Qt::Key_A);
  QLineEdit* target = console.field("typedTarget");
  QVERIFY(target->isVisible());
  target->setFocus();
  QTest::keyClicks(target, QStringLiteral("we"));
  QVERIFY(!console.button("approve")->isEnabled());
  QTest::keyClicks(target, QStringLiteral("b"));
  QTRY_VERIFY(console.button("approve")->isEnabled());
  QTest::keyClick(target, Qt::Key_Return);
  QTest::qWait(50);
  QCOMPARE(console.calls("approveFix"), 0);
  QTest::mouseClick(console.button("approve"), Qt::LeftButton);
  QTRY_COMPARE(console.calls("approveFix"), 1);
}

void TestUiConsole::noUndoNeedsTheTypedTarget() {
  Console console(model::Risk::Low, true);
  console.open();
  QTest::qWait(ui::DecisionBar::kGuardMs + 100);
  QVERIFY(!console.button("approve")->isEnabled());
  QVERIFY(console.field("typedTarget")->isVisible());
}

void TestUiConsole::aChangedPlanLocksTheButton() {
  Console console(model::Risk::Low);
  test::FakeOperations& fake = console.fake;
  ui::EngineBridge bridge(fake, {"local operator", true, true});
  ui::DecisionBar bar(console.theme, bridge);
  bar.setFix(fake.fixes[0]);
  QTRY_VERIFY(bar.canApprove());
  auto changed = fake.fixes[0];
  changed.planHash = std::string(64, 'c');
  bar.setFix(changed);
  QVERIFY(!bar.canApprove());
  bar.pressApprove();
  QTRY_VERIFY(bar.canApprove());
  QCOMPARE(console.calls("approveFix"), 0);
}

void TestUiConsole::approvesThePlanOnScreen() {
  Console console(model::Risk::Low);
  console.open();
  const std::string shown = console.fake.fixes[0].planHash;
  QTRY_VERIFY(console.button("approve")->isEnabled());
  console.press(Qt::Key_A);
  QTRY_COMPARE(console.calls("approveFix"), 1);
  QCOMPARE(console.calls("approveFix local operator " + console.fake.fixes[0].id.str() + " " + shown), 1);
}

void TestUiConsole::rejectNeedsAReason() {
  Console console(model::Risk::Medium);
  console.open();
  console.press(Qt::Key_R);
  QLineEdit* reason = console.field("rejectReason");
  QTRY_VERIFY(reason->isVisible());
  QTest::keyClick(reason, Qt::Key_Return);
  QTest::qWait(50);
  QCOMPARE(console.calls("rejectFix"), 0);
  QTest::keyClicks(reason, QStringLiteral("not the cause"));
  QTest::keyClick(reason, Qt::Key_Return);
  QTRY_COMPARE(console.calls("rejectFix"), 1);
  QVERIFY(console.fake.calls().back().size() > 0);
}

void TestUiConsole::withoutApproveNothingIsSent() {
  Console console(model::Risk::Low);
  ui::EngineBridge bridge(console.fake, {"reader", false, false});
  ui::DecisionBar bar(console.theme, bridge);
  bar.setFix(console.fake.fixes[0]);
  QTest::qWait(ui::DecisionBar::kGuardMs + 100);
  QVERIFY(!bar.canApprove());
  bar.pressApprove();
  bar.pressReject();
  bar.pressConfirm();
  QTest::qWait(50);
  QCOMPARE(console.calls("approveFix") + console.calls("rejectFix"), 0);
}

void TestUiConsole::partsOfAnApprovalGoRoundByKey() {
  Console console(model::Risk::High);
  console.open();
  QTest::qWait(ui::DecisionBar::kGuardMs + 100);
  std::vector<QString> parts;
  for (int i = 0; i < 4; ++i) {
    console.press(Qt::Key_F6);
    parts.push_back(console.focused()->accessibleName());
  }
  QCOMPARE(parts,
           (std::vector<QString>{QStringLiteral("Steps"), QStringLiteral("Reasons"),
                                 QStringLiteral("Type the target to approve"), QStringLiteral("Decisions")}));
}

void TestUiConsole::oneClickStops() {
  Console console(model::Risk::Medium);
  console.open();
  QTest::mouseClick(console.button("stopAutomation"), Qt::LeftButton);
  QTRY_COMPARE(console.calls("stopAutomation local operator"), 1);
  QTRY_VERIFY(console.button("resumeAutomation")->isVisible());
  QVERIFY(!console.button("stopAutomation")->isVisible());
  QTRY_VERIFY(!console.button("approve")->isEnabled());
}

void TestUiConsole::resumeAsksInPlace() {
  Console console(model::Risk::Medium);
  console.fake.engine.automation.stopped = true;
  console.open();
  QTRY_VERIFY(console.button("resumeAutomation")->isVisible());
  QTest::mouseClick(console.button("resumeAutomation"), Qt::LeftButton);
  QCOMPARE(console.calls("resumeAutomation"), 0);
  QTest::mouseClick(console.button("confirmResume"), Qt::LeftButton);
  QTRY_COMPARE(console.calls("resumeAutomation"), 1);
  QTRY_VERIFY(console.button("stopAutomation")->isVisible());
}

void TestUiConsole::hostileTextIsEscaped() {
  const QString shown = ui::safeLine(kHostile);
  QVERIFY(shown.contains(QStringLiteral("<b>rm</b>")));
  QVERIFY(!shown.contains(QChar(0x1b)) && !shown.contains(QChar(0x202e)));
  Console console(model::Risk::Medium);
  auto& fix = console.fake.fixes[0];
  fix.title = fix.why = fix.plan.target = fix.plan.steps[1].title = kHostile;
  fix.unsure = fix.reaches = {kHostile};
  fix.plan.steps[1].command->argv = {"/usr/bin/webctl", kHostile};
  console.fake.engine.sources[0].source = kHostile;
  console.fake.engine.sources[0].readable = false;
  console.fake.engine.sources[0].problem = kHostile;
  console.open();
  console.window->open(ui::PanelId::Overview);
  QTest::qWait(100);
  for (const auto* widget : console.window->findChildren<QWidget*>()) {
    QString text = widget->accessibleName() + widget->accessibleDescription() + widget->toolTip();
    if (const auto* label = qobject_cast<const QLabel*>(widget)) {
      QCOMPARE(label->textFormat(), Qt::PlainText);
      text += label->text();
    }
    if (const auto* list = qobject_cast<const ui::RowList*>(widget)) {
      for (int row = 0; row < list->rowCount(); ++row) {
        text += list->model()->index(row, 0).data(Qt::AccessibleTextRole).toString();
      }
    }
    QVERIFY2(!text.contains(QChar(0x1b)) && !text.contains(QChar(0x202e)), widget->metaObject()->className());
  }
  const auto sections = ui::reasonsFor(fix, nullptr, {});
  for (const auto& section : sections) {
    for (const auto& line : section.lines) QVERIFY(!line.text.contains(QChar(0x202e)));
  }
}

void TestUiConsole::blanksOfArgumentsAreVisible() {
  QCOMPARE(ui::exactArgument(""), QStringLiteral("\u27E6empty\u27E7"));
  QCOMPARE(ui::exactArgument("a b"), QStringLiteral("a\u27E6space\u27E7b"));
  QCOMPARE(ui::exact("a\tb", false), QStringLiteral("a\u27E6TAB\u27E7b"));
}

void TestUiConsole::noArgumentIsCutInTheLeastWindow() {
  Console console(model::Risk::Medium);
  console.fake.fixes[0].plan.steps[1].command->argv.push_back(std::string(300, 'x'));
  console.open();
  console.window->resize(1024, 640);
  QTest::qWait(100);
  const auto views = console.window->findChildren<ui::ArgvView*>();
  QVERIFY(views.size() >= 2);
  for (const auto* view : views) QVERIFY(view->height() >= view->heightForWidth(view->width()));
}

void TestUiConsole::quietTimesInForceAreSaidEverywhere() {
  Console console(model::Risk::Low);
  console.open();
  const auto said = [&] {
    const auto items = console.window->findChildren<ui::TruthItem*>();
    return std::ranges::any_of(items, [](const auto* item) {
      return item->isVisible() && item->accessibleName().startsWith(QStringLiteral("In force: 2 silences"));
    });
  };
  QVERIFY(!said());
  console.fake.engine.activeSilences = 2;
  console.window->bridge().refresh();
  QTRY_VERIFY(said());
  console.window->resize(1024, 640);  // where others go
  QTest::qWait(1);
  QVERIFY(said());
  console.window->open(ui::PanelId::Logs);
  QVERIFY(said());
}

void TestUiConsole::aSilenceBeginsAtAnIncident() {
  Console console(model::Risk::Low);
  console.open();
  console.window->open(ui::PanelId::Investigations, QStringLiteral("INC-0231"));
  QTRY_COMPARE(console.window->current()->subject(), QStringLiteral("INC-0231"));
  QTest::keyClick(console.focused(), Qt::Key_S, Qt::ShiftModifier);
  QCOMPARE(console.window->current()->title(), QStringLiteral("Quiet times"));
  QTRY_VERIFY(console.field("silenceReason")->hasFocus());
  QTest::keyClicks(console.focused(), QStringLiteral("known"));
  QTest::keyClick(console.focused(), Qt::Key_Return, Qt::ControlModifier);
  QTRY_COMPARE(console.fake.fakeSilences.silences.size(), size_t{1});
  QCOMPARE(console.fake.fakeSilences.silences[0].services, (std::vector<std::string>{"front", "web"}));
}

void TestUiConsole::nothingArrivesAfterTheWindow() {
  Console console(model::Risk::Low);
  console.open();
  console.fake.holdReplies();
  console.window->bridge().refresh();
  console.window.reset();
  console.fake.releaseReplies();
  console.fake.change(service::Change::Fixes);
  QTest::qWait(150);
}

QTEST_MAIN(TestUiConsole)
#include "tst_ui_console.moc"
