// The logs of this machine that could be watched, which of them are chosen, and watching them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <set>

#include "models/engine_bridge.h"

namespace aiops::ui {

/// Behind the first run. Nothing is read or watched by looking: only watch() changes something. UI thread
/// only; the bridge outlives this.
class LogFinder final : public QObject {
  Q_OBJECT
 public:
  enum class State { Finding, Found, Failed, Watching };

  explicit LogFinder(EngineBridge& bridge, QObject* parent = nullptr);

  State state() const { return m_state; }
  /// Why finding or watching failed, or empty.
  const std::string& problem() const { return m_problem; }
  /// Worth watching first, then the other readable ones, then those that can't be read; added ones at the
  /// top.
  const std::vector<model::FoundLog>& logs() const { return m_logs; }
  const model::FoundLog* log(const std::string& path) const;
  bool isAdded(const std::string& path) const { return m_added.contains(path); }

  bool isChosen(const std::string& path) const { return m_chosen.contains(path); }
  /// Whether it can be chosen: readable, and not watched already.
  bool canChoose(const model::FoundLog& log) const {
    return (log.readable && !log.watched) || isAdded(log.path);
  }
  size_t chosenCount() const { return m_chosen.size(); }
  void choose(const std::string& path, bool chosen);
  /// All that can be chosen, or none if all are.
  void chooseAll();
  /// A file or glob that was not found by itself; chosen at once.
  void add(const std::string& path);

  /// The newest lines of one log.
  const std::string& previewed() const { return m_previewed; }
  const std::optional<model::LogPreview>& preview() const { return m_preview; }
  const std::string& previewProblem() const { return m_previewProblem; }
  void showPreview(const std::string& path);

  void find();
  void watch();
  bool mayWatch() const { return m_bridge.caller().isAdmin; }

 Q_SIGNALS:
  void changed();
  void previewChanged();
  /// `unreadable` names those that are watched but can't be read.
  void watched(const QStringList& unreadable);

 private:
  void take(std::vector<model::FoundLog> logs);

  EngineBridge& m_bridge;
  State m_state = State::Finding;
  std::string m_problem;
  std::vector<model::FoundLog> m_logs;
  std::set<std::string> m_chosen, m_added;
  std::string m_previewed;
  std::optional<model::LogPreview> m_preview;
  std::string m_previewProblem;
};

}  // namespace aiops::ui
