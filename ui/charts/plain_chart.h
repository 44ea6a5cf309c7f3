// The console's own style of Qt Charts: no title, no legend, no frame, hairlines. Internal to ui/charts.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractAxis>
#include <QChartView>

#include "theme/theme.h"

namespace aiops::ui {

/// A view of a new chart, both owned by `parent`. It takes no focus: what it shows stands in a table too.
QChartView* plainChartView(QWidget* parent);
/// Font, colours and hairlines of the theme as it is now.
void styleAxis(QAbstractAxis& axis, const theme::Theme& theme);

}  // namespace aiops::ui
