// What the configuration file may say, and how mistakes are named.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <fstream>

#include <sys/stat.h>

#include "config/home.h"
#include "config/settings.h"

using namespace aiops;
using config::LoadRequest;
using config::loadSettings;
using config::Settings;

namespace {

const char* const kDemo = R"(sources:
  - path: /h/demo/logs/web.log
    service: web
services:
  - name: web
    logs: [/h/demo/logs/web-access.log]
    config_file: /h/demo/web.conf
    health_url: http://127.0.0.1:41235/healthz
    commands:
      restart: [/opt/bin/aiops-demo-service, ctl, --dir, /h/demo, restart, web]
      status: [/opt/bin/aiops-demo-service, ctl, --expect-limit, "{new_limit}"]
  - name: front
    depends_on: [web]
execution:
  allowed_commands: [/opt/bin/aiops-demo-service]
  forbidden_paths: [/etc/shadow]
  max_execution_time: 300s
listen: 127.0.0.1:8501
)";

}  // namespace

class TestSettings : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void defaults() {
    const auto settings = loadSettings({.environment = {{"HOME", "/home/me"}}});
    QVERIFY(settings.has_value());
    QCOMPARE(settings->home, std::string("/home/me/.local/share/ai-ops-core"));
    QCOMPARE(settings->listenAddress, std::string("127.0.0.1"));
    QCOMPARE(settings->listenPort, uint16_t{8500});
    QVERIFY(settings->sources.empty());
    QVERIFY(settings->execution.allowedCommands.empty());
  }

  void theWholeFile() {
    const auto settings = load(kDemo);
    QVERIFY2(settings.has_value(), settings ? "" : settings.error().line().c_str());
    QCOMPARE(settings->listenPort, uint16_t{8501});
    QCOMPARE(settings->sources.size(), size_t{2});
    QCOMPARE(settings->sources[1].path, std::string("/h/demo/logs/web-access.log"));
    QCOMPARE(settings->sources[1].service, std::string("web"));
    const auto* web = settings->inventory.find("web");
    QVERIFY(web);
    QCOMPARE(web->healthUrl, std::string("http://127.0.0.1:41235/healthz"));
    QCOMPARE(web->commands.at("restart").size(), size_t{6});
    QCOMPARE(web->commands.at("status").back(), std::string("{new_limit}"));
    QCOMPARE(settings->inventory.find("front")->dependsOn.at(0), std::string("web"));
    QCOMPARE(settings->execution.writableRoots, std::vector<std::string>{"/h/demo"});
    QCOMPARE(settings->execution.maxExecutionTime.count(), 300);
  }

  void theCommandLineWins() {
    LoadRequest request = requestFor(kDemo);
    request.listen = "[::1]:0";
    request.watch = {"/h/demo/logs/web.log", "/var/log/nginx-error.log"};
    const auto settings = loadSettings(request);
    QVERIFY2(settings.has_value(), settings ? "" : settings.error().line().c_str());
    QCOMPARE(settings->listenAddress, std::string("::1"));
    QCOMPARE(settings->listenPort, uint16_t{0});
    QCOMPARE(settings->sources.size(), size_t{3});
    QCOMPARE(settings->sources[2].service, std::string("nginx"));
  }

  void aFileBelongsToTheLongestServiceName() {
    const auto settings = load(
        "services: [{name: my}, {name: my-app}]\n"
        "sources: [{path: /l/my-app-error.log}, {path: /l/my.log}, {path: /l/other-x.log}]\n");
    QVERIFY(settings.has_value());
    QCOMPARE(settings->sources[0].service, std::string("my-app"));
    QCOMPARE(settings->sources[1].service, std::string("my"));
    QCOMPARE(settings->sources[2].service, std::string("other"));
    QCOMPARE(config::serviceOfPath("/l/.hidden"), std::string("l"));
    QCOMPARE(config::serviceOfPath("/.hidden"), std::string("log"));
    QCOMPARE(config::serviceOfPath("/l/a b\n.log"), std::string("a_b_"));
  }

  void aNameThatCouldBeAnybodysIsTheDirectorys() {
    QCOMPARE(config::serviceOfPath("/var/log/nginx/access.log"), std::string("nginx"));
    QCOMPARE(config::serviceOfPath("/var/log/httpd/error_log"), std::string("httpd"));
    QCOMPARE(config::serviceOfPath("/var/log/nginx/shop-access.log"), std::string("shop"));
    QCOMPARE(config::serviceOfPath("/var/log/error.log"), std::string("error"));
    QCOMPARE(config::serviceOfPath("/access.log"), std::string("access"));
  }

  void mistakesAreNamedWithTheirLine_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("line");
    QTest::addColumn<QByteArray>("says");
    const auto row = [](const char* name, const char* text, int line, const char* says) {
      QTest::newRow(name) << QByteArray(text) << line << QByteArray(says);
    };
    row("unknown key", "listen: 127.0.0.1:1\nsorces: []\n", 2,
        "allowed here: listen, sources, services, execution");
    row("unknown key below", "sources:\n  - path: /a\n    sevice: web\n", 3, "unknown key 'sevice'");
    row("twice", "listen: 127.0.0.1:1\nlisten: 127.0.0.1:2\n", 2, "twice");
    row("no value", "sources:\n", 1, "no value");
    row("relative path", "sources:\n  - path: logs/web.log\n", 2, "absolute");
    row("no time zone", "sources:\n  - path: /a\n    zone: CTE\n", 3, "Europe/Paris");
    row("dots", "sources:\n  - path: /var/../etc/x\n", 2, "absolute");
    row("NUL", "sources:\n  - path: \"/var/a\\0b\"\n", 2, "NUL");
    row("no path", "sources:\n  - service: web\n", 2, "no path");
    row("not a list", "sources: /var/log\n", 1, "a list");
    row("not a mapping", "sources:\n  - /var/log/web.log\n", 2, "a mapping");
    row("top not a mapping", "- a\n", 1, "a mapping");
    row("bad name", "services:\n  - name: -web\n", 2, "letters");
    row("no name", "services:\n  - depends_on: []\n", 2, "no name");
    row("same name", "services:\n  - name: a\n  - name: a\n", 3, "twice");
    row("unknown dependency", "services:\n  - name: a\n    depends_on: [b]\n", 2, "depends on 'b'");
    row("own dependency", "services:\n  - name: a\n    depends_on: [a]\n", 2, "depends on 'a'");
    row("https", "services:\n  - name: a\n    health_url: https://127.0.0.1/\n", 3, "http://");
    row("metadata address", "services:\n  - name: a\n    health_url: http://169.254.169.254/\n", 3,
        "loopback");
    row("decimal address", "services:\n  - name: a\n    health_url: http://2852039166/\n", 3, "loopback");
    row("hex address", "services:\n  - name: a\n    health_url: http://0xa9.0xfe.0xa9.0xfe/\n", 3,
        "loopback");
    row("user in URL", "services:\n  - name: a\n    health_url: http://127.0.0.1@evil.example/\n", 3,
        "loopback");
    row("port 0", "services:\n  - name: a\n    health_url: http://127.0.0.1:0/\n", 3, "port");
    row("relative program", "services:\n  - name: a\n    commands:\n      restart: [systemctl, restart]\n", 4,
        "absolute");
    row("program from a slot", "services:\n  - name: a\n    commands:\n      restart: [\"/bin/{x}\"]\n", 4,
        "absolute");
    row("no program", "services:\n  - name: a\n    commands:\n      restart: []\n", 4, "needs a program");
    row("not allowed", "services:\n  - name: a\n    commands:\n      restart: [/bin/true]\n", 2,
        "allowed_commands");
    row("config in /", "services:\n  - name: a\n    config_file: /a.conf\n", 2, "whole disk");
    row("time without unit", "execution:\n  max_execution_time: 300\n", 2, "1s to 1h");
    row("time too long", "execution:\n  max_execution_time: 2h\n", 2, "1s to 1h");
    row("time of zero", "execution:\n  max_execution_time: 0s\n", 2, "1s to 1h");
    row("tag", "listen: !!binary aGk=\n", 1, "tag");
    row("public address", "listen: 0.0.0.0:8500\n", 1, "loopback");
    row("port too large", "listen: 127.0.0.1:65536\n", 1, "loopback");
    row("two services of a log", "sources:\n  - {path: /a, service: x}\n  - {path: /a, service: y}\n", 3,
        "one service");
    row("broken YAML", "sources: [\n", 2, "YAML");
    row("two documents", "listen: 127.0.0.1:1\n---\nlisten: 127.0.0.1:2\n", 0, "document");
  }

  void mistakesAreNamedWithTheirLine() {
    QFETCH(QByteArray, text);
    QFETCH(int, line);
    QFETCH(QByteArray, says);
    const auto settings = load(text.toStdString());
    QVERIFY(!settings.has_value());
    const std::string message = settings.error().line();
    const std::string place = line ? "config.yaml:" + std::to_string(line) + ")" : "config.yaml)";
    QVERIFY2(settings.error().code == base::ErrorCode::InvalidInput, message.c_str());
    QVERIFY2(message.find(place) != std::string::npos, message.c_str());
    QVERIFY2(message.find(says.toStdString()) != std::string::npos, message.c_str());
  }

  void goodHealthUrls() {
    for (const char* url :
         {"http://localhost/", "http://[::1]:80/x?y=1", "http://127.9.9.9:1", "http://web.example"}) {
      QVERIFY2(load(std::string("services: [{name: a, health_url: \"") + url + "\"}]\n").has_value(), url);
    }
  }

  void everyCutOfTheFileIsReadOrRefused() {
    const std::string whole = kDemo;
    for (size_t length = 0; length < whole.size(); length += 7)
      static_cast<void>(load(whole.substr(0, length)));
    const auto deep = load(std::string(100'000, '['));
    QVERIFY(!deep.has_value());
  }

  void wrongSurroundings() {
    QVERIFY(!loadSettings({}).has_value());
    QVERIFY(!loadSettings({.environment = {{"AIOPS_HOME", "relative"}}}).has_value());
    QVERIFY(!loadSettings({.configFile = "/nonexistent/config.yaml", .environment = {{"HOME", "/h"}}})
                 .has_value());
    QVERIFY(!loadSettings({.environment = {{"HOME", "/h"}}, .listen = "8500"}).has_value());
    QVERIFY(!loadSettings({.environment = {{"HOME", "/h"}}, .watch = {"web.log"}}).has_value());
  }

  void homeComesFromTheEnvironment() {
    const auto home = [](std::map<std::string, std::string> environment) {
      return config::homeFromEnvironment(environment).value_or("").string();
    };
    QCOMPARE(home({{"AIOPS_HOME", "/a/b/../c"}, {"HOME", "/h"}}), std::string("/a/c"));
    QCOMPARE(home({{"XDG_DATA_HOME", "/x"}, {"HOME", "/h"}}), std::string("/x/ai-ops-core"));
    QCOMPARE(home({{"XDG_DATA_HOME", "x"}, {"HOME", "/h"}}), std::string("/h/.local/share/ai-ops-core"));
    QCOMPARE(home({{"AIOPS_HOME", ""}, {"HOME", "/h"}}), std::string("/h/.local/share/ai-ops-core"));
  }

  void homeIsClosedToOthers() {
    const QTemporaryDir dir;
    const std::filesystem::path path = dir.path().toStdString() + "/a/home";
    std::filesystem::create_directories(path);
    QCOMPARE(chmod(path.c_str(), 0755), 0);
    const auto home = config::Home::create(path);
    QVERIFY2(home.has_value(), home ? "" : home.error().line().c_str());
    for (const auto& directory : {home->path(), home->runDir(), home->executorDir()}) {
      struct stat info = {};
      QCOMPARE(stat(directory.c_str(), &info), 0);
      QCOMPARE(info.st_mode & 07777, 0700u);
    }
    std::ofstream(path.string() + "-file") << "x";
    QVERIFY(!config::Home::create(path.string() + "-file").has_value());
    QVERIFY(!config::Home::create("relative").has_value());
  }

 private:
  LoadRequest requestFor(const std::string& text) {
    const std::filesystem::path file = m_dir.path().toStdString() + "/config.yaml";
    std::ofstream(file, std::ios::binary) << text;
    return {.configFile = file, .environment = {{"AIOPS_HOME", "/h"}}};
  }
  base::Result<Settings> load(const std::string& text) { return loadSettings(requestFor(text)); }

  QTemporaryDir m_dir;
};

QTEST_GUILESS_MAIN(TestSettings)
#include "tst_config_settings.moc"
