// SPDX-License-Identifier: GPL-3.0-or-later
#include "sources/generations.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <tuple>

#include "base/bytes.h"
#include "sources/compressed.h"
#include "sources/path_pattern.h"

namespace aiops::sources {
namespace {

namespace fs = std::filesystem;

constexpr size_t kDateDigits = 6;
constexpr size_t kMostDigits = 18;  // fit 64 bits

struct Candidate {
  OlderGeneration generation;
  int64_t rank = 0;
};

fs::path directoryOf(const fs::path& path) {
  const auto parent = path.parent_path();
  return parent.empty() ? fs::path(".") : parent;
}

/// The target of a symbolic link; empty when `path` is none, or leads nowhere.
fs::path targetOf(const fs::path& path) {
  std::error_code error;
  if (!fs::is_symlink(path, error)) return {};
  return fs::canonical(path, error);
}

std::string digitsOf(std::string_view text) {
  std::string digits;
  for (const char c : text) {
    if (c >= '0' && c <= '9' && digits.size() < kMostDigits) digits += c;
  }
  return digits;
}

/// A small number counts backwards in time (".2" is older than ".1"), a date forwards.
int64_t rankOf(std::string_view stamp) {
  const auto digits = digitsOf(stamp);
  if (digits.empty()) return 0;
  const int64_t value = std::stoll(digits);
  return digits.size() < kDateDigits ? -value : value;
}

/// "app-12.log" as "app-#.log".
std::string familyOf(std::string_view name) {
  std::string family;
  for (const char c : name) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit) family += c;
    if (digit && !family.ends_with('#')) family += '#';
  }
  return family;
}

void addFile(const fs::path& path, int64_t rank, std::vector<Candidate>& out) {
  const auto file = FileGeneration::open(path.string());
  if (file) out.push_back({{path.string(), (*file)->identity()}, rank});
}

/// What `other`, a rotation of `name`, has beyond it.
std::string_view stampOf(std::string_view other, std::string_view name) {
  if (other.starts_with(name)) return other.substr(name.size());
  return other.substr(name.rfind('.'), other.size() - name.size());
}

void addRotated(const fs::path& path, std::vector<Candidate>& out) {
  const auto name = path.filename().string();
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directoryOf(path), error)) {
    const auto other = entry.path().filename().string();
    if (baseOfRotated(other) != name || isCompressedName(other)) continue;
    addFile(entry.path(), rankOf(stampOf(other, name)), out);
  }
}

void addFamily(const fs::path& target, std::vector<Candidate>& out) {
  const auto family = familyOf(target.filename().string());
  if (family.find('#') == std::string::npos) return addFile(target, 0, out);
  const auto present = FileGeneration::open(target.string());
  if (!present) return;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directoryOf(target), error)) {
    const auto name = entry.path().filename().string();
    if (familyOf(name) != family || entry.is_symlink(error)) continue;
    std::vector<Candidate> one;
    const auto digits = digitsOf(name);
    addFile(entry.path(), digits.empty() ? 0 : std::stoll(digits), one);
    if (!one.empty() && one.front().generation.identity.born <= (*present)->identity().born) {
      out.push_back(std::move(one.front()));
    }
  }
}

/// A generation that was renamed away was last written before its successor was born; a copy was not.
bool writtenBefore(const std::string& path, int64_t born) {
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0) return true;
  return info.st_mtim.tv_sec * 1'000'000'000LL + info.st_mtim.tv_nsec < born;
}

struct Named {
  PastGeneration past;
  int64_t rank = 0;
  int64_t written = 0;
};

void addNamed(const fs::path& path, int64_t rank, std::vector<Named>& out) {
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return;
  out.push_back({{path.string(), info.st_ino, isCompressed(path.string())},
                 rank,
                 info.st_mtim.tv_sec * 1'000'000'000LL + info.st_mtim.tv_nsec});
}

/// The files beside `path` that are named as its rotations, and for a link the family of its target.
std::vector<Named> namedGenerations(const std::string& path) {
  std::vector<Named> out;
  const auto name = fs::path(path).filename().string();
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directoryOf(path), error)) {
    const auto other = entry.path().filename().string();
    if (baseOfRotated(other) == name && (isCompressed(other) || !isCompressedName(other)))
      addNamed(entry.path(), rankOf(stampOf(withoutCompression(other), name)), out);
  }
  if (const auto target = targetOf(path); !target.empty()) {
    std::vector<Candidate> family;
    addFamily(target, family);
    for (const auto& member : family) addNamed(member.generation.path, member.rank, out);
  }
  return out;
}

