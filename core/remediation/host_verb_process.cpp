// A signal to one process whose identity is proved, and waiting.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>

#include "base/bytes.h"
#include "base/fd.h"
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
using std::chrono::steady_clock;

constexpr int64_t kMostPid = 4'194'304;  // PID_MAX_LIMIT
constexpr int64_t kLongestWait = 3600;   // seconds
constexpr int kLook = 20;                // milliseconds

struct SignalRow {
  std::string_view name;
  int number;
  std::string_view undo;  ///< what takes it back, or empty
  bool ends;              ///< the process is expected to be gone then
};
constexpr std::array<SignalRow, 7> kSignals = {{{"CONT", SIGCONT, "STOP", false},
                                                {"HUP", SIGHUP, "", false},
                                                {"INT", SIGINT, "", true},
                                                {"KILL", SIGKILL, "", true},
                                                {"STOP", SIGSTOP, "CONT", false},
                                                {"TERM", SIGTERM, "", true},
                                                {"USR1", SIGUSR1, "", false}}};

const SignalRow* rowOf(std::string_view name) {
  const auto* found = std::ranges::find(kSignals, name, &SignalRow::name);
  return found == kSignals.end() ? nullptr : found;
}

Result<std::string> validSignal(const std::string& text) {
  if (rowOf(text) != nullptr) return text;
  return fail(ErrorCode::InvalidInput, "not a signal: CONT, HUP, INT, KILL, STOP, TERM or USR1");
}

/// What follows the command name in /proc/PID/stat, which may itself hold blanks and brackets: its state, and
/// when it started (field 22, proc(5)).
struct ProcessStat {
  char state = '?';
  std::string started;
};

std::optional<ProcessStat> statOf(const std::string& pid) {
  const auto text = base::readFile("/proc/" + pid + "/stat", 8192);
  if (!text) return std::nullopt;
  const auto close = text->rfind(')');
  if (close == std::string::npos || close + 2 >= text->size()) return std::nullopt;
  ProcessStat stat{.state = (*text)[close + 2], .started = {}};
  size_t field = 2;  // the name
  for (size_t at = close + 1; at < text->size();) {
    const auto begin = text->find_first_not_of(" \n", at);
    if (begin == std::string::npos) break;
    at = std::min(text->find_first_of(" \n", begin), text->size());
    if (++field == 22) stat.started = text->substr(begin, at - begin);
  }
  return stat.started.empty() ? std::nullopt : std::optional(stat);
}

std::string programOf(const std::string& pid) {
  std::error_code error;
  const auto target = std::filesystem::read_symlink("/proc/" + pid + "/exe", error);
  return error ? std::string() : target.string();
}

class Signal final : public HostVerb {
 public:
  std::string_view name() const override { return "signal"; }
  const std::vector<HostArgument>& arguments() const override {
    static const std::vector<HostArgument> rows = {{"pid", validHostInteger<2, kMostPid>},
                                                   {"signal", validSignal}};
    return rows;
  }
  /// A number from a log names any process: only one that runs the service's own program may be meant.
  Result<> allowed(const HostAct& act, const HostWorld& world) const override {
    if (world.service.executable.empty()) {
      return fail(ErrorCode::PermissionDenied, "nothing says which program this service runs",
                  world.service.name, "give its executable");
    }
    if (act.arguments.at("pid") == std::to_string(::getpid()) ||
        act.arguments.at("pid") == std::to_string(::getppid()))
      return fail(ErrorCode::PermissionDenied, "it would end this program itself");
    return {};
  }
  Result<Facts> look(const HostAct& act, const HostWorld& world) const override {
    const auto& pid = act.arguments.at("pid");
    const auto stat = statOf(pid);
    if (!stat || stat->state == 'Z') return fail(ErrorCode::NotFound, "no such process", pid);
    if (programOf(pid) != world.service.executable)
      return fail(ErrorCode::PermissionDenied, "not a process of the service", pid);
    return Facts{{"program", world.service.executable},
                 {"started", stat->started},
                 {"stopped", stat->state == 'T' ? "yes" : "no"}};
  }
  bool canUndo(const HostAct& act) const override { return !rowOf(act.arguments.at("signal"))->undo.empty(); }
  HostEnd act(const HostAct& act, const HostWorld& world) const override {
    return send(act, *rowOf(act.arguments.at("signal")), world);
  }
  HostEnd undo(const HostAct& act, const HostWorld& world) const override {
    const auto& row = *rowOf(act.arguments.at("signal"));
    if (row.undo.empty())
      return {.touched = false, .conflict = true, .detail = "a signal can't be taken back"};
    const bool asBefore = (act.seen.at("stopped") == "yes") == (row.undo == "STOP");
    if (!asBefore) return {.ok = true, .touched = false, .detail = "it was so before"};
    return send(act, *rowOf(row.undo), world);
  }
  StepEffect effect(const HostAct& act, bool undo, const HostWorld&) const override {
    const auto& wanted = *rowOf(act.arguments.at("signal"));
    const auto& row = undo ? *rowOf(wanted.undo) : wanted;
    const auto stat = statOf(act.arguments.at("pid"));
    const bool there = stat && stat->started == act.seen.at("started") && stat->state != 'Z';
    if (row.ends) return there ? StepEffect::NotApplied : StepEffect::Applied;
    if (!there) return StepEffect::Unknown;
    if (row.name == "STOP") return stat->state == 'T' ? StepEffect::Applied : StepEffect::NotApplied;
    if (row.name == "CONT") return stat->state == 'T' ? StepEffect::NotApplied : StepEffect::Applied;
    return StepEffect::Unknown;
  }
  std::vector<std::string> line(const HostAct& act, bool undo) const override {
    const auto& row = *rowOf(act.arguments.at("signal"));
    const auto signal = undo ? row.undo : row.name;
    if (signal.empty()) return {};
    return {"kill", "-" + std::string(signal), act.arguments.at("pid")};
  }

