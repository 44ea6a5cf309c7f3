// Moving a file away, and emptying one: below what the service's commands may write, and nowhere else. Files
// are known by device and inode: a path that names another file by now is left alone.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "base/fd.h"
#include "remediation/config_file.h"
#include "remediation/host_verb.h"

namespace aiops::remediation {
namespace {

using base::ErrorCode;
using base::fail;
using base::failErrno;
using base::Fd;
using base::Result;
using model::Facts;
using model::HostAct;

constexpr size_t kLongestPath = 1024;

/// A folder that stays the same one while it is worked in, and a name in it.
struct Place {
  Fd folder;
  std::string name;
};

Result<Place> placeOf(const std::string& path) {
  const std::filesystem::path whole(path);
  auto folder = openWithoutLinks(whole.parent_path().string(), O_PATH | O_DIRECTORY);
  if (!folder) return std::unexpected(folder.error());
  return Place{*std::move(folder), whole.filename().string()};
}

/// Of a regular file with one name. "absent" is all there is to say of a name that is free.
Result<Facts> factsOf(const Place& place, const std::string& path) {
  struct stat info{};
  if (::fstatat(place.folder.get(), place.name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return Facts{{"file", "absent"}};
    return failErrno(errno, "can't examine", path);
  }
  if (!S_ISREG(info.st_mode)) return fail(ErrorCode::PermissionDenied, "not a regular file", path);
  if (info.st_nlink != 1)
    return fail(ErrorCode::PermissionDenied, "file has several names (hard links)", path);
  return Facts{{"file", std::to_string(info.st_dev) + ":" + std::to_string(info.st_ino)},
               {"owner", std::to_string(info.st_uid) + ":" + std::to_string(info.st_gid)},
               {"mode", std::to_string(info.st_mode & 07777u)}};
}

std::string fileIn(const Result<Facts>& facts) {
  return facts ? facts->at("file") : std::string();
}

Result<> mayWrite(const std::string& path, const HostWorld& world) {
  for (const auto& forbidden : world.policy.forbiddenPaths) {
    if (liesUnder(path, forbidden)) return fail(ErrorCode::PermissionDenied, "path is forbidden", path);
  }
  for (const auto& root : world.service.writablePaths) {
    if (path != root && liesUnder(path, root)) return {};
  }
  return fail(ErrorCode::PermissionDenied, "not below what the service may write", path,
              "list its folder under writable of the service");
}

class MoveFile final : public HostVerb {
 public:
  std::string_view name() const override { return "move_file"; }
  const std::vector<HostArgument>& arguments() const override {
    static const std::vector<HostArgument> rows = {{"path", validHostPath}, {"to", validHostPath}};
    return rows;
  }
  Result<> allowed(const HostAct& act, const HostWorld& world) const override {
    if (auto may = mayWrite(act.arguments.at("path"), world); !may) return may;
    return mayWrite(act.arguments.at("to"), world);
  }
  Result<Facts> look(const HostAct& act, const HostWorld&) const override {
    const auto from = placeOf(act.arguments.at("path")), to = placeOf(act.arguments.at("to"));
    if (!from) return std::unexpected(from.error());
    if (!to) return std::unexpected(to.error());
    auto facts = factsOf(*from, act.arguments.at("path"));
    if (!facts) return facts;
    if (facts->at("file") == "absent")
      return fail(ErrorCode::NotFound, "no such file", act.arguments.at("path"));
    const auto target = factsOf(*to, act.arguments.at("to"));
    if (fileIn(target) != "absent")
      return fail(ErrorCode::Conflict, "there is something already", act.arguments.at("to"));
    return facts;
  }
  bool canUndo(const HostAct&) const override { return true; }
  HostEnd act(const HostAct& act, const HostWorld&) const override {
    return move(act, act.arguments.at("path"), act.arguments.at("to"));
  }
  HostEnd undo(const HostAct& act, const HostWorld&) const override {
    auto end = move(act, act.arguments.at("to"), act.arguments.at("path"));
    end.conflict = !end.ok;
    return end;
  }
  StepEffect effect(const HostAct& act, bool undo, const HostWorld&) const override {
    const auto& from = act.arguments.at(undo ? "to" : "path");
    const auto& to = act.arguments.at(undo ? "path" : "to");
    const auto source = placeOf(from), target = placeOf(to);
    if (!source || !target) return StepEffect::Unknown;
    syncFolders(*source, *target);
    const auto& file = act.seen.at("file");
    const auto there = fileIn(factsOf(*target, to)), here = fileIn(factsOf(*source, from));
    if (there == file) return StepEffect::Applied;
    return here == file && there == "absent" ? StepEffect::NotApplied : StepEffect::Unknown;
  }
  std::vector<std::string> line(const HostAct& act, bool undo) const override {
    const auto &path = act.arguments.at("path"), &to = act.arguments.at("to");
    return {"mv", "--no-clobber", "--", undo ? to : path, undo ? path : to};
  }

 private:
  static void syncFolders(const Place& a, const Place& b) {
    for (const auto* place : {&a, &b}) {
      const Fd folder(::openat(place->folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
      if (folder.valid()) (void)::fsync(folder.get());
    }
  }

  static HostEnd move(const HostAct& act, const std::string& from, const std::string& to) {
    HostEnd end{.touched = false};
    const auto source = placeOf(from), target = placeOf(to);
    if (!source || !target) {
      end.detail = (source ? target : source).error().line();
      return end;
    }
    if (fileIn(factsOf(*source, from)) != act.seen.at("file")) {
      end.detail = "not the file that was approved: " + from;
      return end;
    }
    // Between the look and this the name may come to mean another file; whoever can do that may write there.
    if (::renameat2(source->folder.get(), source->name.c_str(), target->folder.get(), target->name.c_str(),
                    RENAME_NOREPLACE) != 0) {
      end.detail = failErrno(errno, "can't move", from).error().line();
      return end;
    }
    syncFolders(*source, *target);
    end.touched = true;
    end.ok = fileIn(factsOf(*target, to)) == act.seen.at("file");
    if (!end.ok) end.detail = "another file was moved: " + to;
    return end;
  }
};

class TruncateFile final : public HostVerb {
 public:
  std::string_view name() const override { return "truncate_file"; }
  const std::vector<HostArgument>& arguments() const override {
    static const std::vector<HostArgument> rows = {{"path", validHostPath}};
    return rows;
  }
  Result<> allowed(const HostAct& act, const HostWorld& world) const override {
    return mayWrite(act.arguments.at("path"), world);
  }
  Result<Facts> look(const HostAct& act, const HostWorld&) const override {
    const auto& path = act.arguments.at("path");
    const auto place = placeOf(path);
    if (!place) return std::unexpected(place.error());
    auto facts = factsOf(*place, path);
    if (facts && facts->at("file") == "absent") return fail(ErrorCode::NotFound, "no such file", path);
    return facts;
  }
  bool canUndo(const HostAct&) const override { return false; }
  HostEnd act(const HostAct& act, const HostWorld&) const override {
    const auto& path = act.arguments.at("path");
    HostEnd end{.touched = false};
    const auto fd = openWithoutLinks(path, O_WRONLY);
    struct stat info{};
    if (!fd || ::fstat(fd->get(), &info) != 0) {
      end.detail = fd ? "can't examine " + path : fd.error().line();
      return end;
    }
    if (std::to_string(info.st_dev) + ":" + std::to_string(info.st_ino) != act.seen.at("file")) {
      end.detail = "not the file that was approved: " + path;
      return end;
    }
    end.touched = true;
    end.ok = ::ftruncate(fd->get(), 0) == 0 && ::fsync(fd->get()) == 0;
    end.detail = end.ok ? std::to_string(info.st_size) + " bytes were given back"
                        : failErrno(errno, "can't empty", path).error().line();
    return end;
  }
  HostEnd undo(const HostAct&, const HostWorld&) const override {
    return {.touched = false, .conflict = true, .detail = "what was deleted does not come back"};
  }
  /// Emptying twice empties what came since as well: only an empty file tells that it was done.
  StepEffect effect(const HostAct& act, bool, const HostWorld&) const override {
    const auto fd = openWithoutLinks(act.arguments.at("path"), O_RDONLY);
    struct stat info{};
    if (!fd || ::fstat(fd->get(), &info) != 0) return StepEffect::Unknown;
    return info.st_size == 0 ? StepEffect::Applied : StepEffect::Unknown;
  }
  bool idempotent() const override { return false; }
  std::vector<std::string> line(const HostAct& act, bool undo) const override {
    if (undo) return {};
    return {"truncate", "--size=0", "--", act.arguments.at("path")};
  }
};

}  // namespace

base::Result<std::string> validHostPath(const std::string& text) {
  const std::filesystem::path path(text);
  const bool printable =
      std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x20; });
  if (text.size() <= kLongestPath && printable && path.is_absolute() &&
      path.lexically_normal().string() == text && path.has_filename())
    return text;
  return fail(ErrorCode::InvalidInput, "not an absolute path in normal form");
}

std::unique_ptr<HostVerb> makeMoveFile() {
  return std::make_unique<MoveFile>();
}

std::unique_ptr<HostVerb> makeTruncateFile() {
  return std::make_unique<TruncateFile>();
}

}  // namespace aiops::remediation
