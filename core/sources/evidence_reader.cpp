// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/evidence_reader.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/bytes.h"
#include "base/fd.h"
#include "sources/compressed.h"
#include "sources/generations.h"

namespace aiops::sources {
namespace {

constexpr uint32_t kMaxLength = 1u << 20;
constexpr size_t kTextBytes = 500;  // as EvidenceRef::text says

base::Fd openGeneration(const std::string& path, uint64_t inode) {
  base::Fd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  struct stat info{};
  if (!fd.valid() || ::fstat(fd.get(), &info) != 0) return {};
  return S_ISREG(info.st_mode) && info.st_ino == inode ? std::move(fd) : base::Fd();
}

/// What a compressed file holds, as far as the citation goes.
base::Fd contentOf(const std::string& path, const model::EvidenceRef& ref) {
  auto content = decompress(path, ref.position.offset + ref.position.length);
  return content ? std::move(content->fd) : base::Fd();
}

/// The file with the cited inode, as what it holds.
base::Fd openAs(const std::string& path, const model::EvidenceRef& ref) {
  auto fd = openGeneration(path, ref.position.inode);
  return fd.valid() && isCompressed(path) ? contentOf(path, ref) : std::move(fd);
}

base::Fd findGeneration(const model::EvidenceRef& ref) {
  if (auto fd = openAs(ref.source, ref); fd.valid()) return fd;
  auto directory = std::filesystem::path(ref.source).parent_path();
  if (directory.empty()) directory = ".";
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    struct stat info{};
    if (::stat(entry.path().c_str(), &info) != 0 || info.st_ino != ref.position.inode) continue;
    if (auto fd = openAs(entry.path().string(), ref); fd.valid()) return fd;
  }
  return {};
}

base::Result<std::string> readExactly(int fd, uint64_t offset, size_t length) {
  std::string bytes(length, '\0');
  size_t have = 0;
  while (have < length) {
    const ssize_t got = ::pread(fd, bytes.data() + have, length - have, static_cast<off_t>(offset + have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return base::failErrno(errno, "can't read the cited bytes");
    if (got == 0) return base::fail(base::ErrorCode::Stale, "the file is shorter than the citation says");
    have += static_cast<size_t>(got);
  }
  return bytes;
}

/// The generation may have been compressed since it was cited: then its inode is gone, but not its bytes.
base::Result<std::string> fromCompressed(const model::EvidenceRef& ref) {
  for (const auto& past : allGenerations(ref.source)) {
    if (!past.compressed) continue;
    const auto fd = contentOf(past.path, ref);
    if (!fd.valid()) continue;
    auto bytes = readExactly(fd.get(), ref.position.offset, ref.position.length);
    if (bytes && base::sha256Hex(*bytes) == ref.sha256) return bytes;
  }
  return base::fail(base::ErrorCode::NotFound, "the cited file is gone", ref.source);
}

base::Result<std::string> readCited(const model::EvidenceRef& ref) {
  if (const auto fd = findGeneration(ref); fd.valid())
    return readExactly(fd.get(), ref.position.offset, ref.position.length);
  if (::access(ref.source.c_str(), F_OK) == 0 && ::access(ref.source.c_str(), R_OK) != 0)
    return base::fail(base::ErrorCode::PermissionDenied, "the cited file may not be read", ref.source);
  return fromCompressed(ref);
}

}  // namespace

base::Result<std::string> EvidenceReader::reread(const model::EvidenceRef& ref) const {
  if (ref.position.length > kMaxLength) {
    return base::fail(base::ErrorCode::LimitExceeded, "the citation is too long", ref.source);
  }
  auto bytes = readCited(ref);
  if (!bytes) return bytes;
  if (base::sha256Hex(*bytes) != ref.sha256) {
    return base::fail(base::ErrorCode::Stale, "the cited bytes have changed", ref.source);
  }
  if (base::validUtf8Prefix(*bytes, kTextBytes) != ref.text) {
    return base::fail(base::ErrorCode::Stale, "the quote is not how the cited entry begins", ref.source);
  }
  return bytes;
}

}  // namespace aiops::sources
