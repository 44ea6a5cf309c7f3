// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/manager_field.h"

#include "config/checks.h"

namespace aiops::config {
namespace {

const std::string kAllowed = "give {systemd: web.service}, {docker: CONTAINER} or commands";

}  // namespace

base::Result<> readManager(const Yaml& value, model::ServiceEntry& service) {
  if (value.node.IsScalar()) {
    auto text = value.text();
    if (!text) return std::unexpected(text.error());
    if (*text != "commands") return value.wrong("'" + *text + "' is no manager", kAllowed);
    service.manager = "commands";
    return {};
  }
  const auto entries = entriesOf(value);
  if (!entries) return std::unexpected(entries.error());
  if (entries->size() != 1) return value.wrong("a service has one manager", kAllowed);
  const auto& [kind, name] = entries->front();
  if (kind != "systemd" && kind != "docker") return value.wrong("'" + kind + "' is no manager", kAllowed);
  auto unit = name.text();
  if (!unit) return std::unexpected(unit.error());
  if (auto allowed = wrongName(*unit)) return name.wrong("'" + *unit + "' is no name of a unit", *allowed);
  if (kind == "systemd" && !unit->ends_with(".service"))
    return name.wrong("'" + *unit + "' is no service unit", "give a name that ends in .service");
  service.manager = kind;
  service.unit = *std::move(unit);
  return {};
}

std::optional<std::string> wrongManager(const model::ServiceEntry& service) {
  if (service.manager != "commands") return std::nullopt;
  for (const char* name : {"restart", "status"}) {
    if (!service.commands.contains(name))
      return "manager 'commands' needs a command '" + std::string(name) + "'";
  }
  return std::nullopt;
}

}  // namespace aiops::config
