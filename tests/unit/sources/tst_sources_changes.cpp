// Differences, configuration files, certificates and packages.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/stat.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>
#include <fstream>
#include <random>
#include <regex>

#include "base/bytes.h"
#include "sources/certificate.h"
#include "sources/change_watch.h"
#include "sources/difference.h"
#include "sources/package_log.h"
#include "support/tls_identity.h"

using namespace aiops;
using namespace std::chrono_literals;
using sources::ChangeWatch;
using sources::FileNews;

namespace {

/// Moved by the test, boot and wall alike.
class HandClock final : public base::Clock {
 public:
  base::TimePoint now() const override { return m_wall + m_boot; }
  base::Duration sinceBoot() const override { return m_boot; }
  void pass(base::Duration time) { m_boot += time; }

 private:
  base::TimePoint m_wall = base::SystemClock().now() + 10s;  // later than any file of the test
  base::Duration m_boot = 100s;
};

std::vector<std::string> linesOf(const std::string& text) {
  std::vector<std::string> out;
  std::string line;
  for (const char c : text) {
    line += c;
    if (c == '\n') out.push_back(std::exchange(line, ""));
  }
  if (!line.empty()) out.push_back(line);
  return out;
}

/// The oracle: `difference` applied to `before`, strictly.
std::string patched(const std::string& before, const std::string& difference) {
  const auto lines = linesOf(before), steps = linesOf(difference);
  std::string out;
  size_t at = 0;
  for (size_t i = 0; i < steps.size(); ++i) {
    const auto& step = steps[i];
    if (step.starts_with("--- ") || step.starts_with("+++ ")) continue;
    if (std::smatch head; std::regex_search(step, head, std::regex("^@@ -(\\d+),(\\d+) \\+"))) {
      const size_t first = std::stoul(head[1]) - (std::stoul(head[2]) > 0 ? 1 : 0);
      while (at < first) out += lines.at(at++);
      continue;
    }
    auto text = step.substr(1);
    if (i + 1 < steps.size() && steps[i + 1].starts_with("\\ ")) text.pop_back();
    if (step[0] == '\\') continue;
    if (step[0] != '+' && lines.at(at) != text) throw std::runtime_error("does not fit: " + step);
    if (step[0] != '+') ++at;
    if (step[0] != '-') out += text;
  }
  while (at < lines.size()) out += lines[at++];
  return out;
}

std::string same(std::string_view text) {
  return std::string(text);
}

struct World {
  QTemporaryDir directory;
  HandClock clock;
  std::unique_ptr<ChangeWatch> watch;

  std::string path(const std::string& name) const { return directory.path().toStdString() + "/" + name; }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::trunc) << text;
  }
  void begin(std::vector<std::string> names, const std::map<std::string, sources::FileState>& known = {},
             ChangeWatch::Options options = {}) {
    std::vector<sources::WatchedFile> files;
    for (const auto& name : names) files.push_back({.path = path(name), .service = "web"});
    watch = std::make_unique<ChangeWatch>(std::move(files), known, clock, options);
  }
  /// Looks for long enough that everything has settled.
  std::vector<FileNews> news() {
    std::vector<FileNews> out;
    for (int i = 0; i < 4; ++i) {
      clock.pass(6s);
      for (auto& one : watch->look()) out.push_back(std::move(one));
    }
    return out;
  }
};

}  // namespace

class TestChanges : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void differencesLeadFromOneToTheOther();
  void differencesAreBoundedAndCutAtALine();
  void secretsAreTakenOutOfDifferences();
  void whatCannotBeReadIsSaidOnce_data();
  void whatCannotBeReadIsSaidOnce();
  void aLinkInsideIsFollowedOneOutsideIsNot();
  void aPipeIsNotWaitedFor();
  void changesAreSeenWithWhatWasBefore();
  void whatChangedMeanwhileIsSeenAtTheStart();
  void aFileThatIsBeingWrittenIsLeftAlone();
  void aFileThatGoesAndComesIsSeen();
  void whatCannotBeLookedAtIsNotGone();
  void certificatesAreFoundInConfigurations();
  void certificatesAreRead();
  void packageLinesAreRead();
  void thePackageLogIsFollowed();
};

