// SPDX-License-Identifier: GPL-3.0-or-later
#include "security/redaction.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "security/redaction_decode.h"
#include "security/redaction_formats.h"
#include "security/redaction_own.h"

namespace aiops::security {
namespace {

using Spans = std::vector<SecretSpan>;

constexpr int kDepth = 2;   // encodings in one another
constexpr int kRounds = 4;  // what is left after a secret is gone may be known only then
constexpr std::string_view kMark = "[redacted:";
constexpr size_t kLongestMark = 40;

/// The marks that stand in `text`, in order.
Spans marksIn(std::string_view text) {
  Spans out;
  for (size_t at = text.find(kMark); at != std::string_view::npos; at = text.find(kMark, at + 1)) {
    const auto end = text.substr(at, kLongestMark).find(']');
    if (end != std::string_view::npos) out.push_back({at, at + end + 1, {}});
  }
  return out;
}

bool isContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

/// Whole characters, and no part of a mark alone.
void widen(std::string_view text, const Spans& marks, SecretSpan& span) {
  for (int i = 0; i < 3 && span.first > 0 && isContinuation(text[span.first]); ++i) --span.first;
  for (int i = 0; i < 3 && span.last < text.size() && isContinuation(text[span.last]); ++i) ++span.last;
  auto mark = std::ranges::upper_bound(marks, span.first, {}, &SecretSpan::last);
  if (mark != marks.end() && mark->first < span.first) span.first = mark->first;
  mark = std::ranges::lower_bound(marks, span.last, {}, &SecretSpan::last);
  if (mark != marks.end() && mark->first < span.last) span.last = mark->last;
}

bool isMark(const Spans& marks, const SecretSpan& span) {
  const auto mark = std::ranges::lower_bound(marks, span.last, {}, &SecretSpan::last);
  return mark != marks.end() && mark->first <= span.first;
}

/// `text` with every span replaced; those that overlap become one.
std::string replaced(std::string_view text, Spans spans) {
  std::ranges::stable_sort(spans, {}, &SecretSpan::first);
  std::string out;
  size_t done = 0;
  for (size_t i = 0; i < spans.size();) {
    SecretSpan joined = spans[i];
    for (++i; i < spans.size() && spans[i].first < joined.last; ++i)
      joined.last = std::max(joined.last, spans[i].last);
    out += text.substr(done, joined.first - done);
    out += kMark;
    out += joined.kind;
    out += ']';
    done = joined.last;
  }
  return out += text.substr(done);
}

/// Compiled at first use, once for all redactors of the process.
const SecretFormats& formats() {
  static const SecretFormats all;
  return all;
}

}  // namespace

struct Redactor::Impl {
  OwnSecrets own;

  void find(std::string_view text, int depth, Spans& spans, size_t& work) const {
    own.find(text, spans, work);
    formats().find(text, spans, work);
    if (depth == 0) return;
    for (const auto& reading : decodings(text, work)) {
      Spans inside;
      find(reading.text, depth - 1, inside, work);
      for (const auto& span : inside)
        spans.push_back({reading.from[span.first], reading.to[span.last - 1], span.kind});
    }
  }

  /// False when there is nothing to take out.
  bool once(std::string& text, size_t& work) const {
    Spans spans;
    find(text, kDepth, spans, work);
    if (spans.empty()) return false;
    const auto marks = marksIn(text);
    std::erase_if(spans, [&](const auto& span) { return isMark(marks, span); });
    if (spans.empty()) return false;
    for (auto& span : spans) widen(text, marks, span);
    text = replaced(text, std::move(spans));
    return true;
  }
};

Redactor::Redactor(std::vector<std::string> ownSecrets) : m_impl(std::make_unique<Impl>()) {
  m_impl->own.add(ownSecrets);
}

void Redactor::addOwnSecret(const std::string& secret) {
  m_impl->own.add({secret});
}

Redactor::~Redactor() = default;
Redactor::Redactor(Redactor&&) noexcept = default;
Redactor& Redactor::operator=(Redactor&&) noexcept = default;

std::string Redactor::redact(std::string_view text, size_t* work) const {
  std::string out(text);
  size_t done = 0;
  for (int round = 0; round < kRounds && m_impl->once(out, done);) ++round;
  if (work != nullptr) *work += done;
  return out;
}

void Redactor::redactStrings(nlohmann::json& json) const {
  if (json.is_string()) json = redact(json.get_ref<const std::string&>());
  if (!json.is_structured()) return;
  for (auto& [name, member] : json.items()) {
    redactStrings(member);
    if (!json.is_object() || !member.is_string()) continue;
    const std::string begin = name + "=";
    const auto whole = redact(begin + member.get_ref<const std::string&>());
    if (whole.starts_with(begin)) member = whole.substr(begin.size());
  }
}

}  // namespace aiops::security
