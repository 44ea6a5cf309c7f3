// Which addresses may be connected to. Internal to integrations.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

class QHostAddress;

namespace aiops::integrations {

enum class AddressKind : uint8_t {
  Public,
  Private,  ///< loopback, RFC 1918, RFC 4193, RFC 6598 and other ranges that mean something only here
  Never,    ///< link-local, where clouds hand out credentials; multicast; no address at all
};

/// An IPv4 address that is written inside an IPv6 one counts as what it is.
AddressKind kindOf(const QHostAddress& address);

}  // namespace aiops::integrations
