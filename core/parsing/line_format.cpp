// SPDX-License-Identifier: GPL-3.0-or-later
#include "parsing/line_format.h"

#include <algorithm>
#include <array>

#include "parsing/entry.h"
#include "parsing/stack_trace.h"

namespace aiops::parsing {
namespace {

/// The order counts: what is more exact stands first.
constexpr std::array<LineFormat, 21> kFormats = {{
    {"JSON lines", false, readJson},
    {"syslog (RFC 5424)", true, readSyslog5424},
    {"access log", false, readAccess},
    {"HAProxy", false, readHaproxy},
    {"Redis", true, readRedis},
    {"klog", true, readKlog},
    {"nginx error log", true, readNginxError},
    {"Apache error log", true, readApacheError},
    {"PostgreSQL", true, readPostgres},
    {"MySQL error log", true, readMysql},
    {"MariaDB error log", true, readMariadb},
    {"MySQL slow log", true, readMysqlSlow},
    {"container log", true, readContainer},
    {"syslog (RFC 3164)", true, readSyslog3164},
    {"CEF", false, readCef},
    {"load balancer requests", false, readLoadBalancer},
    {"logfmt", true, readLogfmt},
    {"Python logging", true, readPython},
    {"Java (log4j, logback)", true, readJava},
    {"text with time stamps", true, readStamped},
    {"plain text", true, readPlain},
}};

void reset(Entry& entry) {
  entry.record.fields.clear();
  entry.time.reset();
  entry.instant.reset();
  entry.severity.reset();
  entry.message.reset();
}

}  // namespace

const LineFormat& readFormat(Entry& entry) {
  for (const auto& format : kFormats) {
    if (format.read(entry)) return format;
    reset(entry);
  }
  return kFormats.back();
}

const LineFormat& formatOf(std::string_view line) {
  model::LogRecord record;
  std::vector<std::unique_ptr<std::string>> scratch;
  JsonLine json;
  const auto stamp = readStamp(line);
  Entry entry{.text = line,
              .stamp = stamp,
              .rest = line.substr(stamp ? stamp->length : 0),
              .record = record,
              .scratch = scratch,
              .json = json,
              .maxFields = 64,
              .maxJsonDepth = 64};
  return readFormat(entry);
}

std::string formatName(const std::vector<std::string_view>& lines) {
  std::array<size_t, kFormats.size()> counts{};
  StackTrace trace;
  bool first = true;
  for (const auto line : lines) {
    if (line.find_first_not_of(" \t\r\n") == std::string_view::npos) continue;
    if (!first && trace.accepts(line)) {
      trace.extend(line);
      continue;
    }
    first = false;
    trace.begin(line);
    ++counts[static_cast<size_t>(&formatOf(line) - kFormats.data())];
  }
  const auto most = std::max_element(counts.begin(), counts.end());
  return *most == 0 ? std::string() : std::string(kFormats[static_cast<size_t>(most - counts.begin())].name);
}

}  // namespace aiops::parsing
