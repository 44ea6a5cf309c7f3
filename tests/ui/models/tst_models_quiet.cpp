// Quiet times: what a person types for one, what it says in words, and in which order they stand.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>

#include "models/cell_text.h"
#include "models/quiet_model.h"
#include "models/quiet_times.h"
#include "support/fake_operations.h"
#include "support/wrapped_operations.h"

using namespace aiops;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

base::TimePoint utc(const char* text) {
  return base::fromIso8601(text).value();
}

model::MaintenanceWindow sundays() {
  return {.name = "backup",
          .days = {"sun"},
          .start = "02:30",
          .durationMinutes = 60,
          .zone = "Europe/Paris",
          .createdAt = utc("2026-01-01T00:00:00Z")};
}

}  // namespace

class TestModelsQuiet : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void whatIsNoSpanIsRefused();
  void spansAreReadAndWritten();
  void endsThatAreNoneAreRefused();
  void endsAreByTheClocksHere();
  void windowsThatCannotBeNeverOpen();
  void openingsKeepToTheirClocks();
  void aDateOpensOnce();
  void wordsNameWhatIsQuiet();
  void namesAreNeverRaw();
  void zonesAreThoseAWindowMayName();
  void aRefusalIsToldAndAsksAgain();
  void anUnreachableEngineKeepsTheRows();
  void whatIsInForceComesFirst();
};

void TestModelsQuiet::whatIsNoSpanIsRefused() {
  for (const auto* text : {"", " ", "0", "0 h", "h", "-5", "2 x", "1.5 h", "2 h 3 d", "99999999 min"})
    QVERIFY2(!ui::spanOf(QString::fromLatin1(text)), text);
}

void TestModelsQuiet::spansAreReadAndWritten() {
  const std::pair<const char*, minutes> good[] = {
      {"90", minutes(90)},  {"90 min", minutes(90)}, {"2h", hours(2)},    {"1 h 30 min", minutes(90)},
      {" 2 D ", hours(48)}, {"1 d 2 h", hours(26)},  {"45m", minutes(45)}};
  for (const auto& [text, span] : good)
    QCOMPARE(ui::spanOf(QString::fromLatin1(text)).value_or(minutes(0)), span);
  QCOMPARE(ui::minutesText(minutes(45)), QStringLiteral("45 min"));
  QCOMPARE(ui::minutesText(minutes(90)), QStringLiteral("1 h 30 min"));
  QCOMPARE(ui::minutesText(hours(48)), QStringLiteral("2 d"));
}

void TestModelsQuiet::endsThatAreNoneAreRefused() {
  const auto now = utc("2026-11-29T12:00:00Z");
  for (const auto* text :
       {"", "soon", "25:00", "2026-11-28 10:00", "2026-13-01 10:00", "2026-11-30", "x 18:30"})
    QVERIFY2(!ui::untilOf(QString::fromLatin1(text), now, QTimeZone::utc()), text);
}

void TestModelsQuiet::endsAreByTheClocksHere() {
  const auto now = utc("2026-11-29T12:00:00Z");
  const QTimeZone paris("Europe/Paris");
  QCOMPARE(ui::untilOf(QStringLiteral("3 h"), now, paris).value(), utc("2026-11-29T15:00:00Z"));
  QCOMPARE(ui::untilOf(QStringLiteral("18:30"), now, paris).value(), utc("2026-11-29T17:30:00Z"));
  QCOMPARE(ui::untilOf(QStringLiteral("12:30"), now, paris).value(), utc("2026-11-30T11:30:00Z"));
  QCOMPARE(ui::untilOf(QStringLiteral("2026-12-01 08:00"), now, paris).value(), utc("2026-12-01T07:00:00Z"));
  QCOMPARE(ui::tomorrowMorning(now, paris), utc("2026-11-30T07:00:00Z"));
  // 23:30 UTC is the next day in Paris: its morning is the one after.
  QCOMPARE(ui::tomorrowMorning(utc("2026-11-29T23:30:00Z"), paris), utc("2026-12-01T07:00:00Z"));
}

