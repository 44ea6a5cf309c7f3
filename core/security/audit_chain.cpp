// SPDX-License-Identifier: GPL-3.0-or-later
#include "security/audit_chain.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "base/bytes.h"
#include "base/fd.h"
#include "security/audit_file.h"

namespace aiops::security {
namespace {

using base::ErrorCode;
using base::Fd;
using base::Result;
using model::AuditEntry;

/// How a head file stands to the log.
enum class HeadState { Current, OneBehind, Wrong };

HeadState compare(const AuditHead& head, const AuditWalk& walk) {
  if (head.sequence == walk.head.sequence && head.hash == walk.head.hash) return HeadState::Current;
  const bool behind = head.sequence + 1 == walk.head.sequence && head.hash == walk.previousHash;
  return behind ? HeadState::OneBehind : HeadState::Wrong;
}

base::Error corrupt(const std::string& what, const std::filesystem::path& where) {
  return {ErrorCode::Corrupt, what, where.string(),
          "nothing is executed until this is explained: keep the files, then restore or set them aside"};
}

class FileAuditLog final : public AuditLog {
 public:
  FileAuditLog(AuditPaths paths, Fd log, SigningKey key, AuditWalk walk)
      : m_paths(std::move(paths)), m_log(std::move(log)), m_key(std::move(key)), m_head(walk.head) {}

  Result<AuditEntry> append(AuditEntry entry) override {
    if (m_failed) {
      return base::fail(ErrorCode::Unavailable, "the audit log failed before and is closed",
                        m_paths.log.string());
    }
    chain(entry, m_head.sequence, m_head.hash);
    entry.signature = m_key.sign(entry.hash);
    if (entry.signature.empty()) return base::fail(ErrorCode::Internal, "can't sign an audit entry");
    m_failed = true;  // until all of it is on disk; a sync is never tried twice
    if (auto written = base::writeAll(m_log.get(), auditLine(entry) + '\n'); !written) {
      return std::unexpected(written.error());
    }
    if (::fsync(m_log.get()) != 0)
      return base::failErrno(errno, "can't sync the audit log", m_paths.log.string());
    m_head = {entry.sequence, entry.hash};
    if (auto written = writeHead(); !written) return std::unexpected(written.error());
    m_failed = false;
    return entry;
  }

  const std::string& notice() const override { return m_notice; }

  Result<> writeHead() {
    return base::writeFileAtomic(m_paths.head, headFile(m_head, m_key.sign(headText(m_head))), 0644);
  }
  /// Cuts what follows the good entries.
  Result<> cutTo(uint64_t bytes) {
    if (::ftruncate(m_log.get(), static_cast<off_t>(bytes)) != 0 || ::fsync(m_log.get()) != 0) {
      return base::failErrno(errno, "can't cut a torn line", m_paths.log.string());
    }
    addNotice("The last audit line was torn by a crash and has been cut off.");
    return {};
  }
  void addNotice(const std::string& text) { m_notice += (m_notice.empty() ? "" : " ") + text; }

 private:
  const AuditPaths m_paths;
  const Fd m_log;
  const SigningKey m_key;
  AuditHead m_head;
  std::string m_notice;
  bool m_failed = false;
};

Result<Fd> openLocked(const std::filesystem::path& file) {
  Fd fd(::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd.valid()) return base::failErrno(errno, "can't open the audit log", file.string());
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    return base::fail(ErrorCode::Conflict, "another process writes this audit log", file.string());
  }
  return fd;
}

/// Brings log and head together after a crash, or says that they don't belong together.
Result<> settle(FileAuditLog& log, const AuditPaths& paths, const AuditWalk& walk, bool headExists) {
  const auto key = VerifyingKey::load(paths.publicKey);
  if (!key) return std::unexpected(key.error());
  if (!headExists) {
    // The head is written before the first entry: without one there can't be entries.
    if (walk.head.sequence != 0 || walk.torn)
      return std::unexpected(corrupt("the audit chain has lost its head", paths.head));
    return log.writeHead();
  }
  const auto head = readHead(paths.head, *key);
  if (!head) return std::unexpected(head.error());
  const auto state = compare(*head, walk);
  // A torn line means that its append never got to the head: one that is behind as well was not left by a
  // crash.
  if (state == HeadState::Wrong || (walk.torn && state != HeadState::Current)) {
    return std::unexpected(corrupt("the audit chain does not end at its head", paths.log));
  }
  if (walk.torn) return log.cutTo(walk.goodBytes);
  if (state == HeadState::Current) return {};
  log.addNotice("The head of the audit chain was one entry behind after a crash and has been brought up.");
  return log.writeHead();
}

}  // namespace

