// SPDX-License-Identifier: GPL-3.0-or-later
#include "integrations/http_exchange.h"

#include <QHostInfo>
#include <QNetworkProxy>
#include <QSslConfiguration>

#include <algorithm>

#include "integrations/address_rules.h"

namespace aiops::integrations {
namespace {

using base::Error;
using base::ErrorCode;

constexpr std::chrono::milliseconds kLook{20};  // how often limits and cancellation are looked at
constexpr qint64 kReadAhead = 64 * 1024;
constexpr size_t kMostAddresses = 4;

QByteArray bytesOf(const std::string& text) {
  return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}

HttpLimits tightened(HttpLimits limits, const HttpPost& request) {
  limits.total = std::min(limits.total, request.within);
  return limits;
}

std::string text(std::chrono::milliseconds time) {
  return std::to_string(time.count()) + " ms";
}

}  // namespace

HttpExchange::HttpExchange(const HttpPost& request, const QUrl& url, const HttpLimits& limits,
                           const HttpWorld& world, const OnBody& onBody, const base::CancelToken& cancel)
    : m_request(request),
      m_url(url),
      m_limits(tightened(limits, request)),
      m_world(world),
      m_onBody(onBody),
      m_cancel(cancel) {
  m_socket.setProxy(QNetworkProxy(QNetworkProxy::NoProxy));
  m_socket.setReadBufferSize(kReadAhead);
  auto tls = QSslConfiguration::defaultConfiguration();
  tls.setProtocol(QSsl::TlsV1_2OrLater);
  tls.setPeerVerifyMode(QSslSocket::VerifyPeer);
  if (!world.trustedCertificates.empty())
    tls.addCaCertificates(QSslCertificate::fromData(bytesOf(world.trustedCertificates)));
  m_socket.setSslConfiguration(tls);
  QObject::connect(&m_timer, &QTimer::timeout, &m_loop, [this] { onTick(); });
  QObject::connect(&m_socket, &QSslSocket::readyRead, &m_loop, [this] { onReadable(); });
  QObject::connect(&m_socket, &QSslSocket::sslErrors, &m_loop,
                   [this](const QList<QSslError>& errors) { onTlsErrors(errors); });
  QObject::connect(&m_socket, &QSslSocket::errorOccurred, &m_loop, [this] { onFailure(); });
  if (isTls()) {
    QObject::connect(&m_socket, &QSslSocket::encrypted, &m_loop, [this] { onConnected(); });
  } else {
    QObject::connect(&m_socket, &QSslSocket::connected, &m_loop, [this] { onConnected(); });
  }
}

Error HttpExchange::error(ErrorCode code, std::string what, std::string remedy) const {
  return {code, std::move(what), where(), std::move(remedy)};
}

std::string HttpExchange::where() const {
  return m_url.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment).toStdString();
}

base::Result<HttpAnswer> HttpExchange::run() {
  m_timer.start(kLook);
  const auto found = addresses();
  if (!found) return std::unexpected(found.error());
  for (const auto& address : *found) {
    if (m_over) break;
    m_error.reset();
    connectTo(address);
    if (m_error && m_error->code != ErrorCode::Unavailable) break;
    if (m_sent) break;  // never ask twice
  }
  m_socket.disconnect();
  m_socket.abort();
  if (m_error) return std::unexpected(*m_error);
  return std::move(m_answer);
}

base::Result<std::vector<QHostAddress>> HttpExchange::addresses() {
  QHostAddress literal;
  auto host = m_url.host();
  if (literal.setAddress(host)) return allowed({literal});
  std::vector<QHostAddress> found;
  if (m_world.resolve) {
    for (const auto& address : m_world.resolve(host.toStdString()))
      found.emplace_back(QString::fromStdString(address));
  } else {
    found = lookUp();
  }
  if (m_error) return std::unexpected(*m_error);
  if (found.empty()) {
    return std::unexpected(error(ErrorCode::Unavailable,
                                 "no address is known for the host " + host.toStdString(),
                                 "check the name and the name server"));
  }
  return allowed(found);
}

/// One address that may not be asked is enough to ask none: an honest name has no such one.
base::Result<std::vector<QHostAddress>> HttpExchange::allowed(const std::vector<QHostAddress>& found) const {
  for (const auto& address : found) {
    const auto kind = kindOf(address);
    const bool here = kind == AddressKind::Private;
    const auto name = address.toString().toStdString();
    if (kind == AddressKind::Never || (here && m_request.reach != Reach::Configured)) {
      return std::unexpected(error(ErrorCode::PermissionDenied, "the address " + name + " may not be asked",
                                   here ? "name the address in the configuration if it is meant"
                                        : "name the server by an address of its own"));
    }
    if (!here && !isTls()) {
      return std::unexpected(error(ErrorCode::PermissionDenied,
                                   "the address " + name + " is not asked without TLS", "use https://"));
    }
  }
  auto out = found;
  std::ranges::stable_partition(
      out, [](const auto& address) { return address.protocol() == QAbstractSocket::IPv4Protocol; });
  out.resize(std::min(out.size(), kMostAddresses));
  return out;
}

