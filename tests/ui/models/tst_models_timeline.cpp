// The geometry of the timeline and what is read from an incident's entries.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "models/display.h"
#include "models/timeline_actions.h"
#include "models/timeline_scale.h"
#include "support/fake_investigation.h"

using namespace aiops;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ui::ActionSpan;
using ui::TimeScale;

namespace {

const base::TimePoint kFrom = test::logTime(0);
const base::TimePoint kTo = test::logTime(120'000);

}  // namespace

class TestTimeline : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void momentsLieAtTheirPixels();
  void zoomKeepsTheAnchorInPlace();
  void zoomAndPanStayInside();
  void ticksAreRoundAndApart();
  void spansFollowTheFix();
  void rejectedFixNeverRuns();
  void undoneFixEndsWithTheUndo();
  void silenceIsSeenOnlyWhereItIsUnusual();
  void durationsInWords();
};

void TestTimeline::momentsLieAtTheirPixels() {
  const TimeScale scale(kFrom, kTo, 100, 1200);
  QCOMPARE(scale.xOf(kFrom), 100.0);
  QCOMPARE(scale.xOf(kTo), 1300.0);
  QCOMPARE(scale.xOf(kFrom + seconds(30)), 400.0);
  QCOMPARE(scale.xOf(kFrom + milliseconds(1440)), 114.4);
  for (const int64_t ms : {0, 1, 999, 54'400, 119'999}) {
    QCOMPARE(scale.at(scale.xOf(test::logTime(ms))), test::logTime(ms));
  }
  const TimeScale empty(kFrom, kFrom, 0, 100);
  QVERIFY(empty.to() > empty.from());
}