Result<std::unique_ptr<AuditLog>> AuditLog::open(const std::filesystem::path& directory) {
  const AuditPaths paths(directory);
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error)
    return base::fail(ErrorCode::Io, "can't create the audit directory: " + error.message(),
                      directory.string());
  auto fd = openLocked(paths.log);
  if (!fd) return std::unexpected(fd.error());
  const bool headExists = std::filesystem::exists(std::filesystem::symlink_status(paths.head));
  if (headExists && !std::filesystem::exists(paths.privateKey)) {
    return std::unexpected(corrupt("the signing key of the audit chain is gone", paths.privateKey));
  }
  auto key = SigningKey::loadOrCreate(paths.privateKey, paths.publicKey);
  if (!key) return std::unexpected(key.error());
  const auto publicKey = VerifyingKey::load(paths.publicKey);
  if (!publicKey) return std::unexpected(publicKey.error());
  auto walk = walkAudit(paths.log, &*publicKey, {}, {});
  if (!walk) return std::unexpected(walk.error());
  if (walk->problem) {
    const auto line = std::to_string(walk->head.sequence + 1);
    return std::unexpected(corrupt("audit entry " + line + ": " + *walk->problem, paths.log));
  }
  auto log = std::make_unique<FileAuditLog>(paths, std::move(*fd), std::move(*key), *walk);
  if (auto settled = settle(*log, paths, *walk, headExists); !settled)
    return std::unexpected(settled.error());
  return log;
}

namespace {

/// What verifyAudit() says about one look at the files; nothing if a writer was in the middle of a line.
std::optional<model::AuditVerification> verifyOnce(const AuditPaths& paths, const VerifyingKey& key,
                                                   const std::optional<AuditHead>& notedHead, bool lastLook) {
  // The head before and after the walk: a writer at work moves on meanwhile.
  const auto before = readHead(paths.head, key);
  bool sawHead = before && before->sequence == 0 && before->hash.empty();
  const auto walk = walkAudit(paths.log, &key, notedHead, [&](const AuditEntry& entry) {
    sawHead = sawHead || (before && entry.sequence == before->sequence && entry.hash == before->hash);
    return true;
  });
  const auto after = readHead(paths.head, key);
  if (!walk) return model::AuditVerification{.brokenAt = 1, .problem = walk.error().line(), .headHash = {}};
  if (walk->torn && !lastLook) return std::nullopt;
  const uint64_t last = walk->head.sequence;
  model::AuditVerification found{
      .entries = last, .brokenAt = last + 1, .problem = {}, .headHash = walk->head.hash};
  if (walk->problem) {
    found.problem = *walk->problem;
  } else if (!before || !after) {
    found.problem = (before ? after : before).error().line();
  } else if (!sawHead) {
    found.problem = "the log does not reach its head: entries are missing at the end";
  } else if (after->sequence + 1 < last) {
    found.problem = "the head is older than the log";
    found.brokenAt = after->sequence + 1;
  } else if (!walk->sawNoted) {
    found.problem = "the head noted earlier is not in the log";
    found.brokenAt = notedHead->sequence;
  } else if (walk->torn) {
    found.problem = "the last line is torn";
  } else {
    found.whole = true;
    found.brokenAt = 0;
  }
  return found;
}

}  // namespace

model::AuditVerification verifyAudit(const std::filesystem::path& directory,
                                     const std::optional<AuditHead>& notedHead) {
  const AuditPaths paths(directory);
  const auto key = VerifyingKey::load(paths.publicKey);
  if (!key) return {.brokenAt = 1, .problem = key.error().line(), .headHash = {}};
  for (int look = 0;; ++look) {
    constexpr int kLooks = 5;
    if (auto found = verifyOnce(paths, *key, notedHead, look + 1 == kLooks)) return *found;
  }
}

Result<> readAudit(const std::filesystem::path& directory,
                   const std::function<bool(const AuditEntry&)>& visit) {
  const AuditPaths paths(directory);
  const auto walk = walkAudit(paths.log, nullptr, {}, visit);
  if (!walk) return std::unexpected(walk.error());
  if (!walk->problem) return {};
  return std::unexpected(
      corrupt("audit entry " + std::to_string(walk->head.sequence + 1) + ": " + *walk->problem, paths.log));
}

}  // namespace aiops::security
