// Sees when configuration files change, and what they were before.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/stat.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/change.h"
#include "sources/watcher.h"

namespace aiops::sources {

struct WatchedFile {
  std::string path;  ///< absolute
  std::string service;
  model::ChangeKind kind = model::ChangeKind::ConfigFile;
  bool mayBeMissing = false;  ///< else that it is not there is a problem
};

/// A file as it was from `at` on.
struct FileState {
  std::string bytes;
  std::string digest;  ///< SHA-256
  base::TimePoint at;
};

/// What became of a file. Without `before` it is looked at for the first time; without `after` it is gone.
struct FileNews {
  WatchedFile file;
  std::optional<FileState> before;
  std::optional<FileState> after;
  base::TimePoint at;
};

struct FileProblem {
  std::string path;
  std::string what;
  std::string remedy;
};

/// Files are looked at when the kernel says that something happened beside them, and at every `every` anyway.
/// A file is read when it has been left alone for `settles`. It is opened only if it is a regular file of at
/// most `maxBytes` and lies below its directory, whatever links there are in between: what a link leads to
/// outside is a problem. Never blocks on a pipe or device. Not thread safe; call look() a few times a second.
class ChangeWatch {
 public:
  struct Options {
    size_t maxBytes = 256u << 10;
    base::Duration settles = std::chrono::milliseconds(700);
    base::Duration every = std::chrono::seconds(5);
  };

  /// `known` is what was last seen of them, by path. `clock` must outlive it.
  ChangeWatch(std::vector<WatchedFile> files, const std::map<std::string, FileState>& known,
              const base::Clock& clock, Options options);

  std::vector<FileNews> look();
  /// What came up since the last call: a problem is told once until the file can be read again.
  std::vector<FileProblem> takeProblems();
  /// As last seen; null when it was not, or is gone.
  const FileState* stateOf(const std::string& path) const;
  const std::vector<WatchedFile>& files() const { return m_files; }

 private:
  /// By what a change is noticed.
  struct Stamp {
    int error = 0;  ///< why it can't be looked at; ENOENT: it is not there
    uint64_t device = 0, inode = 0;
    int64_t size = 0, modified = 0, changed = 0;
    bool operator==(const Stamp&) const = default;
  };
  struct Entry {
    std::optional<FileState> state;
    std::optional<Stamp> stamp;
    std::optional<base::Duration> touchedAt;  ///< time since boot; it has to be read when it has settled
    std::string problem;
  };

  static Stamp stampOf(const std::string& path);
  static Stamp stampOf(const struct stat& found);
  void notice(const WatchedFile& file, Entry& entry);
  std::optional<FileNews> read(const WatchedFile& file, Entry& entry);
  base::Result<std::string> bytesOf(const std::string& path, Stamp& stamp) const;
  void complain(const WatchedFile& file, Entry& entry, const base::Error& error);

  const std::vector<WatchedFile> m_files;
  const base::Clock& m_clock;
  const Options m_options;
  std::optional<Watcher> m_watcher;  ///< none: polling alone
  std::map<std::string, Entry> m_entries;
  std::vector<FileProblem> m_problems;
  base::Duration m_next{0};  ///< time since boot of the next look without a notice
};

}  // namespace aiops::sources
