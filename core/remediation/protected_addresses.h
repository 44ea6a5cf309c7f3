// Addresses that no fix may shut out: this machine's own, and those that it needs.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <set>
#include <string>
#include <vector>

namespace aiops::remediation {

/// What this machine is and needs: the addresses of its interfaces, the default gateways (/proc/net/route and
/// ipv6_route) and the name servers of /etc/resolv.conf. As inet_ntop writes them.
std::set<std::string> neededAddresses();

/// Why the address (as inet_ntop writes it) may not be blocked, or empty: loopback, link-local, multicast,
/// unspecified; one of `needed`; one of `listed`, which are addresses or networks such as "10.0.0.0/8".
std::string whyProtected(const std::string& address, const std::set<std::string>& needed,
                         const std::vector<std::string>& listed);

}  // namespace aiops::remediation
