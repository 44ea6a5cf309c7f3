// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/codec.h"

namespace aiops::storage {

using base::ErrorCode;
using base::fail;
using nlohmann::json;

namespace {

constexpr const char* kBytesKey = "$base64";

// The values are a few levels deep, so that recursion is bounded by their types.
void hideBytes(json& value) {
  if (value.is_string()) {
    const auto& text = value.get_ref<const std::string&>();
    if (base::toValidUtf8(text) != text) value = json{{kBytesKey, base::toBase64(text)}};
    return;
  }
  if (!value.is_structured()) return;
  for (auto& child : value) hideBytes(child);
}

void showBytes(json& value) {
  if (!value.is_structured()) return;
  if (value.is_object() && value.size() == 1 && value.begin().key() == kBytesKey &&
      value.front().is_string()) {
    if (auto bytes = base::fromBase64(value.front().get_ref<const std::string&>())) value = *std::move(bytes);
    return;
  }
  for (auto& child : value) showBytes(child);
}

}  // namespace

std::string checkSum(std::string_view key, std::string_view doc) {
  std::string bytes(key);
  bytes += '\0';
  bytes += doc;
  return base::sha256Hex(bytes).substr(0, 16);
}

std::string toDocument(json value) {
  hideBytes(value);
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

base::Result<json> fromDocument(std::string_view what, const std::string& key, const std::string& doc,
                                const std::string& sum) {
  const auto corrupt = [&](const char* why) {
    return fail(ErrorCode::Corrupt, "a stored " + std::string(what) + " " + why, key,
                "restore the database from a backup");
  };
  if (checkSum(key, doc) != sum) return corrupt("fails its check sum");
  json value = json::parse(doc, nullptr, false);
  if (value.is_discarded()) return corrupt("is not a document");
  showBytes(value);
  return value;
}

}  // namespace aiops::storage
