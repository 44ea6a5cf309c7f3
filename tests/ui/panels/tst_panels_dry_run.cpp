// Y tries the fix on screen; what was found stands beside the undo.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLabel>
#include <QTest>

#include "panels/approvals/approvals_panel.h"
#include "panels/approvals/dry_run_view.h"
#include "support/fake_operations.h"

using namespace aiops;

class TestDryRunPanel : public QObject {
  Q_OBJECT

  static QString textOf(const QWidget& view) {
    QStringList texts;
    for (const auto* label : view.findChildren<QLabel*>()) texts += label->text();
    return texts.join(QLatin1Char('\n'));
  }

 private Q_SLOTS:
  void yTriesTheFix() {
    test::FakeOperations fake;
    theme::Theme theme(theme::Scheme::Light);
    ui::EngineBridge bridge(fake, service::Caller{.name = "test", .mayOperate = true, .mayApprove = true});
    ui::ApprovalsPanel panel(theme, bridge);
    panel.resize(1450, 800);
    static_cast<QWidget&>(panel).show();
    QVERIFY(QTest::qWaitForWindowActive(&panel));
    bridge.refresh();
    QTRY_VERIFY(panel.findChild<ui::DryRunView*>() != nullptr);
    panel.activate({});
    const auto* view = panel.findChild<ui::DryRunView*>();
    QVERIFY(textOf(*view).contains(QStringLiteral("Y tries")));
    QTest::keyClick(&panel, Qt::Key_Y);
    QTRY_VERIFY(textOf(*panel.findChild<ui::DryRunView*>()).contains(QStringLiteral("1 of 2 checks fail")));
    QVERIFY(textOf(*panel.findChild<ui::DryRunView*>()).contains(QStringLiteral("not there")));
    fake.dryRun.checks[1].ok = true;
    QTest::keyClick(&panel, Qt::Key_Y);
    QTRY_VERIFY(textOf(*panel.findChild<ui::DryRunView*>()).contains(QStringLiteral("all 2 checks pass")));
  }

  void noAnswerIsSaid() {
    theme::Theme theme(theme::Scheme::Dark);
    ui::DryRunView view(theme);
    view.showResult(base::fail(base::ErrorCode::Conflict, "a <b>fix</b> is running"));
    QVERIFY(textOf(view).contains(QStringLiteral("a <b>fix</b> is running")));
    view.showResult(model::DryRun{});  // nothing was checked: no pass
    QVERIFY(!textOf(view).contains(QStringLiteral("pass")));
  }
};

QTEST_MAIN(TestDryRunPanel)
#include "tst_panels_dry_run.moc"
