// What a glob or a directory stands for.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <QTemporaryDir>
#include <filesystem>
#include <fstream>

#include "sources/path_pattern.h"

using namespace aiops;
namespace fs = std::filesystem;

class TestPathPattern : public QObject {
  Q_OBJECT

 private:
  std::unique_ptr<QTemporaryDir> m_dir;
  std::string root() const { return m_dir->path().toStdString(); }
  void touch(const std::string& name) const {
    fs::create_directories(fs::path(root() + "/" + name).parent_path());
    std::ofstream(root() + "/" + name) << "x\n";
  }
  /// Names below the root, in order.
  std::vector<std::string> expand(const std::string& pattern) const {
    std::vector<std::string> names;
    for (const auto& file : sources::expandPattern(root() + "/" + pattern).files) {
      names.push_back(file.path.substr(root().size() + 1));
    }
    return names;
  }
  using Names = std::vector<std::string>;

 private Q_SLOTS:
  void init() { m_dir = std::make_unique<QTemporaryDir>(); }

  void rotatedNames_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("base");
    const char* rows[][2] = {{"app.log", ""},
                             {"app.log.1", "app.log"},
                             {"app.log.12.gz", "app.log"},
                             {"app.log-20261122", "app.log"},
                             {"app.log-20261122-14.xz", "app.log"},
                             {"app.log.2026-11-22T10:00", "app.log"},
                             {"app-20261122.log", "app.log"},
                             {"app-2026-11-22.log", "app.log"},
                             {"app.1.log", "app.log"},
                             {"web-1.log", ""},
                             {"postgresql-15-main.log", ""},
                             {"192.168.0.1", ""},
                             {"1", ""},
                             {"", ""},
                             {".log", ""},
                             {"-1", ""},
                             {"syslog.1", "syslog"},
                             {"app.log.", ""},
                             {"app.log.old", ""}};
    for (const auto& row : rows)
      QTest::newRow(row[0]) << QString::fromLatin1(row[0]) << QString::fromLatin1(row[1]);
  }
  void rotatedNames() {
    QFETCH(QString, name);
    QFETCH(QString, base);
    QCOMPARE(QString::fromStdString(sources::baseOfRotated(name.toStdString())), base);
  }

  void aGlobStandsForItsFiles() {
    for (const char* name : {"b.log", "a.log", ".hidden.log", "c.txt", "sub/d.log"}) touch(name);
    fs::create_directory(root() + "/dir.log");
    QCOMPARE(expand("*.log"), (Names{"a.log", "b.log"}));
    QCOMPARE(expand("?.log"), (Names{"a.log", "b.log"}));
    QCOMPARE(expand("[b-z].*"), (Names{"b.log", "c.txt"}));
    QCOMPARE(expand("*/*.log"), Names{"sub/d.log"});
    QCOMPARE(expand("s?b/d.log"), Names{"sub/d.log"});
    QCOMPARE(expand("none*"), Names{});
    QCOMPARE(expand(""), (Names{"a.log", "b.log"}));  // a directory
    QVERIFY(sources::matchesPattern(root() + "/*.log", root() + "/a.log"));
    QVERIFY(!sources::matchesPattern(root() + "/*.log", root() + "/sub/d.log"));
    QVERIFY(sources::matchesPattern(root(), root() + "/a.log"));
  }

  void olderGenerationsAreNoSourcesOfTheirOwn() {
    for (const char* name : {"a.log", "a.log.1", "a.log-20261122", "a-20261122.log", "b.log.1", "w-1.log"})
      touch(name);
    QCOMPARE(expand("*"), (Names{"a.log", "b.log.1", "w-1.log"}));
  }

  void oneFileUnderTwoNamesIsOne() {
    touch("app-2.log");
    fs::create_symlink(root() + "/app-2.log", root() + "/app-1-current.log");
    fs::create_hard_link(root() + "/app-2.log", root() + "/zz.log");
    fs::create_symlink(root() + "/nowhere", root() + "/broken.log");
    QCOMPARE(expand("*.log"), Names{"app-2.log"});
  }

  void strangeNamesAreNames() {
    touch("a\n.log");
    touch("\xff\xfe.log");
    touch("[1].log");
    QCOMPARE(expand("*.log").size(), size_t(3));
    QVERIFY(!sources::standsForSeveral(root() + "/[1].log"));  // exactly this file exists
    QVERIFY(sources::standsForSeveral(root() + "/[2].log"));
    QVERIFY(sources::standsForSeveral(root()));
    QVERIFY(!sources::standsForSeveral(root() + "/absent.log"));
  }

  void whatCannotBeListedIsSaid() {
    const auto found = sources::expandPattern(root() + "/absent/*.log");
    QVERIFY(found.files.empty());
    QVERIFY(found.problem.find("No such file") != std::string::npos);
    for (int i = 0; i < 20; ++i) touch(std::to_string(i) + ".log");
    const auto cut = sources::expandPattern(root() + "/*.log", 10);
    QVERIFY(cut.problem.find("too many") != std::string::npos);
    QVERIFY(cut.files.size() <= 10);
  }
};

QTEST_GUILESS_MAIN(TestPathPattern)
#include "tst_sources_path_pattern.moc"
