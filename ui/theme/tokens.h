// The token table: one row a token, one column a scheme.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRgb>

#include "theme/theme.h"

namespace aiops::theme {

QRgb tokenValue(Token token, Scheme scheme);

}  // namespace aiops::theme
