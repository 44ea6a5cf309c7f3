// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/cell_text.h"

#include "models/shown_text.h"

namespace aiops::ui {

QString cellText(std::string_view foreign, size_t maxBytes) {
  QString text = shownString(foreign, maxBytes);
  text.replace(QLatin1Char('\n'), QChar(0x23CE));
  return text;
}

QString sentence(std::string_view foreign) {
  QString text = cellText(foreign).trimmed();
  if (text.isEmpty()) return text;
  text[0] = text[0].toUpper();
  if (text.back().isLetterOrNumber() || text.back() == QLatin1Char(')')) text += QLatin1Char('.');
  return text;
}

}  // namespace aiops::ui
