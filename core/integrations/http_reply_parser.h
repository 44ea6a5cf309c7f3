// The bytes of one HTTP/1.1 answer, read strictly and within bounds. Internal to integrations.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace aiops::integrations {

/// What an answer's head says that anybody here needs.
struct HttpHead {
  int status = 0;
  std::string contentType;  ///< lower case, without parameters
  std::string retryAfter;   ///< as it stands; empty: none
};

/// Fed with whatever pieces the network gives; the pieces don't change the result.
///
/// Refused as InvalidInput: anything that two readers could take differently (two lengths, a length beside
/// chunks, folded headers, a chunk size that is no number), packed bodies (a small answer could become a
/// large one), and what is no HTTP. LimitExceeded: a head above 32 KiB. After an error it stays in it. RFC
/// 9112.
class HttpReplyParser {
 public:
  using OnBody = std::function<void(std::string_view)>;

  base::Result<> feed(std::string_view bytes, const OnBody& onBody);
  /// The connection has ended. Unavailable: in the middle of the answer.
  base::Result<> end();

  bool hasHead() const { return m_state != State::Head; }
  bool done() const { return m_state == State::Done; }
  const HttpHead& head() const { return m_head; }

 private:
  enum class State : uint8_t { Head, Length, UntilClosed, ChunkSize, Chunk, ChunkEnd, Trailer, Done };

  base::Result<bool> step(std::string_view& bytes, const OnBody& onBody);
  base::Result<bool> takeLine(std::string_view& bytes, std::string& line);
  base::Result<> takeHeadLine(const std::string& line);
  base::Result<> takeHeader(const std::string& name, const std::string& value);
  base::Result<> endHead();
  base::Result<> takeChunkSize(const std::string& line);
  void takeBody(std::string_view& bytes, const OnBody& onBody);

  State m_state = State::Head;
  HttpHead m_head;
  std::string m_line;  ///< not yet ended
  size_t m_headBytes = 0;
  bool m_chunked = false;
  std::optional<uint64_t> m_length;
  uint64_t m_left = 0;  ///< of the body or the chunk
};

}  // namespace aiops::integrations
