// Tainted values: nothing outside the grammars gets through.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <arpa/inet.h>

#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>
#include <fstream>
#include <random>

#include "security/taint_validators.h"

using namespace aiops::security;

namespace {

/// Hostile values: pieces that mean something to a shell, a tool, a path or a terminal, glued and mutated.
class Hostile {
 public:
  std::string next() {
    std::string value = m_random() % 3 ? "" : kNearlyGood[m_random() % std::size(kNearlyGood)];
    for (unsigned parts = value.empty() ? 1 + m_random() % 4 : m_random() % 2; parts > 0; --parts)
      value += kPieces[m_random() % std::size(kPieces)];
    for (unsigned changes = m_random() % 3; changes > 0; --changes) mutate(value);
    if (m_random() % 5000 == 0) value += std::string(65536, 'a');
    return value;
  }

 private:
  void mutate(std::string& value) {
    const size_t at = m_random() % (value.size() + 1);
    if (m_random() % 2 == 0 || at == value.size()) {
      value.insert(at, 1, static_cast<char>(m_random()));
    } else {
      value[at] = static_cast<char>(m_random());
    }
  }

  static inline const std::string kNearlyGood[] = {
      "nginx.service", "getty@tty1.service", "worker_7", "42", "-17", "10.0.0.1"};
  static inline const std::string kPieces[] = {"nginx",
                                               ".service",
                                               "-x",
                                               "--upload-pack=id",
                                               "\n",
                                               std::string(1, '\0'),
                                               "../",
                                               "..",
                                               "/",
                                               "//",
                                               "./",
                                               "/etc/passwd",
                                               "/srv",
                                               "$(id)",
                                               "`id`",
                                               ";",
                                               "|",
                                               "&&",
                                               ">",
                                               "*",
                                               "~",
                                               "'",
                                               "\"",
                                               "\\",
                                               "\\x2d",
                                               " ",
                                               "\t",
                                               "\u202E",
                                               "\u200B",
                                               "\xff",
                                               "1",
                                               "42",
                                               "-1",
                                               "+1",
                                               "0x10",
                                               "1e3",
                                               " 7",
                                               "9223372036854775808",
                                               "10.0.0.1",
                                               "::1",
                                               "fe80::1%eth0",
                                               "127.1",
                                               "010.0.0.1",
                                               "a",
                                               "Z_9",
                                               "_",
                                               "@",
                                               ":",
                                               "é",
                                               "%n",
                                               "\r",
                                               "\x1b[31m"};
  std::mt19937 m_random{4711};
};

/// The grammars again, spelled another way.
bool isUnit(const std::string& text) {
  static const QRegularExpression form(QStringLiteral(R"(\A(?![-.])[A-Za-z0-9@_:.\\-]{1,200}\.service\z)"));
  return form.match(QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()))).hasMatch();
}
bool isIdentifier(const std::string& text) {
  static const QRegularExpression form(QStringLiteral(R"(\A[A-Za-z_][A-Za-z0-9_-]{0,63}\z)"));
  return form.match(QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()))).hasMatch();
}
bool isInteger(const std::string& text) {
  static const QRegularExpression form(QStringLiteral(R"(\A(0|-?[1-9][0-9]{0,2})\z)"));
  return form.match(QString::fromLatin1(text.data(), static_cast<qsizetype>(text.size()))).hasMatch();
}

}  // namespace

class TaintTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void nothingOutsideTheGrammarPasses() {
    QTemporaryDir dir;
    const std::string root = std::filesystem::canonical(dir.path().toStdString()).string();
    const std::vector<std::string> known{"start", "stop"};
    Hostile hostile;
    int units = 0, identifiers = 0, integers = 0;
    for (int i = 0; i < 100'000; ++i) {
      const std::string value = hostile.next();
      const auto integer = validInteger(value, -999, 999);
      QCOMPARE(integer.has_value(), isInteger(value));
      QCOMPARE(validUnitName(value).has_value(), isUnit(value));
      QCOMPARE(validIdentifier(value).has_value(), isIdentifier(value));
      QVERIFY(!validChoice(value, known));
      QVERIFY(!validPathUnder(value, root));
      QVERIFY(!validPathUnder(root + "/" + value, root));  // the directory is empty
      if (const auto address = validIpAddress(value))
        QVERIFY(address->find_first_not_of("0123456789abcdef:.") == std::string::npos);
      units += isUnit(value);
      identifiers += isIdentifier(value);
      integers += integer.has_value();
    }
    QVERIFY(units > 100 && identifiers > 100 && integers > 100);  // the inputs reach both sides
  }

  void integers() {
    QCOMPARE(*validInteger("5", 1, 5), 5);
    QCOMPARE(*validInteger("-9223372036854775808", INT64_MIN, 0), INT64_MIN);
    for (const char* bad :
         {"", "6", "0", "05", "+5", " 5", "5 ", "5.0", "5\n", "0x5", "-0", "99999999999999999999"}) {
      QVERIFY2(!validInteger(bad, 1, 5), bad);
    }
  }

  void units() {
    for (const char* good :
         {"nginx.service", "getty@tty1.service", "a\\x2db.service", "dbus-org.x.service"}) {
      QCOMPARE(*validUnitName(good), std::string(good));
    }
    QVERIFY(validUnitName(std::string(200, 'a') + ".service"));
    QVERIFY(!validUnitName(std::string(201, 'a') + ".service"));
    for (const char* bad : {"", ".service", "-a.service", "a.socket", "a.service ", "a b.service",
                            "a/b.service", "a.service\n", "á.service"}) {
      QVERIFY2(!validUnitName(bad), bad);
    }
    QVERIFY(!validUnitName(std::string_view("a\0.service", 10)));
  }

  void addresses() {
    QCOMPARE(*validIpAddress("10.0.0.1"), std::string("10.0.0.1"));
    QCOMPARE(*validIpAddress("2001:DB8:0::1"), std::string("2001:db8::1"));
    for (const char* bad : {"", "10.0.0", "10.0.0.256", "010.0.0.1", "1", "::1%eth0", "10.0.0.1/8",
                            "10.0.0.1 ", "-1.0.0.0", "localhost"}) {
      QVERIFY2(!validIpAddress(bad), bad);
    }
    QVERIFY(!validIpAddress(std::string_view("10.0.0.1\0x", 10)));
  }

  void pathsStayUnderTheirRoot() {
    QTemporaryDir dir;
    const std::string root = std::filesystem::canonical(dir.path().toStdString()).string();
    std::filesystem::create_directories(root + "/in/sub");
    std::filesystem::create_directories(root + "/inside");
    std::ofstream(root + "/in/sub/file.log") << "x";
    std::ofstream(root + "/secret") << "x";
    std::filesystem::create_symlink(root + "/secret", root + "/in/link");
    std::filesystem::create_directory_symlink(root, root + "/in/up");
    std::ofstream(root + "/in/bidi\u202Egol") << "x";
    const std::string in = root + "/in";
    for (const auto& good : {in, in + "/sub", in + "/sub/file.log"})
      QCOMPARE(*validPathUnder(good, in), good);
    for (const auto& bad :
         {in + "/missing", in + "/link", in + "/up/secret", in + "/../secret", in + "/sub/../sub/file.log",
          in + "//sub", in + "/./sub", in + "/sub/", root + "/inside", root + "/secret",
          std::string("sub/file.log"), std::string("/"), in + "/bidi\u202Egol", in + "/sub\n",
          in + std::string("\0/sub", 5), std::string("/proc/self/root")}) {
      QVERIFY2(!validPathUnder(bad, in), bad.c_str());
    }
    QVERIFY(!validPathUnder("/proc/self/root", "/proc"));
    QVERIFY(!validPathUnder("/proc/self/fd", "/proc"));  // self is a link
    QVERIFY(!validPathUnder(in, "relative"));
    QCOMPARE(*validPathUnder("/etc/passwd", "/"), std::string("/etc/passwd"));
  }

  void choices() {
    const std::vector<std::string> known{"start", "stop"};
    QCOMPARE(*validChoice("stop", known), std::string("stop"));
    for (const char* bad : {"", "Stop", "stop ", "sto"}) QVERIFY(!validChoice(bad, known));
    QVERIFY(!validChoice("", {}));
  }

  void refusalsAreSafeToShow() {
    const auto refused = validUnitName("\x1b]0;x\a\u202E");
    QCOMPARE(refused.error().where, std::string("⟦ESC⟧]0;x⟦BEL⟧⟦U+202E⟧"));
    QVERIFY(refused.error().code == aiops::base::ErrorCode::InvalidInput);
  }
};

QTEST_GUILESS_MAIN(TaintTest)
#include "tst_security_taint.moc"
