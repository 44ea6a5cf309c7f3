// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/instance_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>

#include <nlohmann/json.hpp>

namespace aiops::storage {

using base::ErrorCode;
using base::fail;
using base::failErrno;
using base::Result;
namespace fs = std::filesystem;

namespace {

constexpr size_t kRecordBytes = 512;  // one write of constant length: a reader never sees half a record

fs::path lockFile(const fs::path& home) {
  return home / "lock";
}

// An "open file description" lock (fcntl(2)): like flock, it belongs to the descriptor and ends with it, but
// it can also be asked about without being taken.
struct flock wholeFile(short type) {
  struct flock lock = {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

Holder readHolder(int fd) {
  std::array<char, kRecordBytes> buffer{};
  const ssize_t count = pread(fd, buffer.data(), buffer.size(), 0);
  if (count <= 0) return {};
  const auto json = nlohmann::json::parse(buffer.data(), buffer.data() + count, nullptr, false);
  Holder holder;
  if (!json.is_object()) return holder;
  if (const auto pid = json.find("pid"); pid != json.end() && pid->is_number_integer()) holder.pid = *pid;
  if (const auto url = json.find("endpoint"); url != json.end() && url->is_string()) holder.endpoint = *url;
  return holder;
}

std::unexpected<base::Error> heldBy(const Holder& holder, const fs::path& home) {
  std::string who = holder.pid ? "pid " + std::to_string(holder.pid) : "just starting";
  if (!holder.endpoint.empty()) who += ", " + holder.endpoint;
  return fail(ErrorCode::Conflict, "home " + home.string() + " is held by another instance (" + who + ")", {},
              "stop it, or set AIOPS_HOME to another directory");
}

}  // namespace

Result<InstanceLock> InstanceLock::acquire(const fs::path& home) {
  base::Fd fd(open(lockFile(home).c_str(), O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd.valid()) return failErrno(errno, "can't open the lock file", lockFile(home).string());
  struct flock lock = wholeFile(F_WRLCK);
  if (fcntl(fd.get(), F_OFD_SETLK, &lock) != 0) {
    if (errno == EAGAIN || errno == EACCES) return heldBy(readHolder(fd.get()), home);
    return failErrno(errno, "can't lock the home", lockFile(home).string());
  }
  InstanceLock held(std::move(fd));
  if (auto written = held.write({getpid(), {}}); !written) return std::unexpected(written.error());
  return held;
}

Result<> InstanceLock::write(const Holder& holder) {
  std::string record = nlohmann::json{{"pid", holder.pid}, {"endpoint", holder.endpoint}}.dump(
      -1, ' ', false, nlohmann::json::error_handler_t::replace);
  if (record.size() > kRecordBytes)
    return fail(ErrorCode::LimitExceeded, "the endpoint is too long", holder.endpoint);
  record.resize(kRecordBytes, ' ');
  record.back() = '\n';
  if (pwrite(m_fd.get(), record.data(), record.size(), 0) == static_cast<ssize_t>(record.size())) return {};
  return failErrno(errno, "can't write the lock file");
}

Result<> InstanceLock::setEndpoint(const std::string& url) {
  return write({getpid(), url});
}

std::optional<Holder> InstanceLock::holder(const fs::path& home) {
  const base::Fd fd(open(lockFile(home).c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return std::nullopt;
  struct flock lock = wholeFile(F_WRLCK);
  if (fcntl(fd.get(), F_OFD_GETLK, &lock) != 0 || lock.l_type == F_UNLCK) return std::nullopt;
  return readHolder(fd.get());
}

}  // namespace aiops::storage
