// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/key_json.h"

namespace aiops::security {

AIOPS_DEFINE_ENUM_JSON(Scope, Scope::Admin)
AIOPS_DEFINE_JSON(ApiKeyRecord, id, name, scope, hash, createdAt, expiresAt)
AIOPS_DEFINE_JSON(AuditHead, sequence, hash)

}  // namespace aiops::security
