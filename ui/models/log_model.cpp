// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/log_model.h"

#include <algorithm>
#include <map>

namespace aiops::ui {
namespace {

using model::Severity;

/// How many lines are judged at once when restrictions change, and then per turn of the event loop. An
/// expression takes well below 1 µs a line.
constexpr uint64_t kIndexAtOnce = 8'000, kIndexPerTurn = 3'000;

// Positions into `lines` by event time. A line without a time stays behind the line of its source before it.
std::vector<size_t> byEventTime(const std::vector<model::LogLine>& lines) {
  std::map<std::string_view, base::TimePoint> lastOfSource;
  std::vector<base::TimePoint> keys(lines.size());
  std::vector<size_t> order(lines.size());
  for (size_t i = 0; i < lines.size(); ++i) {
    auto [last, isNew] = lastOfSource.try_emplace(lines[i].source, lines[i].time);
    if (lines[i].hasTime) last->second = lines[i].time;
    keys[i] = last->second;
    order[i] = i;
  }
  std::stable_sort(order.begin(), order.end(), [&keys](size_t a, size_t b) { return keys[a] < keys[b]; });
  return order;
}

qsizetype dropBelow(std::deque<uint64_t>& ordinals, uint64_t first) {
  const auto end = std::lower_bound(ordinals.begin(), ordinals.end(), first);
  const auto count = end - ordinals.begin();
  ordinals.erase(ordinals.begin(), end);
  return count;
}

qsizetype countBelow(const std::deque<uint64_t>& ordinals, uint64_t end) {
  return std::lower_bound(ordinals.begin(), ordinals.end(), end) - ordinals.begin();
}

}  // namespace

LogModel::LogModel(size_t capacity, QObject* parent) : QObject(parent), m_capacity(capacity) {
  m_indexing.setSingleShot(true);
  m_indexing.setInterval(0);
  connect(&m_indexing, &QTimer::timeout, this, &LogModel::continueIndexing);
}

LogBuffer::Packed LogModel::pack(const model::LogSlice& slice) {
  LogBuffer::Packed packed;
  packed.entries.reserve(slice.lines.size());
  for (const size_t i : byEventTime(slice.lines)) packed.add(slice.lines[i]);
  return packed;
}

bool LogModel::scopeIsAll() const {
  return !m_restrictions.service && m_restrictions.least == Severity::Debug;
}

bool LogModel::rowsAreMatches() const {
  return m_restrictions.mode == Mode::Filter && !m_filter.empty();
}

bool LogModel::inScope(uint64_t ordinal) const {
  const auto& entry = m_buffer.entry(ordinal);
  if (entry.severity < m_restrictions.least) return false;
  return !m_restrictions.service || m_buffer.services()[entry.service] == *m_restrictions.service;
}

bool LogModel::matchesAt(uint64_t ordinal) {
  return m_filter.matches(m_buffer.shownMessage(ordinal, m_scratch));
}

void LogModel::append(const LogBuffer::Packed& packed, uint64_t missed) {
  m_missed += missed;
  uint64_t ordinal = m_buffer.append(packed);
  for (; ordinal < m_buffer.end(); ++ordinal) {
    const auto& entry = m_buffer.entry(ordinal);
    m_counts.add(entry);
    index(ordinal);
    if (!m_pausedAt || !inScope(ordinal)) continue;
    ++m_waiting.lines;
    if (entry.severity >= Severity::Error) ++m_waiting.errors;
    if (entry.severity == Severity::Warning) ++m_waiting.warnings;
  }
  trim();
}

void LogModel::index(uint64_t ordinal) {
  if (!inScope(ordinal)) return;
  if (!scopeIsAll()) m_scope.push_back(ordinal);
  if (!m_filter.empty() && matchesAt(ordinal)) m_matches.push_back(ordinal);
}

void LogModel::trim() {
  const auto before = m_buffer.first();
  const size_t most = m_pausedAt ? 2 * m_capacity : m_capacity;
  const uint64_t first = m_buffer.size() > most ? m_buffer.end() - most : before;
  for (uint64_t ordinal = before; ordinal < first; ++ordinal) m_counts.remove(m_buffer.entry(ordinal));
  m_buffer.trimTo(most);
  const auto droppedScope = dropBelow(m_scope, m_buffer.first());
  const auto droppedMatches = dropBelow(m_matches, m_buffer.first());
  const auto droppedLines = static_cast<qsizetype>(m_buffer.first() - before);
  Q_EMIT appended(rowsAreMatches() ? droppedMatches : scopeIsAll() ? droppedLines : droppedScope);
}

void LogModel::reindex() {
  m_scope.clear();
  m_matches.clear();
  m_indexedFrom = m_buffer.end();
  indexOlder(kIndexAtOnce);
}

void LogModel::indexOlder(uint64_t lines) {
  const uint64_t least = m_buffer.first();
  if (scopeIsAll() && m_filter.empty()) m_indexedFrom = least;
  for (; lines > 0 && m_indexedFrom > least; --lines) {
    const uint64_t ordinal = --m_indexedFrom;
    if (!inScope(ordinal)) continue;
    if (!scopeIsAll()) m_scope.push_front(ordinal);
    if (!m_filter.empty() && matchesAt(ordinal)) m_matches.push_front(ordinal);
  }
  if (!isIndexed()) m_indexing.start();
}

void LogModel::continueIndexing() {
  const auto before = rowCount();
  indexOlder(kIndexPerTurn);
  if (isIndexed()) {
    Q_EMIT reset();
  } else {
    Q_EMIT appended(before - rowCount());
  }
}

const std::deque<uint64_t>* LogModel::rows() const {
  if (rowsAreMatches()) return &m_matches;
  return scopeIsAll() ? nullptr : &m_scope;
}

uint64_t LogModel::lastShown() const {
  return std::max(m_pausedAt.value_or(m_buffer.end()), m_buffer.first());
}

qsizetype LogModel::rowCount() const {
  if (const auto* ordinals = rows()) return countBelow(*ordinals, lastShown());
  return static_cast<qsizetype>(lastShown() - m_buffer.first());
}

uint64_t LogModel::ordinalAt(qsizetype row) const {
  if (const auto* ordinals = rows()) return (*ordinals)[static_cast<size_t>(row)];
  return m_buffer.first() + static_cast<uint64_t>(row);
}

std::optional<qsizetype> LogModel::rowAtOrAfter(uint64_t ordinal) const {
  const auto count = rowCount();
  if (count == 0) return std::nullopt;
  const auto clamped = std::max(ordinal, m_buffer.first());
  const auto* ordinals = rows();
  const auto row =
      ordinals ? countBelow(*ordinals, clamped) : static_cast<qsizetype>(clamped - m_buffer.first());
  return std::min(row, count - 1);
}

std::optional<qsizetype> LogModel::rowOf(uint64_t ordinal) const {
  const auto row = rowAtOrAfter(ordinal);
  if (!row || ordinalAt(*row) != ordinal) return std::nullopt;
  return row;
}

void LogModel::setRestrictions(const Restrictions& restrictions) {
  auto compiled = LogFilter::compile(restrictions.expression, restrictions.regex, restrictions.caseSensitive);
  m_restrictions = restrictions;
  if (compiled) {
    m_filter = std::move(*compiled);
    m_problem.reset();
  } else {
    m_problem = compiled.error();
  }
  reindex();
  Q_EMIT reset();
}

qint64 LogModel::scopeCount() const {
  return static_cast<qint64>(scopeIsAll() ? m_buffer.size() : m_scope.size());
}

qint64 LogModel::matchCount() const {
  return static_cast<qint64>(m_matches.size());
}

void LogModel::pause() {
  if (m_pausedAt) return;
  m_pausedAt = m_buffer.end();
  m_waiting = {};
  m_pausedTime.reset();
  if (m_buffer.size() > 0) m_pausedTime = m_buffer.entry(m_buffer.end() - 1).time;
  Q_EMIT reset();
}

void LogModel::follow() {
  if (!m_pausedAt) return;
  m_pausedAt.reset();
  m_pausedTime.reset();
  m_waiting = {};
  trim();
  Q_EMIT reset();
}

void LogModel::reveal() {
  if (!m_pausedAt) return;
  m_pausedAt.reset();
  pause();
}

template <class Test>
std::optional<uint64_t> LogModel::scan(std::optional<uint64_t> from, bool forward, Test test) const {
  const uint64_t first = m_buffer.first();
  const uint64_t end = m_buffer.end();
  if (forward) {
    for (uint64_t at = from ? std::max(*from + 1, first) : first; at < end; ++at) {
      if (test(at)) return at;
    }
    return std::nullopt;
  }
  for (uint64_t at = std::min(from.value_or(end), end); at > first; --at) {
    if (test(at - 1)) return at - 1;
  }
  return std::nullopt;
}

std::optional<uint64_t> LogModel::nextError(std::optional<uint64_t> from, bool forward) const {
  std::string scratch;
  return scan(from, forward, [this, &scratch](uint64_t at) {
    if (m_buffer.entry(at).severity < Severity::Error || !inScope(at)) return false;
    return !rowsAreMatches() || m_filter.matches(m_buffer.shownMessage(at, scratch));
  });
}

std::optional<uint64_t> LogModel::nextMatch(std::optional<uint64_t> from, bool forward) const {
  if (m_matches.empty()) return std::nullopt;
  if (forward) {
    const auto next = from ? std::upper_bound(m_matches.begin(), m_matches.end(), *from) : m_matches.begin();
    return next == m_matches.end() ? std::nullopt : std::optional(*next);
  }
  const auto next = from ? std::lower_bound(m_matches.begin(), m_matches.end(), *from) : m_matches.end();
  return next == m_matches.begin() ? std::nullopt : std::optional(*std::prev(next));
}

}  // namespace aiops::ui
