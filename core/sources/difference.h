// What is different between two texts, as a unified diff.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace aiops::sources {

/// Takes secrets out of a text.
using Redact = std::function<std::string(std::string_view)>;

inline constexpr size_t kLongestDifference = 16 * 1024;

/// base::lineDiff() as text, with three lines around each place; empty when the texts are equal. Longer than
/// `most` it is cut at a line and says so.
std::string unifiedDifference(std::string_view before, std::string_view after, const std::string& beforeName,
                              const std::string& afterName, size_t most = kLongestDifference);

/// As unifiedDifference() of `path`, to be shown: valid UTF-8 without secrets. A line of which only a secret
/// changed stands there twice, the same. What is no text is only said to differ.
std::string shownDifference(std::string_view before, std::string_view after, const std::string& path,
                            const Redact& redact);

}  // namespace aiops::sources
