// How each provider's API is spoken. Internal to integrations.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "integrations/event_stream.h"
#include "integrations/model_provider.h"

#include <nlohmann/json_fwd.hpp>

namespace aiops::integrations {

/// Reads the events of one streamed answer in their order.
class AnswerReader {
 public:
  static constexpr size_t kMostText = 64 * 1024;

  virtual ~AnswerReader() = default;
  /// True: the answer is whole. Unavailable and worth a retry: the provider reports a passing failure.
  base::Result<bool> take(const StreamEvent& event);
  ModelReply& reply() { return m_reply; }

 protected:
  virtual base::Result<bool> takeJson(const std::string& name, const nlohmann::json& data) = 0;
  /// True when the event is the end and no JSON.
  virtual base::Result<bool> takeText(const std::string&) { return false; }
  base::Result<> append(const std::string& text);

  ModelReply m_reply;
};

/// One API: stateless.
class ModelWire {
 public:
  virtual ~ModelWire() = default;
  virtual std::string usualEndpoint() const = 0;
  /// Behind the endpoint's own path, unless that ends so already.
  virtual std::string path() const = 0;
  virtual StreamFormat format() const { return StreamFormat::ServerSentEvents; }
  virtual std::vector<std::pair<std::string, std::string>> headers(const std::string& key) const = 0;
  virtual nlohmann::json body(const ModelRequest& request, const ModelOptions& options) const = 0;
  virtual std::unique_ptr<AnswerReader> reader(const ModelRequest& request) const = 0;
};

std::unique_ptr<ModelWire> openAiWire(bool compatible);
std::unique_ptr<ModelWire> anthropicWire();
std::unique_ptr<ModelWire> ollamaWire();

// For readers. A member that is missing or null is `nullptr`; one of another type is InvalidInput.
base::Result<const nlohmann::json*> objectIn(const nlohmann::json& json, const char* key);
base::Result<const nlohmann::json*> arrayIn(const nlohmann::json& json, const char* key);
/// Empty when missing or null.
base::Result<std::string> textIn(const nlohmann::json& json, const char* key);
/// 0 when missing or null.
base::Result<uint64_t> countIn(const nlohmann::json& json, const char* key);
std::unexpected<base::Error> malformed(const std::string& what);
/// An error that the provider tells of; only its kind is repeated, and only if it is a word.
std::unexpected<base::Error> reported(const std::string& kind);
/// `kind` if it is a short word of [a-z0-9_], else empty: nothing else of a server's is shown.
std::string errorWord(const std::string& kind);

}  // namespace aiops::integrations
