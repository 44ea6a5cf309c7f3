// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/log_filter.h"

#include <re2/re2.h>

#include <QCoreApplication>
#include <QRegularExpression>

namespace aiops::ui {
namespace {

constexpr size_t kMostHits = 64;
constexpr int64_t kMostMemory = 8 << 20;

QString tr(const char* text) {
  return QCoreApplication::translate("LogFilter", text);
}

QString wordsFor(re2::RE2::ErrorCode code) {
  switch (code) {
    case re2::RE2::ErrorMissingParen:
      return tr("missing )");
    case re2::RE2::ErrorUnexpectedParen:
      return tr("unexpected )");
    case re2::RE2::ErrorMissingBracket:
      return tr("missing ]");
    case re2::RE2::ErrorBadCharRange:
    case re2::RE2::ErrorBadCharClass:
      return tr("bad character class");
    case re2::RE2::ErrorRepeatArgument:
      return tr("nothing to repeat");
    case re2::RE2::ErrorRepeatSize:
    case re2::RE2::ErrorRepeatOp:
      return tr("bad repetition");
    case re2::RE2::ErrorTrailingBackslash:
      return tr("\\ at the end");
    case re2::RE2::ErrorBadEscape:
      return tr("unknown escape");
    case re2::RE2::ErrorBadNamedCapture:
    case re2::RE2::ErrorBadPerlOp:
      return tr("unknown group");
    case re2::RE2::ErrorPatternTooLarge:
      return tr("too large");
    default:
      return tr("not a valid expression");
  }
}

// RE2 says what is wrong, not where. Qt's parser (used for nothing else) says where if it agrees that it is
// wrong; else the text that RE2 complains about is looked up.
int positionOf(const QString& expression, const re2::RE2& program) {
  const QRegularExpression judge(expression);
  if (!judge.isValid()) return static_cast<int>(judge.patternErrorOffset()) + 1;
  const auto at = expression.indexOf(QString::fromStdString(program.error_arg()));
  return at < 0 ? 1 : static_cast<int>(at) + 1;
}

}  // namespace

std::expected<LogFilter, LogFilter::Problem> LogFilter::compile(const QString& expression, bool regex,
                                                                bool caseSensitive) {
  LogFilter filter;
  if (expression.isEmpty()) return filter;
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_literal(!regex);
  options.set_case_sensitive(caseSensitive);
  options.set_max_mem(kMostMemory);
  auto program = std::make_shared<const re2::RE2>(expression.toStdString(), options);
  if (!program->ok()) {
    return std::unexpected(Problem{wordsFor(program->error_code()), positionOf(expression, *program)});
  }
  filter.m_program = std::move(program);
  return filter;
}

bool LogFilter::matches(std::string_view shown) const {
  return m_program && re2::RE2::PartialMatch(re2::StringPiece(shown.data(), shown.size()), *m_program);
}

std::vector<TextSpan> LogFilter::hits(std::string_view shown) const {
  std::vector<TextSpan> result;
  if (!m_program) return result;
  const re2::StringPiece whole(shown.data(), shown.size());
  re2::StringPiece hit;
  size_t from = 0;
  while (result.size() < kMostHits && from <= shown.size() &&
         m_program->Match(whole, from, shown.size(), re2::RE2::UNANCHORED, &hit, 1)) {
    const auto first = static_cast<size_t>(hit.data() - shown.data());
    if (!hit.empty()) result.push_back({static_cast<int>(first), static_cast<int>(first + hit.size())});
    from = first + std::max<size_t>(hit.size(), 1);
  }
  return result;
}

}  // namespace aiops::ui
