// panel_shots OUT_FOLDER [LOG_FOLDER [PART]]: paints the panels with plausible (or recorded) data into PNG
// files. SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QTest>

#include "panels/firstrun/first_run_page.h"
#include "panels/firstrun/found_list.h"
#include "panels/investigations/hypothesis_list.h"
#include "panels/investigations/incident_bar.h"
#include "panels/investigations/incident_detail.h"
#include "panels/investigations/incident_table.h"
#include "panels/investigations/investigations_panel.h"
#include "panels/investigations/timeline_view.h"
#include "panels/logs/filter_bar.h"
#include "panels/logs/log_view.h"
#include "panels/logs/logs_panel.h"
#include "panels/patterns/pattern_form.h"
#include "panels/patterns/patterns_panel.h"
#include "panels/quiet/quiet_panel.h"
#include "panels/quiet/window_form.h"
#include "recorded_logs.h"
#include "support/fake_investigation.h"
#include "support/fake_operations.h"
#include "support/lively_patterns.h"
#include "support/lively_sources.h"
#include "support/wrapped_operations.h"

namespace {

using namespace aiops;

/// Hands out recorded lines up to `shown`.
class Replay final : public test::WrappedOperations {
 public:
  Replay(service::Operations& inner, std::vector<model::LogLine> lines)
      : WrappedOperations(inner), m_lines(std::move(lines)) {}

  std::atomic<size_t> shown{0};
  size_t size() const { return m_lines.size(); }

  void tailLogs(uint64_t from, uint32_t limit, service::Reply<model::LogSlice> reply) override {
    model::LogSlice slice;
    const size_t end = shown;
    size_t at = from == 0 ? end - std::min<size_t>(end, limit) : from - 1;
    for (; at < end && slice.lines.size() < limit; ++at) slice.lines.push_back(m_lines[at]);
    slice.next = at + 1;
    reply(slice);
  }
  void investigation(std::string, service::Reply<service::Investigation> reply) override {
    auto data = test::richInvestigation();
    data.diagnosis.findings = test::richFindings();
    data.incident.splitFrom = model::IncidentId("00000000-0000-4000-8000-000000000228");
    reply(data);
  }

 private:
  std::vector<model::LogLine> m_lines;
};

struct Shot {
  QString folder;
  QString name;
  QSize window;
  theme::Scheme scheme;

