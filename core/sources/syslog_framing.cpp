// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/syslog_framing.h"

#include <algorithm>

namespace aiops::sources {
namespace {

constexpr int kMostDigits = 9;
constexpr uint64_t kMostCounted = 64u << 20;  // a larger count is no message

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

void appendSyslogLine(std::string_view message, std::string& lines) {
  while (!message.empty() && (message.back() == '\n' || message.back() == '\r' || message.back() == '\0'))
    message.remove_suffix(1);
  if (message.empty()) return;
  for (const char c : message) {
    if (c == '\n')
      lines += "#012";
    else if (c == '\0')
      lines += "#000";
    else
      lines += c;
  }
  lines += '\n';
}

void SyslogFraming::keep(std::string_view bytes) {
  const auto room = kMostBytes - std::min(kMostBytes, m_message.size());
  m_isCut = m_isCut || bytes.size() > room;
  m_message.append(bytes.substr(0, room));
}

void SyslogFraming::end(std::string& lines) {
  const auto before = lines.size();
  appendSyslogLine(m_message, lines);
  m_messages += lines.size() > before;
  m_cut += m_isCut;
  m_message.clear();
  m_isCut = false;
  m_digits = 0;
  m_count = 0;
  m_state = State::Begin;
}

bool SyslogFraming::add(std::string_view bytes, std::string& lines) {
  while (!bytes.empty() && m_state != State::Broken) {
    const char c = bytes.front();
    switch (m_state) {
      case State::Begin:
        if (c == '\n' || c == '\r' || c == '\0') {
          bytes.remove_prefix(1);
        } else {
          m_state = c >= '1' && c <= '9' ? State::Count : State::Line;
        }
        break;
      case State::Count:
        bytes.remove_prefix(1);
        if (isDigit(c) && m_digits < kMostDigits) {
          m_count = m_count * 10 + static_cast<uint64_t>(c - '0');
          ++m_digits;
        } else {
          m_state = c == ' ' && m_count <= kMostCounted ? State::Counted : State::Broken;
        }
        break;
      case State::Counted: {
        const auto part = bytes.substr(0, std::min<uint64_t>(bytes.size(), m_count));
        keep(part);
        bytes.remove_prefix(part.size());
        m_count -= part.size();
        if (m_count == 0) end(lines);
        break;
      }
      case State::Line: {
        const auto at = bytes.find('\n');
        keep(bytes.substr(0, at));
        if (at == std::string_view::npos) return true;
        bytes.remove_prefix(at + 1);
        end(lines);
        break;
      }
      case State::Broken:
        break;
    }
  }
  return m_state != State::Broken;
}

void SyslogFraming::finish(std::string& lines) {
  if (m_state == State::Counted && m_count > 0) m_isCut = !m_message.empty();
  if (m_state == State::Line || m_state == State::Counted) end(lines);
}

}  // namespace aiops::sources
