// Secrets in no known form: random-looking words that stand near a word such as "password".
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "security/redaction_formats.h"

namespace aiops::security {

/// Words, in lower case, near which a random-looking one is taken for a secret.
std::span<const std::string_view> secretWords();

/// Shannon entropy of the bytes of `text`, in bits a byte: 0 for "aaaa", at most 8.
double entropyOf(std::string_view text);

/// True for a word of 20 bytes or more that looks drawn at random. False for UUIDs, hex digests and ids,
/// names made of words, versions and paths.
bool looksRandom(std::string_view word);

/// Appends the words that look random and begin at most 64 bytes behind one of `ends` (offsets behind secret
/// words, ascending), in the same line. Each byte is looked at once.
void findRandomWords(std::string_view text, std::span<const size_t> ends, std::vector<SecretSpan>& spans,
                     size_t& work);

}  // namespace aiops::security
