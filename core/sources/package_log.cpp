// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/package_log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "base/fd.h"
#include "base/zone_time.h"

namespace aiops::sources {
namespace {

constexpr uint64_t kFirstBytes = 256u << 10;
constexpr size_t kBytesAtOnce = 256u << 10;
constexpr size_t kLongestWord = 120;

std::string_view word(std::string_view& rest) {
  const auto first = std::min(rest.find_first_not_of(' '), rest.size());
  rest.remove_prefix(first);
  const auto out = rest.substr(0, rest.find(' '));
  rest.remove_prefix(out.size());
  return out;
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "2026-11-22" and "20:35:23".
std::optional<std::chrono::local_seconds> stampOf(std::string_view day, std::string_view time) {
  if (day.size() != 10 || time.size() != 8 || day[4] != '-' || day[7] != '-' || time[2] != ':' ||
      time[5] != ':')
    return std::nullopt;
  const auto year = number(day.substr(0, 4)), month = number(day.substr(5, 2)),
             date = number(day.substr(8, 2));
  const auto hour = number(time.substr(0, 2)), minute = number(time.substr(3, 2)),
             second = number(time.substr(6));
  if (!year || !month || !date || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day whole{std::chrono::year(*year), std::chrono::month(unsigned(*month)),
                                          std::chrono::day(unsigned(*date))};
  if (!whole.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return std::chrono::local_days(whole) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second);
}

bool isName(std::string_view text) {
  return !text.empty() && text.size() <= kLongestWord && std::ranges::all_of(text, [](unsigned char c) {
    return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '+' || c == '-' || c == '.';
  });
}

/// A version by Debian's rules; "<none>" is empty.
std::optional<std::string> versionIn(std::string_view text) {
  if (text == "<none>") return std::string();
  const bool good =
      !text.empty() && text.size() <= kLongestWord && std::ranges::all_of(text, [](unsigned char c) {
        return std::isalnum(c) != 0 || std::string_view(".+-~:").contains(static_cast<char>(c));
      });
  return good ? std::optional(std::string(text)) : std::nullopt;
}

}  // namespace

std::optional<PackageChange> packageChangeIn(std::string_view line, const base::ZoneRule& zone) {
  static constexpr std::array<std::string_view, 3> kVerbs = {"upgrade", "install", "remove"};
  const auto day = word(line), time = word(line), verb = word(line), name = word(line);
  if (std::ranges::find(kVerbs, verb) == kVerbs.end()) return std::nullopt;
  const auto stamp = stampOf(day, time);
  const auto package = name.substr(0, name.find(':'));
  const auto from = versionIn(word(line)), to = versionIn(word(line));
  if (!stamp || !isName(package) || !from || !to || !line.empty()) return std::nullopt;
  return PackageChange{.at = base::momentOf(zone, *stamp),
                       .verb = std::string(verb),
                       .package = std::string(package),
                       .from = *from,
                       .to = *to};
}

std::vector<PackageChange> PackageLog::look() {
  const base::Fd fd(::open(m_path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat found{};
  if (!fd.valid() || ::fstat(fd.get(), &found) != 0 || !S_ISREG(found.st_mode)) return {};
  const auto size = static_cast<uint64_t>(found.st_size);
  if (!m_inode) m_offset = size - std::min(size, kFirstBytes);
  if ((m_inode && *m_inode != found.st_ino) || size < m_offset) m_offset = 0;
  m_inode = found.st_ino;
  std::string bytes(std::min<uint64_t>(size - m_offset, kBytesAtOnce), '\0');
  const ssize_t got = ::pread(fd.get(), bytes.data(), bytes.size(), static_cast<off_t>(m_offset));
  if (got <= 0) return {};
  bytes.resize(static_cast<size_t>(got));
  auto end = bytes.rfind('\n');
  if (end == std::string::npos && bytes.size() < kBytesAtOnce) return {};  // the line is not whole yet
  if (end == std::string::npos) end = bytes.size() - 1;                    // nor will it ever be one of ours
  bytes.resize(end + 1);
  m_offset += bytes.size();
  std::vector<PackageChange> out;
  for (std::string_view rest = bytes; !rest.empty();) {
    const auto line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (auto change = packageChangeIn(line, m_zone)) out.push_back(*std::move(change));
  }
  return out;
}

}  // namespace aiops::sources
