// IP addresses and networks.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace aiops::base {

/// An IPv4 address that is written inside an IPv6 one counts as what it is.
class IpAddress {
 public:
  static std::optional<IpAddress> parse(std::string_view text);

  std::string text() const;
  /// "203.0.113.0/24" or "2001:db8:1:2::/64".
  std::string network() const;
  /// Of a range that means something only inside: private, shared, link-local, loopback.
  bool isInternal() const;
  auto operator<=>(const IpAddress&) const = default;

 private:
  friend class IpNetwork;
  bool m_v4 = true;
  std::array<uint8_t, 16> m_bytes{};
};

class IpNetwork {
 public:
  /// "10.0.0.0/8", "2001:db8::/32", or an address, which is a network of one.
  static std::optional<IpNetwork> parse(std::string_view text);
  bool contains(const IpAddress& address) const;

 private:
  IpAddress m_address;
  size_t m_bits = 0;
};

}  // namespace aiops::base
