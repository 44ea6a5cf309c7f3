// Painting of exact text: escapes in the warning colour, long lines broken, nothing left out.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPainter>
#include <QString>
#include <QStringList>
#include <string_view>

#include "theme/theme.h"

namespace aiops::ui {

/// As safe(), but with tabs, and blanks if `blanks`, as visible escapes: what runs must not hide anything.
QString exact(std::string_view foreign, bool blanks);
/// An argument: exact with blanks, and ⟦empty⟧ for nothing.
QString exactArgument(std::string_view argument);

/// `text` in pieces of at most `columns` characters.
QStringList brokenTo(const QString& text, int columns);
/// Paints one line in the mono font from `at` (left, baseline); what stands in ⟦ ⟧ is in the warning colour.
void paintEscaped(QPainter& painter, const QPointF& at, const QString& text, const theme::Theme& theme,
                  theme::Token colour, theme::FontRole role = theme::FontRole::Mono);
/// Width of one character of the mono font.
qreal monoWidth(const theme::Theme& theme);

}  // namespace aiops::ui
