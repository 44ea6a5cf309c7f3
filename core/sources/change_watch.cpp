// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/change_watch.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "base/bytes.h"
#include "base/fd.h"

namespace aiops::sources {
namespace {

using base::ErrorCode;
using base::fail;

int64_t nanos(const timespec& time) {
  return int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

base::TimePoint timeOf(int64_t nanoseconds) {
  return base::TimePoint(std::chrono::floor<base::Duration>(std::chrono::nanoseconds(nanoseconds)));
}

/// Below `directory` whatever links there are; on a kernel before 5.6 no link at all.
base::Fd openBelow(int directory, const std::string& name) {
  open_how how{};
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  const auto fd = ::syscall(SYS_openat2, directory, name.c_str(), &how, sizeof how);
  if (fd >= 0 || errno != ENOSYS) return base::Fd(static_cast<int>(fd));
  return base::Fd(::openat(directory, name.c_str(), static_cast<int>(how.flags) | O_NOFOLLOW));
}

std::unexpected<base::Error> cannotOpen(int error, const std::string& path) {
  if (error == EXDEV || error == ELOOP) {
    return fail(ErrorCode::InvalidInput, "it is a link to outside its directory", path,
                "name the file that the link leads to");
  }
  return base::failErrno(error, "it can't be read", path, "give this program's user the right to read it");
}

base::Result<std::string> readAll(int fd, size_t most, const std::string& path) {
  std::string bytes;
  char buffer[16 * 1024];
  for (;;) {
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannotOpen(errno, path);
    if (got == 0) return bytes;
    bytes.append(buffer, static_cast<size_t>(got));
    if (bytes.size() > most) {
      return fail(ErrorCode::LimitExceeded, "it is larger than " + std::to_string(most >> 10) + " KiB", path,
                  "its changes are not followed");
    }
  }
}

}  // namespace

ChangeWatch::ChangeWatch(std::vector<WatchedFile> files, const std::map<std::string, FileState>& known,
                         const base::Clock& clock, Options options)
    : m_files(std::move(files)), m_clock(clock), m_options(options) {
  for (const auto& file : m_files) {
    const auto found = known.find(file.path);
    auto& entry = m_entries[file.path];
    if (found != known.end()) entry.state = found->second;
  }
  if (auto watcher = Watcher::create()) m_watcher.emplace(*std::move(watcher));
}

ChangeWatch::Stamp ChangeWatch::stampOf(const struct stat& found) {
  return {.error = 0,
          .device = found.st_dev,
          .inode = found.st_ino,
          .size = found.st_size,
          .modified = nanos(found.st_mtim),
          .changed = nanos(found.st_ctim)};
}

ChangeWatch::Stamp ChangeWatch::stampOf(const std::string& path) {
  struct stat found{};
  return ::stat(path.c_str(), &found) == 0 ? stampOf(found) : Stamp{.error = errno};
}

std::vector<FileNews> ChangeWatch::look() {
  const auto now = m_clock.sinceBoot();
  const bool told = m_watcher && m_watcher->drain();
  const bool waiting = std::ranges::any_of(m_entries, [](const auto& e) { return bool(e.second.touchedAt); });
  if (!told && !waiting && now < m_next) return {};
  if (now >= m_next) m_next = now + m_options.every;
  std::vector<FileNews> news;
  for (const auto& file : m_files) {
    auto& entry = m_entries[file.path];
    notice(file, entry);
    if (!entry.touchedAt || now - *entry.touchedAt < m_options.settles) continue;
    if (auto found = read(file, entry)) news.push_back(*std::move(found));
  }
  return news;
}

void ChangeWatch::notice(const WatchedFile& file, Entry& entry) {
  const auto stamp = stampOf(file.path);
  if (entry.stamp == stamp) return;
  entry.stamp = stamp;
  entry.touchedAt = m_clock.sinceBoot();
  if (m_watcher) m_watcher->watch(file.path);
}

base::Result<std::string> ChangeWatch::bytesOf(const std::string& path, Stamp& stamp) const {
  const std::filesystem::path whole(path);
  const base::Fd directory(::open(whole.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!directory.valid()) return cannotOpen(errno, path);
  const auto fd = openBelow(directory.get(), whole.filename().string());
  if (!fd.valid()) return cannotOpen(errno, path);
  struct stat found{};
  if (::fstat(fd.get(), &found) != 0) return cannotOpen(errno, path);
  if (!S_ISREG(found.st_mode)) return fail(ErrorCode::InvalidInput, "it is no regular file", path);
  stamp = stampOf(found);
  return readAll(fd.get(), m_options.maxBytes, path);
}

void ChangeWatch::complain(const WatchedFile& file, Entry& entry, const base::Error& error) {
  if (std::exchange(entry.problem, error.what) != error.what)
    m_problems.push_back({file.path, error.what, error.remedy});
}

/// Nothing when it is as it was, can't be read, or was written to meanwhile (then it is read again).
std::optional<FileNews> ChangeWatch::read(const WatchedFile& file, Entry& entry) {
  entry.touchedAt.reset();
  const auto now = m_clock.now();
  const int error = entry.stamp->error;
  if (error != 0 && error != ENOENT && error != ENOTDIR) {  // it may well be there
    complain(file, entry, base::failErrno(error, "it can't be looked at", file.path).error());
    return std::nullopt;
  }
  if (error != 0) {
    if (!file.mayBeMissing)
      complain(file, entry, {ErrorCode::NotFound, "there is no such file", file.path, {}});
    if (!entry.state) return std::nullopt;
    return FileNews{file, std::exchange(entry.state, std::nullopt), std::nullopt, now};
  }
  Stamp read;
  auto bytes = bytesOf(file.path, read);
  if (!bytes) {
    complain(file, entry, bytes.error());
    return std::nullopt;
  }
  if (read != *entry.stamp || stampOf(file.path) != read) {
    entry.touchedAt = m_clock.sinceBoot();
    return std::nullopt;
  }
  entry.problem.clear();
  auto digest = base::sha256Hex(*bytes);
  if (entry.state && entry.state->digest == digest) return std::nullopt;
  // When it was written, unless the clocks can't be right: it was known to be otherwise at that time.
  auto at = std::min(timeOf(std::max(read.modified, read.changed)), now);
  if (entry.state) at = std::max(at, std::min(entry.state->at, now));
  auto before = std::exchange(entry.state, FileState{*std::move(bytes), std::move(digest), at});
  return FileNews{file, std::move(before), entry.state, at};
}

std::vector<FileProblem> ChangeWatch::takeProblems() {
  return std::exchange(m_problems, {});
}

const FileState* ChangeWatch::stateOf(const std::string& path) const {
  const auto found = m_entries.find(path);
  return found == m_entries.end() || !found->second.state ? nullptr : &*found->second.state;
}

}  // namespace aiops::sources