void TestTimeline::zoomKeepsTheAnchorInPlace() {
  const TimeScale scale(kFrom, kTo, 100, 1200);
  const auto anchor = test::logTime(54'400);
  const auto closer = scale.zoomed(4, anchor, kFrom, kTo, seconds(2));
  QCOMPARE(closer.to() - closer.from(), base::Duration(seconds(30)));
  QVERIFY(std::abs(closer.xOf(anchor) - scale.xOf(anchor)) < 0.01);
}

void TestTimeline::zoomAndPanStayInside() {
  TimeScale scale(kFrom, kTo, 0, 1000);
  for (int i = 0; i < 40; ++i) scale = scale.zoomed(2, kTo, kFrom, kTo, seconds(2));
  QCOMPARE(scale.to() - scale.from(), base::Duration(seconds(2)));
  QCOMPARE(scale.to(), kTo);
  for (int i = 0; i < 500; ++i) scale = scale.panned(-0.5, kFrom, kTo);
  QCOMPARE(scale.from(), kFrom);
  QCOMPARE(scale.to(), kFrom + seconds(2));
  scale = scale.zoomed(0.001, kFrom, kFrom, kTo, seconds(2));
  QCOMPARE(scale.from(), kFrom);
  QCOMPARE(scale.to(), kTo);
}

void TestTimeline::ticksAreRoundAndApart() {
  for (const int span : {3, 40, 120, 5000, 90'000, 900'000}) {
    const TimeScale scale(kFrom, kFrom + seconds(span), 0, 1000);
    const auto ticks = scale.ticks(150);
    QVERIFY(ticks.size() <= 8);
    for (size_t i = 1; i < ticks.size(); ++i) QVERIFY(scale.xOf(ticks[i]) - scale.xOf(ticks[i - 1]) >= 149.9);
    for (const auto tick : ticks) QVERIFY(scale.shows(tick));
  }
}

void TestTimeline::spansFollowTheFix() {
  std::vector<model::TimelineEntry> entries{{test::logTime(1000), "opened", "web", ""},
                                            {test::logTime(5000), "proposed", "web", ""}};
  auto spans = ui::actionSpans(entries, model::IncidentState::AwaitingApproval, kTo);
  QCOMPARE(spans, (std::vector<ActionSpan>{{ActionSpan::Kind::Waiting, test::logTime(5000), kTo, true}}));
  entries.push_back({test::logTime(9000), "approved", "web", ""});
  entries.push_back({test::logTime(9100), "step", "web", ""});
  entries.push_back({test::logTime(11'000), "check", "web", ""});
  entries.push_back({test::logTime(12'000), "check", "web", ""});
  entries.push_back({test::logTime(15'000), "outcome", "web", ""});
  spans = ui::actionSpans(entries, model::IncidentState::Resolved, kTo);
  QCOMPARE(spans, (std::vector<ActionSpan>{
                      {ActionSpan::Kind::Waiting, test::logTime(5000), test::logTime(9000), false},
                      {ActionSpan::Kind::Running, test::logTime(9000), test::logTime(11'000), false},
                      {ActionSpan::Kind::Validating, test::logTime(11'000), test::logTime(15'000), false}}));
}

void TestTimeline::rejectedFixNeverRuns() {
  const auto spans = ui::actionSpans(
      {{test::logTime(5000), "proposed", "web", ""}, {test::logTime(7000), "rejected", "web", ""}},
      model::IncidentState::Failed, kTo);
  QCOMPARE(spans, (std::vector<ActionSpan>{
                      {ActionSpan::Kind::Waiting, test::logTime(5000), test::logTime(7000), false}}));
}

void TestTimeline::undoneFixEndsWithTheUndo() {
  const auto spans = ui::actionSpans({{test::logTime(1000), "approved", "web", ""},
                                      {test::logTime(2000), "check", "web", ""},
                                      {test::logTime(3000), "rolling_back", "web", ""},
                                      {test::logTime(4000), "rolled_back", "web", ""}},
                                     model::IncidentState::Failed, kTo);
  QCOMPARE(spans.size(), size_t{3});
  QCOMPARE(spans.back(),
           (ActionSpan{ActionSpan::Kind::Undoing, test::logTime(3000), test::logTime(4000), false}));
}

void TestTimeline::silenceIsSeenOnlyWhereItIsUnusual() {
  service::Timeline timeline{.from = kFrom, .to = kFrom + seconds(60), .bucketSeconds = 3};
  service::TimelineLane lane{.service = "redis"};
  lane.all = {4, 5, 4, 6, 5, 4, 5, 6, 4, 5, 4, 5, 0, 0, 0, 0, 0, 0, 0, 0};
  const auto silence = ui::silenceOf(lane, timeline, timeline.to);
  QVERIFY(silence);
  QCOMPARE(silence->from, kFrom + seconds(36));
  QCOMPARE(silence->to, timeline.to);
  QVERIFY2(!ui::silenceOf(lane, timeline, kFrom + seconds(40)), "what lies after now is not silence");
  lane.all = {1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0};
  QVERIFY2(!ui::silenceOf(lane, timeline, timeline.to), "a service that speaks seldom is not silent");
  lane.all.assign(20, 0);
  QVERIFY2(!ui::silenceOf(lane, timeline, timeline.to), "a service that never spoke has not fallen silent");
}

void TestTimeline::durationsInWords() {
  QCOMPARE(ui::spanText(milliseconds(130)), QStringLiteral("0.13 s"));
  QCOMPARE(ui::delayText(milliseconds(1440)), QStringLiteral("+1.44 s"));
  QCOMPARE(ui::spanText(seconds(42)), QStringLiteral("42 s"));
  QCOMPARE(ui::spanText(seconds(252)), QStringLiteral("4.2 min"));
  QCOMPARE(ui::spanText(seconds(3 * 3600 + 58 * 60)), QStringLiteral("3 h 58 m"));
  QCOMPARE(ui::clockText(test::logTime(54'400)), QStringLiteral("20:34:18.400"));
  QCOMPARE(ui::countText(5662), QStringLiteral("5\u2009662"));
  model::SourceStatus source;
  QCOMPARE(ui::lossText(source), QString());
  source.drops = {{"kernel", 12}, {"cut", 1}};
  QCOMPARE(ui::lossText(source), QStringLiteral("1 line cut, 12 datagrams came too fast"));
}

QTEST_GUILESS_MAIN(TestTimeline)
#include "tst_models_timeline.moc"
