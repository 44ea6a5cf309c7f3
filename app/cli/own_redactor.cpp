// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/own_redactor.h"

#include "config/settings.h"
#include "security/key_ring.h"
#include "security/secret_store.h"

namespace aiops::app {

security::Redactor ownRedactor() {
  security::Redactor redactor;
  std::error_code error;
  config::LoadRequest request{.environment = config::processEnvironment()};
  request.workingDirectory = std::filesystem::current_path(error);
  const auto settings = config::loadSettings(request);
  if (!settings) return redactor;
  for (const auto& [key, secret] : settings->secrets) redactor.addOwnSecret(secret.value);
  security::KeyRing noRing(std::chrono::milliseconds(0));
  security::SecretStore store(settings->home, noRing);
  const auto kept = store.list();
  for (const auto& secret : kept ? *kept : std::vector<security::StoredSecret>{}) {
    if (!secret.keptIn.starts_with("file ")) continue;
    if (const auto value = store.read(secret.name)) redactor.addOwnSecret(*value);
  }
  return redactor;
}

}  // namespace aiops::app
