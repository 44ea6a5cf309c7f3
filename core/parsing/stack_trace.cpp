// SPDX-License-Identifier: GPL-3.0-or-later
#include "parsing/stack_trace.h"

#include <algorithm>
#include <array>

#include "parsing/level.h"
#include "parsing/scan.h"
#include "parsing/timestamp.h"

namespace aiops::parsing {
namespace {

constexpr uint8_t kDescriptionLines = 10;

/// Whatever stands before them, these go on.
constexpr std::array<std::string_view, 13> kAlways = {"at ",
                                                      "Caused by:",
                                                      "Suppressed:",
                                                      "... ",
                                                      "--- End of ",
                                                      "Stack trace:",
                                                      "PHP Stack trace:",
                                                      "PHP   ",
                                                      "goroutine ",
                                                      "stack backtrace:",
                                                      "Wrapped by:",
                                                      "--->",
                                                      "<asynchronous suspension>"};
/// Once a trace has begun.
constexpr std::array<std::string_view, 6> kInTrace = {
    "created by ", "[signal ", "note: ", "Node.js v", "[originating from", "thrown in "};
/// Between two tracebacks of Python.
constexpr std::array<std::string_view, 2> kChained = {"During handling of the above exception",
                                                      "The above exception was the direct cause"};
/// After these a description and then frames follow.
constexpr std::array<std::string_view, 3> kOpensDescription = {"Unhandled exception", "Uncaught exception",
                                                               "Unhandled Exception"};
constexpr std::array<std::string_view, 6> kExceptionEnds = {"Exception", "Error",   "Throwable",
                                                            "Failure",   "Warning", "Interrupt"};

template <size_t N>
bool startsWithAny(std::string_view line, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return line.starts_with(word); });
}

/// "#0      main (file:///a.dart:24:20)", "#1 /a/b.php(20): f()".
bool isNumberedFrame(std::string_view line) {
  if (!take(line, "#")) return false;
  const auto number = takeDigits(line);
  return !number.empty() && number.size() < 5 && line.starts_with(' ');
}

/// "app/books.rb:69:in `load'".
bool isRubyFrame(std::string_view line) {
  const size_t at = line.substr(0, 512).find(":in ");
  return at != std::string_view::npos && at > 0 && isDigit(line[at - 1]) && at + 4 < line.size() &&
         (line[at + 4] == '`' || line[at + 4] == '\'');
}

/// "main.doPanic(0x12f0ea0, 0xc00010e1c0)", "net/http.(*conn).serve(0x1)", "main.main.func1()".
bool isGoCall(std::string_view line) {
  const size_t open = line.rfind('(');
  if (open == std::string_view::npos || open == 0 || line.back() != ')') return false;
  const auto name = line.substr(0, open);
  return name.find(' ') == std::string_view::npos && name.size() < 512;
}

/// "com.shop.PaymentException: declined", "ValueError", "Some::Error (message)".
bool namesException(std::string_view line) {
  const size_t end = std::min(line.substr(0, 256).find_first_of(": (\r"), line.size());
  size_t nameEnd = end;
  while (nameEnd + 1 < line.size() && line[nameEnd] == ':' && line[nameEnd + 1] == ':') {
    nameEnd = std::min(line.substr(0, 256).find_first_of(": (\r", nameEnd + 2), line.size());
  }
  const auto name = line.substr(0, nameEnd);
  if (name.empty() || !isAlpha(name.front())) return false;
  return std::any_of(kExceptionEnds.begin(), kExceptionEnds.end(),
                     [&](std::string_view word) { return name.ends_with(word); });
}

/// The mark below a piece of source: "    ^~~~".
bool isCaret(std::string_view line) {
  return line.find('^') != std::string_view::npos &&
         line.find_first_not_of(" \t^~") == std::string_view::npos;
}

/// A line that can only begin an entry of its own.
bool beginsEntry(std::string_view line) {
  const char first = line.front();
  return first == '{' || first == '<' || (first == '[' && line.size() > 1 && line.find(']') != line.npos) ||
         readStamp(line).has_value();
}

bool continuesIndented(std::string_view line) {
  const auto text = trimLeft(line);
  return text.empty() || (text.front() != '{' && !readStamp(text));
}

constexpr std::string_view kSlowTime = "# Time: ";
constexpr std::string_view kSlowUser = "# User@Host: ";

