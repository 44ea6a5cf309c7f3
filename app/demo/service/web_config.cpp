// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo/service/web_config.h"

#include <functional>
#include <map>
#include <sstream>

#include "app/demo/service/options.h"
#include "app/demo/service/text.h"

namespace aiops::demo {

using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

std::string trimmed(const std::string& text) {
  const size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

struct NumberKey {
  long low;
  long high;
  std::function<void(WebConfig&, long)> set;
};

const std::map<std::string, NumberKey>& numberKeys() {
  static const std::map<std::string, NumberKey> keys = {
      {"listen_port", {1, 65535, [](WebConfig& c, long v) { c.listenPort = static_cast<uint16_t>(v); }}},
      {"memory_limit_mb", {1, 4096, [](WebConfig& c, long v) { c.memoryLimitBytes = uint64_t(v) << 20; }}},
      {"memory_max_mb", {1, 4096, [](WebConfig& c, long v) { c.memoryMaxBytes = uint64_t(v) << 20; }}},
      {"session_size_kb", {1, 4096, [](WebConfig& c, long v) { c.sessionBytes = uint64_t(v) << 10; }}},
      {"session_ttl_s", {1, 86400, [](WebConfig& c, long v) { c.sessionTtl = std::chrono::seconds(v); }}},
  };
  return keys;
}

Result<> setLogLevel(WebConfig& config, const std::string& value, const std::string& where) {
  if (value != "info" && value != "warn") {
    return fail(ErrorCode::InvalidInput, "log_level is neither info nor warn", where);
  }
  config.logRequests = value == "info";
  return {};
}

Result<> setKey(WebConfig& config, const std::string& key, const std::string& value,
                const std::string& where) {
  if (key == "log_level") return setLogLevel(config, value, where);
  const auto it = numberKeys().find(key);
  if (it == numberKeys().end())
    return fail(ErrorCode::InvalidInput, concat("unknown key '", key, "'"), where);
  const auto number = parseNumber(value, it->second.low, it->second.high, where + " " + key);
  if (!number) return std::unexpected(number.error());
  it->second.set(config, *number);
  return {};
}

}  // namespace

Result<WebConfig> parseWebConfig(const std::string& text, const std::string& path) {
  WebConfig config;
  std::map<std::string, int> lineOf;
  std::istringstream lines(text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    line = trimmed(line);
    if (line.empty() || line.front() == '#') continue;
    const std::string where = concat(path, ':', number);
    const size_t equals = line.find('=');
    if (equals == std::string::npos) return fail(ErrorCode::InvalidInput, "expected key = value", where);
    const std::string key = trimmed(line.substr(0, equals));
    if (!lineOf.emplace(key, number).second)
      return fail(ErrorCode::InvalidInput, key + " is given twice", where);
    if (auto set = setKey(config, key, trimmed(line.substr(equals + 1)), where); !set) {
      return std::unexpected(set.error());
    }
  }
  for (const auto& [key, unused] : numberKeys()) {
    if (!lineOf.contains(key)) return fail(ErrorCode::InvalidInput, key + " is missing", path);
  }
  if (config.memoryLimitBytes > config.memoryMaxBytes) {
    return fail(ErrorCode::InvalidInput,
                concat("memory_limit_mb ", config.memoryLimitBytes >> 20, " exceeds memory_max_mb ",
                       config.memoryMaxBytes >> 20),
                concat(path, ':', lineOf["memory_limit_mb"]));
  }
  return config;
}

}  // namespace aiops::demo
