// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/tls_session.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <utility>

namespace aiops::sources {
namespace {

static_assert(TlsSession::kMostOfRecord >= SSL3_RT_MAX_PLAIN_LENGTH);

int socketOf(BIO* bio) {
  return static_cast<int>(reinterpret_cast<intptr_t>(BIO_get_data(bio)));
}

bool isWait(ssize_t done) {
  return done < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

/// OpenSSL's own socket writes with write(), which raises SIGPIPE when the peer is gone.
int send(BIO* bio, const char* data, int count) {
  ssize_t done = -1;
  do done = ::send(socketOf(bio), data, static_cast<size_t>(count), MSG_NOSIGNAL);
  while (done < 0 && errno == EINTR);
  BIO_clear_retry_flags(bio);
  if (isWait(done)) BIO_set_retry_write(bio);
  return static_cast<int>(done);
}

int receive(BIO* bio, char* data, int count) {
  ssize_t got = -1;
  do got = ::recv(socketOf(bio), data, static_cast<size_t>(count), 0);
  while (got < 0 && errno == EINTR);
  BIO_clear_retry_flags(bio);
  if (isWait(got)) BIO_set_retry_read(bio);
  return static_cast<int>(got);
}

long control(BIO*, int command, long, void*) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

struct ContextEnd {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct SessionEnd {
  void operator()(SSL* session) const { SSL_free(session); }
};
struct MethodEnd {
  void operator()(BIO_METHOD* method) const { BIO_meth_free(method); }
};

std::unexpected<base::Error> failTls(const std::string& what) {
  char text[256] = "unknown";
  if (const auto code = ERR_get_error(); code != 0) ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  return base::fail(base::ErrorCode::Unavailable, what + ": " + text);
}

}  // namespace

struct TlsSession::Impl {
  std::unique_ptr<SSL, SessionEnd> session;
};

struct TlsServer::Impl {
  std::unique_ptr<BIO_METHOD, MethodEnd> method;
  std::unique_ptr<SSL_CTX, ContextEnd> context;
};

TlsSession::TlsSession(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
TlsSession::~TlsSession() = default;

ssize_t TlsSession::read(char* data, size_t count, bool& again) {
  auto* session = m_impl->session.get();
  again = false;
  ERR_clear_error();
  const int got = SSL_read(session, data, static_cast<int>(count));
  m_established = m_established || got > 0 || SSL_is_init_finished(session) == 1;
  if (got > 0) return got;
  const int why = SSL_get_error(session, got);
  ERR_clear_error();
  again = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
  return again ? -1 : 0;
}

void TlsSession::shutdown() {
  if (m_established) SSL_shutdown(m_impl->session.get());
  ERR_clear_error();
}

TlsServer::TlsServer(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
TlsServer::~TlsServer() = default;

base::Result<std::unique_ptr<TlsServer>> TlsServer::create(const std::string& certificate,
                                                           const std::string& key,
                                                           const std::string& authority) {
  auto impl = std::make_unique<Impl>();
  impl->method.reset(BIO_meth_new(BIO_TYPE_SOCKET, "socket without SIGPIPE"));
  impl->context.reset(SSL_CTX_new(TLS_server_method()));
  if (!impl->method || !impl->context) return failTls("TLS can't be set up");
  BIO_meth_set_write(impl->method.get(), send);
  BIO_meth_set_read(impl->method.get(), receive);
  BIO_meth_set_ctrl(impl->method.get(), control);
  auto* context = impl->context.get();
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1)
    return failTls("the certificate " + certificate + " can't be used");
  if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1)
    return failTls("the key " + key + " can't be used");
  if (!authority.empty()) {
    if (SSL_CTX_load_verify_locations(context, authority.c_str(), nullptr) != 1)
      return failTls("the authority " + authority + " can't be read");
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  return std::unique_ptr<TlsServer>(new TlsServer(std::move(impl)));
}

std::unique_ptr<TlsSession> TlsServer::accept(int fd) const {
  auto impl = std::make_unique<TlsSession::Impl>();
  impl->session.reset(SSL_new(m_impl->context.get()));
  auto* bio = BIO_new(m_impl->method.get());
  if (!impl->session || bio == nullptr) {
    BIO_free(bio);
    return nullptr;
  }
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<intptr_t>(fd)));
  BIO_set_init(bio, 1);
  SSL_set_bio(impl->session.get(), bio, bio);  // which owns it from now on
  SSL_set_accept_state(impl->session.get());
  return std::unique_ptr<TlsSession>(new TlsSession(std::move(impl)));
}

}  // namespace aiops::sources
