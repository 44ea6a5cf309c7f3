// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/journal_feed.h"

#include <fcntl.h>
#include <pwd.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

#include "base/bytes.h"
#include "sources/journal_line.h"

namespace aiops::sources {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kScheme = "journal:";
constexpr size_t kMostTaken = 256 * 1024;   // in one call
constexpr size_t kMostOfData = 128 * 1024;  // of one field that is looked at
constexpr base::Duration kRetry = std::chrono::seconds(5);
constexpr base::Duration kLookAgain = std::chrono::seconds(30);

base::Result<JournalAddress> wrong(const std::string& path, const std::string& what) {
  return base::fail(base::ErrorCode::InvalidInput, what, path,
                    "for example journal: or journal:?unit=nginx.service, and directory=/path for a copy");
}

bool isUnitName(std::string_view name) {
  return !name.empty() && name.size() < 256 &&
         name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:-_.\\@") ==
             std::string_view::npos;
}

struct JournalEnd {
  void operator()(sd_journal* journal) const { sd_journal_close(journal); }
};

uint64_t hexOf(std::string_view cursor, std::string_view key) {
  uint64_t value = 0;
  const auto at = cursor.find(key);
  if (at == std::string_view::npos) return value;
  std::from_chars(cursor.data() + at + key.size(), cursor.data() + cursor.size(), value, 16);
  return value;
}

/// Whether the entry of `next` was written right behind that of `last`.
bool followsAtOnce(std::string_view last, std::string_view next) {
  return last.substr(0, last.find(';')) == next.substr(0, next.find(';')) &&
         hexOf(next, ";i=") == hexOf(last, ";i=") + 1;
}

std::string timeText(uint64_t microseconds) {
  return base::toIso8601(base::TimePoint(base::Duration(static_cast<int64_t>(microseconds))));
}

std::string userName() {
  const auto* entry = ::getpwuid(::geteuid());
  return entry == nullptr ? std::to_string(::geteuid()) : entry->pw_name;
}

struct FoundFiles {
  size_t readable = 0, closed = 0;
  int error = 0;  ///< of the directory
};

void lookInto(const fs::path& directory, bool below, FoundFiles& found) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    const auto name = entry.path().filename().string();
    std::error_code ignored;
    if (below && entry.is_directory(ignored)) {
      lookInto(entry.path(), false, found);
    } else if (name.ends_with(".journal") || name.ends_with(".journal~")) {
      const bool may = ::faccessat(AT_FDCWD, entry.path().c_str(), R_OK, AT_EACCESS) == 0;
      ++(may ? found.readable : found.closed);
    }
  }
  if (error == std::errc::permission_denied) ++found.closed;
  if (error) found.error = error.value();
}

}  // namespace

bool isJournalAddress(const std::string& path) {
  return path.starts_with(kScheme);
}

base::Result<JournalAddress> parseJournalAddress(const std::string& path) {
  if (!isJournalAddress(path)) return wrong(path, "this is no address of a journal");
  auto rest = std::string_view(path).substr(kScheme.size());
  JournalAddress out;
  if (!rest.empty() && rest.front() != '?') return wrong(path, "behind journal: comes nothing or a '?'");
  rest.remove_prefix(rest.empty() ? 0 : 1);
  while (!rest.empty()) {
    const auto part = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    const auto equals = std::min(part.find('='), part.size());
    const auto name = part.substr(0, equals);
    std::string value(part.substr(std::min(equals + 1, part.size())));
    if (name == "unit" && isUnitName(value)) {
      if (value.find('.') == std::string::npos) value += ".service";
      out.units.push_back(std::move(value));
    } else if (name == "directory" && value.starts_with('/')) {
      out.directory = std::move(value);
    } else if (name == "unit" || name == "directory") {
      return wrong(path, "'" + value + "' is no " +
                             (name == "unit" ? "name of a unit" : "absolute path of a directory"));
    } else {
      return wrong(path, "unknown option '" + std::string(name) + "'");
    }
  }
  return out;
}

class JournalFeed::Impl {
 public:
  Impl(JournalAddress wanted, bool fromBeginning) : address(std::move(wanted)), history(fromBeginning) {}

  JournalAddress address;
  bool history;
  std::unique_ptr<sd_journal, JournalEnd> journal;
  int fd = -1;
  std::string last;                      ///< cursor of the newest entry that was taken
  std::optional<base::TimePoint> since;  ///< without `last`: begin here
  bool checkGap = false;                 ///< before the next entry
  bool waiting = false;                  ///< the journal stands on an entry that was not taken
  std::string problem;
  std::optional<base::Duration> triedAt;
  uint64_t cut = 0, gaps = 0;
  std::vector<model::HealthEvent> health;

