// The search for our own secrets, whose values are known.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "security/redaction_formats.h"
#include "security/redaction_literals.h"

namespace aiops::security {

/// Finds each secret as it is, and as it stands in base64 (at any offset of what was encoded), percent
/// encoding, JSON and hex. Thread safe.
class OwnSecrets {
 public:
  /// Secrets shorter than 4 bytes are ignored: they would take ordinary text with them.
  void add(const std::vector<std::string>& secrets);
  /// Appends what is found. Adds to `work` the bytes looked at.
  void find(std::string_view text, std::vector<SecretSpan>& spans, size_t& work) const;

 private:
  struct Known {
    std::vector<std::string> spellings;
    LiteralSet set;
  };
  std::shared_ptr<const Known> known() const;

  mutable base::Mutex m_mutex;
  std::set<std::string> m_spellings AIOPS_GUARDED_BY(m_mutex);
  std::shared_ptr<const Known> m_known AIOPS_GUARDED_BY(m_mutex);  ///< null while there is none
};

}  // namespace aiops::security