 private:
  /// The descriptor holds the process: a number that is given anew between the look and the signal is no
  /// longer it.
  static HostEnd send(const HostAct& act, const SignalRow& row, const HostWorld& world) {
    HostEnd end{.touched = false};
    const auto& pid = act.arguments.at("pid");
    const Fd process(static_cast<int>(::syscall(SYS_pidfd_open, std::stoi(pid), 0)));
    const auto stat = statOf(pid);
    if (!process.valid() || !stat || stat->started != act.seen.at("started") ||
        programOf(pid) != act.seen.at("program")) {
      end.detail = "the process that was approved is gone: " + pid;
      return end;
    }
    if (::syscall(SYS_pidfd_send_signal, process.get(), row.number, nullptr, 0) != 0) {
      end.detail = failErrno(errno, "can't signal", pid).error().line();
      return end;
    }
    end.touched = true;
    end.ok = !row.ends || endsIn(process, act.timeout, world);
    if (!end.ok) end.detail = "it did not end in time";
    return end;
  }

  static bool endsIn(const Fd& process, std::chrono::milliseconds time, const HostWorld& world) {
    const auto until = steady_clock::now() + time;
    do {
      pollfd ready{process.get(), POLLIN, 0};
      if (::poll(&ready, 1, kLook) > 0) return true;
    } while (steady_clock::now() < until && !world.cancelled());
    return false;
  }
};

class Wait final : public HostVerb {
 public:
  std::string_view name() const override { return "wait"; }
  const std::vector<HostArgument>& arguments() const override {
    static const std::vector<HostArgument> rows = {{"seconds", validHostInteger<1, kLongestWait>}};
    return rows;
  }
  Result<> allowed(const HostAct&, const HostWorld&) const override { return {}; }
  Result<Facts> look(const HostAct&, const HostWorld&) const override { return Facts{}; }
  bool canUndo(const HostAct&) const override { return true; }
  HostEnd act(const HostAct& act, const HostWorld& world) const override {
    const auto until = steady_clock::now() + std::chrono::seconds(std::stoi(act.arguments.at("seconds")));
    while (steady_clock::now() < until) {
      if (world.cancelled()) return {.touched = false, .detail = "ended on request"};
      ::poll(nullptr, 0, kLook);
    }
    return {.ok = true, .touched = false};
  }
  HostEnd undo(const HostAct&, const HostWorld&) const override { return {.ok = true, .touched = false}; }
  StepEffect effect(const HostAct&, bool undo, const HostWorld&) const override {
    return undo ? StepEffect::Applied : StepEffect::NotApplied;
  }
  std::vector<std::string> line(const HostAct& act, bool undo) const override {
    if (undo) return {"true"};
    return {"sleep", act.arguments.at("seconds")};
  }
};

}  // namespace

std::unique_ptr<HostVerb> makeSignal() {
  return std::make_unique<Signal>();
}

std::unique_ptr<HostVerb> makeWait() {
  return std::make_unique<Wait>();
}

}  // namespace aiops::remediation
