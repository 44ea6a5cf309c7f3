// A streamed body as events: server-sent events or one JSON value a line.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace aiops::integrations {

enum class StreamFormat : uint8_t {
  ServerSentEvents,  ///< https://html.spec.whatwg.org/multipage/server-sent-events.html
  JsonLines,         ///< every line that is not empty is one event
};

struct StreamEvent {
  std::string name;  ///< of server-sent events: the `event:` field, or empty
  std::string data;
};

/// Cuts what comes into events; how it is cut into pieces does not matter. Comments, `id:` and `retry:` mean
/// nothing here. An event that has not ended when the stream does is no event. Bounded: LimitExceeded for a
/// line above `kLineBytes`, an event above `kEventBytes`, or more than `kMostEvents`; from then on all is
/// refused. Not thread safe.
class EventStream {
 public:
  static constexpr size_t kLineBytes = 128 * 1024, kEventBytes = 128 * 1024, kMostEvents = 50'000;
  /// False: enough; the rest is not looked at.
  using OnEvent = std::function<bool(const StreamEvent&)>;

  explicit EventStream(StreamFormat format) : m_format(format) {}

  base::Result<> feed(std::string_view bytes, const OnEvent& onEvent);
  /// The stream has ended. Of JSON lines the last one needs no line end.
  base::Result<> end(const OnEvent& onEvent);

 private:
  base::Result<> takeLine(const OnEvent& onEvent);
  base::Result<> takeField(std::string_view line);
  base::Result<> give(const OnEvent& onEvent);

  const StreamFormat m_format;
  std::string m_line;
  StreamEvent m_event;
  bool m_hasData = false;
  bool m_afterReturn = false;  ///< the next line feed belongs to the line end before
  bool m_first = true;         ///< no line has been taken: a byte order mark may stand here
  bool m_enough = false;
  size_t m_events = 0;
};

}  // namespace aiops::integrations
