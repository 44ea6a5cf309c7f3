// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/audit_model.h"

#include <QDateTime>
#include <QPointer>
#include <algorithm>

#include "models/cell_text.h"
#include "models/display.h"

namespace aiops::ui {
namespace {

bool holds(const std::string& foreign, const QString& part) {
  return part.isEmpty() || cellText(foreign).contains(part, Qt::CaseInsensitive);
}

}  // namespace

bool AuditFilter::isEmpty() const {
  return who.isEmpty() && what.isEmpty() && target.isEmpty() && !from && !to;
}

bool AuditFilter::matches(const model::AuditEntry& entry) const {
  if (from && entry.at < *from) return false;
  if (to && entry.at >= *to) return false;
  return holds(entry.who, who) && holds(entry.what, what) &&
         (holds(entry.target, target) || holds(entry.incident, target));
}

std::optional<base::TimePoint> parseMoment(const QString& text, base::TimePoint now) {
  const QString trimmed = text.trimmed();
  const auto millis = std::chrono::floor<std::chrono::milliseconds>(now).time_since_epoch().count();
  const QDate today = QDateTime::fromMSecsSinceEpoch(millis, Qt::UTC).date();
  const auto at = [](const QDate& date, const QTime& time) {
    return base::TimePoint(std::chrono::milliseconds(QDateTime(date, time, Qt::UTC).toMSecsSinceEpoch()));
  };
  for (const auto* form : {"HH:mm", "HH:mm:ss"}) {
    const QTime time = QTime::fromString(trimmed, QString::fromLatin1(form));
    if (time.isValid()) return at(today, time);
  }
  const QDate date = QDate::fromString(trimmed, QStringLiteral("yyyy-MM-dd"));
  if (date.isValid()) return at(date, QTime(0, 0));
  for (const auto* form : {"yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ss"}) {
    const QDateTime both = QDateTime::fromString(trimmed, QString::fromLatin1(form));
    if (both.isValid()) return at(both.date(), both.time());
  }
  return std::nullopt;
}

AuditModel::AuditModel(AskAudit ask, QObject* parent) : QAbstractTableModel(parent), m_ask(std::move(ask)) {}

void AuditModel::setFilter(AuditFilter filter) {
  m_filter = std::move(filter);
  reload();
}

void AuditModel::reload() {
  ++m_turn;
  beginResetModel();
  m_rows.clear();
  endResetModel();
  m_before.reset();
  m_looked = m_newer = 0;
  m_complete = m_asking = false;
  m_problem.clear();
  m_now = base::SystemClock().now();
  m_wanted = kEnough;
  ask();
}

void AuditModel::stopLooking() {
  if (!m_asking) return;
  ++m_turn;
  m_asking = false;
  Q_EMIT progressed();
}

void AuditModel::lookForNew() {
  m_ask({.limit = 1}, [model = QPointer(this), turn = m_turn](auto answer) {
    if (!model || model->m_turn != turn || !answer || answer->total <= model->m_total) return;
    model->m_newer = answer->total - model->m_total;
    Q_EMIT model->progressed();
  });
}

void AuditModel::ask() {
  m_asking = true;
  Q_EMIT progressed();
  m_ask({.limit = kPage, .before = m_before}, [model = QPointer(this), turn = m_turn](auto answer) {
    if (model && model->m_turn == turn) model->take(std::move(answer));
  });
}

void AuditModel::take(base::Result<service::Page<model::AuditEntry>> answer) {
  m_asking = false;
  m_problem = answer ? std::string() : answer.error().line();
  if (!answer) {
    Q_EMIT progressed();
    return;
  }
  auto& page = answer->items;
  if (!m_before) m_total = answer->total;
  m_looked += page.size();
  m_complete = page.size() < kPage || page.back().sequence <= 1;
  if (!page.empty()) m_before = page.back().sequence;
  std::erase_if(page, [this](const auto& entry) { return !m_filter.matches(entry); });
  if (!page.empty()) {
    const int first = rowCount();
    beginInsertRows({}, first, first + static_cast<int>(page.size()) - 1);
    std::move(page.begin(), page.end(), std::back_inserter(m_rows));
    endInsertRows();
  }
  if (!m_complete && rowCount() < m_wanted) return ask();
  Q_EMIT progressed();
}

int AuditModel::rowOf(uint64_t sequence) const {
  const auto found =
      std::lower_bound(m_rows.begin(), m_rows.end(), sequence,
                       [](const auto& entry, uint64_t wanted) { return entry.sequence > wanted; });
  if (found == m_rows.end() || found->sequence != sequence) return -1;
  return static_cast<int>(found - m_rows.begin());
}

bool AuditModel::canFetchMore(const QModelIndex& parent) const {
  return !parent.isValid() && !m_asking && !m_complete && m_before.has_value() && m_problem.empty();
}

void AuditModel::fetchMore(const QModelIndex& parent) {
  if (!canFetchMore(parent)) return;
  m_wanted = rowCount() + kEnough;
  ask();
}

int AuditModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int AuditModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : ColumnCount;
}

QString AuditModel::textOf(const model::AuditEntry& entry, int column) const {
  switch (column) {
    case Time:
      return momentText(entry.at, m_now);
    case Who:
      return cellText(entry.who);
    case What:
      return cellText(entry.what);
    case Target:
      return cellText(entry.target);
    case Why:
      return cellText(entry.why);
    case Result:
      return cellText(entry.result);
    default:
      return {};
  }
}

QVariant AuditModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const auto& entry = at(index.row());
  if (role == Qt::DisplayRole) return textOf(entry, index.column());
  if (role == cell::Id) return QString::number(entry.sequence);
  if (role == cell::Mono) return index.column() == Time || index.column() == What || index.column() == Target;
  if (role != Qt::AccessibleTextRole) return {};
  if (index.column() != Time) return textOf(entry, index.column());
  QStringList all;
  for (int column = 0; column < ColumnCount; ++column) {
    if (const QString text = textOf(entry, column); !text.isEmpty()) all += text;
  }
  return all.join(QStringLiteral(", "));
}

QVariant AuditModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  switch (section) {
    case Time:
      return tr("Time, UTC");
    case Who:
      return tr("Who");
    case What:
      return tr("What");
    case Target:
      return tr("Target");
    case Why:
      return tr("Why");
    case Result:
      return tr("Result");
    default:
      return {};
  }
}

}  // namespace aiops::ui
