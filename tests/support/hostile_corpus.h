// Strings that deceive, break encodings or break who handles them carelessly; the same ones each time.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <random>
#include <string>
#include <vector>

namespace aiops::test {

/// `count` strings without a line feed, each with something hostile in it. Not valid UTF-8, many of them.
inline std::vector<std::string> hostileCorpus(size_t count = 300) {
  std::mt19937 random(20261128);
  const auto invalid = [&] {
    std::string out;
    for (int i = 0; i < 12; ++i) out += static_cast<char>(0x80 + random() % 0x80);
    return out;
  };
  const auto repeated = [](const std::string& piece, size_t times) {
    std::string out;
    for (size_t i = 0; i < times; ++i) out += piece;
    return out;
  };
  const std::vector<std::string> pieces{
      std::string("nul \0 and \0 more", 16),
      "\x1b[2J\x1b[31mred\x1b[0m",
      "\x1b]8;;https://evil.example/\x07link\x1b]8;;\x07\x1b]0;owned\x07",
      "\xe2\x80\xae"
      "txt.exe\xe2\x80\xac \xe2\x81\xa6isolated\xe2\x81\xa9 \xd8\x9c",
      "\xed\xa0\xbd\xed\xb8\x80",                       // CESU-8: an emoji as two surrogates
      "\xed\xa0\x80 alone \xed\xbf\xbf",                // half of a pair
      "\xc0\xaf\xe0\x80\xaf\xf0\x80\x80\xaf \xc1\xbf",  // overlong
      "caf\xe9 na\xefve \xa3 5 and caf\xc3\xa9",        // Latin-1 and UTF-8 in one
      "\xef\xbb\xbf"
      "bom \xff\xfe"
      "u\0t\0f",
      "line\xe2\x80\xa8separator\xe2\x80\xa9paragraph\xc2\x85next",
      "z" + repeated("\xcc\x81\xcc\x96", 1500) + "algo",  // one letter of 3000 marks
      "back\x08\x08\x08\x08"
      "forth \x7f \xc2\x9b"
      "31m \r overwritten",
      "\xe2\x80\x8b"
      "zero\xe2\x80\x8dwidth\xe2\x80\x8c\xc2\xad\xe2\x81\xa0",
      "\xf3\xa0\x81\xa1\xf3\xa0\x81\xa2 tags \xef\xb7\x90 \xef\xbf\xbf \xf4\x90\x80\x80",
      "cut in a character \xf0\x9f\x98",
      "{\"a\":\"\\ud800\",\"b\":\"\\u0000\",\"c\":1e999} \\\" \\u202e \x01",
      "<img src=file:///etc/passwd onerror=alert(1)>&#x202e; '; DROP TABLE events; -- $(reboot) `id` %n%s "
      "\x1f",
      invalid() + " " + invalid(),
      "\xef\xbf\xbd written as such \x0b\x0c \xef\xbf\xbe",
      repeated("\xe2\x80\xae\xe2\x80\xad", 300)};
  const std::array<std::string, 5> around{"user ", "path=/a/b?c=", "", "\xc3\xa4\xe6\x97\xa5 ", "\t"};
  std::vector<std::string> all;
  for (size_t i = 0; i < count; ++i) {
    auto text = around[random() % around.size()] + pieces[i % pieces.size()];
    if (random() % 2 == 0) text += around[random() % around.size()] + pieces[random() % pieces.size()];
    if (random() % 3 == 0) text += invalid();
    all.push_back(text + "!");  // so that no trimming changes the end
  }
  return all;
}

}  // namespace aiops::test
