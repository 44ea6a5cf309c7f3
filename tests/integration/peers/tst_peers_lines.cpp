// How much of the expectations of other projects' test suites is met. Their data is not in the repository:
// set AIOPS_EVAL to its folder, else ../shared/eval beside the checkout is looked at; without it nothing is
// measured. Prints the figures and asserts what is reached in general, not single cases.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <fstream>
#include <map>
#include <set>

#include "integration/peers/peer_cases.h"
#include "parsing/level.h"
#include "parsing/line_format.h"
#include "parsing/line_parser.h"
#include "parsing/record_assembler.h"
#include "unit/parsing/line_feeder.h"

using namespace aiops;
using namespace std::chrono_literals;
using nlohmann::json;
using test::casesOf;

namespace {

struct Parsed {
  model::LogBatch batch;
  model::LogRecord record;
  std::string format;
};

Parsed parse(const std::string& text) {
  Parsed parsed;
  parsed.batch.bytes = std::make_unique<std::string>(text);
  parsing::LineParser parser;
  parsed.record = parser.parse(*parsed.batch.bytes,
                               std::chrono::time_point_cast<base::Duration>(std::chrono::system_clock::now()),
                               parsed.batch);
  parsed.format = parsing::formatOf(text).name;
  return parsed;
}

/// What a function of the other project reads, by our names of formats.
const std::map<std::string, std::set<std::string>>& formatsOfFunction() {
  static const std::map<std::string, std::set<std::string>> table = {
      {"parse_apache_log", {"access log", "Apache error log"}},
      {"parse_common_log", {"access log"}},
      {"parse_nginx_log", {"access log", "nginx error log"}},
      {"parse_syslog", {"syslog (RFC 3164)", "syslog (RFC 5424)"}},
      {"parse_linux_authorization", {"syslog (RFC 3164)", "syslog (RFC 5424)"}},
      {"parse_klog", {"klog"}},
      {"parse_glog", {"klog"}},
      {"parse_aws_alb_log", {"load balancer requests"}},
      {"parse_cef", {"CEF"}},
      {"parse_logfmt", {"logfmt"}},
      {"parse_key_value", {"logfmt"}},
  };
  return table;
}

/// Ours for theirs, where they differ. Several are tried.
const std::multimap<std::string, std::string>& namesOfField() {
  static const std::multimap<std::string, std::string> table = {
      {"client", "host"},
      {"remote_addr", "host"},
      {"remote_user", "user"},
      {"identity", "identity"},
      {"size", "bytes"},
      {"body_bytes_size", "bytes"},
      {"referrer", "referer"},
      {"http_referer", "referer"},
      {"http_user_agent", "agent"},
      {"http_x_forwarded_for", "forwarded_for"},
      {"hostname", "host"},
      {"appname", "program"},
      {"procid", "pid"},
      {"msgid", "message_id"},
      {"cid", "connection"},
      {"request_method", "method"},
      {"request_url", "path"},
      {"request_protocol", "protocol"},
      {"id", "thread"},
      {"proxy_upstream_name", "upstream_name"},
      {"upstream_addr", "upstream"},
      {"req_id", "request_id"},
      {"proxy_alternative_upstream_name", "alternative_upstream_name"},
      {"upstream_response_length", "upstream_bytes"},
      {"upstream_response_time", "upstream_time"},
      {"module", "module"},
      {"thread", "tid"},
      {"port", "client"},
  };
  return table;
}

/// Numbers as text differ in their trailing zeros, and the data writes some with '_'.
bool sameValue(std::string_view ours, std::string theirs) {
  if (ours == theirs || (theirs == "-" && ours.empty())) return true;
  std::string plain;
  for (const char c : theirs) {
    if (c != '_' && c != '\\') plain += c;
  }
  std::string mine(ours);
  std::erase(mine, '\\');
  if (mine == plain) return true;
  try {
    size_t read = 0, wanted = 0;
    const double a = std::stod(mine, &read), b = std::stod(plain, &wanted);
    return read == mine.size() && wanted == plain.size() && a == b;
  } catch (const std::exception&) {
    return false;
  }
}

bool hasField(const Parsed& parsed, const std::string& name, const std::string& value) {
  const auto& record = parsed.record;
  if (name == "timestamp") return record.hasEventTime;
  if (name == "version" || name == "cefVersion") return true;
  if (name == "severity" || name == "level") {
    const auto written = record.field("level").empty() ? record.field("severity") : record.field("level");
    if (sameValue(written, value)) return true;
    const auto severity = parsing::severityFromWord(value);
    return severity && *severity == record.severity;
  }
  if (sameValue(record.field(name), value)) return true;
  const auto [first, last] = namesOfField().equal_range(name);
  if (std::any_of(first, last,
                  [&](const auto& entry) { return sameValue(record.field(entry.second), value); }))
    return true;
  if (name == "message" || name == "request") {
    std::string request;
    for (const auto key : {"method", "path", "protocol"}) {
      if (const auto part = record.field(key); !part.empty())
        request += (request.empty() ? "" : " ") + std::string(part);
    }
    return sameValue(request, value) || sameValue(record.field("request"), value) ||
           sameValue(record.message, value) || sameValue(record.field("reason"), value) ||
           sameValue(record.field("msg"), value);
  }
  return false;
}

/// Formats that lnav knows by another name.
const std::map<std::string, std::set<std::string>>& formatsOfLnav() {
  static const std::map<std::string, std::set<std::string>> table = {
      {"syslog_log", {"syslog (RFC 3164)", "syslog (RFC 5424)"}},
      {"unifi_log", {"syslog (RFC 3164)"}},
      {"access_log", {"access log"}},
      {"haproxy_log", {"HAProxy", "syslog (RFC 3164)"}},
      {"redis_log", {"Redis"}},
      {"glog_log", {"klog"}},
      {"klog_log", {"klog"}},
      {"postgres_log", {"PostgreSQL"}},
      {"vpostgres_log", {"PostgreSQL"}},
      {"mysql_error_log", {"MySQL error log", "MariaDB error log"}},
      {"nginx_error_log", {"nginx error log"}},
      {"logfmt_log", {"logfmt"}},
  };
  return table;
}

}  // namespace

