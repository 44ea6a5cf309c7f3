// Values as stored documents; for the .cpp files of this folder.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"
#include "model/json.h"

namespace aiops::storage {

/// 16 hex digits over key and document: finds a changed byte and a document under another's key.
std::string checkSum(std::string_view key, std::string_view doc);

/// JSON text. Strings that are not UTF-8 keep their exact bytes: they become {"$base64": "..."}.
std::string toDocument(nlohmann::json value);
/// The inverse; Corrupt, naming `what` and `key`, when the sum is wrong or the text is no document.
base::Result<nlohmann::json> fromDocument(std::string_view what, const std::string& key,
                                          const std::string& doc, const std::string& sum);

template <class T>
base::Result<T> decode(std::string_view what, const std::string& key, const std::string& doc,
                       const std::string& sum) {
  auto json = fromDocument(what, key, doc, sum);
  if (!json) return std::unexpected(json.error());
  try {
    return json->template get<T>();
  } catch (const nlohmann::json::exception& exception) {
    return base::fail(base::ErrorCode::Corrupt,
                      std::string("a stored ") + std::string(what) + " can't be read: " + exception.what(),
                      key);
  }
}

/// As times are stored: microseconds since the epoch.
inline int64_t micros(base::TimePoint time) {
  return time.time_since_epoch().count();
}

}  // namespace aiops::storage
