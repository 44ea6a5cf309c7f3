// Draws a lesson from every fix that ran: an outcome, and what it does to trust.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "agents/agent.h"
#include "agents/bus.h"
#include "storage/store.h"

namespace aiops::agents {

class LearningAgent final : public Agent {
 public:
  LearningAgent(storage::Store& store, Bus& bus, const base::Clock& clock, HealthSink& health);

 protected:
  /// Also draws the lessons that a crash prevented.
  void reload() override;

 private:
  void learn(const model::FixProposal& fix);

  storage::Store& m_store;
  Bus& m_bus;
};

}  // namespace aiops::agents