void TestModelsQuiet::windowsThatCannotBeNeverOpen() {
  const auto now = utc("2026-03-01T00:00:00Z");
  const auto never = [&](auto change) {
    auto window = sundays();
    change(window);
    return model::openings(window, now, 2).empty();
  };
  QVERIFY(never([](auto& window) { window.zone = "Europe/Atlantis"; }));
  QVERIFY(never([](auto& window) { window.zone = "+01:00"; }));
  QVERIFY(never([](auto& window) { window.start = "2:30"; }));
  QVERIFY(never([](auto& window) { window.days.clear(); }));
  QVERIFY(never([](auto& window) {
    window.days.clear();
    window.date = "2026-02-30";
  }));
}

void TestModelsQuiet::openingsKeepToTheirClocks() {
  // On 29 March clocks in Paris leave out 02:00 to 03:00: it starts at 03:30 there.
  const auto next = model::openings(sundays(), utc("2026-03-22T01:45:00Z"), 3);
  QCOMPARE(next.size(), size_t{3});
  QCOMPARE(next[0].from, utc("2026-03-22T01:30:00Z"));  // the one that is open
  QCOMPARE(next[1].from, utc("2026-03-29T01:30:00Z"));
  QCOMPARE(next[2].from, utc("2026-04-05T00:30:00Z"));
  for (const auto& opening : next) QCOMPARE(opening.until - opening.from, base::Duration(hours(1)));
  QCOMPARE(model::openings(sundays(), utc("2026-03-22T02:30:00Z"), 1)[0].from, utc("2026-03-29T01:30:00Z"));
  QCOMPARE(ui::openingText(next[2], QTimeZone("Europe/Paris"), QTimeZone::utc()),
           QStringLiteral("Sun 5 Apr 02:30 to 03:30 Europe/Paris, here 00:30 to 01:30 UTC"));
  QCOMPARE(ui::openingText(next[2], QTimeZone("Europe/Paris"), QTimeZone("Europe/Berlin")),
           QStringLiteral("Sun 5 Apr 02:30 to 03:30 Europe/Paris"));
}

void TestModelsQuiet::aDateOpensOnce() {
  auto window = sundays();
  window.days.clear();
  window.date = "2026-06-01";
  QCOMPARE(model::openings(window, utc("2026-01-01T00:00:00Z"), 2).size(), size_t{1});
  QVERIFY(model::openings(window, utc("2026-06-01T01:30:00Z"), 2).empty());
}

void TestModelsQuiet::wordsNameWhatIsQuiet() {
  model::Silence silence{.services = {"web", "db"}};
  QCOMPARE(ui::quietWhat(silence), QStringLiteral("web, db"));
  silence.patterns = {"oom"};
  QCOMPARE(ui::quietWhat(silence), QStringLiteral("oom in web, db"));
  silence.services.clear();
  QCOMPARE(ui::quietWhat(silence), QStringLiteral("pattern oom"));
  QCOMPARE(ui::quietWhat(sundays()), QStringLiteral("all services"));
  QCOMPARE(ui::repeatText(sundays()), QStringLiteral("Sun 02:30 Europe/Paris, for 1 h"));
  QCOMPARE(ui::quietCounts(0, 0), QString());
  QCOMPARE(ui::quietCounts(2, 0), QStringLiteral("2 silences"));
  QCOMPARE(ui::quietCounts(1, 1), QStringLiteral("1 silence, 1 window"));
  silence.services = {"a", "b", "c", "d", "e", "f", "g", "h"};
  silence.patterns.clear();
  QCOMPARE(ui::quietWhat(silence), QStringLiteral("a, b, c, d, e, f and 2 more"));
}

void TestModelsQuiet::namesAreNeverRaw() {
  const model::Silence silence{.services = {"web\x1b[31m"}, .patterns = {"\xe2\x80\xaegpj"}};
  QVERIFY(!ui::quietWhat(silence).contains(QChar(0x1b)));
  QVERIFY(!ui::quietWhat(silence).contains(QChar(0x202e)));
}

