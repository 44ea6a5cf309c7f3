// The demo's web service from inside: its configuration and its memory.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "app/demo/service/session_store.h"
#include "app/demo/service/web_config.h"

using namespace aiops::demo;
using namespace std::chrono_literals;

namespace {

const std::string kGood =
    "# comment\nlisten_port = 8000\nmemory_limit_mb = 48\nmemory_max_mb=64\n"
    "session_size_kb = 256\nsession_ttl_s = 9\n";

}  // namespace

class TstDemoWeb : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void readsEveryKey() {
    const auto config = parseWebConfig(kGood + "log_level = warn\n", "web.conf");
    QVERIFY(config);
    QCOMPARE(config->listenPort, uint16_t(8000));
    QCOMPARE(config->memoryLimitBytes, uint64_t(48) << 20);
    QCOMPARE(config->memoryMaxBytes, uint64_t(64) << 20);
    QCOMPARE(config->sessionBytes, uint64_t(256) << 10);
    QVERIFY(config->sessionTtl == 9s);
    QVERIFY(!config->logRequests);
  }

  void refusesBadInputWithItsPlace_data() {
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("reason");
    QTest::newRow("empty") << std::string() << std::string("missing (web.conf)");
    QTest::newRow("unknown key") << kGood + "colour = red\n"
                                 << std::string("unknown key 'colour' (web.conf:7)");
    QTest::newRow("no equals") << kGood + "nonsense\n" << std::string("expected key = value (web.conf:7)");
    QTest::newRow("twice") << kGood + "memory_limit_mb = 50\n"
                           << std::string("memory_limit_mb is given twice (web.conf:7)");
    QTest::newRow("not a number") << std::string("listen_port = 80a\n")
                                  << std::string("'80a' is not a whole number");
    QTest::newRow("negative") << std::string("memory_limit_mb = -1\n")
                              << std::string("'-1' is not a whole number");
    QTest::newRow("level") << kGood + "log_level = loud\n"
                           << std::string("neither info nor warn (web.conf:7)");
    std::string tooMuch = kGood;
    tooMuch.replace(tooMuch.find("48"), 2, "96");
    QTest::newRow("above the most") << tooMuch
                                    << std::string(
                                           "memory_limit_mb 96 exceeds memory_max_mb 64 (web.conf:3)");
  }
  void refusesBadInputWithItsPlace() {
    QFETCH(std::string, text);
    QFETCH(std::string, reason);
    const auto config = parseWebConfig(text, "web.conf");
    QVERIFY(!config);
    const std::string line = config.error().line();
    QVERIFY2(line.find(reason) != std::string::npos, line.c_str());
  }

  void storeRefusesAtTheLimitAndRecoversWhenSessionsEnd() {
    SessionStore store(4096, 1024, 10s, 1);
    SessionStore::Time now{};
    for (int i = 0; i < 4; ++i) QVERIFY(store.add(now));
    QCOMPARE(store.usage(now).usedBytes, uint64_t(4096));
    QVERIFY(!store.usage(now).refusing);
    QVERIFY(!store.add(now));
    QVERIFY(store.usage(now).refusing);
    QCOMPARE(store.usage(now).usedBytes, uint64_t(4096));
    // No session lives longer than one and a half times its time to live.
    now += 15001ms;
    QCOMPARE(store.usage(now).usedBytes, uint64_t(0));
    QVERIFY(!store.usage(now).refusing);
    QVERIFY(store.add(now));
  }

  void noSessionEndsBeforeHalfItsTime() {
    SessionStore store(1 << 20, 1024, 10s, 7);
    const SessionStore::Time begin{};
    for (int i = 0; i < 1000; ++i) QVERIFY(store.add(begin));
    QCOMPARE(store.usage(begin + 4999ms).usedBytes, uint64_t(1000) * 1024);
    QVERIFY(store.usage(begin + 10s).usedBytes < uint64_t(700) * 1024);
  }
};

QTEST_GUILESS_MAIN(TstDemoWeb)
#include "tst_demo_web.moc"
