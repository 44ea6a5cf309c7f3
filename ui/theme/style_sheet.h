// The one style sheet of the console.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "theme/theme.h"

namespace aiops::theme {

/// For controls only: item views are painted by delegates.
QString styleSheet(const Theme& theme);

}  // namespace aiops::theme
