// Silences and maintenance windows by their keys: what is refused, what is asked, what can be taken back.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>

#include "panels/quiet/name_picker.h"
#include "panels/quiet/quiet_panel.h"
#include "panels/quiet/silence_form.h"
#include "panels/quiet/window_form.h"
#include "shown_strings.h"
#include "support/fake_operations.h"
#include "widgets/change_bar.h"
#include "widgets/data_table.h"
#include "widgets/segment.h"

using namespace aiops;

namespace {

struct Bench {
  test::FakeOperations fake;
  test::FakeSilences& silences = fake.fakeSilences;
  theme::Theme theme{theme::Scheme::Dark};
  std::unique_ptr<ui::EngineBridge> bridge;
  std::unique_ptr<ui::QuietPanel> panel;

  Bench() {
    fake.engine.services = {{.name = "db"}, {.name = "web"}};
    fake.fakePatterns.listPatternsAnswer =
        std::vector<model::PatternInfo>{{.id = "disk-full", .name = "Disk full"}};
  }
  void open(bool mayOperate = true) {
    bridge =
        std::make_unique<ui::EngineBridge>(fake, service::Caller{.name = "tester", .mayOperate = mayOperate});
    panel = std::make_unique<ui::QuietPanel>(theme, *bridge);
    panel->resize(1264, 640);
    panel->show();
    QVERIFY(QTest::qWaitForWindowActive(panel.get()));
    QTRY_VERIFY(bridge->hasStatus());
    panel->activate({});
  }
  void openFull() {
    test::fillQuietTimes(silences, base::SystemClock().now());
    open();
    QTRY_VERIFY(panel->table().isVisible() && panel->table().hasFocus());
  }
  void press(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
    QWidget* focused = QApplication::focusWidget();
    QTest::keyClick(focused != nullptr ? focused : panel.get(), key, modifiers);
  }
  void type(const QString& text) { QTest::keyClicks(QApplication::focusWidget(), text); }
  QLineEdit* field(const char* name) const { return panel->findChild<QLineEdit*>(QString::fromLatin1(name)); }
  QString missing(const QWidget& form) const {
    return form.findChild<QLabel*>(QStringLiteral("missing"))->text();
  }
  ui::Segment* segment(const QWidget& form, const QString& text) const {
    for (auto* segment : form.findChildren<ui::Segment*>()) {
      if (segment->text() == text) return segment;
    }
    return nullptr;
  }
  QStringList texts() const {
    QStringList all;
    for (const auto* label : panel->findChildren<QLabel*>()) {
      if (label->isVisible()) all += label->text();
    }
    return all;
  }
  /// Ticks the first service and says why, all by keys.
  void fillSilence() {
    press(Qt::Key_N);
    press(Qt::Key_Down);
    press(Qt::Key_Space);
    field("silenceReason")->setFocus();
    type(QStringLiteral("planned work"));
  }
};

bool has(const QStringList& texts, const QString& part) {
  return std::ranges::any_of(texts, [&](const QString& text) { return text.contains(part); });
}

}  // namespace

class TestPanelsQuiet : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void withoutOperateNothingIsOffered();
  void anIncompleteSilenceIsNotSent();
  void aRefusalStaysInTheForm();
  void anIncompleteWindowIsNotSent();
  void aRefusedEndIsTold();
  void emptySaysWhatItIsFor();
  void aSilenceIsAddedByKeys();
  void addingCanBeTakenBack();
  void otherEndsAreTyped();
  void typedTextSurvivesEsc();
  void aSilenceOfAnIncidentIsFilledIn();
  void endingCanBeTakenBack();
  void aWindowIsAddedByKeys();
  void aWindowOnADate();
  void twoOpeningsArePreviewed();
  void filtersHideButNeverUntick();
  void everythingHasAName();
  void hostileText();
};

