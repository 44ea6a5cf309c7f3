// What models of tables share with the table that shows them: roles, and foreign text on one line.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <string_view>

namespace aiops::ui {

/// Roles beside Qt's own. The numbers are those of DataTableRole in ui/widgets; the tests of the panels check
/// that.
namespace cell {
enum Role { Id = Qt::UserRole + 100, Ink, Icon, Mono };
}

/// As shownString(), with a visible mark for each line feed.
QString cellText(std::string_view foreign, size_t maxBytes = 512);
/// A help text as a sentence: capital first, a full stop at the end if it ends without a mark.
QString sentence(std::string_view foreign);

}  // namespace aiops::ui
