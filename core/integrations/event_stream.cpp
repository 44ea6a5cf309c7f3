// SPDX-License-Identifier: GPL-3.0-or-later
#include "integrations/event_stream.h"

namespace aiops::integrations {
namespace {

std::unexpected<base::Error> tooLong(const char* what, size_t most) {
  return base::fail(base::ErrorCode::LimitExceeded, std::string(what) + std::to_string(most));
}

}  // namespace

base::Result<> EventStream::feed(std::string_view bytes, const OnEvent& onEvent) {
  // Of JSON lines a return alone ends no line: it may stand between two values.
  const auto* ends = m_format == StreamFormat::ServerSentEvents ? "\r\n" : "\n";
  while (!bytes.empty() && !m_enough) {
    if (m_afterReturn && bytes.front() == '\n') bytes.remove_prefix(1);
    m_afterReturn = false;
    const auto end = bytes.find_first_of(ends);
    m_line += bytes.substr(0, end);
    if (m_line.size() > kLineBytes) {
      m_enough = true;
      return tooLong("a line of the stream is longer than bytes: ", kLineBytes);
    }
    if (end == std::string_view::npos) return {};
    m_afterReturn = bytes[end] == '\r';
    bytes.remove_prefix(end + 1);
    if (auto taken = takeLine(onEvent); !taken) {
      m_enough = true;
      return taken;
    }
  }
  return {};
}

base::Result<> EventStream::end(const OnEvent& onEvent) {
  if (m_enough || m_format == StreamFormat::ServerSentEvents) return {};
  return takeLine(onEvent);
}

base::Result<> EventStream::takeLine(const OnEvent& onEvent) {
  std::string line;
  line.swap(m_line);
  if (m_first && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
  m_first = false;
  if (m_format == StreamFormat::JsonLines) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) return {};
    m_event.data = std::move(line);
    m_hasData = true;
    return give(onEvent);
  }
  if (line.empty()) return give(onEvent);
  return takeField(line);
}

base::Result<> EventStream::takeField(std::string_view line) {
  const auto colon = line.find(':');
  const auto field = line.substr(0, colon);
  auto value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "event") {
    m_event.name = value;
  } else if (field == "data") {
    if (m_hasData) m_event.data += '\n';
    m_event.data += value;
    m_hasData = true;
    if (m_event.data.size() > kEventBytes)
      return tooLong("an event of the stream is longer than bytes: ", kEventBytes);
  }
  return {};
}

base::Result<> EventStream::give(const OnEvent& onEvent) {
  StreamEvent event;
  std::swap(event, m_event);
  if (!std::exchange(m_hasData, false)) return {};
  if (++m_events > kMostEvents) return tooLong("the stream has more events than ", kMostEvents);
  if (!onEvent(event)) m_enough = true;
  return {};
}

}  // namespace aiops::integrations
