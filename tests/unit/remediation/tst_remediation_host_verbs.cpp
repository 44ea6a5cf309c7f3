// Acts on the host: what is refused, what is done, how it is told afterwards, and that an undo leaves what
// was there before, byte for byte.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <sched.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/bytes.h"
#include "remediation/host_verb.h"
#include "remediation/protected_addresses.h"

using namespace aiops;
using namespace aiops::remediation;
using model::Facts;
using model::HostAct;
using std::chrono::milliseconds;

namespace {

constexpr const char* kNft = "/usr/sbin/nft";

/// Everything of a file that an undo must bring back.
std::string stateOf(const std::filesystem::path& path) {
  struct stat info{};
  if (::lstat(path.c_str(), &info) != 0) return "absent";
  char value[64] = {};
  const auto length = ::getxattr(path.c_str(), "user.aiops", value, sizeof value);
  return base::readFile(path).value_or("?") + "|" + std::to_string(info.st_ino) + "|" +
         std::to_string(info.st_mode) + "|" + std::to_string(info.st_uid) + "|" +
         std::string(value, length < 0 ? 0 : static_cast<size_t>(length));
}

/// A folder that the service may write to, with a log in it.
struct Folder {
  Folder() {
    for (const char* name : {"var", "var/old", "etc", "var/secret"})
      std::filesystem::create_directories(root() / name);
    write("var/web.log", "one\ntwo\n");
    ::chmod(path("var/web.log").c_str(), 0640);
    service.name = "web";
    service.writablePaths = {path("var")};
    policy.forbiddenPaths = {path("var/secret")};
  }
  std::filesystem::path root() const { return m_folder.path().toStdString(); }
  std::string path(const std::string& name) const { return (root() / name).string(); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(root() / name) << text; }
  HostWorld world() const { return {service, policy}; }
  base::Result<HostAct> bind(const std::string& verb, const Facts& arguments) const {
    return findHostVerb(verb)->bind(arguments, milliseconds(3000), world());
  }
  base::Result<HostAct> move(const std::string& from, const std::string& to) const {
    return bind("move_file", {{"path", path(from)}, {"to", path(to)}});
  }

  model::ServiceEntry service;
  model::ExecutionPolicy policy;

 private:
  QTemporaryDir m_folder;
};

/// A process that sleeps, and is ended with this.
class Sleeper {
 public:
  Sleeper() : m_pid(::fork()) {
    if (m_pid == 0) {
      ::execl("/bin/sleep", "sleep", "60", nullptr);
      ::_exit(127);
    }
    while (program() != std::filesystem::canonical("/bin/sleep").string()) QTest::qWait(1);
  }
  ~Sleeper() {
    ::kill(m_pid, SIGKILL);
    ::waitpid(m_pid, nullptr, 0);
  }
  std::string pid() const { return std::to_string(m_pid); }
  std::string program() const {
    std::error_code error;
    return std::filesystem::read_symlink("/proc/" + pid() + "/exe", error).string();
  }
  bool stopped() const {
    const auto stat = base::readFile("/proc/" + pid() + "/stat").value_or("");
    return stat.substr(stat.rfind(')') + 2, 1) == "T";
  }

 private:
  pid_t m_pid;
};

std::string why(const base::Result<HostAct>& act) {
  return act ? "it is allowed" : act.error().line();
}

}  // namespace

