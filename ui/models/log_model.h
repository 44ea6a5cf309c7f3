// What the log view shows: the buffer seen through service, level and expression, following or paused.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>
#include <deque>
#include <optional>

#include "models/log_buffer.h"
#include "models/log_counts.h"
#include "models/log_filter.h"

namespace aiops::ui {

/// Rows are the lines that pass the restrictions, oldest first. A row number changes when older lines leave;
/// an ordinal (see LogBuffer) never does, so selection and anchors are ordinals.
///
/// Following: new lines are rows at once, and beyond `capacity` lines the oldest leave. Paused: rows stay as
/// they are, new lines are counted, and the buffer may grow to twice the capacity before the oldest leave. UI
/// thread only. Not an item model: the view asks for visible rows only and the buffer holds 200,000 of them.
///
/// New restrictions hold at once for the newest lines; older ones follow from the end of the event loop on, a
/// few thousand at a time, so that typing never waits for them. reset() comes again once all are judged.
class LogModel : public QObject {
  Q_OBJECT
 public:
  enum class Mode { Highlight, Filter };

  struct Restrictions {
    std::optional<std::string> service;  ///< none: all services
    model::Severity least = model::Severity::Debug;
    QString expression;
    bool regex = false;
    bool caseSensitive = false;
    Mode mode = Mode::Highlight;
  };

  struct Counts {
    qint64 lines = 0;
    qint64 errors = 0;  ///< error and above
    qint64 warnings = 0;
  };

  static constexpr size_t kDefaultCapacity = 200'000;

  explicit LogModel(size_t capacity = kDefaultCapacity, QObject* parent = nullptr);

  /// Lines of a slice in order of event time within it. Slow enough to be done off the UI thread; uses
  /// nothing of a model.
  static LogBuffer::Packed pack(const model::LogSlice& slice);
  /// Adds lines and counts what was missed.
  void append(const LogBuffer::Packed& packed, uint64_t missed);
  void append(const model::LogSlice& slice) { append(pack(slice), slice.missed); }

  const LogBuffer& buffer() const { return m_buffer; }
  size_t capacity() const { return m_capacity; }
  /// Lines that left the engine's buffer before they could be shown.
  uint64_t missed() const { return m_missed; }
  /// Lines that this model has let go.
  uint64_t evicted() const { return m_buffer.first(); }
  /// All lines kept, whatever the restrictions.
  const LogCounts& counts() const { return m_counts; }
  /// Whether every line has been judged by the restrictions in force.
  bool isIndexed() const { return m_indexedFrom <= m_buffer.first(); }

  qsizetype rowCount() const;
  uint64_t ordinalAt(qsizetype row) const;
  /// The row of a line, or of the nearest shown line after it, or the last; none without rows.
  std::optional<qsizetype> rowAtOrAfter(uint64_t ordinal) const;
  /// Set only if that very line is a row now.
  std::optional<qsizetype> rowOf(uint64_t ordinal) const;

  const Restrictions& restrictions() const { return m_restrictions; }
  /// A bad expression changes nothing but problem(): the last good filter stays on.
  void setRestrictions(const Restrictions& restrictions);
  const std::optional<LogFilter::Problem>& problem() const { return m_problem; }
  const LogFilter& filter() const { return m_filter; }
  /// Lines in scope of service and level, and those of them that match the expression.
  qint64 scopeCount() const;
  qint64 matchCount() const;

  bool paused() const { return m_pausedAt.has_value(); }
  void pause();
  void follow();
  /// Lets the lines that wait become rows, and stays paused.
  void reveal();
  /// What arrived, in scope, since the pause.
  const Counts& waiting() const { return m_waiting; }
  /// Event time of the newest line when it was paused.
  std::optional<base::TimePoint> pausedTime() const { return m_pausedTime; }

  /// The nearest error (or worse) in scope after or before a line, waiting ones included.
  std::optional<uint64_t> nextError(std::optional<uint64_t> from, bool forward) const;
  /// The nearest match of the expression in scope after or before a line, waiting ones included.
  std::optional<uint64_t> nextMatch(std::optional<uint64_t> from, bool forward) const;

 Q_SIGNALS:
  /// Lines were added or left: `removedRows` rows vanished at the top.
  void appended(qsizetype removedRows);
  /// Restrictions or pause changed: every row may be another.
  void reset();

 private:
  bool inScope(uint64_t ordinal) const;
  bool matchesAt(uint64_t ordinal);
  bool scopeIsAll() const;
  bool rowsAreMatches() const;
  void index(uint64_t ordinal);
  void reindex();
  void indexOlder(uint64_t lines);
  void continueIndexing();
  void trim();
  const std::deque<uint64_t>* rows() const;
  uint64_t lastShown() const;
  template <class Test>
  std::optional<uint64_t> scan(std::optional<uint64_t> from, bool forward, Test test) const;

  size_t m_capacity;
  LogBuffer m_buffer;
  Restrictions m_restrictions;
  LogFilter m_filter;
  std::optional<LogFilter::Problem> m_problem;
  std::deque<uint64_t> m_scope;        ///< used unless scopeIsAll()
  std::deque<uint64_t> m_matches;      ///< used with an expression
  std::optional<uint64_t> m_pausedAt;  ///< first ordinal that waits
  std::optional<base::TimePoint> m_pausedTime;
  Counts m_waiting;
  LogCounts m_counts;
  uint64_t m_indexedFrom = 0;  ///< lines from here on are in m_scope and m_matches as they belong
  QTimer m_indexing;
  uint64_t m_missed = 0;
  std::string m_scratch;
};

}  // namespace aiops::ui
