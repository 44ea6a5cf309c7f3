// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/finding_words.h"

#include <cstdio>

namespace aiops::analysis {

std::string secondsText(double seconds) {
  char text[32];
  if (seconds < 10) {
    std::snprintf(text, sizeof text, "%.2f s", seconds);
  } else if (seconds < 120) {
    std::snprintf(text, sizeof text, "%.0f s", seconds);
  } else if (seconds < 2 * 3600) {
    std::snprintf(text, sizeof text, "%.0f min", seconds / 60);
  } else {
    std::snprintf(text, sizeof text, "%.0f h", seconds / 3600);
  }
  return text;
}

std::string minuteText(base::TimePoint time) {
  auto text = base::toIso8601(time).substr(0, 16);
  text[10] = ' ';
  return text + " UTC";
}

}  // namespace aiops::analysis
