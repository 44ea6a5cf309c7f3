// Stands between who asks and a model: retries, rests, remembers and counts.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "base/mutex.h"
#include "base/time.h"
#include "integrations/circuit_breaker.h"
#include "integrations/model_provider.h"
#include "integrations/spending.h"

namespace aiops::integrations {

struct CallLimits {
  int retries = 2;  ///< of one question
  std::chrono::milliseconds firstPause{
      1000};                                ///< before the first retry; doubles, by chance half to all of it
  std::chrono::milliseconds total{60'000};  ///< of one question with its retries and pauses
  BreakerLimits breaker;
  SpendingLimits spending;
  size_t remembered = 64;  ///< answers
  std::chrono::hours rememberedFor{1};
};

/// What the world gives, injected for tests.
struct CallWorld {
  /// Waits; false when `cancel` came first. Without it the thread sleeps in steps of 20 ms.
  std::function<bool(std::chrono::milliseconds, const base::CancelToken& cancel)> pause;
  /// 0 to 1. Without it the kernel's random source.
  std::function<double()> chance;
};

/// One question for one incident.
struct Question {
  std::string incident;
  std::string fingerprint;  ///< the same fingerprint has the same answer; empty: it is not remembered
  ModelRequest request;
};

struct GuardedReply {
  std::string text;
  bool remembered = false;  ///< no call was made
};

/// Every error says why there is no answer, fit for people. LimitExceeded: a cap; Unavailable: it rests after
/// failures, or the provider does not answer. Hard: a call that could pass a cap is not made; what a failed
/// call may have cost is counted as if it had. Thread safe; questions are asked one at a time by its users'
/// threads.
class CallGuard {
 public:
  CallGuard(ModelProvider& provider, CallLimits limits, const base::Clock& clock,
            SpendingStore* store = nullptr, CallWorld world = {});

  base::Result<GuardedReply> ask(const Question& question, const base::CancelToken& cancel)
      AIOPS_EXCLUDES(m_mutex);
  /// Answers are as good as what was asked with: call it when a reply turned out to be of no use.
  void forget(const std::string& fingerprint) AIOPS_EXCLUDES(m_mutex);
  /// What was asked and spent on the day of the clock, UTC.
  Spending today() const AIOPS_EXCLUDES(m_mutex);

 private:
  struct Remembered {
    std::string text;
    base::Duration at;
  };

  std::optional<GuardedReply> recall(const std::string& fingerprint) AIOPS_EXCLUDES(m_mutex);
  void remember(const std::string& fingerprint, const std::string& text) AIOPS_EXCLUDES(m_mutex);
  base::Result<> reserve(const Question& question) AIOPS_EXCLUDES(m_mutex);
  void settle(const Question& question, const ModelResult& result) AIOPS_EXCLUDES(m_mutex);
  ModelUsage estimate(const Question& question) const;
  std::chrono::milliseconds pauseBefore(int retry, const ModelFailure& failure) const;
  std::string keyOf(const std::string& fingerprint) const { return m_provider.name() + "\n" + fingerprint; }

  ModelProvider& m_provider;
  const CallLimits m_limits;
  const base::Clock& m_clock;
  const CallWorld m_world;
  mutable base::Mutex m_mutex;
  CircuitBreaker m_breaker AIOPS_GUARDED_BY(m_mutex);
  SpendingMeter m_meter AIOPS_GUARDED_BY(m_mutex);
  std::map<std::string, Remembered> m_memory AIOPS_GUARDED_BY(m_mutex);
  std::deque<std::string> m_order AIOPS_GUARDED_BY(m_mutex);  ///< keys, the oldest first
};

}  // namespace aiops::integrations
