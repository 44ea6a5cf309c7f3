// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/systemd_manager.h"

#include <systemd/sd-bus.h>

#include <cerrno>
#include <cstdlib>
#include <map>

namespace aiops::remediation {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;
using model::UnitState;

constexpr const char* kSystemd = "org.freedesktop.systemd1";
constexpr const char* kManagerPath = "/org/freedesktop/systemd1";
constexpr const char* kManager = "org.freedesktop.systemd1.Manager";
constexpr const char* kUnit = "org.freedesktop.systemd1.Unit";
constexpr const char* kService = "org.freedesktop.systemd1.Service";
constexpr uint64_t kCallTimeoutUs = 5000000;
constexpr uint64_t kWaitUs = 50000;

/// Frees what the library hands out.
struct BusError {
  sd_bus_error error = SD_BUS_ERROR_NULL;
  BusError() = default;
  ~BusError() { sd_bus_error_free(&error); }
  BusError(const BusError&) = delete;
  BusError& operator=(const BusError&) = delete;
};
struct FreeMessage {
  void operator()(sd_bus_message* message) const { sd_bus_message_unref(message); }
};
using Message = std::unique_ptr<sd_bus_message, FreeMessage>;
struct FreeBus {
  void operator()(sd_bus* bus) const { sd_bus_close_unref(bus); }
};
struct FreeText {
  void operator()(char* text) const { ::free(text); }
};
struct FreeSlot {
  void operator()(sd_bus_slot* slot) const { sd_bus_slot_unref(slot); }
};

/// What systemd or the bus says, in our words.
std::unexpected<base::Error> refused(int result, const BusError& error, const std::string& unit) {
  struct Row {
    const char* name;
    ErrorCode code;
    const char* what;
    const char* remedy;
  };
  static constexpr Row kRows[] = {
      {SD_BUS_ERROR_ACCESS_DENIED, ErrorCode::PermissionDenied, "systemd does not allow it",
       "give this program's user a polkit rule for this unit and verb"},
      {SD_BUS_ERROR_INTERACTIVE_AUTHORIZATION_REQUIRED, ErrorCode::PermissionDenied,
       "systemd does not allow it", "give this program's user a polkit rule for this unit and verb"},
      {"org.freedesktop.systemd1.NoSuchUnit", ErrorCode::NotFound, "no such unit", ""},
      {"org.freedesktop.systemd1.UnitMasked", ErrorCode::Conflict, "the unit is masked", ""},
      {"org.freedesktop.systemd1.TransactionIsDestructive", ErrorCode::Conflict,
       "another job for this unit is under way", "wait for it"},
  };
  const std::string message = error.error.message ? error.error.message : "";
  for (const auto& row : kRows) {
    if (error.error.name && std::string_view(error.error.name) == row.name)
      return fail(row.code, row.what + (message.empty() ? "" : ": " + message), unit, row.remedy);
  }
  const std::string why = message.empty() ? base::failErrno(-result, "").error().what : message;
  return fail(ErrorCode::Unavailable, "systemd can't be asked over the system bus: " + why, unit);
}

/// On the clock of systemd's monotonic time stamps.
uint64_t monotonicMicroseconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

int noteJob(sd_bus_message* message, void* jobs, sd_bus_error*) {
  uint32_t id = 0;
  const char *path = nullptr, *unit = nullptr, *result = nullptr;
  if (sd_bus_message_read(message, "uoss", &id, &path, &unit, &result) >= 0)
    static_cast<std::map<std::string, std::string>*>(jobs)->insert_or_assign(path, result);
  return 0;
}

class SystemdManager final : public ServiceManager {
 public:
  explicit SystemdManager(const model::ServiceAction& action)
      : m_unit(action.unit), m_reload(action.reloadManager) {}

  Result<UnitState> state() override {
    if (auto ready = load(); !ready) return std::unexpected(ready.error());
    return readState();
  }

  VerbEnd act(const std::string& verb, std::chrono::milliseconds timeout, const VerbHooks& hooks) override {
    VerbEnd end{.sent = false};
    const auto unable = [&](const base::Error& error) {
      end.detail = error.line();
      return end;
    };
    if (auto ready = connect(); !ready) return unable(ready.error());
    if (auto budget = checkBudget(verb); !budget) return unable(budget.error());
    if (auto watching = watchJobs(); !watching) return unable(watching.error());
    const char* own = nullptr;
    sd_bus_get_unique_name(m_bus.get(), &own);
    if (!hooks.starting(0, own ? own : "")) {
      end.cancelled = true;
      return end;
    }
    if (m_reload) {
      if (auto reloaded = call("Reload"); !reloaded) return unable(reloaded.error());
    }
    const auto job = request(verb);
    // Without an answer the job may have been taken all the same.
    end.sent = job || job.error().code == ErrorCode::Unavailable;
    if (!job) return unable(job.error());
    waitForJob(*job, timeout, hooks, end);
    return end;
  }

  std::optional<bool> busy(const std::string& token) override {
    if (auto ready = load(); !ready) return std::nullopt;
    // Once the earlier process' name is gone, the bus has handed on all that it sent.
    if (!token.empty() && nameExists(token)) return true;
    return hasJob();
  }