  bool open(base::Duration now, base::TimePoint wall);
  int openFiles();
  int addMatches();
  int addUnit(const std::string& unit);
  std::string whatIsWrong(bool& partly) const;
  int seekFirst(base::TimePoint wall);
  int seekBehindLast();
  bool next(base::TimePoint wall);
  bool addEntry(std::string& into, base::TimePoint wall);
  bool readEntry(JournalEntry& entry);
  void noteGap(const JournalEntry& entry, base::TimePoint wall);
  void fail(std::string what, base::TimePoint wall);
  void process();
};

void JournalFeed::Impl::fail(std::string what, base::TimePoint wall) {
  journal.reset();
  fd = -1;
  waiting = false;
  if (std::exchange(problem, what) == what) return;
  health.push_back({wall, model::Severity::Error, "source", "the journal can't be read: " + what,
                    "It is tried again every few seconds, and goes on where it stopped."});
}

int JournalFeed::Impl::openFiles() {
  sd_journal* opened = nullptr;
  const int result = address.directory.empty()
                         ? sd_journal_open(&opened, SD_JOURNAL_LOCAL_ONLY)
                         : sd_journal_open_directory(&opened, address.directory.c_str(), 0);
  journal.reset(result < 0 ? nullptr : opened);
  return result;
}

/// What the unit wrote, what systemd says of it, and its core dumps, as `journalctl -u` has it. Who wrote an
/// entry is what journald says, not the writer.
int JournalFeed::Impl::addUnit(const std::string& unit) {
  const std::array<std::vector<std::string>, 4> ways = {{{"_SYSTEMD_UNIT=" + unit},
                                                         {"_PID=1", "UNIT=" + unit},
                                                         {"_UID=0", "OBJECT_SYSTEMD_UNIT=" + unit},
                                                         {"_UID=0", "COREDUMP_UNIT=" + unit}}};
  for (const auto& way : ways) {
    for (const auto& match : way) {
      if (const int added = sd_journal_add_match(journal.get(), match.data(), match.size()); added < 0)
        return added;
    }
    if (const int added = sd_journal_add_disjunction(journal.get()); added < 0) return added;
  }
  return 0;
}

int JournalFeed::Impl::addMatches() {
  for (const auto& unit : address.units) {
    if (const int added = addUnit(unit); added < 0) return added;
  }
  return 0;
}

/// Why nothing can be read, or only a part (then `partly`); or empty.
std::string JournalFeed::Impl::whatIsWrong(bool& partly) const {
  FoundFiles found;
  if (!address.directory.empty()) {
    lookInto(address.directory, true, found);
  } else {
    for (const auto* place : {"/var/log/journal", "/run/log/journal"}) lookInto(place, true, found);
  }
  partly = found.readable > 0;
  if (found.closed > 0) {
    const auto user = userName();
    return "the user " + user + " may not read " + (partly ? "all of it" : "it") +
           "; the group systemd-journal may: `sudo usermod -aG systemd-journal " + user +
           "`, then start this program again";
  }
  if (partly) return {};
  if (!address.directory.empty()) {
    const auto why = found.error != 0 ? std::string(": ") + std::strerror(found.error) : std::string();
    return "no journal is in " + address.directory + why;
  }
  return "no journal is kept on this machine (systemd-journald does not run, or its Storage= is none)";
}

int JournalFeed::Impl::seekFirst(base::TimePoint wall) {
  if (!last.empty()) return seekBehindLast();
  if (history) return sd_journal_seek_head(journal.get());
  const auto begin = since.value_or(wall).time_since_epoch().count();
  since = base::TimePoint(base::Duration(begin));  // also when it has to be opened again
  return sd_journal_seek_realtime_usec(journal.get(), static_cast<uint64_t>(std::max<int64_t>(begin, 0)));
}

/// On the entry behind `last`, or on `last`. When that is gone, the journal stands on the first one behind.
int JournalFeed::Impl::seekBehindLast() {
  waiting = checkGap = false;
  if (const int sought = sd_journal_seek_cursor(journal.get(), last.c_str()); sought < 0) return sought;
  const int moved = sd_journal_next(journal.get());
  if (moved < 0) return moved;
  const bool there = moved > 0 && sd_journal_test_cursor(journal.get(), last.c_str()) > 0;
  checkGap = !there;
  waiting = moved > 0 && !there;
  return 0;
}

