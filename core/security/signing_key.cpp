// SPDX-License-Identifier: GPL-3.0-or-later
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>

#include <memory>

#include "base/bytes.h"
#include "security/audit_chain.h"
#include "security/verifying_key.h"

namespace aiops::security {
namespace {

using base::ErrorCode;
using base::Result;

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

constexpr size_t kSignatureLength = 64;

const unsigned char* bytesOf(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Bio readFrom(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free};
}

std::string textOf(BIO* bio) {
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio, &data);
  return {data, static_cast<size_t>(length)};
}

Result<std::string> publicPem(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()), BIO_free);
  if (!bio || PEM_write_bio_PUBKEY(bio.get(), key) != 1) {
    return base::fail(ErrorCode::Internal, "can't encode the public signing key");
  }
  return textOf(bio.get());
}

Result<> refuseIfOthersRead(const std::filesystem::path& file) {
  struct stat info{};
  if (::stat(file.c_str(), &info) != 0)
    return base::failErrno(errno, "can't look at the signing key", file.string());
  if ((info.st_mode & 077) != 0) {
    return base::fail(ErrorCode::PermissionDenied, "the signing key is open to other users", file.string(),
                      "chmod 600 it, and treat what it signed as unproven");
  }
  return {};
}

Result<Key> loadPrivate(const std::filesystem::path& file) {
  if (auto safe = refuseIfOthersRead(file); !safe) return std::unexpected(safe.error());
  auto text = base::readFile(file, 64 * 1024);
  if (!text) return std::unexpected(text.error());
  Key key(PEM_read_bio_PrivateKey(readFrom(*text).get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  OPENSSL_cleanse(text->data(), text->size());
  if (!key || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519) {
    return base::fail(ErrorCode::Corrupt, "not an Ed25519 private key", file.string());
  }
  return key;
}

Result<Key> createPrivate(const std::filesystem::path& file) {
  Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), EVP_PKEY_free);
  const Bio bio(BIO_new(BIO_s_mem()), BIO_free);
  if (!key || !bio ||
      PEM_write_bio_PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return base::fail(ErrorCode::Internal, "can't create a signing key");
  }
  std::string text = textOf(bio.get());
  const auto written = base::writeFileAtomic(file, text, 0600);
  OPENSSL_cleanse(text.data(), text.size());
  if (!written) return std::unexpected(written.error());
  return key;
}

/// Writes the public half if it is missing; another one there means that the pair was tampered with.
Result<> ensurePublic(EVP_PKEY* key, const std::filesystem::path& file) {
  const auto expected = publicPem(key);
  if (!expected) return std::unexpected(expected.error());
  if (!std::filesystem::exists(file)) return base::writeFileAtomic(file, *expected, 0644);
  const auto found = base::readFile(file, 64 * 1024);
  if (!found) return std::unexpected(found.error());
  if (*found == *expected) return {};
  return base::fail(ErrorCode::Corrupt, "the public key does not belong to the private signing key",
                    file.string());
}

}  // namespace

struct SigningKey::Impl {
  Key key;
};

SigningKey::SigningKey(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;
SigningKey::~SigningKey() = default;

Result<SigningKey> SigningKey::loadOrCreate(const std::filesystem::path& privateKeyFile,
                                            const std::filesystem::path& publicKeyFile) {
  std::error_code error;
  const bool exists = std::filesystem::exists(privateKeyFile, error);
  if (!exists && std::filesystem::exists(publicKeyFile, error)) {
    return base::fail(ErrorCode::Corrupt, "the private signing key is gone, its public half is not",
                      privateKeyFile.string());
  }
  auto key = exists ? loadPrivate(privateKeyFile) : createPrivate(privateKeyFile);
  if (!key) return std::unexpected(key.error());
  if (auto ensured = ensurePublic(key->get(), publicKeyFile); !ensured)
    return std::unexpected(ensured.error());
  return SigningKey(std::make_unique<Impl>(std::move(*key)));
}

std::string SigningKey::sign(std::string_view bytes) const {
  const Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::string signature(kSignatureLength, '\0');
  size_t length = signature.size();
  const bool done = context &&
                    EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, m_impl->key.get()) == 1 &&
                    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &length,
                                   bytesOf(bytes), bytes.size()) == 1;
  return done ? base::toHex(signature) : std::string();  // an empty signature verifies nowhere
}

struct VerifyingKey::Impl {
  Key key;
};

VerifyingKey::VerifyingKey(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
VerifyingKey::VerifyingKey(VerifyingKey&&) noexcept = default;
VerifyingKey& VerifyingKey::operator=(VerifyingKey&&) noexcept = default;
VerifyingKey::~VerifyingKey() = default;

Result<VerifyingKey> VerifyingKey::load(const std::filesystem::path& publicKeyFile) {
  const auto text = base::readFile(publicKeyFile, 64 * 1024);
  if (!text) return std::unexpected(text.error());
  Key key(PEM_read_bio_PUBKEY(readFrom(*text).get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  if (!key || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519) {
    return base::fail(ErrorCode::Corrupt, "not an Ed25519 public key", publicKeyFile.string());
  }
  return VerifyingKey(std::make_unique<Impl>(std::move(key)));
}

bool VerifyingKey::verifies(std::string_view bytes, std::string_view signatureHex) const {
  const auto signature = base::fromHex(signatureHex);
  // One spelling only: upper case digits would be another file with the same meaning.
  if (!signature || signature->size() != kSignatureLength || base::toHex(*signature) != signatureHex)
    return false;
  const Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  return context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, m_impl->key.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytesOf(*signature), signature->size(), bytesOf(bytes),
                          bytes.size()) == 1;
}

Result<bool> verifySignature(const std::filesystem::path& publicKeyFile, std::string_view bytes,
                             std::string_view signatureHex) {
  const auto key = VerifyingKey::load(publicKeyFile);
  if (!key) return std::unexpected(key.error());
  return key->verifies(bytes, signatureHex);
}

}  // namespace aiops::security
