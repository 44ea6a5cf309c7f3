// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace aiops::base {

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  if (text.empty() || text.size() >= INET6_ADDRSTRLEN || text.find('\0') != std::string_view::npos)
    return std::nullopt;
  const std::string ended(text);
  IpAddress out;
  if (inet_pton(AF_INET, ended.c_str(), out.m_bytes.data()) == 1) return out;
  if (inet_pton(AF_INET6, ended.c_str(), out.m_bytes.data()) != 1) return std::nullopt;
  constexpr std::array<uint8_t, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  out.m_v4 = std::equal(kMapped.begin(), kMapped.end(), out.m_bytes.begin());
  if (!out.m_v4) return out;
  std::copy_n(out.m_bytes.begin() + 12, 4, out.m_bytes.begin());
  std::fill(out.m_bytes.begin() + 4, out.m_bytes.end(), 0);
  return out;
}

std::string IpAddress::text() const {
  char text[INET6_ADDRSTRLEN] = {};
  inet_ntop(m_v4 ? AF_INET : AF_INET6, m_bytes.data(), text, sizeof text);
  return text;
}

std::string IpAddress::network() const {
  IpAddress base = *this;
  std::fill(base.m_bytes.begin() + (m_v4 ? 3 : 8), base.m_bytes.end(), 0);
  return base.text() + (m_v4 ? "/24" : "/64");
}

bool IpAddress::isInternal() const {
  const auto& b = m_bytes;
  if (m_v4) {
    return b[0] == 10 || b[0] == 127 || (b[0] == 172 && b[1] >= 16 && b[1] < 32) ||
           (b[0] == 192 && b[1] == 168) || (b[0] == 169 && b[1] == 254) ||
           (b[0] == 100 && b[1] >= 64 && b[1] < 128);
  }
  const bool loopback = std::all_of(b.begin(), b.end() - 1, [](uint8_t x) { return x == 0; }) && b[15] == 1;
  return loopback || (b[0] & 0xfe) == 0xfc || (b[0] == 0xfe && (b[1] & 0xc0) == 0x80);
}

std::optional<IpNetwork> IpNetwork::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = IpAddress::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  IpNetwork out;
  out.m_address = *address;
  out.m_bits = address->m_v4 ? 32 : 128;
  if (slash == std::string_view::npos) return out;
  size_t bits = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data() + slash + 1, end, bits);
  if (error != std::errc() || at != end || bits > out.m_bits) return std::nullopt;
  out.m_bits = bits;
  return out;
}

bool IpNetwork::contains(const IpAddress& address) const {
  if (address.m_v4 != m_address.m_v4) return false;
  for (size_t bit = 0; bit < m_bits; ++bit) {
    const auto mask = static_cast<uint8_t>(0x80u >> (bit % 8));
    if (((m_address.m_bytes[bit / 8] ^ address.m_bytes[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

}  // namespace aiops::base
