// The desktop's key ring over its Secret Service.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

#include "security/secret_store.h"

namespace aiops::security {

/// Each call returns when the key ring answers, at most after about `bound`. A QCoreApplication must exist.
/// From its thread a call runs an event loop meanwhile; from any other thread it needs that one to run (else
/// it is a Timeout). Specification: https://specifications.freedesktop.org/secret-service/latest/
class KeyRing final : public SecretKeeper {
 public:
  explicit KeyRing(std::chrono::milliseconds bound) : m_bound(bound) {}

  base::Result<std::string> read(const std::string& name) override;
  base::Result<> write(const std::string& name, const std::string& value) override;
  base::Result<> remove(const std::string& name) override;

 private:
  /// Unavailable when no Secret Service runs or could be started on the session bus.
  base::Result<> available() const;

  const std::chrono::milliseconds m_bound;
};

}  // namespace aiops::security
