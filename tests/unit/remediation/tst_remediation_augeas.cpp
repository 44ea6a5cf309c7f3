// Edits by lenses: the right node changes, nothing else does, and what can't be read is refused.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "remediation/augeas_edit.h"
#include "remediation/keyvalue.h"

using namespace aiops;
using namespace aiops::remediation;

class TestAugeas : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void whatCannotBeDoneIsRefused() {
    const std::string nginx = "events {}\nhttp {\n  sendfile on;\n}\n";
    const auto code = [](const auto& result) {
      return result ? base::ErrorCode::Internal : result.error().code;
    };
    QVERIFY(code(readNode(nginx, "Nginx", "http/gzip")) == base::ErrorCode::NotFound);
    QVERIFY(code(readNode(nginx, "Nginx", "http[")) == base::ErrorCode::InvalidInput);
    QVERIFY(code(readNode(nginx, "Nosuchlens", "http")) == base::ErrorCode::InvalidInput);
    QVERIFY(code(readNode(nginx, "../Nginx", "http")) == base::ErrorCode::InvalidInput);
    QVERIFY(code(readNode(nginx, "Nginx.lns", "http")) == base::ErrorCode::InvalidInput);
    QVERIFY(code(readNode(std::string("a\0b", 3), "Nginx", "a")) == base::ErrorCode::InvalidInput);
    const auto broken = readNode("events {}\nhttp {\n  sendfile on\n", "Nginx", "http");
    QVERIFY(code(broken) == base::ErrorCode::InvalidInput);
    QVERIFY2(broken.error().what.find("line") != std::string::npos, broken.error().what.c_str());
    const std::string twice = "[Service]\nEnvironment=A=1\nEnvironment=B=2\n";
    QVERIFY(code(changeNodes(twice, "Systemd", {{"Service/Environment", "x"}})) == base::ErrorCode::Conflict);
    QVERIFY(code(changeNodes(nginx, "Nginx", {{"http/gzip", "on"}})) == base::ErrorCode::NotFound);
    QVERIFY(code(changeNodes(nginx, "Nginx", {{"http/gzip", std::nullopt}})) == base::ErrorCode::NotFound);
    QVERIFY(!changeNodes("max_connections = 1\n", "Postgresql", {{"max_connections", "2\nfsync = off"}}));
    QVERIFY(!changeNodes(nginx, "Nginx", {{"http/sendfile", "off; } evil {"}}));
  }

  void oneNodeChanges_data() {
    QTest::addColumn<QString>("lens");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("after");
    QTest::newRow("postgresql") << "Postgresql" << "max_connections"
                                << "# c\nmax_connections = 100\t\t# (restart)\n#max_x = 1\nfsync = on\n"
                                << "200"
                                << "# c\nmax_connections = 200\t\t# (restart)\n#max_x = 1\nfsync = on\n";
    QTest::newRow("systemd") << "Systemd" << "Service/LimitNOFILE/value"
                             << "# a\n[Service]\nLimitNOFILE=1024\nMemoryMax=1\n"
                             << "4096"
                             << "# a\n[Service]\nLimitNOFILE=4096\nMemoryMax=1\n";
    QTest::newRow("sshd") << "Sshd" << "MaxSessions"
                          << "Port 22\nMaxSessions   10\nMatch User x\n  X11Forwarding no\n"
                          << "20" << "Port 22\nMaxSessions   20\nMatch User x\n  X11Forwarding no\n";
    QTest::newRow("nginx")
        << "Nginx" << "http/upstream[#name='app']/@server[@address='10.0.0.2:80']/max_fails"
        << "http {\n  upstream app {\n    server 10.0.0.1:80;\n    server 10.0.0.2:80 max_fails=3;\n  }\n}\n"
        << "9"
        << "http {\n  upstream app {\n    server 10.0.0.1:80;\n    server 10.0.0.2:80 max_fails=9;\n  }\n}\n";
    QTest::newRow("redis") << "Redis" << "maxclients" << "port 6379\n# m\nmaxclients 1000\n"
                           << "2000"
                           << "port 6379\n# m\nmaxclients 2000\n";
    QTest::newRow("mysql") << "MySQL" << "target[. = 'mysqld']/max_connections"
                           << "[mysqld]\nuser = mysql\nmax_connections = 151\n[mysql]\n"
                           << "302"
                           << "[mysqld]\nuser = mysql\nmax_connections = 302\n[mysql]\n";
  }
  void oneNodeChanges() {
    QFETCH(QString, lens);
    QFETCH(QString, path);
    QFETCH(QString, before);
    QFETCH(QString, value);
    QFETCH(QString, after);
    const auto changed =
        changeNodes(before.toStdString(), lens.toStdString(), {{path.toStdString(), value.toStdString()}});
    QVERIFY2(changed.has_value(), changed ? "" : changed.error().line().c_str());
    QCOMPARE(QString::fromStdString(*changed), after);
    QCOMPARE(readNode(*changed, lens.toStdString(), path.toStdString()).value(), value.toStdString());
  }

  void nodesAreRemovedAndMade() {
    const std::string nginx =
        "http {\n  upstream app {\n    server 10.0.0.1:80;\n    server 10.0.0.2:80;\n  }\n}\n";
    const auto without = changeNodes(
        nginx, "Nginx", {{"http/upstream[#name='app']/@server[@address='10.0.0.2:80']", std::nullopt}});
    QVERIFY2(without.has_value(), without ? "" : without.error().line().c_str());
    QCOMPARE(*without, std::string("http {\n  upstream app {\n    server 10.0.0.1:80;\n  }\n}\n"));
    const auto made =
        changeNodes("[Service]\nNice=1\n", "Systemd", {{"Service/LimitNOFILE/value", "64", true}});
    QVERIFY2(made.has_value(), made ? "" : made.error().line().c_str());
    QCOMPARE(*made, std::string("[Service]\nNice=1\nLimitNOFILE=64\n"));
  }

  /// The other way of changing one line is the oracle.
  void agreesWithTheKeyValueEditor() {
    std::string text = "# settings\n";
    for (int i = 0; i < 60; ++i)
      text += "key_" + std::to_string(i) + (i % 2 ? " = " : "=") + std::to_string(i) + "\n";
    for (int i = 0; i < 60; i += 7) {
      const std::string key = "key_" + std::to_string(i);
      const auto ours = changeNodes(text, "Postgresql", {{key, "4711"}});
      const auto oracle = replaceValue(text, key, "4711");
      QVERIFY(ours && oracle);
      QCOMPARE(*ours, *oracle);
    }
  }
};

QTEST_GUILESS_MAIN(TestAugeas)
#include "tst_remediation_augeas.moc"
