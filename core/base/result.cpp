// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/result.h"

#include <cerrno>
#include <system_error>

namespace aiops::base {

std::string_view toString(ErrorCode code) {
  switch (code) {
    case ErrorCode::InvalidInput:
      return "invalid_input";
    case ErrorCode::NotFound:
      return "not_found";
    case ErrorCode::Conflict:
      return "conflict";
    case ErrorCode::PermissionDenied:
      return "permission_denied";
    case ErrorCode::Unavailable:
      return "unavailable";
    case ErrorCode::Timeout:
      return "timeout";
    case ErrorCode::LimitExceeded:
      return "limit_exceeded";
    case ErrorCode::Stale:
      return "stale";
    case ErrorCode::Corrupt:
      return "corrupt";
    case ErrorCode::Io:
      return "io";
    case ErrorCode::Cancelled:
      return "cancelled";
    case ErrorCode::Internal:
      return "internal";
  }
  return "internal";
}

std::string Error::line() const {
  std::string out = what;
  if (!where.empty()) out += " (" + where + ")";
  if (!remedy.empty()) out += ": " + remedy;
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return out;
}

std::unexpected<Error> failErrno(int errnoValue, std::string what, std::string where, std::string remedy) {
  ErrorCode code = ErrorCode::Io;
  if (errnoValue == ENOENT) code = ErrorCode::NotFound;
  if (errnoValue == EACCES || errnoValue == EPERM) code = ErrorCode::PermissionDenied;
  return fail(code, std::move(what) + ": " + std::generic_category().message(errnoValue), std::move(where),
              std::move(remedy));
}

}  // namespace aiops::base
