// SPDX-License-Identifier: GPL-3.0-or-later
#include "agents/silence_book.h"

#include <algorithm>

#include "base/id.h"
#include "correlation/quiet_times.h"

namespace aiops::agents {
namespace {

using base::ErrorCode;
using base::fail;

constexpr std::chrono::hours kKnownAfterEnd{24};
constexpr size_t kMost = 500;

std::string joined(const std::vector<std::string>& names, const std::string& none) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? none : text;
}

base::Result<> checkKnown(const std::vector<std::string>& names, const std::set<std::string>& known,
                          const std::string& what, const std::string& where) {
  for (const auto& name : names) {
    if (known.contains(name)) continue;
    const std::vector<std::string> all(known.begin(), known.end());
    return fail(ErrorCode::InvalidInput, "there is no " + what + " '" + name + "'", where,
                all.size() > 60 ? "see the list of them" : "known: " + joined(all, "none"));
  }
  return {};
}

base::Result<> full(size_t count) {
  if (count < kMost) return {};
  return fail(ErrorCode::LimitExceeded, "there are " + std::to_string(kMost) + " already", "",
              "remove what is not needed");
}

}  // namespace

base::Result<> SilenceBook::load() {
  base::MutexLock lock(m_mutex);
  std::vector<model::Silence> silences;
  std::vector<model::MaintenanceWindow> windows;
  auto done = m_parts.store.read([&](storage::Reader& reader) -> base::Result<> {
    auto first = reader.silences();
    if (!first) return std::unexpected(first.error());
    silences = *std::move(first);
    auto second = reader.maintenanceWindows();
    if (!second) return std::unexpected(second.error());
    windows = *std::move(second);
    return {};
  });
  if (!done) return done;
  m_silences = std::move(silences);
  m_windows = std::move(windows);
  return forgetOld();
}

base::Result<> SilenceBook::forgetOld() {
  const auto before = m_parts.clock.now() - kKnownAfterEnd;
  const auto oldSilence = [&](const auto& silence) { return silence.until < before; };
  const auto oldWindow = [&](const auto& window) { return window.removedAt && *window.removedAt < before; };
  std::vector<std::string> silences, windows;
  for (const auto& silence : m_silences) {
    if (oldSilence(silence)) silences.push_back(silence.id);
  }
  for (const auto& window : m_windows) {
    if (oldWindow(window)) windows.push_back(window.id);
  }
  const auto done = m_parts.store.transact([&](storage::Writer& writer) -> base::Result<> {
    base::Result<> dropped;
    for (const auto& id : silences) {
      if (dropped) dropped = writer.dropSilence(id);
    }
    for (const auto& id : windows) {
      if (dropped) dropped = writer.dropMaintenanceWindow(id);
    }
    return dropped;
  });
  if (!done) return done;
  std::erase_if(m_silences, oldSilence);
  std::erase_if(m_windows, oldWindow);
  return {};
}

base::Result<> SilenceBook::checkServices(const std::vector<std::string>& names) const {
  return checkKnown(names, m_parts.services(), "service", "services");
}

base::Result<> SilenceBook::note(const std::string& who, const std::string& what, const std::string& target,
                                 const std::string& why, const std::string& result) const {
  return m_parts.audit({.who = who, .what = what, .target = target, .why = why, .result = result});
}

base::Result<model::Silence> SilenceBook::add(const std::string& who, model::Silence silence) {
  const auto now = m_parts.clock.now();
  auto good = correlation::check(silence, now);
  if (good) good = checkServices(silence.services);
  if (good) good = checkKnown(silence.patterns, m_parts.patterns(), "pattern", "patterns");
  if (!good) return std::unexpected(good.error());
  silence.id = base::newUuid();
  silence.by = who;
  silence.from = now;
  silence.active = false;
  base::MutexLock lock(m_mutex);
  auto done = full(m_silences.size());
  if (done) {
    done = note(who, "silence.add",
                joined(silence.services, "all services") + "; " + joined(silence.patterns, "all patterns"),
                silence.reason, "until " + base::toIso8601(silence.until));
  }
  if (done)
    done = m_parts.store.transact([&](storage::Writer& writer) { return writer.saveSilence(silence); });
  if (done) m_silences.push_back(silence);
  if (done) done = forgetOld();
  if (!done) return std::unexpected(done.error());
  silence.active = true;
  return silence;
}

