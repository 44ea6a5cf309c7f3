// JSON from outside, read so that it means one thing only.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "base/result.h"

namespace aiops::model {

struct JsonLimits {
  size_t depth = 64;
  size_t bytes = 64u << 20;
};

/// Parses an object. Nesting is bounded before any tree exists (a deep tree overflows the stack), and a key
/// that stands twice is refused because two readers could disagree about it; so are NaN, infinities and
/// numbers beyond a double. InvalidInput says what is wrong, with `where`; LimitExceeded: too long.
base::Result<nlohmann::json> parseStrictJson(std::string_view text, const std::string& where,
                                             const JsonLimits& limits = {});

}  // namespace aiops::model
