// Documents as they are edited: everything that could deceive stands as a visible escape, and comes back
// exactly. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <string>
#include <string_view>

namespace aiops::ui {

/// Shows controls, bidi, zero-width and unassigned characters as ⟦U+202E⟧ and bad UTF-8 as ⟦xFF⟧, as SafeText
/// does, but cuts nothing and keeps line feeds and tabs. fromEditable(toEditable(x)) == x for any bytes: a
/// document is never changed by being looked at.
QString toEditable(std::string_view bytes);
std::string fromEditable(const QString& text);

}  // namespace aiops::ui
