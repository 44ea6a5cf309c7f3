// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/change_book.h"

#include <algorithm>
#include <ranges>

namespace aiops::agents {
namespace {

constexpr std::chrono::days kKept{15};
constexpr uint32_t kIncidentsLookedAt = 500;
constexpr size_t kMostTroubles = 5000;

}  // namespace

base::Result<> ChangeBook::load() {
  base::MutexLock lock(m_mutex);
  const auto since = m_parts.clock.now() - kKept;
  std::vector<model::Change> changes;
  const auto read = m_parts.store.read([&](storage::Reader& reader) -> base::Result<> {
    auto found = reader.changes({.since = since, .limit = storage::kMostStoredChanges});
    if (!found) return std::unexpected(found.error());
    changes = *std::move(found);
    return {};
  });
  if (!read) return read;
  const auto incidents = m_parts.store.incidents({.limit = kIncidentsLookedAt});
  if (!incidents) return std::unexpected(incidents.error());
  m_changes.assign(std::make_move_iterator(changes.rbegin()), std::make_move_iterator(changes.rend()));
  for (const auto& change : m_changes) {
    m_reader.remember(change);
    m_ids.insert(change.id);
  }
  for (const auto& incident : incidents->items) {
    for (const auto& service : incident.services) m_troubles.push_back({service, incident.startedAt});
  }
  forgetOld();
  return {};
}

/// What it shows of the outside; cited lines stay as they were written, as all evidence does.
void ChangeBook::clean(model::Change& change) const {
  for (auto* text : {&change.what, &change.from, &change.to}) {
    if (!text->empty()) *text = m_parts.redact(*text);
  }
}

base::Result<std::vector<model::Change>> ChangeBook::keep(std::vector<model::Change> changes) {
  std::vector<model::Change> unseen;
  for (auto& change : changes) {
    if (!m_ids.contains(change.id)) unseen.push_back(std::move(change));
  }
  if (unseen.empty()) return unseen;
  std::vector<model::Change> fresh;
  const auto stored = m_parts.store.transact([&](storage::Writer& writer) -> base::Result<> {
    for (auto& change : unseen) {
      clean(change);
      const auto isNew = writer.addChange(change);
      if (!isNew) return std::unexpected(isNew.error());
      if (*isNew) fresh.push_back(change);
    }
    return {};
  });
  if (!stored) return std::unexpected(stored.error());
  for (const auto& change : fresh) {
    m_ids.insert(change.id);
    m_changes.push_back(change);
  }
  forgetOld();
  return fresh;
}

void ChangeBook::forgetOld() {
  const auto before = m_parts.clock.now() - kKept;
  size_t most = storage::kMostStoredChanges, differences = kMostDifferences;
  std::vector<model::Change> kept;
  for (auto& change : m_changes | std::views::reverse) {
    const bool goes = change.at < before || most == 0;
    if (goes) {
      m_ids.erase(change.id);
      continue;
    }
    --most;
    if (!change.difference.empty() && differences == 0) change.difference.clear(), change.drift.clear();
    differences -= !change.difference.empty();
    kept.push_back(std::move(change));
  }
  std::ranges::reverse(kept);
  m_changes = std::move(kept);
  std::erase_if(m_troubles, [&](const auto& trouble) { return trouble.at < before; });
  if (m_troubles.size() > kMostTroubles)
    m_troubles.erase(m_troubles.begin(), m_troubles.end() - static_cast<long>(kMostTroubles));
}

base::Result<std::vector<model::Change>> ChangeBook::take(const std::vector<model::Event>& events) {
  base::MutexLock lock(m_mutex);
  std::vector<model::Change> changes;
  for (const auto& event : events) {
    if (auto change = m_reader.read(event)) changes.push_back(*std::move(change));
  }
  return keep(std::move(changes));
}

base::Result<std::vector<model::Change>> ChangeBook::add(std::vector<model::Change> changes) {
  base::MutexLock lock(m_mutex);
  return keep(std::move(changes));
}

void ChangeBook::noteTrouble(const model::Incident& incident) {
  base::MutexLock lock(m_mutex);
  for (const auto& service : incident.services) m_troubles.push_back({service, incident.startedAt});
}

std::vector<model::Change> ChangeBook::around(const model::Incident& incident, const analysis::Blame& blame,
                                              base::TimePoint until) const {
  const auto services = analysis::servicesAround(incident, blame, m_parts.topology);
  base::MutexLock lock(m_mutex);
  return analysis::changesAround(m_changes, m_troubles, services, incident.startedAt, until);
}

bool ChangeBook::concerns(const model::Change& change, const model::Incident& incident) const {
  return change.service.empty() ||
         analysis::servicesAround(incident, {}, m_parts.topology).contains(change.service);
}

base::Result<std::vector<model::Change>> ChangeBook::list(const storage::ChangeQuery& query) const {
  std::vector<model::Change> out;
  const auto read = m_parts.store.read([&](storage::Reader& reader) -> base::Result<> {
    auto found = reader.changes(query);
    if (!found) return std::unexpected(found.error());
    out = *std::move(found);
    return {};
  });
  if (!read) return std::unexpected(read.error());
  return out;
}

}  // namespace aiops::agents
