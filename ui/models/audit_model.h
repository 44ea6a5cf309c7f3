// The audit as a table that grows towards the past as it is read.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <functional>
#include <optional>
#include <vector>

#include "service/operations.h"

namespace aiops::ui {

/// What to look for. Texts are looked for as parts of what is shown, without regard to case; empty ones and
/// missing times match everything.
struct AuditFilter {
  QString who, what, target;
  std::optional<base::TimePoint> from;  ///< inclusive
  std::optional<base::TimePoint> to;    ///< exclusive

  bool isEmpty() const;
  bool matches(const model::AuditEntry& entry) const;
};

/// "2026-11-27", "2026-11-27 20:35", "20:35" of the day of `now`, seconds optional, UTC. Nothing if it is
/// none of these.
std::optional<base::TimePoint> parseMoment(const QString& text, base::TimePoint now);

/// Asks for one page; the answer comes on the UI thread.
using AskAudit = std::function<void(service::PageRequest,
                                    std::function<void(base::Result<service::Page<model::AuditEntry>>)>)>;

/// Newest first. Holds only what matches and only as far back as somebody scrolled: a page of 500 at a time
/// is asked for, and with a filter further pages until enough match. UI thread only; answers that come after
/// reload() or after destruction are dropped.
class AuditModel final : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { Time, Who, What, Target, Why, Result, ColumnCount };
  static constexpr uint32_t kPage = 500;
  static constexpr int kEnough = 200;  ///< further matches to look for at one time

  explicit AuditModel(AskAudit ask, QObject* parent = nullptr);

  void setFilter(AuditFilter filter);
  const AuditFilter& filter() const { return m_filter; }
  /// Begins anew at the newest entry.
  void reload();
  /// Ends a search that runs; what was found stays, fetchMore() goes on.
  void stopLooking();
  /// Asks how many entries there are now.
  void lookForNew();

  const model::AuditEntry& at(int row) const { return m_rows[static_cast<size_t>(row)]; }
  int rowOf(uint64_t sequence) const;
  uint64_t total() const { return m_total; }           ///< entries of the chain when last asked
  uint64_t lookedThrough() const { return m_looked; }  ///< of them, newest first
  uint64_t newer() const { return m_newer; }           ///< came after the newest one that was read
  bool isLooking() const { return m_asking; }
  bool isComplete() const { return m_complete; }
  const std::string& problem() const { return m_problem; }

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  bool canFetchMore(const QModelIndex& parent) const override;
  void fetchMore(const QModelIndex& parent) override;

 Q_SIGNALS:
  /// Numbers or the problem changed.
  void progressed();

 private:
  void ask();
  void take(base::Result<service::Page<model::AuditEntry>> answer);
  QString textOf(const model::AuditEntry& entry, int column) const;

  AskAudit m_ask;
  AuditFilter m_filter;
  std::vector<model::AuditEntry> m_rows;
  std::optional<uint64_t> m_before;
  uint64_t m_total = 0, m_looked = 0, m_newer = 0;
  int m_wanted = 0;  ///< rows to reach before the search rests
  int m_turn = 0;    ///< answers of an earlier turn are dropped
  bool m_asking = false, m_complete = false;
  std::string m_problem;
  base::TimePoint m_now;
};

}  // namespace aiops::ui
