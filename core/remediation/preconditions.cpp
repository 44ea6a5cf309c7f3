// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/preconditions.h"

#include "remediation/keyvalue.h"

namespace aiops::remediation {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

Result<FileSnapshot> configFile(const PreconditionWorld& world) {
  if (world.target.configFile.empty())
    return fail(ErrorCode::NotFound, "service has no config file", world.target.name);
  return world.readFile(world.target.configFile);
}

Result<> checkInteger(const std::string& parameter, const PreconditionWorld& world) {
  const auto file = configFile(world);
  if (!file) return std::unexpected(file.error());
  const auto value = readValue(file->bytes, world.parameters->at(parameter));
  if (!value) return fail(value.error().code, value.error().what, world.target.configFile);
  const bool digits =
      !value->empty() && value->size() <= 18 && value->find_first_not_of("0123456789") == std::string::npos;
  if (digits) return {};
  return fail(ErrorCode::InvalidInput, "config value is not a whole number", world.target.configFile);
}

}  // namespace

base::Result<> checkPrecondition(const Precondition& condition, const PreconditionWorld& world) {
  switch (condition.kind) {
    case Precondition::Kind::ServiceKnown:
      return {};
    case Precondition::Kind::ConfigFile:
      if (const auto file = configFile(world); !file) return std::unexpected(file.error());
      return {};
    case Precondition::Kind::Command:
      if (world.target.commands.contains(condition.name)) return {};
      return fail(ErrorCode::NotFound, "service has no command '" + condition.name + "'", world.target.name);
    case Precondition::Kind::Manager:
      if (!world.target.manager.empty()) return {};
      return fail(ErrorCode::NotFound, "nothing manages this service", world.target.name,
                  "give it a manager under services: in the configuration");
    case Precondition::Kind::ConfigInteger:
      return world.parameters ? checkInteger(condition.name, world) : Result<>();
  }
  return {};
}

std::string wordsOf(const Precondition& condition) {
  switch (condition.kind) {
    case Precondition::Kind::ServiceKnown:
      return "the service is in the inventory";
    case Precondition::Kind::ConfigFile:
      return "its config file can be read";
    case Precondition::Kind::Command:
      return "it has a command '" + condition.name + "'";
    case Precondition::Kind::Manager:
      return "something manages it";
    case Precondition::Kind::ConfigInteger:
      return "the value of {" + condition.name + "} is a whole number";
  }
  return {};
}

}  // namespace aiops::remediation