void TestModelsQuiet::zonesAreThoseAWindowMayName() {
  const auto names = ui::zoneNames();
  QVERIFY(names.contains(QStringLiteral("Europe/Paris")));
  QCOMPARE(names.front(), QStringLiteral("UTC"));
  for (const auto& name : names) QVERIFY2(model::windowZone(name.toStdString()), qPrintable(name));
  QVERIFY(model::windowZone(ui::zoneHere().toStdString()));
}

void TestModelsQuiet::aRefusalIsToldAndAsksAgain() {
  test::FakeOperations fake;
  ui::EngineBridge bridge(fake, {.name = "test", .mayOperate = true});
  ui::QuietModel model(bridge);
  QSignalSpy refreshed(&model, &ui::QuietModel::refreshed);
  fake.fakeSilences.failure =
      base::Error{base::ErrorCode::InvalidInput, "there is no service 'x'", "services"};
  QString refusal;
  model.add(model::Silence{.reason = "r"}, [&](const QString& why, const auto&) { refusal = why; });
  QTRY_COMPARE(refusal, QStringLiteral("there is no service 'x' (services)"));
  QTRY_COMPARE(refreshed.count(), 1);
  QCOMPARE(model.rowCount(), 0);
}

void TestModelsQuiet::anUnreachableEngineKeepsTheRows() {
  struct Silent final : test::FakeSilences {
    bool down = false;
    void listSilences(service::Reply<std::vector<model::Silence>> reply) override {
      if (down) return reply(base::fail(base::ErrorCode::Unavailable, "gone", "engine"));
      FakeSilences::listSilences(reply);
    }
  };
  struct Wrapped final : test::WrappedOperations {
    using WrappedOperations::WrappedOperations;
    Silent silent;
    service::SilenceOperations& silences() override { return silent; }
  };
  test::FakeOperations fake;
  Wrapped operations(fake);
  test::fillQuietTimes(operations.silent, base::SystemClock().now());
  ui::EngineBridge bridge(operations, {.name = "test"});
  ui::QuietModel model(bridge);
  model.refresh();
  QTRY_COMPARE(model.rowCount(), 5);
  operations.silent.down = true;
  model.refresh();
  QTRY_COMPARE(model.problem(), std::string("gone (engine)"));
  QCOMPARE(model.rowCount(), 5);
}

void TestModelsQuiet::whatIsInForceComesFirst() {
  test::FakeOperations fake;
  test::fillQuietTimes(fake.fakeSilences, base::SystemClock().now());
  ui::EngineBridge bridge(fake, {.name = "test"});
  ui::QuietModel model(bridge);
  model.refresh();
  QTRY_COMPARE(model.rowCount(), 5);
  const auto cell = [&](int row, int column) { return model.index(row, column).data().toString(); };
  using State = ui::QuietTime::State;
  QCOMPARE(model.all().front().state, State::InForce);
  QCOMPARE(model.all().back().state, State::Over);
  QCOMPARE(model.all().back().id(), std::string("w-old"));
  QVERIFY(model.silencesInForce() == 2 && model.windowsInForce() >= 1);
  const auto* redis = model.at(QStringLiteral("s-redis"));
  QVERIFY(redis != nullptr && redis->silence() != nullptr);
  for (int row = 0; row < model.rowCount(); ++row) {
    if (model.index(row, 0).data(ui::cell::Id).toString() != QStringLiteral("s-redis")) continue;
    QCOMPARE(cell(row, ui::QuietModel::What), QStringLiteral("redis, worker"));
    QVERIFY2(cell(row, ui::QuietModel::When).endsWith(QStringLiteral("left")),
             qPrintable(cell(row, ui::QuietModel::When)));
    QVERIFY(model.index(row, 0).data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("anna")));
  }
  QCOMPARE(cell(4, ui::QuietModel::When), QStringLiteral("does not come again"));
}

QTEST_MAIN(TestModelsQuiet)
#include "tst_models_quiet.moc"
