// A server that answers each connection by a script, on a thread of its own, with or without TLS.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslSocket>
#include <QTcpServer>
#include <QThread>
#include <QTimer>

#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace aiops::test {

/// One request as it came.
struct SeenRequest {
  std::string line;                                          ///< "POST /v1/messages HTTP/1.1"
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
  std::string body;

  std::string header(const std::string& name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return value;
    }
    return {};
  }
  size_t count(const std::string& name) const {
    size_t found = 0;
    for (const auto& [key, value] : headers) found += key == name ? 1 : 0;
    return found;
  }
};

/// What is done with a request: pieces are written as the socket takes them.
struct ScriptedAnswer {
  std::string bytes;
  bool close = true;                  ///< after the bytes; else the connection stays open in silence
  std::string endlessly;              ///< written again and again, as fast as it is read
  std::chrono::milliseconds drip{0};  ///< between two single bytes of `bytes`
};

inline ScriptedAnswer answerWith(int status, const std::string& type, const std::string& body,
                                 const std::string& headers = {}) {
  return {.bytes = "HTTP/1.1 " + std::to_string(status) + " x\r\nContent-Type: " + type +
                   "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body};
}

/// A certificate with its key, both PEM.
struct TlsIdentity {
  std::string certificate;
  std::string key;
};

/// Listens on 127.0.0.1. The script runs on the server's thread for each whole request.
class HttpScript {
 public:
  using Script = std::function<ScriptedAnswer(const SeenRequest&)>;

  explicit HttpScript(Script script, TlsIdentity identity = {})
      : m_script(std::move(script)), m_identity(std::move(identity)) {
    std::promise<quint16> port;
    auto listening = port.get_future();
    m_thread.reset(QThread::create([this, &port] { serve(port); }));
    m_thread->start();
    m_port = listening.get();
  }
  ~HttpScript() {
    m_thread->quit();
    m_thread->wait();
  }

  quint16 port() const { return m_port; }
  std::string url(const std::string& path = {}) const {
    return (m_identity.key.empty() ? "http://127.0.0.1:" : "https://localhost:") + std::to_string(m_port) +
           path;
  }
  /// All that came, in order.
  std::vector<SeenRequest> requests() const {
    std::lock_guard lock(m_mutex);
    return m_requests;
  }
  int connections() const {
    std::lock_guard lock(m_mutex);
    return m_connections;
  }

 private:
  class Listener final : public QTcpServer {
   public:
    explicit Listener(HttpScript& script) : m_script(script) {}

   protected:
    void incomingConnection(qintptr handle) override {
      auto* socket = new QSslSocket(this);
      socket->setSocketDescriptor(handle);
      m_script.accept(socket);
    }

   private:
    HttpScript& m_script;
  };

  void serve(std::promise<quint16>& port) {
    Listener listener(*this);
    listener.listen(QHostAddress::LocalHost);
    port.set_value(listener.serverPort());
    QEventLoop().exec();  // until the thread is asked to quit
  }

  void accept(QSslSocket* socket) {
    {
      std::lock_guard lock(m_mutex);
      ++m_connections;
    }
    auto got = std::make_shared<std::string>();
    QObject::connect(socket, &QSslSocket::readyRead, socket, [this, socket, got] {
      *got += socket->readAll().toStdString();
      if (auto request = whole(*got)) {
        got->clear();
        {
          std::lock_guard lock(m_mutex);
          m_requests.push_back(*request);
        }
        play(socket, m_script(*request));
      }
    });
    if (m_identity.key.empty()) return;
    socket->setLocalCertificate(QSslCertificate(QByteArray::fromStdString(m_identity.certificate)));
    socket->setPrivateKey(QSslKey(QByteArray::fromStdString(m_identity.key), QSsl::Rsa));
    socket->startServerEncryption();
  }

  static std::unique_ptr<SeenRequest> whole(const std::string& bytes) {
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string::npos) return nullptr;
    auto out = std::make_unique<SeenRequest>();
    size_t at = bytes.find("\r\n");
    out->line = bytes.substr(0, at);
    while (at < end) {
      const auto from = at + 2;
      at = bytes.find("\r\n", from);
      const auto line = bytes.substr(from, at - from);
      const auto colon = line.find(": ");
      auto name = line.substr(0, colon);
      for (char& c : name) c = static_cast<char>(std::tolower(c));
      out->headers.emplace_back(name, colon == std::string::npos ? "" : line.substr(colon + 2));
    }
    const auto length = out->header("content-length");
    out->body = bytes.substr(end + 4);
    return !length.empty() && out->body.size() >= std::stoul(length) ? std::move(out) : nullptr;
  }

  static void play(QSslSocket* socket, const ScriptedAnswer& answer) {
    if (answer.drip.count() > 0) return drip(socket, answer);
    socket->write(answer.bytes.data(), static_cast<qint64>(answer.bytes.size()));
    if (!answer.endlessly.empty()) {
      const auto more = [socket, text = answer.endlessly] {
        while (socket->bytesToWrite() < (1 << 20) && socket->state() == QAbstractSocket::ConnectedState)
          socket->write(text.data(), static_cast<qint64>(text.size()));
      };
      QObject::connect(socket, &QSslSocket::bytesWritten, socket, more, Qt::QueuedConnection);
      more();
    } else if (answer.close) {
      socket->disconnectFromHost();
    }
  }

  static void drip(QSslSocket* socket, const ScriptedAnswer& answer) {
    auto* timer = new QTimer(socket);
    QObject::connect(timer, &QTimer::timeout, socket,
                     [socket, text = answer.bytes, at = size_t(0)]() mutable {
                       if (at < text.size()) socket->write(&text[at++], 1);
                     });
    timer->start(answer.drip);
  }

  const Script m_script;
  const TlsIdentity m_identity;
  mutable std::mutex m_mutex;
  std::vector<SeenRequest> m_requests;
  int m_connections = 0;
  quint16 m_port = 0;
  std::unique_ptr<QThread> m_thread;
};

}  // namespace aiops::test
