// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/judge.h"

#include "detection/matcher.h"

namespace aiops::detection {
namespace {

std::string whyNot(const PatternDocument& document, const std::string& service,
                   Matcher::Objection objection) {
  if (!serviceFits(document.service, service)) {
    return "the service is '" + service + "', not '" + document.service + "'";
  }
  switch (objection) {
    case Matcher::Objection::Level:
      return "its level is below " + std::string(toString(*document.select.levelAtLeast));
    case Matcher::Objection::Excluded:
      return "it matches `exclude`";
    case Matcher::Objection::Field:
      return "a field of `fields` does not match";
    case Matcher::Objection::Condition:
      return "`all`, `any` or `not` does not hold";
    case Matcher::Objection::None:
      break;
  }
  return {};
}

}  // namespace

Judgement judge(const PatternSet& patterns, size_t index, const model::LogBatch& batch,
                const model::LogRecord& record) {
  Judgement out;
  const auto& matcher = patterns.matcher();
  const auto& document = patterns.documents()[index];
  const auto first = matcher.firstSelector(index);
  for (size_t i = 0; i < matcher.patterns()[index]->selections.size(); ++i) {
    const auto selector = first + i;
    const auto target = matcher.selectors()[selector].selection->target(record);
    if (target.empty() || !matcher.matches(selector, target)) continue;
    const bool better = !out.matches || !out.why.empty();
    if (!better) continue;
    out = {};
    out.matches = true;
    out.why = whyNot(document, batch.service, matcher.objection(selector, record));
    if (!document.groupBy.empty() || !document.distinct.empty()) {
      const auto captures = matcher.captures(selector, record);
      out.group = groupKey(document, batch.service, record, captures);
      out.value = distinctValue(document, record, captures);
      if (out.why.empty() && out.value.empty() && !document.distinct.empty())
        out.why = "it has no '" + document.distinct + "', of which different values count";
    }
    const auto at = record.text.find(target);
    if (at == std::string_view::npos) continue;
    out.spans = matcher.spans(selector, target);
    for (auto& span : out.spans) span.start += static_cast<uint32_t>(at);
  }
  return out;
}

}  // namespace aiops::detection
