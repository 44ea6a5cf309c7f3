// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "config/checks.h"
#include "config/container_path.h"
#include "config/file_draft.h"
#include "config/manager_field.h"

namespace aiops::config {

using base::ErrorCode;
using base::fail;
using base::Result;
namespace fs = std::filesystem;

namespace {

using Check = std::optional<std::string> (*)(const std::string&);

Result<> readChecked(const Yaml& value, Check check, const char* what, std::string& target) {
  auto text = value.text();
  if (!text) return std::unexpected(text.error());
  if (auto allowed = check(*text)) return value.wrong("'" + *text + "' is no " + what, *allowed);
  target = *std::move(text);
  return {};
}

Result<> readPath(const Yaml& value, std::string& target) {
  return readChecked(value, wrongPath, "path", target);
}

Result<> readName(const Yaml& value, std::string& target) {
  return readChecked(value, wrongName, "name", target);
}

Result<> readSwitch(const Yaml& value, bool& target) {
  auto text = value.text();
  if (!text) return std::unexpected(text.error());
  if (*text != "true" && *text != "false")
    return value.wrong("'" + *text + "' is neither true nor false", "give true or false");
  target = *text == "true";
  return {};
}

Result<> readList(const Yaml& value, Result<> (*readItem)(const Yaml&, std::string&),
                  std::vector<std::string>& target) {
  auto items = value.list();
  if (!items) return std::unexpected(items.error());
  for (const Yaml& item : *items) {
    if (auto read = readItem(item, target.emplace_back()); !read) return read;
  }
  return {};
}

Result<> readArgument(const Yaml& value, std::string& target) {
  auto text = value.text();
  if (!text) return std::unexpected(text.error());
  target = *std::move(text);
  return {};
}

Result<> readCommand(const Yaml& value, std::vector<std::string>& argv) {
  if (auto read = readList(value, readArgument, argv); !read) return read;
  if (!argv.empty() && !wrongPath(argv.front()) && argv.front().find('{') == std::string::npos) return {};
  return value.wrong("a command needs a program", "start the list with an absolute path, without {...}");
}

Result<> readCommands(const Yaml& value, model::ServiceEntry& service) {
  auto entries = entriesOf(value);
  if (!entries) return std::unexpected(entries.error());
  for (const auto& [name, argv] : *entries) {
    if (auto allowed = wrongName(name)) return argv.wrong("'" + name + "' is no name of a command", *allowed);
    if (auto read = readCommand(argv, service.commands[name]); !read) return read;
  }
  return {};
}

// The tables: one row a key.

constexpr Field<SourceSetting> kSourceFields[] = {
    {"path", "a log file, a glob or a directory (its *.log), or the address of syslog or the journal",
     [](const Yaml& value, SourceSetting& source) {
       return readChecked(value, wrongSource, "path", source.path);
     }},
    {"service", "the service that writes it; by default the start of the file name",
     [](const Yaml& value, SourceSetting& source) { return readName(value, source.service); }},
    {"zone",
     "the zone of time stamps that carry none (+01:00, CET, Europe/Paris, host); by default the one that "
     "fits",
     [](const Yaml& value, SourceSetting& source) {
       return readChecked(value, wrongZone, "time zone", source.zone);
     }},
    {"history",
     "true: what was written before it is first watched is read too, with rotated and compressed files, the "
     "oldest "
     "first",
     [](const Yaml& value, SourceSetting& source) { return readSwitch(value, source.history); }},
};

constexpr Field<model::ServiceEntry> kServiceFields[] = {
    {"name", "what the service is called",
     [](const Yaml& value, model::ServiceEntry& service) { return readName(value, service.name); }},
    {"depends_on", "services that it needs",
     [](const Yaml& value, model::ServiceEntry& service) {
       return readList(value, readName, service.dependsOn);
     }},
    {"logs", "log files that it writes; they are watched",
     [](const Yaml& value, model::ServiceEntry& service) { return readList(value, readPath, service.logs); }},
    {"config_file", "the file that a fix may edit",
     [](const Yaml& value, model::ServiceEntry& service) { return readPath(value, service.configFile); }},
    {"health_url", "where to ask whether it works",
     [](const Yaml& value, model::ServiceEntry& service) {
       return readChecked(value, wrongHealthUrl, "health URL", service.healthUrl);
     }},
    {"commands", "named commands: restart, status ...", readCommands},
    {"manager", "what restarts it: {systemd: UNIT}, {docker: CONTAINER} or commands", readManager},
    {"executable", "the program that its processes run: a fix signals no others",
     [](const Yaml& value, model::ServiceEntry& service) { return readPath(value, service.executable); }},
    {"writable", "what its commands may write below",
     [](const Yaml& value, model::ServiceEntry& service) {
       return readList(value, readPath, service.writablePaths);
     }},
};

template <class T, size_t N>
Result<> readPlacedList(const Yaml& value, const Field<T> (&fields)[N], std::vector<Placed<T>>& target) {
  auto items = value.list();
  if (!items) return std::unexpected(items.error());
  for (const Yaml& item : *items) {
    target.push_back({T{}, item});
    if (auto read = readFields(item, fields, target.back().value); !read) return read;
  }
  return {};
}

template <class T, size_t N>
std::vector<std::pair<std::string, std::string>> keysOf(const Field<T> (&fields)[N]) {
  std::vector<std::pair<std::string, std::string>> keys;
  for (const auto& field : fields) keys.emplace_back(field.key, field.help);
  return keys;
}

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

Result<> checkCommands(const Placed<model::ServiceEntry>& service, const model::ExecutionPolicy& policy) {
  for (const auto& [name, argv] : service.value.commands) {
    if (contains(policy.allowedCommands, argv.front())) continue;
    return service.place.wrong("command '" + name + "' starts '" + argv.front() + "', which is not allowed",
                               "add it to allowed_commands under execution");
  }
  return {};
}

Result<> addService(const Placed<model::ServiceEntry>& service, Settings& settings) {
  const model::ServiceEntry& entry = service.value;
  if (entry.name.empty()) return service.place.wrong("a service has no name", "add 'name: ...'");
  if (settings.inventory.find(entry.name)) {
    return service.place.wrong("the service '" + entry.name + "' is given twice", "keep one");
  }
  if (auto checked = checkCommands(service, settings.execution); !checked) return checked;
  if (auto problem = wrongManager(entry)) return service.place.wrong(*problem, "add it under commands");
  if (!entry.configFile.empty()) {
    const std::string root = fs::path(entry.configFile).parent_path().string();
    if (root == "/") {
      return service.place.wrong("config_file '" + entry.configFile + "' would open the whole disk to fixes",
                                 "keep it in a directory of its own");
    }
    if (!contains(settings.execution.writableRoots, root)) settings.execution.writableRoots.push_back(root);
  }
  settings.inventory.services.push_back(entry);
  return {};
}

Result<> addServices(const FileDraft& draft, Settings& settings) {
  for (const auto& service : draft.services) {
    if (auto added = addService(service, settings); !added) return added;
  }
  for (const auto& service : draft.services) {
    for (const std::string& other : service.value.dependsOn) {
      if (settings.inventory.find(other) && other != service.value.name) continue;
      return service.place.wrong("'" + service.value.name + "' depends on '" + other + "'",
                                 "name another service of this file");
    }
  }
  return {};
}

Result<> addSource(SourceSetting source, Settings& settings, const std::string& where) {
  if (source.service.empty()) source.service = serviceFor(source.path, settings.inventory);
  for (const auto& other : settings.sources) {
    if (other.path != source.path) continue;
    if (other.service == source.service) return {};
    return fail(ErrorCode::InvalidInput,
                "'" + source.path + "' is the log of '" + other.service + "' and of '" + source.service + "'",
                where, "give it one service");
  }
  settings.sources.push_back(std::move(source));
  return {};
}

Result<> addSources(const FileDraft& draft, Settings& settings) {
  for (const auto& source : draft.sources) {
    if (source.value.path.empty()) return source.place.wrong("a source has no path", "add 'path: ...'");
    if (auto added = addSource(source.value, settings, source.place.where()); !added) return added;
  }
  for (const auto& service : draft.services) {
    for (const std::string& log : service.value.logs) {
      auto added = addSource({log, service.value.name}, settings, service.place.where());
      if (!added) return added;
    }
  }
  return {};
}

Result<> addWatched(const std::vector<std::string>& paths, Settings& settings) {
  for (const std::string& path : paths) {
    if (auto allowed = wrongSource(path)) {
      return fail(ErrorCode::InvalidInput, "can't watch '" + path + "'", "--watch", *allowed);
    }
    const bool known = std::any_of(settings.sources.begin(), settings.sources.end(),
                                   [&](const SourceSetting& source) { return source.path == path; });
    if (known) continue;  // with the service that the file gives it
    if (auto added = addSource({path, {}}, settings, "--watch"); !added) return added;
  }
  return {};
}

}  // namespace

std::string serviceFor(const std::string& path, const model::Inventory& inventory) {
  if (isStream(path)) return serviceOfPath(path);
  const std::string base = fs::path(path).filename().string();
  std::string best;
  for (const auto& service : inventory.services) {
    const bool fits =
        base == service.name || base.starts_with(service.name + "-") || base.starts_with(service.name + ".");
    if (fits && service.name.size() > best.size()) best = service.name;
  }
  return best.empty() ? serviceOfPath(path) : best;
}

Result<> readSources(const Yaml& value, FileDraft& draft) {
  return readPlacedList(value, kSourceFields, draft.sources);
}

Result<> readServices(const Yaml& value, FileDraft& draft) {
  return readPlacedList(value, kServiceFields, draft.services);
}

Result<> readAllowedCommands(const Yaml& value, FileDraft& draft) {
  return readList(value, readPath, draft.settings.execution.allowedCommands);
}

Result<> readForbiddenPaths(const Yaml& value, FileDraft& draft) {
  return readList(value, readPath, draft.settings.execution.forbiddenPaths);
}

Result<> readProtectedAddresses(const Yaml& value, FileDraft& draft) {
  return readList(
      value,
      [](const Yaml& item, std::string& target) {
        return readChecked(item, wrongNetwork, "address or network", target);
      },
      draft.settings.execution.protectedAddresses);
}

Result<> completeLists(FileDraft& draft, const std::vector<std::string>& watched) {
  auto done = addServices(draft, draft.settings);
  if (done) done = addSources(draft, draft.settings);
  if (done) done = addWatched(watched, draft.settings);
  return done;
}

std::vector<std::pair<std::string, std::string>> sourceKeys() {
  return keysOf(kSourceFields);
}

std::vector<std::pair<std::string, std::string>> serviceKeys() {
  return keysOf(kServiceFields);
}

namespace {

/// File names that say what is in a log, not whose it is, and directories that hold anybody's.
constexpr std::array<std::string_view, 12> kAnybodys = {"access", "access_log", "error",   "error_log",
                                                        "errors", "log",        "logs",    "output",
                                                        "stdout", "stderr",     "console", "current"};

std::string serviceName(const fs::path& part) {
  const std::string base = part.filename().string();
  std::string name = base.substr(0, std::min(base.find_first_of("-."), size_t{64}));
  for (char& c : name) {
    if (wrongName(std::string(1, 'x') + c)) c = '_';
  }
  return wrongName(name) ? "log" : name;
}

bool isAnybodys(const std::string& name) {
  return std::ranges::find(kAnybodys, name) != kAnybodys.end();
}

}  // namespace

std::string serviceOfPath(const std::string& path) {
  if (path == "-") return "stdin";
  if (path.starts_with("journal:")) return "journal";
  if (isStream(path)) return "syslog";
  if (const auto container = containerPath(path); container && !wrongName(container->container))
    return container->container;
  const std::string name = serviceName(path);
  if (!isAnybodys(name)) return name;
  const std::string directory = serviceName(fs::path(path).parent_path());
  return isAnybodys(directory) ? name : directory;
}

}  // namespace aiops::config
