// The exchange itself: one connection, one request, one answer. Internal to integrations.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QEventLoop>
#include <QHostAddress>
#include <QSslSocket>
#include <QTimer>
#include <QUrl>

#include <optional>

#include "integrations/http_client.h"
#include "integrations/http_reply_parser.h"

namespace aiops::integrations {

/// Lives for one call of HttpClient::post() on its thread.
class HttpExchange {
 public:
  HttpExchange(const HttpPost& request, const QUrl& url, const HttpLimits& limits, const HttpWorld& world,
               const OnBody& onBody, const base::CancelToken& cancel);

  base::Result<HttpAnswer> run();

 private:
  using Clock = std::chrono::steady_clock;

  base::Result<std::vector<QHostAddress>> addresses();
  base::Result<std::vector<QHostAddress>> allowed(const std::vector<QHostAddress>& found) const;
  std::vector<QHostAddress> lookUp();
  void connectTo(const QHostAddress& address);
  void onConnected();
  void onReadable();
  void onTlsErrors(const QList<QSslError>& errors);
  void onFailure();
  void onTick();
  void takeBody(std::string_view bytes);
  void finish();
  void stop(base::Error error);
  bool isTls() const { return m_url.scheme() == QStringLiteral("https"); }
  std::string requestText() const;
  std::string where() const;
  base::Error error(base::ErrorCode code, std::string what, std::string remedy = {}) const;

  const HttpPost& m_request;
  const QUrl m_url;
  const HttpLimits m_limits;
  const HttpWorld& m_world;
  const OnBody& m_onBody;
  const base::CancelToken m_cancel;
  const Clock::time_point m_began = Clock::now();
  Clock::time_point m_lastPiece = m_began;
  QEventLoop m_loop;
  QTimer m_timer;
  QSslSocket m_socket;
  HttpReplyParser m_parser;
  HttpAnswer m_answer;
  size_t m_bodyBytes = 0;
  bool m_sent = false;
  bool m_over = false;
  std::optional<base::Error> m_error;
};

}  // namespace aiops::integrations
