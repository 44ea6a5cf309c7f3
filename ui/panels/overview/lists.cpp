// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/overview/lists.h"

#include <QHBoxLayout>
#include <algorithm>
#include <utility>

#include "models/agent_model.h"
#include "models/display.h"
#include "models/learning_data.h"
#include "widgets/charts.h"
#include "widgets/paint.h"
#include "widgets/text.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr int kTwoLines = 42;
constexpr size_t kRecent = 30;

/// Where the columns of the source list lie, by the width of the row.
struct SourceColumns {
  qreal name, spark, sparkWidth, rate, lag;
  explicit SourceColumns(qreal width)
      : name(20),
        spark(width * 0.43),
        sparkWidth(std::clamp(width - 128 - width * 0.43, 20.0, 90.0)),
        rate(width - 66),
        lag(width - 4) {}
};

/// Column titles on the same columns as the rows.
class SourceHeader : public Painted {
 public:
  using Painted::Painted;

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    const SourceColumns at(width());
    const auto put = [&](const QRectF& box, const QString& text, Qt::Alignment side) {
      paintText(painter, box, text, theme(), FontRole::Caption, Token::Text3, side);
    };
    put(QRectF(at.name, 0, 120, height()), SourcesCard::tr("Source"), Qt::AlignLeft);
    put(QRectF(at.spark, 0, 90, height()), SourcesCard::tr("Last 3 min"), Qt::AlignLeft);
    put(QRectF(at.rate - 60, 0, 60, height()), SourcesCard::tr("Rate"), Qt::AlignRight);
    put(QRectF(at.lag - 56, 0, 56, height()), SourcesCard::tr("Lag"), Qt::AlignRight);
  }
};

QString rateText(double rate) {
  return QStringLiteral("%1/s").arg(rate, 0, 'f', 1);
}

void paintLink(QPainter& painter, const QRectF& box, const theme::Theme& theme, const RowState& state) {
  if (state.hovered) painter.fillRect(box, theme.color(Token::Hover));
  if (state.focused) paintFocus(painter, box, theme, 3);
}

}  // namespace

SourcesCard::SourcesCard(const theme::Theme& theme, const EngineBridge& bridge, QWidget* parent)
    : Card(theme, tr("Sources"), parent), m_bridge(bridge) {
  m_columns = new SourceHeader(theme, this);
  m_columns->setFixedHeight(24);
  m_list = new RowList(theme, std::bind_front(&SourcesCard::paintRow, this), this);
  setFocusProxy(m_list);
  m_list->setAccessibleName(tr("Sources"));
  body()->addWidget(m_columns);
  body()->addWidget(m_list, 1);
  connect(m_list, &RowList::opened, this, &SourcesCard::openSource);
}

void SourcesCard::refresh() {
  const auto& sources = m_bridge.status().sources;
  std::vector<RowInfo> rows;
  double rate = 0;
  qsizetype readable = 0;
  for (const auto& source : sources) {
    const QString lost = source.dropped > 0 ? tr("; lost: %1").arg(lossText(source)) : QString();
    const QString state =
        (source.readable ? rateText(source.linesPerSecond) : safeLine(source.problem)) + lost;
    rows.push_back({QString::fromStdString(source.source),
                    baseName(source.source) + QStringLiteral(": ") + state, theme::grid::kRowCompact});
    rate += source.linesPerSecond;
    readable += source.readable;
  }
  setCaption(sources.empty() ? tr("none watched") : tr("%1 of %2 read").arg(readable).arg(sources.size()));
  setTrailing(sources.empty() ? QString() : tr("%1 lines/s").arg(rate, 0, 'f', rate < 10 ? 1 : 0));
  m_columns->setVisible(!sources.empty());
  m_list->setRows(std::move(rows));
}

void SourcesCard::paintRow(QPainter& painter, const QRect& rect, int row, const RowState& state) const {
  const auto& sources = m_bridge.status().sources;
  if (row >= static_cast<int>(sources.size())) return;
  const auto& source = sources[static_cast<size_t>(row)];
  const QRectF box(rect);
  const SourceColumns at(box.width());
  paintLink(painter, box, theme(), state);
  if (row > 0) painter.fillRect(QRectF(box.left(), box.top(), box.width(), 1), color(Token::Line));
  const QRectF mark(box.left(), box.top(), 16, box.height());
  const bool silent = source.readable && source.linesPerSecond <= 0;
  if (!source.readable || source.dropped > 0) {
    paintSeverity(painter, mark, model::Severity::Warning, theme());
  } else if (silent) {
    paintSeverity(painter, mark, model::Severity::Info, theme());
  } else {
    theme::Icon(QStringLiteral("check")).paint(painter, mark, color(Token::Ok), 12);
  }
  paintText(painter, QRectF(at.name, box.top(), at.spark - at.name - 8, box.height()),
            baseName(source.source), theme(), FontRole::Mono, Token::Text);
  if (!source.readable) {
    return paintText(painter, QRectF(at.spark, box.top(), box.right() - at.spark, box.height()),
                     safeLine(source.problem), theme(), FontRole::Secondary, Token::Warn);
  }
  if (source.dropped > 0) {
    paintText(painter, QRectF(at.spark, box.top(), at.sparkWidth, box.height()),
              tr("lost %1").arg(countText(static_cast<qint64>(source.dropped))), theme(), FontRole::Secondary,
              Token::Warn);
  } else {
    const std::vector<double> trend(source.recentRates.begin(), source.recentRates.end());
    paintSpark(painter, QRectF(at.spark, box.top() + 5, at.sparkWidth, box.height() - 10), trend,
               color(Token::Text3), false);
  }
  paintText(painter, QRectF(at.rate - 70, box.top(), 70, box.height()), rateText(source.linesPerSecond),
            theme(), FontRole::Mono, Token::Text, Qt::AlignRight);
  paintText(painter, QRectF(at.lag - 56, box.top(), 56, box.height()),
            QStringLiteral("%1 s").arg(static_cast<double>(source.lag.count()) / 1000.0, 0, 'f', 1), theme(),
            FontRole::Mono, Token::Text3, Qt::AlignRight);
}

