// SPDX-License-Identifier: GPL-3.0-or-later
#include "integrations/address_rules.h"

#include <QHostAddress>

#include <array>
#include <optional>

namespace aiops::integrations {
namespace {

struct Range {
  const char* subnet;
  AddressKind kind;
};

using enum AddressKind;

// The first that holds the address counts. https://www.iana.org/assignments/iana-ipv4-special-registry
constexpr std::array kRanges = {
    Range{"0.0.0.0/8", Never},
    Range{"169.254.0.0/16", Never},      // link-local; 169.254.169.254 is the metadata service of most clouds
    Range{"100.100.100.200/32", Never},  // the metadata service of Alibaba
    Range{"192.0.0.192/32", Never},      // ... of Oracle
    Range{"168.63.129.16/32", Never},    // ... of Azure
    Range{"224.0.0.0/4", Never},
    Range{"240.0.0.0/4", Never},
    Range{"127.0.0.0/8", Private},
    Range{"10.0.0.0/8", Private},
    Range{"172.16.0.0/12", Private},
    Range{"192.168.0.0/16", Private},
    Range{"100.64.0.0/10", Private},
    Range{"192.0.0.0/24", Private},
    Range{"198.18.0.0/15", Private},
    Range{"::/128", Never},
    Range{"::1/128", Private},
    Range{"fd00:ec2::254/128", Never},  // the metadata service of Amazon
    Range{"fe80::/10", Never},
    Range{"ff00::/8", Never},
    Range{"fc00::/7", Private},
    Range{"fec0::/10", Private},
};

/// The IPv4 address inside an IPv6 one: mapped, compatible, translated (RFC 6052), or 6to4.
std::optional<quint32> innerAddress(const QHostAddress& address) {
  bool mapped = false;
  const quint32 v4 = address.toIPv4Address(&mapped);
  if (mapped) return v4;
  const Q_IPV6ADDR b = address.toIPv6Address();
  const auto at = [&](int i) {
    return quint32(b[i]) << 24 | quint32(b[i + 1]) << 16 | quint32(b[i + 2]) << 8 | quint32(b[i + 3]);
  };
  if (address.isInSubnet(QHostAddress(QStringLiteral("64:ff9b::")), 96)) return at(12);
  if (address.isInSubnet(QHostAddress(QStringLiteral("2002::")), 16)) return at(2);
  if (address.isInSubnet(QHostAddress(QStringLiteral("::")), 96) && at(12) > 1) return at(12);
  return std::nullopt;
}

}  // namespace

AddressKind kindOf(const QHostAddress& address) {
  if (address.isNull()) return Never;
  if (address.protocol() == QAbstractSocket::IPv6Protocol) {
    if (const auto inner = innerAddress(address)) return kindOf(QHostAddress(*inner));
  }
  for (const auto& range : kRanges) {
    const auto subnet = QHostAddress::parseSubnet(QString::fromLatin1(range.subnet));
    if (subnet.first.protocol() == address.protocol() && address.isInSubnet(subnet)) return range.kind;
  }
  return Public;
}

}  // namespace aiops::integrations
