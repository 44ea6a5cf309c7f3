// Where secrets rest between runs: the desktop's key ring when there is one, else a file that only this user
// can read. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"

namespace aiops::security {

/// A keeper of secrets besides the file. Each call returns within a bound of the implementation: Timeout when
/// the keeper hangs, Unavailable when there is none here, NotFound when it holds no such secret.
class SecretKeeper {
 public:
  virtual ~SecretKeeper() = default;
  virtual base::Result<std::string> read(const std::string& name) = 0;
  virtual base::Result<> write(const std::string& name, const std::string& value) = 0;
  virtual base::Result<> remove(const std::string& name) = 0;
};

struct StoredSecret {
  std::string name;
  std::string keptIn;  ///< "key ring", "file /home/me/.../secrets.json (0600)"
};

/// Keeps `<home>/secrets.json`, mode 0600: the values that are not in the key ring, and the names of those
/// that are, so that a start without secrets asks no key ring. Thread safe; a call may take as long as the
/// keeper's bound. `keeper` must outlive it.
class SecretStore {
 public:
  enum class Place { Best, File };

  SecretStore(std::filesystem::path home, SecretKeeper& keeper);

  base::Result<std::vector<StoredSecret>> list() AIOPS_EXCLUDES(m_mutex);
  base::Result<std::string> read(const std::string& name) AIOPS_EXCLUDES(m_mutex);
  /// Says where it went. Without a key ring here that is the file; a key ring that hangs or refuses is an
  /// error, so that a secret never lands in a file unasked.
  base::Result<std::string> write(const std::string& name, const std::string& value,
                                  Place place = Place::Best) AIOPS_EXCLUDES(m_mutex);
  base::Result<> remove(const std::string& name) AIOPS_EXCLUDES(m_mutex);

  std::filesystem::path file() const { return m_home / "secrets.json"; }

 private:
  struct Kept {
    std::map<std::string, std::string> inFile;
    std::set<std::string> inRing;
  };
  base::Result<Kept> load() const AIOPS_REQUIRES(m_mutex);
  base::Result<> save(const Kept& kept) const AIOPS_REQUIRES(m_mutex);
  /// Two homes of one user never share an entry.
  std::string entryName(const std::string& name) const { return name + " " + m_home.string(); }

  const std::filesystem::path m_home;
  SecretKeeper& m_keeper;
  base::Mutex m_mutex;
};

}  // namespace aiops::security
