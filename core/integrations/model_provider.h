// Asks a language model one question and takes one structured answer.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "base/cancel.h"
#include "base/result.h"
#include "integrations/http_client.h"

namespace aiops::integrations {

/// One turn of the conversation; they alternate and the first is ours.
struct ModelTurn {
  enum class Who : uint8_t { We, Model };
  Who who = Who::We;
  std::string text;
};

struct ModelRequest {
  std::string instructions;
  std::vector<ModelTurn> turns;
  std::string schemaName;  ///< [a-z_]{1,64}
  std::string schema;      ///< JSON Schema that the answer must keep to; an object without further properties
  std::chrono::milliseconds within{
      60'000};  ///< the whole call, if the HTTP client's limits don't end it before
};

/// Tokens as the provider counted them; 0 where it does not say.
struct ModelUsage {
  uint64_t input = 0;
  uint64_t output = 0;
};

struct ModelReply {
  std::string
      text;  ///< what the model wrote, at most 64 KiB. Hostile: only whoever asked may read it, strictly.
  ModelUsage usage;
};

struct ModelFailure {
  base::Error error;
  bool worthRetrying = false;               ///< the same request may succeed in a while
  std::chrono::milliseconds retryAfter{0};  ///< as the provider asks; 0: it does not say
  ModelUsage usage = {};                    ///< what was told before it failed
  bool asked = false;                       ///< the provider took the question and may charge for it
};

using ModelResult = std::expected<ModelReply, ModelFailure>;

/// Thread safe.
class ModelProvider {
 public:
  virtual ~ModelProvider() = default;
  /// "openai gpt-5": for people and for cache keys.
  virtual std::string name() const = 0;
  /// The most tokens that an answer may have.
  virtual uint32_t mostOutput() const = 0;
  /// Blocks within the limits of the HTTP client; not on the UI's thread. No error holds the key, the
  /// question or what the server wrote, but for one short word that names the kind of error.
  virtual ModelResult ask(const ModelRequest& request, const base::CancelToken& cancel) = 0;
};

enum class ModelApi : uint8_t {
  OpenAi,            ///< Chat Completions of api.openai.com
  OpenAiCompatible,  ///< the same as others offer it (vLLM, llama.cpp, LM Studio)
  Anthropic,         ///< Messages
  Ollama,            ///< /api/chat
};

struct ModelOptions {
  ModelApi api = ModelApi::OpenAi;
  std::string
      endpoint;  ///< empty: the API's usual one; else the operator's, which may then be a private address
  std::string model;
  std::string key;           ///< sent to the endpoint alone; empty: none
  double temperature = 0.2;  ///< 0 to 2, clamped to what the API allows
  uint32_t maxTokens = 2000;
};

/// InvalidInput: a name, key or address that can't be used.
base::Result<std::unique_ptr<ModelProvider>> makeModelProvider(ModelOptions options, HttpClient client);

}  // namespace aiops::integrations
