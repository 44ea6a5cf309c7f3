// What a confined command can touch and see.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>
#include <csignal>
#include <filesystem>

#include "sandbox/landlock.h"
#include "sandbox_test.h"

using namespace aiops::sandbox;
using aiops::base::ErrorCode;

class ConfinementTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    m_dir = std::make_unique<QTemporaryDir>();
    m_root = std::filesystem::canonical(m_dir->path().toStdString()).string();
    for (const char* name : {"/in", "/in/a", "/in/a/secret", "/in/a/other", "/in/c", "/out"}) {
      std::filesystem::create_directory(m_root + name);
    }
    put(m_root + "/out/file", "untouched");
    put(m_root + "/in/a/secret/file", "untouched");
    put(m_root + "/in/b.txt", "untouched");
    m_confinement = {};
    m_confinement.writablePaths = {m_root + "/in"};
  }

  void writesOnlyInside() {
    QVERIFY(works({"write", m_root + "/in/new"}));
    QVERIFY(!works({"write", m_root + "/out/new"}));
    QVERIFY(!works({"write", m_root + "/out/file"}));
    QVERIFY(!works({"unlink", m_root + "/out/file"}));
    QVERIFY(!works({"rename", m_root + "/out/file", m_root + "/in/taken"}));
    QVERIFY(!works({"write", "/dev/shm/aiops-must-not-be"}));
    QVERIFY(works({"write", "/dev/null"}));
    QVERIFY(works({"read", m_root + "/out/file"}));
    QCOMPARE(contents(m_root + "/out/file"), std::string("untouched"));
  }

  void truncatesOnlyInside() {
    if (landlockAbi() < 3) {
      QVERIFY(probeCapabilities().landlockAbi < 3);  // such a kernel can't keep truncate(2) out
      return;
    }
    QVERIFY(!works({"truncate", m_root + "/out/file"}));
    QVERIFY(works({"truncate", m_root + "/in/b.txt"}));
  }

  void aSingleFileCanBeWritable() {
    m_confinement.writablePaths = {m_root + "/out/file"};
    QVERIFY(works({"write", m_root + "/out/file"}));
    QVERIFY(!works({"write", m_root + "/out/other"}));
    QVERIFY(!works({"unlink", m_root + "/out/file"}));
  }

  void forbiddenStaysForbiddenInsideWritable() {
    m_confinement.forbiddenPaths = {m_root + "/in/a/secret", m_root + "/in/b.txt"};
    QVERIFY(!works({"write", m_root + "/in/a/secret/new"}));
    QVERIFY(!works({"write", m_root + "/in/a/secret/file"}));
    QVERIFY(!works({"write", m_root + "/in/b.txt"}));
    QVERIFY(!works({"unlink", m_root + "/in/b.txt"}));
    QVERIFY(works({"write", m_root + "/in/a/other/new"}));
    QVERIFY(works({"write", m_root + "/in/c/new"}));
    // By way of another name.
    QVERIFY(!works({"rename", m_root + "/in/a", m_root + "/in/c/moved"}));
    QVERIFY(!works({"link", m_root + "/in/a/secret/file", m_root + "/in/c/linked"}));
    QVERIFY(!works({"link", m_root + "/in/b.txt", m_root + "/in/c/linked"}));
    // A directory above a forbidden path takes no new entries itself.
    QVERIFY(!works({"write", m_root + "/in/new"}));
    QCOMPARE(contents(m_root + "/in/b.txt"), std::string("untouched"));
  }

  void forbiddenAboveWritableWins() {
    m_confinement.forbiddenPaths = {m_root};
    QVERIFY(!works({"write", m_root + "/in/new"}));
  }

  void aForbiddenPathThatIsMissingCanNotBeMade() {
    m_confinement.forbiddenPaths = {m_root + "/in/c/later"};
    QVERIFY(!works({"write", m_root + "/in/c/later"}));
    QVERIFY(works({"write", m_root + "/in/a/other/new"}));
  }

  void aForbiddenLinkProtectsItselfAndItsTarget() {
    std::filesystem::create_symlink(m_root + "/in/b.txt", m_root + "/in/c/link");
    m_confinement.forbiddenPaths = {m_root + "/in/c/link"};
    QVERIFY(!works({"write", m_root + "/in/b.txt"}));
    QVERIFY(!works({"unlink", m_root + "/in/c/link"}));
  }

  void privateForbiddenFilesCanNotBeRead() {
    const std::string key = m_root + "/out/key", open = m_root + "/out/open",
                      hidden = m_root + "/in/a/secret/file";
    put(key, "k");
    put(open, "o");
    ::chmod(m_root.c_str(), 0755);
    ::chmod(key.c_str(), 0600);
    ::chmod((m_root + "/in/a/secret").c_str(), 0700);
    m_confinement.forbiddenPaths = {key, m_root + "/in/a/secret"};
    QVERIFY(!works({"read", key}));
    QVERIFY(!works({"read", hidden}));
    QVERIFY(!works({"list", m_root + "/in/a/secret"}));
    QVERIFY(!works({"list", m_root + "/in/a"}));  // would list what is kept out with it
    QVERIFY(works({"read", open}));
    QVERIFY(works({"list", m_root + "/out"}));
    QVERIFY(!works({"write", key}));
  }

  void worldReadableForbiddenFilesStayReadable() {
    ::chmod(m_root.c_str(), 0755);
    const std::string closed = m_root + "/out/closed";
    put(closed, "c");
    ::chmod(closed.c_str(), 0600);
    m_confinement.forbiddenPaths = {"/etc/passwd", m_root + "/out"};
    QVERIFY(works({"read", "/etc/passwd"}));
    QVERIFY(!works({"write", "/etc/passwd"}));
    QVERIFY(works({"read", m_root + "/out/file"}));
    QVERIFY(works({"list", m_root + "/out"}));
    QVERIFY(!works({"read", closed}));
    QVERIFY(!works({"write", m_root + "/out/file"}));
  }

  void aForbiddenSystemFolderCanStillBeExecuted() {
    m_confinement.forbiddenPaths = {"/etc", "/root", "/boot"};
    QVERIFY(run({"/bin/true"}, m_confinement)->succeeded());
  }

  void linksDoNotLeadOut() {
    std::filesystem::create_directory_symlink(m_root + "/out", m_root + "/in/link");
    QVERIFY(!works({"write", m_root + "/in/link/new"}));
    QVERIFY(!works({"linkwrite", m_root + "/out", m_root + "/in/own"}));
    QVERIFY(std::filesystem::is_symlink(m_root + "/in/own"));  // it got as far as the link
    QVERIFY(!std::filesystem::exists(m_root + "/out/through"));
  }

  void refusesBadPaths() {
    m_confinement.writablePaths = {"relative"};
    QVERIFY(codeOf({"exit", "0"}) == ErrorCode::InvalidInput);
    m_confinement.writablePaths = {m_root + "/missing"};
    QVERIFY(codeOf({"exit", "0"}) == ErrorCode::NotFound);
    m_confinement.writablePaths = {};
    m_confinement.forbiddenPaths = {m_root + "/none/../in"};
    QVERIFY(codeOf({"exit", "0"}) == ErrorCode::InvalidInput);
  }

  void startsNothingWithoutLandlock() {
    QProcess process;
    process.start(QStringLiteral(RUNNER),
                  {QStringLiteral("--without-landlock"), QStringLiteral(EVIL), QStringLiteral("write"),
                   QString::fromStdString(m_root + "/in/new")});
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.readAll(), QByteArray("unavailable\n"));  // the started hook printed nothing either
  }

  void environmentIsMadeFromScratch() {
    ::setenv("LD_PRELOAD_CANARY", "1", 1);
    std::signal(SIGPIPE, SIG_IGN);
    const auto result = run(evil({"state"}), m_confinement);
    std::signal(SIGPIPE, SIG_DFL);
    QVERIFY(result && result->succeeded());
    QCOMPARE(result->output, std::string("umask 077, directory /, leader 1, input 0, SIGPIPE 1\n"
                                         "PATH=/usr/sbin:/usr/bin\nLANG=C.UTF-8\n"));
  }

  void noDescriptorIsInherited() {
    const int leaky = ::open("/etc/hostname", O_RDONLY);  // without O_CLOEXEC
    QVERIFY(leaky >= 0 && ::dup2(leaky, 500) == 500);
    const auto result = run(evil({"descriptors"}), m_confinement);
    ::close(leaky);
    ::close(500);
    QCOMPARE(result->output, std::string("0 1 2 \n"));
  }

  void worksWhenTheCallerHasNoStandardDescriptors() {
    const int kept = ::fcntl(0, F_DUPFD_CLOEXEC, 100);
    ::close(0);
    const auto result = run(evil({"descriptors"}), m_confinement);
    if (kept >= 0) ::dup2(kept, 0);
    ::close(kept);
    QCOMPARE(result->output, std::string("0 1 2 \n"));
  }

  void argumentsPassByteForByte() {
    const std::vector<std::string> argv = evil({"arguments", "", " ", "$(id)", "`id`", "a;b|c&d>e",
                                                "line\nfeed", "--x", "-", "*", "~", "'\"\\", "\xff\xfe\x80",
                                                "\xe2\x80\xae"
                                                "evil",
                                                std::string(60000, 'y')});
    std::string expected;
    for (const auto& arg : argv) expected += std::to_string(arg.size()) + ":" + arg + ";";
    QCOMPARE(run(argv, m_confinement)->output, expected);
  }

  void badCommandsAreRefused_data() {
    QTest::addColumn<QList<QByteArray>>("argv");
    QTest::addColumn<int>("code");
    const auto row = [](const char* name, QList<QByteArray> argv, ErrorCode code) {
      QTest::newRow(name) << argv << static_cast<int>(code);
    };
    row("empty", {}, ErrorCode::InvalidInput);
    row("empty program", {""}, ErrorCode::InvalidInput);
    row("relative", {"bin/true"}, ErrorCode::InvalidInput);
    row("by path", {"true"}, ErrorCode::InvalidInput);
    row("NUL", {"/bin/true", QByteArray("a\0b", 3)}, ErrorCode::InvalidInput);
    row("missing", {"/nonexistent/program"}, ErrorCode::NotFound);
    row("a directory", {"/usr"}, ErrorCode::PermissionDenied);
    row("not executable", {"/etc/passwd"}, ErrorCode::PermissionDenied);
    row("too long", {"/bin/true", QByteArray(1 << 20, 'x')}, ErrorCode::Io);
  }
  void badCommandsAreRefused() {
    QFETCH(QList<QByteArray>, argv);
    QFETCH(int, code);
    std::vector<std::string> command;
    for (const auto& part : argv) command.push_back(part.toStdString());
    const auto result = run(command, m_confinement);
    QVERIFY(!result);
    QCOMPARE(static_cast<int>(result.error().code), code);
  }

  void othersCanNotBeSignalledOrTraced() {
    const std::string self = std::to_string(::getpid());
    QVERIFY(!works({"trace", self}));
    if (landlockAbi() < 6) {
      QVERIFY(probeCapabilities().landlockAbi < 6);  // signals are not confined before
      return;
    }
    QVERIFY(!works({"kill", self, "0"}));
    QVERIFY(!works({"kill", std::to_string(::getppid()), "0"}));
  }

  void fileSizeIsLimited() {
    m_confinement.maxFileBytes = 1 << 20;
    QVERIFY(!works({"fill", m_root + "/in/big"}));
    QCOMPARE(std::filesystem::file_size(m_root + "/in/big"), uintmax_t(1) << 20);
  }

  void noCoreIsDumped() {
    const auto result = run(evil({"core", m_root + "/in/c"}), m_confinement);
    QCOMPARE(result->output, std::string("1\n"));
    QCOMPARE(result->end, CommandResult::End::Signalled);
    QCOMPARE(result->exitCode, SIGABRT);
    QVERIFY(std::filesystem::is_empty(m_root + "/in/c"));
  }

 private:
  bool works(const std::vector<std::string>& args) {
    const auto result = run(evil(args), m_confinement);
    return result && result->succeeded();
  }
  ErrorCode codeOf(const std::vector<std::string>& args) {
    const auto result = run(evil(args), m_confinement);
    return result ? ErrorCode::Internal : result.error().code;
  }

  std::unique_ptr<QTemporaryDir> m_dir;
  std::string m_root;
  Confinement m_confinement;
};

QTEST_GUILESS_MAIN(ConfinementTest)
#include "tst_sandbox_confinement.moc"
