// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/status_line.h"

#include <QDateTime>
#include <QPainter>
#include <algorithm>
#include <array>

#include "models/quiet_times.h"
#include "widgets/paint.h"
#include "widgets/text.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr int kMark = 16, kGap = 8, kBetween = 26, kClockSpace = 110, kMargin = 14;
constexpr qint64 kStaleMs = 5000;

Truth sourcesTruth(const model::EngineStatus& status) {
  const auto readable =
      std::count_if(status.sources.begin(), status.sources.end(), [](const auto& s) { return s.readable; });
  Truth truth{StatusLine::tr("Sources"),
              StatusLine::tr("%1 of %2 read").arg(readable).arg(status.sources.size())};
  if (status.sources.empty()) truth = {StatusLine::tr("Sources"), StatusLine::tr("none watched"), {}, 1};
  for (const auto& source : status.sources) {
    if (source.readable) continue;
    truth.badness = 1;
    truth.problem = QStringLiteral("%1: %2").arg(baseName(source.source), safeLine(source.problem));
    break;
  }
  return truth;
}

Truth agentsTruth(const model::EngineStatus& status) {
  size_t failed = 0, working = 0;
  Truth truth{StatusLine::tr("Agents"), {}};
  for (const auto& agent : status.agents) {
    if (agent.state == model::AgentState::Failed && failed++ == 0)
      truth.problem = StatusLine::tr("%1 failed").arg(safeLine(agent.name));
    working += agent.state != model::AgentState::Failed && agent.state != model::AgentState::Disabled;
  }
  truth.value = StatusLine::tr("%1 of %2 working").arg(working).arg(status.agents.size());
  truth.badness = failed > 0 ? 2 : 0;
  return truth;
}

Truth automationTruth(const model::AutomationState& state) {
  if (state.stopped) return {StatusLine::tr("Automation"), StatusLine::tr("stopped"), {}, 2};
  if (!state.executorReady) {
    const QString why = state.executorProblem.empty() ? StatusLine::tr("the executor is not ready")
                                                      : safeLine(state.executorProblem);
    return {StatusLine::tr("Automation"), StatusLine::tr("off"), why, 2};
  }
  return {StatusLine::tr("Automation"), StatusLine::tr("asks before every change"), {}, 0, true};
}

Truth quietTruth(const model::EngineStatus& status) {
  return {.name = StatusLine::tr("In force"),
          .value = quietCounts(status.activeSilences, status.activeMaintenance),
          .problem = {},
          .ring = true,
          .kept = true};
}

Truth databaseTruth(const model::EngineStatus& status) {
  Truth truth{StatusLine::tr("Database"), safeLine(status.database)};
  for (const auto& event : status.health) {
    if (event.part != "database") continue;
    truth.problem = safeLine(event.what);
    truth.badness = 2;
    break;
  }
  return truth;
}

Truth engineTruth(const EngineBridge& bridge) {
  const qint64 age = bridge.millisSinceStatus();
  if (!bridge.problem().empty())
    return {StatusLine::tr("Engine"), StatusLine::tr("no answer"), safeLine(bridge.problem()), 2};
  if (age > kStaleMs)
    return {StatusLine::tr("Engine"), StatusLine::tr("no answer for %1 s").arg(age / 1000), {}, 2};
  return {StatusLine::tr("Engine"), StatusLine::tr("local")};
}

}  // namespace

std::vector<Truth> truthsOf(const EngineBridge& bridge) {
  const auto& status = bridge.status();
  return {sourcesTruth(status), agentsTruth(status),   automationTruth(status.automation),
          quietTruth(status),   databaseTruth(status), engineTruth(bridge)};
}

TruthItem::TruthItem(const theme::Theme& theme, QWidget* parent) : QAbstractButton(parent), m_theme(theme) {
  setFocusPolicy(Qt::TabFocus);
  setCursor(Qt::PointingHandCursor);
  connect(&theme, &theme::Theme::changed, this, [this] { update(); });
}

void TruthItem::setTruth(const Truth& truth) {
  m_truth = truth;
  setAccessibleName(QStringLiteral("%1: %2 %3").arg(truth.name, truth.value, truth.problem));
  update();
}

QSize TruthItem::sizeHint() const {
  qreal width = kMark + 4 + textWidth(m_truth.name, m_theme, FontRole::Secondary) + kGap +
                textWidth(m_truth.value, m_theme, FontRole::BodyStrong);
  if (!m_truth.problem.isEmpty()) {
    width += kGap + std::min(280.0, textWidth(m_truth.problem, m_theme, FontRole::Secondary));
  }
  return {static_cast<int>(width), theme::grid::kStatusLine - 1};
}

