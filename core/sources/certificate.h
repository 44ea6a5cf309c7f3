// Which certificates a configuration names, and until when they are good.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace aiops::sources {

struct Certificate {
  std::string fingerprint;  ///< SHA-256 of the certificate, hex
  std::string subject;      ///< its common name as it stands there, hostile; or empty
  base::TimePoint from;
  base::TimePoint until;
};

inline constexpr size_t kMostCertificates = 20;

/// The absolute paths in a configuration that are certificates by the name of the file (.pem, .crt, .cer,
/// .cert) and are set by something that speaks of certificates, TLS or SSL; keys and comments are left out.
/// Each once, at most kMostCertificates.
std::vector<std::string> certificatesIn(std::string_view configuration);

/// The first certificate of a PEM file. A regular file of at most 256 KiB; of what else stands in it, such as
/// a key, nothing is kept. Links are followed: only dates and names are told of it.
base::Result<Certificate> readCertificate(const std::string& path);

}  // namespace aiops::sources