void TestPanelsQuiet::withoutOperateNothingIsOffered() {
  Bench bench;
  test::fillQuietTimes(bench.silences, base::SystemClock().now());
  bench.open(false);
  QTRY_VERIFY(bench.panel->table().hasFocus());
  for (const auto key : {Qt::Key_N, Qt::Key_W, Qt::Key_Delete}) bench.press(key);
  QVERIFY(!bench.panel->isAdding());
  QVERIFY(bench.silences.calls.empty());
  QVERIFY(has(bench.texts(), QStringLiteral("Your role lacks operate.")));
  for (const auto* button : bench.panel->findChildren<QPushButton*>()) {
    if (!button->isVisible() || button->objectName() == QStringLiteral("undo")) continue;
    QVERIFY(!button->isEnabled() && button->toolTip().contains(QStringLiteral("operate")));
  }
  // Also where another panel asks for one.
  bench.panel->activate(QStringLiteral("silence:web"));
  bench.field("silenceReason")->setText(QStringLiteral("why"));
  bench.press(Qt::Key_Return, Qt::ControlModifier);
  QVERIFY(bench.silences.calls.empty());
  QCOMPARE(bench.missing(bench.panel->silenceForm()), QStringLiteral("Your role lacks operate."));
}

void TestPanelsQuiet::anIncompleteSilenceIsNotSent() {
  Bench bench;
  bench.open();
  bench.press(Qt::Key_N);
  QTRY_VERIFY(bench.panel->isAdding());
  auto& form = bench.panel->silenceForm();
  bench.press(Qt::Key_Return, Qt::ControlModifier);
  QVERIFY(bench.missing(form).contains(QStringLiteral("Tick at least one")));
  form.fillIn({"web"});
  bench.press(Qt::Key_Return, Qt::ControlModifier);
  QVERIFY(bench.missing(form).contains(QStringLiteral("Say why")));
  bench.field("silenceReason")->setText(QStringLiteral("   "));
  bench.press(Qt::Key_Return, Qt::ControlModifier);
  bench.field("silenceReason")->setText(QStringLiteral("work"));
  bench.segment(form, QStringLiteral("Other"))->setChecked(true);
  for (const auto* end : {"", "soon", "2020-01-01 10:00"}) {
    bench.field("otherEnd")->setText(QString::fromLatin1(end));
    bench.press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(bench.missing(form).contains(QStringLiteral("Say until when")));
  }
  bench.field("otherEnd")->setText(QStringLiteral("8 d"));
  bench.press(Qt::Key_Return, Qt::ControlModifier);
  QVERIFY(bench.missing(form).contains(QStringLiteral("7 days at most")));
  QVERIFY(bench.silences.calls.empty());
}

void TestPanelsQuiet::aRefusalStaysInTheForm() {
  Bench bench;
  bench.open();
  bench.silences.failure = base::Error{base::ErrorCode::InvalidInput, "there is no service 'db'", "services"};
  bench.fillSilence();
  bench.press(Qt::Key_Return, Qt::ControlModifier);
  QTRY_VERIFY(bench.missing(bench.panel->silenceForm()).contains(QStringLiteral("there is no service 'db'")));
  QVERIFY(bench.panel->isAdding());
  QCOMPARE(bench.field("silenceReason")->text(), QStringLiteral("planned work"));
  bench.silences.failure.reset();
  bench.press(Qt::Key_Return, Qt::ControlModifier);
  QTRY_COMPARE(bench.silences.silences.size(), size_t{1});
}

void TestPanelsQuiet::anIncompleteWindowIsNotSent() {
  Bench bench;
  bench.open();
  bench.press(Qt::Key_W);
  QTRY_VERIFY(bench.panel->isAdding());
  auto& form = bench.panel->windowForm();
  const auto refused = [&](const char* words) {
    bench.press(Qt::Key_Return, Qt::ControlModifier);
    return bench.missing(form).contains(QString::fromLatin1(words));
  };
  QVERIFY(refused("Give it a name"));
  bench.field("windowName")->setText(QStringLiteral("backup"));
  QVERIFY(refused("at least one day"));
  bench.segment(form, QStringLiteral("Once"))->setChecked(true);
  QVERIFY(refused("Write the date"));
  bench.field("windowDate")->setText(QStringLiteral("2020-02-30"));
  QVERIFY(refused("Write the date"));
  bench.field("windowDate")->setText(QStringLiteral("2020-02-28"));
  QVERIFY(refused("Write the start"));
  bench.field("windowStart")->setText(QStringLiteral("25:00"));
  QVERIFY(refused("Write the start"));
  bench.field("windowStart")->setText(QStringLiteral("02:30"));
  QVERIFY(refused("It lasts"));
  bench.field("windowLength")->setText(QStringLiteral("25 h"));
  QVERIFY(refused("It lasts"));
  bench.field("windowLength")->setText(QStringLiteral("1 h"));
  bench.field("windowZone")->setText(QStringLiteral("Europe/Atlantis"));
  QVERIFY(refused("Name a zone"));
  bench.field("windowZone")->setText(QStringLiteral("Europe/Paris"));
  QVERIFY(refused("That time is over"));
  QVERIFY(bench.silences.calls.empty());
}