base::Result<model::MaintenanceWindow> SilenceBook::add(const std::string& who,
                                                        model::MaintenanceWindow window) {
  auto good = correlation::check(window);
  if (good) good = checkServices(window.services);
  if (!good) return std::unexpected(good.error());
  window.id = base::newUuid();
  window.by = who;
  window.createdAt = m_parts.clock.now();
  window.removedAt.reset();
  window.active = false;
  base::MutexLock lock(m_mutex);
  auto done = full(m_windows.size());
  if (done) {
    done = note(who, "maintenance.add", window.name,
                joined(window.days, window.date) + " " + window.start + " " + window.zone + ", " +
                    std::to_string(window.durationMinutes) + " minutes",
                "for " + joined(window.services, "all services"));
  }
  if (done) {
    done =
        m_parts.store.transact([&](storage::Writer& writer) { return writer.saveMaintenanceWindow(window); });
  }
  if (done) m_windows.push_back(window);
  if (!done) return std::unexpected(done.error());
  window.active = correlation::inForce(window, window.createdAt);
  return window;
}

base::Result<model::Silence> SilenceBook::removeSilence(const std::string& who, const std::string& id) {
  base::MutexLock lock(m_mutex);
  const auto now = m_parts.clock.now();
  const auto found = std::ranges::find(m_silences, id, &model::Silence::id);
  if (found == m_silences.end() || found->until <= now)
    return fail(ErrorCode::NotFound, "there is no such silence", id);
  auto ended = *found;
  ended.until = now;
  auto done = note(who, "silence.remove",
                   joined(ended.services, "all services") + "; " + joined(ended.patterns, "all patterns"),
                   ended.reason, "ended");
  if (done) done = m_parts.store.transact([&](storage::Writer& writer) { return writer.saveSilence(ended); });
  if (!done) return std::unexpected(done.error());
  *found = ended;
  return ended;
}

base::Result<model::MaintenanceWindow> SilenceBook::removeWindow(const std::string& who,
                                                                 const std::string& id) {
  base::MutexLock lock(m_mutex);
  const auto found = std::ranges::find(m_windows, id, &model::MaintenanceWindow::id);
  if (found == m_windows.end() || found->removedAt)
    return fail(ErrorCode::NotFound, "there is no such maintenance window", id);
  auto ended = *found;
  ended.removedAt = m_parts.clock.now();
  auto done = note(who, "maintenance.remove", ended.name, "", "removed");
  if (done) {
    done =
        m_parts.store.transact([&](storage::Writer& writer) { return writer.saveMaintenanceWindow(ended); });
  }
  if (!done) return std::unexpected(done.error());
  *found = ended;
  return ended;
}

std::vector<model::Silence> SilenceBook::silences() const {
  const auto now = m_parts.clock.now();
  std::vector<model::Silence> out;
  base::MutexLock lock(m_mutex);
  for (auto silence : m_silences) {
    if (silence.until <= now) continue;
    silence.active = correlation::inForce(silence, now);
    out.push_back(std::move(silence));
  }
  return out;
}

std::vector<model::MaintenanceWindow> SilenceBook::windows() const {
  const auto now = m_parts.clock.now();
  std::vector<model::MaintenanceWindow> out;
  base::MutexLock lock(m_mutex);
  for (auto window : m_windows) {
    if (window.removedAt) continue;
    window.active = correlation::inForce(window, now);
    out.push_back(std::move(window));
  }
  return out;
}

bool SilenceBook::holds(const model::Event& event) const {
  base::MutexLock lock(m_mutex);
  const auto does = [&](const auto& item) { return correlation::holds(item, event); };
  return std::ranges::any_of(m_silences, does) || std::ranges::any_of(m_windows, does);
}

bool SilenceBook::holdsAllOf(const std::string& service) const {
  const auto now = m_parts.clock.now();
  base::MutexLock lock(m_mutex);
  const auto does = [&](const auto& item) { return correlation::holdsAllOf(item, service, now); };
  return std::ranges::any_of(m_silences, does) || std::ranges::any_of(m_windows, does);
}

}  // namespace aiops::agents