AgentsCard::AgentsCard(const theme::Theme& theme, const EngineBridge& bridge, QWidget* parent)
    : Card(theme, tr("Agents, now"), parent), m_bridge(bridge) {
  m_list = new RowList(theme, std::bind_front(&AgentsCard::paintRow, this), this);
  setFocusProxy(m_list);
  m_list->setAccessibleName(tr("Agents"));
  m_footMark = new MarkLabel(theme, QStringLiteral("lock"), Token::Text3, this);
  m_foot = new Label(theme, FontRole::Secondary, Token::Text2, {}, this);
  m_foot->setElided(true);
  auto* foot = new QHBoxLayout;
  foot->setContentsMargins(4, 8, 0, 2);
  foot->setSpacing(8);
  foot->addWidget(m_footMark);
  foot->addWidget(m_foot, 1);
  body()->addWidget(m_list, 1);
  body()->addLayout(foot);
}

void AgentsCard::refresh() {
  std::vector<RowInfo> rows;
  for (const auto& agent : m_bridge.status().agents) {
    rows.push_back(
        {QString::fromStdString(agent.id),
         tr("%1, %2: %3").arg(safeLine(agent.name), agentStateText(agent.state), safeLine(agent.task)),
         kTwoLines});
  }
  m_list->setRows(std::move(rows));
  const auto& automation = m_bridge.status().automation;
  const bool off = automation.stopped || !automation.executorReady;
  m_footMark->setMark(off ? QStringLiteral("warning") : QStringLiteral("lock"),
                      off ? Token::Warn : Token::Text3);
  m_footMark->setVisible(m_bridge.hasStatus());
  if (!m_bridge.hasStatus()) return;
  if (automation.stopped) {
    m_foot->setText(tr("Automation is stopped. Nothing runs."));
  } else if (!automation.executorReady) {
    m_foot->setText(tr("Nothing can run: %1").arg(safeLine(automation.executorProblem)));
  } else {
    m_foot->setText(tr("Executor ready. Every change asks first."));
  }
}

void AgentsCard::paintRow(QPainter& painter, const QRect& rect, int row, const RowState& state) const {
  static constexpr std::pair<std::string_view, const char*> kIcons[] = {{"log_monitor", "logs"},
                                                                        {"root_cause", "investigations"},
                                                                        {"fix_executor", "executor"},
                                                                        {"learning", "learning"}};
  const auto& agents = m_bridge.status().agents;
  if (row >= static_cast<int>(agents.size())) return;
  const auto& agent = agents[static_cast<size_t>(row)];
  const QRectF box(rect);
  const char* icon = "agent";
  for (const auto& [id, name] : kIcons) {
    if (agent.id == id) icon = name;
  }
  const QRectF frame(box.left() + 2, box.top() + 7, 26, 26);
  paintBox(painter, frame, color(Token::Raised), color(Token::Line), 5);
  theme::Icon(QString::fromLatin1(icon)).paint(painter, frame, color(Token::Text2), 14);
  const QString word = agentStateText(agent.state);
  const qreal wordSpace = textWidth(word, theme(), FontRole::Caption) + 8;
  const QRectF line(box.left() + 38, box.top() + 3, box.width() - 42, 18);
  paintText(painter, line.adjusted(0, 0, -wordSpace, 0), safeLine(agent.name), theme(), FontRole::BodyStrong,
            Token::Text);
  paintText(painter, line, word, theme(), FontRole::Caption, agentStateInk(agent.state), Qt::AlignRight);
  paintText(painter, line.translated(0, 17), safeLine(agent.task), theme(), FontRole::Secondary,
            Token::Text3);
  if (state.focused) paintFocus(painter, box, theme(), 4);
}

