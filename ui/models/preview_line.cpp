// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/preview_line.h"

#include <algorithm>
#include <map>
#include <set>

namespace aiops::ui {
namespace {

constexpr size_t kMostShown = 4096;
constexpr int kLead = 14;  ///< units shown before a match that starts out of view

bool covers(const std::vector<TextSpan>& spans, int unit) {
  return std::any_of(spans.begin(), spans.end(),
                     [unit](const TextSpan& span) { return span.first <= unit && unit < span.last; });
}

}  // namespace

PreviewLine previewLine(const model::PatternHit& hit) {
  const std::string_view text = std::string_view(hit.text).substr(0, kMostShown);
  std::set<size_t> borders{0, text.size()};
  for (const auto& span : hit.spans) {
    const size_t end = size_t{span.start} + span.length;
    if (end > text.size() || span.length == 0) continue;
    borders.insert(span.start);
    borders.insert(end);
  }
  // Each stretch between borders is escaped by itself, so that a border in bytes is one in units too.
  PreviewLine line;
  std::map<size_t, int> unitAt;
  for (auto border = borders.begin(); border != borders.end(); ++border) {
    const int base = static_cast<int>(line.text.size());
    unitAt[*border] = base;
    const auto next = std::next(border);
    if (next == borders.end()) break;
    const auto part = shownText(text.substr(*border, *next - *border));
    for (const auto& escape : part.escapes) line.escapes.push_back({base + escape.first, base + escape.last});
    line.text += part.text;
  }
  for (const auto& span : hit.spans) {
    const size_t end = size_t{span.start} + span.length;
    if (end > text.size() || span.length == 0) continue;
    auto& spans = span.name.empty() ? line.matches : line.captures;
    spans.push_back({unitAt[span.start], unitAt[end]});
  }
  return line;
}

std::vector<PreviewRun> previewRuns(const PreviewLine& line, int from, int to) {
  std::set<int> borders{from, to};
  for (const auto* spans : {&line.escapes, &line.matches, &line.captures}) {
    for (const auto& span : *spans) {
      if (span.first > from && span.first < to) borders.insert(span.first);
      if (span.last > from && span.last < to) borders.insert(span.last);
    }
  }
  std::vector<PreviewRun> runs;
  for (auto border = borders.begin(); std::next(border) != borders.end(); ++border) {
    const int first = *border;
    runs.push_back({first, *std::next(border), covers(line.escapes, first), covers(line.matches, first),
                    covers(line.captures, first)});
  }
  return runs;
}

int previewStart(const PreviewLine& line, int units) {
  if (line.matches.empty()) return 0;
  const auto& match = line.matches.front();
  if (match.last <= units || match.first <= kLead) return 0;
  // A start inside a surrogate pair would paint half a character.
  int start = match.first - kLead;
  if (start > 0 && line.text[start].isLowSurrogate()) --start;
  return start;
}

}  // namespace aiops::ui
