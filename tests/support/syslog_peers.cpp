// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/syslog_peers.h"

#include <arpa/inet.h>
#include <QProcess>
#include <QTest>
#include <algorithm>

namespace aiops::test {

base::Fd client(uint16_t port, int type) {
  base::Fd fd(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd.get(), reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) qFatal("no connection");
  return fd;
}

void sendAll(const base::Fd& fd, const std::string& bytes) {
  if (::send(fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size()))
    qFatal("not sent");
}

Receiver::Receiver(const std::string& transport, sources::SyslogLimits limits, const std::string& options)
    : m_feed(*sources::parseSyslogAddress("syslog+" + transport + "://127.0.0.1:0" + options), limits) {
  take();
}

bool Receiver::take() {
  return m_feed.take(m_text, m_now, base::TimePoint());
}

void Receiver::later(base::Duration by) {
  m_now += by;
}

uint16_t Receiver::port() const {
  return m_feed.port();
}

sources::SyslogFeed& Receiver::feed() {
  return m_feed;
}

const std::string& Receiver::text() const {
  return m_text;
}

bool Receiver::comes(int count) {
  return QTest::qWaitFor(
      [&] {
        take();
        return std::ranges::count(m_text, '\n') >= count;
      },
      10'000);
}

QString text(const char* string) {
  return QString::fromUtf8(string);
}

bool makeCertificate(const QTemporaryDir& folder) {
  QProcess openssl;
  openssl.start(text("openssl"),
                {text("req"), text("-x509"), text("-newkey"), text("rsa:2048"), text("-nodes"), text("-days"),
                 text("2"), text("-subj"), text("/CN=127.0.0.1"), text("-keyout"),
                 folder.filePath(text("key.pem")), text("-out"), folder.filePath(text("cert.pem"))});
  return openssl.waitForFinished() && openssl.exitCode() == 0;
}

uint16_t freePort(int type) {
  base::Fd fd(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof at;
  if (::bind(fd.get(), reinterpret_cast<sockaddr*>(&at), sizeof at) != 0 ||
      ::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&at), &length) != 0)
    qFatal("no port");
  return ntohs(at.sin_port);
}

}  // namespace aiops::test
