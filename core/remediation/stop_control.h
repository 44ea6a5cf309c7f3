// The stop file: while `<home>/stop` exists nothing new runs and what runs is undone. A file, so that it
// holds across restarts and anyone with the home can set it, even with `touch`.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"

namespace aiops::remediation {

struct StopNote {
  std::string by;
  std::string reason;
  std::optional<base::TimePoint> since;
};

class StopControl {
 public:
  explicit StopControl(std::filesystem::path file) : m_file(std::move(file)) {}

  /// True also when the file can't be looked at: closed by default.
  bool stopped() const;
  StopNote note() const;
  /// Holds in this process even if the file can't be written (then it fails: it would not survive a restart).
  base::Result<> stop(const StopNote& note);
  base::Result<> resume();

 private:
  std::filesystem::path m_file;
  bool m_held = false;
};

}  // namespace aiops::remediation
