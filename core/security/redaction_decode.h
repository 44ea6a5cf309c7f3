// Encodings in which a secret may travel, undone.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aiops::security {

/// What an encoded stretch of a text says. Byte i of `text` was written by the bytes [from[i], to[i]) of the
/// source.
struct DecodedText {
  std::string text;
  std::vector<size_t> from, to;
};

/// All readings of `source` that differ from it: percent encoding (RFC 3986), backslash escapes (\uXXXX,
/// \xXX,
/// \n, \", ...) and HTML entities over the whole text, and each run of base64 (both alphabets, RFC 4648; at
/// any offset, over line ends too) and of hex digits whose bytes are printable for 8 bytes or more. Takes any
/// bytes. Time and memory are linear in the length of `source`; adds to `work` the bytes written.
std::vector<DecodedText> decodings(std::string_view source, size_t& work);

}  // namespace aiops::security