class TestPeers : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void fields();
  void formatsAndLevels();
  void tracesAreOneRecord();
  void oddFilesAreReadWhole();
};

void TestPeers::fields() {
  const auto cases = casesOf("vrl_parsers");
  if (cases.empty()) QSKIP("no evaluation data: set AIOPS_EVAL");
  size_t fields = 0, right = 0, rejected = 0, rejectedRight = 0, whole = 0, taken = 0;
  for (const auto& item : cases) {
    const auto formats = formatsOfFunction().find(item["function"].get<std::string>());
    if (formats == formatsOfFunction().end()) continue;  // durations and the like are no log lines
    const auto options = item["options"];
    const bool ownDelimiters = options.contains("key_value_delimiter") || options.contains("field_delimiter");
    if (ownDelimiters &&
        (options.value("key_value_delimiter", "=") != "=" || options.value("field_delimiter", " ") != " "))
      continue;  // told by its configuration; ours is found from the line
    const auto parsed = parse(item["value"].get<std::string>());
    if (!item["ok"].get<bool>()) {
      const bool otherVariant =
          options.value("format", "") == "main" || options.value("format", "") == "combined";
      if (otherVariant && formats->second.contains(parsed.format))
        continue;  // right, but not what was asked for
      ++rejected;
      const bool ok = !formats->second.contains(parsed.format);
      rejectedRight += ok;
      if (!ok)
        qInfo("taken for %s: %s", parsed.format.c_str(),
              item["value"].get<std::string>().substr(0, 100).c_str());
      continue;
    }
    ++taken;
    size_t missed = 0;
    for (const auto& [name, value] : item["fields"].items()) {
      ++fields;
      const bool ok = hasField(parsed, name, value.get<std::string>());
      right += ok;
      missed += !ok;
      if (!ok)
        qInfo("%s/%s (%s): %s: want '%s', have '%s'", formats->first.c_str(),
              item["case"].get<std::string>().c_str(), parsed.format.c_str(), name.c_str(),
              value.get<std::string>().c_str(), std::string(parsed.record.field(name)).c_str());
    }
    whole += missed == 0;
  }
  const double share = static_cast<double>(right) / static_cast<double>(fields);
  qInfo("fields: %zu of %zu (%.3f); whole lines: %zu of %zu; rejected: %zu of %zu", right, fields, share,
        whole, taken, rejectedRight, rejected);
  QVERIFY(share >= 0.95);
  QVERIFY(rejectedRight * 10 >= rejected * 9);
}

