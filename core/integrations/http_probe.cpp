// SPDX-License-Identifier: GPL-3.0-or-later
#include "integrations/http_probe.h"

#include <QEventLoop>
#include <QNetworkAccessManager>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QTimer>
#include <QUrl>

#include <memory>

namespace aiops::integrations {
namespace {

using base::ErrorCode;
using base::fail;

base::Result<QUrl> checkedUrl(const std::string& text) {
  const QUrl url(QString::fromStdString(text), QUrl::StrictMode);
  const bool scheme = url.scheme() == QStringLiteral("http") || url.scheme() == QStringLiteral("https");
  if (!url.isValid() || !scheme || url.host().isEmpty() || !url.userInfo().isEmpty()) {
    return fail(ErrorCode::InvalidInput, "not an http or https address", text);
  }
  return url;
}

QNetworkRequest requestFor(const QUrl& url) {
  QNetworkRequest request(url);
  request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
  request.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
  request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
  request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
  request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
  // Without this Qt asks for gzip and unpacks it: a small answer could become a large one.
  request.setRawHeader("Accept-Encoding", "identity");
  request.setRawHeader("User-Agent", "ai-ops-core/" AIOPS_VERSION);
  request.setRawHeader("Connection", "close");
  return request;
}

/// Collects one reply within the limits.
class Fetch {
 public:
  explicit Fetch(const HttpProbeLimits& limits) : m_limits(limits) {
    m_manager.setProxy(QNetworkProxy(QNetworkProxy::NoProxy));
    m_manager.setAutoDeleteReplies(false);
  }

  base::Result<HttpReply> get(const QUrl& url, const std::string& text) {
    const std::unique_ptr<QNetworkReply> reply(m_manager.get(requestFor(url)));
    reply->setReadBufferSize(static_cast<qint64>(m_limits.bodyBytes) + 1);
    QEventLoop loop;
    QTimer timer;
    timer.setSingleShot(true);
    QObject::connect(&timer, &QTimer::timeout, &loop, [&] {
      m_timedOut = true;
      loop.quit();
    });
    QObject::connect(reply.get(), &QNetworkReply::finished, &loop, &QEventLoop::quit);
    QObject::connect(reply.get(), &QNetworkReply::readyRead, &loop, [&] {
      take(*reply);
      if (m_tooLong) loop.quit();
    });
    timer.start(m_limits.timeout);
    if (!reply->isFinished()) loop.exec();
    take(*reply);
    const auto result = judge(*reply, text);
    reply->disconnect();
    reply->abort();
    return result;
  }

 private:
  void take(QNetworkReply& reply) {
    const QByteArray bytes = reply.readAll();
    m_body.append(bytes.constData(), static_cast<size_t>(bytes.size()));
    m_tooLong = m_body.size() > m_limits.bodyBytes;
  }

  base::Result<HttpReply> judge(const QNetworkReply& reply, const std::string& url) {
    if (m_tooLong)
      return fail(ErrorCode::LimitExceeded,
                  "the answer is longer than " + std::to_string(m_limits.bodyBytes) + " bytes", url);
    if (m_timedOut)
      return fail(ErrorCode::Timeout, "no answer within " + std::to_string(m_limits.timeout.count()) + " ms",
                  url);
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const bool cut = reply.error() == QNetworkReply::RemoteHostClosedError ||
                     reply.error() == QNetworkReply::SslHandshakeFailedError;
    // An HTTP status that means an error is an answer; only no or half an answer is a failure.
    if (status == 0 || cut) return fail(ErrorCode::Unavailable, reply.errorString().toStdString(), url);
    return HttpReply{status, std::move(m_body)};
  }

  const HttpProbeLimits m_limits;
  QNetworkAccessManager m_manager;
  std::string m_body;
  bool m_timedOut = false;
  bool m_tooLong = false;
};

}  // namespace

base::Result<HttpReply> httpGet(const std::string& url, const HttpProbeLimits& limits) {
  const auto checked = checkedUrl(url);
  if (!checked) return std::unexpected(checked.error());
  return Fetch(limits).get(*checked, url);
}

}  // namespace aiops::integrations
