// SPDX-License-Identifier: GPL-3.0-or-later
#include "integrations/model_provider.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <optional>

#include <nlohmann/json.hpp>

#include "integrations/model_wire.h"
#include "model/strict_json.h"

namespace aiops::integrations {
namespace {

using base::Error;
using base::ErrorCode;
using base::fail;
using nlohmann::json;

constexpr std::chrono::hours kLongestPause{24};

/// Seconds, or 0 for what is no number of seconds; a date is one of the two forms that HTTP knows, and the
/// rarer: without it the usual pause is made.
std::chrono::milliseconds pauseOf(const std::string& text) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size() || !(seconds >= 0)) return {};
  const double most = std::chrono::duration<double>(kLongestPause).count();
  return std::chrono::milliseconds(static_cast<int64_t>(std::min(seconds, most) * 1000));
}

/// What the body of an error says of its kind, in the documented forms of all three.
struct ErrorBody {
  std::string word;
  std::string parameter;
};

ErrorBody errorBody(const std::string& body) {
  const auto data = model::parseStrictJson(body, "error", {.depth = 16, .bytes = 64 * 1024});
  if (!data) return {};
  const auto error = objectIn(*data, "error");
  if (!error || *error == nullptr) return {};
  ErrorBody out{.parameter = errorWord(textIn(**error, "param").value_or(""))};
  for (const char* key : {"code", "type"}) {
    if (out.word.empty()) out.word = errorWord(textIn(**error, key).value_or(""));
  }
  return out;
}

struct StatusRow {
  int status;
  ErrorCode code;
  bool retry;
  const char* what;
  const char* remedy;
};

constexpr StatusRow kStatuses[] = {
    {400, ErrorCode::InvalidInput, false, "the provider refused the request",
     "check ai.model and ai.max_tokens"},
    {401, ErrorCode::PermissionDenied, false, "the provider does not accept the key", "set another key"},
    {403, ErrorCode::PermissionDenied, false, "the key may not use this model", "check the key and ai.model"},
    {404, ErrorCode::NotFound, false, "the provider does not know the model or the address",
     "check ai.model and ai.endpoint"},
    {408, ErrorCode::Timeout, true, "the provider gave up waiting", ""},
    {413, ErrorCode::LimitExceeded, false, "the request is too large for the provider", ""},
    {422, ErrorCode::InvalidInput, false, "the provider refused the request", "check ai.model"},
    {429, ErrorCode::LimitExceeded, true, "the provider allows no more requests now",
     "wait, or raise the limit there"},
    {529, ErrorCode::Unavailable, true, "the provider is overloaded", ""},
};

StatusRow rowOf(int status) {
  for (const auto& row : kStatuses) {
    if (row.status == status) return row;
  }
  if (status >= 500) return {status, ErrorCode::Unavailable, true, "the provider failed", ""};
  if (status >= 300 && status < 400) {
    return {status, ErrorCode::PermissionDenied, false,
            "the provider points elsewhere, which is not followed", "set ai.endpoint to the right address"};
  }
  return {status, ErrorCode::Unavailable, false, "the provider answered something unexpected",
          "check ai.endpoint"};
}

