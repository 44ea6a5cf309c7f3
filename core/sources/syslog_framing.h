// Messages out of a syslog stream (RFC 6587, RFC 5425).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace aiops::sources {

/// Octet counting ("123 <34>1 ...") or one message a line, told apart for each message: those begin with '<',
/// never with a digit. However the stream is cut, the messages are the same. Messages leave as lines; line
/// ends inside of a counted one become "#012", as rsyslog writes them. What lies behind `kMostBytes` of a
/// message is dropped. Bounded memory. Not thread safe.
class SyslogFraming {
 public:
  static constexpr size_t kMostBytes = 64 * 1024;

  /// Appends the messages that are complete to `lines`. False once the stream makes no sense (a count that is
  /// none): then nothing more can be understood, and the connection is better ended.
  bool add(std::string_view bytes, std::string& lines);
  /// The stream has ended: what was sent of a last message is a message too. A counted one was cut then.
  void finish(std::string& lines);

  uint64_t messages() const { return m_messages; }
  uint64_t cut() const {
    return m_cut;
  }  ///< messages that were longer than allowed, or counted longer than they were

 private:
  enum class State : uint8_t { Begin, Count, Counted, Line, Broken };

  void keep(std::string_view bytes);
  void end(std::string& lines);

  State m_state = State::Begin;
  uint64_t m_count = 0;  ///< as read so far; then the bytes of the message that are still to come
  int m_digits = 0;
  std::string m_message;
  bool m_isCut = false;
  uint64_t m_messages = 0;
  uint64_t m_cut = 0;
};

/// `message` as one line: its line ends and NULs as "#012" and "#000", none at its end.
void appendSyslogLine(std::string_view message, std::string& lines);

}  // namespace aiops::sources
