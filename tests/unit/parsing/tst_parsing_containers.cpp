// Container logs: what the runtime cut is put together, traces inside are one record, names come from the
// path. SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <QTemporaryDir>
#include <fstream>
#include <random>

#include "config/container_path.h"
#include "config/settings.h"
#include "line_feeder.h"
#include "parsing/container_line.h"
#include "parsing/line_parser.h"
#include "parsing/record_assembler.h"

using namespace aiops;
using namespace std::chrono_literals;

namespace {

const base::TimePoint kIngest = *base::fromIso8601("2026-11-22T21:00:00Z");

struct Found {
  std::string message, stream;
  base::TimePoint time;
  size_t lines = 0;
};

std::vector<Found> recordsOf(const std::string& text) {
  parsing::RecordAssembler assembler("/log", "svc");
  test::LineFeeder feeder;
  std::vector<Found> out;
  const auto take = [&](const model::LogBatch& batch) {
    for (const auto& record : batch.records) {
      out.push_back({std::string(record.message), std::string(record.field("stream")), record.eventTime,
                     static_cast<size_t>(std::ranges::count(record.text, '\n')) + 1});
    }
  };
  take(assembler.add(feeder.chunk(text), kIngest, 0s));
  take(assembler.flush(0s, true));
  return out;
}

std::string cri(int second, const char* stream, const char* tag, const std::string& text) {
  return "2026-11-22T20:00:0" + std::to_string(second) + ".123456789Z " + stream + ' ' + tag + ' ' + text +
         '\n';
}

std::string docker(int second, const char* stream, const std::string& escaped) {
  return "{\"log\":\"" + escaped + "\",\"stream\":\"" + stream + "\",\"time\":\"2026-11-22T20:00:0" +
         std::to_string(second) + ".5Z\"}\n";
}

const std::string kId(64, 'a');

}  // namespace

class TestContainers : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void partsAreOneLine();
  void streamsAreKeptApart();
  void tracesInsideAreOneRecord();
  void linesStayLines();
  void anyCutLineIsTaken();
  void expressionsSeeWhatWasWritten_data();
  void expressionsSeeWhatWasWritten();
  void pathsNameTheContainer();
};

void TestContainers::expressionsSeeWhatWasWritten_data() {
  QTest::addColumn<QString>("line");
  QTest::addColumn<QString>("searched");
  const auto request = QStringLiteral("10.0.0.7 - - \"GET /cart\" 503");
  QTest::newRow("CRI") << QStringLiteral("2026-11-22T20:00:01.5Z stdout F ") + request << request;
  QTest::newRow("Docker") << QStringLiteral(
                                 "{\"log\":\"10.0.0.7 - - \\\"GET /cart\\\" 503\\n\",\"stream\":\"stdout\","
                                 "\"time\":\"2026-11-22T20:00:01.5Z\"}")
                          << request;
  QTest::newRow("the journal")
      << QStringLiteral(
             "{\"__CURSOR\":\"s=1;i=2\",\"__REALTIME_TIMESTAMP\":\"1795379723062000\","
             "\"_HOSTNAME\":\"box\",\"SYSLOG_IDENTIFIER\":\"sshd\",\"_PID\":\"7\","
             "\"MESSAGE\":\"Failed password for \\\"x\\\"\"}")
      << QStringLiteral("box sshd[7]: Failed password for \"x\"");
  QTest::newRow("a plain log") << request << request;
  const auto json = QStringLiteral("{\"msg\":\"a \\\"b\\\"\",\"stream\":\"x\"}");
  QTest::newRow("a log of objects") << json << json;
}

void TestContainers::expressionsSeeWhatWasWritten() {
  QFETCH(QString, line);
  QFETCH(QString, searched);
  parsing::LineParser parser;
  model::LogBatch batch;
  batch.bytes = std::make_shared<std::string>(line.toStdString());
  const auto record = parser.parse(*batch.bytes, kIngest, batch);
  QCOMPARE(QString::fromStdString(std::string(record.searched())), searched);
  QCOMPARE(std::string(record.text), *batch.bytes);
}

void TestContainers::partsAreOneLine() {
  for (const auto& text :
       {cri(1, "stdout", "P", "the first ") + cri(2, "stdout", "P", "second and ") +
            cri(3, "stdout", "F", "last part") + cri(4, "stdout", "F", "another line"),
        docker(1, "stdout", "the first ") + docker(2, "stdout", "second and ") +
            docker(3, "stdout", "last part\\n") + docker(4, "stdout", "another line\\n")}) {
    const auto records = recordsOf(text);
    QCOMPARE(records.size(), size_t(2));
    QCOMPARE(records[0].message, std::string("the first second and last part"));
    QCOMPARE(records[0].lines, size_t(3));
    QVERIFY(records[0].time < *base::fromIso8601("2026-11-22T20:00:02Z"));
    QCOMPARE(records[1].message, std::string("another line"));
  }
}