void TestPanelsQuiet::aRefusedEndIsTold() {
  Bench bench;
  bench.openFull();
  bench.silences.failure = base::Error{base::ErrorCode::NotFound, "there is no such silence", "s-redis"};
  bench.press(Qt::Key_Delete);
  QTRY_VERIFY(bench.panel->changeBar().words().contains(QStringLiteral("there is no such silence")));
  QVERIFY(!bench.panel->changeBar().undo());
  QCOMPARE(bench.panel->table().model()->rowCount(), 5);
}

void TestPanelsQuiet::emptySaysWhatItIsFor() {
  Bench bench;
  bench.open();
  QTRY_VERIFY(has(bench.texts(), QStringLiteral("Nothing is quiet")));
  QVERIFY(has(bench.texts(), QStringLiteral("Press N")));
  QVERIFY(!bench.panel->table().isVisible());
}

void TestPanelsQuiet::aSilenceIsAddedByKeys() {
  Bench bench;
  bench.open();
  bench.fillSilence();
  const auto before = base::SystemClock().now();
  bench.segment(bench.panel->silenceForm(), QStringLiteral("30 min"))->setFocus();
  bench.press(Qt::Key_Right);  // 2 h
  bench.press(Qt::Key_Return, Qt::ControlModifier);
  QTRY_COMPARE(bench.silences.silences.size(), size_t{1});
  const auto& made = bench.silences.silences.front();
  QCOMPARE(made.services, std::vector<std::string>{"db"});
  QVERIFY(made.patterns.empty());
  QCOMPARE(made.reason, std::string("planned work"));
  QVERIFY(made.until >= before + std::chrono::hours(2));
  QVERIFY(made.until <= base::SystemClock().now() + std::chrono::hours(2));
  QTRY_VERIFY(bench.panel->table().isVisible() && !bench.panel->isAdding());
  QTRY_VERIFY(has(bench.texts(), QStringLiteral("1 silence in force")));
  QVERIFY(bench.field("silenceReason")->text().isEmpty());
}

void TestPanelsQuiet::addingCanBeTakenBack() {
  Bench bench;
  bench.open();
  bench.fillSilence();
  bench.press(Qt::Key_Return, Qt::ControlModifier);
  QTRY_VERIFY(bench.panel->changeBar().words().contains(QStringLiteral("Quiet now: db")));
  QTRY_VERIFY(bench.panel->table().isVisible());
  bench.panel->table().setFocus();
  bench.press(Qt::Key_Z, Qt::ControlModifier);
  QTRY_VERIFY(bench.silences.silences.empty());
  QCOMPARE(bench.silences.calls.back(), std::string("removeSilence tester silence-1"));
}

void TestPanelsQuiet::otherEndsAreTyped() {
  Bench bench;
  bench.open();
  bench.fillSilence();
  auto& form = bench.panel->silenceForm();
  auto* other = bench.segment(form, QStringLiteral("Other"));
  other->setFocus();
  bench.press(Qt::Key_Space);
  QVERIFY(bench.field("otherEnd")->isVisible());
  bench.field("otherEnd")->setFocus();
  bench.type(QStringLiteral("3 h"));
  bench.press(Qt::Key_Return, Qt::ControlModifier);
  QTRY_COMPARE(bench.silences.silences.size(), size_t{1});
  const auto left = bench.silences.silences.front().until - base::SystemClock().now();
  QVERIFY(left > std::chrono::minutes(179) && left <= std::chrono::hours(3));
}

