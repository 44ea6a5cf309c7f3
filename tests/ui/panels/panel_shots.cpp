// panel_shots OUT_FOLDER [LOG_FOLDER]: paints the panels with plausible (or recorded) data into PNG files.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QTest>

#include "panels/investigations/hypothesis_list.h"
#include "panels/investigations/incident_detail.h"
#include "panels/investigations/incident_table.h"
#include "panels/investigations/investigations_panel.h"
#include "panels/investigations/timeline_view.h"
#include "panels/logs/filter_bar.h"
#include "panels/logs/log_view.h"
#include "panels/logs/logs_panel.h"
#include "recorded_logs.h"
#include "support/fake_investigation.h"
#include "support/fake_operations.h"
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
    reply(test::richInvestigation());
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
    const QString look = scheme == theme::Scheme::Dark ? QStringLiteral("dark") : QStringLiteral("light");
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
  panel->detail().hypotheses().step(1);
  panel->detail().timeline().zoom(4);
  shot.name = QStringLiteral("investigation-zoomed");
  take(*panel, window, shot);
}

}  // namespace

int main(int argc, char** argv) {
  QApplication app(argc, argv);
  const QStringList arguments = QApplication::arguments();
  if (arguments.size() < 2) return 2;
  test::FakeOperations fake;
  fake.investigations = test::richSummaries();
  auto lines = arguments.size() > 2 ? test::recordedLines(arguments[2]) : test::generatedLines(1, 5000).lines;
  const auto hostile = test::hostileStrings(6);
  for (size_t i = 0; i < hostile.size() && i * 997 + 300 < lines.size(); ++i)
    lines[lines.size() * 72 / 100 - 3 - i * 5].message += hostile[i];
  Replay replay(fake, lines);
  ui::EngineBridge bridge(replay, {.name = "pictures"});
  theme::Theme theme(theme::Scheme::Dark);
  theme.apply(app);
  for (const auto scheme : {theme::Scheme::Dark, theme::Scheme::Light}) {
    theme.setScheme(scheme);
    for (const QSize size : {QSize(1440, 900), QSize(1366, 768)}) {
      shootInvestigations(theme, bridge, {arguments[1], {}, size, scheme});
      shootLogs(theme, replay, bridge, {arguments[1], {}, size, scheme});
    }
  }
  return 0;
}