std::vector<QHostAddress> HttpExchange::lookUp() {
  std::vector<QHostAddress> found;
  const int id = QHostInfo::lookupHost(m_url.host(), &m_loop, [&](const QHostInfo& info) {
    for (const auto& address : info.addresses()) found.push_back(address);
    m_loop.quit();
  });
  m_loop.exec();
  QHostInfo::abortHostLookup(id);
  return found;
}

void HttpExchange::connectTo(const QHostAddress& address) {
  const auto port = static_cast<quint16>(m_url.port(isTls() ? 443 : 80));
  if (isTls()) {
    m_socket.connectToHostEncrypted(address.toString(), port, m_url.host(QUrl::FullyEncoded));
  } else {
    m_socket.connectToHost(address, port);
  }
  if (!m_over && !m_error) m_loop.exec();
  if (!m_over) m_socket.abort();
}

std::string HttpExchange::requestText() const {
  auto target = m_url.path(QUrl::FullyEncoded).toStdString();
  if (target.empty()) target = "/";
  if (m_url.hasQuery()) target += "?" + m_url.query(QUrl::FullyEncoded).toStdString();
  auto host = m_url.host(QUrl::FullyEncoded).toStdString();
  if (host.find(':') != std::string::npos && !host.starts_with('[')) host = "[" + host + "]";
  if (m_url.port() >= 0) host += ":" + std::to_string(m_url.port());
  std::string out = "POST " + target + " HTTP/1.1\r\nHost: " + host +
                    "\r\nUser-Agent: ai-ops-core/" AIOPS_VERSION
                    "\r\nAccept-Encoding: identity\r\nConnection: close\r\n";
  for (const auto& [name, value] : m_request.headers) out += name + ": " + value + "\r\n";
  return out + "Content-Length: " + std::to_string(m_request.body.size()) + "\r\n\r\n" + m_request.body;
}

void HttpExchange::onConnected() {
  m_sent = true;
  m_socket.write(bytesOf(requestText()));
}

void HttpExchange::onReadable() {
  while (!m_over && m_socket.bytesAvailable() > 0) {
    const QByteArray piece = m_socket.read(kReadAhead);
    m_lastPiece = Clock::now();
    const auto fed = m_parser.feed({piece.constData(), static_cast<size_t>(piece.size())},
                                   [this](std::string_view bytes) { takeBody(bytes); });
    if (m_over) return;
    if (!fed)
      return stop(error(fed.error().code, fed.error().what, "check that the address is the right one"));
    if (m_parser.done()) return finish();
  }
}

void HttpExchange::takeBody(std::string_view bytes) {
  if (m_over) return;
  m_bodyBytes += bytes.size();
  if (m_bodyBytes > m_limits.bodyBytes) {
    return stop(error(ErrorCode::LimitExceeded,
                      "the answer is longer than " + std::to_string(m_limits.bodyBytes) + " bytes"));
  }
  if (m_parser.head().status == 200 && m_onBody) {
    if (!m_onBody(bytes)) finish();
  } else {
    m_answer.body += bytes;
  }
}

void HttpExchange::finish() {
  const auto& head = m_parser.head();
  m_answer.status = head.status;
  m_answer.contentType = head.contentType;
  m_answer.retryAfter = head.retryAfter;
  m_over = true;
  m_loop.quit();
}

void HttpExchange::stop(Error error) {
  if (m_over) return;
  m_error = std::move(error);
  m_over = true;
  m_loop.quit();
}

void HttpExchange::onTlsErrors(const QList<QSslError>& errors) {
  stop(error(ErrorCode::PermissionDenied,
             "the server is not trusted: " +
                 (errors.isEmpty() ? std::string("TLS failed") : errors.front().errorString().toStdString()),
             "check the address, the server's certificate and this machine's clock"));
}

void HttpExchange::onFailure() {
  if (m_over) return;
  onReadable();  // what came before the end
  if (m_over) return;
  if (m_sent && m_socket.error() == QAbstractSocket::RemoteHostClosedError) {
    const auto ended = m_parser.end();
    if (ended) return finish();
    return stop(error(ErrorCode::Unavailable, ended.error().what));
  }
  if (m_sent || m_socket.error() == QAbstractSocket::SslHandshakeFailedError) {
    return stop(
        error(ErrorCode::Unavailable, "the connection failed: " + m_socket.errorString().toStdString()));
  }
  m_error = error(ErrorCode::Unavailable, "can't connect: " + m_socket.errorString().toStdString(),
                  "check that the server runs and that a firewall lets this program through");
  m_loop.quit();
}

void HttpExchange::onTick() {
  const auto now = Clock::now();
  if (m_cancel.cancelled()) return stop(error(ErrorCode::Cancelled, "the request was stopped"));
  if (now - m_began > m_limits.total)
    return stop(error(ErrorCode::Timeout, "no whole answer within " + text(m_limits.total)));
  if (!m_parser.hasHead() && now - m_began > m_limits.firstByte)
    return stop(error(ErrorCode::Timeout, "no answer within " + text(m_limits.firstByte)));
  if (m_parser.hasHead() && now - m_lastPiece > m_limits.idle)
    return stop(error(ErrorCode::Timeout, "the answer stopped in the middle for " + text(m_limits.idle)));
}

}  // namespace aiops::integrations
