// SPDX-License-Identifier: GPL-3.0-or-later
#include "security/taint_validators.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>

#include "base/fd.h"
#include "security/safe_text.h"

namespace aiops::security {
namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kDigits = "0123456789";
constexpr size_t kMaxIdentifier = 64, kMaxUnitStem = 200, kMaxPath = 4095;

bool consistsOf(std::string_view text, std::initializer_list<std::string_view> alphabets) {
  return std::ranges::all_of(text, [&](char c) {
    return std::ranges::any_of(alphabets,
                               [&](auto alphabet) { return alphabet.find(c) != std::string_view::npos; });
  });
}

std::unexpected<base::Error> refuse(const std::string& what, std::string_view text) {
  return base::fail(ErrorCode::InvalidInput, what, SafeText::from(text, 80).text());
}

/// Absolute, one spelling only, nothing that deceives.
bool isPlainPath(std::string_view text) {
  if (text.empty() || text.size() > kMaxPath || text.front() != '/') return false;
  if (text != SafeText::from(text, kMaxPath).text()) return false;
  if (text == "/") return true;
  for (size_t first = 1; first <= text.size();) {
    const size_t end = std::min(text.find('/', first), text.size());
    const auto part = text.substr(first, end - first);
    if (part.empty() || part == "." || part == "..") return false;
    first = end + 1;
  }
  return text.back() != '/';
}

}  // namespace

Result<int64_t> validInteger(std::string_view text, int64_t least, int64_t greatest) {
  int64_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool canonical =
      parsed.ec == std::errc() && parsed.ptr == text.data() + text.size() && std::to_string(value) == text;
  if (!canonical) return refuse("not an integer", text);
  if (value < least || value > greatest) {
    return refuse("not between " + std::to_string(least) + " and " + std::to_string(greatest), text);
  }
  return value;
}

Result<std::string> validIdentifier(std::string_view text) {
  const bool good = !text.empty() && text.size() <= kMaxIdentifier &&
                    consistsOf(text, {kLetters, kDigits, "_-"}) &&
                    consistsOf(text.substr(0, 1), {kLetters, "_"});
  if (!good) return refuse("not an identifier", text);
  return std::string(text);
}

Result<std::string> validUnitName(std::string_view text) {
  constexpr std::string_view kSuffix = ".service";
  if (!text.ends_with(kSuffix)) return refuse("not a service unit", text);
  const auto stem = text.substr(0, text.size() - kSuffix.size());
  const bool good = !stem.empty() && stem.size() <= kMaxUnitStem && stem.front() != '-' &&
                    stem.front() != '.' && consistsOf(stem, {kLetters, kDigits, "@_:.\\-"});
  if (!good) return refuse("not a service unit", text);
  return std::string(text);
}

Result<std::string> validIpAddress(std::string_view text) {
  if (text.find('\0') != std::string_view::npos || text.size() >= INET6_ADDRSTRLEN)
    return refuse("not an address", text);
  const std::string terminated(text);
  std::array<unsigned char, sizeof(in6_addr)> address{};
  std::array<char, INET6_ADDRSTRLEN> written{};
  for (const int family : {AF_INET, AF_INET6}) {
    if (::inet_pton(family, terminated.c_str(), address.data()) != 1) continue;
    return std::string(::inet_ntop(family, address.data(), written.data(), written.size()));
  }
  return refuse("not an address", text);
}

Result<std::string> validPathUnder(std::string_view text, const std::filesystem::path& root) {
  if (!isPlainPath(text)) return refuse("not a plain absolute path", text);
  const std::string top = root.lexically_normal().string();
  if (!isPlainPath(top))
    return base::fail(ErrorCode::InvalidInput, "the allowed root is not a plain path", top);
  const bool below =
      text.starts_with(top) && (top == "/" || text.size() == top.size() || text[top.size()] == '/');
  if (!below) return refuse("outside " + top, text);
  std::string relative(text.substr(top.size()));
  relative.erase(0, relative.find_first_not_of('/'));
  const base::Fd directory(::open(top.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!directory.valid()) return base::failErrno(errno, "can't open the allowed root", top);
  open_how how{};
  how.flags = O_PATH | O_CLOEXEC;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  const std::string target = relative.empty() ? "." : relative;
  const base::Fd found(
      static_cast<int>(::syscall(SYS_openat2, directory.get(), target.c_str(), &how, sizeof how)));
  if (!found.valid()) return refuse("not an existing path without links below " + top, text);
  return std::string(text);
}

Result<std::string> validChoice(std::string_view text, std::span<const std::string> known) {
  const auto found = std::ranges::find(known, text);
  if (found == known.end()) return refuse("not one of the known values", text);
  return *found;
}

}  // namespace aiops::security
