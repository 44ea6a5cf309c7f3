// The rules that hold over all sources: which folder may include which, and which calls stand where.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

namespace aiops::architecture {

/// What is wrong with one C++ file; empty if nothing is. `path` is relative to the source tree, such as
/// "core/storage/connection.cpp". Each complaint begins with "path:line: ".
QStringList checkSource(const QString& path, const QString& text);

/// The same for a CMakeLists.txt: core links no part of Qt that needs a display.
QStringList checkBuildFile(const QString& path, const QString& text);

/// `text` with comments and the contents of literals blanked; line breaks stay. Includes are kept.
QString codeOf(const QString& text);

}  // namespace aiops::architecture
