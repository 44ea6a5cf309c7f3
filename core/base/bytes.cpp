// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/bytes.h"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/fd.h"
#include "base/id.h"

namespace aiops::base {

std::string toHex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const unsigned char c : bytes) {
    out += kDigits[c >> 4];
    out += kDigits[c & 15];
  }
  return out;
}

Result<std::string> fromHex(std::string_view hex) {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  if (hex.size() % 2 != 0) return fail(ErrorCode::InvalidInput, "odd number of hex digits");
  std::string out;
  for (size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit(hex[i]), low = digit(hex[i + 1]);
    if (high < 0 || low < 0) return fail(ErrorCode::InvalidInput, "not a hex digit");
    out += static_cast<char>(high * 16 + low);
  }
  return out;
}

std::string sha256Hex(std::string_view bytes) {
  std::array<unsigned char, 32> digest{};
  unsigned int length = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr);
  return toHex({reinterpret_cast<const char*>(digest.data()), length});
}

std::string toBase64(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<size_t>(length));
  return out;
}

Result<std::string> fromBase64(std::string_view text) {
  if (text.size() % 4 != 0) return fail(ErrorCode::InvalidInput, "base64 text has a wrong length");
  if (text.empty()) return std::string();
  std::string out(text.size() / 4 * 3, '\0');
  const int length =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (length < 0) return fail(ErrorCode::InvalidInput, "not base64 text");
  size_t padding = 0;
  if (text.ends_with("==")) {
    padding = 2;
  } else if (text.ends_with("=")) {
    padding = 1;
  }
  out.resize(static_cast<size_t>(length) - padding);
  return out;
}

std::string randomBytes(size_t count) {
  std::string out(count, '\0');
  size_t done = 0;
  while (done < count) {
    const ssize_t got = getrandom(out.data() + done, count - done, 0);
    if (got > 0) done += static_cast<size_t>(got);
  }
  return out;
}

bool equalConstantTime(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string newUuid() {
  std::string bytes = randomBytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  const std::string hex = toHex(bytes);
  return hex.substr(0, 8) + '-' + hex.substr(8, 4) + '-' + hex.substr(12, 4) + '-' + hex.substr(16, 4) + '-' +
         hex.substr(20);
}

namespace {

/// How many bytes at the beginning are ASCII: most log lines are nothing else, eight bytes at a time.
size_t asciiPrefix(std::string_view bytes) {
  size_t i = 0;
  for (uint64_t word = 0; i + sizeof word <= bytes.size(); i += sizeof word) {
    std::memcpy(&word, bytes.data() + i, sizeof word);
    if ((word & 0x8080'8080'8080'8080u) != 0) break;
  }
  while (i < bytes.size() && static_cast<unsigned char>(bytes[i]) < 0x80) ++i;
  return i;
}

}  // namespace

std::string toValidUtf8(std::string_view bytes) {
  size_t i = asciiPrefix(bytes);
  std::string out;
  out.reserve(bytes.size());
  out.append(bytes.substr(0, i));
  const auto continuation = [&](size_t at) {
    return at < bytes.size() && (static_cast<unsigned char>(bytes[at]) & 0xC0) == 0x80;
  };
  while (i < bytes.size()) {
    const auto c = static_cast<unsigned char>(bytes[i]);
    size_t length = 0;
    if (c < 0x80) {
      length = asciiPrefix(bytes.substr(i));
    } else if (c >= 0xC2 && c <= 0xDF && continuation(i + 1)) {
      length = 2;
    } else if (c >= 0xE0 && c <= 0xEF && continuation(i + 1) && continuation(i + 2)) {
      const auto second = static_cast<unsigned char>(bytes[i + 1]);
      const bool overlong = c == 0xE0 && second < 0xA0, surrogate = c == 0xED && second > 0x9F;
      if (!overlong && !surrogate) length = 3;
    } else if (c >= 0xF0 && c <= 0xF4 && continuation(i + 1) && continuation(i + 2) && continuation(i + 3)) {
      const auto second = static_cast<unsigned char>(bytes[i + 1]);
      if (!(c == 0xF0 && second < 0x90) && !(c == 0xF4 && second > 0x8F)) length = 4;
    }
    if (length == 0) {
      out += "\xEF\xBF\xBD";
      ++i;
    } else {
      out.append(bytes.substr(i, length));
      i += length;
    }
  }
  return out;
}

std::string validUtf8Prefix(std::string_view bytes, size_t most) {
  constexpr size_t kLongestCharacter = 4;
  auto valid = toValidUtf8(bytes.substr(0, most + kLongestCharacter));
  if (valid.size() <= most) return valid;
  auto end = most;
  while (end > 0 && (static_cast<unsigned char>(valid[end]) & 0xC0) == 0x80) --end;
  valid.resize(end);
  return valid;
}

Result<std::string> readFile(const std::filesystem::path& path, size_t maxBytes) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) return failErrno(errno, "can't open file", path.string());
  std::string out;
  char buffer[65536];
  for (;;) {
    const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failErrno(errno, "can't read file", path.string());
    if (got == 0) return out;
    if (out.size() + static_cast<size_t>(got) > maxBytes) {
      return fail(ErrorCode::LimitExceeded, "file is larger than " + std::to_string(maxBytes) + " bytes",
                  path.string());
    }
    out.append(buffer, static_cast<size_t>(got));
  }
}

Result<> writeFileAtomic(const std::filesystem::path& path, std::string_view bytes, unsigned mode) {
  const auto directory = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  const auto temporary = directory / ("." + path.filename().string() + "." + newUuid().substr(0, 8));
  Fd fd(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (!fd.valid()) return failErrno(errno, "can't create file", temporary.string());
  const auto abandon = [&](int error, const char* what) {
    ::unlink(temporary.c_str());
    return failErrno(error, what, path.string());
  };
  if (::fchmod(fd.get(), mode) != 0) return abandon(errno, "can't set mode");
  if (auto written = writeAll(fd.get(), bytes); !written) {
    ::unlink(temporary.c_str());
    return written;
  }
  if (::fsync(fd.get()) != 0) return abandon(errno, "can't sync file");
  if (::rename(temporary.c_str(), path.c_str()) != 0) return abandon(errno, "can't replace file");
  const Fd dir(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!dir.valid() || ::fsync(dir.get()) != 0)
    return failErrno(errno, "can't sync directory", directory.string());
  return {};
}

}  // namespace aiops::base
