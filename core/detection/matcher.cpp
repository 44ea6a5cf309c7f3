// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/matcher.h"

#include <algorithm>

#include "base/bytes.h"

namespace aiops::detection {
namespace {

constexpr int64_t kExpressionBytes = 8 << 20;
constexpr int64_t kSetBytes = 64 << 20;
constexpr size_t kCaptureBytes = 256;

bool found(const RE2& regex, std::string_view text) {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), regex);
}

std::string_view fieldOf(const model::LogRecord& record, std::string_view name) {
  return name == "message" ? record.message : record.field(name);
}

}  // namespace

RE2::Options expressionOptions() {
  RE2::Options options;
  options.set_encoding(RE2::Options::EncodingLatin1);
  options.set_log_errors(false);
  options.set_max_mem(kExpressionBytes);
  return options;
}

std::string shown(std::string_view text, size_t bytes) {
  return base::toValidUtf8(text.substr(0, bytes));
}

Matcher::Matcher(std::vector<std::shared_ptr<const Expression>> expressions,
                 const std::vector<PatternDocument>& documents)
    : m_expressions(std::move(expressions)) {
  for (size_t i = 0; i < documents.size(); ++i) {
    m_fields.push_back(documents[i].field);
    m_levels.push_back(documents[i].levelAtLeast);
    if (!documents[i].field.empty() || documents[i].match.empty()) {
      m_apart.push_back(static_cast<int>(i));
    } else {
      m_setToPattern.push_back(static_cast<int>(i));
    }
  }
}

const RE2::Set* Matcher::wholeTextSet() const {
  std::call_once(m_setOnce, [this] {
    if (m_setToPattern.empty()) return;
    auto options = expressionOptions();
    options.set_max_mem(kSetBytes);
    auto set = std::make_unique<RE2::Set>(options, RE2::UNANCHORED);
    for (const int pattern : m_setToPattern) {
      if (set->Add(m_expressions[static_cast<size_t>(pattern)]->regex->pattern(), nullptr) < 0) return;
    }
    if (set->Compile()) m_set = std::move(set);
  });
  return m_set.get();
}

bool Matcher::matches(size_t index, std::string_view text) const {
  const auto& regex = m_expressions[index]->regex;
  return !regex || found(*regex, text);
}

std::string_view Matcher::target(size_t index, const model::LogRecord& record) const {
  const auto& field = m_fields[index];
  return field.empty() ? record.text : fieldOf(record, field);
}

Matcher::Objection Matcher::objection(size_t index, const model::LogRecord& record) const {
  const auto& expression = *m_expressions[index];
  if (m_levels[index] && record.severity < *m_levels[index]) return Objection::Level;
  if (expression.exclude && found(*expression.exclude, target(index, record))) return Objection::Excluded;
  for (const auto& [name, regex] : expression.fields) {
    const auto value = fieldOf(record, name);
    if (value.empty() || !found(*regex, value)) return Objection::Field;
  }
  return Objection::None;
}

std::vector<model::CaptureSpan> Matcher::spans(size_t index, std::string_view text) const {
  std::vector<model::CaptureSpan> out;
  const auto& expression = *m_expressions[index];
  if (!expression.regex) return out;
  std::vector<re2::StringPiece> groups(expression.captureNames.size() + 1);
  const re2::StringPiece whole(text.data(), text.size());
  if (!expression.regex->Match(whole, 0, whole.size(), RE2::UNANCHORED, groups.data(),
                               static_cast<int>(groups.size()))) {
    return out;
  }
  for (size_t i = 0; i < groups.size(); ++i) {
    if (groups[i].data() == nullptr || (i > 0 && expression.captureNames[i - 1].empty())) continue;
    out.push_back({i == 0 ? "" : expression.captureNames[i - 1],
                   static_cast<uint32_t>(groups[i].data() - text.data()),
                   static_cast<uint32_t>(groups[i].size())});
  }
  return out;
}

void Matcher::matchOneByOne(std::string_view text, Hits& hits) const {
  for (const int pattern : m_setToPattern) {
    if (matches(static_cast<size_t>(pattern), text)) hits.push_back(pattern);
  }
}

void Matcher::match(const model::LogRecord& record, Hits& hits) const {
  hits.clear();
  if (const auto* set = wholeTextSet()) {
    RE2::Set::ErrorInfo error{};
    const bool any = set->Match(re2::StringPiece(record.text.data(), record.text.size()), &hits, &error);
    if (!any && error.kind != RE2::Set::kNoError) {
      hits.clear();
      matchOneByOne(record.text, hits);
    } else {
      for (int& hit : hits) hit = m_setToPattern[static_cast<size_t>(hit)];
    }
  } else {
    matchOneByOne(record.text, hits);
  }
  for (const int pattern : m_apart) {
    const auto index = static_cast<size_t>(pattern);
    if (m_levels[index] && record.severity < *m_levels[index]) continue;
    const auto value = target(index, record);
    if (!value.empty() && matches(index, value)) hits.push_back(pattern);
  }
  std::sort(hits.begin(), hits.end());
}

std::map<std::string, std::string> Matcher::captures(size_t index, std::string_view text) const {
  const auto& expression = *m_expressions[index];
  std::map<std::string, std::string> values;
  if (expression.captureNames.empty()) return values;
  std::vector<re2::StringPiece> groups(expression.captureNames.size() + 1);
  const re2::StringPiece input(text.data(), text.size());
  if (!expression.regex->Match(input, 0, text.size(), RE2::UNANCHORED, groups.data(),
                               static_cast<int>(groups.size()))) {
    return values;
  }
  for (size_t i = 0; i < expression.captureNames.size(); ++i) {
    const auto& name = expression.captureNames[i];
    const auto& group = groups[i + 1];
    if (name.empty() || group.empty()) continue;
    values[name] = shown(std::string_view(group.data(), group.size()), kCaptureBytes);
  }
  return values;
}

std::string groupKey(const PatternDocument& pattern, const std::string& service,
                     const model::LogRecord& record, const std::map<std::string, std::string>& captures) {
  if (pattern.groupBy.empty()) return {};
  if (pattern.groupBy == "service") return shown(service, kCaptureBytes);
  const auto capture = captures.find(pattern.groupBy);
  return capture != captures.end() ? capture->second : shown(record.field(pattern.groupBy), kCaptureBytes);
}

}  // namespace aiops::detection