void TestPeers::formatsAndLevels() {
  const auto cases = casesOf("lnav");
  if (cases.empty()) QSKIP("no evaluation data: set AIOPS_EVAL");
  size_t formats = 0, levels = 0, leveled = 0;
  for (const auto& item : cases) {
    const auto line = item["line"].get<std::string>();
    const auto parsed = parse(line);
    const auto named = formatsOfLnav().find(item["format"].get<std::string>());
    // A format that has a row is told by it; of the others the time or the level has to be found.
    bool ok = parsed.format != "plain text";
    if (item["json"].get<bool>()) ok = parsed.format == "JSON lines";
    if (named != formatsOfLnav().end()) ok = named->second.contains(parsed.format);
    formats += ok;
    if (!ok)
      qInfo("%s taken for %s: %s", item["format"].get<std::string>().c_str(), parsed.format.c_str(),
            line.substr(0, 110).c_str());
    if (!item["level"].is_string()) continue;
    ++leveled;
    const auto wanted = parsing::severityFromWord(item["level"].get<std::string>());
    const bool same = wanted && *wanted == parsed.record.severity;
    levels += same;
    if (!same)
      qInfo("level of %s: want %s: %s", item["format"].get<std::string>().c_str(),
            item["level"].get<std::string>().c_str(), line.substr(0, 110).c_str());
  }
  qInfo("formats: %zu of %zu; levels: %zu of %zu", formats, cases.size(), levels, leveled);
  QVERIFY(static_cast<double>(formats) >= 0.90 * static_cast<double>(cases.size()));
  QVERIFY(static_cast<double>(levels) >= 0.90 * static_cast<double>(leveled));
}

void TestPeers::tracesAreOneRecord() {
  const auto cases = casesOf("exceptions_multiline");
  if (cases.empty()) QSKIP("no evaluation data: set AIOPS_EVAL");
  size_t right = 0;
  for (const auto& item : cases) {
    parsing::RecordAssembler assembler("/log", "svc");
    test::LineFeeder feeder;
    auto records =
        test::texts(assembler.add(feeder.chunk(item["text"].get<std::string>()), base::TimePoint(1s), 0s));
    for (auto& last : test::texts(assembler.flush(0s, true))) records.push_back(std::move(last));
    const bool ok = records.size() == item["events"].get<size_t>();
    right += ok;
    if (!ok)
      qInfo("%s: %zu records; the second begins: %.80s", item["name"].get<std::string>().c_str(),
            records.size(), records.size() > 1 ? records[1].c_str() : "");
  }
  qInfo("traces: %zu of %zu", right, cases.size());
  QCOMPARE(right, cases.size());
}

void TestPeers::oddFilesAreReadWhole() {
  const auto folder = test::evalData("peers/lnav/logs");
  if (!folder) QSKIP("no evaluation data: set AIOPS_EVAL");
  for (const auto& file : std::filesystem::directory_iterator(*folder)) {
    std::ifstream in(file.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    parsing::RecordAssembler assembler("/log", "svc");
    test::LineFeeder feeder;
    auto batch = assembler.add(feeder.chunk(bytes), base::TimePoint(1s), 0s);
    size_t covered = 0;
    for (const auto& record : batch.records) covered += record.text.size();
    for (const auto& record : assembler.flush(0s, true).records) covered += record.text.size();
    const auto kept =
        static_cast<size_t>(std::count_if(bytes.begin(), bytes.end(), [](char c) { return c != '\n'; }));
    QVERIFY2(covered >= kept, file.path().c_str());
  }
}

QTEST_GUILESS_MAIN(TestPeers)
#include "tst_peers_lines.moc"
