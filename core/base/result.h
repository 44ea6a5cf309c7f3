// Errors are values: every fallible function returns Result<T>. Wording for people happens in ui, api and
// cli. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace aiops::base {

/// What kind of failure it was; front ends map it to an HTTP status or an exit code.
enum class ErrorCode {
  InvalidInput,      ///< the caller's value is wrong; `where` says which
  NotFound,          ///< no such object
  Conflict,          ///< the object is not in a state that allows this
  PermissionDenied,  ///< known caller, not allowed
  Unavailable,       ///< a part that is needed is not running or can't be reached
  Timeout,           ///< gave up waiting
  LimitExceeded,     ///< a stated limit was passed
  Stale,             ///< what was approved is no longer what would run
  Corrupt,           ///< stored data fails its own checks
  Io,                ///< the operating system refused
  Cancelled,         ///< stopped on request
  Internal,          ///< a defect of this program
};

/// The stable, lower-case name of a code, for example "invalid_input". Part of the HTTP contract.
std::string_view toString(ErrorCode code);

/// One failure: what happened, where (file:line, field, object), and what the operator can do about it.
struct Error {
  ErrorCode code = ErrorCode::Internal;
  std::string what;
  std::string where;
  std::string remedy;

  /// "what (where): remedy" on one line; empty parts are left out. Control characters become spaces.
  std::string line() const;
};

template <class T = void>
using Result = std::expected<T, Error>;

/// Shorthand for `return fail(code, what, where, remedy)` from a function returning Result<T>.
inline std::unexpected<Error> fail(ErrorCode code, std::string what, std::string where = {},
                                   std::string remedy = {}) {
  return std::unexpected(Error{code, std::move(what), std::move(where), std::move(remedy)});
}

/// As above with the text of `errnoValue` appended to `what`.
std::unexpected<Error> failErrno(int errnoValue, std::string what, std::string where = {},
                                 std::string remedy = {});

}  // namespace aiops::base
