// SPDX-License-Identifier: GPL-3.0-or-later
#include "integrations/http_reply_parser.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"

namespace aiops::integrations {
namespace {

using base::ErrorCode;
using base::fail;

constexpr size_t kHeadBytes = 32 * 1024;  // all heads and trailers of one answer
constexpr uint64_t kLongestBody = 1ull << 60;

std::unexpected<base::Error> wrong(const char* what) {
  return fail(ErrorCode::InvalidInput, std::string("the answer is not valid HTTP: ") + what);
}

std::string trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(" \t") - from + 1));
}

std::optional<uint64_t> number(std::string_view text, int base) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size() || value > kLongestBody) return std::nullopt;
  return value;
}

bool isToken(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

}  // namespace

base::Result<> HttpReplyParser::feed(std::string_view bytes, const OnBody& onBody) {
  while (!bytes.empty() && m_state != State::Done) {
    const auto more = step(bytes, onBody);
    if (!more) return std::unexpected(more.error());
    if (!*more) break;
  }
  return {};
}

base::Result<> HttpReplyParser::end() {
  if (m_state == State::UntilClosed) m_state = State::Done;
  if (m_state == State::Done) return {};
  return fail(ErrorCode::Unavailable, hasHead() ? "the connection ended in the middle of the answer"
                                                : "the connection ended without an answer");
}

/// False when more bytes are needed.
base::Result<bool> HttpReplyParser::step(std::string_view& bytes, const OnBody& onBody) {
  if (m_state == State::Length || m_state == State::UntilClosed || m_state == State::Chunk) {
    takeBody(bytes, onBody);
    return true;
  }
  std::string line;
  const auto whole = takeLine(bytes, line);
  if (!whole || !*whole) return whole;
  base::Result<> taken;
  switch (m_state) {
    case State::Head:
      taken = takeHeadLine(line);
      break;
    case State::ChunkSize:
      taken = takeChunkSize(line);
      break;
    case State::ChunkEnd:
      if (!line.empty()) return wrong("a chunk is longer than it says");
      m_state = State::ChunkSize;
      break;
    default:  // the trailer: nothing in it counts
      if (line.empty()) m_state = State::Done;
      break;
  }
  if (!taken) return std::unexpected(taken.error());
  return true;
}

base::Result<bool> HttpReplyParser::takeLine(std::string_view& bytes, std::string& line) {
  const auto end = bytes.find('\n');
  const auto taken = bytes.substr(0, end == std::string_view::npos ? bytes.size() : end + 1);
  bytes.remove_prefix(taken.size());
  if (m_state != State::ChunkSize && m_state != State::ChunkEnd) m_headBytes += taken.size();
  m_line += taken;
  if (m_headBytes > kHeadBytes || m_line.size() > kHeadBytes)
    return fail(ErrorCode::LimitExceeded, "the head of the answer is longer than 32 KiB");
  if (end == std::string_view::npos) return false;
  m_line.pop_back();
  if (m_line.ends_with('\r')) m_line.pop_back();
  line.swap(m_line);
  m_line.clear();
  return true;
}

base::Result<> HttpReplyParser::takeHeadLine(const std::string& line) {
  if (m_head.status == 0) {
    const bool shaped = line.size() >= 12 &&
                        (line.starts_with("HTTP/1.1 ") || line.starts_with("HTTP/1.0 ")) &&
                        (line.size() == 12 || line[12] == ' ');
    const auto status = shaped ? number(std::string_view(line).substr(9, 3), 10) : std::nullopt;
    if (!status || *status < 100 || *status > 599) return wrong("no status line");
    m_head.status = static_cast<int>(*status);
    return {};
  }
  if (line.empty()) return endHead();
  const auto colon = line.find(':');
  if (colon == std::string::npos || !isToken(std::string_view(line).substr(0, colon)))
    return wrong("a header line without a name");
  return takeHeader(base::asciiLower(line.substr(0, colon)),
                    trimmed(std::string_view(line).substr(colon + 1)));
}

base::Result<> HttpReplyParser::takeHeader(const std::string& name, const std::string& value) {
  if (name == "content-length") {
    const auto length = number(value, 10);
    if (!length || (m_length && *m_length != *length)) return wrong("its length is no number, or two");
    m_length = length;
  } else if (name == "transfer-encoding") {
    if (m_chunked || base::asciiLower(value) != "chunked")
      return wrong("a transfer encoding that was not asked for");
    m_chunked = true;
  } else if (name == "content-encoding") {
    if (!value.empty() && base::asciiLower(value) != "identity")
      return wrong("it is packed, which was not asked for");
  } else if (name == "content-type") {
    m_head.contentType = base::asciiLower(trimmed(std::string_view(value).substr(0, value.find(';'))));
  } else if (name == "retry-after") {
    m_head.retryAfter = value;
  }
  return {};
}

base::Result<> HttpReplyParser::endHead() {
  if (m_chunked && m_length) return wrong("a length beside chunks");
  if (m_head.status == 101) return wrong("it changes the protocol");
  if (m_head.status < 200) {  // the answer itself follows
    if (m_chunked || m_length) return wrong("a body before the answer");
    m_head = {};
  } else if (m_head.status == 204 || m_head.status == 304 || m_length == 0) {
    m_state = State::Done;
  } else if (m_chunked) {
    m_state = State::ChunkSize;
  } else {
    m_state = m_length ? State::Length : State::UntilClosed;
    m_left = m_length.value_or(0);
  }
  return {};
}

base::Result<> HttpReplyParser::takeChunkSize(const std::string& line) {
  const auto size = number(trimmed(std::string_view(line).substr(0, line.find(';'))), 16);
  if (!size || line.size() > 256) return wrong("the size of a chunk is no number");
  m_left = *size;
  m_state = *size == 0 ? State::Trailer : State::Chunk;
  return {};
}

void HttpReplyParser::takeBody(std::string_view& bytes, const OnBody& onBody) {
  const bool bounded = m_state != State::UntilClosed;
  const auto taken = bytes.substr(0, bounded ? std::min<uint64_t>(bytes.size(), m_left) : bytes.size());
  bytes.remove_prefix(taken.size());
  if (bounded) m_left -= taken.size();
  if (bounded && m_left == 0) m_state = m_state == State::Length ? State::Done : State::ChunkEnd;
  onBody(taken);
}

}  // namespace aiops::integrations
