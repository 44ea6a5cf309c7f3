// SPDX-License-Identifier: GPL-3.0-or-later
#include "integrations/spending.h"

#include <algorithm>
#include <cstdio>

namespace aiops::integrations {
namespace {

using base::ErrorCode;
using base::fail;

uint64_t less(uint64_t from, uint64_t amount) {
  return from - std::min(from, amount);
}

std::string money(double amount) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", amount);
  return text;
}

}  // namespace

double SpendingMeter::cost(const ModelUsage& usage) const {
  return (static_cast<double>(usage.input) * m_limits.inputPrice +
          static_cast<double>(usage.output) * m_limits.outputPrice) /
         1e6;
}

base::Result<> SpendingMeter::begin(base::TimePoint now) {
  if (!m_loaded && m_store != nullptr) {
    auto kept = m_store->load();
    if (!kept && kept.error().code != ErrorCode::NotFound) {
      return fail(ErrorCode::Unavailable, "what was spent today can't be read: " + kept.error().what,
                  kept.error().where);
    }
    if (kept) m_today = *std::move(kept);
  }
  m_loaded = true;
  const auto dayOf = [](base::TimePoint time) { return base::toIso8601(time).substr(0, 10); };
  const auto day = dayOf(now);
  const bool wasAhead = m_today.day > dayOf(now + std::chrono::days(1));
  if (day > m_today.day || wasAhead) m_today = {.day = day};
  return {};
}

base::Result<> SpendingMeter::reserve(const std::string& incident, const ModelUsage& most,
                                      base::TimePoint now) {
  if (auto begun = begin(now); !begun) return begun;
  auto& calls = m_calls[incident];
  if (calls >= m_limits.callsPerIncident) {
    return fail(ErrorCode::LimitExceeded,
                "this incident's " + std::to_string(m_limits.callsPerIncident) + " calls are used up",
                "ai.calls_per_incident");
  }
  const auto& spent = m_today.tokens;
  if (spent.input + spent.output + most.input + most.output > m_limits.tokensPerDay) {
    return fail(ErrorCode::LimitExceeded,
                "the day's " + std::to_string(m_limits.tokensPerDay) + " tokens would be passed",
                "ai.tokens_per_day");
  }
  if (m_limits.costPerDay > 0 && m_today.cost + cost(most) > m_limits.costPerDay) {
    return fail(ErrorCode::LimitExceeded,
                "the day's cost of " + money(m_limits.costPerDay) + " would be passed", "ai.cost_per_day");
  }
  auto next = m_today;
  ++next.calls;
  next.tokens.input += most.input;
  next.tokens.output += most.output;
  next.cost += cost(most);
  if (m_store != nullptr) {
    if (auto saved = m_store->save(next); !saved)
      return fail(ErrorCode::Unavailable, "what is spent can't be kept: " + saved.error().what,
                  saved.error().where);
  }
  m_today = std::move(next);
  ++calls;
  if (m_calls.size() > kMostIncidents)
    m_calls.erase(m_calls.begin()->first == incident ? std::next(m_calls.begin()) : m_calls.begin());
  return {};
}

void SpendingMeter::settle(const ModelUsage& reserved, const ModelUsage& taken) {
  auto& tokens = m_today.tokens;
  tokens.input = less(tokens.input, reserved.input) + taken.input;
  tokens.output = less(tokens.output, reserved.output) + taken.output;
  m_today.cost = std::max(0.0, m_today.cost - cost(reserved) + cost(taken));
  // A failure leaves the reserved amount in the store, which is the higher one.
  if (m_store != nullptr) (void)m_store->save(m_today);
}

}  // namespace aiops::integrations