RecentlyCard::RecentlyCard(const theme::Theme& theme, const EngineBridge& bridge, QWidget* parent)
    : Card(theme, tr("Recently"), parent), m_bridge(bridge) {
  m_list = new RowList(theme, std::bind_front(&RecentlyCard::paintRow, this), this);
  setFocusProxy(m_list);
  m_list->setAccessibleName(tr("Recently"));
  m_list->setOpensOnClick(true);
  m_empty = new Label(theme, FontRole::Secondary, Token::Text3, tr("Nothing has happened yet."), this);
  body()->addWidget(m_empty);
  body()->addWidget(m_list, 1);
  connect(m_list, &RowList::opened, this, [this](const QString&) {
    const int row = m_list->currentIndex().row();
    if (row < 0 || row >= static_cast<int>(m_happenings.size())) return;
    const auto& happening = m_happenings[static_cast<size_t>(row)];
    if (happening.target.empty()) return;
    const QString id = QString::fromStdString(happening.target);
    happening.isFix ? Q_EMIT openFix(id) : Q_EMIT openIncident(id);
  });
}

namespace {

struct Look {
  const char* icon;
  Token token;
};

Look lookOf(Happening::Kind kind) {
  switch (kind) {
    case Happening::Kind::Opened:
      return {"flag", Token::Error};
    case Happening::Kind::Approved:
      return {"person", Token::Text2};
    case Happening::Kind::Rejected:
      return {"cross", Token::Text3};
    case Happening::Kind::Worked:
      return {"check", Token::Ok};
    case Happening::Kind::Undone:
      return {"undo", Token::Warn};
    case Happening::Kind::Failed:
      return {"warning", Token::Crit};
    case Happening::Kind::Stopped:
      return {"stop", Token::Crit};
    case Happening::Kind::Resumed:
      return {"play", Token::Text2};
  }
  return {"dash", Token::Text3};
}

QString titleOf(const Happening& happening) {
  switch (happening.kind) {
    case Happening::Kind::Opened:
      return RecentlyCard::tr("Opened %1").arg(incidentName(happening.number));
    case Happening::Kind::Stopped:
      return RecentlyCard::tr("Automation stopped");
    case Happening::Kind::Resumed:
      return RecentlyCard::tr("Automation resumed");
    default:
      return safeLine(happening.title);
  }
}

QString detailOf(const Happening& happening) {
  const QString detail = safeLine(happening.detail);
  const auto with = [&](const QString& word) {
    return detail.isEmpty() ? word : word + QStringLiteral(": ") + detail;
  };
  switch (happening.kind) {
    case Happening::Kind::Opened:
      return safeLine(happening.title);
    case Happening::Kind::Approved:
      return RecentlyCard::tr("approved by %1").arg(detail);
    case Happening::Kind::Rejected:
      return RecentlyCard::tr("rejected by %1").arg(detail);
    case Happening::Kind::Worked:
      return with(outcomeText(model::OutcomeResult::Worked));
    case Happening::Kind::Undone:
      return with(outcomeText(model::OutcomeResult::Undone));
    case Happening::Kind::Failed:
      return with(outcomeText(model::OutcomeResult::Failed));
    case Happening::Kind::Stopped:
    case Happening::Kind::Resumed:
      return detail;
  }
  return detail;
}

}  // namespace

void RecentlyCard::refresh() {
  m_happenings = recently(m_bridge, kRecent);
  std::vector<RowInfo> rows;
  for (const auto& happening : m_happenings) {
    const QString id = QStringLiteral("%1 %2 %3")
                           .arg(static_cast<int>(happening.kind))
                           .arg(happening.at.time_since_epoch().count())
                           .arg(QString::fromStdString(happening.target));
    rows.push_back(
        {id, tr("%1 %2, %3").arg(clockSecondsText(happening.at), titleOf(happening), detailOf(happening)),
         kTwoLines});
  }
  m_empty->setVisible(rows.empty());
  m_list->setRows(std::move(rows));
}

void RecentlyCard::paintRow(QPainter& painter, const QRect& rect, int row, const RowState& state) const {
  if (row >= static_cast<int>(m_happenings.size())) return;
  const auto& happening = m_happenings[static_cast<size_t>(row)];
  const QRectF box(rect);
  if (!happening.target.empty()) paintLink(painter, box, theme(), state);
  const QString time = clockTimeOrDate(happening.at, base::SystemClock().now());
  const qreal timeSpace = std::max(64.0, textWidth(time, theme(), FontRole::Mono) + 6);
  paintText(painter, QRectF(box.left() + 4, box.top() + 3, timeSpace, 18), time, theme(), FontRole::Mono,
            Token::Text3);
  const Look look = lookOf(happening.kind);
  theme::Icon(QString::fromLatin1(look.icon))
      .paint(painter, QRectF(box.left() + timeSpace + 2, box.top() + 4, 16, 16), color(look.token), 14);
  const QRectF line(box.left() + timeSpace + 26, box.top() + 3, box.width() - timeSpace - 30, 18);
  paintText(painter, line, titleOf(happening), theme(), FontRole::BodyStrong, Token::Text);
  paintText(painter, line.translated(0, 17), detailOf(happening), theme(), FontRole::Secondary, Token::Text3);
}

}  // namespace aiops::ui
