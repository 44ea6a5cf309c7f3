// .env files: what they may say, and what is refused with its line.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

#include "config/env_file.h"

using namespace aiops;

class TestEnvFile : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void values_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("value");
    const auto row = [](const char* name, QByteArray text, QByteArray value) {
      QTest::newRow(name) << text << value;
    };
    row("plain", "A=b", "b");
    row("line end", "A=b\n", "b");
    row("CR LF", "A=b\r\n", "b");
    row("BOM",
        "\xEF\xBB\xBF"
        "A=b\n",
        "b");
    row("export", "export A=b\n", "b");
    row("blanks", "  A  =  b c \t\n", "b c");
    row("comment", "A=b # c\n", "b");
    row("no comment", "A=b#c\n", "b#c");
    row("colour", "A=#fff\n", "#fff");
    row("only a comment", "A= # c\n", "");
    row("empty", "A=\n", "");
    row("equals", "A=b=c==\n", "b=c==");
    row("single", "A='b # \\n $C \"x\"'\n", "b # \\n $C \"x\"");
    row("double", "A=\"b # \\n\\t\\\"\\\\\\$ 'x'\"\n", "b # \n\t\"\\$ 'x'");
    row("quoted empty", "A=\"\"\n", "");
    row("over lines", "A=\"b\nc\" # d\n", "b\nc");
    row("quote inside", "A=b'c\"d\n", "b'c\"d");
    row("nothing expands", "A=$HOME`id`$(id)\n", "$HOME`id`$(id)");
    row("UTF-8", "A=\xC3\xA9\n", "\xC3\xA9");
    row("export is a name", "export=1\nA=b", "b");
  }

  void values() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, value);
    const auto entries = config::parseEnvFile(text.toStdString(), ".env");
    QVERIFY2(entries.has_value(), entries ? "" : entries.error().line().c_str());
    QCOMPARE(entries->back().name, std::string("A"));
    QCOMPARE(QByteArray::fromStdString(entries->back().value), value);
  }

  void mistakes_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("line");
    const auto row = [](const char* name, QByteArray text, int line) { QTest::newRow(name) << text << line; };
    row("no equals", "A=1\n\nB\n", 3);
    row("no equals at the end", "A", 1);
    row("no name", "=b\n", 1);
    row("digit first", "1A=b\n", 1);
    row("dash", "A-B=c\n", 1);
    row("open single", "A=1\nB='c\nD=2\n", 2);
    row("open double", "B=\"c\\\"\n", 1);
    row("after the quote", "B='c'd\n", 1);
    row("escape", "B=\"\\x41\"\n", 1);
    row("export alone", "export\n", 1);
    row("two names", "export A B=c\n", 1);
    row("line of a later entry", "A=\"1\n2\n3\"\nB\n", 4);
    row("set -a", "set -a\n", 1);
  }

  void mistakes() {
    QFETCH(QByteArray, text);
    QFETCH(int, line);
    const auto entries = config::parseEnvFile(text.toStdString(), ".env");
    QVERIFY(!entries);
    const std::string place = "(.env:" + std::to_string(line) + ")";
    QVERIFY2(entries.error().line().find(place) != std::string::npos, entries.error().line().c_str());
  }

  void linesAreCounted() {
    const auto entries = config::parseEnvFile("# c\n\nA=\"x\ny\"\n  # d\nexport B=2\n", ".env");
    QVERIFY(entries);
    QCOMPARE(entries->size(), size_t{2});
    QCOMPARE(entries->at(0).line, 3);
    QCOMPARE(entries->at(1).line, 6);
  }

  void anyBytesAreReadOrRefused() {
    QVERIFY(!config::parseEnvFile(std::string("A=b\0c", 5), ".env"));
    quint32 seed = 1;
    const std::string alphabet = "AB=\"'\\# \t\r\n$\xEF\xBB\xBFx";
    for (int round = 0; round < 20000; ++round) {
      std::string text;
      for (int i = 0; i < round % 40; ++i) {
        seed = seed * 1664525 + 1013904223;
        text += alphabet[(seed >> 16) % alphabet.size()];
      }
      if (const auto entries = config::parseEnvFile(text, ".env"))
        for (const auto& entry : *entries) QVERIFY(!entry.name.empty() && entry.line > 0);
    }
  }

  void onlyOwnFilesAreRead() {
    const QTemporaryDir dir;
    const std::filesystem::path file = dir.path().toStdString() + "/.env";
    QVERIFY(!config::readEnvFile(file, ".env")->has_value());
    std::ofstream(file) << "A=b\n";
    QCOMPARE(::chmod(file.c_str(), 0640), 0);
    auto read = config::readEnvFile(file, ".env");
    QVERIFY(read && read->has_value());
    QVERIFY((*read)->othersCanRead);
    QCOMPARE(::chmod(file.c_str(), 0602), 0);
    QVERIFY(!config::readEnvFile(file, ".env"));
    std::filesystem::remove(file);
    QCOMPARE(::mkfifo(file.c_str(), 0600), 0);
    QVERIFY(!config::readEnvFile(file, ".env"));  // and does not wait for a writer
    if (::geteuid() == 0) {
      std::filesystem::remove(file);
      std::ofstream(file) << "A=b\n";
      QCOMPARE(::chown(file.c_str(), 12345, 12345), 0);
      QVERIFY(!config::readEnvFile(file, ".env"));
    }
  }
};

QTEST_GUILESS_MAIN(TestEnvFile)
#include "tst_config_env_file.moc"