 private:
  Result<> connect() {
    if (m_bus) return {};
    sd_bus* bus = nullptr;
    const int opened = sd_bus_open_system(&bus);
    m_bus.reset(bus);
    if (opened < 0) {
      m_bus.reset();
      return refused(opened, {}, m_unit);
    }
    sd_bus_set_method_call_timeout(bus, kCallTimeoutUs);
    return {};
  }

  /// Finds the unit, loaded or not, and refuses what must not be acted on.
  Result<> load() {
    if (auto connected = connect(); !connected) return connected;
    BusError error;
    sd_bus_message* raw = nullptr;
    const int called = sd_bus_call_method(m_bus.get(), kSystemd, kManagerPath, kManager, "LoadUnit",
                                          &error.error, &raw, "s", m_unit.c_str());
    const Message reply(raw);
    if (called < 0) return refused(called, error, m_unit);
    const char* path = nullptr;
    if (sd_bus_message_read(reply.get(), "o", &path) < 0)
      return fail(ErrorCode::Unavailable, "systemd's answer is not understood", m_unit);
    m_path = path;
    const auto loaded = text(kUnit, "LoadState");
    if (!loaded) return std::unexpected(loaded.error());
    if (*loaded == "not-found") return fail(ErrorCode::NotFound, "no such unit", m_unit);
    if (*loaded == "masked") return fail(ErrorCode::Conflict, "the unit is masked", m_unit);
    if (*loaded != "loaded") return fail(ErrorCode::Conflict, "the unit can't be loaded: " + *loaded, m_unit);
    const auto stale = number<int>(kUnit, "NeedDaemonReload", 'b');
    if (stale && *stale != 0 && !m_reload) {
      return fail(ErrorCode::Conflict, "the unit's files have changed since systemd read them", m_unit,
                  "run systemctl daemon-reload");
    }
    return {};
  }

  Result<UnitState> readState() {
    UnitState out;
    const auto name = text(kUnit, "Id"), active = text(kUnit, "ActiveState"), sub = text(kUnit, "SubState"),
               result = text(kService, "Result");
    const auto restarts = number<uint32_t>(kService, "NRestarts", 'u'),
               pid = number<uint32_t>(kService, "MainPID", 'u');
    const auto changed = number<uint64_t>(kUnit, "StateChangeTimestampMonotonic", 't');
    const auto invocation = invocationId();
    for (const auto* read : {&name, &active, &sub, &result, &invocation}) {
      if (!*read) return std::unexpected(read->error());
    }
    if (!restarts) return std::unexpected(restarts.error());
    if (!pid) return std::unexpected(pid.error());
    if (!changed) return std::unexpected(changed.error());
    out.unit = *name;
    out.active = *active == "active" || *active == "reloading";
    out.state = *active + " (" + *sub + ")";
    out.invocation = *invocation;
    out.mainPid = *pid;
    out.restarts = *restarts;
    out.changedAt = *changed;
    if (*result != "success") out.note = *result;
    return out;
  }

  /// A unit that hit its start limit starts again only once the interval has passed.
  Result<> checkBudget(const std::string& verb) {
    if (verb != "start" && verb != "restart") return {};
    if (auto ready = load(); !ready) return ready;
    const auto result = text(kService, "Result");
    const auto interval = number<uint64_t>(kUnit, "StartLimitIntervalUSec", 't');
    const auto since = number<uint64_t>(kUnit, "InactiveEnterTimestampMonotonic", 't');
    const auto active = text(kUnit, "ActiveState");
    if (!result || !interval || !since || !active) return {};
    if (*result != "start-limit-hit" || *active == "active") return {};
    const auto now = monotonicMicroseconds();
    if (now >= *since + *interval) return {};
    const auto left = (*since + *interval - now) / 1000000 + 1;
    return fail(
        ErrorCode::Conflict,
        "the unit has hit its start limit (start-limit-hit), free again in " + std::to_string(left) + " s",
        m_unit, "find out why it does not stay up; a person may run systemctl reset-failed");
  }

  Result<> watchJobs() {
    if (m_match) return {};
    sd_bus_slot* slot = nullptr;
    const int matched = sd_bus_match_signal(m_bus.get(), &slot, kSystemd, kManagerPath, kManager,
                                            "JobRemoved", noteJob, &m_ended);
    if (matched < 0) return refused(matched, {}, m_unit);
    m_match.reset(slot);
    return call("Subscribe");
  }

  Result<> call(const char* method) {
    BusError error;
    const int called = sd_bus_call_method(m_bus.get(), kSystemd, kManagerPath, kManager, method, &error.error,
                                          nullptr, nullptr);
    if (called < 0) return refused(called, error, m_unit);
    return {};
  }