void TestPanelsQuiet::typedTextSurvivesEsc() {
  Bench bench;
  bench.openFull();
  bench.fillSilence();
  bench.press(Qt::Key_Escape);
  QVERIFY(!bench.panel->isAdding());
  QVERIFY(bench.panel->table().hasFocus());
  bench.press(Qt::Key_N);
  QVERIFY(bench.panel->isAdding());
  QCOMPARE(bench.field("silenceReason")->text(), QStringLiteral("planned work"));
  bench.press(Qt::Key_Return, Qt::ControlModifier);
  QTRY_COMPARE(bench.silences.silences.size(), size_t{3});
}

void TestPanelsQuiet::aSilenceOfAnIncidentIsFilledIn() {
  Bench bench;
  bench.openFull();
  bench.panel->activate(QStringLiteral("silence:web\nlearnt"));
  QTRY_VERIFY(bench.field("silenceReason")->hasFocus());
  bench.type(QStringLiteral("known"));
  bench.press(Qt::Key_Return, Qt::ControlModifier);
  QTRY_COMPARE(bench.silences.silences.size(), size_t{3});
  QCOMPARE(bench.silences.silences.back().services, (std::vector<std::string>{"learnt", "web"}));
}

void TestPanelsQuiet::endingCanBeTakenBack() {
  Bench bench;
  bench.openFull();
  bench.panel->table().selectId(QStringLiteral("s-redis"));
  const auto until = bench.silences.silences.front().until;
  bench.press(Qt::Key_Delete);
  QTRY_VERIFY(
      bench.panel->changeBar().words().contains(QStringLiteral("Ended the silence of redis, worker")));
  QCOMPARE(bench.silences.calls.back(), std::string("removeSilence tester s-redis"));
  bench.press(Qt::Key_Z, Qt::ControlModifier);
  QTRY_COMPARE(bench.silences.silences.size(), size_t{2});
  QCOMPARE(bench.silences.silences.back().until, until);
  QCOMPARE(bench.silences.silences.back().services, (std::vector<std::string>{"redis", "worker"}));

  bench.panel->table().selectId(QStringLiteral("w-backup"));
  bench.press(Qt::Key_Delete);
  QTRY_VERIFY(bench.panel->changeBar().words().contains(QStringLiteral("Removed Weekly backup")));
  QCOMPARE(bench.silences.windows.size(), size_t{2});
  bench.press(Qt::Key_Z, Qt::ControlModifier);
  QTRY_COMPARE(bench.silences.windows.size(), size_t{3});
  QCOMPARE(bench.silences.windows.back().days.size(), size_t{4});
}

void TestPanelsQuiet::aWindowIsAddedByKeys() {
  Bench bench;
  bench.open();
  bench.press(Qt::Key_W);
  QTRY_VERIFY(bench.field("windowName")->hasFocus());
  bench.type(QStringLiteral("Backup"));
  auto& form = bench.panel->windowForm();
  for (const auto* day : {"Sun", "Wed"}) {
    bench.segment(form, QString::fromLatin1(day))->setFocus();
    bench.press(Qt::Key_Space);
  }
  bench.field("windowStart")->setFocus();
  bench.type(QStringLiteral("02:30"));
  bench.field("windowLength")->setFocus();
  bench.type(QStringLiteral("1 h 30 min"));
  bench.field("windowZone")->setText(QStringLiteral("Europe/Paris"));
  bench.press(Qt::Key_Return, Qt::ControlModifier);
  QTRY_COMPARE(bench.silences.windows.size(), size_t{1});
  const auto& made = bench.silences.windows.front();
  QCOMPARE(made.name, std::string("Backup"));
  QCOMPARE(made.days, (std::vector<std::string>{"wed", "sun"}));
  QVERIFY(made.date.empty() && made.services.empty());
  QCOMPARE(made.start, std::string("02:30"));
  QCOMPARE(made.durationMinutes, 90u);
  QCOMPARE(made.zone, std::string("Europe/Paris"));
}

