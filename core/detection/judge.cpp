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
      return "its level is below " + std::string(toString(*document.levelAtLeast));
    case Matcher::Objection::Excluded:
      return "it matches `exclude`";
    case Matcher::Objection::Field:
      return "a field of `fields` does not match";
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
  const auto target = matcher.target(index, record);
  out.matches = !target.empty() && matcher.matches(index, target);
  if (!out.matches) return out;
  const auto& document = patterns.documents()[index];
  out.why = whyNot(document, batch.service, matcher.objection(index, record));
  if (!document.groupBy.empty())
    out.group = groupKey(document, batch.service, record, matcher.captures(index, target));
  const auto at = record.text.find(target);
  if (at == std::string_view::npos) return out;
  out.spans = matcher.spans(index, target);
  for (auto& span : out.spans) span.start += static_cast<uint32_t>(at);
  return out;
}

}  // namespace aiops::detection
