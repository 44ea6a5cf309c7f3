// Named places at which a fault test ends processes: AIOPS_FAIL=name:kill, :kill_parent, :kill_both with
// SIGKILL, name:term_parent, :term_both with SIGTERM. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

namespace aiops::remediation {

/// Read once at the executor's start; without the variable nothing ever happens. Single-threaded.
class Failpoints {
 public:
  /// `setting` is the variable's text or null.
  explicit Failpoints(const char* setting);

  void at(std::string_view name) const;
  /// A place inside step number `step`.
  void at(std::string_view name, int step) const;

 private:
  void strike() const;

  std::string m_name;
  int m_signalToSelf = 0;
  int m_signalToParent = 0;
  const pid_t m_parent;  ///< who started us: after its end another process is our parent, and none of ours
};

}  // namespace aiops::remediation
