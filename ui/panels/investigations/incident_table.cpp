// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/investigations/incident_table.h"

#include <QHeaderView>
#include <QKeyEvent>
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

class RowDelegate final : public QStyledItemDelegate {
 public:
  RowDelegate(const theme::Theme& theme, const IncidentModel& model, QObject* parent)
      : QStyledItemDelegate(parent), m_theme(theme), m_model(model) {}

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    if (selected) painter->fillRect(option.rect, m_theme.color(Token::Selected));
    painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1),
                      m_theme.color(Token::Line));
    paintCell(*painter, option.rect, index, selected);
    painter->restore();
  }

 private:
  void paintCell(QPainter& painter, const QRect& rect, const QModelIndex& index, bool selected) const {
    const auto& summary = m_model.at(index.row());
    const QRectF box = QRectF(rect).adjusted(8, 0, -8, -1);
    const QString text = forcedLeftToRight(index.data().toString());
    switch (index.column()) {
      case Column::Severity:
        if (selected)
          painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), m_theme.color(Token::Accent));
        return paintSeverity(painter, QRectF(rect.left() + 10, rect.top(), 16, rect.height()),
                             summary.incident.severity, m_theme);
      case Column::State:
        return paintState(painter, box, summary.incident.state, text);
      case Column::Cause:
        return paintCause(painter, box, summary, text);
      case Column::Title:
        return paintText(painter, box, text, m_theme, FontRole::BodyStrong, Token::Text);
      case Column::Services:
        return paintText(painter, box, text, m_theme, FontRole::Secondary, Token::Text2);
      default:
        return paintText(painter, box, text, m_theme, FontRole::Mono, Token::Text2);
    }
  }

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
      theme::Icon(icon).paint(painter, QRectF(box.left(), box.top(), 14, box.height()), m_theme.color(ink),
                              14);
      rest.setLeft(box.left() + 20);
    }
    paintText(painter, rest, text, m_theme, FontRole::Secondary, ink);
  }

  void paintCause(QPainter& painter, const QRectF& box, const service::InvestigationSummary& summary,
                  const QString& text) const {
    paintVerdict(painter, QRectF(box.left() - 2, box.top(), 16, box.height()), summary.verdict, m_theme);
    paintText(painter, box.adjusted(20, 0, 0, 0), text, m_theme, FontRole::Secondary,
              verdictToken(summary.verdict));
  }

  const theme::Theme& m_theme;
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

int IncidentModel::rowOf(const QString& id) const {
  for (size_t i = 0; i < m_rows.size(); ++i) {
    const auto& incident = m_rows[i].incident;
    if (QString::fromStdString(incident.id.str()) == id || incidentName(incident.number) == id)
      return static_cast<int>(i);
  }
  return -1;
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
    : QTableView(parent), m_model(model) {
  setModel(&model);
  setItemDelegate(new RowDelegate(theme, model, this));
  setAccessibleName(tr("Incidents"));
  setFrameShape(QFrame::NoFrame);
  setShowGrid(false);
  setSelectionBehavior(SelectRows);
  setSelectionMode(SingleSelection);
  setEditTriggers(NoEditTriggers);
  setTabKeyNavigation(false);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setVerticalScrollMode(ScrollPerPixel);
  viewport()->setAutoFillBackground(false);
  verticalHeader()->hide();
  verticalHeader()->setDefaultSectionSize(kSummaryRow);
  horizontalHeader()->setHighlightSections(false);
  horizontalHeader()->setSectionResizeMode(QHeaderView::Fixed);
  connect(this, &QTableView::doubleClicked, this, [this] { Q_EMIT opened(currentId()); });
  connect(&theme, &theme::Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

QString IncidentTable::currentId() const {
  if (!currentIndex().isValid()) return {};
  return QString::fromStdString(m_model.at(currentIndex().row()).incident.id.str());
}

void IncidentTable::selectId(const QString& id) {
  const int row = m_model.rowOf(id);
  if (m_model.rowCount() > 0) setCurrentIndex(m_model.index(std::max(row, 0), 0));
}

void IncidentTable::keyPressEvent(QKeyEvent* event) {
  const int row = currentIndex().row();
  switch (event->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
      if (row >= 0) Q_EMIT opened(currentId());
      return;
    case Qt::Key_J:
      return setCurrentIndex(m_model.index(std::min(row + 1, m_model.rowCount() - 1), 0));
    case Qt::Key_K:
      return setCurrentIndex(m_model.index(std::max(row - 1, 0), 0));
    default:
      break;
  }
  // Letters are keys of the window, not a search in the table.
  if (!event->text().isEmpty() && event->text().at(0).isLetterOrNumber()) return event->ignore();
  QTableView::keyPressEvent(event);
}

void IncidentTable::resizeEvent(QResizeEvent* event) {
  QTableView::resizeEvent(event);
  placeColumns();
}

void IncidentTable::placeColumns() {
  static constexpr int kWidths[Column::ColumnCount] = {36, 96, 0, 190, 158, 140, 150, 96};
  // Least needed first.
  static constexpr Column kHideOrder[] = {Column::OpenFor, Column::Services, Column::Started};
  constexpr int kLeastTitle = 280;
  int fixed = 0;
  for (const int width : kWidths) fixed += width;
  for (const Column column : kHideOrder) {
    const bool tooNarrow = viewport()->width() - fixed < kLeastTitle;
    setColumnHidden(column, tooNarrow);
    if (tooNarrow) fixed -= kWidths[column];
  }
  for (int column = 0; column < Column::ColumnCount; ++column) {
    setColumnWidth(column,
                   column == Column::Title ? std::max(viewport()->width() - fixed, 120) : kWidths[column]);
  }
}

}  // namespace aiops::ui
