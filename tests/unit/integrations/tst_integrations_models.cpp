// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <random>

#include "integrations/event_stream.h"
#include "support/model_server.h"
#include "support/tls_identity.h"

using namespace aiops;
using namespace aiops::integrations;
using base::ErrorCode;
using std::chrono::milliseconds;
using test::Fault;
using test::ModelServer;

namespace {

const std::string kKey = "sk-canary-0123456789abcdef";
const std::string kModel = "some-model-1";
const std::string kAnswer =
    "{\"service\":\"web\",\"nested\":{\"list\":[1,2]},\"text\":\"\xC3\xA4 \\\" \\\\\"}";

constexpr ModelApi kApis[] = {ModelApi::OpenAi, ModelApi::OpenAiCompatible, ModelApi::Anthropic,
                              ModelApi::Ollama};
constexpr const char* kApiNames[] = {"openai", "compatible", "anthropic", "ollama"};

ModelRequest question() {
  return {.instructions = "Judge.",
          .turns = {{ModelTurn::Who::We, "What is wrong?"}},
          .schemaName = "give_opinion",
          .schema = R"({"type":"object","properties":{"service":{"type":"string"}},"required":["service"],
                       "additionalProperties":false})"};
}

std::unique_ptr<ModelProvider> providerFor(const ModelServer& server, ModelApi api, ModelOptions options = {},
                                           HttpLimits limits = {}, HttpWorld world = {}) {
  options.api = api;
  options.endpoint = server.url() + (api == ModelApi::OpenAi || api == ModelApi::Anthropic ? "/v1" : "");
  options.model = kModel;
  options.key = kKey;
  return *makeModelProvider(options, HttpClient(limits, std::move(world)));
}

HttpLimits quick() {
  return {.firstByte = milliseconds(400), .idle = milliseconds(400), .total = milliseconds(1200)};
}

std::vector<std::pair<std::string, std::string>> cut(StreamFormat format, const std::string& bytes,
                                                     size_t piece, base::Result<>& result) {
  EventStream stream(format);
  std::vector<std::pair<std::string, std::string>> out;
  const auto onEvent = [&](const StreamEvent& event) {
    out.emplace_back(event.name, event.data);
    return true;
  };
  for (size_t at = 0; at < bytes.size() && result; at += piece)
    result = stream.feed(std::string_view(bytes).substr(at, piece), onEvent);
  if (result) result = stream.end(onEvent);
  return out;
}

}  // namespace

class TestModels : public QObject {
  Q_OBJECT
 private:
  static void apis() {
    QTest::addColumn<int>("api");
    for (int i = 0; i < 4; ++i) QTest::newRow(kApiNames[i]) << i;
  }

 private Q_SLOTS:
  void asksAsDocumentedAndReadsTheAnswer_data() { apis(); }
  void asksAsDocumentedAndReadsTheAnswer() {
    QFETCH(int, api);
    ModelServer server(kApis[api], kKey, kModel);
    server.say({kAnswer});
    const auto provider = providerFor(server, kApis[api], {.temperature = 1.7, .maxTokens = 500});
    auto request = question();
    for (int turns = 0; turns < 2; ++turns) {
      const auto got = provider->ask(request, {});
      QVERIFY2(server.objection().empty(), server.objection().c_str());
      QVERIFY2(got, got ? "" : got.error().error.line().c_str());
      QCOMPARE(got->text, kAnswer);
      QCOMPARE(got->usage.input, uint64_t(100));
      QCOMPARE(got->usage.output, uint64_t(20));
      request.turns.push_back({ModelTurn::Who::Model, got->text});
      request.turns.push_back({ModelTurn::Who::We, "Look again."});
    }
    const auto body = nlohmann::json::parse(server.requests()[0].body);
    const auto options = kApis[api] == ModelApi::Ollama ? body["options"] : body;
    QCOMPARE(options["temperature"].get<double>(), kApis[api] == ModelApi::Anthropic ? 1.0 : 1.7);
  }

