// Checks all sources against the rules, and the rules against samples that break them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDirIterator>
#include <QFile>
#include <QTest>

#include "architecture/rules.h"

using namespace aiops::architecture;

namespace {

const QString kRoot = QStringLiteral(AIOPS_SOURCE_DIR);
const QString kLicence = QStringLiteral("// SPDX-License-Identifier: GPL-3.0-or-later\n");

QString contents(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

/// Paths relative to the source tree.
QStringList filesBelow(const QString& folder, const QStringList& names) {
  QStringList files;
  QDirIterator it(kRoot + QLatin1Char('/') + folder, names, QDir::Files, QDirIterator::Subdirectories);
  while (it.hasNext()) files += it.next().mid(kRoot.size() + 1);
  return files;
}

}  // namespace

class TstArchitecture : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void sourcesKeepTheRules() {
    QStringList wrong;
    int files = 0;
    for (const char* folder : {"core", "ui", "app"}) {
      for (const QString& path :
           filesBelow(QLatin1String(folder), {QStringLiteral("*.h"), QStringLiteral("*.cpp")})) {
        wrong += checkSource(path, contents(kRoot + QLatin1Char('/') + path));
        ++files;
      }
    }
    QVERIFY(files > 50);
    QVERIFY2(wrong.isEmpty(), qPrintable(QLatin1Char('\n') + wrong.join(QLatin1Char('\n'))));
  }

  void buildFilesKeepTheRules() {
    QStringList wrong;
    for (const QString& path : filesBelow(QStringLiteral("core"), {QStringLiteral("CMakeLists.txt")})) {
      wrong += checkBuildFile(path, contents(kRoot + QLatin1Char('/') + path));
    }
    QVERIFY2(wrong.isEmpty(), qPrintable(QLatin1Char('\n') + wrong.join(QLatin1Char('\n'))));
  }

  void findsWhatBreaksARule_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("code");
    QTest::addColumn<bool>("wrong");
    const auto row = [](const char* name, const char* path, const char* code, bool wrong) {
      QTest::newRow(name) << QString::fromLatin1(path) << QString::fromLatin1(code) << wrong;
    };
    row("lower level", "core/storage/a.cpp", "#include \"model/x.h\"", false);
    row("own room", "core/storage/a.cpp", "#include \"storage/x.h\"", false);
    row("same level", "core/storage/a.cpp", "#include \"parsing/x.h\"", true);
    row("higher level", "core/base/a.cpp", "#include \"model/x.h\"", true);
    row("core to ui", "core/agents/a.cpp", "#include \"theme/x.h\"", true);
    row("unknown room", "core/storage/a.cpp", "#include \"cellar/x.h\"", true);
    row("file in no room", "core/cellar/a.cpp", "", true);
    row("without folder", "core/storage/a.cpp", "#include \"x.h\"", true);
    row("moc", "core/storage/a.cpp", "#include \"a.moc\"", false);
    row("api to service", "core/api/a.cpp", "#include \"service/x.h\"", false);
    row("api to storage", "core/api/a.cpp", "#include \"storage/x.h\"", true);
    row("ui to agents", "ui/widgets/a.cpp", "#include \"agents/x.h\"", true);
    row("panel to itself", "ui/panels/logs/a.cpp", "#include \"panels/logs/x.h\"", false);
    row("panel to panel", "ui/panels/logs/a.cpp", "#include \"panels/overview/x.h\"", true);
    row("gui_host to shell", "app/gui_host.cpp", "#include \"shell/x.h\"", false);
    row("main to shell", "app/main.cpp", "#include \"shell/x.h\"", true);
    row("sql in storage", "core/storage/a.cpp", "#include <QSqlQuery>", false);
    row("sql elsewhere", "app/a.cpp", "#include <QSqlQuery>", true);
    row("widgets in core", "core/agents/a.cpp", "#include <QWidget>", true);
    row("system", "app/a.cpp", "int x = system(\"ls\");", true);
    row("std::system", "app/a.cpp", "std::system(\"ls\");", true);
    row("a method named system", "app/a.cpp", "fonts.system(1); Fonts::systemFont(2);", false);
    row("popen", "core/sandbox/a.cpp", "popen(\"ls\", \"r\");", true);
    row("startCommand", "app/demo/a.cpp", "p.startCommand(x);", true);
    row("execvp", "core/sandbox/a.cpp", "execvp(a, b);", true);
    row("execve in sandbox", "core/sandbox/a.cpp", "::execve(a, b, c);", false);
    row("fork in agents", "core/agents/a.cpp", "if (fork() == 0) {}", true);
    row("fork in the executor's client", "core/remediation/executor_client.cpp", "::fork();", false);
    row("fork elsewhere in remediation", "core/remediation/executor.cpp", "::fork();", true);
    row("QProcess in ui", "ui/shell/a.cpp", "QProcess p;", true);
    row("posix_spawn in demo", "app/demo/a.cpp", "posix_spawn(a);", false);
    row("in a comment", "core/agents/a.cpp", "// fork() here\n/* system(\"x\") */", false);
    row("in a string", "core/agents/a.cpp", "auto s = \"fork() \\\" system(1)\";", false);
    row("in a raw string", "core/agents/a.cpp", "auto s = R\"x(a \" popen(1) )\" )x\";", false);
    row("after a string", "core/agents/a.cpp", "auto c = '\"'; auto n = 1'000; fork();", true);
    row("regular expression in core", "core/detection/a.cpp", "QRegularExpression e;", true);
    row("tr in core", "core/agents/a.cpp", "tr(\"x\")", true);
    row("condition variable", "core/agents/a.cpp", "std::condition_variable c;", true);
    row("detach", "app/a.cpp", "thread.detach();", true);
    row("instance", "core/agents/a.h", "static Engine& instance();", true);
    row("Qt's instance", "app/a.cpp", "QCoreApplication::instance();", false);
  }
  void findsWhatBreaksARule() {
    QFETCH(QString, path);
    QFETCH(QString, code);
    QFETCH(bool, wrong);
    const QStringList found = checkSource(path, kLicence + code + QLatin1Char('\n'));
    QVERIFY2(found.isEmpty() != wrong, qPrintable(found.join(QLatin1Char('\n'))));
  }

  void namesTheLine() {
    const QStringList found = checkSource(QStringLiteral("core/base/a.cpp"),
                                          kLicence + QStringLiteral("\n#include \"model/x.h\"\n"));
    QCOMPARE(found.size(), 1);
    QVERIFY(found[0].startsWith(QStringLiteral("core/base/a.cpp:3: ")));
  }

  void asksForTheLicenceLine() {
    QCOMPARE(checkSource(QStringLiteral("core/base/a.cpp"), QStringLiteral("int x;\n")).size(), 1);
  }

  void buildFilesOfCoreLinkNoDisplay() {
    const QString path = QStringLiteral("core/agents/CMakeLists.txt");
    QVERIFY(checkBuildFile(path, QStringLiteral("Qt6::Core Qt6::Network")).isEmpty());
    QCOMPARE(checkBuildFile(path, QStringLiteral("Qt6::Gui")).size(), 1);
    QCOMPARE(checkBuildFile(path, QStringLiteral("Qt6::Sql")).size(), 1);
    QVERIFY(
        checkBuildFile(QStringLiteral("core/storage/CMakeLists.txt"), QStringLiteral("Qt6::Sql")).isEmpty());
    QVERIFY(checkBuildFile(QStringLiteral("ui/CMakeLists.txt"), QStringLiteral("Qt6::Gui")).isEmpty());
  }
};

QTEST_GUILESS_MAIN(TstArchitecture)
#include "tst_architecture.moc"
