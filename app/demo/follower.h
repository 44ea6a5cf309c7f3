// Follows the newest incident of a demo and tells what happens, line by line.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>

#include "service/operations.h"

namespace aiops::app {

/// How a demo asks for its approval.
enum class Asking { Approves, Terminal, Elsewhere };

/// Use from one thread.
class Follower {
 public:
  struct Ending {
    model::FixProposal fix;
    std::optional<model::Outcome> outcome;
  };

  /// `interrupted` becomes readable when the program is to end: a question on the terminal is given up then.
  Follower(service::Operations& operations, Asking asking, const base::Clock& clock, int interrupted);

  /// Looks once; something when the fix has ended.
  std::optional<Ending> look();
  /// True when a decision has been waited for longer than a minute.
  bool waitedTooLong() const;
  bool sawIncident() const { return !m_incident.empty(); }

 private:
  std::optional<service::Investigation> newest();
  void tell(const service::Investigation& view);
  void decide(const model::FixProposal& fix);
  void askOnTerminal(const model::FixProposal& fix);
  void approve(const model::FixProposal& fix);
  void reject(const model::FixProposal& fix);

  service::Operations& m_operations;
  const Asking m_asking;
  const base::Clock& m_clock;
  const int m_interrupted;
  const base::TimePoint m_began;
  std::string m_incident;
  size_t m_told = 0;
  bool m_diagnosisTold = false;
  std::set<std::string> m_asked;  ///< plan hashes
  std::optional<base::Duration> m_askedAt;
};

}  // namespace aiops::app