  QString path() const {
    const QString look = scheme == theme::Scheme::Dark    ? QStringLiteral("dark")
                         : scheme == theme::Scheme::Light ? QStringLiteral("light")
                                                          : QStringLiteral("hc");
    return QStringLiteral("%1/%2-%3-%4.png").arg(folder, name, look).arg(window.width());
  }
};

/// A panel where the shell would put it: right of the rail, below the header.
void take(ui::Panel& panel, QWidget& window, const Shot& shot) {
  const int rail = shot.window.width() >= 1400 ? theme::grid::kRailWide : theme::grid::kRailNarrow;
  window.resize(shot.window);
  panel.setGeometry(rail, 84, shot.window.width() - rail, shot.window.height() - 84 - 28);
  QTest::qWait(450);
  panel.grab().save(shot.path());
}

void shootLogs(const theme::Theme& theme, Replay& replay, ui::EngineBridge& bridge, Shot shot) {
  QWidget window;
  window.resize(shot.window);
  replay.shown = replay.size() * 72 / 100;
  auto* panel = new ui::LogsPanel(theme, bridge, &window);
  panel->setGeometry(0, 0, 1200, 700);
  window.show();
  panel->activate({});
  QTest::qWait(600);
  shot.name = QStringLiteral("logs-following");
  take(*panel, window, shot);
  auto* field = panel->filterBar().expression();
  panel->filterBar().findChildren<ui::Segment*>().at(0)->setChecked(true);
  field->setText(QStringLiteral("Error 111|answered 503"));
  panel->view().goToError(true);
  QTest::qWait(300);
  replay.shown = replay.size();
  QTest::qWait(400);
  shot.name = QStringLiteral("logs-paused");
  take(*panel, window, shot);
  field->setText(QStringLiteral("Error (111|503"));
  QTest::qWait(300);
  shot.name = QStringLiteral("logs-bad-expression");
  take(*panel, window, shot);
}

void shootInvestigations(const theme::Theme& theme, ui::EngineBridge& bridge, Shot shot) {
  QWidget window;
  window.resize(shot.window);
  auto* panel = new ui::InvestigationsPanel(theme, bridge, &window);
  window.show();
  bridge.refresh();
  shot.name = QStringLiteral("incidents");
  take(*panel, window, shot);
  panel->activate(QStringLiteral("INC-0231"));
  shot.name = QStringLiteral("investigation");
  take(*panel, window, shot);
  QTest::keyClick(&panel->detail(), Qt::Key_F);
  shot.name = QStringLiteral("investigation-findings");
  take(*panel, window, shot);
  QTest::keyClick(&panel->detail(), Qt::Key_E);
  for (const auto& [key, name] :
       {std::pair(Qt::Key_M, "investigation-merge"), std::pair(Qt::Key_S, "investigation-split")}) {
    QTest::keyClick(&panel->detail(), key);
    shot.name = QString::fromLatin1(name);
    take(*panel, window, shot);
    panel->detail().bar().goBack();
  }
  panel->detail().hypotheses().step(1);
  panel->detail().timeline().zoom(4);
  shot.name = QStringLiteral("investigation-zoomed");
  take(*panel, window, shot);
}

constexpr auto kExpression =
    "cache read failed.*err=\"Error (?P<code>[0-9]+) connecting to (?P<peer>[a-z0-9.-]+):(?P<port>[0-9]+)";

void putPatterns(test::LivelyPatterns& patterns) {
  struct Row {
    const char *id, *name, *group;
    uint32_t a, b;
    bool enabled;
  };
  for (const Row& row : {Row{"cache-refused", "Cache refuses connections", "redis", 900, 570, true},
                         Row{"disk-full", "Disk full", "kernel", 0, 6, true},
                         Row{"http-5xx", "Requests answered with a server error", "nginx", 600, 104, true},
                         Row{"mail-deferred", "Mail relay deferred", "postfix", 31, 0, false},
                         Row{"oom-kill", "Killed by the kernel for memory", "kernel", 2, 1, true},
                         Row{"pg-slots", "Connection slots reserved", "postgresql", 280, 0, true},
                         Row{"sshd-invalid", "Logins of unknown users", "sshd", 200, 28, true},
                         Row{"tls-expired", "Certificate expired", "tls", 0, 0, true}}) {
    model::PatternInfo info{
        .id = row.id, .name = row.name, .type = "regex", .group = row.group, .enabled = row.enabled};
    info.matchesPerDay = {row.a, row.b};
    info.version = 3;
    info.eventCount = row.a / 7;
    info.falsePositiveRate = 0.17;
    info.lastMatchAt = test::logTime(90'000);
    patterns.put(info, std::string("id: ") + row.id + "\nname: " + row.name +
                           "\ntype: regex\nseverity: error\nsignal: dependency_refuses\n# what clients of "
                           "the cache write\nmatch: '" +
                           kExpression +
                           "'\nthreshold: {count: 5, window_seconds: 30}\ngroup_by: peer\ncooldown_seconds: "
                           "60\nsamples:\n  match:\n"
                           "    - 'cache read failed key=a err=\"Error 111 connecting to "
                           "redis.shop.internal:6379. Connection refused.\"'\n"
                           "  no_match:\n    - 'cache read ok key=a'\n");
  }
}

void shootPatterns(const theme::Theme& theme, const std::vector<model::LogLine>& lines, Shot shot) {
  test::FakeOperations fake;
  test::WithPatterns operations(fake);
  putPatterns(operations.lively);
  operations.lively.lines = lines;
  ui::EngineBridge bridge(operations, {.name = "pictures", .isAdmin = true});
  QWidget window;
  auto* panel = new ui::PatternsPanel(theme, bridge, &window);
  window.show();
  panel->activate(QStringLiteral("cache-refused"));
  QTest::qWait(400);
  shot.name = QStringLiteral("patterns");
  take(*panel, window, shot);
  panel->editor().edit(panel->editor().document().with("name", "Cache refuses"),
                       ui::PatternEditor::Side::Engine);
  panel->form().name()->setFocus();
  shot.name = QStringLiteral("patterns-changed");
  take(*panel, window, shot);
  panel->editor().edit(panel->editor().document().with("match", "cache (read"),
                       ui::PatternEditor::Side::Engine);
  shot.name = QStringLiteral("patterns-broken");
  take(*panel, window, shot);
  panel->editor().discard();
  operations.lively.notes = {"it matches 62 % of the lines: it is too broad to tell anything"};
  operations.lively.firings = {{.source = "/srv/shop/web.log",
                                .service = "web",
                                .line = 812,
                                .time = test::logTime(90'000),
                                .text = "cart store failed for customer 18097: Connection refused",
                                .spans = {},
                                .why = "41 in 10 s, usually 2 to 6"}};
  for (const char* type : {"fuzzy", "sequence", "temporal", "anomaly"}) {
    panel->editor().setType(type);
    QTest::qWait(400);
    shot.name = QStringLiteral("patterns-%1").arg(QString::fromLatin1(type));
    take(*panel, window, shot);
  }
  panel->editor().discard();
}

void shootQuietTimes(const theme::Theme& theme, Shot shot) {
  test::FakeOperations fake;
  fake.engine.services = {{.name = "front"}, {.name = "postgres"}, {.name = "redis"}, {.name = "web"}};
  fake.fakePatterns.listPatternsAnswer = std::vector<model::PatternInfo>{
      {.id = "disk-full", .name = "Disk full"}, {.id = "http-404", .name = "Requests for what is not there"}};
  ui::EngineBridge bridge(fake, {.name = "pictures", .mayOperate = true});
  QWidget window;
  auto* panel = new ui::QuietPanel(theme, bridge, &window);
  window.show();
  panel->activate({});
  shot.name = QStringLiteral("quiet-empty");
  take(*panel, window, shot);
  test::fillQuietTimes(fake.fakeSilences, base::SystemClock().now());
  panel->activate({});
  shot.name = QStringLiteral("quiet");
  take(*panel, window, shot);
  panel->activate(QStringLiteral("silence:web\nredis"));
  shot.name = QStringLiteral("quiet-silence");
  take(*panel, window, shot);
  panel->activate(QStringLiteral("window"));
  const auto type = [&](const char* field, const char* text) {
    panel->findChild<QLineEdit*>(QString::fromLatin1(field))->setText(QString::fromLatin1(text));
  };
  type("windowName", "Weekly backup");
  type("windowStart", "02:30");
  type("windowLength", "1 h 30 min");
  type("windowZone", "America/New_York");
  shot.name = QStringLiteral("quiet-window-gap");
  take(*panel, window, shot);
  panel->windowForm().findChildren<ui::Segment*>().at(3)->setChecked(true);
  shot.name = QStringLiteral("quiet-window");
  take(*panel, window, shot);
}

void shootFirstRun(const theme::Theme& theme, Shot shot) {
  test::FakeOperations fake;
  test::WithSources operations(fake);
  ui::EngineBridge bridge(operations, {.name = "pictures", .isAdmin = true});
  ui::FirstRunPage page(theme, bridge);
  page.offerDemo([] { return base::Result<>{}; });
  page.resize(shot.window);
  page.open();
  QTest::qWait(200);
  page.list().selectId(QStringLiteral("/srv/shop/orders.log"));
  QTest::qWait(200);
  shot.name = QStringLiteral("firstrun");
  page.grab().save(shot.path());
  page.list().selectId(QStringLiteral("/var/log/auth.log"));
  QTest::qWait(200);
  shot.name = QStringLiteral("firstrun-unreadable");
  page.grab().save(shot.path());
}

}  // namespace

int main(int argc, char** argv) {
  QApplication app(argc, argv);
  const QStringList arguments = QApplication::arguments();
  if (arguments.size() < 2) return 2;
  test::FakeOperations fake;
  fake.investigations = test::richSummaries();
  auto lines = arguments.size() > 2 && arguments[2] != QLatin1String("-")
                   ? test::recordedLines(arguments[2])
                   : test::generatedLines(1, 5000).lines;
  const auto hostile = test::hostileStrings(6);
  for (size_t i = 0; i < hostile.size() && i * 997 + 300 < lines.size(); ++i)
    lines[lines.size() * 72 / 100 - 3 - i * 5].message += hostile[i];
  Replay replay(fake, lines);
  ui::EngineBridge bridge(replay, {.name = "pictures", .mayOperate = true});
  theme::Theme theme(theme::Scheme::Dark);
  theme.apply(app);
  for (const auto scheme : {theme::Scheme::Dark, theme::Scheme::Light, theme::Scheme::HighContrast}) {
    theme.setScheme(scheme);
    for (const QSize size : {QSize(1440, 900), QSize(1366, 768)}) {
      const Shot shot{arguments[1], {}, size, scheme};
      const auto wanted = [&](const char* part) {
        return arguments.size() < 4 || arguments[3] == QLatin1String(part);
      };
      if (wanted("patterns")) shootPatterns(theme, lines, shot);
      if (wanted("firstrun")) shootFirstRun(theme, shot);
      if (wanted("investigations")) shootInvestigations(theme, bridge, shot);
      if (wanted("quiet")) shootQuietTimes(theme, shot);
      if (wanted("logs")) shootLogs(theme, replay, bridge, shot);
    }
  }
  return 0;
}