void TestContainers::streamsAreKeptApart() {
  const auto records = recordsOf(cri(1, "stdout", "P", "half of a line ") +
                                 cri(2, "stderr", "F", "an error") + cri(3, "stdout", "F", "the other half"));
  QCOMPARE(records.size(), size_t(3));
  QCOMPARE(records[1].message, std::string("an error"));
}

void TestContainers::tracesInsideAreOneRecord() {
  const std::string head = "ERROR c.e.Shop: order failed", cause = "java.lang.IllegalStateException: closed",
                    frame = "\tat com.example.Shop.order(Shop.java:42)";
  const auto ofCri = recordsOf(cri(1, "stderr", "F", head) + cri(1, "stderr", "F", cause) +
                               cri(1, "stderr", "F", frame) + cri(2, "stderr", "F", "INFO c.e.Shop: next"));
  const auto ofDocker = recordsOf(docker(1, "stderr", head + "\\n") + docker(1, "stderr", cause + "\\n") +
                                  docker(1, "stderr", "\\tat com.example.Shop.order(Shop.java:42)\\n") +
                                  docker(2, "stderr", "INFO c.e.Shop: next\\n"));
  for (const auto& records : {ofCri, ofDocker}) {
    QCOMPARE(records.size(), size_t(2));
    QCOMPARE(records[0].lines, size_t(3));
    QVERIFY2(records[0].message.find(frame) != std::string::npos, records[0].message.c_str());
    QVERIFY(records[0].message.find("stderr") == std::string::npos);
  }
}

void TestContainers::linesStayLines() {
  QCOMPARE(recordsOf(cri(1, "stdout", "F", "one") + cri(2, "stdout", "F", "two") + cri(3, "stdout", "F", ""))
               .size(),
           size_t(3));
  QCOMPARE(recordsOf(docker(1, "stdout", "{\\\"level\\\":\\\"error\\\"}\\n") + docker(2, "stdout", "two\\n"))
               .size(),
           size_t(2));
}

void TestContainers::anyCutLineIsTaken() {
  std::mt19937 rng(1);
  const std::string whole = cri(1, "stdout", "P", "the first ") +
                            docker(2, "stdout", "a \\u00e9 \\ud83d\\\\ \\n") + cri(3, "stderr", "F", "x") +
                            docker(4, "stderr", "\\");
  for (int i = 0; i < 10'000; ++i) {
    auto text = whole;
    for (uint32_t n = rng() % 6; n-- > 0;) text[rng() % text.size()] = static_cast<char>(rng());
    text.resize(rng() % text.size());
    recordsOf(text);
    parsing::joinedContainerLines(text);
  }
}

void TestContainers::pathsNameTheContainer() {
  const auto pod = config::containerPath("/var/log/pods/shop_web-7d9f_0f3b-11/nginx/0.log");
  QVERIFY(pod.has_value());
  QVERIFY(pod->fields() == (std::vector<std::pair<std::string, std::string>>{
                               {"container", "nginx"}, {"pod", "web-7d9f"}, {"namespace", "shop"}}));
  const auto link = config::containerPath("/var/log/containers/web-7d9f_shop_nginx-" + kId + ".log");
  QVERIFY(link && link->container == "nginx" && link->pod == "web-7d9f" &&
          link->kubernetesNamespace == "shop");
  QCOMPARE(config::serviceOfPath("/var/log/pods/shop_web-7d9f_0f3b-11/nginx/0.log"), std::string("nginx"));
  QTemporaryDir folder;
  const auto directory = folder.path().toStdString() + "/" + kId;
  std::filesystem::create_directories(directory);
  const auto log = directory + "/" + kId + "-json.log";
  QCOMPARE(config::containerPath(log)->container, kId.substr(0, 12));
  std::ofstream(directory + "/config.v2.json") << R"({"Name":"/redis","ID":"x"})";
  QCOMPARE(config::containerPath(log)->container, std::string("redis"));
  std::ofstream(directory + "/config.v2.json") << "{broken";
  QCOMPARE(config::containerPath(log)->container, kId.substr(0, 12));
  for (const auto* path :
       {"/var/log/nginx/access.log", "/var/log/containers/x.log", "/var/log/pods/a/b/0.log", "-", ""})
    QVERIFY(!config::containerPath(path));
}

QTEST_GUILESS_MAIN(TestContainers)

#include "tst_parsing_containers.moc"
