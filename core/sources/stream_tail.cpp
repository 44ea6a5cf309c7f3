// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/stream_tail.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace aiops::sources {
namespace {

constexpr int kPumpsPerRead = 4;
constexpr int kPumpsAtEnd = 64;  // some megabytes a pump: what the kernel holds for us, and no more
constexpr uint64_t kEndBytes = 256 * 1024;

/// Its only writer is this program: a rotated file is finished the moment it is rotated.
TailOptions tailOptions(const StreamOptions& options) {
  TailOptions tail;
  tail.startAt = StartAt::End;
  tail.limits = options.limits;
  tail.partialWait = options.partialWait;
  tail.rotationGrace = base::Duration(0);
  tail.lateWatch = base::Duration(0);
  return tail;
}

struct KeptEnd {
  std::string lastLine;
  std::optional<uint64_t>
      wholeUpTo;  ///< where a part of a line begins; else the file's end. None: too far back
  std::optional<base::TimePoint> written;
};

/// Of a file of ours. Lines are cut at some 64 KiB before they are kept, or are those of standard input.
KeptEnd endOf(const std::string& path) {
  KeptEnd end;
  const base::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat info{};
  if (!fd.valid() || ::fstat(fd.get(), &info) != 0) return end;
  end.written = base::TimePoint(std::chrono::duration_cast<base::Duration>(
      std::chrono::seconds(info.st_mtim.tv_sec) + std::chrono::nanoseconds(info.st_mtim.tv_nsec)));
  const auto size = static_cast<uint64_t>(info.st_size);
  std::string bytes(std::min<uint64_t>(size, kEndBytes), '\0');
  const auto got = ::pread(fd.get(), bytes.data(), bytes.size(), static_cast<off_t>(size - bytes.size()));
  bytes.resize(got < 0 ? 0 : static_cast<size_t>(got));
  const auto newline = bytes.rfind('\n');
  if (newline == std::string::npos) {
    if (bytes.size() == size) end.wholeUpTo = 0;
    return end;
  }
  end.wholeUpTo = size - bytes.size() + newline + 1;
  const auto before = newline == 0 ? std::string::npos : bytes.rfind('\n', newline - 1);
  const auto begin = before == std::string::npos ? 0 : before + 1;
  end.lastLine = bytes.substr(begin, newline - begin);
  return end;
}

}  // namespace

StreamTail::StreamTail(std::unique_ptr<ByteFeed> feed, std::string keptIn,
                       std::optional<model::SourcePosition> stored, StreamOptions options)
    : m_feed(std::move(feed)),
      m_options(options),
      m_tail(std::make_unique<FileTail>(std::move(keptIn), tailOptions(options), stored)),
      m_stored(std::move(stored)) {
  if (openFile()) resume();
}

StreamTail::~StreamTail() {
  end(m_now, m_wall);
}

/// Looks where an earlier run ended, and ends its last line.
void StreamTail::resume() {
  const auto stored = std::exchange(m_stored, std::nullopt);
  m_resumed = true;
  const auto& path = m_tail->path();
  auto kept = endOf(path);
  if (kept.lastLine.empty()) kept.lastLine = endOf(path + ".1").lastLine;
  m_comesAgain = m_feed->resume(kept.lastLine, m_created ? std::nullopt : kept.written);
  if (kept.wholeUpTo == m_size) return;
  const auto whole = kept.wholeUpTo.value_or(0);
  const bool delivered = stored && stored->inode == m_inode && stored->offset > whole;
  const bool mayGo = m_comesAgain && kept.wholeUpTo && !delivered;
  if (mayGo && ::ftruncate(m_file.get(), static_cast<off_t>(whole)) == 0)
    m_size = whole;
  else
    m_pending = "\n";
}

void StreamTail::fail(std::string problem) {
  if (problem == m_failure) return;
  m_failure = std::move(problem);
  m_health.push_back({m_wall, model::Severity::Error, "source",
                      m_feed->name() + " can't be kept in " + m_tail->path() + ": " + m_failure,
                      "Nothing more is read from it until that works; it is tried again every second."});
}

bool StreamTail::openFile() {
  std::error_code error;
  const auto directory = std::filesystem::path(m_tail->path()).parent_path();
  if (std::filesystem::create_directories(directory, error)) {
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
  }
  m_created = !std::filesystem::exists(m_tail->path(), error);
  m_file =
      base::Fd(::open(m_tail->path().c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  struct stat info{};
  if (!m_file.valid() || ::fstat(m_file.get(), &info) != 0) {
    fail(std::strerror(errno));
    return false;
  }
  m_inode = info.st_ino;
  m_size = static_cast<uint64_t>(info.st_size);
  return true;
}

/// Begins a new file when this one is full, but never before the reader has come to this one: one file back
/// is all that is kept.
bool StreamTail::mayGrow() {
  if (m_size < m_options.keepBytes) return true;
  const auto reading = m_tail->position();
  if (!reading || reading->inode != m_inode) return false;
  const auto& path = m_tail->path();
  if (::rename(path.c_str(), (path + ".1").c_str()) != 0) {
    fail(std::strerror(errno));
    return false;
  }
  return openFile();
}

bool StreamTail::keep() {
  while (!m_pending.empty()) {
    const ssize_t put = ::write(m_file.get(), m_pending.data(), m_pending.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) {
      fail(std::strerror(errno));
      return false;
    }
    m_pending.erase(0, static_cast<size_t>(put));
    m_size += static_cast<uint64_t>(put);
  }
  m_failure.clear();
  return true;
}

/// Moves what waits in the stream into the file; true when something came.
bool StreamTail::pump() {
  if (!m_file.valid() && !openFile()) return false;
  if (!m_resumed) resume();
  if (!m_pending.empty()) return keep();
  if (m_ended || m_feed->ended() || !mayGrow()) return false;
  return m_feed->take(m_pending, m_now, m_wall) && keep();
}

std::optional<parsing::RawChunk> StreamTail::read(base::Duration now, base::TimePoint wall) {
  m_wall = wall;
  m_now = now;
  if (!std::exchange(m_begun, true)) return m_tail->read(now, wall);
  for (int i = 0; i < kPumpsPerRead; ++i) {
    if (auto chunk = m_tail->read(now, wall)) return chunk;
    const bool came = pump();
    m_feedProblem = m_feed->problem();
    if (!came) return std::nullopt;
  }
  return std::nullopt;
}

void StreamTail::end(base::Duration now, base::TimePoint wall) {
  if (m_ended) return;
  m_now = now;
  m_wall = wall;
  for (int i = 0; i < kPumpsAtEnd && !m_comesAgain && pump(); ++i) continue;
  m_ended = true;
  m_feed->finish(m_pending);
  if (m_file.valid()) keep();
}

std::map<std::string, uint64_t> StreamTail::drops() const {
  auto drops = m_tail->drops();
  for (const auto& [reason, count] : m_feed->drops()) drops[reason] += count;
  return drops;
}

std::vector<model::HealthEvent> StreamTail::takeHealth() {
  auto health = m_tail->takeHealth();
  const auto ofFeed = m_feed->takeHealth();
  health.insert(health.end(), ofFeed.begin(), ofFeed.end());
  health.insert(health.end(), m_health.begin(), m_health.end());
  m_health.clear();
  return health;
}

}  // namespace aiops::sources
