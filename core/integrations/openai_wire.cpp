// Chat Completions with structured outputs, streamed.
// https://platform.openai.com/docs/api-reference/chat-streaming
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <nlohmann/json.hpp>

#include "integrations/model_wire.h"

namespace aiops::integrations {
namespace {

using base::ErrorCode;
using base::fail;
using nlohmann::json;

class OpenAiReader final : public AnswerReader {
 protected:
  base::Result<bool> takeText(const std::string& data) override {
    if (data != "[DONE]") return false;
    if (!m_finished) return malformed("it ended before the model did");
    return true;
  }

  base::Result<bool> takeJson(const std::string&, const json& data) override {
    if (const auto found = data.find("error"); found != data.end() && !found->is_null()) {
      return reported(found->is_object() ? textIn(*found, "type").value_or("") : "");
    }
    if (auto taken = takeUsage(data); !taken) return std::unexpected(taken.error());
    const auto choices = arrayIn(data, "choices");
    if (!choices) return std::unexpected(choices.error());
    if (*choices == nullptr || (*choices)->empty()) return false;  // the usage alone
    const auto& choice = (*choices)->front();
    if ((*choices)->size() != 1 || !choice.is_object()) return malformed("more than one choice");
    if (m_finished) return malformed("it goes on behind its end");
    if (auto taken = takeChoice(choice); !taken) return std::unexpected(taken.error());
    return false;
  }

 private:
  base::Result<> takeUsage(const json& data) {
    const auto usage = objectIn(data, "usage");
    if (!usage) return std::unexpected(usage.error());
    if (*usage == nullptr) return {};
    const auto input = countIn(**usage, "prompt_tokens"), output = countIn(**usage, "completion_tokens");
    if (!input) return std::unexpected(input.error());
    if (!output) return std::unexpected(output.error());
    m_reply.usage = {*input, *output};
    return {};
  }

  base::Result<> takeChoice(const json& choice) {
    const auto delta = objectIn(choice, "delta");
    if (!delta) return std::unexpected(delta.error());
    if (*delta != nullptr) {
      if (auto taken = takeDelta(**delta); !taken) return taken;
    }
    const auto reason = textIn(choice, "finish_reason");
    if (!reason) return std::unexpected(reason.error());
    if (reason->empty()) return {};
    m_finished = true;
    if (*reason == "stop") return {};
    if (*reason == "length") {
      return fail(ErrorCode::LimitExceeded, "the model's answer was cut off at its longest", "ai.max_tokens",
                  "allow longer answers");
    }
    if (*reason == "content_filter")
      return fail(ErrorCode::InvalidInput, "the provider's filter stopped the answer");
    return fail(ErrorCode::InvalidInput, "the model wanted to call a function that it was not offered");
  }

  base::Result<> takeDelta(const json& delta) {
    for (const char* call : {"tool_calls", "function_call"}) {
      if (const auto found = delta.find(call); found != delta.end() && !found->is_null() && !found->empty())
        return fail(ErrorCode::InvalidInput, "the model wanted to call a function that it was not offered");
    }
    const auto refusal = textIn(delta, "refusal");
    if (!refusal) return std::unexpected(refusal.error());
    if (!refusal->empty()) return fail(ErrorCode::InvalidInput, "the model refused to answer");
    const auto content = textIn(delta, "content");
    if (!content) return std::unexpected(content.error());
    return append(*content);
  }

  bool m_finished = false;
};

class OpenAiWire final : public ModelWire {
 public:
  explicit OpenAiWire(bool compatible) : m_compatible(compatible) {}

  std::string usualEndpoint() const override {
    return m_compatible ? "http://127.0.0.1:8000/v1" : "https://api.openai.com/v1";
  }
  std::string path() const override { return "/chat/completions"; }

  std::vector<std::pair<std::string, std::string>> headers(const std::string& key) const override {
    std::vector<std::pair<std::string, std::string>> out = {{"Content-Type", "application/json"},
                                                            {"Accept", "text/event-stream"}};
    if (!key.empty()) out.emplace_back("Authorization", "Bearer " + key);
    return out;
  }

  json body(const ModelRequest& request, const ModelOptions& options) const override {
    json messages = json::array({{{"role", "system"}, {"content", request.instructions}}});
    for (const auto& turn : request.turns) {
      const bool we = turn.who == ModelTurn::Who::We;
      messages.push_back({{"role", we ? "user" : "assistant"}, {"content", turn.text}});
    }
    // The older name is the one that every compatible server knows; OpenAI's newer models refuse it.
    const char* most = m_compatible ? "max_tokens" : "max_completion_tokens";
    json out = {
        {"model", options.model},
        {"messages", std::move(messages)},
        {most, options.maxTokens},
        {"stream", true},
        {"stream_options", {{"include_usage", true}}},
        {"response_format",
         {{"type", "json_schema"},
          {"json_schema",
           {{"name", request.schemaName}, {"strict", true}, {"schema", json::parse(request.schema)}}}}}};
    // Below zero: the model takes its own only.
    if (options.temperature >= 0) out["temperature"] = std::min(options.temperature, 2.0);
    return out;
  }

  std::unique_ptr<AnswerReader> reader(const ModelRequest&) const override {
    return std::make_unique<OpenAiReader>();
  }

 private:
  const bool m_compatible;
};

}  // namespace

std::unique_ptr<ModelWire> openAiWire(bool compatible) {
  return std::make_unique<OpenAiWire>(compatible);
}

}  // namespace aiops::integrations
