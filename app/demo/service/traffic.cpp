// The demo's visitors: a steady rate of requests on the front, for a bounded time.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <chrono>
#include <thread>

#include "app/demo/service/http.h"
#include "app/demo/service/service_process.h"

namespace aiops::demo {

namespace {

using SteadyClock = std::chrono::steady_clock;

/// What twenty visitors ask for: fourteen fill a cart, five look, one follows a dead link.
const Request& requestNumber(size_t index) {
  static const Request cart{"POST", "/cart", "demo-visitor/1"};
  static const Request home{"GET", "/", "demo-visitor/1"};
  static const Request missing{"GET", "/missing", "demo-visitor/1"};
  const size_t turn = index % 20;
  if (turn == 13) return missing;
  return turn % 4 == 3 ? home : cart;
}

struct Plan {
  uint16_t port;
  long rate;       ///< requests a second at first
  long laterRate;  ///< and from `laterAfter` on
  std::chrono::seconds laterAfter;
  std::chrono::seconds total;
};

/// One request at a time, each at its moment. After a stall it goes on from now instead of catching up.
void run(const Plan& plan) {
  const auto begin = SteadyClock::now();
  auto next = begin;
  for (size_t index = 0; next < begin + plan.total; ++index) {
    std::this_thread::sleep_until(next);
    // Whether it is answered is for the access log to say.
    static_cast<void>(fetch(plan.port, makeRequest(requestNumber(index))));
    const long rate = next < begin + plan.laterAfter ? plan.rate : plan.laterRate;
    next = std::max(next + std::chrono::microseconds(1'000'000 / rate),
                    SteadyClock::now() - std::chrono::milliseconds(100));
  }
}

}  // namespace

int runTraffic(const Options& options) {
  const auto port = options.requiredNumber("--to", 1, 65535);
  const auto rate = options.number("--rate", 1, 1000, 40);
  const auto laterRate = options.number("--later-rate", 1, 1000, rate.value_or(40));
  const auto laterAfter = options.number("--later-after", 0, 3600, 0);
  const auto seconds = options.requiredNumber("--seconds", 1, 3600);
  for (const auto* number : {&port, &rate, &laterRate, &laterAfter, &seconds}) {
    if (!*number) return failWith(number->error(), 2);
  }
  reportReady(options, "{}");
  run({static_cast<uint16_t>(*port), *rate, *laterRate, std::chrono::seconds(*laterAfter),
       std::chrono::seconds(*seconds)});
  return 0;
}

}  // namespace aiops::demo
