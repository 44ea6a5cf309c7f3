// SPDX-License-Identifier: GPL-3.0-or-later
#include "security/audit_pages.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/fd.h"
#include "model/json.h"
#include "security/audit_file.h"

namespace aiops::security {
namespace {

using base::Result;

constexpr uint64_t kLinesPerMark = 256;
constexpr size_t kChunk = 1U << 16;

/// Fewer bytes than asked for only at the end of the file.
Result<size_t> readAt(int fd, uint64_t offset, std::array<char, kChunk>& bytes) {
  for (;;) {
    const ssize_t got = ::pread(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (got >= 0) return static_cast<size_t>(got);
    if (errno != EINTR) return base::failErrno(errno, "can't read the audit log");
  }
}

model::AuditEntry entryOf(const std::string& line, uint64_t number) {
  try {
    auto entry = nlohmann::json::parse(line).get<model::AuditEntry>();
    if (entry.sequence == number) return entry;
  } catch (const nlohmann::json::exception&) {
    // Said below.
  }
  return {.sequence = number, .result = "unreadable"};
}

}  // namespace

AuditPages::AuditPages(const std::filesystem::path& directory) : m_file(AuditPaths(directory).log) {}

void AuditPages::forget() {
  m_marks = {0};
  m_lines = m_bytes = 0;
}

Result<> AuditPages::catchUp(int fd) {
  struct stat now{};
  if (::fstat(fd, &now) != 0) return base::failErrno(errno, "can't look at the audit log", m_file.string());
  if (now.st_ino != m_inode || static_cast<uint64_t>(now.st_size) < m_bytes) forget();
  m_inode = now.st_ino;
  std::array<char, kChunk> bytes;
  for (uint64_t offset = m_bytes;;) {
    const auto got = readAt(fd, offset, bytes);
    if (!got) return std::unexpected(got.error());
    if (*got == 0) return {};
    const auto end = bytes.begin() + static_cast<std::ptrdiff_t>(*got);
    for (auto at = std::find(bytes.begin(), end, '\n'); at != end; at = std::find(at + 1, end, '\n')) {
      m_bytes = offset + static_cast<uint64_t>(at - bytes.begin()) + 1;
      if (++m_lines % kLinesPerMark == 0) m_marks.push_back(m_bytes);
    }
    offset += *got;
  }
}

Result<std::vector<std::string>> AuditPages::lines(int fd, uint64_t first, uint64_t last) const {
  std::vector<std::string> found;
  std::array<char, kChunk> bytes;
  uint64_t number = (first - 1) / kLinesPerMark * kLinesPerMark + 1;
  std::string line;
  for (uint64_t offset = m_marks[(first - 1) / kLinesPerMark]; number <= last;) {
    const auto got = readAt(fd, offset, bytes);
    if (!got) return std::unexpected(got.error());
    if (*got == 0) break;
    for (size_t i = 0; i < *got && number <= last; ++i) {
      if (bytes[i] != '\n') {
        if (number >= first) line += bytes[i];
        continue;
      }
      if (number++ >= first) found.push_back(std::exchange(line, {}));
    }
    offset += *got;
  }
  return found;
}

Result<AuditPages::Page> AuditPages::page(uint32_t limit, std::optional<uint64_t> before) {
  const base::Fd fd(::open(m_file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid() && errno == ENOENT) return Page{};
  if (!fd.valid()) return base::failErrno(errno, "can't open the audit log", m_file.string());
  if (auto ready = catchUp(fd.get()); !ready) return std::unexpected(ready.error());
  const uint64_t last = std::min(m_lines, before.value_or(m_lines + 1) - 1);
  Page page{.total = m_lines};
  if (last == 0 || limit == 0 || before == 0U) return page;
  const uint64_t first = last > limit ? last - limit + 1 : 1;
  auto read = lines(fd.get(), first, last);
  if (!read) return std::unexpected(read.error());
  for (size_t i = read->size(); i-- > 0;) page.items.push_back(entryOf((*read)[i], first + i));
  return page;
}

}  // namespace aiops::security