void TestChanges::differencesLeadFromOneToTheOther() {
  std::mt19937 random(20261128);
  const auto number = [&](int most) { return static_cast<size_t>(random() % static_cast<unsigned>(most)); };
  for (int round = 0; round < 600; ++round) {
    std::vector<std::string> lines(number(40));
    for (auto& line : lines) line = std::string(1, static_cast<char>('a' + number(6))) + "\n";
    auto changed = lines;
    for (size_t edits = number(6); edits > 0; --edits) {
      const auto at = static_cast<long>(number(static_cast<int>(changed.size()) + 1));
      if (number(2) == 0 || at == static_cast<long>(changed.size())) {
        changed.insert(changed.begin() + at, "new" + std::to_string(number(9)) + "\n");
      } else {
        changed.erase(changed.begin() + at);
      }
    }
    std::string before, after;
    for (const auto& line : lines) before += line;
    for (const auto& line : changed) after += line;
    if (number(3) == 0 && !before.empty()) before.pop_back();
    if (number(3) == 0 && !after.empty()) after.pop_back();
    const auto difference = sources::unifiedDifference(before, after, "a", "b");
    QCOMPARE(difference.empty(), before == after);
    QCOMPARE(patched(before, difference), after);
  }
  // More than can be compared line by line: still true, if not short.
  std::string before, after;
  for (int i = 0; i < 2000; ++i) {
    before += "old " + std::to_string(i) + "\n";
    after += "new " + std::to_string(i) + "\n";
  }
  QCOMPARE(patched(before, sources::unifiedDifference(before, after, "a", "b", 1 << 20)), after);
  QCOMPARE(sources::unifiedDifference("a\nb\nc\n", "a\nB\nc\n", "x", "y"),
           std::string("--- x\n+++ y\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"));
}

void TestChanges::differencesAreBoundedAndCutAtALine() {
  std::string after;
  for (int i = 0; i < 5000; ++i) after += "line number " + std::to_string(i) + "\n";
  const auto difference = sources::unifiedDifference("", after, "a", "b", 1000);
  QVERIFY(difference.size() < 1100);
  QVERIFY(difference.ends_with("(the difference is longer; its rest is not kept)\n"));
  QVERIFY(difference.find("+line number 10\n") != std::string::npos);
}

void TestChanges::secretsAreTakenOutOfDifferences() {
  const auto redact = [](std::string_view text) {
    std::string out(text);
    out = std::regex_replace(out, std::regex("hunter[0-9]"), "[redacted]");
    return std::regex_replace(out, std::regex("BEGIN[^]*END"), "[redacted]");
  };
  const auto one =
      sources::shownDifference("a = 1\npassword = hunter2\n", "a = 1\npassword = hunter3\n", "/c", redact);
  QVERIFY(one.find("hunter") == std::string::npos);
  QVERIFY(one.find("-password = [redacted]\n+password = [redacted]\n") != std::string::npos);
  // A key over several lines leaves fewer lines.
  const auto key =
      sources::shownDifference("BEGIN\nAAAA\nEND\nx = 1\n", "BEGIN\nBBBB\nEND\nx = 2\n", "/c", redact);
  QVERIFY(key.find("AAAA") == std::string::npos && key.find("BBBB") == std::string::npos);
  QVERIFY(key.find("-x = 1\n+x = 2\n") != std::string::npos);
  QCOMPARE(sources::shownDifference("BEGIN\nA\nEND\n", "BEGIN\nB\nEND\n", "/c", redact),
           std::string("only what is secret is different\n"));
  QVERIFY(sources::shownDifference(std::string("a\0b", 3), "a", "/c", same).find("no text") !=
          std::string::npos);
  const auto odd = sources::shownDifference("a\n", "\xff\xfe\n", "/c", same);
  QVERIFY(QString::fromStdString(odd).toStdString() == odd);
}

