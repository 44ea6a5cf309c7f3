// How much a signal means for the question whether something is wrong.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "model/severity.h"

namespace aiops::correlation {

enum class SignalClass : uint8_t {
  Cause,    ///< names trouble by itself: opens an incident at once
  Lasting,  ///< now and then it is normal: opens an incident when it lasts
  Symptom,  ///< as Lasting, and a line that calls itself a warning opens none: whoever wrote it coped
  Sign,     ///< opens nothing, but belongs to what others opened: slow answers, warnings
  Context,  ///< is no trouble, but explains it: starts, stops, reloads
};

/// By the table in signal_class.cpp; a signal that is not there is judged by its pattern's severity: a Cause
/// from error on (an operator's own pattern has said with its threshold what is too much), a Sign from
/// warning on, else Context.
SignalClass classOf(std::string_view signal, model::Severity severity);

}  // namespace aiops::correlation
