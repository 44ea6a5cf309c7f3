// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/settings_list.h"

#include <QPointer>
#include <algorithm>

#include "models/cell_text.h"

namespace aiops::ui {
namespace {

constexpr auto kConsoleOrigin = "console";

bool holdsAll(const model::SettingInfo& setting, const QStringList& words) {
  // Not the value: a row must not leave the list because it was changed.
  const QString text = cellText(setting.key) + u' ' + cellText(setting.variable) + u' ' +
                       cellText(setting.group) + u' ' + cellText(setting.help);
  return std::all_of(words.begin(), words.end(),
                     [&](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
}

QString valueWords(const model::SettingInfo& setting) {
  return setting.value.empty() ? SettingsList::tr("empty") : cellText(setting.value, 80);
}

}  // namespace

SettingsList::SettingsList(EngineBridge& bridge, QObject* parent) : QObject(parent), m_bridge(bridge) {
  connect(&bridge, &EngineBridge::settingsChanged, this, &SettingsList::load);
}

void SettingsList::load() {
  if (m_asking) return;
  m_asking = true;
  m_bridge.operations().settings().listSettings(
      m_bridge.onUiThread<std::vector<model::SettingInfo>>([self = QPointer(this)](auto answer) {
        if (!self) return;
        self->m_asking = false;
        self->m_problem = answer ? std::string() : answer.error().line();
        if (answer) {
          self->m_all = std::move(*answer);
          self->m_hasAnswer = true;
        }
        Q_EMIT self->loaded();
      }));
}

const model::SettingInfo* SettingsList::find(const std::string& key) const {
  const auto found =
      std::find_if(m_all.begin(), m_all.end(), [&](const auto& row) { return row.key == key; });
  return found == m_all.end() ? nullptr : &*found;
}

std::vector<std::string> SettingsList::groups() const {
  std::vector<std::string> names;
  for (const auto& setting : m_all) {
    if (std::find(names.begin(), names.end(), setting.group) == names.end()) names.push_back(setting.group);
  }
  return names;
}

std::vector<const model::SettingInfo*> SettingsList::matching(const QString& needle,
                                                              const std::string& group) const {
  const QStringList words = needle.split(QLatin1Char(' '), Qt::SkipEmptyParts);
  std::vector<const model::SettingInfo*> found;
  for (const auto& setting : m_all) {
    if (!group.empty() && setting.group != group) continue;
    if (holdsAll(setting, words)) found.push_back(&setting);
  }
  return found;
}

std::vector<std::string> SettingsList::pendingRestart() const {
  std::vector<std::string> keys;
  for (const auto& setting : m_all) {
    if (setting.pendingRestart) keys.push_back(setting.key);
  }
  return keys;
}

void SettingsList::change(const std::string& key, std::optional<std::string> value) {
  ask(key, std::move(value), false);
}

void SettingsList::undo(const SettingChange& change) {
  if (change.undoable) ask(change.key, change.before, true);
}

void SettingsList::forgetChange() {
  m_last.reset();
}

void SettingsList::ask(const std::string& key, std::optional<std::string> value, bool isUndo) {
  const auto* known = find(key);
  if (known == nullptr) return;
  m_bridge.operations().settings().changeSetting(
      m_bridge.caller(), key, std::move(value),
      m_bridge.onUiThread<model::SettingInfo>([self = QPointer(this), before = *known, isUndo](auto answer) {
        if (!self) return;
        if (answer) return self->take(before, std::move(*answer), isUndo);
        Q_EMIT self->refused(cellText(before.key), cellText(answer.error().line()));
      }));
}

void SettingsList::take(const model::SettingInfo& before, model::SettingInfo after, bool isUndo) {
  const auto row =
      std::find_if(m_all.begin(), m_all.end(), [&](const auto& known) { return known.key == after.key; });
  if (row == m_all.end()) return;
  *row = after;
  m_last.reset();
  if (!isUndo) {
    SettingChange change{.key = after.key};
    const bool isSecret = after.type == model::SettingType::Secret;
    change.undoable = !isSecret;
    if (before.origin == kConsoleOrigin) change.before = before.value;
    change.words = isSecret
                       ? tr("%1 is %2").arg(cellText(after.key), after.isSet ? tr("stored") : tr("removed"))
                       : tr("%1: %2, was %3").arg(cellText(after.key), valueWords(after), valueWords(before));
    m_last = std::move(change);
  }
  Q_EMIT changed(cellText(after.key));
}

}  // namespace aiops::ui
