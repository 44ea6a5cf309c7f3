// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/investigations/incident_head.h"

#include <QPainter>
#include <set>

#include "model/labels.h"
#include "models/display.h"
#include "models/shown_text.h"
#include "widgets/left_to_right.h"
#include "widgets/paint.h"
#include "widgets/text.h"

namespace aiops::ui {
namespace {

using theme::FontRole;
using theme::Token;

Chip stateChip(const model::Incident& incident, const theme::Theme& theme) {
  Chip chip;
  chip.text = incidentStateWord(incident.state);
  chip.colour = Token::Text;
  chip.fill = Token::Raised;
  chip.edge = Token::LineStrong;
  if (incident.state == model::IncidentState::AwaitingApproval) {
    chip.colour = Token::OnAttn;
    chip.fill = Token::AttnFill;
    chip.edge = Token::AttnFill;
    chip.mark = [&theme](QPainter& painter, const QRectF& box) {
      theme::Icon(QStringLiteral("person")).paint(painter, box, theme.color(Token::OnAttn), 13);
    };
  }
  if (incident.state == model::IncidentState::Resolved) {
    chip.colour = Token::Ok;
    chip.fill = Token::OkTint;
    chip.edge = Token::OkTint;
    chip.mark = [&theme](QPainter& painter, const QRectF& box) {
      theme::Icon(QStringLiteral("check")).paint(painter, box, theme.color(Token::Ok), 13);
    };
  }
  return chip;
}

}  // namespace

IncidentHead::IncidentHead(const theme::Theme& theme, QWidget* parent) : Painted(theme, parent) {
  installAccessibleRows();
  setAccessibleName(tr("Incident"));
  setFixedHeight(60);
}

void IncidentHead::setIncident(const service::Investigation& investigation, base::TimePoint now) {
  m_incident = investigation.incident;
  m_title = shownString(m_incident.title, 512);
  QStringList services;
  for (const auto& name : m_incident.services) services += shownString(name, 64);
  std::set<std::string> patterns;
  for (const auto& event : investigation.events) patterns.insert(event.patternId);
  const auto open = m_incident.endedAt.value_or(now) - m_incident.startedAt;
  m_facts = {{tr("Started"),
              sameDay(m_incident.startedAt, now)
                  ? clockText(m_incident.startedAt)
                  : dateText(m_incident.startedAt) + u' ' + clockText(m_incident.startedAt),
              true},
             {tr("Detected"), delayText(m_incident.detectedAt - m_incident.startedAt), true},
             {m_incident.endedAt ? tr("Was open for") : tr("Open for"), spanText(open)},
             {tr("Services"), services.join(QStringLiteral(", "))}};
  auto hit = m_incident.impact.value_or(model::Impact());
  hit.failing = 0;  // the services are named beside it
  const QString impact = shownString(model::impactText(hit), 200);
  if (!impact.isEmpty()) m_facts.insert(m_facts.end() - 1, {tr("Impact"), impact});
  const QString count = countText(static_cast<qint64>(m_incident.eventCount));
  m_facts.push_back({tr("Events"), patterns.empty() ? count
                                   : patterns.size() == 1
                                       ? tr("%1 from 1 pattern").arg(count)
                                       : tr("%1 from %2 patterns").arg(count).arg(patterns.size())});
  update();
}

void IncidentHead::setTaken(int width) {
  m_taken = width;
  update();
}

QString IncidentHead::accessibleRowText(int row) const {
  if (row == 0)
    return severityWord(m_incident.severity) + QStringLiteral(", ") + incidentStateWord(m_incident.state) +
           QStringLiteral(": ") + m_title;
  const auto& fact = m_facts[static_cast<size_t>(row) - 1];
  return fact.name + QStringLiteral(": ") + fact.value;
}

QRect IncidentHead::accessibleRowRect(int row) const {
  return row == 0 ? QRect(0, 0, width(), 30) : QRect(0, 32, width(), 24);
}

void IncidentHead::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.save();
  painter.translate(9, 15);
  painter.scale(1.25, 1.25);
  paintSeverity(painter, QRectF(-8, -8, 16, 16), m_incident.severity, theme());
  painter.restore();
  paintText(painter, QRectF(24, 0, width() - 24 - m_taken, 30), forcedLeftToRight(m_title), theme(),
            FontRole::Page, Token::Text);
  double x = 0;
  for (const Chip& chip : {severityChip(m_incident.severity, theme()), stateChip(m_incident, theme())}) {
    x += paintChip(painter, QPointF(x, 35), chip, theme()) + 6;
  }
  x += 8;
  for (const Fact& fact : m_facts) {
    const FontRole font = fact.mono ? FontRole::Mono : FontRole::Secondary;
    const double name = textWidth(fact.name, theme(), FontRole::Secondary) + 6;
    paintText(painter, QRectF(x, 33, name, 24), fact.name, theme(), FontRole::Secondary, Token::Text3);
    x += name;
    const double value = textWidth(fact.value, theme(), font);
    paintText(painter, QRectF(x, 33, std::min(value + 1, width() - x), 24), fact.value, theme(), font,
              Token::Text);
    x += value + 18;
  }
}

}  // namespace aiops::ui
