// SPDX-License-Identifier: GPL-3.0-or-later
#include "correlation/change_reader.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

#include "base/bytes.h"

namespace aiops::correlation {
namespace {

using model::ChangeKind;

constexpr size_t kMostKept = 20'000;
constexpr size_t kLongestName = 80;

/// Lines of one change, and the same again so shortly after, are one.
constexpr std::chrono::seconds kOneRestart{60};
constexpr std::chrono::seconds kOneReload{30};
constexpr std::chrono::minutes kOneJob{30};

struct Row {
  std::string_view signal;
  ChangeKind kind;
  std::string_view what;
  std::chrono::seconds apart;
};

constexpr std::array<Row, 7> kRows = {{
    {"config_reloaded", ChangeKind::ConfigFile, "read its configuration anew", kOneReload},
    {"deployed", ChangeKind::Deployment, "was deployed anew", kOneRestart},
    {"job_started", ChangeKind::ScheduledJob, "ran a scheduled job", kOneJob},
    {"service_restarted", ChangeKind::Restart, "was started", kOneRestart},
    {"service_started", ChangeKind::Restart, "was started", kOneRestart},
    {"service_stopped", ChangeKind::Restart, "was stopped or restarted", kOneRestart},
    {"service_stopping", ChangeKind::Restart, "was stopped or restarted", kOneRestart},
}};

const Row* rowOf(std::string_view signal) {
  const auto row = std::ranges::find(kRows, signal, &Row::signal);
  return row == kRows.end() ? nullptr : &*row;
}

/// A name out of a line, quoted and cut.
std::string quoted(const std::string& text) {
  return "\"" + base::validUtf8Prefix(text, kLongestName) + "\"";
}

std::string captured(const model::Event& event, const char* name) {
  const auto found = event.captures.find(name);
  return found == event.captures.end() ? std::string() : base::validUtf8Prefix(found->second, kLongestName);
}

/// The same event gives the same id, also when it is seen again.
model::Change madeOf(const model::Event& event, ChangeKind kind, std::string what) {
  model::Change change{.at = event.first, .service = event.service, .kind = kind, .what = std::move(what)};
  if (!event.evidence.empty()) {
    change.evidence = event.evidence.front();
    change.source = change.evidence->source;
  }
  const auto seen = change.evidence ? change.evidence->id : event.id.str();
  change.id = base::sha256Hex(std::string(toString(kind)) + '\n' + seen).substr(0, 32);
  return change;
}

}  // namespace

std::string maskedLine(const model::Event& event) {
  std::string out;
  if (event.evidence.empty()) return out;
  for (const char c : event.evidence.front().text) {
    const bool digit = std::isdigit(static_cast<unsigned char>(c)) != 0;
    if (!digit) {
      out += c;
    } else if (out.empty() || out.back() != '#') {
      out += '#';
    }
  }
  return out;
}

/// The version before, if this start names another one than the same line did the last time.
std::optional<std::string> ChangeReader::otherVersion(const model::Event& event) {
  const auto version = event.captures.find("version");
  if (event.signal != "service_started" || version == event.captures.end()) return std::nullopt;
  if (m_versions.size() >= kMostKept) m_versions.clear();
  auto& last = m_versions[{event.service, maskedLine(event)}];
  const auto before = std::exchange(last, version->second);
  if (before.empty() || before == version->second) return std::nullopt;
  return before;
}

/// `goesOn`: what comes again and again is no news as long as it does.
bool ChangeReader::isNews(const Same& same, base::TimePoint at, base::Duration apart, bool goesOn) {
  if (m_last.size() >= kMostKept) m_last.clear();
  const auto [known, isNew] = m_last.try_emplace(same, at);
  const bool news = isNew || std::chrono::abs(at - known->second) >= apart;
  if (news || goesOn) known->second = at;
  return news;
}

std::optional<model::Change> ChangeReader::read(const model::Event& event) {
  const auto* row = rowOf(event.signal);
  if (row == nullptr || event.service.empty()) return std::nullopt;
  const std::string kind(toString(row->kind));
  if (const auto before = otherVersion(event)) {
    isNews({event.service, kind}, event.first, row->apart, false);  // the start is told by this
    auto change = madeOf(event, ChangeKind::Version, "was started with another version");
    change.from = base::validUtf8Prefix(*before, kLongestName);
    change.to = captured(event, "version");
    return change;
  }
  const auto job = captured(event, "job");
  if (!isNews({event.service, kind + job}, event.first, row->apart, row->kind == ChangeKind::ScheduledJob))
    return std::nullopt;
  auto change = madeOf(event, row->kind, std::string(row->what));
  if (!job.empty()) change.what += " " + quoted(job);
  change.to = captured(event, "version");
  return change;
}

void ChangeReader::remember(const model::Change& change) {
  if (change.kind != ChangeKind::Restart && change.kind != ChangeKind::Version) return;
  auto& last = m_last[{change.service, std::string(toString(ChangeKind::Restart))}];
  last = std::max(last, change.at);
  if (!change.to.empty() && change.evidence) {
    const model::Event told{.service = change.service, .evidence = {*change.evidence}};
    m_versions[{change.service, maskedLine(told)}] = change.to;
  }
}

}  // namespace aiops::correlation
