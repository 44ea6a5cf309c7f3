// What the command palette finds: things of the program by a few typed letters.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

#include "models/engine_bridge.h"
#include "models/shown_text.h"

namespace aiops::ui {

/// In the order they are listed.
enum class PaletteGroup { Waiting, Incidents, Services, Patterns, Settings, Actions, Logs };

/// One thing that can be chosen. All texts are shown texts.
struct PaletteItem {
  PaletteGroup group = PaletteGroup::Actions;
  QString id;        ///< with the group, what it stands for: "FIX-0087", "find:redis", a panel's number
  QString text;      ///< searched
  QString note;      ///< searched too, quieter
  QString trailing;  ///< at the right end: a time, a risk, a key
  QString icon;
  std::optional<model::Risk> risk;
};

/// A typed line: `>` asks for actions only, `#` for incidents, `@` for services, `:` for settings.
struct PaletteQuery {
  std::optional<PaletteGroup> only;
  QStringList words;  ///< all must occur in text or note

  static PaletteQuery parse(const QString& typed);
};

/// Fixes that wait, incidents, services and sources, from what the bridge knows.
std::vector<PaletteItem> paletteItems(const EngineBridge& bridge, base::TimePoint now);
PaletteItem paletteItem(const model::PatternInfo& pattern);
PaletteItem paletteItem(const model::SettingInfo& setting);

/// Those that fit, by group, those whose text begins with the first word first; at most `perGroup` of each
/// group while words are typed. Without words: what waits, the newest incidents, and the actions.
std::vector<PaletteItem> matching(const std::vector<PaletteItem>& items, const PaletteQuery& query,
                                  size_t perGroup);

/// Where the words occur in a text, ascending, not overlapping.
std::vector<TextSpan> wordSpans(const QString& text, const QStringList& words);

}  // namespace aiops::ui
