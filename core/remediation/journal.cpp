// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/bytes.h"
#include "model/json.h"
#include "remediation/plan_codec.h"

namespace aiops::remediation {
namespace {

using base::ErrorCode;
using base::fail;

constexpr std::array<std::string_view, 13> kKindNames{
    "session",     "approval",     "void",        "claim", "intent", "started", "result",
    "undo_intent", "undo_started", "undo_result", "state", "lock",   "unlock"};
constexpr size_t kHeaderBytes = 12;
constexpr size_t kMaxRecordBytes = 16u << 20;
constexpr size_t kMaxFileBytes = 1u << 30;

constexpr std::array<uint32_t, 256> makeCrcTable() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) ? 0xEDB88320u : 0u);
    table[i] = value;
  }
  return table;
}

/// CRC-32 as in IEEE 802.3.
uint32_t crc32(std::string_view bytes) {
  static constexpr auto kTable = makeCrcTable();
  uint32_t crc = ~0u;
  for (const unsigned char c : bytes) crc = (crc >> 8) ^ kTable[(crc ^ c) & 255];
  return ~crc;
}

void putU32(std::string& out, uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>((value >> shift) & 255);
}

uint32_t getU32(std::string_view bytes) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i)
    value |= static_cast<uint32_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  return value;
}

std::string frame(const std::string& payload) {
  std::string out;
  putU32(out, static_cast<uint32_t>(payload.size()));
  putU32(out, crc32(payload));
  putU32(out, crc32(out));
  return out + payload;
}

bool allZero(std::string_view bytes) {
  return bytes.find_first_not_of('\0') == std::string_view::npos;
}

base::Result<> syncDirectory(const std::filesystem::path& directory) {
  const base::Fd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd.valid() || ::fsync(fd.get()) != 0)
    return base::failErrno(errno, "can't sync directory", directory.string());
  return {};
}

base::Result<JournalRecord> decode(std::string_view payload, const std::string& where) {
  if (nestsDeeperThan(payload, 8)) return fail(ErrorCode::Corrupt, "journal record nests too deep", where);
  try {
    return nlohmann::json::parse(payload).get<JournalRecord>();
  } catch (const std::exception& error) {
    return fail(ErrorCode::Corrupt, std::string("journal record can't be read: ") + error.what(), where);
  }
}

}  // namespace

std::string_view toString(RecordKind kind) {
  return kKindNames[static_cast<size_t>(kind)];
}

AIOPS_DEFINE_ENUM_JSON(RecordKind, RecordKind::Unlock)
AIOPS_DEFINE_JSON(JournalRecord, sequence, kind, at, planHash, step, attempt, state, fence, ok, touched,
                  recovered, exitCode, pid, startTime, digest, output, detail, who, target, bootId,
                  expiresBoot, planBytes, prior)

base::Result<std::unique_ptr<Journal>> Journal::open(const std::filesystem::path& file) {
  base::Fd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd.valid()) return base::failErrno(errno, "can't open the journal", file.string());
  if (auto synced = syncDirectory(file.parent_path()); !synced) return std::unexpected(synced.error());
  std::unique_ptr<Journal> journal(new Journal(std::move(fd), file.string()));
  if (auto loaded = journal->load(); !loaded) return std::unexpected(loaded.error());
  return journal;
}

base::Result<> Journal::load() {
  const auto bytes = base::readFile(m_path, kMaxFileBytes);
  if (!bytes) return std::unexpected(bytes.error());
  std::string_view rest = *bytes;
  while (!rest.empty()) {
    const size_t offset = bytes->size() - rest.size();
    const std::string where = m_path + " at byte " + std::to_string(offset);
    if (rest.size() < kHeaderBytes || allZero(rest)) return cutTail(offset, rest.size());
    if (crc32(rest.substr(0, 8)) != getU32(rest.substr(8)))
      return fail(ErrorCode::Corrupt, "journal is damaged", where);
    const size_t length = getU32(rest);
    if (rest.size() < kHeaderBytes + length) return cutTail(offset, rest.size());
    const std::string_view payload = rest.substr(kHeaderBytes, length);
    if (crc32(payload) != getU32(rest.substr(4)))
      return fail(ErrorCode::Corrupt, "journal is damaged", where);
    auto record = decode(payload, where);
    if (!record) return std::unexpected(record.error());
    if (record->sequence != m_records.size() + 1) return fail(ErrorCode::Corrupt, "journal has a gap", where);
    take(*std::move(record));
    rest.remove_prefix(kHeaderBytes + length);
  }
  m_size = bytes->size();
  return {};
}

base::Result<> Journal::cutTail(size_t whole, size_t torn) {
  if (::ftruncate(m_fd.get(), static_cast<off_t>(whole)) != 0 || ::fsync(m_fd.get()) != 0) {
    return base::failErrno(errno, "can't remove a torn record", m_path);
  }
  m_size = whole;
  m_notice = "removed a torn record of " + std::to_string(torn) + " bytes from the journal";
  return {};
}

void Journal::take(JournalRecord record) {
  apply(m_state, record);
  m_records.push_back(std::move(record));
}

base::Result<> Journal::append(JournalRecord record) {
  if (m_failed) return fail(ErrorCode::Io, "the journal failed before", m_path);
  record.sequence = m_records.size() + 1;
  record.output = base::toValidUtf8(record.output);
  record.detail = base::toValidUtf8(record.detail);
  const std::string bytes =
      frame(nlohmann::json(record).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  if (bytes.size() > kMaxRecordBytes)
    return fail(ErrorCode::LimitExceeded, "journal record is too large", m_path);
  if (auto written = base::writeAll(m_fd.get(), bytes); !written) {
    if (::ftruncate(m_fd.get(), static_cast<off_t>(m_size)) != 0) m_failed = true;
    return written;
  }
  if (::fdatasync(m_fd.get()) != 0) {
    m_failed = true;
    return base::failErrno(errno, "can't sync the journal", m_path);
  }
  m_size += bytes.size();
  take(std::move(record));
  return {};
}

}  // namespace aiops::remediation
