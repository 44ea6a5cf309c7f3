// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/logger.h"

#include "base/bytes.h"
#include "base/fd.h"

namespace aiops::base {
namespace {

constexpr size_t kLongestText = 4096;

void appendEscape(std::string& out, unsigned code) {
  constexpr const char* kDigits = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) out += kDigits[(code >> shift) & 15];
}

/// Valid UTF-8 in, a JSON string out; nothing in it acts on a terminal. C1 controls, bidi and zero-width
/// characters are escaped as well as what JSON asks for.
std::string jsonQuoted(std::string_view text) {
  std::string out = "\"";
  for (size_t at = 0; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    const auto byte = [&](size_t ahead) {
      return at + ahead < text.size() ? static_cast<unsigned char>(text[at + ahead]) : 0u;
    };
    const unsigned two = c == 0xc2 ? byte(1) : 0;
    const unsigned three = c == 0xe2 ? 0x2000 + ((byte(1) & 0x3f) << 6) + (byte(2) & 0x3f) : 0;
    const bool bidi = (three >= 0x200b && three <= 0x200f) || (three >= 0x2028 && three <= 0x202e) ||
                      (three >= 0x2060 && three <= 0x206f);
    if (c == '"' || c == '\\') {
      out += {'\\', static_cast<char>(c)};
    } else if (c < 0x20 || c == 0x7f) {
      appendEscape(out, c);
    } else if (two >= 0x80 && two <= 0x9f) {
      appendEscape(out, two);
      at += 1;
    } else if (bidi) {
      appendEscape(out, three);
      at += 2;
    } else {
      out += static_cast<char>(c);
    }
  }
  return out + '"';
}

/// As it is when that can't be mistaken for anything else.
std::string bare(const std::string& quotedText) {
  const std::string inner = quotedText.substr(1, quotedText.size() - 2);
  const bool plain = !inner.empty() && inner.find_first_of(" \\\"=") == std::string::npos;
  return plain ? inner : quotedText;
}

}  // namespace

std::string_view toString(LogLevel level) {
  constexpr std::string_view kNames[] = {"debug", "info", "warning", "error"};
  return kNames[static_cast<size_t>(level)];
}

Logger::Logger(const Clock& clock, int fd, Redact redact)
    : m_clock(clock), m_fd(fd), m_redact(std::move(redact)) {}

std::string Logger::clean(std::string_view text) const {
  std::string out = m_redact ? m_redact(text) : std::string(text);
  if (out.size() > kLongestText) out = out.substr(0, kLongestText) + "...";
  return toValidUtf8(out);
}

void Logger::log(LogLevel level, std::string_view part, std::string_view message,
                 const Fields& fields) const {
  if (!writes(level)) return;
  const bool json = m_format.load() == LogFormat::Json;
  const std::string line = json ? asJson(level, part, message, fields) : asText(level, part, message, fields);
  (void)writeAll(m_fd, line);
}

std::string Logger::asText(LogLevel level, std::string_view part, std::string_view message,
                           const Fields& fields) const {
  const std::string said = jsonQuoted(clean(message));
  std::string line = toIso8601(m_clock.now()) + " " + std::string(toString(level)) + " " + std::string(part) +
                     ": " + said.substr(1, said.size() - 2);
  for (const auto& [name, value] : fields)
    line += " " + std::string(name) + "=" + bare(jsonQuoted(clean(value)));
  return line + "\n";
}

std::string Logger::asJson(LogLevel level, std::string_view part, std::string_view message,
                           const Fields& fields) const {
  std::string line = "{\"time\":" + jsonQuoted(toIso8601(m_clock.now())) +
                     ",\"level\":" + jsonQuoted(toString(level)) + ",\"part\":" + jsonQuoted(part) +
                     ",\"message\":" + jsonQuoted(clean(message));
  for (const auto& [name, value] : fields) line += "," + jsonQuoted(name) + ":" + jsonQuoted(clean(value));
  return line + "}\n";
}

}  // namespace aiops::base
