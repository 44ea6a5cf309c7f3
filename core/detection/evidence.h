// References to the lines that an event stands on.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "model/event.h"
#include "model/log_record.h"

namespace aiops::detection {

/// The reference to `record`'s bytes that events cite.
model::EvidenceRef makeEvidence(const model::LogBatch& batch, const model::LogRecord& record);

/// The hash of `content` as a UUID of version 8 (RFC 9562: vendor specific).
std::string uuidOf(std::string_view content);

}  // namespace aiops::detection
