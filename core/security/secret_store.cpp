// SPDX-License-Identifier: GPL-3.0-or-later
#include "security/secret_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>

#include "base/bytes.h"
#include "base/fd.h"

namespace aiops::security {

using base::ErrorCode;
using base::fail;
using base::failErrno;
using base::Result;
using nlohmann::json;

namespace {

constexpr size_t kLargestFile = 1u << 20;
constexpr size_t kLargestSecret = 4096;

}  // namespace

SecretStore::SecretStore(std::filesystem::path home, SecretKeeper& keeper)
    : m_home(std::move(home)), m_keeper(keeper) {}

Result<SecretStore::Kept> SecretStore::load() const {
  const std::string where = file().string();
  const base::Fd fd(::open(where.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat info = {};
  if (!fd.valid() && errno == ENOENT) return Kept{};
  if (!fd.valid() || ::fstat(fd.get(), &info) != 0) return failErrno(errno, "can't read the secrets", where);
  if (!S_ISREG(info.st_mode) || info.st_uid != ::geteuid()) {
    return fail(ErrorCode::PermissionDenied, "the secrets' file is not this user's own", where, "remove it");
  }
  if ((info.st_mode & 077) != 0 && ::fchmod(fd.get(), 0600) != 0) {
    return failErrno(errno, "others can read the secrets", where, "chmod 600 it");
  }
  auto bytes = base::readFile("/proc/self/fd/" + std::to_string(fd.get()), kLargestFile);
  if (!bytes) return fail(bytes.error().code, "can't read the secrets: " + bytes.error().what, where);
  Kept kept;
  // The parser's own words could repeat the file.
  const auto damaged = [&] {
    return fail(ErrorCode::Corrupt, "the secrets' file is damaged", where, "remove it");
  };
  const json root = json::parse(*bytes, nullptr, false);
  if (!root.is_object() || !root.contains("file") || !root.contains("key_ring")) return damaged();
  if (!root["file"].is_object() || !root["key_ring"].is_array()) return damaged();
  for (const auto& [name, value] : root["file"].items()) {
    if (!value.is_string()) return damaged();
    kept.inFile[name] = value.get<std::string>();
  }
  for (const auto& name : root["key_ring"]) {
    if (!name.is_string()) return damaged();
    kept.inRing.insert(name.get<std::string>());
  }
  return kept;
}

Result<> SecretStore::save(const Kept& kept) const {
  if (kept.inFile.empty() && kept.inRing.empty()) {
    if (::unlink(file().c_str()) == 0 || errno == ENOENT) return {};
    return failErrno(errno, "can't remove the secrets' file", file().string());
  }
  const json root{{"file", kept.inFile}, {"key_ring", kept.inRing}};
  return base::writeFileAtomic(file(), root.dump(1) + "\n", 0600);
}

Result<std::vector<StoredSecret>> SecretStore::list() {
  base::MutexLock lock(m_mutex);
  const auto kept = load();
  if (!kept) return std::unexpected(kept.error());
  std::vector<StoredSecret> out;
  for (const auto& name : kept->inRing) out.push_back({name, "key ring"});
  for (const auto& [name, value] : kept->inFile) out.push_back({name, "file " + file().string() + " (0600)"});
  return out;
}

Result<std::string> SecretStore::read(const std::string& name) {
  base::MutexLock lock(m_mutex);
  const auto kept = load();
  if (!kept) return std::unexpected(kept.error());
  if (const auto found = kept->inFile.find(name); found != kept->inFile.end()) return found->second;
  if (kept->inRing.contains(name)) return m_keeper.read(entryName(name));
  return fail(ErrorCode::NotFound, "no such secret is kept", name);
}

Result<std::string> SecretStore::write(const std::string& name, const std::string& value, Place place) {
  if (value.empty() || value.size() > kLargestSecret || value.find('\0') != std::string::npos ||
      base::toValidUtf8(value) != value) {
    return fail(ErrorCode::InvalidInput, "this can't be kept as a secret", name,
                "give 1 to 4096 bytes of text");
  }
  base::MutexLock lock(m_mutex);
  auto kept = load();
  if (!kept) return std::unexpected(kept.error());
  bool inRing = false;
  if (place == Place::Best) {
    const auto written = m_keeper.write(entryName(name), value);
    inRing = written.has_value();
    if (!written && written.error().code != ErrorCode::Unavailable) return std::unexpected(written.error());
  }
  const bool wasInRing = kept->inRing.erase(name) > 0;
  kept->inFile.erase(name);
  if (inRing) {
    kept->inRing.insert(name);
  } else {
    kept->inFile[name] = value;
  }
  if (auto saved = save(*kept); !saved) return std::unexpected(saved.error());
  if (wasInRing && !inRing) (void)m_keeper.remove(entryName(name));  // the file's value counts already
  return inRing ? std::string("key ring") : "file " + file().string() + " (0600)";
}

Result<> SecretStore::remove(const std::string& name) {
  base::MutexLock lock(m_mutex);
  auto kept = load();
  if (!kept) return std::unexpected(kept.error());
  const bool inFile = kept->inFile.erase(name) > 0;
  if (!inFile && !kept->inRing.contains(name))
    return fail(ErrorCode::NotFound, "no such secret is kept", name);
  if (kept->inRing.contains(name)) {
    const auto removed = m_keeper.remove(entryName(name));
    if (!removed && removed.error().code != ErrorCode::NotFound) return removed;
    kept->inRing.erase(name);
  }
  return save(*kept);
}

}  // namespace aiops::security
