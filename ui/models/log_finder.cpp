// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/log_finder.h"

#include <QPointer>
#include <QStringList>
#include <algorithm>

#include "models/shown_text.h"

namespace aiops::ui {
namespace {

int rankOf(const model::FoundLog& log) {
  return log.worthWatching ? 0 : log.readable ? 1 : 2;
}

}  // namespace

LogFinder::LogFinder(EngineBridge& bridge, QObject* parent) : QObject(parent), m_bridge(bridge) {}

const model::FoundLog* LogFinder::log(const std::string& path) const {
  const auto found =
      std::find_if(m_logs.begin(), m_logs.end(), [&path](const auto& log) { return log.path == path; });
  return found == m_logs.end() ? nullptr : &*found;
}

void LogFinder::find() {
  using Logs = std::vector<model::FoundLog>;
  m_state = State::Finding;
  m_problem.clear();
  Q_EMIT changed();
  m_bridge.operations().sources().discoverLogs(
      m_bridge.onUiThread<Logs>([self = QPointer(this)](base::Result<Logs> result) {
        if (!self) return;
        self->m_state = result ? State::Found : State::Failed;
        self->m_problem = result ? std::string() : result.error().line();
        self->take(result ? *std::move(result) : Logs{});
        Q_EMIT self->changed();
      }));
}

void LogFinder::take(std::vector<model::FoundLog> logs) {
  const bool first = m_logs.empty();
  std::vector<model::FoundLog> next;
  for (const auto& known : m_logs) {
    if (isAdded(known.path)) next.push_back(known);
  }
  const auto added = static_cast<std::ptrdiff_t>(next.size());
  for (auto& log : logs) {
    if (!isAdded(log.path)) next.push_back(std::move(log));
  }
  std::stable_sort(next.begin() + added, next.end(),
                   [](const auto& a, const auto& b) { return rankOf(a) < rankOf(b); });
  m_logs = std::move(next);
  for (const auto& log : m_logs) {
    if (first && log.worthWatching && canChoose(log)) m_chosen.insert(log.path);
  }
  std::erase_if(m_chosen, [this](const auto& path) {
    const auto* known = log(path);
    return known == nullptr || !canChoose(*known);
  });
}

void LogFinder::choose(const std::string& path, bool chosen) {
  const auto* known = log(path);
  if (!known || !canChoose(*known) || m_state == State::Watching) return;
  if (chosen) {
    m_chosen.insert(path);
  } else {
    m_chosen.erase(path);
  }
  Q_EMIT changed();
}

void LogFinder::chooseAll() {
  if (m_state == State::Watching) return;
  const bool all = std::all_of(m_logs.begin(), m_logs.end(),
                               [this](const auto& log) { return !canChoose(log) || isChosen(log.path); });
  m_chosen.clear();
  for (const auto& log : m_logs) {
    if (!all && canChoose(log)) m_chosen.insert(log.path);
  }
  Q_EMIT changed();
}

void LogFinder::add(const std::string& path) {
  if (path.empty()) return;
  if (const auto* known = log(path)) {
    choose(path, true);
    return showPreview(known->path);
  }
  m_added.insert(path);
  m_logs.insert(m_logs.begin(), model::FoundLog{.path = path});
  m_chosen.insert(path);
  Q_EMIT changed();
  showPreview(path);
}

void LogFinder::showPreview(const std::string& path) {
  if (path == m_previewed && m_preview) return;
  m_previewed = path;
  m_preview.reset();
  m_previewProblem.clear();
  Q_EMIT previewChanged();
  const auto* known = log(path);
  if (path.empty() || !known || (!known->readable && !isAdded(path))) return;
  m_bridge.operations().sources().previewLog(
      path, m_bridge.onUiThread<model::LogPreview>(
                [self = QPointer(this), path](base::Result<model::LogPreview> result) {
                  if (!self || self->m_previewed != path) return;
                  if (result) {
                    self->m_preview = *std::move(result);
                  } else {
                    self->m_previewProblem = result.error().line();
                  }
                  Q_EMIT self->previewChanged();
                }));
}

void LogFinder::watch() {
  if (m_chosen.empty() || m_state == State::Watching || !mayWatch()) return;
  using Statuses = std::vector<model::SourceStatus>;
  std::vector<model::SourceChoice> choices;
  for (const auto& known : m_logs) {
    if (isChosen(known.path)) choices.push_back({known.path, known.service});
  }
  m_state = State::Watching;
  m_problem.clear();
  Q_EMIT changed();
  m_bridge.operations().sources().addSources(
      m_bridge.caller(), std::move(choices),
      m_bridge.onUiThread<Statuses>([self = QPointer(this)](base::Result<Statuses> result) {
        if (!self) return;
        self->m_state = State::Found;
        self->m_problem = result ? std::string() : result.error().line();
        if (result) {
          self->m_chosen.clear();
          self->m_added.clear();
          QStringList unreadable;
          for (const auto& source : *result) {
            if (!source.readable) unreadable << shownString(source.source, 256);
          }
          Q_EMIT self->watched(unreadable);
        }
        Q_EMIT self->changed();
      }));
}

}  // namespace aiops::ui
