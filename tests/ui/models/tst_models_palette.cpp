// What the palette finds for what was typed.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "models/palette_items.h"
#include "support/fake_log_data.h"
#include "support/fake_operations.h"

using namespace aiops;
using ui::PaletteGroup;
using ui::PaletteItem;
using ui::PaletteQuery;

namespace {

std::vector<PaletteItem> someItems() {
  return {
      {PaletteGroup::Waiting,
       QStringLiteral("FIX-0001"),
       QStringLiteral("Review: restart redis"),
       {},
       {},
       {},
       {}},
      {PaletteGroup::Incidents, QStringLiteral("INC-0001"), QStringLiteral("Cache of redis"), {}, {}, {}, {}},
      {PaletteGroup::Incidents, QStringLiteral("INC-0002"), QStringLiteral("redis killed"), {}, {}, {}, {}},
      {PaletteGroup::Services, QStringLiteral("redis"), QStringLiteral("redis"), {}, {}, {}, {}},
      {PaletteGroup::Settings, QStringLiteral("redis.url"), QStringLiteral("redis.url"), {}, {}, {}, {}},
      {PaletteGroup::Actions, QStringLiteral("0"), QStringLiteral("Go to Logs"), {}, {}, {}, {}}};
}

QStringList ids(const std::vector<PaletteItem>& items) {
  QStringList result;
  for (const auto& item : items) result << item.id;
  return result;
}

QStringList found(const char* typed, size_t most = 5) {
  return ids(ui::matching(someItems(), PaletteQuery::parse(QString::fromUtf8(typed)), most));
}

}  // namespace

class TestPalette : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void groupsKeepTheirOrderAndBeginningsComeFirst();
  void prefixesAskForOneKind();
  void nothingTypedOffersWhatWaitsAndActions();
  void eachGroupIsLimited();
  void wordsAreMarkedOnce();
  void foreignNamesAreShownEscaped();
};

void TestPalette::groupsKeepTheirOrderAndBeginningsComeFirst() {
  QCOMPARE(found("redis"),
           (QStringList{QStringLiteral("FIX-0001"), QStringLiteral("INC-0002"), QStringLiteral("INC-0001"),
                        QStringLiteral("redis"), QStringLiteral("redis.url")}));
  QCOMPARE(found("REDIS kill"), QStringList{QStringLiteral("INC-0002")});
  QVERIFY(found("no such").isEmpty());
}

void TestPalette::prefixesAskForOneKind() {
  QCOMPARE(found(">"), QStringList{QStringLiteral("0")});
  QCOMPARE(found("# cache"), QStringList{QStringLiteral("INC-0001")});
  QCOMPARE(found("@red"), QStringList{QStringLiteral("redis")});
  QCOMPARE(found(":url"), QStringList{QStringLiteral("redis.url")});
}

void TestPalette::nothingTypedOffersWhatWaitsAndActions() {
  QCOMPARE(found("  "), (QStringList{QStringLiteral("FIX-0001"), QStringLiteral("INC-0001"),
                                     QStringLiteral("INC-0002"), QStringLiteral("0")}));
}

void TestPalette::eachGroupIsLimited() {
  QCOMPARE(found("redis", 1), (QStringList{QStringLiteral("FIX-0001"), QStringLiteral("INC-0002"),
                                           QStringLiteral("redis"), QStringLiteral("redis.url")}));
  QCOMPARE(found("#", 1).size(), 2);
}

void TestPalette::wordsAreMarkedOnce() {
  using Spans = std::vector<ui::TextSpan>;
  const auto spans = [](const char* text, const QStringList& words) {
    return ui::wordSpans(QString::fromUtf8(text), words);
  };
  QCOMPARE(spans("redis killed", {QStringLiteral("kill"), QStringLiteral("RED")}), (Spans{{0, 3}, {6, 10}}));
  QCOMPARE(spans("aaaa", {QStringLiteral("aaa"), QStringLiteral("aa")}), (Spans{{0, 3}}));
  QVERIFY(spans("text", {QStringLiteral("other")}).empty());
}

void TestPalette::foreignNamesAreShownEscaped() {
  test::FakeOperations fake;
  const auto hostile = test::hostileStrings(200);
  fake.investigations.clear();
  for (const auto& text : hostile) {
    auto incident = test::testIncident();
    incident.title = text;
    incident.services = {text};
    fake.investigations.push_back({.incident = incident});
    fake.engine.sources.push_back({.source = text, .service = text});
  }
  fake.fixes.front().title = hostile[3];
  ui::EngineBridge bridge(fake, {.name = "test"});
  QTRY_COMPARE(bridge.incidents().size(), size_t{200});
  QTRY_VERIFY(bridge.hasStatus() && !bridge.fixes().empty());
  auto items = ui::paletteItems(bridge, test::timeAt(0));
  items.push_back(ui::paletteItem(model::PatternInfo{.name = hostile[0], .type = hostile[1]}));
  items.push_back(
      ui::paletteItem(model::SettingInfo{.key = hostile[2], .value = hostile[3], .origin = hostile[4]}));
  QVERIFY(items.size() > 300);
  for (const auto& item : items) {
    for (const QChar unit : item.text + item.note + item.trailing)
      QVERIFY(unit.category() != QChar::Other_Format && unit.category() != QChar::Other_Control);
  }
}

QTEST_MAIN(TestPalette)
#include "tst_models_palette.moc"