void TestPanelsQuiet::aWindowOnADate() {
  Bench bench;
  bench.open();
  bench.press(Qt::Key_W);
  QTRY_VERIFY(bench.panel->isAdding());
  auto& form = bench.panel->windowForm();
  QVERIFY(model::windowZone(bench.field("windowZone")->text().toStdString()));
  bench.segment(form, QStringLiteral("Sun"))->setChecked(true);
  bench.segment(form, QStringLiteral("Once"))->setChecked(true);
  for (const auto& [name, text] : {std::pair("windowName", "Move"), std::pair("windowDate", "2090-05-01"),
                                   std::pair("windowStart", "22:00"), std::pair("windowLength", "45")})
    bench.field(name)->setText(QString::fromLatin1(text));
  bench.press(Qt::Key_Return, Qt::ControlModifier);
  QTRY_COMPARE(bench.silences.windows.size(), size_t{1});
  QCOMPARE(bench.silences.windows.front().date, std::string("2090-05-01"));
  QVERIFY(bench.silences.windows.front().days.empty());
}

void TestPanelsQuiet::twoOpeningsArePreviewed() {
  Bench bench;
  bench.open();
  bench.press(Qt::Key_W);
  QTRY_VERIFY(bench.panel->isAdding());
  bench.segment(bench.panel->windowForm(), QStringLiteral("Sun"))->setChecked(true);
  for (const auto& [name, text] : {std::pair("windowName", "Backup"), std::pair("windowStart", "02:30"),
                                   std::pair("windowLength", "45"), std::pair("windowZone", "Asia/Tokyo")})
    bench.field(name)->setText(QString::fromLatin1(text));
  const auto texts = bench.texts();
  const auto preview = std::ranges::find_if(
      texts, [](const QString& text) { return text.startsWith(QStringLiteral("Next: ")); });
  QVERIFY(preview != texts.end());
  QCOMPARE(preview->count(QStringLiteral("02:30 to 03:15 Asia/Tokyo")), 2);
  QVERIFY(preview->contains(QStringLiteral("\nThen: Sun")));
}

void TestPanelsQuiet::filtersHideButNeverUntick() {
  Bench bench;
  bench.open();
  bench.press(Qt::Key_N);
  auto* picker = bench.panel->silenceForm().findChild<ui::NamePicker*>();
  QTRY_COMPARE(picker->list().rowCount(), 2);
  bench.press(Qt::Key_Down);
  bench.press(Qt::Key_Space);
  picker->filter()->setText(QStringLiteral("web"));
  QCOMPARE(picker->list().rowCount(), 2);  // what is ticked stays in sight
  picker->filter()->setText(QStringLiteral("nothing like it"));
  QCOMPARE(picker->list().rowCount(), 1);
  QCOMPARE(picker->ticked(), std::vector<std::string>{"db"});
  QTest::mouseClick(picker->list().viewport(), Qt::LeftButton, {}, QPoint(12, 12));
  QVERIFY(picker->ticked().empty());
}

void TestPanelsQuiet::everythingHasAName() {
  Bench bench;
  bench.openFull();
  QCOMPARE(test::nameless(*bench.panel), QString());
  for (const auto key : {Qt::Key_N, Qt::Key_W}) {
    bench.press(key);
    QVERIFY(bench.panel->isAdding());
    QCOMPARE(test::nameless(*bench.panel), QString());
    bench.press(Qt::Key_Escape);
  }
}

void TestPanelsQuiet::hostileText() {
  Bench bench;
  test::fillQuietTimes(bench.silences, base::SystemClock().now());
  auto& silence = bench.silences.silences.front();
  silence.services = {test::kHostile};
  silence.patterns = {test::kHostile};
  silence.reason = silence.by = test::kHostile;
  auto& window = bench.silences.windows.front();
  window.name = window.by = window.zone = window.start = test::kHostile;
  bench.fake.engine.services = {{.name = test::kHostile}};
  bench.fake.fakePatterns.listPatternsAnswer =
      std::vector<model::PatternInfo>{{.id = test::kHostile, .name = test::kHostile}};
  bench.open();
  QTRY_COMPARE(bench.panel->table().model()->rowCount(), 5);
  for (int i = 0; i < 5; ++i) {
    QCOMPARE(test::dangerous(*bench.panel), QString());
    bench.press(Qt::Key_J);
  }
  bench.press(Qt::Key_N);
  QCOMPARE(test::dangerous(*bench.panel), QString());
}

QTEST_MAIN(TestPanelsQuiet)
#include "tst_panels_quiet.moc"