class TestHostVerbs : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void argumentsOutsideTheirGrammarAreRefused_data() {
    QTest::addColumn<QString>("verb");
    QTest::addColumn<QString>("argument");
    QTest::addColumn<QString>("value");
    const std::map<QString, QStringList> paths{
        {QStringLiteral("path"),
         {QStringLiteral(""), QStringLiteral("var/web.log"), QStringLiteral("/var/../etc/shadow"),
          QStringLiteral("/var//web.log"), QStringLiteral("/var/"), QStringLiteral("/var/a\nb"),
          QStringLiteral("/") + QString(2000, u'a'), QStringLiteral("--help")}}};
    for (const auto& value : paths.at(QStringLiteral("path")))
      QTest::addRow("path %s", qPrintable(value.left(20))) << "truncate_file" << "path" << value;
    for (const char* value : {"", "0", "1", "-1", "+5", "5 ", "0x10", "99999999999", "5;6"})
      QTest::addRow("pid %s", value) << "signal" << "pid" << value;
    for (const char* value : {"", "9", "kill", "SIGKILL", "SEGV", "TERM "})
      QTest::addRow("signal %s", value) << "signal" << "signal" << value;
    for (const char* value : {"", "0", "3601", "1.5", "one"})
      QTest::addRow("wait %s", value) << "wait" << "seconds" << value;
    for (const char* value : {"", "203.0.113.0/24", "203.0.113.7 }; flush ruleset", "example.org", "1,,2",
                              "203.0.113.7,", "::1%eth0", "0xcb007107"})
      QTest::addRow("addresses %s", value) << "block" << "addresses" << value;
  }
  void argumentsOutsideTheirGrammarAreRefused() {
    QFETCH(QString, verb);
    QFETCH(QString, argument);
    QFETCH(QString, value);
    Folder folder;
    Sleeper sleeper;
    folder.service.executable = sleeper.program();
    folder.policy.allowedCommands = {kNft};
    Facts good = verb == QStringLiteral("signal")  ? Facts{{"pid", sleeper.pid()}, {"signal", "CONT"}}
                 : verb == QStringLiteral("block") ? Facts{{"addresses", "203.0.113.7"}, {"seconds", "600"}}
                                                   : Facts{};
    good[argument.toStdString()] = value.toStdString();
    const auto act = folder.bind(verb.toStdString(), good);
    QVERIFY(!act);
    QVERIFY2(act.error().code == base::ErrorCode::InvalidInput, act.error().line().c_str());
  }

  void nothingIsTouchedThatTheServiceMayNotWrite() {
    Folder folder;
    folder.write("etc/passwd", "x");
    folder.write("var/secret/key", "x");
    for (const auto& [from, to] : std::map<std::string, std::string>{{"etc/passwd", "var/old/a"},
                                                                     {"var/web.log", "etc/a"},
                                                                     {"var/secret/key", "var/old/a"},
                                                                     {"var/web.log", "var/secret/a"}}) {
      const auto act = folder.move(from, to);
      QVERIFY2(!act && act.error().code == base::ErrorCode::PermissionDenied, why(act).c_str());
    }
    const auto act = folder.bind("truncate_file", {{"path", folder.path("etc/passwd")}});
    QVERIFY2(!act && act.error().code == base::ErrorCode::PermissionDenied, why(act).c_str());
  }

  void linksAreNotFollowed() {
    Folder folder;
    folder.write("etc/passwd", "x");
    std::filesystem::create_symlink(folder.path("etc/passwd"), folder.path("var/link"));
    std::filesystem::create_directory_symlink(folder.path("etc"), folder.path("var/way"));
    std::filesystem::create_hard_link(folder.path("etc/passwd"), folder.path("var/twin"));
    for (const char* name : {"var/link", "var/way/passwd", "var/twin", "var/old"}) {
      QVERIFY2(!folder.move(name, "var/old/a"), name);
      QVERIFY2(!folder.bind("truncate_file", {{"path", folder.path(name)}}), name);
    }
    QCOMPARE(base::readFile(folder.path("etc/passwd")).value(), std::string("x"));
  }

  void whatIsNotThereOrInTheWayIsSaidBefore() {
    Folder folder;
    const auto gone = folder.move("var/none", "var/old/a");
    QVERIFY2(!gone && gone.error().code == base::ErrorCode::NotFound, why(gone).c_str());
    folder.write("var/old/a", "kept");
    const auto taken = folder.move("var/web.log", "var/old/a");
    QVERIFY2(!taken && taken.error().code == base::ErrorCode::Conflict, why(taken).c_str());
  }

  void aMoveIsTakenBackByteForByte() {
    Folder folder;
    (void)::setxattr(folder.path("var/web.log").c_str(), "user.aiops", "kept", 4, 0);
    const auto before = stateOf(folder.path("var/web.log"));
    const auto act = folder.move("var/web.log", "var/old/web.log");
    QVERIFY2(act, why(act).c_str());
    const auto* verb = findHostVerb("move_file");
    const auto world = folder.world();
    QVERIFY(verb->effect(*act, false, world) == StepEffect::NotApplied);
    const auto done = verb->act(*act, world);
    QVERIFY2(done.ok && done.touched, done.detail.c_str());
    QCOMPARE(stateOf(folder.path("var/old/web.log")), before);
    QCOMPARE(stateOf(folder.path("var/web.log")), std::string("absent"));
    QVERIFY(verb->effect(*act, false, world) == StepEffect::Applied);
    QVERIFY(verb->effect(*act, true, world) == StepEffect::NotApplied);
    const auto undone = verb->undo(*act, world);
    QVERIFY2(undone.ok, undone.detail.c_str());
    QCOMPARE(stateOf(folder.path("var/web.log")), before);
    QCOMPARE(stateOf(folder.path("var/old/web.log")), std::string("absent"));
    QVERIFY(verb->effect(*act, true, world) == StepEffect::Applied);
  }

  void anotherFileOfThatNameIsLeftAlone() {
    Folder folder;
    const auto act = folder.move("var/web.log", "var/old/web.log");
    QVERIFY(act);
    std::filesystem::rename(folder.path("var/web.log"), folder.path("var/kept"));
    folder.write("var/web.log", "another");
    const auto* verb = findHostVerb("move_file");
    QVERIFY(!verb->checkSeen(*act, folder.world()));
    const auto done = verb->act(*act, folder.world());
    QVERIFY(!done.ok && !done.touched);
    QCOMPARE(base::readFile(folder.path("var/web.log")).value(), std::string("another"));
    QVERIFY(verb->effect(*act, false, folder.world()) == StepEffect::Unknown);
  }

  void anUndoDoesNotReplaceWhatCameMeanwhile() {
    Folder folder;
    const auto act = folder.move("var/web.log", "var/old/web.log");
    QVERIFY(act && findHostVerb("move_file")->act(*act, folder.world()).ok);
    folder.write("var/web.log", "new");
    const auto undone = findHostVerb("move_file")->undo(*act, folder.world());
    QVERIFY(!undone.ok && undone.conflict);
    QCOMPARE(base::readFile(folder.path("var/web.log")).value(), std::string("new"));
    QCOMPARE(base::readFile(folder.path("var/old/web.log")).value(), std::string("one\ntwo\n"));
  }

  void emptyingCanNotBeTakenBack() {
    Folder folder;
    const auto act = folder.bind("truncate_file", {{"path", folder.path("var/web.log")}});
    QVERIFY2(act, why(act).c_str());
    const auto* verb = findHostVerb("truncate_file");
    QVERIFY(!verb->canUndo(*act) && act->undoLine.empty());
    QVERIFY(verb->effect(*act, false, folder.world()) == StepEffect::Unknown);
    QVERIFY(verb->act(*act, folder.world()).ok);
    QCOMPARE(base::readFile(folder.path("var/web.log")).value(), std::string());
    QVERIFY(verb->effect(*act, false, folder.world()) == StepEffect::Applied);
    QVERIFY(!verb->undo(*act, folder.world()).ok);
  }

  void onlyTheServicesOwnProcessesAreSignalled() {
    Folder folder;
    Sleeper sleeper;
    const Facts arguments{{"pid", sleeper.pid()}, {"signal", "TERM"}};
    auto act = folder.bind("signal", arguments);
    QVERIFY2(!act && act.error().code == base::ErrorCode::PermissionDenied, why(act).c_str());
    folder.service.executable = "/usr/sbin/webd";
    act = folder.bind("signal", arguments);
    QVERIFY2(!act && act.error().code == base::ErrorCode::PermissionDenied, why(act).c_str());
    folder.service.executable = std::filesystem::read_symlink("/proc/self/exe").string();
    act = folder.bind("signal", {{"pid", std::to_string(::getpid())}, {"signal", "TERM"}});
    QVERIFY2(!act && act.error().code == base::ErrorCode::PermissionDenied, why(act).c_str());
  }

  void aProcessIsEndedAndThatIsTold() {
    Folder folder;
    Sleeper sleeper;
    folder.service.executable = sleeper.program();
    const auto act = folder.bind("signal", {{"pid", sleeper.pid()}, {"signal", "TERM"}});
    QVERIFY2(act, why(act).c_str());
    const auto* verb = findHostVerb("signal");
    QVERIFY(!verb->canUndo(*act));
    QVERIFY(verb->effect(*act, false, folder.world()) == StepEffect::NotApplied);
    const auto done = verb->act(*act, folder.world());
    QVERIFY2(done.ok && done.touched, done.detail.c_str());
    QVERIFY(verb->effect(*act, false, folder.world()) == StepEffect::Applied);
    QVERIFY(!verb->checkSeen(*act, folder.world()));
  }

  void aNumberThatIsGivenAnewIsAnotherProcess() {
    Folder folder;
    Sleeper sleeper;
    folder.service.executable = sleeper.program();
    auto act = folder.bind("signal", {{"pid", sleeper.pid()}, {"signal", "KILL"}});
    QVERIFY(act);
    act->seen["started"] += "1";  // another life of the number
    const auto done = findHostVerb("signal")->act(*act, folder.world());
    QVERIFY(!done.ok && !done.touched);
    QCOMPARE(::kill(std::stoi(sleeper.pid()), 0), 0);
    QVERIFY(!findHostVerb("signal")->checkSeen(*act, folder.world()));
  }

  void aStoppedProcessGoesOnAfterTheUndo() {
    Folder folder;
    Sleeper sleeper;
    folder.service.executable = sleeper.program();
    const auto act = folder.bind("signal", {{"pid", sleeper.pid()}, {"signal", "STOP"}});
    QVERIFY(act);
    const auto* verb = findHostVerb("signal");
    QVERIFY(verb->canUndo(*act));
    QVERIFY(verb->act(*act, folder.world()).ok);
    QTRY_VERIFY(sleeper.stopped());
    QVERIFY(verb->effect(*act, false, folder.world()) == StepEffect::Applied);
    QVERIFY(verb->undo(*act, folder.world()).ok);
    QTRY_VERIFY(!sleeper.stopped());
    QVERIFY(verb->effect(*act, true, folder.world()) == StepEffect::Applied);
  }

  void aWaitEndsOnRequest() {
    Folder folder;
    const auto act = folder.bind("wait", {{"seconds", "3600"}});
    QVERIFY(act);
    int asked = 0;
    const HostWorld world{folder.service, folder.policy, [&] { return ++asked > 2; }};
    const auto done = findHostVerb("wait")->act(*act, world);
    QVERIFY(!done.ok && !done.touched);
  }

  void whatIsShownIsWhatIsDone() {
    Folder folder;
    auto act = folder.move("var/web.log", "var/old/web.log");
    QVERIFY(act);
    QVERIFY(findHostVerb("move_file")->check(*act, folder.world()));
    auto other = *act;
    other.line.back() = "/somewhere/else";
    QVERIFY(!findHostVerb("move_file")->check(other, folder.world()));
    other = *act;
    other.undoLine.clear();
    QVERIFY(!findHostVerb("move_file")->check(other, folder.world()));
    other = *act;
    other.arguments["mode"] = "0777";
    QVERIFY(!findHostVerb("move_file")->check(other, folder.world()));
    other = *act;
    other.arguments["to"] = folder.path("etc/a");
    QVERIFY(!findHostVerb("move_file")->check(other, folder.world()));
  }

  void whatTheMachineNeedsIsNotBlocked() {
    const std::set<std::string> needed{"198.51.100.1", "2001:db8::1"};
    const std::vector<std::string> listed{"10.0.0.0/8", "2001:db8:5::/48"};
    for (const char* address :
         {"127.0.0.1", "127.9.9.9", "0.0.0.0", "255.255.255.255", "224.0.0.1", "169.254.1.1", "::1",
          "::", "fe80::1", "ff02::1", "198.51.100.1", "2001:db8::1", "10.200.3.4", "2001:db8:5:6::7",
          "::ffff:127.0.0.1", "::ffff:10.0.0.1", "nonsense"})
      QVERIFY2(!whyProtected(address, needed, listed).empty(), address);
    for (const char* address : {"203.0.113.7", "198.51.100.2", "2001:db8:6::1", "11.0.0.1"})
      QVERIFY2(whyProtected(address, needed, listed).empty(), address);
    QVERIFY(neededAddresses().contains("127.0.0.1"));
  }

  void addressesAreBlockedAndLetInAgain() {
    if (!std::filesystem::exists(kNft)) QSKIP("nft is not installed");
    const pid_t child = ::fork();  // the process that leaves for a network of its own does not come back
    if (child == 0) ::_exit(blockInANetworkOfItsOwn());
    int status = 0;
    QCOMPARE(::waitpid(child, &status, 0), child);
    QVERIFY(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77) QSKIP("no network namespace with nftables can be made here");
    QCOMPARE(WEXITSTATUS(status), 0);
  }

 private:
  /// 0, 77 where that can't be tried, else the number of the check that failed.
  static int blockInANetworkOfItsOwn() {
    if (::unshare(CLONE_NEWNET) != 0) return 77;
    if (std::system((std::string(kNft) + " list tables > /dev/null 2>&1").c_str()) != 0) return 77;
    Folder folder;
    const auto* verb = findHostVerb("block");
    const Facts arguments{{"addresses", "203.0.113.9,203.0.113.7,2001:db8::7"}, {"seconds", "600"}};
    const auto refused = folder.bind("block", arguments);
    if (refused || refused.error().code != base::ErrorCode::PermissionDenied) return 1;
    folder.policy.allowedCommands = {kNft};
    const auto world = folder.world();
    const auto act = folder.bind("block", arguments);
    if (!act) return 2;
    if (act->arguments.at("addresses") != "2001:db8::7,203.0.113.7,203.0.113.9") return 3;
    if (act->seen.at("table") != "absent") return 4;
    if (verb->effect(*act, false, world) != StepEffect::NotApplied) return 5;
    if (!verb->act(*act, world).ok) return 6;
    if (verb->effect(*act, false, world) != StepEffect::Applied) return 7;
    if (folder.bind("block", arguments)) return 8;  // they are blocked already
    const auto more = folder.bind("block", {{"addresses", "203.0.113.8"}, {"seconds", "600"}});
    if (!more || more->seen.at("table") != "there" || !verb->act(*more, world).ok) return 9;
    if (!verb->undo(*act, world).ok) return 10;
    if (verb->effect(*act, true, world) != StepEffect::Applied) return 11;
    if (verb->effect(*more, false, world) != StepEffect::Applied) return 12;  // the other one stays
    if (!verb->undo(*more, world).ok) return 13;
    if (!verb->undo(*act, world).ok) return 14;  // once more: nothing is left to do, and the table goes
    if (folder.bind("block", arguments)->seen.at("table") != "absent") return 15;
    return 0;
  }
};

QTEST_GUILESS_MAIN(TestHostVerbs)
#include "tst_remediation_host_verbs.moc"
