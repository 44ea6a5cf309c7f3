// Finds key=value pairs in free text. Internal to parsing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <utility>
#include <vector>

namespace aiops::parsing {

using Fields = std::vector<std::pair<std::string_view, std::string_view>>;

/// Appends the pairs of `text` until there are `maxFields`. A key is a letter or '_' and then letters,
/// digits, '_', '.' or '-', after white space or an opening bracket; a value is quoted or ends at white space
/// or one of ",;)]}". O(size).
void scanFields(std::string_view text, size_t maxFields, Fields& fields);

}  // namespace aiops::parsing
