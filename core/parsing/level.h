// Levels: the words that mean one, and where they stand in the head of a line.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

#include "model/severity.h"

namespace aiops::parsing {

/// "WARN", "[error]", "Critical:" and their relatives, any case; empty for other words.
std::optional<model::Severity> severityFromWord(std::string_view word);

/// A level as JSON and logfmt write it: a word, or a number as bunyan (10 to 60) or syslog (0 to 7) count.
std::optional<model::Severity> severityFromValue(std::string_view value);

/// One letter: V, T and D debug, I and N info, W warning, E error, C and F critical.
std::optional<model::Severity> severityFromLetter(char letter);

/// Names of syslog's severities (0 to 7) and facilities (0 to 23), and what a severity means here.
std::string_view syslogSeverityName(int severity);
std::string_view syslogFacilityName(int facility);
model::Severity severityFromSyslog(int severity);
/// "daemon.err" and its relatives.
std::optional<model::Severity> severityFromFacilityWord(std::string_view word);

struct FoundLevel {
  model::Severity severity = model::Severity::Info;
  size_t begin = 0;  ///< of the word that holds it
  size_t end = 0;    ///< the message begins here, behind separators
};

/// The level in the head of `text`: the first word, or a word that is clearly marked as one ("ERROR",
/// "[error]", "module:notice]", "local.ERROR:", "INFO/Main]") behind others that belong to a head (in
/// brackets, numbers, names of loggers and threads). `strict`: there is no other sign that `text` has a head,
/// so the first word has to be marked too ("Alert the user" is no level).
std::optional<FoundLevel> findLevel(std::string_view text, bool strict);

/// False for an ordinary word: true when it is in brackets, has digits or signs, or nothing but capitals.
bool looksLikeHead(std::string_view word);

/// Without ": ", "- " and "| " in front.
std::string_view skipSeparators(std::string_view text);

}  // namespace aiops::parsing