void TruthItem::paintEvent(QPaintEvent*) {
  static constexpr std::array kInk{Token::Ok, Token::Warn, Token::Crit};
  QPainter painter(this);
  const Token ink = kInk.at(static_cast<size_t>(m_truth.badness));
  const QRectF mark(0, 0, kMark, height());
  if (m_truth.badness > 0) {
    paintSeverity(painter, mark, m_truth.badness == 2 ? model::Severity::Critical : model::Severity::Warning,
                  m_theme);
  } else if (m_truth.ring) {
    paintSeverity(painter, mark, model::Severity::Info, m_theme);
  } else {
    theme::Icon(QStringLiteral("check")).paint(painter, mark, m_theme.color(ink), 12);
  }
  qreal x = kMark + 4;
  const auto draw = [&](const QString& text, FontRole role, Token token) {
    const qreal width = std::min(textWidth(text, m_theme, role), this->width() - x);
    paintText(painter, QRectF(x, 0, width + 1, height()), text, m_theme, role, token);
    x += width + kGap;
  };
  draw(m_truth.name, FontRole::Secondary, Token::Text3);
  QFont strong = m_theme.font(FontRole::Secondary);
  strong.setWeight(QFont::DemiBold);
  painter.setFont(strong);
  painter.setPen(m_theme.color(m_truth.badness == 2 ? Token::Crit : Token::Text));
  painter.drawText(QRectF(x, 0, width() - x, height()), Qt::AlignVCenter | Qt::TextSingleLine, m_truth.value);
  x += painter.fontMetrics().horizontalAdvance(m_truth.value) + kGap;
  if (!m_truth.problem.isEmpty()) draw(m_truth.problem, FontRole::Secondary, ink);
  if (hasFocus()) paintFocus(painter, rect(), m_theme, 3);
}

StatusLine::StatusLine(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent)
    : Painted(theme, parent), m_bridge(bridge) {
  setFixedHeight(theme::grid::kStatusLine);
  setAccessibleName(tr("Status"));
  static constexpr std::array kOpens{PanelId::Overview,   PanelId::Overview, PanelId::Approvals,
                                     PanelId::QuietTimes, PanelId::Overview, PanelId::Overview};
  for (const PanelId panel : kOpens) {
    auto* item = new TruthItem(theme, this);
    connect(item, &QAbstractButton::clicked, this, [this, panel] { Q_EMIT openPanel(panel); });
    m_items.push_back(item);
  }
  connect(&bridge, &EngineBridge::statusChanged, this, &StatusLine::refresh);
  connect(&m_clock, &QTimer::timeout, this, &StatusLine::refresh);
  m_clock.start(1000);
  refresh();
}

void StatusLine::refresh() {
  const auto truths = truthsOf(m_bridge);
  for (size_t i = 0; i < truths.size(); ++i) m_items[i]->setTruth(truths[i]);
  arrange();
  update();
}

void StatusLine::arrange() {
  std::vector<TruthItem*> byBadness = m_items;
  std::erase_if(byBadness, [](auto* item) {
    if (item->truth().value.isEmpty()) item->hide();
    return item->truth().value.isEmpty();
  });
  const auto weight = [](const TruthItem* item) {
    return std::max(item->truth().badness, int{item->truth().kept});
  };
  std::stable_sort(byBadness.begin(), byBadness.end(),
                   [&](const auto* a, const auto* b) { return weight(a) > weight(b); });
  int space = width() - kClockSpace - kMargin;
  for (auto* item : byBadness) {
    const int needed = item->sizeHint().width() + kBetween;
    const bool fits = space >= needed - kBetween || item == byBadness.front();
    if (fits) space -= needed;
    item->setVisible(m_bridge.hasStatus() && fits);
  }
  int x = kMargin;
  for (auto* item : m_items) {
    if (!item->isVisibleTo(this)) continue;
    item->setGeometry(x, 1, std::min(item->sizeHint().width(), width() - kClockSpace - x), height() - 1);
    x += item->width() + kBetween;
  }
}

void StatusLine::resizeEvent(QResizeEvent*) {
  arrange();
}

void StatusLine::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), color(Token::Panel));
  painter.fillRect(QRectF(0, 0, width(), 1), color(Token::Line));
  for (const auto* item : m_items) {
    if (!item->isVisibleTo(this) || item == m_items.back()) continue;
    painter.fillRect(QRectF(item->geometry().right() + kBetween / 2.0, 8, 1, 13), color(Token::LineStrong));
  }
  const QString now =
      QDateTime::currentDateTimeUtc().toString(QStringLiteral("HH:mm:ss")) + QStringLiteral(" UTC");
  paintText(painter, QRectF(width() - kClockSpace, 0, kClockSpace - 16, height()), now, theme(),
            FontRole::Mono, Token::Text2, Qt::AlignRight);
  if (!m_bridge.hasStatus()) {
    const QString text = m_bridge.problem().empty() ? tr("Asking the engine") : safeLine(m_bridge.problem());
    paintText(painter, QRectF(kMargin, 0, width() - kClockSpace - kMargin, height()), text, theme(),
              FontRole::Secondary, Token::Text3);
  }
}

}  // namespace aiops::ui