  void theServerOfTheTestIsStrict_data() { apis(); }
  void theServerOfTheTestIsStrict() {
    QFETCH(int, api);
    ModelServer server(kApis[api], kKey, "another-model");
    const auto got = providerFor(server, kApis[api])->ask(question(), {});
    QVERIFY(!got);
    QVERIFY(got.error().error.code == ErrorCode::NotFound);
    QVERIFY(!got.error().error.remedy.empty());
    ModelServer locked(kApis[api], "another-key", kModel);
    const auto refused = providerFor(locked, kApis[api])->ask(question(), {});
    QVERIFY(!refused);
    QVERIFY(refused.error().error.code == ErrorCode::PermissionDenied);
    auto wrong = question();
    wrong.schema = R"({"type":"object","properties":{"a":{"type":"string","minLength":1}},"required":[]})";
    ModelServer other(kApis[api], kKey, kModel);
    QVERIFY(!providerFor(other, kApis[api])->ask(wrong, {}));
    QVERIFY(!other.objection().empty());
  }

  void everyFaultEndsWithinTheLimits_data() {
    QTest::addColumn<int>("api");
    QTest::addColumn<int>("fault");
    for (int i = 0; i < 4; ++i) {
      for (const auto& [fault, name] : test::kFaults)
        QTest::addRow("%s: %s", kApiNames[i], name) << i << static_cast<int>(fault);
    }
  }
  void everyFaultEndsWithinTheLimits() {
    QFETCH(int, api);
    QFETCH(int, fault);
    const auto which = static_cast<Fault>(fault);
    ModelServer server(kApis[api], kKey, kModel);
    server.say({kAnswer});
    server.misbehave(which);
    const auto got = providerFor(server, kApis[api], {}, quick())->ask(question(), {});
    QVERIFY(!got);
    const auto& failure = got.error();
    QVERIFY(!failure.error.what.empty());
    QVERIFY(failure.error.line().find(kKey) == std::string::npos);
    QVERIFY2(failure.error.line().size() < 400, failure.error.line().c_str());
    QCOMPARE(server.requests().size(), size_t(1));
    const bool passing = which == Fault::RateLimited || which == Fault::ServerError ||
                         which == Fault::EarlyClose || which == Fault::TruncatedChunk ||
                         which == Fault::ErrorInStream;
    if (passing) QVERIFY2(failure.worthRetrying, failure.error.line().c_str());
    const bool hopeless = which == Fault::Redirect || which == Fault::WrongModel ||
                          which == Fault::ToolCall || which == Fault::DeepJson || which == Fault::Html ||
                          which == Fault::KeyEcho;
    if (hopeless) QVERIFY2(!failure.worthRetrying, failure.error.line().c_str());
    if (which == Fault::RateLimited) QVERIFY(failure.retryAfter == std::chrono::hours(24));
  }

  void unknownEventsAreLeftOut_data() { apis(); }
  void unknownEventsAreLeftOut() {
    QFETCH(int, api);
    ModelServer server(kApis[api], kKey, kModel);
    server.say({kAnswer});
    server.misbehave(Fault::UnknownEvent);
    const auto got = providerFor(server, kApis[api])->ask(question(), {});
    QVERIFY2(got, got ? "" : got.error().error.line().c_str());
    QCOMPARE(got->text, kAnswer);
  }

  void tlsOfStrangersAndOfThePastIsRefusedBeforeTheKeyIsSent() {
    const auto good = test::makeIdentity(), expired = test::makeIdentity(-7200, -60);
    for (const auto api : kApis) {
      ModelServer server(api, kKey, kModel, good);
      server.say({kAnswer});
      const auto stranger = providerFor(server, api)->ask(question(), {});
      QVERIFY(!stranger);
      QVERIFY(!stranger.error().worthRetrying && !stranger.error().asked);
      QVERIFY(server.requests().empty());
      const auto got = providerFor(server, api, {}, {}, {{}, good.certificate})->ask(question(), {});
      QVERIFY2(got, got ? "" : got.error().error.line().c_str());
      ModelServer old(api, kKey, kModel, expired);
      QVERIFY(!providerFor(old, api, {}, {}, {{}, expired.certificate})->ask(question(), {}));
      QVERIFY(old.requests().empty());
    }
  }

