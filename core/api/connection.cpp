// SPDX-License-Identifier: GPL-3.0-or-later
#include "api/connection.h"

#include <exception>
#include <optional>

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include "api/json_edge.h"

namespace aiops::api {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr size_t kReadPiece = 4096;
constexpr size_t kReadAhead = 64 * 1024;  // also bounds a chunk's extensions and the trailers
constexpr size_t kDrainBytes = 2 * 1024 * 1024;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

HttpResponse timedOut() {
  return refusalAndClose(408, "request_timeout", "the request took too long to arrive");
}

HttpResponse engineTimedOut() {
  auto response = busy("no answer in time");
  response.body = refusal(503, "timeout", "no answer in time",
                          "what was asked for may still happen: look before asking again")
                      .body;
  return response;
}

HttpResponse guarded(const Responder::Render& render) {
  try {
    return render();
  } catch (const std::exception& error) {
    return refusal(500, "internal", std::string("the answer could not be made: ") + error.what());
  }
}

}  // namespace

struct Connection::BodyReader {
  boost::beast::flat_buffer buffer{kReadAhead};
  std::optional<http::request_parser<http::string_body>> parser;
};

Connection::Connection(asio::ip::tcp::socket socket, std::string address, ConnectionContext& context)
    : m_socket(std::move(socket)),
      m_address(std::move(address)),
      m_context(context),
      m_deadline(m_socket.get_executor()),
      m_scanner(context.config.limits),
      m_reader(std::make_shared<BodyReader>()) {}

Connection::~Connection() = default;

std::string_view Connection::buffered() const {
  const auto data = m_reader->buffer.cdata();
  return {static_cast<const char*>(data.data()), data.size()};
}

void Connection::enter(Phase phase) {
  m_phase = phase;
  m_phaseSince = Clock::now();
}

bool Connection::expendable() const {
  return m_phase == Phase::Idle || m_phase == Phase::Head || m_phase == Phase::Draining;
}

void Connection::armDeadline(Clock::time_point when) {
  m_deadline.expires_at(when);
  m_deadline.async_wait([weak = weak_from_this(), when](const error_code& error) {
    const auto self = weak.lock();
    if (!error && self && self->m_deadline.expiry() == when) self->onDeadline();
  });
}

void Connection::onDeadline() {
  switch (m_phase) {
    case Phase::Head:
    case Phase::Body: {
      error_code ignored;
      m_socket.cancel(ignored);
      return answer(timedOut());
    }
    case Phase::Handling:
      return answer(engineTimedOut());
    case Phase::Idle:
    case Phase::Writing:
    case Phase::Draining:
    case Phase::Closed:
      return close();
  }
}

void Connection::close() {
  if (m_phase == Phase::Closed) return;
  enter(Phase::Closed);
  m_deadline.cancel();
  error_code ignored;
  m_socket.close(ignored);
  m_context.closed(*this);
}

void Connection::finish() {
  m_finishing = true;
  if (m_phase != Phase::Handling && m_phase != Phase::Writing) close();
}

void Connection::start() {
  enter(Phase::Head);
  m_requestStarted = Clock::now();
  armDeadline(m_requestStarted + m_context.config.limits.headerTime);
  readMore();
}

/// The next request of a connection that has had one; part of it may be here already.
void Connection::readRequest() {
  ++m_requestNumber;
  m_scanner.reset();
  m_reader->parser.reset();
  m_admission = {};
  if (!buffered().empty()) {
    enter(Phase::Head);
    m_requestStarted = Clock::now();
    armDeadline(m_requestStarted + m_context.config.limits.headerTime);
  } else {
    enter(Phase::Idle);
    armDeadline(Clock::now() + m_context.config.limits.idleTime);
  }
  readMore();
}

/// Looks for the end of the head in what is here, and reads more until it is.
void Connection::readMore() {
  const auto end = m_scanner.scan(buffered());
  if (!end) return answer(end.error());
  if (*end) return onHead(**end);
  m_socket.async_read_some(
      m_reader->buffer.prepare(kReadPiece),
      [self = shared_from_this(), reader = m_reader](error_code error, size_t n) {
        if (self->m_phase != Phase::Idle && self->m_phase != Phase::Head) return;
        if (error) return self->close();
        reader->buffer.commit(n);
        if (self->m_phase == Phase::Idle) {
          self->enter(Phase::Head);
          self->m_requestStarted = Clock::now();
          self->armDeadline(self->m_requestStarted + self->m_context.config.limits.headerTime);
        }
        self->readMore();
      });
}

