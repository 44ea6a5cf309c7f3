// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/source_set.h"

#include <sys/stat.h>

#include <algorithm>

namespace aiops::pipeline {
namespace {

constexpr base::Duration kMarkEvery = std::chrono::minutes(1);
constexpr size_t kRemembered = 10000;

bool isDirectory(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

uint64_t inodeOf(const std::string& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 ? info.st_ino : 0;
}

std::vector<std::unique_ptr<SourceLane>> takeOut(std::vector<std::unique_ptr<SourceLane>>& files,
                                                 const std::function<bool(const SourceLane&)>& leaves) {
  std::vector<std::unique_ptr<SourceLane>> out;
  for (auto& file : files) {
    if (leaves(*file)) out.push_back(std::move(file));
  }
  std::erase(files, nullptr);
  return out;
}

}  // namespace

SourceLane* SourceSet::find(const std::string& path) const {
  const auto found = std::ranges::find_if(m_files, [&](const auto& file) { return file->asked() == path; });
  return found == m_files.end() ? nullptr : found->get();
}

void SourceSet::takePositions(Wanted& wanted, const std::vector<model::SourcePosition>& stored) {
  const auto& path = wanted.source.path;
  const auto isOurs = [&](const std::string& file) {
    return isStream(path) ? file == keptFile(m_options, path)
                          : file == path || (wanted.several && sources::matchesPattern(path, file));
  };
  std::erase_if(m_positions, [&](const auto& entry) { return isOurs(entry.first); });
  for (const auto& position : stored) {
    if (position.source == path && position.inode == 0) {
      wanted.lookedAt = base::TimePoint(base::Duration(static_cast<int64_t>(position.offset)));
    } else if (isOurs(position.source)) {
      m_positions[position.source] = position;
    }
  }
}

void SourceSet::add(LaneSource source, const std::vector<model::SourcePosition>& stored, base::Duration now,
                    base::TimePoint wall) {
  Wanted wanted;
  wanted.source = std::move(source);
  const auto& path = wanted.source.path;
  wanted.several = !isStream(path) && sources::standsForSeveral(path);
  takePositions(wanted, stored);
  if (!wanted.several && !find(path)) open(wanted, path, wanted.source.startAt, wanted.source.history);
  m_wanted.push_back(std::move(wanted));
  if (m_wanted.back().several) look(m_wanted.back(), now, wall);
}

void SourceSet::open(const Wanted& wanted, const std::string& path, sources::StartAt startAt, bool history) {
  auto source = wanted.source;
  const std::string watchedAs = source.path;
  source.path = path;
  source.startAt = startAt;
  source.history = history;
  if (source.service.empty() && m_options.serviceOf) source.service = m_options.serviceOf(path);
  std::optional<model::SourcePosition> stored;
  if (const auto found = m_positions.find(isStream(path) ? keptFile(m_options, path) : path);
      found != m_positions.end()) {
    stored = found->second;
    m_positions.erase(found);
  }
  m_files.push_back(std::make_unique<SourceLane>(std::move(source), watchedAs, m_options, std::move(stored)));
}

std::vector<std::unique_ptr<SourceLane>> SourceSet::remove(const std::string& path) {
  std::erase_if(m_wanted, [&](const Wanted& wanted) { return wanted.source.path == path; });
  auto left = takeOut(m_files, [&](const SourceLane& file) { return file.watchedAs() == path; });
  for (const auto& file : left) remember(*file);  // a glob may stand for it as well
  return left;
}

bool SourceSet::isOlderGeneration(const sources::MatchedFile& file) const {
  const auto slash = file.path.rfind('/');
  const auto base = sources::baseOfRotated(std::string_view(file.path).substr(slash + 1));
  if (!base.empty() && find(file.path.substr(0, slash + 1) + base)) return true;
  const bool held = std::ranges::any_of(
      m_files, [&](const auto& other) { return other->knows({file.device, file.inode, {}, 0, 0}); });
  if (!held) return false;
  const auto opened = sources::FileGeneration::open(file.path);
  return opened &&
         std::ranges::any_of(m_files, [&](const auto& other) { return other->knows((*opened)->identity()); });
}

/// Those that are no source yet and should be one.
std::vector<sources::MatchedFile> SourceSet::newFiles(const sources::Expansion& found) const {
  std::vector<sources::MatchedFile> fresh;
  for (const auto& file : found.files) {
    if (!find(file.path) && !isOlderGeneration(file)) fresh.push_back(file);
  }
  return fresh;
}

/// A file that came since the last look, also one of an earlier run, is new to its beginning.
sources::StartAt SourceSet::beginOf(const Wanted& wanted, const std::string& path) const {
  if (wanted.looked) return sources::StartAt::Beginning;
  if (!wanted.lookedAt) return wanted.source.startAt;
  const auto file = sources::FileGeneration::open(path);
  const auto born =
      file ? base::TimePoint(base::Duration((*file)->identity().born / 1000)) : base::TimePoint();
  return born > *wanted.lookedAt ? sources::StartAt::Beginning : wanted.source.startAt;
}

/// The most recently written ones go first when there is not room for all.
void SourceSet::takeRoom(Wanted& wanted, std::vector<sources::MatchedFile>& files, base::TimePoint wall) {
  const size_t room = m_options.maxFiles - std::min(m_options.maxFiles, m_files.size());
  const bool over = files.size() > room;
  if (over && !wanted.overFull) {
    m_health.push_back({wall, model::Severity::Warning, "source",
                        wanted.source.path + ": " + std::to_string(files.size() - room) +
                            " files too many match; at most " + std::to_string(m_options.maxFiles) +
                            " are watched, the most recently written first",
                        "Name the files more closely."});
  }
  wanted.overFull = over;
  if (!over) return;
  std::ranges::stable_sort(files, std::greater(), &sources::MatchedFile::changed);
  files.resize(room);
}

void SourceSet::setProblem(Wanted& wanted, const std::string& problem, base::TimePoint wall) {
  if (std::exchange(wanted.problem, problem) == problem) return;
  const bool bad = !problem.empty();
  m_health.push_back({wall, bad ? model::Severity::Warning : model::Severity::Info, "source",
                      wanted.source.path + (bad ? ": " + problem : " is there"),
                      bad ? "It is looked for again every second." : ""});
}

void SourceSet::look(Wanted& wanted, base::Duration now, base::TimePoint wall) {
  const auto found = sources::expandPattern(wanted.source.path);
  std::string problem = found.problem;
  if (problem.empty() && found.files.empty()) problem = "no file matches";
  setProblem(wanted, problem, wall);
  for (const auto& file : found.files) {
    if (auto* known = find(file.path)) known->seenAt(now);
  }
  auto fresh = newFiles(found);
  takeRoom(wanted, fresh, wall);
  for (const auto& file : fresh) {
    auto begin = beginOf(wanted, file.path);
    // A file that left and is back under its old inode goes on where it was; another one is a new file.
    const auto left = m_positions.find(file.path);
    const bool another =
        wanted.looked && left != m_positions.end() && left->second.inode != inodeOf(file.path);
    if (another) m_positions.erase(left);
    // What another one was before has been read.
    open(wanted, file.path, begin, wanted.source.history && !another);
    m_files.back()->seenAt(now);
  }
  wanted.changed = wanted.changed || !fresh.empty();
  wanted.looked = true;
}

void SourceSet::remember(const SourceLane& file) {
  if (m_positions.size() >= kRemembered) return;
  if (auto position = file.position()) m_positions[file.asked()] = *std::move(position);
}

/// Files of a glob whose path is gone: they have been read to their end meanwhile.
void SourceSet::dropGone(base::Duration now, std::vector<std::unique_ptr<SourceLane>>& left) {
  auto gone = takeOut(m_files, [&](const SourceLane& file) {
    return file.asked() != file.watchedAs() && now - file.seenAt() >= m_options.forgetAfter;
  });
  for (auto& file : gone) {
    remember(*file);
    left.push_back(std::move(file));
  }
}

void SourceSet::becomeDirectory(Wanted& wanted, std::vector<std::unique_ptr<SourceLane>>& left) {
  wanted.several = true;
  auto taken = takeOut(m_files, [&](const SourceLane& file) { return file.asked() == wanted.source.path; });
  std::ranges::move(taken, std::back_inserter(left));
}

bool SourceSet::scan(base::Duration now, base::TimePoint wall,
                     std::vector<std::unique_ptr<SourceLane>>& left) {
  const size_t before = m_files.size();
  for (auto& wanted : m_wanted) {
    const auto& path = wanted.source.path;
    if (!wanted.several && path != "-" && isDirectory(path)) becomeDirectory(wanted, left);
    if (wanted.several) look(wanted, now, wall);
  }
  const bool came = m_files.size() > before;
  dropGone(now, left);
  return came;
}

void SourceSet::collect(base::TimePoint wall, LaneOutput& output) {
  std::ranges::move(m_health, std::back_inserter(output.health));
  m_health.clear();
  for (auto& wanted : m_wanted) {
    if (!wanted.several || (!wanted.changed && wall - wanted.markedAt < kMarkEvery)) continue;
    output.positions.push_back(
        {wanted.source.path, 0, static_cast<uint64_t>(wall.time_since_epoch().count()), 0, {}, 0});
    wanted.markedAt = wall;
    wanted.changed = false;
  }
}

std::vector<model::SourceStatus> SourceSet::statuses(base::Duration now) const {
  std::vector<model::SourceStatus> out;
  for (const auto& file : m_files) out.push_back(file->status(now));
  for (const auto& wanted : m_wanted) {
    if (!wanted.several || wanted.problem.empty()) continue;
    out.push_back({.source = wanted.source.path,
                   .service = wanted.source.service,
                   .problem = wanted.problem,
                   .watchedAs = wanted.source.path,
                   .removable = wanted.source.added});
  }
  return out;
}

}  // namespace aiops::pipeline
