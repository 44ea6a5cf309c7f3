// The first run by its keys: found, chosen, looked at, watched; and why not.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAccessible>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

#include "panels/firstrun/first_run_page.h"
#include "panels/firstrun/found_list.h"
#include "panels/firstrun/log_preview_view.h"
#include "support/fake_operations.h"
#include "support/lively_sources.h"
#include "widgets/key_button.h"

using namespace aiops;

namespace {

struct Bench {
  explicit Bench(bool admin = true)
      : sources(fake),
        bridge(sources, {.name = "test", .isAdmin = admin}),
        theme(theme::Scheme::Dark),
        page(theme, bridge) {
    page.resize(1440, 900);
  }
  void open() {
    page.show();
    page.open();
    QTRY_VERIFY(page.finder().state() != ui::LogFinder::State::Finding);
  }
  void key(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
    QTest::keyClick(page.window()->focusWidget(), key, modifiers);
  }
  bool says(const QString& words) {
    const auto labels = page.findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(), [&words](const QLabel* label) {
      return label->isVisible() && label->text().contains(words);
    });
  }

  test::FakeOperations fake;
  test::WithSources sources;
  ui::EngineBridge bridge;
  theme::Theme theme;
  ui::FirstRunPage page;
};

}  // namespace

class TestFirstRun : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void watchesWhatIsTicked();
  void nothingIsWatchedByLooking();
  void unreadableLogsSayHowToAllow();
  void logsCanBeAdded();
  void failuresAreSaidInPlace();
  void nothingFoundOffersAWay();
  void theDemoIsAbsentUnlessItCanStart();
  void withoutAdminItSaysSo();
  void hostileNamesAreShownEscaped();
  void everyControlHasAName();
};

void TestFirstRun::watchesWhatIsTicked() {
  Bench bench;
  QSignalSpy watched(&bench.page, &ui::FirstRunPage::watched);
  bench.open();
  QVERIFY(bench.says(QStringLiteral("10 logs found on")));
  QCOMPARE(bench.page.finder().chosenCount(), size_t{7});
  QVERIFY(bench.page.list().hasFocus());
  bench.key(Qt::Key_Space);
  QCOMPARE(bench.page.finder().chosenCount(), size_t{6});
  bench.key(Qt::Key_A);
  QCOMPARE(bench.page.finder().chosenCount(), size_t{9});
  bench.key(Qt::Key_A);
  QCOMPARE(bench.page.finder().chosenCount(), size_t{0});
  QVERIFY(!bench.page.watchButton()->isEnabled());
  bench.key(Qt::Key_J);
  bench.key(Qt::Key_Space);
  bench.key(Qt::Key_Return, Qt::ControlModifier);
  QTRY_COMPARE(watched.count(), 1);
  QCOMPARE(bench.sources.lively.watched.size(), size_t{1});
  QCOMPARE(bench.sources.lively.watched[0].path, std::string("/var/log/nginx/error.log"));
}

void TestFirstRun::nothingIsWatchedByLooking() {
  Bench bench;
  QSignalSpy left(&bench.page, &ui::FirstRunPage::left);
  bench.open();
  QTRY_VERIFY(bench.page.preview().rows()->rowCount() > 0);
  bench.key(Qt::Key_Return);
  QVERIFY(bench.page.preview().rows()->hasFocus());
  bench.key(Qt::Key_Escape);
  QVERIFY(bench.page.list().hasFocus());
  bench.key(Qt::Key_Escape);
  QCOMPARE(left.count(), 1);
  QVERIFY(bench.sources.lively.watched.empty());
}

void TestFirstRun::unreadableLogsSayHowToAllow() {
  Bench bench;
  bench.open();
  bench.page.list().selectId(QStringLiteral("/var/log/auth.log"));
  QTRY_VERIFY(bench.page.preview().command().contains(QStringLiteral("setfacl")));
  QVERIFY(bench.page.preview().stateText().contains(QStringLiteral("permission denied")));
  const auto chosen = bench.page.finder().chosenCount();
  bench.key(Qt::Key_Space);
  QCOMPARE(bench.page.finder().chosenCount(), chosen);
}

void TestFirstRun::logsCanBeAdded() {
  Bench bench;
  bench.open();
  bench.key(Qt::Key_A);
  bench.key(Qt::Key_A);
  auto* field = bench.page.findChildren<QLineEdit*>().at(0);
  for (auto* edit : bench.page.findChildren<QLineEdit*>()) {
    if (!edit->isReadOnly()) field = edit;
  }
  field->setFocus();
  QTest::keyClicks(field, QStringLiteral("/srv/app/*.log"));
  QTest::keyClick(field, Qt::Key_Return);
  QCOMPARE(bench.page.finder().chosenCount(), size_t{1});
  QVERIFY(bench.page.list().hasFocus());
  bench.key(Qt::Key_Return, Qt::ControlModifier);
  QTRY_COMPARE(bench.sources.lively.watched.size(), size_t{1});
  QCOMPARE(bench.sources.lively.watched[0].path, std::string("/srv/app/*.log"));
}

