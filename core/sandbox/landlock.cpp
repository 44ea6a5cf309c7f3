// SPDX-License-Identifier: GPL-3.0-or-later
#include "sandbox/landlock.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string_view>

namespace aiops::sandbox {
namespace {

using base::ErrorCode;
using base::Fd;
using base::Result;
using std::string;
using std::vector;

// From linux/landlock.h; the header of an older kernel lacks the later ones.
constexpr uint64_t kExecute = 1u << 0, kWriteFile = 1u << 1, kReadFile = 1u << 2, kReadDir = 1u << 3;
constexpr uint64_t kRemoveAndMake = 0x1FF0;  // REMOVE_DIR ... MAKE_SYM
constexpr uint64_t kRefer = 1u << 13, kTruncate = 1u << 14, kIoctlDev = 1u << 15;
constexpr uint64_t kScopeSignal = 1u << 1;
constexpr unsigned kCreateRulesetVersion = 1;
constexpr int kRulePathBeneath = 1;

constexpr uint64_t kRead = kExecute | kReadFile | kReadDir;
constexpr uint64_t kWrite = kWriteFile | kRemoveAndMake | kRefer | kTruncate;
constexpr uint64_t kForFiles = kExecute | kReadFile | kWriteFile | kTruncate | kIoctlDev;

struct RulesetAttr {
  uint64_t handledAccessFs;
  uint64_t handledAccessNet;
  uint64_t scoped;
};
struct __attribute__((packed)) PathBeneathAttr {
  uint64_t allowedAccess;
  int32_t parentFd;
};

/// Entries looked at below world-readable forbidden directories; what lies beyond is withheld.
constexpr size_t kScanBudget = 200'000;

uint64_t handledRights(int abi) {
  uint64_t rights = kExecute | kWriteFile | kReadFile | kReadDir | kRemoveAndMake;
  if (abi >= 2) rights |= kRefer;
  if (abi >= 3) rights |= kTruncate;
  if (abi >= 5) rights |= kIoctlDev;
  return rights;
}

/// The absolute path without symlinks, "." and ".."; parts that don't exist stay as they are written.
string canonical(const string& path) {
  string existing = path, missing;
  for (;;) {
    const std::unique_ptr<char, void (*)(void*)> real(::realpath(existing.c_str(), nullptr), ::free);
    if (real) {
      const string base = real.get();
      return base == "/" && !missing.empty() ? missing : base + missing;
    }
    while (existing.size() > 1 && existing.back() == '/') existing.pop_back();
    const auto slash = existing.rfind('/');
    missing = existing.substr(slash) + missing;
    existing = slash == 0 ? "/" : existing.substr(0, slash);
    if (missing == "/") return "/";
  }
}

/// The canonical directory of `path` with its last part as written: where a link lies, not where it leads.
string ownPlace(string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  const auto slash = path.rfind('/');
  const string directory = canonical(slash == 0 ? "/" : path.substr(0, slash));
  return path == "/" ? path : (directory == "/" ? "" : directory) + path.substr(slash);
}

/// True when `path` is `top` or lies below it.
bool isAtOrBelow(std::string_view path, std::string_view top) {
  if (top == "/") return true;
  return path.starts_with(top) && (path.size() == top.size() || path[top.size()] == '/');
}

string joined(const string& directory, std::string_view name) {
  return (directory == "/" ? "/" : directory + "/") + string(name);
}

vector<string> entriesOf(int directoryFd) {
  vector<string> names;
  const int fd = ::openat(directoryFd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return names;
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(fd), ::closedir);
  if (!stream) {
    ::close(fd);
    return names;
  }
  while (const dirent* entry = ::readdir(stream.get())) {
    const string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  return names;
}

/// What of a forbidden tree others can't read by its modes: that is kept from the command too.
class Withheld {
 public:
  struct Item {
    string path;
    bool directory;
  };

  void add(const string& path) {
    const Fd fd(::open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (!fd.valid()) {
      if (errno != ENOENT && errno != ENOTDIR) m_items.push_back({path, true});  // can't look: keep it out
      return;
    }
    scan(fd.get(), path, reachableByAll(path));
  }
  const vector<Item>& items() const { return m_items; }

 private:
  static bool reachableByAll(const string& path) {
    for (auto slash = path.find('/', 1); slash != string::npos; slash = path.find('/', slash + 1)) {
      struct stat info{};
      if (::stat(path.substr(0, slash).c_str(), &info) != 0 || !(info.st_mode & S_IXOTH)) return false;
    }
    return true;
  }

  void scan(int fd, const string& path, bool reachable) {
    struct stat info{};
    const bool known = ::fstat(fd, &info) == 0;
    const bool directory = !known || S_ISDIR(info.st_mode);
    const mode_t needed = directory ? (S_IROTH | S_IXOTH) : S_IROTH;
    if (known && S_ISLNK(info.st_mode)) return;
    if (!known || !reachable || (info.st_mode & needed) != needed || m_seen >= kScanBudget) {
      m_items.push_back({path, directory});
    } else if (directory) {
      scanEntries(fd, path);
    }
  }

  void scanEntries(int fd, const string& path) {
    for (const auto& name : entriesOf(fd)) {
      ++m_seen;
      const Fd child(::openat(fd, name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
      if (child.valid()) scan(child.get(), joined(path, name), true);
    }
  }

  vector<Item> m_items;
  size_t m_seen = 0;
};

class Builder {
 public:
  static Result<Builder> create() {
    const int abi = landlockAbi();
    if (abi < 1) {
      return base::fail(ErrorCode::Unavailable, "this kernel has no Landlock", "sandbox",
                        "use a kernel with CONFIG_SECURITY_LANDLOCK, and name landlock in lsm=");
    }
    Builder builder;
    builder.m_handled = handledRights(abi);
    RulesetAttr attr{builder.m_handled, 0, abi >= 6 ? kScopeSignal : 0};
    const size_t size = abi >= 6 ? sizeof attr : abi >= 4 ? 16 : 8;
    builder.m_ruleset = Fd(static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attr, size, 0)));
    if (!builder.m_ruleset.valid()) {
      const auto failed = base::failErrno(errno, "can't create the Landlock rules", "sandbox");
      return base::fail(ErrorCode::Unavailable, failed.error().what, "sandbox");
    }
    return builder;
  }

  /// Grants `rights` on `path` (open as `fd`) and all below it, except at and below each of `kept`.
  /// `onSplit` is granted on a directory that had to be split, and so reaches the kept paths as well.
  Result<> grant(int fd, const string& path, uint64_t rights, const vector<string>& kept,
                 const std::function<uint64_t(const string&)>& onSplit) {
    bool split = false;
    for (const auto& forbidden : kept) {
      if (isAtOrBelow(path, forbidden)) return {};
      split = split || isAtOrBelow(forbidden, path);
    }
    if (!split) return addRule(fd, path, rights);
    if (const uint64_t own = onSplit(path)) {
      if (auto added = addRule(fd, path, own); !added) return added;
    }
    for (const auto& name : entriesOf(fd)) {
      const Fd child(::openat(fd, name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
      if (!child.valid() || isSymlink(child.get())) continue;  // a link's target is judged where it lies
      if (auto granted = grant(child.get(), joined(path, name), rights, kept, onSplit); !granted)
        return granted;
    }
    return {};
  }

  Fd take() { return std::move(m_ruleset); }

 private:
  static bool isSymlink(int fd) {
    struct stat info{};
    return ::fstat(fd, &info) == 0 && S_ISLNK(info.st_mode);
  }

  Result<> addRule(int fd, const string& path, uint64_t rights) {
    struct stat info{};
    if (::fstat(fd, &info) != 0) return base::failErrno(errno, "can't look at path", path);
    if (!S_ISDIR(info.st_mode)) rights &= kForFiles;
    PathBeneathAttr rule{rights & m_handled, fd};
    if (rule.allowedAccess == 0) return {};
    if (::syscall(SYS_landlock_add_rule, m_ruleset.get(), kRulePathBeneath, &rule, 0) != 0) {
      const auto failed = base::failErrno(errno, "can't add a Landlock rule", path);
      return base::fail(ErrorCode::Unavailable, failed.error().what, path);
    }
    return {};
  }

  Fd m_ruleset;
  uint64_t m_handled = 0;
};

uint64_t nothing(const string&) {
  return 0;
}

Result<> grantReads(Builder& builder, const vector<string>& forbidden) {
  Withheld withheld;
  for (const auto& path : forbidden) withheld.add(path);
  vector<string> kept;
  for (const auto& item : withheld.items()) kept.push_back(item.path);
  // Listing a split directory is granted unless that would also list a directory that is kept out.
  const auto listing = [&](const string& path) {
    const auto listsKept = [&](const auto& item) { return item.directory && isAtOrBelow(item.path, path); };
    return std::ranges::any_of(withheld.items(), listsKept) ? 0 : kReadDir;
  };
  const Fd root(::open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!root.valid()) return base::failErrno(errno, "can't open the root directory");
  return builder.grant(root.get(), "/", kRead, kept, listing);
}

Result<> grantWrites(Builder& builder, const string& path, const vector<string>& forbidden) {
  const Fd fd(::open(path.c_str(), O_PATH | O_CLOEXEC));
  if (!fd.valid()) {
    const int error = errno;
    auto failed = base::failErrno(error, "can't open a writable path", path);
    if (error == ENOENT) failed.error().code = ErrorCode::NotFound;
    return failed;
  }
  // The path of what was opened, so that a link swapped in between can't be judged by another name.
  char real[4096];
  const ssize_t length = ::readlink(("/proc/self/fd/" + std::to_string(fd.get())).c_str(), real, sizeof real);
  if (length <= 0 || static_cast<size_t>(length) == sizeof real) {
    return base::fail(ErrorCode::Io, "can't resolve a writable path", path);
  }
  return builder.grant(fd.get(), string(real, static_cast<size_t>(length)), kWrite, forbidden, nothing);
}

Result<> requireAbsolute(const vector<string>& paths) {
  for (const auto& path : paths) {
    if (!path.starts_with('/') || path.find('\0') != string::npos) {
      return base::fail(ErrorCode::InvalidInput, "not an absolute path", path);
    }
    if ((path + '/').find("/../") != string::npos) {
      return base::fail(ErrorCode::InvalidInput, "a path with .. in it", path);
    }
  }
  return {};
}

}  // namespace

int landlockAbi() {
  const long abi = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, kCreateRulesetVersion);
  return abi > 0 ? static_cast<int>(abi) : 0;
}

Result<Fd> buildRuleset(const vector<string>& writablePaths, const vector<string>& forbiddenPaths) {
  for (const auto* paths : {&writablePaths, &forbiddenPaths}) {
    if (auto checked = requireAbsolute(*paths); !checked) return std::unexpected(checked.error());
  }
  auto builder = Builder::create();
  if (!builder) return std::unexpected(builder.error());
  vector<string> forbidden;
  for (const auto& path : forbiddenPaths) {
    forbidden.push_back(canonical(path));
    forbidden.push_back(ownPlace(path));
  }
  if (auto granted = grantReads(*builder, forbidden); !granted) return std::unexpected(granted.error());
  for (const auto& path : writablePaths) {
    if (auto granted = grantWrites(*builder, path, forbidden); !granted)
      return std::unexpected(granted.error());
  }
  if (auto granted = grantWrites(*builder, "/dev/null", {}); !granted)
    return std::unexpected(granted.error());
  return builder->take();
}

int restrictSelf(int rulesetFd) {
  return ::syscall(SYS_landlock_restrict_self, rulesetFd, 0) == 0 ? 0 : errno;
}

}  // namespace aiops::sandbox
