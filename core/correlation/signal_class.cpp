// SPDX-License-Identifier: GPL-3.0-or-later
#include "correlation/signal_class.h"

#include <algorithm>
#include <array>
#include <utility>

namespace aiops::correlation {
namespace {

using enum SignalClass;

constexpr std::array<std::pair<std::string_view, SignalClass>, 65> kClasses = {{
    {"brute_force", Cause},
    {"certificate_expired", Cause},
    {"descriptors_exhausted", Cause},
    {"disk_failing", Cause},
    {"disk_full", Cause},
    {"login_after_failures", Cause},
    {"memory_exhausted", Cause},
    {"process_crashed", Cause},
    {"process_killed", Cause},
    {"read_only_file_system", Cause},
    {"restarting_repeatedly", Cause},
    {"service_failed", Cause},
    {"unhandled_exception", Cause},
    {"backlog_growing", Lasting},
    {"config_error", Lasting},
    {"connection_limit", Lasting},
    {"cpu_saturated", Lasting},
    {"database_login_failed", Lasting},
    {"deadlock", Lasting},
    {"dns_failure", Lasting},
    {"lock_contention", Lasting},
    {"name_resolution_failed", Lasting},
    {"network_down", Lasting},
    {"permission_denied", Lasting},
    {"pool_exhausted", Lasting},
    {"port_in_use", Lasting},
    {"read_only", Lasting},
    {"retry_storm", Lasting},
    {"unresponsive", Lasting},
    {"authentication_failed", Symptom},
    {"backend_down", Symptom},
    {"cache_unavailable", Symptom},
    {"certificate_not_trusted", Symptom},
    {"circuit_open", Symptom},
    {"connection_failed", Symptom},
    {"connection_refused", Symptom},
    {"connection_reset", Symptom},
    {"database_unavailable", Symptom},
    {"dependency_failing", Symptom},
    {"error_logged", Symptom},
    {"health_check_failed", Symptom},
    {"no_backend_left", Symptom},
    {"query_timeout", Symptom},
    {"requests_failing", Symptom},
    {"timeout", Symptom},
    {"tls_failed", Symptom},
    {"upstream_failing", Symptom},
    {"upstream_timeout", Symptom},
    {"memory_growing", Sign},
    {"rate_limited", Sign},
    {"slow_query", Sign},
    {"slow_requests", Sign},
    {"backend_up", Context},
    {"cache_emptied", Context},
    {"config_reloaded", Context},
    {"deployed", Context},
    {"job_started", Context},
    {"new_message", Context},
    {"service_listening", Context},
    {"service_restarted", Context},
    {"service_silent", Context},
    {"service_started", Context},
    {"service_stopped", Context},
    {"service_stopping", Context},
    {"version_changed", Context},
}};

}  // namespace

SignalClass classOf(std::string_view signal, model::Severity severity) {
  const auto row = std::ranges::find(kClasses, signal, [](const auto& entry) { return entry.first; });
  if (row != kClasses.end()) return row->second;
  if (severity >= model::Severity::Error) return Cause;
  return severity == model::Severity::Warning ? Sign : Context;
}

}  // namespace aiops::correlation
