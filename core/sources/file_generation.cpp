// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/file_generation.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/bytes.h"
#include "sources/compressed.h"

namespace aiops::sources {
namespace {

constexpr uint64_t kHeadBytes = 1024;
constexpr size_t kHoleBlock = 64 * 1024;  // no file system in use has larger blocks

ssize_t readAt(int fd, char* out, size_t count, uint64_t offset) {
  ssize_t got = 0;
  do {
    got = ::pread(fd, out, count, static_cast<off_t>(offset));
  } while (got < 0 && errno == EINTR);
  return got;
}

int64_t bornAt(int fd) {
  struct statx info{};
  if (::statx(fd, "", AT_EMPTY_PATH, STATX_BTIME | STATX_CTIME, &info) != 0) return 0;
  const auto& time = (info.stx_mask & STATX_BTIME) != 0 ? info.stx_btime : info.stx_ctime;
  return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

}  // namespace

base::Result<std::unique_ptr<FileGeneration>> FileGeneration::open(const std::string& path,
                                                                   GenerationLimits limits) {
  base::Fd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
  if (!fd.valid()) {
    const auto code = errno == ENOENT   ? base::ErrorCode::NotFound
                      : errno == EACCES ? base::ErrorCode::PermissionDenied
                                        : base::ErrorCode::Io;
    return base::fail(code, std::strerror(errno), path);
  }
  struct stat info{};
  if (::fstat(fd.get(), &info) != 0) return base::failErrno(errno, "can't look at the file", path);
  if (!S_ISREG(info.st_mode)) return base::fail(base::ErrorCode::InvalidInput, "not a regular file", path);
  std::unique_ptr<FileGeneration> generation(new FileGeneration(std::move(fd), limits));
  auto& identity = generation->m_identity;
  identity.device = info.st_dev;
  identity.inode = info.st_ino;
  identity.born = bornAt(generation->m_fd.get());
  identity.headHash = base::sha256Hex({});
  generation->refreshHead();
  return generation;
}

base::Result<std::unique_ptr<FileGeneration>> FileGeneration::openCompressed(const std::string& path,
                                                                             std::string& problem,
                                                                             GenerationLimits limits) {
  auto generation = open(path, limits);
  if (!generation) return generation;
  auto content = decompress(path);
  if (!content) return std::unexpected(content.error());
  problem = std::move(content->problem);
  // The archive stays open: no new file gets its inode while this one is read.
  (*generation)->m_archive = std::exchange((*generation)->m_fd, std::move(content->fd));
  (*generation)->m_identity.headLength = 0;
  (*generation)->m_identity.headHash = base::sha256Hex({});
  (*generation)->refreshHead();
  return generation;
}

uint64_t FileGeneration::size() const {
  struct stat info{};
  return ::fstat(m_fd.get(), &info) == 0 ? static_cast<uint64_t>(info.st_size) : 0;
}

bool FileGeneration::touched() {
  struct stat info{};
  if (::fstat(m_fd.get(), &info) != 0) return false;
  const int64_t when = info.st_mtim.tv_sec * 1'000'000'000LL + info.st_mtim.tv_nsec;
  return std::exchange(m_touched, when) != when;
}

std::string FileGeneration::head(uint64_t length) const {
  std::string bytes(length, '\0');
  const ssize_t got = readAt(m_fd.get(), bytes.data(), bytes.size(), 0);
  bytes.resize(got < 0 ? 0 : static_cast<size_t>(got));
  return bytes;
}

bool FileGeneration::headMatches(const std::string& hash, uint64_t length) const {
  if (length == 0) return true;
  const auto bytes = head(std::min(length, kHeadBytes));
  return bytes.size() == length && base::sha256Hex(bytes) == hash;
}

bool FileGeneration::refreshHead() {
  const auto bytes = head(kHeadBytes);
  if (bytes.size() < m_identity.headLength) return false;
  const auto known = std::string_view(bytes).substr(0, m_identity.headLength);
  if (m_identity.headLength > 0 && base::sha256Hex(known) != m_identity.headHash) return false;
  if (bytes.size() > m_identity.headLength) {
    m_identity.headLength = bytes.size();
    m_identity.headHash = base::sha256Hex(bytes);
  }
  return true;
}

bool FileGeneration::standsAsRead() {
  if (!refreshHead()) return false;
  char last = 0;
  return m_offset == 0 || readAt(m_fd.get(), &last, 1, m_offset - 1) != 1 || last == m_lastByte;
}

void FileGeneration::seek(uint64_t offset, uint64_t line) {
  m_offset = offset;
  m_line = line;
  m_carry.clear();
  m_first = true;
  if (offset == 0) m_identity.headLength = 0;
  refreshHead();
  const uint64_t back = std::min<uint64_t>(offset, m_limits.lineBytes);
  std::string before(back, '\0');
  const ssize_t got = readAt(m_fd.get(), before.data(), before.size(), offset - back);
  before.resize(got < 0 ? 0 : static_cast<size_t>(got));
  m_lastByte = before.empty() || before.back() == '\0' ? '\n' : before.back();
  const auto newline = before.rfind('\n');
  m_lineStart = newline == std::string::npos ? offset - back : offset - back + newline + 1;
  m_skipping = newline == std::string::npos && back == m_limits.lineBytes;
}

void FileGeneration::seekStart() {
  seek(0, 0);
  const off_t data = ::lseek(m_fd.get(), 0, SEEK_DATA);
  uint64_t at = data > 0 ? static_cast<uint64_t>(data) : 0;
  std::string bytes(kHoleBlock, '\0');
  const ssize_t got = readAt(m_fd.get(), bytes.data(), bytes.size(), at);
  bytes.resize(got < 0 ? 0 : static_cast<size_t>(got));
  const auto text = bytes.find_first_not_of('\0');
  at += text == std::string::npos ? 0 : text;
  m_offset = m_lineStart = at;
  m_lastByte = '\0';
}

void FileGeneration::seekEnd() {
  std::string buffer(m_limits.readBytes, '\0');
  uint64_t offset = 0, lines = 0, lineStart = 0;
  const uint64_t end = size();
  while (offset < end) {
    const ssize_t got =
        readAt(m_fd.get(), buffer.data(), std::min<uint64_t>(buffer.size(), end - offset), offset);
    if (got <= 0) break;
    const auto bytes = std::string_view(buffer).substr(0, static_cast<size_t>(got));
    lines += static_cast<uint64_t>(std::count(bytes.begin(), bytes.end(), '\n'));
    const auto newline = bytes.rfind('\n');
    if (newline != std::string_view::npos) lineStart = offset + newline + 1;
    offset += bytes.size();
  }
  m_carry.clear();
  m_offset = offset;
  if (offset > 0) readAt(m_fd.get(), &m_lastByte, 1, offset - 1);
  m_line = lines;
  m_lineStart = lineStart;
  m_skipping = lineStart != offset;
}

parsing::RawChunk FileGeneration::newChunk() {
  parsing::RawChunk chunk;
  chunk.endOffset = m_offset - m_carry.size();
  chunk.endLine = m_line;
  chunk.inode = m_identity.inode;
  chunk.newGeneration = std::exchange(m_first, false);
  return chunk;
}

base::Result<std::optional<parsing::RawChunk>> FileGeneration::read() {
  const size_t carried = m_carry.size();
  std::string bytes(carried + m_limits.readBytes, '\0');
  const ssize_t got = readAt(m_fd.get(), bytes.data() + carried, m_limits.readBytes, m_offset);
  if (got < 0) return base::failErrno(errno, "can't read");
  if (got == 0) return std::nullopt;
  std::copy(m_carry.begin(), m_carry.end(), bytes.begin());
  bytes.resize(carried + static_cast<size_t>(got));
  m_carry.clear();
  m_offset += static_cast<uint64_t>(got);
  m_lastByte = bytes.back();
  if (m_identity.headLength < kHeadBytes) refreshHead();
  auto chunk = newChunk();
  chunk.bytes = std::move(bytes);
  split(chunk, carried);
  return chunk;
}

/// Drops the rest of a cut line; gives how many bytes from `at` on belong to it.
size_t FileGeneration::skipRest(parsing::RawChunk& chunk, size_t at) {
  const auto newline = chunk.bytes.find('\n', at);
  if (newline == std::string::npos) return chunk.bytes.size() - at;
  m_skipping = false;
  ++m_line;
  ++chunk.cutEnded;
  chunk.longestCut = std::max(chunk.longestCut, m_offset - chunk.bytes.size() + newline - m_lineStart);
  return newline + 1 - at;
}

/// Cuts chunk.bytes, which ends at m_offset, into lines. No newline is before `scanFrom`. Each byte is looked
/// at once.
void FileGeneration::split(parsing::RawChunk& chunk, size_t scanFrom) {
  const std::string_view bytes = chunk.bytes;
  const uint64_t base = m_offset - bytes.size();
  size_t at = 0;
  while (at < bytes.size()) {
    if (m_skipping) {
      at += skipRest(chunk, at);
      if (!m_skipping) m_lineStart = base + at;
      scanFrom = at;
      continue;
    }
    const size_t newline = bytes.find('\n', std::max(at, scanFrom));
    const size_t end = std::min(newline, bytes.size());
    const uint64_t room =
        m_lineStart + m_limits.lineBytes - (base + at);  // part of the line may have left already
    if (end - at > room) {
      addLine(chunk, at, at + room, true, false);
      at += room;
      m_skipping = true;
      continue;
    }
    if (newline == std::string_view::npos) break;
    addLine(chunk, at, end, false, false);
    ++m_line;
    at = end + 1;
    m_lineStart = base + at;
  }
  m_carry = bytes.substr(at);
  chunk.bytes.resize(at);
  chunk.endOffset = m_offset - m_carry.size();
  chunk.endLine = m_line;
}

void FileGeneration::addLine(parsing::RawChunk& chunk, size_t at, size_t end, bool cut, bool partial) const {
  const uint64_t base = m_offset - chunk.bytes.size();
  size_t length = end - at;
  if (!cut && length > 0 && chunk.bytes[end - 1] == '\r') --length;
  if (length == 0) return;
  parsing::RawLine line;
  line.at = at;
  line.length = static_cast<uint32_t>(length);
  line.offset = base + at;
  line.line = m_line + 1;
  line.cut = cut;
  line.partial = partial;
  chunk.lines.push_back(line);
}

std::optional<parsing::RawChunk> FileGeneration::takePartial() {
  if (m_carry.empty()) return std::nullopt;
  auto chunk = newChunk();
  chunk.bytes = std::move(m_carry);
  m_carry.clear();
  addLine(chunk, 0, chunk.bytes.size(), false, true);
  chunk.endOffset = m_offset;
  chunk.endLine = m_line;
  return chunk;
}

std::filesystem::path findByIdentity(const std::filesystem::path& directory, uint64_t inode,
                                     const std::string& headHash, uint64_t headLength) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    struct stat info{};
    if (::stat(entry.path().c_str(), &info) != 0 || info.st_ino != inode) continue;
    const auto file = FileGeneration::open(entry.path().string());
    if (file && (*file)->headMatches(headHash, headLength)) return entry.path();
  }
  return {};
}

}  // namespace aiops::sources