/// Small numbers count backwards (a rank below 0), dates forwards.
void sortByAge(std::vector<Named>& named) {
  const auto isNumber = [](const Named& one) { return one.rank < 0; };
  const bool alike = std::ranges::all_of(named, isNumber) || std::ranges::none_of(named, isNumber);
  std::ranges::sort(named, [&](const Named& a, const Named& b) {
    return alike ? std::tie(a.rank, a.written, a.past.path) < std::tie(b.rank, b.written, b.past.path)
                 : std::tie(a.written, a.rank, a.past.path) < std::tie(b.written, b.rank, b.past.path);
  });
}

bool holds(const PastGeneration& past, const model::SourcePosition& stored) {
  if (past.inode == stored.inode) return true;
  if (stored.headLength == 0) return false;
  const auto head = decompress(past.path, stored.headLength);
  if (!head) return false;
  std::string bytes(stored.headLength, '\0');
  const auto got = ::pread(head->fd.get(), bytes.data(), bytes.size(), 0);
  return got == static_cast<ssize_t>(bytes.size()) && base::sha256Hex(bytes) == stored.headHash;
}

}  // namespace

std::vector<PastGeneration> allGenerations(const std::string& path) {
  auto named = namedGenerations(path);
  sortByAge(named);
  std::vector<Named> live;
  addNamed(path, 0, live);
  std::vector<PastGeneration> out;
  for (auto& one : named) {
    const bool twice =
        std::ranges::any_of(out, [&](const auto& other) { return other.inode == one.past.inode; });
    if (!twice && (live.empty() || one.past.inode != live.front().past.inode))
      out.push_back(std::move(one.past));
  }
  if (!live.empty()) out.push_back(std::move(live.front().past));
  return out;
}

base::Result<std::unique_ptr<FileGeneration>> openPast(const PastGeneration& past, GenerationLimits limits,
                                                       std::string& problem) {
  auto file = past.compressed ? FileGeneration::openCompressed(past.path, problem, limits)
                              : FileGeneration::open(past.path, limits);
  if (file && (*file)->identity().inode != past.inode)
    return base::fail(base::ErrorCode::NotFound, "another file has its name by now", past.path);
  return file;
}

std::unique_ptr<FileGeneration> findCompressed(const std::string& path, const model::SourcePosition& stored,
                                               GenerationLimits limits) {
  for (const auto& past : allGenerations(path)) {
    if (!past.compressed || !holds(past, stored)) continue;
    std::string problem;
    auto file = openPast(past, limits, problem);
    if (file && (*file)->size() >= stored.offset && (*file)->headMatches(stored.headHash, stored.headLength))
      return std::move(*file);
  }
  return nullptr;
}

std::vector<OlderGeneration> olderGenerations(const std::string& path) {
  std::vector<Candidate> found;
  addRotated(path, found);
  if (const auto target = targetOf(path); !target.empty()) addFamily(target, found);
  std::ranges::sort(found, [](const Candidate& a, const Candidate& b) {
    return std::tie(a.generation.identity.born, a.rank, a.generation.path) <
           std::tie(b.generation.identity.born, b.rank, b.generation.path);
  });
  std::vector<OlderGeneration> out;
  for (auto& candidate : found) out.push_back(std::move(candidate.generation));
  return out;
}

std::unique_ptr<FileGeneration> findCopy(const std::string& path, const FileIdentity& original,
                                         uint64_t offset, GenerationLimits limits) {
  if (original.headLength == 0) return nullptr;
  auto older = olderGenerations(path);
  std::ranges::reverse(older);
  for (const auto& candidate : older) {
    if (candidate.identity.inode == original.inode || writtenBefore(candidate.path, original.born)) continue;
    auto file = FileGeneration::open(candidate.path, limits);
    if (!file || (*file)->size() < offset) continue;
    if ((*file)->headMatches(original.headHash, original.headLength)) return std::move(*file);
  }
  return nullptr;
}

std::unique_ptr<FileGeneration> findStored(const std::string& path, const model::SourcePosition& stored,
                                           GenerationLimits limits) {
  const auto openIfSame = [&](const fs::path& file) -> std::unique_ptr<FileGeneration> {
    if (file.empty() || isCompressed(file.string()))
      return nullptr;  // a position is in what an archive holds
    auto opened = FileGeneration::open(file.string(), limits);
    if (!opened || (*opened)->identity().inode != stored.inode || (*opened)->size() < stored.offset)
      return nullptr;
    return (*opened)->headMatches(stored.headHash, stored.headLength) ? std::move(*opened) : nullptr;
  };
  if (auto same = openIfSame(path)) return same;
  std::set<fs::path> directories{directoryOf(path)};
  if (const auto target = targetOf(path); !target.empty()) directories.insert(directoryOf(target));
  for (const auto& directory : directories) {
    auto moved = findByIdentity(directory, stored.inode, stored.headHash, stored.headLength);
    if (auto file = openIfSame(moved)) return file;
  }
  return nullptr;
}

}  // namespace aiops::sources
