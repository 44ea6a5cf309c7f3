// Certificates that configurations name: when they were replaced, and when they end.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "agents/change_scout.h"
#include "base/bytes.h"

namespace aiops::agents {
namespace {

/// Told of once each, before its end.
constexpr std::array<std::chrono::days, 4> kForetold = {std::chrono::days(1), std::chrono::days(3),
                                                        std::chrono::days(7), std::chrono::days(14)};

constexpr std::chrono::days kLongOver{14};  // everybody knows by now

std::string dayOf(base::TimePoint time) {
  return base::toIso8601(time).substr(0, 10);
}

std::string leftText(base::Duration left) {
  const auto hours = std::chrono::floor<std::chrono::hours>(left).count();
  if (hours < 48) return "in " + std::to_string(hours) + " h";
  return "in " + std::to_string(hours / 24) + " days";
}

model::Change about(const std::string& service, const std::string& path, const std::string& host,
                    const std::string& seed, base::TimePoint at) {
  return {.id = base::sha256Hex("certificate\n" + path + '\n' + seed).substr(0, 32),
          .at = at,
          .service = service,
          .host = host,
          .kind = model::ChangeKind::Certificate,
          .source = path};
}

}  // namespace

base::Result<> ChangeScout::lookAtCertificates(std::vector<model::Change>& changes) {
  for (const auto& file : m_watch->files()) {
    const auto* state = m_watch->stateOf(file.path);
    if (state == nullptr || file.kind != model::ChangeKind::ConfigFile) continue;
    for (const auto& path : sources::certificatesIn(state->bytes)) {
      if (auto done = lookAtCertificate(file.service, path, changes); !done) return done;
    }
  }
  return {};
}

base::Result<> ChangeScout::lookAtCertificate(const std::string& service, const std::string& path,
                                              std::vector<model::Change>& changes) {
  const auto certificate = sources::readCertificate(path);
  auto& problem = m_certificateProblems[path];
  const auto was = std::exchange(problem, certificate ? "" : certificate.error().what);
  if (!certificate) {
    if (was != problem) {
      m_parts.health.report(model::Severity::Warning, "certificates",
                            "the end of " + path + " of " + service + " is not known: " + problem,
                            certificate.error().remedy);
    }
    return {};
  }
  foretell(service, path, *certificate, changes);
  const auto known = m_certificates.find(path);
  if (known != m_certificates.end() && known->second.digest == certificate->fingerprint) return {};
  const auto now = m_parts.clock.now();
  if (known != m_certificates.end()) {
    auto change =
        about(service, path, m_parts.places.host, certificate->fingerprint + base::toIso8601(now), now);
    change.what = "was given another certificate (" + path + ")";
    change.from = "good until " + dayOf(known->second.at);
    change.to = "good until " + dayOf(certificate->until);
    if (auto told = publish({std::move(change)}); !told) return told;
  }
  storage::StoredBaseline kept{.path = path,
                               .role = "certificate",
                               .digest = certificate->fingerprint,
                               .at = certificate->until,
                               .bytes = {},
                               .by = {}};
  if (auto saved = save(kept); !saved) return saved;
  m_certificates[path] = std::move(kept);
  return {};
}

/// That it ended is a change, at that moment; that it will is told before.
void ChangeScout::foretell(const std::string& service, const std::string& path,
                           const sources::Certificate& certificate,
                           std::vector<model::Change>& changes) const {
  const auto now = m_parts.clock.now();
  const auto left = certificate.until - now;
  if (left < -kLongOver) return;
  if (left <= base::Duration(0)) {
    auto change =
        about(service, path, m_parts.places.host, certificate.fingerprint + " ended", certificate.until);
    change.what = "has had a certificate that is no longer good (" + path + ")";
    change.to = "ended " + dayOf(certificate.until);
    changes.push_back(std::move(change));
    return;
  }
  const auto step = std::ranges::find_if(kForetold, [&](auto days) { return left <= days; });
  if (step == kForetold.end()) return;
  auto change = about(service, path, m_parts.places.host,
                      certificate.fingerprint + " " + std::to_string(step->count()), now);
  change.what = "has a certificate that ends " + leftText(left) + " (" + path + ")";
  change.to = "good until " + dayOf(certificate.until);
  change.foretold = true;
  changes.push_back(std::move(change));
}

}  // namespace aiops::agents
