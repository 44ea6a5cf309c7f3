// SPDX-License-Identifier: GPL-3.0-or-later
#include "security/audit_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/bytes.h"
#include "base/fd.h"
#include "model/json.h"

namespace aiops::security {
namespace {

using base::ErrorCode;
using base::Result;
using model::AuditEntry;

/// An entry is a few hundred bytes; a line beyond this is damage.
constexpr size_t kMaxLine = 1u << 20;

std::optional<AuditEntry> parseEntry(std::string_view line) {
  try {
    return nlohmann::json::parse(line).get<AuditEntry>();
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

/// Judges one line as the successor of `head`; the entry, or what is wrong with it.
std::expected<AuditEntry, std::string> judge(std::string_view line, const AuditHead& head,
                                             const VerifyingKey* key) {
  const auto entry = parseEntry(line);
  if (!entry) return std::unexpected("not an entry");
  if (entry->sequence != head.sequence + 1) return std::unexpected("out of order");
  if (entry->previousHash != head.hash) return std::unexpected("does not follow the entry before it");
  AuditEntry again = *entry;
  chain(again, head.sequence, head.hash);
  if (again.hash != entry->hash) return std::unexpected("its hash does not fit its contents");
  // The same meaning in other bytes would leave room for change that no hash sees.
  if (auditLine(*entry) != line) return std::unexpected("not in canonical form");
  if (key && !key->verifies(entry->hash, entry->signature)) return std::unexpected("its signature is wrong");
  return *entry;
}

/// Lines of a file in bounded memory.
class LineReader {
 public:
  explicit LineReader(int fd) : m_fd(fd) {}

  /// The next line without its line feed. Nothing at the end; `rest()` then holds bytes without a line feed.
  Result<std::optional<std::string>> next() {
    for (;;) {
      const auto end = m_buffer.find('\n', m_searched);
      if (end != std::string::npos) {
        std::string line = m_buffer.substr(0, end);
        m_buffer.erase(0, end + 1);
        m_searched = 0;
        return line;
      }
      m_searched = m_buffer.size();
      if (m_buffer.size() > kMaxLine) return std::string(std::move(m_buffer));
      auto more = fill();
      if (!more) return std::unexpected(more.error());
      if (!*more) return std::nullopt;
    }
  }
  const std::string& rest() const { return m_buffer; }

 private:
  Result<bool> fill() {
    std::array<char, 16384> bytes;
    for (;;) {
      const ssize_t got = ::read(m_fd, bytes.data(), bytes.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return base::failErrno(errno, "can't read the audit log");
      m_buffer.append(bytes.data(), static_cast<size_t>(got));
      return got > 0;
    }
  }

  const int m_fd;
  std::string m_buffer;
  size_t m_searched = 0;
};

}  // namespace

AuditPaths::AuditPaths(const std::filesystem::path& directory)
    : log(directory / "audit.jsonl"),
      head(directory / "audit.head"),
      privateKey(directory / "audit.key"),
      publicKey(directory / "audit.pub") {}

std::string auditLine(const AuditEntry& entry) {
  // nlohmann's object is a std::map: keys come out sorted.
  return nlohmann::json(entry).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void chain(AuditEntry& entry, uint64_t previousSequence, const std::string& previousHash) {
  entry.sequence = previousSequence + 1;
  entry.previousHash = previousHash;
  entry.at = std::chrono::floor<std::chrono::milliseconds>(entry.at);
  for (auto* text : {&entry.who, &entry.what, &entry.target, &entry.why, &entry.result, &entry.incident}) {
    *text = base::toValidUtf8(*text);
  }
  nlohmann::json json = entry;
  json.erase("hash");
  json.erase("signature");
  entry.hash = base::sha256Hex(previousHash + '\n' + std::to_string(entry.sequence) + '\n' +
                               json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n');
}

std::string headText(const AuditHead& head) {
  return "audit head " + std::to_string(head.sequence) + ' ' + head.hash;
}

std::string headFile(const AuditHead& head, const std::string& signature) {
  return nlohmann::json{{"sequence", head.sequence}, {"hash", head.hash}, {"signature", signature}}.dump() +
         '\n';
}

Result<AuditHead> readHead(const std::filesystem::path& file, const VerifyingKey& key) {
  const auto bad = [&](const char* what) { return base::fail(ErrorCode::Corrupt, what, file.string()); };
  const auto text = base::readFile(file, 4096);
  if (!text) return bad("the head of the audit chain can't be read");
  AuditHead head;
  std::string signature;
  try {
    const auto json = nlohmann::json::parse(*text);
    head = {json.at("sequence").get<uint64_t>(), json.at("hash").get<std::string>()};
    signature = json.at("signature").get<std::string>();
  } catch (const nlohmann::json::exception&) {
    return bad("the head of the audit chain is not readable");
  }
  if (headFile(head, signature) != *text) return bad("the head of the audit chain is not in canonical form");
  if (!key.verifies(headText(head), signature))
    return bad("the signature of the audit chain's head is wrong");
  return head;
}

Result<AuditWalk> walkAudit(const std::filesystem::path& log, const VerifyingKey* key,
                            const std::optional<AuditHead>& noted,
                            const std::function<bool(const AuditEntry&)>& visit) {
  AuditWalk walk;
  walk.sawNoted = !noted || (noted->sequence == 0 && noted->hash.empty());
  const base::Fd fd(::open(log.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid() && errno == ENOENT) return walk;
  if (!fd.valid()) return base::failErrno(errno, "can't open the audit log", log.string());
  LineReader reader(fd.get());
  for (;;) {
    auto line = reader.next();
    if (!line) return std::unexpected(line.error());
    if (!*line) break;
    auto entry = judge(**line, walk.head, key);
    if (!entry) {
      walk.problem = entry.error();
      return walk;
    }
    walk.previousHash = walk.head.hash;
    walk.head = {entry->sequence, entry->hash};
    walk.goodBytes += (*line)->size() + 1;
    walk.sawNoted = walk.sawNoted || (noted->sequence == entry->sequence && noted->hash == entry->hash);
    if (visit && !visit(*entry)) return walk;
  }
  walk.torn = !reader.rest().empty();
  return walk;
}

}  // namespace aiops::security
