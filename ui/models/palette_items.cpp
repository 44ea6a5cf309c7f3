// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/palette_items.h"

#include <QCoreApplication>
#include <algorithm>
#include <map>
#include <set>

#include "models/display.h"

namespace aiops::ui {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(Palette)
};

QString numbered(const char* prefix, uint64_t number) {
  return QStringLiteral("%1-%2").arg(QLatin1String(prefix)).arg(number, 4, 10, QLatin1Char('0'));
}

bool fits(const PaletteItem& item, const PaletteQuery& query) {
  if (query.only && item.group != *query.only) return false;
  return std::all_of(query.words.begin(), query.words.end(), [&item](const QString& word) {
    return item.text.contains(word, Qt::CaseInsensitive) || item.note.contains(word, Qt::CaseInsensitive);
  });
}

bool isOffered(PaletteGroup group) {
  return group == PaletteGroup::Waiting || group == PaletteGroup::Incidents || group == PaletteGroup::Actions;
}

int rankOf(const PaletteItem& item, const PaletteQuery& query) {
  if (query.words.isEmpty()) return 0;
  if (item.text.startsWith(query.words.front(), Qt::CaseInsensitive)) return 0;
  return item.text.contains(query.words.front(), Qt::CaseInsensitive) ? 1 : 2;
}

void addFixes(const EngineBridge& bridge, base::TimePoint now, std::vector<PaletteItem>& items) {
  for (const auto* fix : bridge.waiting()) {
    const auto left = std::max(fix->expiresAt - now, base::Duration{0});
    items.push_back({PaletteGroup::Waiting,
                     numbered("FIX", fix->number),
                     Words::tr("Review: %1").arg(shownString(fix->title, 200)),
                     Words::tr("%1, %2 left").arg(numbered("FIX", fix->number), spanText(left)),
                     {},
                     QStringLiteral("approvals"),
                     fix->plan.risk});
  }
}

void addIncidents(const EngineBridge& bridge, base::TimePoint now, std::vector<PaletteItem>& items) {
  for (const auto& summary : bridge.incidents()) {
    const auto& incident = summary.incident;
    QStringList note{numbered("INC", incident.number)};
    for (const auto& service : incident.services) note << shownString(service, 64);
    items.push_back({PaletteGroup::Incidents,
                     numbered("INC", incident.number),
                     shownString(incident.title, 200),
                     note.join(QStringLiteral(", ")),
                     momentText(incident.startedAt, now),
                     QStringLiteral("investigations"),
                     {}});
  }
}

void addSources(const model::EngineStatus& status, std::vector<PaletteItem>& items) {
  std::set<std::string> services;
  for (const auto& source : status.sources) services.insert(source.service);
  for (const auto& service : status.services) services.insert(service.name);
  for (const auto& name : services) {
    if (name.empty()) continue;
    const auto count = std::count_if(status.sources.begin(), status.sources.end(),
                                     [&name](const auto& source) { return source.service == name; });
    items.push_back({PaletteGroup::Services,
                     QString::fromStdString(name),
                     shownString(name, 64),
                     count == 0   ? Words::tr("no logs")
                     : count == 1 ? Words::tr("its lines, 1 log")
                                  : Words::tr("its lines, %1 logs").arg(count),
                     {},
                     QStringLiteral("server"),
                     {}});
  }
}

}  // namespace

PaletteQuery PaletteQuery::parse(const QString& typed) {
  static const std::map<QChar, PaletteGroup> kPrefixes{{u'>', PaletteGroup::Actions},
                                                       {u'#', PaletteGroup::Incidents},
                                                       {u'@', PaletteGroup::Services},
                                                       {u':', PaletteGroup::Settings}};
  PaletteQuery query;
  QString rest = typed.trimmed();
  if (!rest.isEmpty()) {
    const auto prefix = kPrefixes.find(rest[0]);
    if (prefix != kPrefixes.end()) {
      query.only = prefix->second;
      rest.remove(0, 1);
    }
  }
  query.words = rest.split(QLatin1Char(' '), Qt::SkipEmptyParts);
  return query;
}

std::vector<PaletteItem> paletteItems(const EngineBridge& bridge, base::TimePoint now) {
  std::vector<PaletteItem> items;
  addFixes(bridge, now, items);
  addIncidents(bridge, now, items);
  addSources(bridge.status(), items);
  return items;
}

PaletteItem paletteItem(const model::PatternInfo& pattern) {
  const QString kind = shownString(pattern.type, 64);
  return {PaletteGroup::Patterns,
          QString::fromStdString(pattern.id),
          shownString(pattern.name, 200),
          pattern.enabled ? kind : Words::tr("%1, off").arg(kind),
          {},
          QStringLiteral("pattern"),
          {}};
}

PaletteItem paletteItem(const model::SettingInfo& setting) {
  const bool secret = setting.type == model::SettingType::Secret;
  const QString value =
      secret ? (setting.isSet ? Words::tr("set") : Words::tr("not set")) : shownString(setting.value, 80);
  return {PaletteGroup::Settings,
          QString::fromStdString(setting.key),
          shownString(setting.key, 120),
          Words::tr("%1, from %2")
              .arg(value.isEmpty() ? Words::tr("empty") : value, shownString(setting.origin, 120)),
          {},
          QStringLiteral("settings"),
          {}};
}

std::vector<PaletteItem> matching(const std::vector<PaletteItem>& items, const PaletteQuery& query,
                                  size_t perGroup) {
  std::map<PaletteGroup, std::vector<PaletteItem>> groups;
  for (const auto& item : items) {
    const bool offered = query.only || !query.words.isEmpty() || isOffered(item.group);
    if (offered && fits(item, query)) groups[item.group].push_back(item);
  }
  std::vector<PaletteItem> found;
  for (auto& [group, members] : groups) {
    std::stable_sort(members.begin(), members.end(),
                     [&query](const auto& a, const auto& b) { return rankOf(a, query) < rankOf(b, query); });
    const bool all = query.only || (query.words.isEmpty() && group == PaletteGroup::Actions);
    if (!all && members.size() > perGroup) members.resize(perGroup);
    found.insert(found.end(), members.begin(), members.end());
  }
  return found;
}

std::vector<TextSpan> wordSpans(const QString& text, const QStringList& words) {
  std::vector<TextSpan> spans;
  for (const auto& word : words) {
    const auto at = text.indexOf(word, 0, Qt::CaseInsensitive);
    if (at >= 0) spans.push_back({static_cast<int>(at), static_cast<int>(at + word.size())});
  }
  std::sort(spans.begin(), spans.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<TextSpan> apart;
  for (const auto& span : spans) {
    if (apart.empty() || span.first >= apart.back().last) {
      apart.push_back(span);
    } else {
      apart.back().last = std::max(apart.back().last, span.last);
    }
  }
  return apart;
}

}  // namespace aiops::ui
