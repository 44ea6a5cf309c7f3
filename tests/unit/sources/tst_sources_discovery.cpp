// Finding logs in a tree of our own.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/stat.h>
#include <unistd.h>
#include <QtTest/QtTest>

#include <QTemporaryDir>
#include <filesystem>
#include <fstream>

#include "sources/discovery.h"
#include "sources/log_sample.h"

using namespace aiops;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

class TestDiscovery : public QObject {
  Q_OBJECT

 private:
  std::unique_ptr<QTemporaryDir> m_dir;
  base::SystemClock m_clock;
  sources::DiscoveryOptions m_options;

  std::string root() const { return m_dir->path().toStdString(); }
  void write(const std::string& name, const std::string& bytes) const {
    fs::create_directories(fs::path(root() + "/" + name).parent_path());
    std::ofstream(root() + "/" + name, std::ios::binary) << bytes;
  }
  std::vector<std::string> found(const sources::Discovery& discovery) const {
    std::vector<std::string> names;
    for (const auto& log : discovery.logs) names.push_back(log.path.substr(root().size() + 1));
    std::ranges::sort(names);
    return names;
  }
  using Names = std::vector<std::string>;

 private Q_SLOTS:
  void init() {
    m_dir = std::make_unique<QTemporaryDir>();
    m_options = {};
    m_options.places = {{root() + "/log"}, {root() + "/opt/*/logs", true}};
    m_options.user = "watcher";
  }

  void logsAreFoundAndOthersLeftOut() {
    write("log/app.log",
          "2026-11-22T20:00:00Z INFO a\n2026-11-22T21:00:00Z INFO b\n2026-11-22T22:00:00Z INFO c\n");
    write("log/app.log.1", "old\n");
    write("log/app.log.2.gz", "\x1f\x8b");
    write("log/wtmp", std::string(4000, '\0') + "x");
    write("log/empty.log", "");
    write("log/nginx/access.log", "{\"a\":1}\n{\"a\":2}\n");
    write("log/daily-2026-11-21.log", "x\n");
    write("log/daily-2026-11-22.log", "x\n");
    fs::last_write_time(root() + "/log/daily-2026-11-21.log", fs::file_time_type::clock::now() - 48h);
    write("log/a/b/c/deep.log", "x\n");
    write("log/a/b/c/d/deeper.log", "x\n");
    write("opt/shop/logs/shop.log", "x\n");
    write("opt/shop/logs/data.bin", "x\n");
    fs::create_directory_symlink(root() + "/log", root() + "/log/loop");
    QCOMPARE(::mkfifo((root() + "/log/pipe.log").c_str(), 0600), 0);
    const auto all = sources::discoverLogs(m_options, m_clock);
    QCOMPARE(found(all), (Names{"log/a/b/c/deep.log", "log/app.log", "log/daily-2026-11-22.log",
                                "log/empty.log", "log/nginx/access.log", "opt/shop/logs/shop.log"}));
    QVERIFY(all.cutShort.empty());
    for (const auto& log : all.logs) {
      QVERIFY(log.readable && log.problem.empty() && log.howToAllow.empty());
      const bool empty = log.path.ends_with("empty.log");
      QCOMPARE(log.worthWatching, !empty);
      if (log.path.ends_with("/app.log")) QCOMPARE(log.linesPerHour, 1.0);
    }
  }

  void whatMayNotBeReadSaysHowToAllowIt() {
    write("log/secret.log", "x\n");
    write("log/it's.log", "x\n");
    write("log/bad\n.log", "x\n");
    for (const char* name : {"secret.log", "it's.log", "bad\n.log"})
      ::chmod((root() + "/log/" + name).c_str(), 0600);
    write("log/closed/x.log", "x\n");
    ::chmod((root() + "/log/closed").c_str(), 0700);
    ::chmod(root().c_str(), 0755);
    const bool asRoot = ::geteuid() == 0;
    if (!asRoot) QSKIP("only the superuser can become somebody else");
    QCOMPARE(::seteuid(65534), 0);
    const auto all = sources::discoverLogs(m_options, m_clock);
    QCOMPARE(::seteuid(0), 0);
    std::map<std::string, model::FoundLog> logs;
    for (const auto& log : all.logs) logs[log.path.substr(root().size() + 5)] = log;
    QCOMPARE(logs.size(), size_t(4));
    for (const auto& [name, log] : logs) QVERIFY(!log.readable && !log.worthWatching && !log.problem.empty());
    QCOMPARE(logs["secret.log"].howToAllow, "sudo setfacl -m u:watcher:r " + root() + "/log/secret.log");
    QCOMPARE(logs["it's.log"].howToAllow, "sudo setfacl -m u:watcher:r '" + root() + "/log/it'\\''s.log'");
    QCOMPARE(logs["bad\n.log"].howToAllow, std::string());
    QCOMPARE(logs["closed"].howToAllow, "sudo setfacl -m u:watcher:rx " + root() + "/log/closed");
  }

  void theSearchIsBoundedAndSaysSo() {
    for (int i = 0; i < 30; ++i) write("log/" + std::to_string(i) + "x.log", "x\n");
    m_options.maxFiles = 10;
    auto all = sources::discoverLogs(m_options, m_clock);
    QCOMPARE(all.logs.size(), size_t(10));
    QVERIFY(!all.cutShort.empty());
    m_options.maxFiles = 100;
    m_options.maxEntries = 5;
    all = sources::discoverLogs(m_options, m_clock);
    QVERIFY(all.logs.size() <= 5 && !all.cutShort.empty());
    m_options.maxTime = base::Duration(0);
    QVERIFY(!sources::discoverLogs(m_options, m_clock).cutShort.empty());
    m_options.places = {{root() + "/absent"}};
    m_options.maxTime = 1s;
    QVERIFY(sources::discoverLogs(m_options, m_clock).logs.empty());
  }

  void aPreviewShowsTheNewestEntries() {
    std::string text;
    for (int i = 0; i < 20000; ++i) text += "2026-11-22T20:00:00Z ERROR line " + std::to_string(i) + "\n";
    write("log/app.log", text + "  at continued\n");
    const auto preview = sources::previewLog(root() + "/log/app.log", "app", {}, m_clock.now(), 3);
    QVERIFY(preview.has_value());
    QCOMPARE(preview->lines.size(), size_t(3));
    QVERIFY(preview->lines[2].text.ends_with("line 19999\n  at continued"));
    QCOMPARE(preview->lines[2].message.substr(0, 10), std::string("line 19999"));
    QVERIFY(preview->lines[0].severity == model::Severity::Error);
    write("log/bin", std::string(5000, '\x01'));
    QVERIFY(!sources::previewLog(root() + "/log/bin", "", {}, m_clock.now())->problem.empty());
    QVERIFY(sources::previewLog(root() + "/log/absent", "", {}, m_clock.now()).error().code ==
            base::ErrorCode::NotFound);
    QVERIFY(sources::previewLog(root() + "/log", "", {}, m_clock.now()).error().code ==
            base::ErrorCode::InvalidInput);
    write("log/nothing", "");
    QVERIFY(sources::previewLog(root() + "/log/nothing", "", {}, m_clock.now())->lines.empty());
  }
};

QTEST_GUILESS_MAIN(TestDiscovery)
#include "tst_sources_discovery.moc"
