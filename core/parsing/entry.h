// One log entry on its way through the table of formats. Internal to parsing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/log_record.h"
#include "parsing/json_line.h"
#include "parsing/level.h"
#include "parsing/scan.h"
#include "parsing/timestamp.h"

namespace aiops::parsing {

/// A reader of the table takes what it understands from `text` into the record, or returns false; then what
/// it has put there is thrown away. `text` holds all lines of the entry; its head stands on the first.
struct Entry {
  std::string_view text;
  std::optional<Stamp> stamp;  ///< at the beginning of `text`
  std::string_view rest;       ///< of `text`, behind `stamp`
  bool nested = false;         ///< the message of an entry whose head was read before
  model::LogRecord& record;
  std::vector<std::unique_ptr<std::string>>& scratch;
  JsonLine& json;
  size_t maxFields;
  size_t maxJsonDepth;

  // What readers find besides fields.
  std::optional<Stamp> time;
  std::optional<base::TimePoint> instant;
  std::optional<model::Severity> severity;
  std::optional<std::string_view> message;

  void add(std::string_view key, std::string_view value) {
    if (record.fields.empty()) record.fields.reserve(8);  // most have some: grown once, not four times
    if (record.fields.size() < maxFields) record.fields.emplace_back(key, value);
  }
  /// Leaves out what is not there: an empty value, or "-".
  void addPresent(std::string_view key, std::string_view value) {
    if (!value.empty() && value != "-") add(key, value);
  }
  /// Text that stands nowhere in the entry as it is.
  std::string_view keep(std::string value) {
    return *scratch.emplace_back(std::make_unique<std::string>(std::move(value)));
  }
};

/// Without the backslashes that guard quotes, backslashes and closing brackets.
std::string_view unescaped(Entry& entry, std::string_view quoted);

// The readers, by family. Each belongs to one row of the table in line_format.cpp.

bool readSyslog5424(Entry& entry);
bool readSyslog3164(Entry& entry);
bool readContainer(Entry& entry);

bool readJson(Entry& entry);
bool readLogfmt(Entry& entry);
bool readCef(Entry& entry);

bool readAccess(Entry& entry);
bool readHaproxy(Entry& entry);
bool readLoadBalancer(Entry& entry);

bool readPostgres(Entry& entry);
bool readMysql(Entry& entry);
bool readMariadb(Entry& entry);
bool readMysqlSlow(Entry& entry);
bool readRedis(Entry& entry);

bool readNginxError(Entry& entry);
bool readApacheError(Entry& entry);
bool readKlog(Entry& entry);
bool readPython(Entry& entry);
bool readJava(Entry& entry);
bool readStamped(Entry& entry);
bool readPlain(Entry& entry);

/// Finds out what `message`, the text behind a head, says by itself: another format inside, or a level.
void readMessage(Entry& entry, std::string_view message);

/// The meaning of an object that is an entry of the systemd journal; false for another one. Its fields get
/// their common names in front, `unit` (whom it is about) and `program` also when they are empty: nothing in
/// the message can take their place.
bool takeJournal(Entry& entry);

/// "DETAIL:  ", "STATEMENT:  " and their relatives: the line goes on with the PostgreSQL record before it.
bool continuesPostgres(std::string_view record, std::string_view line);

}  // namespace aiops::parsing
