// Hashing, encoding, UTF-8 and whole-file helpers.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace aiops::base {

/// SHA-256 as 64 lower-case hex digits.
std::string sha256Hex(std::string_view bytes);
std::string toHex(std::string_view bytes);
Result<std::string> fromHex(std::string_view hex);
std::string toBase64(std::string_view bytes);
Result<std::string> fromBase64(std::string_view text);
/// `count` bytes from the kernel's random source.
std::string randomBytes(size_t count);
/// Takes the same time whatever the contents; unequal lengths are unequal.
bool equalConstantTime(std::string_view a, std::string_view b);
/// `bytes` with every invalid UTF-8 sequence replaced by U+FFFD. For display and JSON, never for hashing.
std::string toValidUtf8(std::string_view bytes);
/// The beginning of toValidUtf8(bytes), at most `most` bytes of it, cut between characters.
std::string validUtf8Prefix(std::string_view bytes, size_t most);

/// The whole file; fails above `maxBytes` (LimitExceeded).
Result<std::string> readFile(const std::filesystem::path& path, size_t maxBytes = 16u << 20);
/// Replaces `path` by way of a temporary file in the same directory: write, fsync, rename, fsync of the
/// directory.
Result<> writeFileAtomic(const std::filesystem::path& path, std::string_view bytes, unsigned mode = 0600);

}  // namespace aiops::base
