// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/quiet_model.h"

#include <QPointer>
#include <algorithm>

#include "models/cell_text.h"
#include "models/display.h"
#include "models/quiet_times.h"
#include "theme/theme.h"

namespace aiops::ui {
namespace {

using theme::Token;

QuietTime timeOf(model::Silence silence, base::TimePoint now) {
  const model::Opening opening{silence.from, silence.until};
  const bool over = opening.until <= now;
  return {std::move(silence), over ? QuietTime::State::Over : QuietTime::State::InForce, opening};
}

QuietTime timeOf(model::MaintenanceWindow window, base::TimePoint now) {
  const auto next = model::openings(window, now, 1);
  const bool open = window.active || (!next.empty() && next.front().from <= now);
  const auto state = next.empty() ? QuietTime::State::Over
                     : open       ? QuietTime::State::InForce
                                  : QuietTime::State::Coming;
  return {std::move(window), state, next.empty() ? std::nullopt : std::optional(next.front())};
}

bool isBefore(const QuietTime& one, const QuietTime& other) {
  if (one.state != other.state) return one.state < other.state;
  if (!one.opening || !other.opening) return false;
  const bool open = one.state == QuietTime::State::InForce;
  return open ? one.opening->until < other.opening->until : one.opening->from < other.opening->from;
}

Token inkOf(QuietTime::State state) {
  return state == QuietTime::State::InForce  ? Token::Warn
         : state == QuietTime::State::Coming ? Token::Text2
                                             : Token::Text3;
}

QString iconOf(QuietTime::State state) {
  return state == QuietTime::State::InForce  ? QStringLiteral("quiet")
         : state == QuietTime::State::Coming ? QStringLiteral("clock")
                                             : QStringLiteral("dash");
}

}  // namespace

QString quietStateText(QuietTime::State state) {
  switch (state) {
    case QuietTime::State::InForce:
      return QuietModel::tr("In force");
    case QuietTime::State::Coming:
      return QuietModel::tr("Coming");
    case QuietTime::State::Over:
      return QuietModel::tr("Over");
  }
  return {};
}

QuietModel::QuietModel(EngineBridge& bridge, QObject* parent)
    : QAbstractTableModel(parent), m_bridge(bridge) {}

void QuietModel::refresh() {
  if (m_asking) return;
  m_asking = true;
  m_bridge.operations().silences().listSilences(
      m_bridge.onUiThread<Silences>([model = QPointer(this), changes = m_changes](auto answer) {
        if (!model) return;
        if (!answer) return model->failed(answer.error());
        model->askWindows(std::move(*answer), changes);
      }));
}

void QuietModel::askWindows(Silences silences, int changes) {
  m_bridge.operations().silences().listMaintenance(m_bridge.onUiThread<Windows>(
      [model = QPointer(this), changes, silences = std::move(silences)](auto answer) {
        if (!model) return;
        if (!answer) return model->failed(answer.error());
        model->m_asking = false;
        if (changes != model->m_changes) return model->refresh();
        model->m_problem.clear();
        model->take(silences, std::move(*answer));
        Q_EMIT model->refreshed();
      }));
}

void QuietModel::failed(const base::Error& error) {
  m_asking = false;
  m_problem = error.line();
  Q_EMIT refreshed();
}

void QuietModel::take(Silences silences, Windows windows) {
  m_hasAnswer = true;
  m_now = base::SystemClock().now();
  std::vector<QuietTime> rows;
  for (auto& silence : silences) rows.push_back(timeOf(std::move(silence), m_now));
  for (auto& window : windows) rows.push_back(timeOf(std::move(window), m_now));
  std::ranges::stable_sort(rows, isBefore);
  const bool same = std::ranges::equal(rows, m_rows, {}, &QuietTime::id, &QuietTime::id);
  if (!same) beginResetModel();
  m_rows = std::move(rows);
  if (!same) {
    endResetModel();
  } else if (!m_rows.empty()) {
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
  }
}

template <class T>
service::Reply<T> QuietModel::changed(Done<T> done) {
  ++m_changes;
  return m_bridge.onUiThread<T>([model = QPointer(this), done = std::move(done)](auto answer) {
    if (!model) return;
    ++model->m_changes;
    done(answer ? QString() : cellText(answer.error().line()), answer ? *answer : T{});
    model->refresh();
  });
}

void QuietModel::add(model::Silence silence, Done<model::Silence> done) {
  m_bridge.operations().silences().addSilence(m_bridge.caller(), std::move(silence),
                                              changed(std::move(done)));
}

void QuietModel::add(model::MaintenanceWindow window, Done<model::MaintenanceWindow> done) {
  m_bridge.operations().silences().addMaintenance(m_bridge.caller(), std::move(window),
                                                  changed(std::move(done)));
}

void QuietModel::endSilence(const std::string& id, Done<model::Silence> done) {
  m_bridge.operations().silences().removeSilence(m_bridge.caller(), id, changed(std::move(done)));
}

void QuietModel::removeWindow(const std::string& id, Done<model::MaintenanceWindow> done) {
  m_bridge.operations().silences().removeMaintenance(m_bridge.caller(), id, changed(std::move(done)));
}

const QuietTime* QuietModel::at(const QString& id) const {
  const auto found = std::ranges::find(m_rows, id.toStdString(), &QuietTime::id);
  return found == m_rows.end() ? nullptr : &*found;
}

uint64_t QuietModel::silencesInForce() const {
  return static_cast<uint64_t>(std::ranges::count_if(
      m_rows, [](const auto& row) { return row.silence() && row.state == QuietTime::State::InForce; }));
}

uint64_t QuietModel::windowsInForce() const {
  return static_cast<uint64_t>(std::ranges::count_if(
      m_rows, [](const auto& row) { return row.window() && row.state == QuietTime::State::InForce; }));
}

int QuietModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int QuietModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : ColumnCount;
}