  /// The job's path. "fail": never replaces a job that someone else has asked for.
  Result<std::string> request(const std::string& verb) {
    static const std::map<std::string, const char*> kMethods{
        {"start", "StartUnit"}, {"stop", "StopUnit"}, {"restart", "RestartUnit"}, {"reload", "ReloadUnit"}};
    BusError error;
    sd_bus_message* raw = nullptr;
    const int called = sd_bus_call_method(m_bus.get(), kSystemd, kManagerPath, kManager, kMethods.at(verb),
                                          &error.error, &raw, "ss", m_unit.c_str(), "fail");
    const Message reply(raw);
    if (called < 0) return refused(called, error, m_unit);
    const char* path = nullptr;
    if (sd_bus_message_read(reply.get(), "o", &path) < 0)
      return fail(ErrorCode::Unavailable, "systemd's answer is not understood", m_unit);
    return std::string(path);
  }

  void waitForJob(const std::string& job, std::chrono::milliseconds timeout, const VerbHooks& hooks,
                  VerbEnd& end) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    for (;;) {
      const int processed = sd_bus_process(m_bus.get(), nullptr);
      const auto ended = m_ended.find(job);
      if (ended != m_ended.end()) return describe(ended->second, end);
      if (processed < 0) {
        end.detail = refused(processed, {}, m_unit).error().line();
        return;
      }
      if (hooks.cancelled()) {
        end.cancelled = true;
      } else if (std::chrono::steady_clock::now() > deadline) {
        end.detail = "systemd's job did not end in time and was cancelled";
      }
      if (end.cancelled || !end.detail.empty()) return cancel(job);
      if (processed == 0) sd_bus_wait(m_bus.get(), kWaitUs);
    }
  }

  void describe(const std::string& result, VerbEnd& end) {
    end.ok = result == "done";
    end.answered = true;
    end.output = "systemd: job " + result + "\n";
    if (end.ok) return;
    end.detail = "systemd's job ended with '" + result + "'";
    const auto why = text(kService, "Result");
    if (why && *why != "success") end.detail += ", the unit with '" + *why + "'";
  }

  void cancel(const std::string& job) {
    sd_bus_call_method(m_bus.get(), kSystemd, job.c_str(), "org.freedesktop.systemd1.Job", "Cancel", nullptr,
                       nullptr, nullptr);
  }

  bool nameExists(const std::string& name) {
    sd_bus_message* raw = nullptr;
    const int called =
        sd_bus_call_method(m_bus.get(), "org.freedesktop.DBus", "/org/freedesktop/DBus",
                           "org.freedesktop.DBus", "NameHasOwner", nullptr, &raw, "s", name.c_str());
    const Message reply(raw);
    int exists = 1;
    return called < 0 || sd_bus_message_read(reply.get(), "b", &exists) < 0 || exists != 0;
  }

  std::optional<bool> hasJob() {
    sd_bus_message* raw = nullptr;
    const int got =
        sd_bus_get_property(m_bus.get(), kSystemd, m_path.c_str(), kUnit, "Job", nullptr, &raw, "(uo)");
    const Message reply(raw);
    uint32_t id = 0;
    const char* path = nullptr;
    if (got < 0 || sd_bus_message_read(reply.get(), "(uo)", &id, &path) < 0) return std::nullopt;
    return id != 0;
  }

  Result<std::string> text(const char* interface, const char* name) {
    BusError error;
    char* value = nullptr;
    const int got = sd_bus_get_property_string(m_bus.get(), kSystemd, m_path.c_str(), interface, name,
                                               &error.error, &value);
    if (got < 0) return refused(got, error, m_unit);
    const std::unique_ptr<char, FreeText> owned(value);
    return std::string(value);
  }

  template <class T>
  Result<T> number(const char* interface, const char* name, char type) {
    BusError error;
    T value{};
    const int got = sd_bus_get_property_trivial(m_bus.get(), kSystemd, m_path.c_str(), interface, name,
                                                &error.error, type, &value);
    if (got < 0) return refused(got, error, m_unit);
    return value;
  }

  Result<std::string> invocationId() {
    BusError error;
    sd_bus_message* raw = nullptr;
    const int got = sd_bus_get_property(m_bus.get(), kSystemd, m_path.c_str(), kUnit, "InvocationID",
                                        &error.error, &raw, "ay");
    const Message reply(raw);
    if (got < 0) return refused(got, error, m_unit);
    const void* bytes = nullptr;
    size_t size = 0;
    if (sd_bus_message_read_array(reply.get(), 'y', &bytes, &size) < 0)
      return fail(ErrorCode::Unavailable, "systemd's answer is not understood", m_unit);
    std::string hex;
    constexpr char kDigits[] = "0123456789abcdef";
    for (size_t i = 0; i < size; ++i) {
      const auto byte = static_cast<const unsigned char*>(bytes)[i];
      hex += {kDigits[byte >> 4], kDigits[byte & 15]};
    }
    return hex;
  }

  const std::string m_unit;
  const bool m_reload;
  std::string m_path;
  std::unique_ptr<sd_bus, FreeBus> m_bus;
  std::map<std::string, std::string> m_ended;      ///< jobs by path: how they ended
  std::unique_ptr<sd_bus_slot, FreeSlot> m_match;  ///< ends before the bus and what it fills
};

}  // namespace

std::unique_ptr<ServiceManager> makeSystemdManager(const model::ServiceAction& action) {
  return std::make_unique<SystemdManager>(action);
}

}  // namespace aiops::remediation
