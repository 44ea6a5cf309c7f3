// Messages, streamed; the structured answer is the input of the one tool that the model must use.
// https://platform.claude.com/docs/en/build-with-claude/streaming
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <nlohmann/json.hpp>

#include "integrations/model_wire.h"

namespace aiops::integrations {
namespace {

using base::ErrorCode;
using base::fail;
using nlohmann::json;

class AnthropicReader final : public AnswerReader {
 public:
  explicit AnthropicReader(std::string tool) : m_tool(std::move(tool)) {}

 protected:
  base::Result<bool> takeJson(const std::string& name, const json& data) override {
    const auto type = textIn(data, "type");
    if (!type) return std::unexpected(type.error());
    if (!name.empty() && name != *type) return malformed("an event of two names");
    if (*type == "ping") return false;
    if (*type == "error") {
      const auto error = objectIn(data, "error");
      return reported(error && *error ? textIn(**error, "type").value_or("") : "");
    }
    for (const auto& row : kRows) {
      if (*type != row.type) continue;
      if (m_step < row.from || m_step > row.to) return malformed("its events are out of order");
      const auto taken = (this->*row.take)(data);
      if (!taken) return std::unexpected(taken.error());
      return m_step == Step::Ended;
    }
    return false;  // the API says that kinds of events may be added
  }

 private:
  enum class Step : uint8_t { Begin, Message, Block, Closing, Ended };
  struct Row {
    const char* type;
    Step from, to;  ///< steps in which it may come
    base::Result<> (AnthropicReader::*take)(const json&);
  };
  static const Row kRows[6];

  base::Result<> takeStart(const json& data) {
    m_step = Step::Message;
    const auto message = objectIn(data, "message");
    if (!message) return std::unexpected(message.error());
    return *message == nullptr ? base::Result<>(malformed("no message")) : takeUsage(**message);
  }

  base::Result<> takeUsage(const json& holder) {
    const auto usage = objectIn(holder, "usage");
    if (!usage) return std::unexpected(usage.error());
    if (*usage == nullptr) return {};
    const auto input = countIn(**usage, "input_tokens"), output = countIn(**usage, "output_tokens");
    if (!input) return std::unexpected(input.error());
    if (!output) return std::unexpected(output.error());
    m_reply.usage.input = std::max(m_reply.usage.input, *input);
    m_reply.usage.output = std::max(m_reply.usage.output, *output);
    return {};
  }

  base::Result<> takeBlock(const json& data) {
    m_step = Step::Block;
    const auto block = objectIn(data, "content_block");
    if (!block) return std::unexpected(block.error());
    if (*block == nullptr) return malformed("no content block");
    const auto type = textIn(**block, "type"), name = textIn(**block, "name");
    if (!type) return std::unexpected(type.error());
    if (!name) return std::unexpected(name.error());
    m_isAnswer = *type == "tool_use";
    if (m_isAnswer && (*name != m_tool || std::exchange(m_hasAnswer, true)))
      return fail(ErrorCode::InvalidInput, "the model wanted to call a function that it was not offered");
    return {};
  }

  base::Result<> takeDelta(const json& data) {
    const auto delta = objectIn(data, "delta");
    if (!delta) return std::unexpected(delta.error());
    if (*delta == nullptr) return malformed("no delta");
    const auto type = textIn(**delta, "type"), part = textIn(**delta, "partial_json");
    if (!type) return std::unexpected(type.error());
    if (!part) return std::unexpected(part.error());
    if (*type != "input_json_delta") return {};  // what it says beside the answer
    return m_isAnswer ? append(*part) : base::Result<>(malformed("the input of no tool"));
  }

  base::Result<> takeBlockEnd(const json&) {
    m_step = Step::Message;
    return {};
  }

  base::Result<> takeClosing(const json& data) {
    m_step = Step::Closing;
    if (auto taken = takeUsage(data); !taken) return taken;
    const auto delta = objectIn(data, "delta");
    if (!delta) return std::unexpected(delta.error());
    const auto reason = *delta ? textIn(**delta, "stop_reason") : std::string();
    if (!reason) return std::unexpected(reason.error());
    if (*reason == "max_tokens" || *reason == "model_context_window_exceeded") {
      return fail(ErrorCode::LimitExceeded, "the model's answer was cut off at its longest", "ai.max_tokens",
                  "allow longer answers");
    }
    if (*reason == "refusal") return fail(ErrorCode::InvalidInput, "the model refused to answer");
    return {};
  }

  base::Result<> takeEnd(const json&) {
    if (!m_hasAnswer) return fail(ErrorCode::InvalidInput, "the model gave no structured answer");
    m_step = Step::Ended;
    return {};
  }

  const std::string m_tool;
  Step m_step = Step::Begin;
  bool m_isAnswer = false;  ///< the block at hand
  bool m_hasAnswer = false;
};

const AnthropicReader::Row AnthropicReader::kRows[6] = {
    {"message_start", Step::Begin, Step::Begin, &AnthropicReader::takeStart},
    {"content_block_start", Step::Message, Step::Message, &AnthropicReader::takeBlock},
    {"content_block_delta", Step::Block, Step::Block, &AnthropicReader::takeDelta},
    {"content_block_stop", Step::Block, Step::Block, &AnthropicReader::takeBlockEnd},
    {"message_delta", Step::Message, Step::Closing, &AnthropicReader::takeClosing},
    {"message_stop", Step::Closing, Step::Closing, &AnthropicReader::takeEnd},
};

class AnthropicWire final : public ModelWire {
 public:
  std::string usualEndpoint() const override { return "https://api.anthropic.com/v1"; }
  std::string path() const override { return "/messages"; }

  std::vector<std::pair<std::string, std::string>> headers(const std::string& key) const override {
    return {{"Content-Type", "application/json"},
            {"Accept", "text/event-stream"},
            {"anthropic-version", "2023-06-01"},
            {"x-api-key", key}};
  }

  json body(const ModelRequest& request, const ModelOptions& options) const override {
    json messages = json::array();
    for (const auto& turn : request.turns) {
      const bool we = turn.who == ModelTurn::Who::We;
      messages.push_back({{"role", we ? "user" : "assistant"}, {"content", turn.text}});
    }
    return {{"model", options.model},
            {"max_tokens", options.maxTokens},
            {"temperature", std::clamp(options.temperature, 0.0, 1.0)},
            {"system", request.instructions},
            {"messages", std::move(messages)},
            {"stream", true},
            {"tools",
             {{{"name", request.schemaName},
               {"description", "Gives the answer."},
               {"input_schema", json::parse(request.schema)}}}},
            {"tool_choice",
             {{"type", "tool"}, {"name", request.schemaName}, {"disable_parallel_tool_use", true}}}};
  }

  std::unique_ptr<AnswerReader> reader(const ModelRequest& request) const override {
    return std::make_unique<AnthropicReader>(request.schemaName);
  }
};

}  // namespace

std::unique_ptr<ModelWire> anthropicWire() {
  return std::make_unique<AnthropicWire>();
}

}  // namespace aiops::integrations