void Connection::onHead(size_t length) {
  enter(Phase::Body);
  armDeadline(m_requestStarted + m_context.config.limits.requestTime);
  auto head = parseHead(buffered().substr(0, length), m_context.config.limits);
  if (!head) return answer(std::move(head.error()));
  m_head = *std::move(head);
  auto admission = m_context.gate.admit(m_head, m_address);
  if (!admission) return answer(std::move(admission.error()));
  m_admission = *std::move(admission);
  if (!m_head.expectsContinue || !m_head.hasBody() || buffered().size() > length) return readBody();
  asio::async_write(m_socket, asio::buffer(kContinue), [self = shared_from_this()](error_code error, size_t) {
    if (self->m_phase != Phase::Body) return;
    if (error) return self->close();
    self->readBody();
  });
}

/// The strict checks are done: Beast reads the head once more and the body, chunked or not.
void Connection::readBody() {
  auto& parser = m_reader->parser.emplace();
  parser.header_limit(static_cast<uint32_t>(m_context.config.limits.headerBytes));
  parser.body_limit(m_admission.route->maxBody);
  http::async_read(m_socket, m_reader->buffer, parser,
                   [self = shared_from_this(), reader = m_reader](error_code error, size_t) {
                     if (self->m_phase != Phase::Body) return;
                     const bool lost =
                         error && error.category() != make_error_code(http::error::end_of_stream).category();
                     if (lost) return self->close();
                     self->onBody(error ? error.message() : std::string(), error == http::error::body_limit);
                   });
}

void Connection::onBody(const std::string& error, bool tooLarge) {
  if (tooLarge) {
    return answer(refusalAndClose(413, "payload_too_large", "the body is too large for this request"));
  }
  if (!error.empty()) return answer(refusalAndClose(400, "bad_request", "the body is malformed: " + error));
  const std::string& body = m_reader->parser->get().body();
  m_admission.request.body = nlohmann::json::object();
  if (!body.empty()) {
    auto json = parseStrict(body);
    if (!json) return answer(refusal(400, "bad_request", json.error().what + " (body)"));
    m_admission.request.body = *std::move(json);
  }
  handle();
}

void Connection::handle() {
  enter(Phase::Handling);
  try {
    m_admission.route->handler(m_context.operations, m_admission.request, responder());
  } catch (const std::exception& error) {
    answer(refusal(500, "internal", std::string("the request failed: ") + error.what()));
  }
}

Responder Connection::responder() {
  return Responder(
      [door = m_context.door, weak = weak_from_this(), number = m_requestNumber](Responder::Render render) {
        base::MutexLock lock(door->mutex);
        if (!door->io) return;
        asio::post(*door->io, [weak, number, render = std::move(render)] {
          const auto self = weak.lock();
          if (!self || self->m_phase != Phase::Handling || self->m_requestNumber != number) return;
          self->answer(guarded(render));
        });
      });
}

/// An answer before the body was read leaves bytes that are no request: the connection ends with it.
void Connection::answer(HttpResponse response) {
  const bool bodyUnread = m_phase == Phase::Body && !(m_reader->parser && m_reader->parser->is_done());
  const bool unread = m_phase == Phase::Head || (bodyUnread && (m_head.fields.empty() || m_head.hasBody()));
  if (bodyUnread && !unread && !response.close) {
    m_reader->buffer.consume(buffered().find("\r\n\r\n") + 4);
  }
  if (!response.errorCode.empty()) m_context.refused(response.errorCode);
  write(response, m_head.keepAlive && !response.close && !unread && !m_finishing);
}

void Connection::write(const HttpResponse& response, bool keepAlive) {
  enter(Phase::Writing);
  armDeadline(m_requestStarted + m_context.config.limits.requestTime + m_context.config.limits.drainTime);
  m_out = serialise(response, keepAlive, m_head.method != "HEAD", m_context.clock.now());
  asio::async_write(m_socket, asio::buffer(m_out),
                    [self = shared_from_this(), keepAlive](error_code error, size_t) {
                      if (self->m_phase != Phase::Writing) return;
                      if (error) return self->close();
                      self->afterWrite(keepAlive);
                    });
}

void Connection::afterWrite(bool keepAlive) {
  m_out = {};
  if (m_finishing) return close();
  m_head = {};
  if (keepAlive) return readRequest();
  drain();
}

/// Closing with unread bytes would reset the connection and could take the answer away from the client: says
/// that nothing more comes, and reads on for a moment.
void Connection::drain() {
  enter(Phase::Draining);
  armDeadline(Clock::now() + m_context.config.limits.drainTime);
  error_code error;
  m_socket.shutdown(asio::ip::tcp::socket::shutdown_send, error);
  if (error) return close();
  m_reader = std::make_shared<BodyReader>();
  drainMore(kDrainBytes);
}

void Connection::drainMore(size_t budget) {
  m_socket.async_read_some(m_reader->buffer.prepare(kReadPiece),
                           [self = shared_from_this(), budget](error_code error, size_t n) {
                             if (self->m_phase != Phase::Draining) return;
                             if (error || n >= budget) return self->close();
                             self->drainMore(budget - n);
                           });
}

}  // namespace aiops::api
