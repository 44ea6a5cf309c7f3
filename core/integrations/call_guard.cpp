// SPDX-License-Identifier: GPL-3.0-or-later
#include "integrations/call_guard.h"

#include <algorithm>
#include <cstring>
#include <thread>

#include "base/bytes.h"

namespace aiops::integrations {
namespace {

using base::ErrorCode;
using base::fail;
using std::chrono::milliseconds;

constexpr milliseconds kStep{20};
constexpr size_t kBytesPerToken = 2;    // more tokens than ordinary text has
constexpr uint64_t kFrameTokens = 600;  // what a provider adds to a question for tools and schemas

bool sleepFor(milliseconds time, const base::CancelToken& cancel) {
  const auto until = std::chrono::steady_clock::now() + time;
  while (!cancel.cancelled() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(kStep);
  return !cancel.cancelled();
}

double kernelChance() {
  const auto bytes = base::randomBytes(sizeof(uint32_t));
  uint32_t value = 0;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value / 4294967296.0;
}

std::string secondsText(base::Duration time) {
  return std::to_string(std::chrono::ceil<std::chrono::seconds>(time).count()) + " s";
}

}  // namespace

CallGuard::CallGuard(ModelProvider& provider, CallLimits limits, const base::Clock& clock,
                     SpendingStore* store, CallWorld world)
    : m_provider(provider),
      m_limits(limits),
      m_clock(clock),
      m_world{world.pause ? std::move(world.pause) : sleepFor,
              world.chance ? std::move(world.chance) : kernelChance},
      m_breaker(limits.breaker),
      m_meter(limits.spending, store) {}

base::Result<GuardedReply> CallGuard::ask(const Question& question, const base::CancelToken& cancel) {
  if (auto known = recall(question.fingerprint)) return *std::move(known);
  const auto until = m_clock.sinceBoot() + base::Duration(m_limits.total);
  std::optional<base::Error> last;  // says more than why it is not asked again
  for (int attempt = 0;; ++attempt) {
    if (auto reserved = reserve(question); !reserved) return std::unexpected(last ? *last : reserved.error());
    auto request = question.request;
    request.within = std::chrono::duration_cast<milliseconds>(until - m_clock.sinceBoot());
    auto result = m_provider.ask(request, cancel);
    settle(question, result);
    if (result) {
      remember(question.fingerprint, result->text);
      return GuardedReply{.text = std::move(result->text)};
    }
    const auto& failure = result.error();
    if (!failure.worthRetrying || attempt >= m_limits.retries) return std::unexpected(failure.error);
    const auto pause = pauseBefore(attempt, failure);
    if (m_clock.sinceBoot() + pause >= until) return std::unexpected(failure.error);
    last = failure.error;
    if (!m_world.pause(pause, cancel)) return fail(ErrorCode::Cancelled, "the request was stopped");
  }
}

milliseconds CallGuard::pauseBefore(int retry, const ModelFailure& failure) const {
  const auto most = m_limits.firstPause * (1 << std::min(retry, 10));
  const auto ours = std::chrono::duration_cast<milliseconds>(most * (0.5 + m_world.chance() / 2));
  return std::max(ours, failure.retryAfter);
}

/// More than any provider counts, so that a cap holds.
ModelUsage CallGuard::estimate(const Question& question) const {
  const auto& request = question.request;
  size_t bytes = request.instructions.size() + request.schema.size();
  for (const auto& turn : request.turns) bytes += turn.text.size();
  return {bytes / kBytesPerToken + kFrameTokens, m_provider.mostOutput()};
}

base::Result<> CallGuard::reserve(const Question& question) {
  base::MutexLock lock(m_mutex);
  const auto rests = m_breaker.restsFor(m_clock.sinceBoot());
  if (rests > base::Duration(0)) {
    return fail(
        ErrorCode::Unavailable,
        "the model is left alone for another " + secondsText(rests) + ", since it failed or asked for it",
        m_provider.name());
  }
  return m_meter.reserve(question.incident, estimate(question), m_clock.now());
}

void CallGuard::settle(const Question& question, const ModelResult& result) {
  base::MutexLock lock(m_mutex);
  const auto most = estimate(question);
  auto taken = result ? result->usage : result.error().usage;
  const bool mayCost = result || result.error().asked;
  // What it does not tell counts as the most that it can be.
  if (mayCost && taken.input == 0) taken.input = most.input;
  if (mayCost && taken.output == 0) taken.output = most.output;
  m_meter.settle(most, taken);
  if (result) return m_breaker.succeeded();
  if (result.error().error.code == ErrorCode::Cancelled) return;
  const auto now = m_clock.sinceBoot();
  m_breaker.failed(now);
  // A wish that this question can't wait for holds for the next ones.
  if (result.error().retryAfter > m_limits.total) m_breaker.rest(now, result.error().retryAfter);
}

std::optional<GuardedReply> CallGuard::recall(const std::string& fingerprint) {
  base::MutexLock lock(m_mutex);
  const auto found = fingerprint.empty() ? m_memory.end() : m_memory.find(keyOf(fingerprint));
  if (found == m_memory.end()) return std::nullopt;
  if (m_clock.sinceBoot() - found->second.at > m_limits.rememberedFor) return std::nullopt;
  return GuardedReply{found->second.text, true};
}

void CallGuard::remember(const std::string& fingerprint, const std::string& text) {
  if (fingerprint.empty() || m_limits.remembered == 0) return;
  base::MutexLock lock(m_mutex);
  const auto key = keyOf(fingerprint);
  std::erase(m_order, key);
  m_order.push_back(key);
  m_memory[key] = {text, m_clock.sinceBoot()};
  if (m_order.size() <= m_limits.remembered) return;
  m_memory.erase(m_order.front());
  m_order.pop_front();
}

void CallGuard::forget(const std::string& fingerprint) {
  base::MutexLock lock(m_mutex);
  m_memory.erase(keyOf(fingerprint));
  std::erase(m_order, keyOf(fingerprint));
}

Spending CallGuard::today() const {
  base::MutexLock lock(m_mutex);
  return m_meter.today();
}

}  // namespace aiops::integrations