bool isModelName(const std::string& text) {
  return !text.empty() && text.size() <= 128 &&
         std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

std::string apiName(ModelApi api) {
  switch (api) {
    case ModelApi::OpenAi:
      return "openai";
    case ModelApi::Anthropic:
      return "anthropic";
    default:
      return "local";
  }
}

class HttpModelProvider final : public ModelProvider {
 public:
  HttpModelProvider(ModelOptions options, std::unique_ptr<ModelWire> wire, HttpClient client)
      : m_options(std::move(options)),
        m_wire(std::move(wire)),
        m_client(std::move(client)),
        m_url(fullUrl()) {}

  std::string name() const override { return apiName(m_options.api) + " " + m_options.model; }
  uint32_t mostOutput() const override { return m_options.maxTokens; }

  ModelResult ask(const ModelRequest& request, const base::CancelToken& cancel) override {
    auto options = m_options;
    if (m_ownTemperature) options.temperature = -1;
    auto result = askOnce(request, options, cancel);
    if (result || !m_refusedTemperature.exchange(false) || m_ownTemperature.exchange(true)) return result;
    options.temperature = -1;
    return askOnce(request, options, cancel);
  }

 private:
  /// What comes of one exchange.
  struct Reading {
    std::unique_ptr<AnswerReader> reader;
    EventStream stream;
    std::optional<Error> problem;
    bool whole = false;

    bool take(const StreamEvent& event) {
      const auto taken = reader->take(event);
      if (!taken) problem = taken.error();
      whole = taken && *taken;
      return taken && !*taken;
    }
  };

  ModelResult askOnce(const ModelRequest& request, const ModelOptions& options,
                      const base::CancelToken& cancel) {
    Reading reading{m_wire->reader(request), EventStream(m_wire->format()), std::nullopt};
    const auto onEvent = [&](const StreamEvent& event) { return reading.take(event); };
    const auto onBody = [&](std::string_view bytes) {
      if (const auto fed = reading.stream.feed(bytes, onEvent); !fed) reading.problem = fed.error();
      return !reading.problem && !reading.whole;
    };
    const HttpPost post{m_url, m_wire->headers(m_options.key),
                        m_wire->body(request, options).dump(-1, ' ', false, json::error_handler_t::replace),
                        m_options.endpoint.empty() && !isLocal() ? Reach::Public : Reach::Configured,
                        request.within};
    const auto answer = m_client.post(post, onBody, cancel);
    if (answer && answer->status != 200) return std::unexpected(refusal(*answer));
    if (answer && !reading.problem && !reading.whole) {
      if (const auto ended = reading.stream.end(onEvent); !ended) reading.problem = ended.error();
    }
    return judge(answer, reading);
  }

  ModelResult judge(const base::Result<HttpAnswer>& answer, Reading& reading) const {
    auto& reply = reading.reader->reply();
    ModelFailure failure{.usage = reply.usage};
    if (!answer) {
      failure.error = answer.error();
      failure.worthRetrying =
          failure.error.code == ErrorCode::Unavailable || failure.error.code == ErrorCode::Timeout;
      failure.asked = failure.worthRetrying || failure.error.code == ErrorCode::LimitExceeded;
      return std::unexpected(failure);
    }
    failure.asked = true;
    if (reading.problem) {
      failure.error = *reading.problem;
      if (failure.error.where.empty()) failure.error.where = m_url;
      failure.worthRetrying = failure.error.code == ErrorCode::Unavailable;
      return std::unexpected(failure);
    }
    if (!reading.whole) {
      const bool page = answer->contentType.starts_with("text/html");
      failure.error = {
          ErrorCode::InvalidInput,
          page ? "a web page came instead of an answer" : "the answer ended before the model did", m_url,
          page ? "check ai.endpoint" : ""};
      return std::unexpected(failure);
    }
    if (reply.text.empty()) {
      failure.error = {ErrorCode::InvalidInput, "the model said nothing", m_url, ""};
      return std::unexpected(failure);
    }
    return std::move(reply);
  }

  ModelFailure refusal(const HttpAnswer& answer) {
    const auto row = rowOf(answer.status);
    const auto body = errorBody(answer.body);
    if (answer.status == 400 && body.parameter == "temperature") m_refusedTemperature = true;
    std::string what = row.what;
    what += " (" + std::to_string(answer.status) + (body.word.empty() ? "" : " " + body.word) + ")";
    return {.error = {row.code, what, m_url, row.remedy},
            .worthRetrying = row.retry,
            .retryAfter = row.retry ? pauseOf(answer.retryAfter) : std::chrono::milliseconds(0)};
  }

  bool isLocal() const {
    return m_options.api == ModelApi::Ollama || m_options.api == ModelApi::OpenAiCompatible;
  }

  std::string fullUrl() const {
    auto url = m_options.endpoint.empty() ? m_wire->usualEndpoint() : m_options.endpoint;
    while (url.ends_with('/')) url.pop_back();
    if (url.ends_with(m_wire->path())) return url;
    const auto host = url.find("://");
    const bool bare = host != std::string::npos && url.find('/', host + 3) == std::string::npos;
    if (bare && m_options.api != ModelApi::Ollama) url += "/v1";
    return url + m_wire->path();
  }

  const ModelOptions m_options;
  const std::unique_ptr<ModelWire> m_wire;
  const HttpClient m_client;
  const std::string m_url;
  std::atomic<bool> m_refusedTemperature = false;
  std::atomic<bool> m_ownTemperature = false;  ///< the model takes no temperature but its own
};

std::unique_ptr<ModelWire> wireOf(ModelApi api) {
  switch (api) {
    case ModelApi::Anthropic:
      return anthropicWire();
    case ModelApi::Ollama:
      return ollamaWire();
    default:
      return openAiWire(api == ModelApi::OpenAiCompatible);
  }
}

}  // namespace

base::Result<std::unique_ptr<ModelProvider>> makeModelProvider(ModelOptions options, HttpClient client) {
  if (!isModelName(options.model))
    return fail(ErrorCode::InvalidInput, "no model is named", "ai.model",
                "name one of the provider's models");
  const bool needsKey = options.api == ModelApi::OpenAi || options.api == ModelApi::Anthropic;
  if (needsKey && options.key.empty())
    return fail(ErrorCode::InvalidInput, "the provider needs a key",
                "ai." + apiName(options.api) + "_api_key", "set it, for example in the environment");
  auto wire = wireOf(options.api);
  return std::make_unique<HttpModelProvider>(std::move(options), std::move(wire), std::move(client));
}

}  // namespace aiops::integrations
