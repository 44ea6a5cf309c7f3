// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/failpoints.h"

#include <signal.h>
#include <unistd.h>

#include <array>

#include "remediation/executor.h"

namespace aiops::remediation {
namespace {

constexpr std::array<std::string_view, 17> kPlaces{
    "exec.before_approval", "exec.after_approval",    "exec.before_claim",
    "exec.after_claim",     "exec.before_validating", "exec.after_validating",
    "exec.after_verdict",   "exec.after_succeeded",   "config.before_temporary",
    "config.before_rename", "config.after_rename",    "config.after_sync",
    "undo.before_state",    "undo.after_state",       "undo.before_done",
    "undo.after_done",      "recover.begin"};
constexpr std::array<std::string_view, 14> kStepPlaces{
    "exec.before_intent",     "exec.after_intent",    "exec.after_started", "exec.after_verb",
    "exec.before_result",     "exec.after_result",    "undo.before_intent", "undo.after_intent",
    "undo.after_started",     "undo.after_verb",      "undo.before_result", "undo.after_result",
    "recover.after_leftover", "recover.before_result"};

}  // namespace

std::vector<std::string> failPointNames(size_t steps) {
  std::vector<std::string> names(kPlaces.begin(), kPlaces.end());
  for (const auto place : kStepPlaces) {
    for (size_t step = 0; step < steps; ++step)
      names.push_back(std::string(place) + '.' + std::to_string(step));
  }
  return names;
}

Failpoints::Failpoints(const char* setting) : m_parent(::getppid()) {
  const std::string text = setting ? setting : "";
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos) return;
  const std::string action = text.substr(colon + 1);
  const int number = action.starts_with("term_") ? SIGTERM : SIGKILL;
  if (action == "kill" || action.ends_with("_both")) m_signalToSelf = number;
  if (action.ends_with("_parent") || action.ends_with("_both")) m_signalToParent = number;
  m_name = text.substr(0, colon);
}

void Failpoints::at(std::string_view name) const {
  if (!m_name.empty() && name == m_name) strike();
}

void Failpoints::at(std::string_view name, int step) const {
  if (!m_name.empty()) at(std::string(name) + '.' + std::to_string(step));
}

void Failpoints::strike() const {
  if (m_signalToParent != 0 && m_parent > 1 && ::getppid() == m_parent) ::kill(m_parent, m_signalToParent);
  if (m_signalToSelf != 0) ::kill(::getpid(), m_signalToSelf);
}

}  // namespace aiops::remediation
