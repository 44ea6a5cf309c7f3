// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include <random>

#include "remediation/keyvalue.h"

using aiops::base::ErrorCode;
using namespace aiops::remediation;

class TestKeyValue : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void changesNothingButTheValue_data() {
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    const auto row = [](const char* name, const char* before, const char* after) {
      QTest::newRow(name) << QByteArray(before) << QByteArray(after);
    };
    row("plain", "a = 1\nk = 64\nb = 2\n", "a = 1\nk = 128\nb = 2\n");
    row("no final newline", "k = 64", "k = 128");
    row("CRLF", "a = 1\r\nk = 64\r\n", "a = 1\r\nk = 128\r\n");
    row("CRLF without final newline", "k=64\r", "k=128\r");
    row("blanks and comment", "\t k\t=  64 \t# 64 MB = k\n", "\t k\t=  128 \t# 64 MB = k\n");
    row("semicolon comment", "k = 64 ; old\n", "k = 128 ; old\n");
    row("commented-out twin", "# k = 1\n;k = 2\nk = 64\n", "# k = 1\n;k = 2\nk = 128\n");
    row("longer keys", "kk = 1\nk.x = 2\nx k = 3\nk = 64\n", "kk = 1\nk.x = 2\nx k = 3\nk = 128\n");
    row("not UTF-8", "x = \xff\xfe\nk = 64\n", "x = \xff\xfe\nk = 128\n");
    row("section", "[s]\nk = 64\n[t]\n", "[s]\nk = 128\n[t]\n");
  }
  void changesNothingButTheValue() {
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, after);
    const auto changed = replaceValue(before.toStdString(), "k", "128");
    QVERIFY2(changed, changed ? "" : changed.error().line().c_str());
    QCOMPARE(QByteArray::fromStdString(*changed), after);
  }

  void refusesWhatIsAmbiguous_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("code");
    const auto row = [](const char* name, const char* bytes, ErrorCode code) {
      QTest::newRow(name) << QByteArray(bytes) << static_cast<int>(code);
    };
    row("missing", "a = 1\n", ErrorCode::NotFound);
    row("empty file", "", ErrorCode::NotFound);
    row("only in a comment", "# k = 64\n", ErrorCode::NotFound);
    row("twice", "k = 64\nk = 64\n", ErrorCode::Conflict);
    row("twice in two sections", "[a]\nk = 1\n[b]\nk = 2\n", ErrorCode::Conflict);
    row("empty value", "k =\n", ErrorCode::InvalidInput);
    row("two words", "k = 64 MB\n", ErrorCode::InvalidInput);
    row("comment without a blank", "k = 64#x\n", ErrorCode::InvalidInput);
    row("control character",
        "k = 6\x01"
        "4\n",
        ErrorCode::InvalidInput);
  }
  void refusesWhatIsAmbiguous() {
    QFETCH(QByteArray, bytes);
    QFETCH(int, code);
    const auto changed = replaceValue(bytes.toStdString(), "k", "128");
    QVERIFY(!changed);
    QCOMPARE(static_cast<int>(changed.error().code), code);
  }

  void refusesNewValuesThatAreNotOneWord() {
    for (const char* value : {"", "1 2", "1\n", "1#", "a;b", "\x7f", "1\r"}) {
      QVERIFY2(!replaceValue("k = 64\n", "k", value), value);
    }
  }

  /// Oracle: split at '\n', exactly one generated line assigns the key; only that line differs, and setting
  /// the old value again gives the old bytes.
  void generatedFilesComeBackByteForByte() {
    std::mt19937 random(7);
    const std::vector<std::string> lines{"# note",       "",       "a = 1",    "[s]", "\tb=2 ; x",
                                         "c = \xc3\xa4", "kk = 9", " ; k = 3", "d"};
    for (int round = 0; round < 500; ++round) {
      std::string before;
      const size_t count = random() % 12, place = random() % (count + 1);
      const std::string ending = random() % 2 ? "\r\n" : "\n";
      for (size_t i = 0; i <= count; ++i) {
        before += i == place ? std::string(random() % 3, ' ') + "k =" + std::string(random() % 3, '\t') + "64"
                             : lines[random() % lines.size()];
        if (i < count || random() % 2) before += ending;
      }
      const auto after = replaceValue(before, "k", "128");
      QVERIFY(after);
      QCOMPARE(after->size(), before.size() + 1);
      QCOMPARE(*readValue(*after, "k"), std::string("128"));
      QCOMPARE(*replaceValue(*after, "k", "64"), before);
    }
  }
};

QTEST_GUILESS_MAIN(TestKeyValue)
#include "tst_remediation_keyvalue.moc"
