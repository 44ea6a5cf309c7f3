// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/config_file.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <vector>

#include "base/fd.h"

namespace aiops::remediation {
namespace {

using base::ErrorCode;
using base::fail;
using base::failErrno;
using base::Fd;
using base::Result;

constexpr auto kLockWait = std::chrono::seconds(2);

Result<Fd> openBeneath(int directory, const std::string& path, uint64_t flags) {
  open_how how{};
  how.flags = flags | O_CLOEXEC | O_NOFOLLOW;
  how.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  Fd fd(static_cast<int>(::syscall(SYS_openat2, directory, path.c_str(), &how, sizeof how)));
  if (fd.valid()) return fd;
  if (errno == ELOOP) return fail(ErrorCode::PermissionDenied, "path goes through a symbolic link", path);
  if (errno == ENOENT) return fail(ErrorCode::NotFound, "no such file", path);
  return failErrno(errno, "can't open", path);
}

Result<struct stat> checkRegular(int fd, const std::string& path) {
  struct stat info{};
  if (::fstat(fd, &info) != 0) return failErrno(errno, "can't examine", path);
  if (!S_ISREG(info.st_mode)) return fail(ErrorCode::PermissionDenied, "not a regular file", path);
  if (info.st_nlink != 1)
    return fail(ErrorCode::PermissionDenied, "file has several names (hard links)", path);
  return info;
}

Result<FileSnapshot> snapshot(int fd, const std::string& path) {
  const auto info = checkRegular(fd, path);
  if (!info) return std::unexpected(info.error());
  FileSnapshot out{.bytes = {}, .mode = info->st_mode & 07777u, .uid = info->st_uid, .gid = info->st_gid};
  char buffer[16384];
  for (;;) {
    const ssize_t got = ::pread(fd, buffer, sizeof buffer, static_cast<off_t>(out.bytes.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failErrno(errno, "can't read", path);
    if (got == 0) return out;
    out.bytes.append(buffer, static_cast<size_t>(got));
    if (out.bytes.size() > kMaxConfigBytes)
      return fail(ErrorCode::LimitExceeded, "file is too large to edit", path);
  }
}

/// Another writer that locks the file gets a moment to finish.
Result<> lockFile(int fd, const std::string& path) {
  const auto deadline = std::chrono::steady_clock::now() + kLockWait;
  while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return failErrno(errno, "can't lock", path);
    if (std::chrono::steady_clock::now() > deadline) {
      return fail(ErrorCode::Conflict, "another program holds a lock on the file", path);
    }
    ::poll(nullptr, 0, 20);
  }
  return {};
}

Result<> copyAttributes(int from, int to, const std::string& path) {
  const ssize_t size = ::flistxattr(from, nullptr, 0);
  if (size < 0) return errno == ENOTSUP ? Result<>() : failErrno(errno, "can't list attributes", path);
  std::vector<char> names(static_cast<size_t>(size));
  const ssize_t got = ::flistxattr(from, names.data(), names.size());
  if (got < 0) return failErrno(errno, "can't list attributes", path);
  for (ssize_t at = 0; at < got;) {
    const std::string name(&names[static_cast<size_t>(at)]);
    at += static_cast<ssize_t>(name.size()) + 1;
    std::vector<char> value(65536);
    const ssize_t length = ::fgetxattr(from, name.c_str(), value.data(), value.size());
    if (length < 0 || ::fsetxattr(to, name.c_str(), value.data(), static_cast<size_t>(length), 0) != 0) {
      return failErrno(errno, "can't keep attribute " + name, path);
    }
  }
  return {};
}

Result<> copyOwner(const FileSnapshot& model, int to, const std::string& path) {
  struct stat info{};
  if (::fstat(to, &info) != 0) return failErrno(errno, "can't examine the new file", path);
  const bool same = info.st_uid == model.uid && info.st_gid == model.gid;
  if (!same && ::fchown(to, model.uid, model.gid) != 0) return failErrno(errno, "can't keep the owner", path);
  return {};
}

/// Removes the temporary file unless it has been renamed.
class Temporary {
 public:
  Temporary(int directory, std::string name) : m_directory(directory), m_name(std::move(name)) {
    ::unlinkat(m_directory, m_name.c_str(), 0);  // of an earlier crash
    m_fd =
        Fd(::openat(m_directory, m_name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  }
  ~Temporary() {
    if (m_fd.valid() && !m_renamed) ::unlinkat(m_directory, m_name.c_str(), 0);
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;

  int fd() const { return m_fd.get(); }
  Result<> renameTo(const std::string& name) {
    if (::renameat(m_directory, m_name.c_str(), m_directory, name.c_str()) != 0) {
      return failErrno(errno, "can't replace the file", name);
    }
    m_renamed = true;
    return {};
  }

 private:
  int m_directory;
  std::string m_name;
  Fd m_fd;
  bool m_renamed = false;
};

Result<> fill(const Temporary& temporary, int original, const FileSnapshot& expected,
              const std::string& bytes, const std::string& path) {
  if (temporary.fd() < 0) return failErrno(errno, "can't create a file beside it", path);
  if (auto written = base::writeAll(temporary.fd(), bytes); !written) return written;
  if (auto owner = copyOwner(expected, temporary.fd(), path); !owner) return owner;
  if (auto copied = copyAttributes(original, temporary.fd(), path); !copied) return copied;
  if (::fchmod(temporary.fd(), expected.mode) != 0) return failErrno(errno, "can't keep the mode", path);
  if (::fsync(temporary.fd()) != 0) return failErrno(errno, "can't sync the new file", path);
  return {};
}

/// The name still leads to the locked file and its content is still `expected`.
Result<> confirm(int directory, const std::string& name, int original, const FileSnapshot& expected,
                 const std::string& path) {
  const auto now = snapshot(original, path);
  if (!now) return std::unexpected(now.error());
  struct stat named{}, opened{};
  const bool same = ::fstatat(directory, name.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0 &&
                    ::fstat(original, &opened) == 0 && named.st_ino == opened.st_ino &&
                    named.st_dev == opened.st_dev;
  if (!same || *now != expected)
    return fail(ErrorCode::Stale, "the file is not as it was when approved", path);
  return {};
}

std::string temporaryName(const std::string& name, const std::string& tag) {
  return "." + name + "." + tag;
}

struct OpenFile {
  std::string name;
  Fd directory;
  Fd original;  ///< locked
};

/// The file, locked, if it still is exactly `expected`.
Result<OpenFile> openForChange(const std::string& path, const FileSnapshot& expected) {
  const std::filesystem::path file(path);
  OpenFile out{.name = file.filename().string(), .directory = Fd(), .original = Fd()};
  auto directory = openWithoutLinks(file.parent_path().string(), O_RDONLY | O_DIRECTORY);
  if (!directory) return std::unexpected(directory.error());
  auto original = openBeneath(directory->get(), out.name, O_RDONLY | O_NONBLOCK);
  if (!original) return std::unexpected(original.error());
  if (auto locked = lockFile(original->get(), path); !locked) return std::unexpected(locked.error());
  if (auto same = confirm(directory->get(), out.name, original->get(), expected, path); !same)
    return std::unexpected(same.error());
  out.directory = *std::move(directory);
  out.original = *std::move(original);
  return out;
}

Result<> inspect(const std::string& path, const std::string& tag, const FileCheck& check) {
  if (!check) return {};
  const std::filesystem::path file(path);
  return check((file.parent_path() / temporaryName(file.filename().string(), tag)).string());
}

}  // namespace

base::Result<base::Fd> openWithoutLinks(const std::string& path, uint64_t flags) {
  return openBeneath(AT_FDCWD, path, flags);
}

bool liesUnder(const std::string& path, const std::string& root) {
  if (root == "/") return path.starts_with('/');
  return path == root || (path.starts_with(root) && path.size() > root.size() && path[root.size()] == '/');
}

base::Result<> checkEditPath(const std::string& path, const model::ExecutionPolicy& policy) {
  const auto denied = [&](std::string what) {
    return fail(ErrorCode::PermissionDenied, std::move(what), path);
  };
  const bool normal = path.size() > 1 && path[0] == '/' && !path.ends_with('/') &&
                      std::filesystem::path(path).lexically_normal().string() == path &&
                      path.find('\0') == std::string::npos;
  if (!normal) return denied("not an absolute path in normal form");
  const auto covers = [&](const std::string& root) { return liesUnder(path, root); };
  if (std::ranges::none_of(policy.writableRoots, covers))
    return denied("path is outside the writable directories");
  if (std::ranges::any_of(policy.forbiddenPaths, covers)) return denied("path is forbidden");
  return {};
}

base::Result<FileSnapshot> readConfigFile(const std::string& path) {
  const auto fd = openWithoutLinks(path, O_RDONLY | O_NONBLOCK);
  if (!fd) return std::unexpected(fd.error());
  return snapshot(fd->get(), path);
}

base::Result<> replaceConfigFile(const std::string& path, const FileSnapshot& expected,
                                 const std::string& bytes, const std::string& tag,
                                 const std::function<void(const char*)>& at, const FileCheck& check) {
  auto opened = openForChange(path, expected);
  if (!opened) return std::unexpected(opened.error());
  const auto& [name, directory, original] = *opened;
  at("config.before_temporary");
  Temporary temporary(directory.get(), temporaryName(name, tag));
  if (auto filled = fill(temporary, original.get(), expected, bytes, path); !filled) return filled;
  if (auto good = inspect(path, tag, check); !good) return good;
  at("config.before_rename");
  if (auto same = confirm(directory.get(), name, original.get(), expected, path); !same) return same;
  if (auto renamed = temporary.renameTo(name); !renamed) return renamed;
  at("config.after_rename");
  if (::fsync(directory.get()) != 0) return failErrno(errno, "can't sync the directory", path);
  at("config.after_sync");
  return {};
}

base::Result<> tryConfigFile(const std::string& path, const FileSnapshot& expected, const std::string& bytes,
                             const std::string& tag, const FileCheck& check) {
  auto opened = openForChange(path, expected);
  if (!opened) return std::unexpected(opened.error());
  const auto& [name, directory, original] = *opened;
  const Temporary temporary(directory.get(), temporaryName(name, tag));
  if (auto filled = fill(temporary, original.get(), expected, bytes, path); !filled) return filled;
  return inspect(path, tag, check);
}

void syncDirectoryOf(const std::string& path) {
  const auto directory =
      openWithoutLinks(std::filesystem::path(path).parent_path().string(), O_RDONLY | O_DIRECTORY);
  if (directory) ::fsync(directory->get());
}

void removeTemporary(const std::string& path, const std::string& tag) {
  const std::filesystem::path file(path);
  const auto directory = openWithoutLinks(file.parent_path().string(), O_RDONLY | O_DIRECTORY);
  if (directory) ::unlinkat(directory->get(), temporaryName(file.filename().string(), tag).c_str(), 0);
}

}  // namespace aiops::remediation
