// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/certificate.h"

#include <fcntl.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <ctime>
#include <memory>

#include "base/ascii.h"
#include "base/bytes.h"
#include "base/fd.h"

namespace aiops::sources {
namespace {

using base::ErrorCode;
using base::fail;

constexpr size_t kMostBytes = 256u << 10;
constexpr size_t kLongestName = 100;

bool endsAsCertificate(const std::string& path) {
  static constexpr std::array<std::string_view, 4> kEnds = {".pem", ".crt", ".cer", ".cert"};
  const auto name = base::asciiLower(path);
  return std::ranges::any_of(kEnds, [&](auto end) { return name.ends_with(end); });
}

bool speaksOfCertificates(std::string_view words) {
  static constexpr std::array<std::string_view, 5> kWords = {"cert", "crt", "ssl", "tls", "pem"};
  return std::ranges::any_of(kWords, [&](auto word) { return words.find(word) != std::string_view::npos; });
}

bool belongsToPath(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view("/._-+@").contains(c);
}

/// Absolute paths in one line, with the words before each.
template <class Take>
void eachPath(std::string_view line, const Take& take) {
  for (size_t at = line.find('/'); at != std::string_view::npos; at = line.find('/', at)) {
    const auto end = std::find_if_not(line.begin() + static_cast<long>(at), line.end(), belongsToPath);
    const auto length = static_cast<size_t>(end - line.begin()) - at;
    const bool begins = at == 0 || !belongsToPath(line[at - 1]);
    if (begins) take(base::asciiLower(line.substr(0, at)), std::string(line.substr(at, length)));
    at += length;
  }
}

base::Result<std::string> bytesOf(const std::string& path) {
  const base::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat found{};
  if (!fd.valid() || ::fstat(fd.get(), &found) != 0)
    return base::failErrno(errno, "the certificate can't be read", path,
                           "give this program's user the right to read it");
  if (!S_ISREG(found.st_mode) || static_cast<size_t>(found.st_size) > kMostBytes)
    return fail(ErrorCode::InvalidInput, "it is no file with a certificate", path);
  std::string bytes(static_cast<size_t>(found.st_size), '\0');
  const ssize_t got = ::pread(fd.get(), bytes.data(), bytes.size(), 0);
  if (got < 0) return base::failErrno(errno, "the certificate can't be read", path);
  bytes.resize(static_cast<size_t>(got));
  return bytes;
}

base::TimePoint timeOf(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return {};
  return base::TimePoint(std::chrono::seconds(::timegm(&parts)));
}

std::string commonName(const X509* certificate) {
  char name[256] = {};
  const int length =
      X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name, sizeof name);
  return length <= 0 ? "" : base::validUtf8Prefix(name, kLongestName);
}

std::string fingerprintOf(const X509* certificate) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  if (X509_digest(certificate, EVP_sha256(), digest, &length) != 1) return {};
  return base::toHex({reinterpret_cast<const char*>(digest), length});
}

}  // namespace

std::vector<std::string> certificatesIn(std::string_view configuration) {
  std::vector<std::string> out;
  while (!configuration.empty() && out.size() < kMostCertificates) {
    const auto line = configuration.substr(0, configuration.find('\n'));
    configuration.remove_prefix(std::min(line.size() + 1, configuration.size()));
    const auto first = line.find_first_not_of(" \t");
    if (first == std::string_view::npos || std::string_view("#;").contains(line[first])) continue;
    eachPath(line, [&](const std::string& before, const std::string& path) {
      const bool named =
          endsAsCertificate(path) && speaksOfCertificates(before) && before.find("key") == std::string::npos;
      if (named && out.size() < kMostCertificates && std::ranges::find(out, path) == out.end())
        out.push_back(path);
    });
  }
  return out;
}

base::Result<Certificate> readCertificate(const std::string& path) {
  const auto bytes = bytesOf(path);
  if (!bytes) return std::unexpected(bytes.error());
  const std::unique_ptr<BIO, decltype(&BIO_free)> source(
      BIO_new_mem_buf(bytes->data(), static_cast<int>(bytes->size())), BIO_free);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      source ? PEM_read_bio_X509(source.get(), nullptr, nullptr, nullptr) : nullptr, X509_free);
  if (!certificate) return fail(ErrorCode::InvalidInput, "there is no certificate in it", path);
  return Certificate{.fingerprint = fingerprintOf(certificate.get()),
                     .subject = commonName(certificate.get()),
                     .from = timeOf(X509_get0_notBefore(certificate.get())),
                     .until = timeOf(X509_get0_notAfter(certificate.get()))};
}

}  // namespace aiops::sources
