// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/program_log.h"

namespace aiops::app {
namespace {

constexpr size_t kMostRemembered = 2000;

}  // namespace

bool ProgramLog::isNews(const std::string& id, std::string_view state) {
  base::MutexLock lock(m_mutex);
  if (m_states.size() > kMostRemembered) m_states.clear();  // at worst a line comes twice
  auto& known = m_states[id];
  if (known == state) return false;
  known = state;
  return true;
}

void ProgramLog::note(const agents::Message& message) {
  if (!m_logger.writes(base::LogLevel::Info)) return;
  if (const auto* changed = std::get_if<agents::IncidentChanged>(&message)) {
    const auto& incident = changed->incident;
    const std::string state(toString(incident.state));
    if (!isNews(incident.id.str(), state)) return;
    m_logger.info("incidents", incident.title, {{"incident", incident.id.str()}, {"state", state}});
  } else if (const auto* moved = std::get_if<agents::FixChanged>(&message)) {
    const auto& fix = moved->fix;
    const std::string state(toString(fix.state));
    if (!isNews(fix.id.str(), state)) return;
    m_logger.info("fixes", fix.plan.playbookId, {{"fix", fix.id.str()}, {"state", state}});
  } else if (std::holds_alternative<agents::AutomationChanged>(message)) {
    m_logger.info("automation", "the stop control or the executor has changed");
  }
}

}  // namespace aiops::app
