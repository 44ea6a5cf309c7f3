// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/retention.h"

#include <algorithm>

#include "storage/codec.h"
#include "storage/connection.h"

namespace aiops::storage {

using base::Result;

namespace {

/// What came just now may still be on its way to an incident.
constexpr base::Duration kYoungest = std::chrono::hours(1);

// Closed, without a fix under way, and not the holder of the newest number: numbers are not given twice.
const std::string kOldIncidents =
    "SELECT id FROM incidents WHERE open = 0 AND slim = 0 AND touched < ? "
    "AND number < (SELECT max(number) FROM incidents) "
    "AND NOT EXISTS (SELECT 1 FROM fixes WHERE fixes.incident = incidents.id AND (fixes.open = 1 OR "
    "fixes.number = (SELECT max(number) FROM fixes))) ORDER BY touched LIMIT ?";

const std::string kHasOutcome =
    "SELECT count(*) FROM outcomes JOIN fixes ON outcomes.fix = fixes.id WHERE fixes.incident = ?";

}  // namespace

/// False when the budget ended first.
Result<bool> Writer::emptyIncident(const std::string& incident, int64_t& budget, uint64_t& removed) {
  for (const char* sql :
       {"DELETE FROM events WHERE rowid IN (SELECT rowid FROM events WHERE incident = ? LIMIT ?)",
        "DELETE FROM timeline WHERE seq IN (SELECT seq FROM timeline WHERE incident = ? LIMIT ?)"}) {
    auto changed = m_db.run(sql, {incident, budget});
    if (!changed) return std::unexpected(changed.error());
    removed += *changed;
    budget -= static_cast<int64_t>(*changed);
    if (budget <= 0) return false;
  }
  auto changed = m_db.run("DELETE FROM diagnoses WHERE incident = ?", {incident});
  if (!changed) return std::unexpected(changed.error());
  removed += *changed;
  return true;
}

Result<uint64_t> Writer::dropIncident(const std::string& incident) {
  auto outcomes = m_db.number(kHasOutcome, {incident});
  if (!outcomes) return std::unexpected(outcomes.error());
  if (*outcomes > 0) return m_db.run("UPDATE incidents SET slim = 1 WHERE id = ?", {incident});
  uint64_t removed = 0;
  for (const char* sql :
       {"DELETE FROM fixes WHERE incident = ?", "DELETE FROM incident_patterns WHERE incident = ?",
        "DELETE FROM incidents WHERE id = ?"}) {
    auto changed = m_db.run(sql, {incident});
    if (!changed) return changed;
    removed += *changed;
  }
  return removed;
}

Result<uint64_t> Writer::removeOld(base::TimePoint before, uint32_t atOnce) {
  uint64_t removed = 0;
  for (const char* sql :
       {"DELETE FROM events WHERE rowid IN (SELECT rowid FROM events WHERE incident IS NULL AND stored < ? "
        "ORDER BY stored LIMIT ?)",
        "DELETE FROM health_events WHERE seq IN (SELECT seq FROM health_events WHERE stored < ? LIMIT ?)",
        "DELETE FROM changes WHERE seq IN (SELECT seq FROM changes WHERE stored < ? LIMIT ?)"}) {
    auto changed = m_db.run(sql, {micros(before), int64_t{atOnce}});
    if (!changed) return changed;
    removed += *changed;
  }
  int64_t budget = static_cast<int64_t>(atOnce) - static_cast<int64_t>(removed);
  if (budget <= 0) return removed;
  auto incidents = m_db.rows(kOldIncidents, {micros(before), budget});
  if (!incidents) return std::unexpected(incidents.error());
  for (const auto& row : *incidents) {
    const auto id = row.bytes(0);
    auto empty = emptyIncident(id, budget, removed);
    if (!empty) return std::unexpected(empty.error());
    if (!*empty) break;
    auto dropped = dropIncident(id);
    if (!dropped) return dropped;
    removed += *dropped;
    if (--budget <= 0) break;
  }
  return removed;
}

/// The pragma frees one page a call when it is stepped once, as here.
Result<uint64_t> Writer::giveBackPages(uint32_t most) {
  auto before = m_db.number("PRAGMA freelist_count");
  if (!before) return std::unexpected(before.error());
  for (uint32_t i = 0; i < most && static_cast<int64_t>(i) < *before; ++i) {
    if (auto done = m_db.plain("PRAGMA incremental_vacuum(1)"); !done) return std::unexpected(done.error());
  }
  auto after = m_db.number("PRAGMA freelist_count");
  if (!after) return std::unexpected(after.error());
  return static_cast<uint64_t>(std::max<int64_t>(*before - *after, 0));
}

Result<Usage> Reader::usage() {
  Usage usage;
  const std::pair<const char*, uint64_t*> facts[] = {{"PRAGMA page_size", &usage.pageBytes},
                                                     {"PRAGMA page_count", &usage.pages},
                                                     {"PRAGMA freelist_count", &usage.freePages}};
  for (const auto& [sql, target] : facts) {
    auto number = m_db.number(sql);
    if (!number) return std::unexpected(number.error());
    *target = static_cast<uint64_t>(*number);
  }
  auto oldest = m_db.number(
      "SELECT coalesce(min(t), 0) FROM (SELECT min(touched) AS t FROM incidents WHERE slim = 0 UNION ALL "
      "SELECT min(stored) FROM events WHERE incident IS NULL)");
  if (!oldest) return std::unexpected(oldest.error());
  if (*oldest > 0) usage.oldest = base::TimePoint(base::Duration(*oldest));
  return usage;
}

Result<Usage> Retention::measure() {
  auto usage = m_store.usage();
  if (!usage) return usage;
  m_status.usedBytes = (usage->pages - usage->freePages) * usage->pageBytes;
  m_status.fileBytes = m_store.sizeBytes();
  m_status.oldest = usage->oldest;
  return usage;
}

Result<uint64_t> Retention::change(const std::function<Result<uint64_t>(Writer&)>& piece) {
  uint64_t changed = 0;
  auto done = m_store.transact([&](Writer& writer) -> Result<> {
    auto rows = piece(writer);
    if (!rows) return std::unexpected(rows.error());
    changed = *rows;
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return changed;
}

Result<uint64_t> Retention::removeBefore(base::TimePoint before) {
  auto removed = change([&](Writer& writer) { return writer.removeOld(before, m_options.rowsAtOnce); });
  m_status.removed += removed.value_or(0);
  return removed;
}

Result<uint64_t> Retention::foldBefore(base::TimePoint before) {
  auto folded =
      change([&](Writer& writer) { return writer.foldPatternCounts(before, m_options.rowsAtOnce); });
  m_status.removed += folded.value_or(0);
  return folded;
}

Result<bool> Retention::giveBack(const Usage& usage) {
  if (usage.freePages == 0) return false;
  auto freed = change([&](Writer& writer) { return writer.giveBackPages(m_options.pagesAtOnce); });
  if (!freed) return std::unexpected(freed.error());
  return *freed > 0;
}

/// One piece; true while there is more.
Result<bool> Retention::work(base::TimePoint now) {
  auto removed = removeBefore(now - m_options.maxAge);
  if (!removed) return std::unexpected(removed.error());
  if (*removed > 0) return true;
  auto folded = foldBefore(now - m_options.maxAge);
  if (!folded) return std::unexpected(folded.error());
  if (*folded > 0) return true;
  auto usage = measure();
  if (!usage) return std::unexpected(usage.error());
  if (m_status.usedBytes > m_options.maxBytes) {
    removed = removeBefore(now - kYoungest);
    if (!removed) return std::unexpected(removed.error());
    if (*removed > 0) return true;
    m_status.problem = "the database is larger than its limit and holds nothing more that may be removed";
  }
  return giveBack(*usage);
}

bool Retention::step(base::TimePoint now) {
  if (!m_running) {
    if (m_began && now >= *m_began && now - *m_began < m_options.every) return false;
    m_began = m_status.lastRun = now;
    m_status.maxAgeDays = static_cast<uint32_t>(m_options.maxAge.count());
    m_status.maxBytes = m_options.maxBytes;
    m_status.problem.clear();
  }
  const auto more = work(now);
  if (!more) m_status.problem = more.error().line();
  m_running = more && *more;
  return m_running;
}

}  // namespace aiops::storage
