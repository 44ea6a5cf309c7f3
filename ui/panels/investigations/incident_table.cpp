// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/investigations/incident_table.h"

#include <QHeaderView>
#include <QPainter>

#include "models/display.h"
#include "models/shown_text.h"
#include "widgets/left_to_right.h"
#include "widgets/paint.h"
#include "widgets/text.h"

namespace aiops::ui {
namespace {

using theme::FontRole;
using theme::Token;
using Column = IncidentModel::Column;

constexpr int kSummaryRow = theme::grid::kRow + 4;

class RowDelegate final : public DataDelegate {
 public:
  RowDelegate(const theme::Theme& theme, const IncidentModel& model, QObject* parent)
      : DataDelegate(theme, parent), m_model(model) {}

 protected:
  void paintCell(QPainter& painter, const QRectF& box, const QModelIndex& index) const override {
    const auto& summary = m_model.at(index.row());
    const QString text = forcedLeftToRight(index.data().toString());
    painter.setRenderHint(QPainter::Antialiasing);
    switch (index.column()) {
      case Column::Severity:
        return paintSeverity(painter, QRectF(box.left() + 2, box.top(), 16, box.height()),
                             summary.incident.severity, theme());
      case Column::State:
        return paintState(painter, box, summary.incident.state, text);
      case Column::Cause:
        return paintCause(painter, box, summary, text);
      case Column::Title:
        return paintText(painter, box, text, theme(), FontRole::BodyStrong, Token::Text);
      case Column::Services:
        return paintText(painter, box, text, theme(), FontRole::Secondary, Token::Text2);
      default:
        return paintText(painter, box, text, theme(), FontRole::Mono, Token::Text2);
    }
  }

 private:
  void paintState(QPainter& painter, const QRectF& box, model::IncidentState state,
                  const QString& text) const {
    Token ink = model::isClosed(state) ? Token::Text3 : Token::Text;
    QRectF rest = box;
    QString icon;
    if (state == model::IncidentState::AwaitingApproval) {
      ink = Token::Attn;
      icon = QStringLiteral("person");
    } else if (state == model::IncidentState::Resolved) {
      ink = Token::Ok;
      icon = QStringLiteral("check");
    }
    if (!icon.isEmpty()) {
      theme::Icon(icon).paint(painter, QRectF(box.left(), box.top(), 14, box.height()), theme().color(ink),
                              14);
      rest.setLeft(box.left() + 20);
    }
    paintText(painter, rest, text, theme(), FontRole::Secondary, ink);
  }

  void paintCause(QPainter& painter, const QRectF& box, const service::InvestigationSummary& summary,
                  const QString& text) const {
    paintVerdict(painter, QRectF(box.left() - 2, box.top(), 16, box.height()), summary.verdict, theme());
    paintText(painter, box.adjusted(20, 0, 0, 0), text, theme(), FontRole::Secondary,
              verdictToken(summary.verdict));
  }

  const IncidentModel& m_model;
};

}  // namespace

void IncidentModel::setSummaries(const std::vector<service::InvestigationSummary>& summaries,
                                 bool trackRecord, base::TimePoint now) {
  m_trackRecord = trackRecord;
  m_now = now;
  const bool same = std::equal(summaries.begin(), summaries.end(), m_rows.begin(), m_rows.end(),
                               [](const auto& a, const auto& b) { return a.incident.id == b.incident.id; });
  if (!same) beginResetModel();
  m_rows = summaries;
  if (!same) {
    endResetModel();
  } else if (!m_rows.empty()) {
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
  }
}

QString IncidentModel::idOf(const QString& name) const {
  for (const auto& row : m_rows) {
    const QString id = QString::fromStdString(row.incident.id.str());
    if (id == name || incidentName(row.incident.number) == name) return id;
  }
  return {};
}

int IncidentModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int IncidentModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : ColumnCount;
}

QString IncidentModel::textOf(const service::InvestigationSummary& summary, int column) const {
  const auto& incident = summary.incident;
  switch (column) {
    case Severity:
      return severityWord(incident.severity);
    case Number:
      return incidentName(incident.number);
    case Title:
      return shownString(incident.title, 512);
    case Services: {
      QStringList names;
      for (const auto& name : incident.services) names += shownString(name, 64);
      return names.join(QStringLiteral(", "));
    }
    case State:
      return incidentStateWord(incident.state);
    case Cause:
      if (summary.cause.empty()) return verdictWord(summary.verdict);
      return m_trackRecord ? verdictWord(summary.verdict) + u' ' + percentText(summary.confidence)
                           : verdictWord(summary.verdict);
    case Started:
      return momentText(incident.startedAt, m_now);
    case OpenFor:
      return spanText(incident.endedAt.value_or(m_now) - incident.startedAt);
    default:
      return {};
  }
}

QVariant IncidentModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const auto& summary = at(index.row());
  if (role == Qt::DisplayRole) return textOf(summary, index.column());
  if (role == IdRole) return QString::fromStdString(summary.incident.id.str());
  if (role != Qt::AccessibleTextRole) return {};
  if (index.column() != Severity) return textOf(summary, index.column());
  QStringList all;
  for (int column = 0; column < ColumnCount; ++column) all += textOf(summary, column);
  return all.join(QStringLiteral(", "));
}

QVariant IncidentModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole) return static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case Number:
      return tr("Incident");
    case Title:
      return tr("What happened");
    case Services:
      return tr("Services");
    case State:
      return tr("State");
    case Cause:
      return tr("Cause");
    case Started:
      return tr("Started, UTC");
    case OpenFor:
      return tr("Open for");
    default:
      return {};
  }
}

IncidentTable::IncidentTable(const theme::Theme& theme, IncidentModel& model, QWidget* parent)
    : DataTable(theme, &model,
                {{.width = 36},
                 {.width = 96},
                 {.width = 280, .stretch = true},
                 {.width = 190, .hideOrder = 2},
                 {.width = 158},
                 {.width = 140},
                 {.width = 150, .hideOrder = 3},
                 {.width = 96, .hideOrder = 1}},
                parent) {
  setDelegate(new RowDelegate(theme, model, this));
  setAccessibleName(tr("Incidents"));
  verticalHeader()->setDefaultSectionSize(kSummaryRow);
}

}  // namespace aiops::ui