void TestFirstRun::failuresAreSaidInPlace() {
  Bench bench;
  bench.sources.lively.discoverFailure =
      base::Error{base::ErrorCode::Io, "too many open files", "/var/log", ""};
  bench.open();
  QVERIFY(bench.says(QStringLiteral("too many open files")));
  bench.sources.lively.discoverFailure.reset();
  bench.key(Qt::Key_F5);
  QTRY_COMPARE(bench.page.finder().logs().size(), size_t{10});
  bench.sources.lively.addFailure = base::Error{base::ErrorCode::Io, "the disk is full", "", ""};
  const auto chosen = bench.page.finder().chosenCount();
  bench.key(Qt::Key_Return, Qt::ControlModifier);
  QTRY_VERIFY(bench.page.note().contains(QStringLiteral("the disk is full")));
  QCOMPARE(bench.page.finder().chosenCount(), chosen);
  QVERIFY(bench.page.watchButton()->isEnabled());
}

void TestFirstRun::nothingFoundOffersAWay() {
  Bench bench;
  bench.sources.lively.logs.clear();
  bench.open();
  QVERIFY(bench.says(QStringLiteral("No logs found on")));
  QVERIFY(bench.says(QStringLiteral("Add a file.")));
  bench.page.offerDemo([] { return base::Result<>{}; });
  bench.key(Qt::Key_F5);
  QTRY_VERIFY(bench.says(QStringLiteral("or try the demo")));
}

void TestFirstRun::theDemoIsAbsentUnlessItCanStart() {
  Bench bench;
  bench.open();
  QVERIFY(!bench.page.demoButton()->isVisible());
  int starts = 0;
  bench.page.offerDemo([&starts]() -> base::Result<> {
    if (++starts == 1) return {};
    return base::fail(base::ErrorCode::Conflict, "the demo runs already");
  });
  QVERIFY(bench.page.demoButton()->isVisible());
  bench.page.demoButton()->click();
  QVERIFY(bench.page.note().contains(QStringLiteral("window of its own")));
  bench.page.demoButton()->click();
  QVERIFY(bench.page.note().contains(QStringLiteral("runs already")));
}

void TestFirstRun::withoutAdminItSaysSo() {
  Bench bench(false);
  bench.open();
  QVERIFY(bench.page.note().contains(QStringLiteral("lacks admin")));
  QVERIFY(!bench.page.watchButton()->isEnabled());
  bench.key(Qt::Key_Return, Qt::ControlModifier);
  QVERIFY(bench.sources.lively.watched.empty());
}

void TestFirstRun::hostileNamesAreShownEscaped() {
  Bench bench;
  bench.sources.lively.logs.clear();
  for (const auto& text : test::hostileStrings(200)) {
    auto log = test::foundLog("/var/log/" + text, text, 10, 10);
    log.readable = bench.sources.lively.logs.size() % 2 == 0;
    log.problem = text;
    log.howToAllow = "sudo chmod a+r " + text;
    bench.sources.lively.logs.push_back(log);
  }
  bench.open();
  const auto harmless = [](const QString& text) {
    return std::none_of(text.begin(), text.end(), [](QChar unit) {
      return unit.category() == QChar::Other_Format || unit.category() == QChar::Other_Control;
    });
  };
  auto& list = bench.page.list();
  QCOMPARE(list.rowCount(), 200);
  for (int row = 0; row < list.rowCount(); ++row) {
    const auto index = list.model()->index(row, 0);
    const QString name = index.data(Qt::AccessibleTextRole).toString();
    QVERIFY2(harmless(name) && name.contains(QStringLiteral("⟦")), qPrintable(name));
    list.setCurrentIndex(index);
    for (const auto* label : bench.page.findChildren<QLabel*>())
      QVERIFY2(harmless(label->text()), qPrintable(label->text()));
    QVERIFY(harmless(bench.page.preview().command()));
  }
}

void TestFirstRun::everyControlHasAName() {
  Bench bench;
  bench.open();
  for (auto* widget : bench.page.findChildren<QWidget*>()) {
    if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible()) continue;
    if (widget->objectName().startsWith(QStringLiteral("qt_"))) continue;
    auto* accessible = QAccessible::queryAccessibleInterface(widget);
    QVERIFY2(accessible && !accessible->text(QAccessible::Name).isEmpty(), widget->metaObject()->className());
  }
}

QTEST_MAIN(TestFirstRun)
#include "tst_panels_firstrun.moc"
