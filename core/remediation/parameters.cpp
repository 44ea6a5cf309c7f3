// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/parameters.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <set>

#include "remediation/augeas_edit.h"
#include "remediation/host_verb.h"
#include "remediation/keyvalue.h"

namespace aiops::remediation {
namespace {

using base::ErrorCode;
using base::fail;
using base::Result;

constexpr size_t kMostTallied = 16;

Result<std::string> validateInteger(const Parameter& parameter, const std::string& text) {
  int64_t value = 0, scaled = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value);
  if (error != std::errc() || end != last || std::to_string(value) != text) {
    return fail(ErrorCode::InvalidInput, "not a whole number", parameter.name);
  }
  if (__builtin_mul_overflow(value, parameter.scale, &scaled) || scaled < parameter.min ||
      scaled > parameter.max) {
    return fail(ErrorCode::InvalidInput,
                "number is outside " + std::to_string(parameter.min) + " to " + std::to_string(parameter.max),
                parameter.name);
  }
  return std::to_string(scaled);
}

/// The same, with the parameter's name where it is wrong.
Result<std::string> named(Result<std::string> value, const Parameter& parameter) {
  if (!value) value.error().where = parameter.name;
  return value;
}

/// The one value that the target's events captured under this name.
Result<std::string> captured(const Parameter& parameter, const ParameterWorld& world) {
  std::set<std::string> values;
  for (const auto& event : world.events) {
    const auto found = event.captures.find(parameter.sourceName);
    if (event.service == world.target.name && found != event.captures.end()) values.insert(found->second);
  }
  if (values.empty())
    return fail(ErrorCode::NotFound, "no event captured '" + parameter.sourceName + "'", parameter.name);
  if (values.size() > 1) {
    return fail(ErrorCode::InvalidInput, "events disagree about '" + parameter.sourceName + "'",
                parameter.name);
  }
  return *values.begin();
}

/// What the target's events tally, separated by commas: those that came most, as far as they are allowed.
Result<std::string> tallied(const Parameter& parameter, const ParameterWorld& world) {
  std::map<std::string, uint64_t> counts;
  for (const auto& event : world.events) {
    if (event.service != world.target.name) continue;
    for (const auto& row : event.tally) counts[row.value] = std::max(counts[row.value], row.count);
  }
  if (counts.empty()) return fail(ErrorCode::NotFound, "no event tallies anything", parameter.name);
  std::vector<std::pair<uint64_t, std::string>> byCount;
  for (const auto& [value, count] : counts) byCount.emplace_back(count, value);
  std::ranges::sort(byCount, std::greater());
  std::string out;
  for (size_t i = 0; i < std::min(byCount.size(), kMostTallied); ++i)
    out += (out.empty() ? "" : ",") + byCount[i].second;
  return out;
}

Result<std::string> sourceValue(const Parameter& parameter, const ParameterWorld& world,
                                const ParameterValues& values) {
  switch (parameter.source) {
    case ParameterSource::Fixed:
      return parameter.fixedValue;
    case ParameterSource::Target:
      return world.target.name;
    case ParameterSource::TargetFile:
      return world.target.configFile;
    case ParameterSource::OtherParameter:
      return values.at(parameter.sourceName);
    case ParameterSource::Capture:
      return captured(parameter, world);
    case ParameterSource::Tally:
      return tallied(parameter, world);
    case ParameterSource::TargetLog:
      if (world.target.logs.empty())
        return fail(ErrorCode::NotFound, "service has no log file", parameter.name);
      return world.target.logs.front();
    case ParameterSource::AugeasValue: {
      auto node = readNode(world.configBytes, parameter.lens, fillText(parameter.path, values));
      if (!node) node.error().where = world.target.configFile + ", parameter " + parameter.name;
      return node;
    }
    case ParameterSource::ConfigValue:
      break;
  }
  auto value = readValue(world.configBytes, values.at(parameter.sourceName));
  if (!value) value.error().where = world.target.configFile + ", parameter " + parameter.name;
  return value;
}

}  // namespace

base::Result<std::string> validateValue(const Parameter& parameter, const std::string& text,
                                        const ParameterWorld& world) {
  const auto wrong = [&](std::string what) {
    return fail(ErrorCode::InvalidInput, std::move(what), parameter.name);
  };
  switch (parameter.type) {
    case ParameterType::Integer:
      return validateInteger(parameter, text);
    case ParameterType::Identifier:
      if (!isIdentifier(text)) return wrong("not an identifier");
      return text;
    case ParameterType::ServiceName:
      if (!isIdentifier(text) || !world.inventory.find(text)) return wrong("not a service of the inventory");
      return text;
    case ParameterType::ServiceFile:
      if (text.empty() || text != world.target.configFile) return wrong("not the service's config file");
      return text;
    case ParameterType::ServiceCommand:
      if (!isIdentifier(text) || !world.target.commands.contains(text))
        return wrong("not a command of the service");
      return text;
    case ParameterType::Path:
      return named(validHostPath(text), parameter);
    case ParameterType::Addresses:
      return named(validHostAddresses(text), parameter);
  }
  return wrong("unknown type");
}

base::Result<ParameterValues> resolveParameters(const Playbook& playbook, const ParameterWorld& world) {
  ParameterValues values;
  for (const auto& parameter : playbook.parameters) {
    const auto raw = sourceValue(parameter, world, values);
    if (!raw) return std::unexpected(raw.error());
    const auto value = validateValue(parameter, *raw, world);
    if (!value) return std::unexpected(value.error());
    values[parameter.name] = *value;
  }
  return values;
}

std::string fillText(const std::string& text, const ParameterValues& values) {
  std::string out;
  size_t at = 0;
  while (at < text.size()) {
    const size_t open = text.find('{', at), close = open == std::string::npos ? open : text.find('}', open);
    if (close == std::string::npos) break;
    const auto found = values.find(text.substr(open + 1, close - open - 1));
    out.append(text, at, open - at);
    out += found == values.end() ? text.substr(open, close - open + 1) : found->second;
    at = close + 1;
  }
  return out.append(text, at);
}

base::Result<std::vector<std::string>> fillArguments(const std::vector<std::string>& argv,
                                                     const std::map<std::string, std::string>& with,
                                                     const ParameterValues& values) {
  if (argv.empty() || !argv[0].starts_with('/'))
    return fail(ErrorCode::InvalidInput, "command is not an absolute path");
  std::vector<std::string> out{argv[0]};
  for (size_t i = 1; i < argv.size(); ++i) {
    const std::string& argument = argv[i];
    if (argument.size() < 3 || argument.front() != '{' || argument.back() != '}') {
      out.push_back(argument);
      continue;
    }
    const std::string placeholder = argument.substr(1, argument.size() - 2);
    const auto renamed = with.find(placeholder);
    const auto value = values.find(renamed == with.end() ? placeholder : renamed->second);
    if (value == values.end()) return fail(ErrorCode::NotFound, "no parameter for '" + argument + "'");
    out.push_back(value->second);
  }
  return out;
}

}  // namespace aiops::remediation
