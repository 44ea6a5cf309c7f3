// A log message without its values.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace aiops::detection {

/// The constant words of one message, and its variables by type alone: "can't reach <ip>: timed out after
/// <duration>". Words of more than 24 bytes count as variables (what people write is shorter, keys are not),
/// and so do user@host pairs. Made of one message alone, so a name that has no digit and looks like a word
/// stays. Thread safe; bounded as Tokeniser is.
std::string typedText(std::string_view message);

}  // namespace aiops::detection
