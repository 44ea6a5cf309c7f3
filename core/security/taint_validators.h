// Captured text becomes a parameter only here: each function knows one closed grammar and refuses everything
// else. What passes holds no control character, no NUL and no leading '-', and is returned in its one
// canonical form. That it names something that exists (a unit, a known value) is for the caller, who has the
// inventory. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace aiops::security {

/// Decimal digits, optionally after '-' when `least` is negative; no sign '+', no space, no leading zero.
base::Result<int64_t> validInteger(std::string_view text, int64_t least, int64_t greatest);

/// [A-Za-z_][A-Za-z0-9_-]{0,63}
base::Result<std::string> validIdentifier(std::string_view text);

/// [A-Za-z0-9@_:.\-]{1,200}.service, where - and . don't come first and the backslash is systemd's own
/// escape.
base::Result<std::string> validUnitName(std::string_view text);

/// An IPv4 or IPv6 address without zone, returned as inet_ntop writes it.
base::Result<std::string> validIpAddress(std::string_view text);

/// An existing path at or below `root` that is reached without a symbolic link (openat2 with RESOLVE_BENEATH
/// and RESOLVE_NO_SYMLINKS). Printable UTF-8; no "//", "/./" or "/../". The file can change afterwards:
/// Landlock, not this check, keeps a step inside its paths.
base::Result<std::string> validPathUnder(std::string_view text, const std::filesystem::path& root);

/// Exactly one of `known`.
base::Result<std::string> validChoice(std::string_view text, std::span<const std::string> known);

}  // namespace aiops::security