bool JournalFeed::Impl::open(base::Duration now, base::TimePoint wall) {
  // Without inotify nobody tells of files that come and go: they are seen by opening it again.
  if (journal && fd < 0 && now - *triedAt > kLookAgain) journal.reset();
  if (journal) return true;
  if (triedAt && now - *triedAt < kRetry) return false;
  triedAt = now;
  const int opened = openFiles();
  bool partly = false;
  const auto wrong = whatIsWrong(partly);
  if (opened < 0 || !partly) {
    fail(wrong.empty() ? std::strerror(-opened) : wrong, wall);
    return false;
  }
  sd_journal_set_data_threshold(journal.get(), kMostOfData);
  fd = sd_journal_get_fd(journal.get());  // none: it is looked at once a second
  int ready = addMatches();
  if (ready >= 0) ready = seekFirst(wall);
  if (ready < 0) {
    fail(std::strerror(-ready), wall);
    return false;
  }
  if (std::exchange(problem, wrong) != wrong && !wrong.empty())
    health.push_back({wall, model::Severity::Warning, "source", "the journal: " + wrong, ""});
  return true;
}

/// Takes notice of files that came and went.
void JournalFeed::Impl::process() {
  const int changed = sd_journal_process(journal.get());
  if (changed == SD_JOURNAL_INVALIDATE && !last.empty() && !waiting) seekBehindLast();
}

/// Moves to the next entry; false when there is none.
bool JournalFeed::Impl::next(base::TimePoint wall) {
  if (std::exchange(waiting, false)) return true;
  const int moved = sd_journal_next(journal.get());
  if (moved < 0) fail(std::strerror(-moved), wall);
  return moved > 0;
}

bool JournalFeed::Impl::readEntry(JournalEntry& entry) {
  char* cursor = nullptr;
  sd_id128_t boot{};
  if (sd_journal_get_cursor(journal.get(), &cursor) < 0) return false;
  entry.cursor = cursor;
  std::free(cursor);
  sd_journal_get_monotonic_usec(journal.get(), &entry.monotonic, &boot);
  entry.bootId = base::toHex(std::string_view(reinterpret_cast<const char*>(boot.bytes), sizeof boot.bytes));
  if (sd_journal_get_realtime_usec(journal.get(), &entry.realtime) < 0) return false;
  const void* data = nullptr;
  size_t length = 0;
  sd_journal_restart_data(journal.get());
  while (sd_journal_enumerate_available_data(journal.get(), &data, &length) > 0) {
    const std::string_view field(static_cast<const char*>(data), length);
    const auto equals = field.find('=');
    if (equals == std::string_view::npos) continue;
    entry.fields.emplace_back(field.substr(0, equals), field.substr(equals + 1));
  }
  return true;
}

void JournalFeed::Impl::noteGap(const JournalEntry& entry, base::TimePoint wall) {
  if (followsAtOnce(last, entry.cursor)) return;
  // Of some units: what was removed may have been of others.
  const bool certain = address.units.empty();
  gaps += certain ? 1 : 0;
  health.push_back({wall, certain ? model::Severity::Warning : model::Severity::Info, "source",
                    "the journal: entries between " + timeText(hexOf(last, ";t=")) + " and " +
                        timeText(entry.realtime) + " may be missing: they were removed before they were read",
                    "Let the journal keep more (SystemMaxUse= in journald.conf)."});
}

/// False when the journal ends, or can't be read on.
bool JournalFeed::Impl::addEntry(std::string& into, base::TimePoint wall) {
  if (!next(wall)) return false;
  JournalEntry entry;
  if (!readEntry(entry)) return true;  // removed under our hands: the next one
  if (std::exchange(checkGap, false)) noteGap(entry, wall);
  cut += appendJournalLine(entry, into) ? 1 : 0;
  last = std::move(entry.cursor);
  return true;
}

JournalFeed::JournalFeed(JournalAddress address, bool history)
    : m_impl(std::make_unique<Impl>(std::move(address), history)) {}
JournalFeed::~JournalFeed() = default;

bool JournalFeed::resume(std::string_view lastLine, std::optional<base::TimePoint> since) {
  m_impl->last = cursorOf(lastLine);
  m_impl->since = since;
  return true;
}

int JournalFeed::pollFd() const {
  return m_impl->fd;
}

bool JournalFeed::take(std::string& into, base::Duration now, base::TimePoint wall) {
  auto& impl = *m_impl;
  if (!impl.open(now, wall)) return false;
  impl.process();
  const auto before = into.size();
  while (into.size() - before < kMostTaken && impl.addEntry(into, wall)) continue;
  return into.size() > before;
}

std::string JournalFeed::problem() const {
  return m_impl->problem;
}

std::vector<model::HealthEvent> JournalFeed::takeHealth() {
  return std::exchange(m_impl->health, {});
}

std::map<std::string, uint64_t> JournalFeed::drops() const {
  return {{"cut", m_impl->cut}, {"gaps", m_impl->gaps}};
}

}  // namespace aiops::sources