  void namesAndKeysAreNeeded() {
    const auto make = [](ModelApi api, const char* model, const char* key) {
      return makeModelProvider({.api = api, .endpoint = {}, .model = model, .key = key}, HttpClient());
    };
    QVERIFY(!make(ModelApi::OpenAi, "gpt", ""));
    QVERIFY(!make(ModelApi::Anthropic, "claude", ""));
    QVERIFY(!make(ModelApi::OpenAi, "", "key"));
    QVERIFY(make(ModelApi::Ollama, "llama", ""));
    QCOMPARE((*make(ModelApi::OpenAi, "gpt", "key"))->name(), std::string("openai gpt"));
  }

  void aModelWithATemperatureOfItsOwnIsAskedAgainWithoutOne() {
    std::atomic<int> with = 0;
    test::HttpScript server([&](const test::SeenRequest& request) {
      if (!nlohmann::json::parse(request.body).contains("temperature"))
        return test::answerWith(
            200, "text/event-stream",
            "data: {\"choices\":[{\"delta\":{\"content\":\"{}\"},\"finish_reason\":\"stop\"}]}\n\n"
            "data: [DONE]\n\n");
      ++with;
      return test::answerWith(400, "application/json",
                              R"({"error":{"message":"m","type":"invalid_request_error","param":"temperature",
                                 "code":"unsupported_value"}})");
    });
    const auto provider = *makeModelProvider(
        {.api = ModelApi::OpenAi, .endpoint = server.url("/v1"), .model = kModel, .key = kKey}, HttpClient());
    QVERIFY(provider->ask(question(), {}));
    QVERIFY(provider->ask(question(), {}));
    QCOMPARE(with.load(), 1);
  }

  void eventsDoNotDependOnThePieces() {
    const std::string bytes =
        "\xEF\xBB\xBF: comment\r\nevent: one\rdata: a\ndata:b\r\n\r\ndata\n\nevent: lost\n\nid: 3\ndata:  "
        "c\n\n"
        "data: unfinished";
    using Events = std::vector<std::pair<std::string, std::string>>;
    const Events wanted = {{"one", "a\nb"}, {"", ""}, {"", " c"}};
    for (size_t piece = 1; piece < bytes.size(); ++piece) {
      base::Result<> result;
      QCOMPARE(cut(StreamFormat::ServerSentEvents, bytes, piece, result), wanted);
      QVERIFY(result);
    }
    const Events lines = {{"", "{1}"}, {"", "{2}\r"}, {"", "{3}"}};
    for (size_t piece = 1; piece < 10; ++piece) {
      base::Result<> result;
      QCOMPARE(cut(StreamFormat::JsonLines, "{1}\n\n{2}\r\n{3}", piece, result), lines);
    }
  }

  void streamsAreBounded() {
    const auto fails = [](StreamFormat format, const std::string& bytes, size_t piece) {
      base::Result<> result;
      cut(format, bytes, piece, result);
      return !result;
    };
    QVERIFY(fails(StreamFormat::ServerSentEvents, std::string(200'000, 'x'), 1000));
    QVERIFY(fails(StreamFormat::JsonLines, std::string(200'000, 'x'), 200'000));
    std::string many;
    for (int i = 0; i < 200; ++i) many += "data: " + std::string(1000, 'x') + "\n";
    QVERIFY(fails(StreamFormat::ServerSentEvents, many, 4096));
    std::string events;
    for (size_t i = 0; i <= EventStream::kMostEvents; ++i) events += "data:\n\n";
    QVERIFY(fails(StreamFormat::ServerSentEvents, events, 4096));
  }
};

QTEST_GUILESS_MAIN(TestModels)
#include "tst_integrations_models.moc"