void TestChanges::whatCannotBeReadIsSaidOnce_data() {
  QTest::addColumn<int>("kind");
  QTest::addColumn<QString>("what");
  QTest::newRow("missing") << 0 << "no such file";
  QTest::newRow("too large") << 1 << "larger than 64 KiB";
  QTest::newRow("a directory") << 2 << "no regular file";
  QTest::newRow("a pipe") << 3 << "no regular file";
  QTest::newRow("a link to outside") << 4 << "outside its directory";
}

void TestChanges::whatCannotBeReadIsSaidOnce() {
  QFETCH(int, kind);
  QFETCH(QString, what);
  World world;
  QTemporaryDir elsewhere;
  const auto path = world.path("web.conf"), other = elsewhere.path().toStdString() + "/secret";
  std::ofstream(other) << "root:x\n";
  if (kind == 1) world.write("web.conf", std::string(70'000, 'x'));
  if (kind == 2) std::filesystem::create_directory(path);
  if (kind == 3) QCOMPARE(::mkfifo(path.c_str(), 0600), 0);
  if (kind == 4) std::filesystem::create_symlink(other, path);
  world.begin({"web.conf"}, {}, {.maxBytes = 64u << 10});
  QVERIFY(world.news().empty());
  const auto problems = world.watch->takeProblems();
  QCOMPARE(problems.size(), size_t(1));
  QVERIFY2(problems[0].what.find(what.toStdString()) != std::string::npos, problems[0].what.c_str());
  QVERIFY(world.news().empty() && world.watch->takeProblems().empty());
  QVERIFY(world.watch->stateOf(path) == nullptr);

  std::filesystem::remove_all(path);
  world.write("web.conf", "a\n");
  QCOMPARE(world.news().size(), size_t(1));
  QVERIFY(world.watch->takeProblems().empty());
  std::filesystem::remove(path);
  QCOMPARE(world.news().size(), size_t(1));
  QCOMPARE(world.watch->takeProblems().size(), size_t(1));  // anew
}

void TestChanges::aLinkInsideIsFollowedOneOutsideIsNot() {
  World world;
  std::filesystem::create_directory(world.path("v1"));
  std::filesystem::create_directory(world.path("v2"));
  world.write("v1/web.conf", "a\n");
  world.write("v2/web.conf", "b\n");
  std::filesystem::create_directory_symlink("v1", world.path("now"));
  std::filesystem::create_symlink("now/web.conf", world.path("web.conf"));
  world.begin({"web.conf"});
  auto news = world.news();
  QCOMPARE(news.size(), size_t(1));
  QCOMPARE(news[0].after->bytes, std::string("a\n"));
  // As a mounted configuration is exchanged: the link in between points elsewhere.
  std::filesystem::create_directory_symlink("v2", world.path("next"));
  std::filesystem::rename(world.path("next"), world.path("now"));
  news = world.news();
  QCOMPARE(news.size(), size_t(1));
  QCOMPARE(news[0].after->bytes, std::string("b\n"));
  std::filesystem::remove(world.path("now"));
  std::filesystem::create_directory_symlink("/etc", world.path("now"));
  world.news();
  QCOMPARE(world.watch->stateOf(world.path("web.conf")), nullptr);
}

void TestChanges::aPipeIsNotWaitedFor() {
  World world;
  QCOMPARE(::mkfifo(world.path("cert.pem").c_str(), 0600), 0);
  QVERIFY(!sources::readCertificate(world.path("cert.pem")));
  QVERIFY(sources::PackageLog(world.path("cert.pem"), {}).look().empty());
}

void TestChanges::changesAreSeenWithWhatWasBefore() {
  World world;
  world.write("web.conf", "limit = 48\n");
  world.begin({"web.conf"});
  auto news = world.news();
  QCOMPARE(news.size(), size_t(1));
  QVERIFY(!news[0].before && news[0].after->digest == base::sha256Hex("limit = 48\n"));
  QVERIFY(world.news().empty());
  std::filesystem::last_write_time(world.path("web.conf"), std::filesystem::file_time_type::clock::now());
  QVERIFY(world.news().empty());  // the same bytes
  world.write("web.conf", "limit = 8\n");
  news = world.news();
  QCOMPARE(news.size(), size_t(1));
  QCOMPARE(news[0].before->bytes, std::string("limit = 48\n"));
  QCOMPARE(news[0].after->bytes, std::string("limit = 8\n"));
  QVERIFY(news[0].at <= world.clock.now() && news[0].at >= news[0].before->at);
}

void TestChanges::whatChangedMeanwhileIsSeenAtTheStart() {
  World world;
  world.write("web.conf", "new\n");
  const auto before = base::SystemClock().now() - 1h;
  world.begin({"web.conf"}, {{world.path("web.conf"), {"old\n", base::sha256Hex("old\n"), before}}});
  const auto news = world.news();
  QCOMPARE(news.size(), size_t(1));
  QCOMPARE(news[0].before->bytes, std::string("old\n"));
  QVERIFY(news[0].at > before && news[0].at <= world.clock.now());
}

void TestChanges::aFileThatIsBeingWrittenIsLeftAlone() {
  World world;
  world.write("web.conf", "whole\n");
  world.begin({"web.conf"}, {}, {.settles = 3s});
  QCOMPARE(world.news().size(), size_t(1));
  for (int i = 0; i < 10; ++i) {
    world.write("web.conf", std::string(static_cast<size_t>(i) + 1, 'x'));
    world.clock.pass(1s);
    QVERIFY(world.watch->look().empty());
  }
  const auto news = world.news();
  QCOMPARE(news.size(), size_t(1));
  QCOMPARE(news[0].before->bytes, std::string("whole\n"));
  QCOMPARE(news[0].after->bytes, std::string(10, 'x'));
}

void TestChanges::aFileThatGoesAndComesIsSeen() {
  World world;
  world.write("web.conf", "a\n");
  world.begin({"web.conf"});
  world.news();
  std::filesystem::remove(world.path("web.conf"));
  auto news = world.news();
  QCOMPARE(news.size(), size_t(1));
  QVERIFY(news[0].before && !news[0].after);
  world.write("web.conf", "b\n");
  news = world.news();
  QCOMPARE(news.size(), size_t(1));
  QVERIFY(!news[0].before && news[0].after->bytes == "b\n");
}

/// Not to be able to look is not to know that it is gone.
void TestChanges::whatCannotBeLookedAtIsNotGone() {
  World world;
  world.write("web.conf", "a\n");
  world.begin({"web.conf"});
  QCOMPARE(world.news().size(), size_t(1));
  std::filesystem::remove(world.path("web.conf"));
  std::filesystem::create_symlink("web.conf", world.path("web.conf"));  // leads to itself
  QVERIFY(world.news().empty());
  QCOMPARE(world.watch->takeProblems().size(), size_t(1));
  QVERIFY(world.watch->stateOf(world.path("web.conf")) != nullptr);
  std::filesystem::remove(world.path("web.conf"));
  world.write("web.conf", "a\n");
  QVERIFY(world.news().empty());  // as it was
}

void TestChanges::certificatesAreFoundInConfigurations() {
  const std::string text =
      "server {\n"
      "  ssl_certificate /etc/ssl/web/full.pem;\n"
      "  ssl_certificate_key /etc/ssl/web/key.pem;\n"
      "  # ssl_certificate /etc/ssl/old.pem;\n"
      "  root /srv/certificates/readme.txt;\n"
      "  bind *:443 ssl crt /etc/haproxy/site.pem alpn h2\n"
      "  tls_cert_file = '/etc/db/db.crt'\n"
      "  ssl_certificate ../relative.pem;\n"
      "  ssl_certificate /etc/ssl/web/full.pem;\n"
      "}\n";
  QCOMPARE(sources::certificatesIn(text),
           (std::vector<std::string>{"/etc/ssl/web/full.pem", "/etc/haproxy/site.pem", "/etc/db/db.crt"}));
  std::string many;
  for (int i = 0; i < 50; ++i) many += "cert /x/" + std::to_string(i) + ".pem\n";
  QCOMPARE(sources::certificatesIn(many).size(), sources::kMostCertificates);
}

void TestChanges::certificatesAreRead() {
  World world;
  const auto identity = test::makeIdentity(-3600, 3 * 86400, "shop.example");
  world.write("both.pem", identity.key + identity.certificate);
  const auto certificate = sources::readCertificate(world.path("both.pem"));
  QVERIFY2(certificate.has_value(), certificate ? "" : certificate.error().line().c_str());
  QCOMPARE(certificate->subject, std::string("shop.example"));
  QCOMPARE(certificate->fingerprint.size(), size_t(64));
  const auto left = certificate->until - base::SystemClock().now();
  QVERIFY(left > 71h && left <= 72h);
  world.write("key.pem", identity.key);
  QVERIFY(!sources::readCertificate(world.path("key.pem")));
  QVERIFY(!sources::readCertificate(world.path("none.pem")));
  world.write("huge.pem", std::string(300'000, 'x') + identity.certificate);
  QVERIFY(!sources::readCertificate(world.path("huge.pem")));
}

void TestChanges::packageLinesAreRead() {
  const base::ZoneRule paris{.offset = 60min};
  const auto change =
      sources::packageChangeIn("2026-11-22 20:35:23 upgrade nginx:amd64 1.22.1-9 1.22.1-9+deb12u1", paris);
  QVERIFY(change.has_value());
  QVERIFY(change->at == *base::fromIso8601("2026-11-22T19:35:23Z"));
  QCOMPARE(change->package + " " + change->from + " " + change->to,
           std::string("nginx 1.22.1-9 1.22.1-9+deb12u1"));
  const auto fresh =
      sources::packageChangeIn("2026-11-22 20:35:23 install libssl3:amd64 <none> 3.0.17-1~deb12u2", paris);
  QVERIFY(fresh && fresh->from.empty() && fresh->verb == "install");
  for (const char* wrong :
       {"", "2026-11-22 20:35:23 status installed nginx:amd64 1.22.1-9",
        "2026-11-22 20:35:23 upgrade nginx:amd64 1", "2026-13-22 20:35:23 upgrade nginx:amd64 1 2",
        "2026-11-22 20:35:23 upgrade ../../x:amd64 1 2", "2026-11-22 20:35:23 upgrade nginx:amd64 1 2 3",
        "2026-11-22 20:35:23 upgrade nginx:amd64 1 $(reboot)", "2026-11-22 25:35:23 upgrade nginx:amd64 1 2",
        "2026-11-22 20:35:23 startup packages configure"})
    QVERIFY2(!sources::packageChangeIn(wrong, paris), wrong);
}

void TestChanges::thePackageLogIsFollowed() {
  World world;
  const auto line = [](int i) {
    return "2026-11-22 20:35:" + std::to_string(10 + i) + " upgrade nginx:amd64 1.0 1." + std::to_string(i) +
           "\n";
  };
  sources::PackageLog log(world.path("dpkg.log"), {});
  QVERIFY(log.look().empty());  // not there
  world.write("dpkg.log", "junk\n" + line(1) + line(2));
  QCOMPARE(log.look().size(), size_t(2));
  QVERIFY(log.look().empty());
  const auto third = line(3);
  std::ofstream(world.path("dpkg.log"), std::ios::app) << third.substr(0, 20);
  QVERIFY(log.look().empty());  // half a line
  std::ofstream(world.path("dpkg.log"), std::ios::app) << third.substr(20);
  QCOMPARE(log.look().front().to, std::string("1.3"));
  std::filesystem::rename(world.path("dpkg.log"), world.path("dpkg.log.1"));
  QVERIFY(log.look().empty());
  world.write("dpkg.log", line(4));
  QCOMPARE(log.look().front().to, std::string("1.4"));
}

QTEST_GUILESS_MAIN(TestChanges)
#include "tst_sources_changes.moc"
