// Ollama's own chat interface: one JSON object a line.
// https://github.com/ollama/ollama/blob/main/docs/api.md
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <nlohmann/json.hpp>

#include "integrations/model_wire.h"

namespace aiops::integrations {
namespace {

using base::ErrorCode;
using base::fail;
using nlohmann::json;

class OllamaReader final : public AnswerReader {
 protected:
  base::Result<bool> takeJson(const std::string&, const json& data) override {
    if (data.contains("error")) return reported("api_error");
    const auto message = objectIn(data, "message");
    if (!message) return std::unexpected(message.error());
    if (*message != nullptr) {
      if (auto taken = takeMessage(**message); !taken) return std::unexpected(taken.error());
    }
    const auto done = data.find("done");
    if (done == data.end() || !done->is_boolean()) return malformed("'done' is missing");
    if (!done->get<bool>()) return false;
    return takeEnd(data);
  }

 private:
  base::Result<> takeMessage(const json& message) {
    if (const auto calls = message.find("tool_calls");
        calls != message.end() && !calls->is_null() && !calls->empty())
      return fail(ErrorCode::InvalidInput, "the model wanted to call a function that it was not offered");
    const auto content = textIn(message, "content");
    if (!content) return std::unexpected(content.error());
    return append(*content);
  }

  base::Result<bool> takeEnd(const json& data) {
    const auto input = countIn(data, "prompt_eval_count"), output = countIn(data, "eval_count");
    if (!input) return std::unexpected(input.error());
    if (!output) return std::unexpected(output.error());
    m_reply.usage = {*input, *output};
    const auto reason = textIn(data, "done_reason");
    if (!reason) return std::unexpected(reason.error());
    if (*reason == "length") {
      return fail(ErrorCode::LimitExceeded, "the model's answer was cut off at its longest", "ai.max_tokens",
                  "allow longer answers");
    }
    return true;
  }
};

class OllamaWire final : public ModelWire {
 public:
  std::string usualEndpoint() const override { return "http://127.0.0.1:11434"; }
  std::string path() const override { return "/api/chat"; }
  StreamFormat format() const override { return StreamFormat::JsonLines; }

  std::vector<std::pair<std::string, std::string>> headers(const std::string& key) const override {
    std::vector<std::pair<std::string, std::string>> out = {{"Content-Type", "application/json"},
                                                            {"Accept", "application/x-ndjson"}};
    if (!key.empty()) out.emplace_back("Authorization", "Bearer " + key);
    return out;
  }

  json body(const ModelRequest& request, const ModelOptions& options) const override {
    json messages = json::array({{{"role", "system"}, {"content", request.instructions}}});
    for (const auto& turn : request.turns) {
      const bool we = turn.who == ModelTurn::Who::We;
      messages.push_back({{"role", we ? "user" : "assistant"}, {"content", turn.text}});
    }
    return {
        {"model", options.model},
        {"messages", std::move(messages)},
        {"stream", true},
        {"format", json::parse(request.schema)},
        {"options",
         {{"temperature", std::clamp(options.temperature, 0.0, 2.0)}, {"num_predict", options.maxTokens}}}};
  }

  std::unique_ptr<AnswerReader> reader(const ModelRequest&) const override {
    return std::make_unique<OllamaReader>();
  }
};

}  // namespace

std::unique_ptr<ModelWire> ollamaWire() {
  return std::make_unique<OllamaWire>();
}

}  // namespace aiops::integrations