/// "SEVERE: message" below the line with the time stamp.
bool isLevelLine(std::string_view line) {
  auto rest = line;
  std::string_view word;
  return takeUntil(rest, ':', word) && word.size() <= 8 && std::all_of(word.begin(), word.end(), isUpper) &&
         severityFromWord(word).has_value();
}

}  // namespace

void StackTrace::begin(std::string_view line) {
  *this = {};
  expectFrom(line, Expects::Fresh);
  if (m_expects != Expects::Fresh || line.empty()) return;
  // Only a head that might have one is looked at: this is on the path of every line.
  const char first = line.front();
  m_stamped = isDigit(first) || first == '[' || first == '(';
  if (!isUpper(first)) return;
  const auto stamp = readStamp(line);
  m_stamped = stamp.has_value();
  m_twelve = stamp && stamp->style == StampStyle::TwelveHour;
}

bool StackTrace::accepts(std::string_view line) const {
  if (line.empty()) return false;
  const char first = line.front();
  if (m_expects == Expects::SlowHead || m_expects == Expects::SlowQuery) {
    const bool next =
        line.starts_with(kSlowTime) || (m_expects == Expects::SlowQuery && line.starts_with(kSlowUser));
    return !next && !readStamp(line);
  }
  if (isBlank(first)) return continuesIndented(line);
  if (isDigit(first)) return m_traced && isRubyFrame(line);
  if (m_expects == Expects::Traceback) return line.starts_with("Traceback (");
  if (m_expects == Expects::Chain && line.starts_with("Traceback (")) return false;
  if (line.starts_with("Traceback (") || startsWithAny(line, kAlways)) return true;
  if (m_traced && (startsWithAny(line, kInTrace) || isNumberedFrame(line) || isRubyFrame(line))) return true;
  switch (m_expects) {
    case Expects::Nothing:
      return false;
    case Expects::Fresh:
      return (m_stamped && namesException(line)) || (m_twelve && isLevelLine(line)) || isRubyFrame(line);
    case Expects::Body:
      return !beginsEntry(line);
    case Expects::Chain:
      return startsWithAny(line, kChained);
    case Expects::Description:
      return isNumberedFrame(line) || (m_described < kDescriptionLines && !beginsEntry(line));
    case Expects::Calls:
      return isGoCall(line) || line.starts_with("[signal ") || line.starts_with("created by ");
    case Expects::Exception:
      return !beginsEntry(line);
    case Expects::Traceback:
    case Expects::SlowHead:
    case Expects::SlowQuery:
      break;
  }
  return false;
}

void StackTrace::extend(std::string_view line) {
  const auto before = m_expects;
  if (before == Expects::SlowHead || before == Expects::SlowQuery) {
    if (line.starts_with(kSlowUser)) m_expects = Expects::SlowQuery;
    return;
  }
  m_traced = true;
  auto otherwise = Expects::Nothing;
  const bool indented = isBlank(line.front());
  if (before == Expects::Fresh && m_twelve && isLevelLine(line))
    otherwise = before;  // its exception may follow
  if (before == Expects::Body) otherwise = indented ? Expects::Body : Expects::Chain;
  if (before == Expects::Chain) otherwise = indented ? Expects::Chain : Expects::Traceback;
  if (before == Expects::Traceback || before == Expects::Calls) otherwise = before;
  if (before == Expects::Description && !isNumberedFrame(line)) {
    otherwise = before;
    ++m_described;
  }
  expectFrom(line, otherwise);
}

void StackTrace::expectFrom(std::string_view line, Expects otherwise) {
  m_expects = otherwise;
  if (line.empty()) return;
  if (line.front() == '#') {
    if (line.starts_with(kSlowTime)) m_expects = Expects::SlowHead;
    if (line.starts_with(kSlowUser)) m_expects = Expects::SlowQuery;
    return;
  }
  const auto text = trimLeft(line);
  if (line.starts_with("Traceback (") || text.starts_with("Traceback (")) {
    m_expects = Expects::Body;
  } else if (startsWithAny(line, kOpensDescription)) {
    m_expects = Expects::Description;
  } else if (line.starts_with("panic: ") || line.starts_with("fatal error: ") ||
             line.starts_with("goroutine ")) {
    m_expects = Expects::Calls;
  } else if (line.ends_with("nested exception is:") ||
             (isBlank(line.front()) && isCaret(line) && otherwise == Expects::Nothing)) {
    m_expects = Expects::Exception;
  }
}

}  // namespace aiops::parsing
