// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/stream_tail.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace aiops::sources {
namespace {

constexpr int kPumpsPerRead = 4;

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

}  // namespace

StreamTail::StreamTail(std::unique_ptr<ByteFeed> feed, std::string keptIn,
                       std::optional<model::SourcePosition> stored, StreamOptions options)
    : m_feed(std::move(feed)),
      m_options(options),
      m_tail(std::make_unique<FileTail>(std::move(keptIn), tailOptions(options), std::move(stored))) {
  openFile();
}

StreamTail::~StreamTail() = default;

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
  if (!m_pending.empty()) return keep();
  if (m_feed->ended() || !mayGrow()) return false;
  return m_feed->take(m_pending, m_now, m_wall) && keep();
}

std::optional<parsing::RawChunk> StreamTail::read(base::Duration now, base::TimePoint wall) {
  m_wall = wall;
  m_now = now;
  for (int i = 0; i < kPumpsPerRead; ++i) {
    if (auto chunk = m_tail->read(now, wall)) return chunk;
    const bool came = pump();
    m_feedProblem = m_feed->problem();
    if (!came) return std::nullopt;
  }
  return std::nullopt;
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
