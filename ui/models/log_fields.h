// The key=value fields inside a shown message, for reading them one below the other.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <utility>
#include <vector>

namespace aiops::ui {

/// key=value, key="value with spaces" or key='...', at word starts, in order; at most `most`. An unclosed
/// quote takes the rest. Works on shown text: what it returns is as safe as what it was given.
std::vector<std::pair<QString, QString>> fieldsOf(const QString& message, size_t most = 12);

/// Where the first field begins, or the size of the message.
qsizetype fieldsStart(const QString& message);

}  // namespace aiops::ui
