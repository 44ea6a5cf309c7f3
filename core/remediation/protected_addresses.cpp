// SPDX-License-Identifier: GPL-3.0-or-later
#include "remediation/protected_addresses.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>

#include <array>
#include <charconv>
#include <sstream>

#include "base/bytes.h"
#include "base/ip_address.h"

namespace aiops::remediation {
namespace {

constexpr size_t kMostBytes = 1u << 20;

struct Range {
  const char* network;
  const char* why;
};
constexpr std::array<Range, 9> kNever = {{{"0.0.0.0/8", "it is no address"},
                                          {"127.0.0.0/8", "it is this machine"},
                                          {"169.254.0.0/16", "it is link-local"},
                                          {"224.0.0.0/4", "it is multicast"},
                                          {"255.255.255.255", "it is broadcast"},
                                          {"::", "it is no address"},
                                          {"::1", "it is this machine"},
                                          {"fe80::/10", "it is link-local"},
                                          {"ff00::/8", "it is multicast"}}};

std::string textOf(const sockaddr& address) {
  char text[INET6_ADDRSTRLEN] = {};
  const void* raw = nullptr;
  if (address.sa_family == AF_INET) raw = &reinterpret_cast<const sockaddr_in&>(address).sin_addr;
  if (address.sa_family == AF_INET6) raw = &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  if (raw == nullptr || ::inet_ntop(address.sa_family, raw, text, sizeof text) == nullptr) return {};
  return text;
}

void addOwn(std::set<std::string>& out) {
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return;
  for (const auto* one = all; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr) continue;
    if (auto text = textOf(*one->ifa_addr); !text.empty()) out.insert(std::move(text));
  }
  ::freeifaddrs(all);
}

/// Of the default route: destination 0 and a gateway, as little-endian hex (proc(5)).
void addGateways(std::set<std::string>& out) {
  std::istringstream lines(base::readFile("/proc/net/route", kMostBytes).value_or(""));
  std::string line, interface, destination, gateway;
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    uint32_t number = 0;
    if (!(fields >> interface >> destination >> gateway) || destination != "00000000") continue;
    const auto [end, error] = std::from_chars(gateway.data(), gateway.data() + gateway.size(), number, 16);
    char text[INET_ADDRSTRLEN] = {};
    if (error == std::errc() && number != 0 && ::inet_ntop(AF_INET, &number, text, sizeof text) != nullptr)
      out.insert(text);
  }
}

/// Destination and prefix, source and prefix, next hop: 32 hexadecimal digits each.
void addGateways6(std::set<std::string>& out) {
  std::istringstream lines(base::readFile("/proc/net/ipv6_route", kMostBytes).value_or(""));
  std::string line, destination, bits, source, sourceBits, hop;
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    if (!(fields >> destination >> bits >> source >> sourceBits >> hop) || bits != "00") continue;
    const auto raw = base::fromHex(hop);
    char text[INET6_ADDRSTRLEN] = {};
    if (raw && raw->size() == 16 && ::inet_ntop(AF_INET6, raw->data(), text, sizeof text) != nullptr)
      out.insert(text);
  }
}

void addNameServers(std::set<std::string>& out) {
  std::istringstream lines(base::readFile("/etc/resolv.conf", kMostBytes).value_or(""));
  std::string line, key, value;
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    if (fields >> key >> value && key == "nameserver") out.insert(value);
  }
}

}  // namespace

std::set<std::string> neededAddresses() {
  std::set<std::string> out;
  addOwn(out);
  addGateways(out);
  addGateways6(out);
  addNameServers(out);
  return out;
}

std::string whyProtected(const std::string& address, const std::set<std::string>& needed,
                         const std::vector<std::string>& listed) {
  const auto parsed = base::IpAddress::parse(address);
  if (!parsed) return "it is no address";
  for (const auto& [network, why] : kNever) {
    if (base::IpNetwork::parse(network)->contains(*parsed)) return why;
  }
  for (const auto& one : needed) {
    if (base::IpAddress::parse(one) == parsed) return "this machine has or needs it";
  }
  for (const auto& network : listed) {
    const auto range = base::IpNetwork::parse(network);
    if (range && range->contains(*parsed)) return "it is protected by " + network;
  }
  return {};
}

}  // namespace aiops::remediation