QString QuietModel::whenText(const QuietTime& row) const {
  if (row.state == QuietTime::State::Over || !row.opening) return tr("does not come again");
  if (row.state == QuietTime::State::InForce) {
    return tr("until %1, %2 left")
        .arg(shortMomentText(row.opening->until, m_now), spanText(row.opening->until - m_now));
  }
  return tr("%1, in %2").arg(shortMomentText(row.opening->from, m_now), spanText(row.opening->from - m_now));
}

QString QuietModel::textOf(const QuietTime& row, int column) const {
  const auto* silence = row.silence();
  switch (column) {
    case State:
      return quietStateText(row.state);
    case What:
      return silence ? quietWhat(*silence) : quietWhat(*row.window());
    case Why:
      return cellText(silence ? silence->reason : row.window()->name);
    case When:
      return whenText(row);
    case Repeats:
      return silence ? tr("no, a silence") : repeatText(*row.window());
    case By:
      return cellText(silence ? silence->by : row.window()->by, 64);
    default:
      return {};
  }
}

QVariant QuietModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const auto& row = m_rows[static_cast<size_t>(index.row())];
  const int column = index.column();
  if (role == Qt::DisplayRole) return textOf(row, column);
  if (role == cell::Id) return QString::fromStdString(row.id());
  if (role == cell::Ink) {
    if (column == State) return static_cast<int>(inkOf(row.state));
    return static_cast<int>(column == What ? Token::Text : Token::Text2);
  }
  if (role == cell::Icon) return column == State ? iconOf(row.state) : QString();
  if (role != Qt::AccessibleTextRole) return {};
  if (column != State) return textOf(row, column);
  QStringList words;
  for (int i = 0; i < ColumnCount; ++i) words += textOf(row, i);
  return words.join(QStringLiteral(", "));
}

QVariant QuietModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole) return static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case State:
      return tr("State");
    case What:
      return tr("What is quiet");
    case Why:
      return tr("Why");
    case When:
      return tr("When, UTC");
    case Repeats:
      return tr("Comes again");
    case By:
      return tr("By");
    default:
      return {};
  }
}

}  // namespace aiops::ui
