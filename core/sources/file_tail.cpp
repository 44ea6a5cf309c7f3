// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/file_tail.h"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "sources/generations.h"

namespace aiops::sources {
namespace {

constexpr size_t kRememberedGenerations = 32;

constexpr base::Duration kCutNotes = std::chrono::minutes(1);  // between two notes on cut lines

bool sameFile(const struct stat& info, const FileIdentity& identity) {
  return info.st_ino == identity.inode && info.st_dev == identity.device;
}

}  // namespace

FileTail::FileTail(std::string path, TailOptions options, std::optional<model::SourcePosition> stored)
    : m_path(std::move(path)), m_options(options), m_stored(std::move(stored)) {}

FileTail::~FileTail() = default;

void FileTail::note(model::Severity severity, std::string what, std::string remedy) {
  m_health.push_back({m_wall, severity, "source", std::move(what), std::move(remedy)});
}

void FileTail::setProblem(std::string problem) {
  if (problem == m_problem) return;
  const bool wasKnown = m_announced && !m_problem.empty();
  m_problem = std::move(problem);
  if (!m_problem.empty()) {
    note(model::Severity::Warning, m_path + " can't be read: " + m_problem,
         "Check that the file exists and that this program may read it; it is tried again every second.");
    m_announced = true;
  } else if (wasKnown) {
    note(model::Severity::Info, m_path + " can be read");
  }
}

bool FileTail::openCurrent(bool atEnd) {
  auto opened = FileGeneration::open(m_path, m_options.limits);
  if (!opened) {
    setProblem(opened.error().what);
    return false;
  }
  m_current = std::move(*opened);
  if (atEnd) m_current->seekEnd();
  setProblem({});
  return true;
}

void FileTail::openFirst() {
  if (m_stored) {
    openStored();
    return;
  }
  if (m_options.history && openFrom(allGenerations(m_path), 0)) return;
  const bool atEnd = m_options.startAt == StartAt::End && !m_seen && !m_options.history;
  // A file that is there but may not be read yet is still one that existed when it was first looked at.
  struct stat info{};
  if (::stat(m_path.c_str(), &info) != 0) m_seen = true;
  openCurrent(atEnd);
}

void FileTail::openStored() {
  const auto stored = *m_stored;
  auto opened = FileGeneration::open(m_path, m_options.limits);
  if (!opened && opened.error().code != base::ErrorCode::NotFound) {
    setProblem(opened.error().what);
    return;
  }
  auto found = findStored(m_path, stored, m_options.limits);
  if (!found) {
    found = findCopy(m_path, {0, stored.inode, stored.headHash, stored.headLength, 0}, stored.offset,
                     m_options.limits);
    m_fromCopy = found != nullptr;
  }
  if (!found) {
    found = findCompressed(m_path, stored, m_options.limits);
    m_inPast = found != nullptr;
  } else if (m_options.history && !m_fromCopy) {
    struct stat info{};
    m_inPast = ::stat(m_path.c_str(), &info) == 0 && !sameFile(info, found->identity());
  }
  if (found) {
    m_current = std::move(found);
    m_current->seek(stored.offset, stored.line);
    m_stored.reset();
    setProblem({});
    return;
  }
  if (!opened) {
    setProblem(opened.error().what);
    return;
  }
  ++m_gaps;
  note(model::Severity::Warning,
       m_path +
           " was replaced or truncated while it was not watched: reading it from the "
           "beginning; lines written to the old file since may be missing");
  m_current = std::move(*opened);
  m_current->seekStart();
  m_stored.reset();
  setProblem({});
}

std::optional<parsing::RawChunk> FileTail::deliver(parsing::RawChunk chunk, base::Duration now) {
  for (const auto& line : chunk.lines) m_cutLines += line.cut ? 1 : 0;
  noteCut(chunk, now);
  if (m_current->unfinished() == 0) {
    m_partialSince.reset();
  } else if (!m_partialSince || !chunk.lines.empty()) {
    m_partialSince = now;
  }
  return chunk;
}

/// A flood of long lines is one note a minute.
void FileTail::noteCut(const parsing::RawChunk& chunk, base::Duration now) {
  m_cutUntold += chunk.cutEnded;
  m_longestCut = std::max(m_longestCut, chunk.longestCut);
  if (m_cutUntold == 0 || (m_cutToldAt && now - *m_cutToldAt < kCutNotes)) return;
  note(model::Severity::Warning,
       m_path + ": " + (m_cutUntold == 1 ? "a line" : std::to_string(m_cutUntold) + " lines") +
           " longer than " + std::to_string(m_options.limits.lineBytes) +
           " bytes cut to that length; the longest had " + std::to_string(m_longestCut) + " bytes",
       "What follows such a line is read as usual.");
  m_cutToldAt = now;
  m_cutUntold = m_longestCut = 0;
}

std::optional<parsing::RawChunk> FileTail::read(base::Duration now, base::TimePoint wall) {
  m_wall = wall;
  if (auto late = readLate(now)) return late;
  if (!m_current) {
    openFirst();
    m_seen = true;
    if (!m_current) return std::nullopt;
  }
  const uint64_t offset = m_current->offset() - m_current->unfinished();
  const uint64_t line = m_current->lineNumber();
  if (m_current->size() < m_current->offset()) return restart("was truncated", offset, line);
  if (m_current->touched() && !m_current->standsAsRead())
    return restart("was rewritten in place", offset, line);
  auto chunk = m_current->read();
  if (!chunk) {
    setProblem(chunk.error().what);
    return std::nullopt;
  }
  setProblem({});
  if (*chunk) {
    // Once more: the bytes may be of a file that was rewritten between the look and the reading.
    if (!m_current->standsAsRead()) return restart("was rewritten in place", offset, line);
    if (m_rotatedAt) m_rotatedAt = now;
    return deliver(std::move(**chunk), now);
  }
  return atEndOfFile(now);
}

std::optional<parsing::RawChunk> FileTail::readLate(base::Duration now) {
  if (!m_late) return std::nullopt;
  auto chunk = m_late->read();
  if (chunk && *chunk) {
    note(model::Severity::Info, m_path + ": lines were still written to the rotated file");
    (*chunk)->late = true;
    return std::move(**chunk);
  }
  if (now < m_lateUntil) return std::nullopt;
  auto partial = m_late->takePartial();
  if (partial) partial->late = true;
  m_late.reset();
  return partial;
}

/// Opens the first one from `begin` on that can be; what has to be passed over for that is said.
bool FileTail::openFrom(const std::vector<PastGeneration>& all, size_t begin) {
  std::vector<std::string> problems;
  for (size_t i = begin; i < all.size(); ++i) {
    std::string problem;
    auto file = openPast(all[i], m_options.limits, problem);
    const bool live = all[i].path == m_path;
    if (!file && live) return false;  // said elsewhere, and tried again
    if (!file) problem = file.error().what;
    if (!problem.empty())
      problems.push_back(all[i].path + ", an older part of " + m_path + ", can't be read whole: " + problem);
    if (!file) continue;
    m_gaps += problems.size();
    for (auto& text : problems) note(model::Severity::Warning, std::move(text));
    m_current = std::move(*file);
    m_inPast = !live;
    setProblem({});
    return true;
  }
  return false;
}

/// The place behind the current generation, which a rotation may have renamed or compressed meanwhile.
size_t FileTail::behindCurrent(const std::vector<PastGeneration>& all) const {
  const auto inode = m_current->identity().inode;
  const auto here = std::ranges::find(all, inode, &PastGeneration::inode);
  if (here != all.end()) return static_cast<size_t>(here - all.begin()) + 1;
  if (const auto moved = findCompressed(m_path, *position(), m_options.limits)) {
    const auto there = std::ranges::find(all, moved->identity().inode, &PastGeneration::inode);
    if (there != all.end()) return static_cast<size_t>(there - all.begin()) + 1;
  }
  // Removed: what follows the newest that was read.
  const auto isRead = [&](const PastGeneration& past) {
    return std::ranges::find(m_read, past.inode, &FileIdentity::inode) != m_read.end();
  };
  const auto newest = std::ranges::find_if(all.rbegin(), all.rend(), isRead);
  return static_cast<size_t>(all.rend() - newest);
}

/// Files that were rotated away before this began are left as soon as they are read, but the newest of them
/// may still be written to.
std::optional<parsing::RawChunk> FileTail::atEndOfPast(base::Duration now) {
  const auto all = allGenerations(m_path);
  const size_t next = behindCurrent(all);
  const bool toLive = next < all.size() && all[next].path == m_path;
  if (next >= all.size()) return std::nullopt;  // the log itself is not there
  if (toLive && !m_rotatedAt) m_rotatedAt = now;
  if (toLive && now - *m_rotatedAt < m_options.rotationGrace) return std::nullopt;
  m_partialSince.reset();
  if (auto partial = m_current->takePartial()) return partial;
  auto previous = std::move(m_current);
  m_read.push_back(previous->identity());
  if (m_read.size() > kRememberedGenerations) m_read.pop_front();
  if (!openFrom(all, next)) {
    m_read.pop_back();
    m_current = std::move(previous);
    return std::nullopt;
  }
  if (toLive) {
    m_late = std::move(previous);
    m_lateUntil = now + m_options.lateWatch;
  }
  m_rotatedAt.reset();
  auto chunk = m_current->read();
  if (!chunk || !*chunk) return std::nullopt;
  return deliver(std::move(**chunk), now);
}

/// All that is in the current generation was read: an unfinished line, a rotation, or nothing to do.
std::optional<parsing::RawChunk> FileTail::atEndOfFile(base::Duration now) {
  if (m_inPast) return atEndOfPast(now);
  struct stat info{};
  const bool there = ::stat(m_path.c_str(), &info) == 0;
  // An empty successor is not worth leaving for: its first byte shows that the writer has changed over.
  const bool replaced = there && info.st_size > 0 && !sameFile(info, m_current->identity());
  if (!replaced) {
    m_rotatedAt.reset();
  } else if (!m_rotatedAt) {
    m_rotatedAt = now;
  }
  const bool leaving = m_rotatedAt && (m_fromCopy || now - *m_rotatedAt >= m_options.rotationGrace);
  const bool waited = m_partialSince && now - *m_partialSince >= m_options.partialWait;
  if (leaving || waited) {
    m_partialSince.reset();
    if (auto partial = m_current->takePartial()) return partial;
  }
  if (!leaving) return std::nullopt;
  moveOn();
  if (!m_current) return std::nullopt;
  auto chunk = m_current->read();
  if (!chunk || !*chunk) return std::nullopt;
  return deliver(std::move(**chunk), now);
}

bool FileTail::wasRead(const FileGeneration& file) const {
  const auto& identity = file.identity();
  return std::any_of(m_read.begin(), m_read.end(), [&](const FileIdentity& id) {
    return id.inode == identity.inode && id.born == identity.born &&
           file.headMatches(id.headHash, id.headLength);
  });
}

/// The first one after the current in the order of generations, else the file at the path. Null: not there
/// yet, or not readable.
std::unique_ptr<FileGeneration> FileTail::nextGeneration() const {
  const auto previous = m_current->identity();
  const auto isPrevious = [&](const OlderGeneration& older) {
    return older.identity.inode == previous.inode && older.identity.born == previous.born;
  };
  const auto older = olderGenerations(m_path);
  const auto here = std::find_if(older.begin(), older.end(), isPrevious);
  for (auto it = here == older.end() ? older.begin() : here + 1; it != older.end(); ++it) {
    if (here == older.end() && it->identity.born <= previous.born) continue;
    auto file = FileGeneration::open(it->path, m_options.limits);
    if (file && !wasRead(**file)) return std::move(*file);
  }
  return nullptr;
}

void FileTail::moveOn() {
  auto next = nextGeneration();
  if (!next) {
    auto file = FileGeneration::open(m_path, m_options.limits);
    if (!file) {
      setProblem(file.error().what);
      return;  // still at the old one: tried again
    }
    next = std::move(*file);
  }
  if (m_fromCopy) next->seekStart();
  m_read.push_back(m_current->identity());
  if (m_read.size() > kRememberedGenerations) m_read.pop_front();
  const bool mayGrow = !std::exchange(m_fromCopy, false);
  m_late = std::exchange(m_current, std::move(next));
  if (!mayGrow) m_late.reset();
  m_lateUntil = m_rotatedAt.value_or(base::Duration(0)) + m_options.rotationGrace + m_options.lateWatch;
  m_rotatedAt.reset();
}

/// The chunk is empty: it only says that positions count anew.
parsing::RawChunk FileTail::restart(const std::string& why, uint64_t offset, uint64_t line) {
  m_partialSince.reset();
  ++m_gaps;
  if (auto copy = findCopy(m_path, m_current->identity(), offset, m_options.limits)) {
    note(model::Severity::Info, m_path + " " + why + ": going on with the copy, then from the beginning",
         "What was written between the copy and the truncation is lost; rotate by rename to lose nothing.");
    m_current = std::move(copy);
    m_current->seek(offset, line);
    m_fromCopy = true;
    m_rotatedAt.reset();
    return m_current->newChunk();
  }
  note(model::Severity::Warning, m_path + " " + why + ": reading it from the beginning",
       "Rotate by rename; truncation in place can lose lines that were not read yet.");
  auto opened = FileGeneration::open(m_path, m_options.limits);
  struct stat info{};
  const bool same = ::stat(m_path.c_str(), &info) == 0 && sameFile(info, m_current->identity());
  if (opened && same) m_current = std::move(*opened);
  m_current->seekStart();
  auto chunk = m_current->newChunk();
  chunk.newGeneration = true;
  return chunk;
}

bool FileTail::knows(const FileIdentity& file) const {
  const auto same = [&](const FileIdentity& id) {
    return id.device == file.device && id.inode == file.inode && (file.born == 0 || id.born == file.born);
  };
  if (m_current && same(m_current->identity())) return true;
  if (m_late && same(m_late->identity())) return true;
  return std::any_of(m_read.begin(), m_read.end(), same);
}

model::SourcePosition FileTail::positionAt(uint64_t inode, uint64_t offset, uint64_t line) const {
  model::SourcePosition position{m_path, inode, offset, line, {}, 0};
  const auto take = [&](const FileIdentity& identity) {
    if (identity.inode != inode) return;
    position.headHash = identity.headHash;
    position.headLength = identity.headLength;
  };
  for (const auto& identity : m_read) take(identity);
  if (m_current) take(m_current->identity());
  return position;
}

std::optional<model::SourcePosition> FileTail::position() const {
  if (!m_current) return std::nullopt;
  return positionAt(m_current->identity().inode, m_current->offset() - m_current->unfinished(),
                    m_current->lineNumber());
}

std::vector<model::HealthEvent> FileTail::takeHealth() {
  return std::exchange(m_health, {});
}

std::optional<Unread> FileTail::unread() const {
  if (!m_current || m_fromCopy || m_inPast) return {};
  return Unread{m_current->identity().inode, m_current->offset() - m_current->unfinished(),
                m_current->lineNumber()};
}

std::optional<base::Duration> FileTail::dueAt() const {
  std::optional<base::Duration> due;
  const auto sooner = [&](base::Duration time) { due = due ? std::min(*due, time) : time; };
  if (m_rotatedAt) sooner(*m_rotatedAt + m_options.rotationGrace);
  if (m_partialSince) sooner(*m_partialSince + m_options.partialWait);
  if (m_late) sooner(m_lateUntil);
  return due;
}

}  // namespace aiops::sources
