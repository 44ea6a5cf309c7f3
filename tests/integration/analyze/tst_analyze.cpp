// The command as a person calls it: shape, determinism, exit statuses, hostile text.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "base/bytes.h"
#include "support/mini_shop.h"

using namespace aiops;
using nlohmann::json;

namespace {

struct Answer {
  int status = -1;
  std::string out;
  std::string err;
};

Answer run(const QStringList& arguments) {
  QProcess process;
  process.start(QStringLiteral(AIOPS_BIN_DIR "/ai-ops-core"),
                QStringList{QStringLiteral("analyze")} + arguments);
  if (!process.waitForFinished(120'000)) qFatal("it does not end");
  return {process.exitCode(), process.readAllStandardOutput().toStdString(),
          process.readAllStandardError().toStdString()};
}

void require(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error(what);
}

void hasExactly(const json& object, std::set<std::string> keys, const std::string& where) {
  require(object.is_object(), where + " is no object");
  std::set<std::string> found;
  for (const auto& [key, value] : object.items()) found.insert(key);
  require(found == keys, where + " has other keys: " + object.dump());
}

void isTime(const json& value, const std::string& where) {
  require(value.is_string() && base::fromIso8601(value.get<std::string>()).has_value(),
          where + " is no time");
}

void checkEvidence(const json& evidence) {
  hasExactly(evidence, {"file", "line", "text", "time"}, "evidence");
  isTime(evidence["time"], "evidence.time");
  QFile file(QString::fromStdString(evidence["file"].get<std::string>()));
  require(file.open(QIODevice::ReadOnly), "the cited file is not there");
  const auto lines = file.readAll().split('\n');
  const auto number = evidence["line"].get<qsizetype>();
  require(number >= 1 && number <= lines.size(), "the cited line is not there");
  const auto text = evidence["text"].get<std::string>();
  require(!text.empty() && text.size() <= 500 + 3, "the cited text has a wrong length");
  const auto line = base::toValidUtf8(lines[number - 1].toStdString());
  require(line.starts_with(text.substr(0, 200)), "the cited text is not how the line begins");
}

void checkIncident(const json& incident) {
  hasExactly(incident,
             {"id", "started_at", "detected_at", "ended_at", "severity", "services", "diagnosis", "fixes"},
             "incident");
  require(incident["id"].get<std::string>().size() == 36, "the id is no UUID");
  isTime(incident["started_at"], "started_at");
  isTime(incident["detected_at"], "detected_at");
  if (!incident["ended_at"].is_null()) isTime(incident["ended_at"], "ended_at");
  require(incident["services"].is_array() && !incident["services"].empty(), "no services");
  const auto& diagnosis = incident["diagnosis"];
  hasExactly(diagnosis, {"verdict", "hypotheses"}, "diagnosis");
  double last = 1;
  for (const auto& hypothesis : diagnosis["hypotheses"]) {
    hasExactly(hypothesis, {"service", "kind", "statement", "confidence", "evidence", "analysts"},
               "hypothesis");
    const auto confidence = hypothesis["confidence"].get<double>();
    require(confidence >= 0 && confidence <= last, "not best first, or no probability");
    last = confidence;
    require(!hypothesis["evidence"].empty() && !hypothesis["analysts"].empty(), "nobody shows it");
    for (const auto& evidence : hypothesis["evidence"]) checkEvidence(evidence);
  }
  for (const auto& fix : incident["fixes"]) hasExactly(fix, {"playbook", "kind", "risk", "target"}, "fix");
}

json checked(const std::string& text) {
  auto answer = json::parse(text);
  hasExactly(answer, {"incidents", "stats"}, "answer");
  hasExactly(answer["stats"], {"lines", "bytes"}, "stats");
  for (const auto& incident : answer["incidents"]) checkIncident(incident);
  return answer;
}

test::MiniShop failingShop() {
  test::MiniShop shop(2);
  shop.quiet(1, 60);
  for (double t = 60; t < 90; t += 0.5) {
    shop.database(t, "app@shop ERROR:  could not extend file \"base/1/2\": No space left on device");
    shop.visit(t + 0.1, false,
               "ERROR save failed\n  File \"x.py\", line 3\n    write()\nNo space left on device");
  }
  return shop;
}

QString evaluation() {
  const auto given = qEnvironmentVariable("AIOPS_EVAL");
  return given.isEmpty() ? QStringLiteral(AIOPS_SOURCE_DIR "/../shared/eval") : given;
}

}  // namespace

class TestAnalyze : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void theShapeIsExactAndEveryCitationStands() {
    QTemporaryDir dir;
    failingShop().write(dir.path().toStdString());
    const auto answer = run({dir.path(), QStringLiteral("--format"), QStringLiteral("json"),
                             QStringLiteral("--topology"), dir.filePath(QStringLiteral("topology.json"))});
    QCOMPARE(answer.status, 0);
    try {
      const auto found = checked(answer.out);
      QCOMPARE(found["incidents"].size(), size_t{1});
    } catch (const std::exception& error) {
      QFAIL(error.what());
    }
  }

  void theSameInputGivesTheSameBytesInAnyOrderOfArguments() {
    QTemporaryDir dir;
    failingShop().write(dir.path().toStdString());
    const auto file = [&](const char* name) { return dir.filePath(QString::fromLatin1(name)); };
    const QStringList rest{QStringLiteral("--format"), QStringLiteral("json")};
    const auto first = run(QStringList{file("app.log"), file("front.log"), file("postgres.log")} + rest);
    const auto again = run(QStringList{file("postgres.log"), file("app.log"), file("front.log")} + rest);
    const auto whole = run(rest + QStringList{dir.path()});
    QVERIFY(!first.out.empty());
    QCOMPARE(again.out, first.out);
    QCOMPARE(whole.out, first.out);
  }

  void copiedLogsGiveTheSameIds() {
    QTemporaryDir one, two;
    failingShop().write(one.path().toStdString());
    failingShop().write(two.path().toStdString());
    const QStringList rest{QStringLiteral("--format"), QStringLiteral("json")};
    const auto a = json::parse(run(QStringList{one.path()} + rest).out);
    const auto b = json::parse(run(QStringList{two.path()} + rest).out);
    QCOMPARE(a["incidents"][0]["id"], b["incidents"][0]["id"]);
  }

  void healthyLogsAreSaidToBeHealthy() {
    QTemporaryDir dir;
    test::MiniShop shop;
    shop.quiet(1, 20);
    shop.write(dir.path().toStdString());
    const auto text = run({dir.path()});
    QCOMPARE(text.status, 0);
    QCOMPARE(text.out, std::string("Nothing wrong found in 76 lines of 2 files.\n"));
    const auto asJson = run({dir.path(), QStringLiteral("--format"), QStringLiteral("json")});
    QVERIFY(json::parse(asJson.out)["incidents"].empty());
  }

  void hostileTextDoesNotReachTheTerminal() {
    QTemporaryDir dir;
    std::string hostile =
        "2026-11-22T20:35:23Z ERROR app: out of memory \x1b]0;owned\x07\x1b[2J \xe2\x80\xae <b>\xff";
    hostile.push_back('\0');
    std::ofstream(dir.path().toStdString() + "/app.log", std::ios::binary)
        << hostile << "\n"
        << std::string(200'000, 'x') << "\n\n\n{\"a\":" << std::string(300, '[');
    for (const auto* format : {"text", "json"}) {
      const auto answer = run({dir.path(), QStringLiteral("--format"), QString::fromLatin1(format)});
      QCOMPARE(answer.status, 0);
      QVERIFY(answer.out.find("out of memory") != std::string::npos);
      for (const char c : answer.out) QVERIFY(c == '\n' || static_cast<unsigned char>(c) >= 0x20);
      QVERIFY(answer.out.find("\xe2\x80\xae") == std::string::npos);
    }
  }

  void secretsOfTheLogsStayInTheLogs() {
    QTemporaryDir dir;
    const std::string secret = "tulip7" + std::to_string(4711), own = "own" + std::to_string(98765432101);
    std::ofstream(dir.path().toStdString() + "/app.log")
        << "2026-11-22T20:35:23Z ERROR app: out of memory, pool postgres://app:" << secret << "@db/x, key "
        << own << "\n";
    qputenv("BOOKMARKS_OPENAI_API_KEY", own.c_str());
    for (const auto* format : {"text", "json"}) {
      const auto answer = run({dir.path(), QStringLiteral("--format"), QString::fromLatin1(format)});
      QCOMPARE(answer.status, 0);
      QVERIFY2(answer.out.find("postgres://app:[redacted:url-password]@db/x, key [redacted:secret]") !=
                   std::string::npos,
               answer.out.c_str());
      QVERIFY((answer.out + answer.err).find(secret) == std::string::npos);
      QVERIFY((answer.out + answer.err).find(own) == std::string::npos);
    }
    qunsetenv("BOOKMARKS_OPENAI_API_KEY");
  }

  void badUsageIsTwoAndWhatCantBeReadIsThree() {
    QTemporaryDir dir;
    QCOMPARE(run({}).status, 2);
    QCOMPARE(run({dir.path(), QStringLiteral("--format"), QStringLiteral("xml")}).status, 2);
    QCOMPARE(run({dir.path(), QStringLiteral("--zone"), QStringLiteral("front")}).status, 2);
    QCOMPARE(run({dir.path(), QStringLiteral("--zone"), QStringLiteral("front=Mars")}).status, 2);
    QCOMPARE(run({dir.path(), QStringLiteral("--nothing")}).status, 2);
    const auto gone = run({dir.filePath(QStringLiteral("gone.log"))});
    QCOMPARE(gone.status, 3);
    QVERIFY(gone.out.empty());
    QCOMPARE(std::ranges::count(gone.err, '\n'), 1);
    QVERIFY(gone.err.find("gone.log") != std::string::npos);
    const auto topology =
        run({dir.path(), QStringLiteral("--topology"), dir.filePath(QStringLiteral("none.json"))});
    QCOMPARE(topology.status, 3);
  }

  void nothingIsRaisedOnRecordingsWithoutAFault() {
    const QDir recordings(evaluation() + QStringLiteral("/incidents"));
    if (!recordings.exists())
      QSKIP("no evaluation data here (AIOPS_EVAL, or ../shared/eval beside the checkout)");
    for (const auto& name : recordings.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
      QFile truth(recordings.filePath(name + QStringLiteral("/truth.json")));
      if (!truth.open(QIODevice::ReadOnly)) continue;
      if (!json::parse(truth.readAll().toStdString()).value("control", false)) continue;
      const auto answer =
          run({recordings.filePath(name + QStringLiteral("/logs")), QStringLiteral("--topology"),
               recordings.filePath(name + QStringLiteral("/topology.json")), QStringLiteral("--format"),
               QStringLiteral("json")});
      QVERIFY2(json::parse(answer.out)["incidents"].empty(), qPrintable(name));
    }
  }
};

QTEST_GUILESS_MAIN(TestAnalyze)
#include "tst_analyze.moc"
