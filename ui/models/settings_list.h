// The settings of the engine: groups, search, changing one, taking the last change back.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>
#include <optional>
#include <string>
#include <vector>

#include "model/setting.h"
#include "models/engine_bridge.h"

namespace aiops::ui {

/// The last change, so that it can be taken back.
struct SettingChange {
  std::string key;
  std::optional<std::string> before;  ///< what to write to get back; nothing: what the files say
  QString words;                      ///< "log.level: info, was debug"
  bool undoable = false;              ///< the value before a secret is not known
};

/// Rows in the order of the engine. Values are saved at once. UI thread only.
class SettingsList final : public QObject {
  Q_OBJECT
 public:
  explicit SettingsList(EngineBridge& bridge, QObject* parent = nullptr);

  void load();
  const std::vector<model::SettingInfo>& all() const { return m_all; }
  const model::SettingInfo* find(const std::string& key) const;
  /// Headings in the order of the rows.
  std::vector<std::string> groups() const;
  /// Rows of one group, or of all groups when `group` is empty, whose key, variable, group or help holds
  /// every word of `needle`.
  std::vector<const model::SettingInfo*> matching(const QString& needle, const std::string& group) const;
  /// Keys that are changed and come into force with the next start.
  std::vector<std::string> pendingRestart() const;
  bool mayChange() const { return m_bridge.caller().isAdmin; }
  bool hasAnswer() const { return m_hasAnswer; }
  const std::string& problem() const { return m_problem; }

  /// Without a value: back to what the files say.
  void change(const std::string& key, std::optional<std::string> value);
  const std::optional<SettingChange>& lastChange() const { return m_last; }
  void undo(const SettingChange& change);
  /// The time to take the last change back is over.
  void forgetChange();

 Q_SIGNALS:
  void loaded();
  void changed(const QString& key);
  /// `why` in the words of the engine: what is allowed.
  void refused(const QString& key, const QString& why);

 private:
  void ask(const std::string& key, std::optional<std::string> value, bool isUndo);
  void take(const model::SettingInfo& before, model::SettingInfo after, bool isUndo);

  EngineBridge& m_bridge;
  std::vector<model::SettingInfo> m_all;
  std::optional<SettingChange> m_last;
  std::string m_problem;
  bool m_hasAnswer = false;
  bool m_asking = false;
};

}  // namespace aiops::ui
