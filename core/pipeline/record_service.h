// Whose a record is that came with others: of syslog and of the journal.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "model/log_record.h"

namespace aiops::pipeline {

/// Of the journal by the unit of systemd (what systemd says of a unit is the unit's too), without ".service"
/// and an instance: "postgresql@15-main.service" is postgresql. Else by the program as it calls itself:
/// "/usr/sbin/cron" is cron, "postfix/smtpd" is postfix. Empty when neither is known. At most 64 letters,
/// digits and _ - . of it.
std::string serviceOfRecord(const model::LogRecord& record, bool ofJournal);

}  // namespace aiops::pipeline
