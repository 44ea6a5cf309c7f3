// Foreign text: whatever comes in, what goes out can be shown.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QString>
#include <QtTest>
#include <random>

#include "base/bytes.h"
#include "security/safe_text.h"

using aiops::security::SafeText;

namespace {

std::string utf8(char32_t code) {
  // Also for what is no character: surrogates as UTF-8 would write them.
  const auto byte = [](char32_t value) { return static_cast<char>(value); };
  if (code < 0x80) return {byte(code)};
  if (code < 0x800) return {byte(0xC0 | code >> 6), byte(0x80 | (code & 0x3F))};
  if (code < 0x10000)
    return {byte(0xE0 | code >> 12), byte(0x80 | (code >> 6 & 0x3F)), byte(0x80 | (code & 0x3F))};
  return {byte(0xF0 | code >> 18), byte(0x80 | (code >> 12 & 0x3F)), byte(0x80 | (code >> 6 & 0x3F)),
          byte(0x80 | (code & 0x3F))};
}

/// The rule, written down the slow way from the list of what deceives.
bool deceives(char32_t c) {
  const auto in = [c](char32_t first, char32_t last) { return c >= first && c <= last; };
  return in(0, 0x1F) || in(0x7F, 0x9F) || c == 0xAD || c == 0x61C || in(0x200B, 0x200F) ||
         in(0x2028, 0x202E) || in(0x2060, 0x206F) || c == 0xFEFF || in(0xFE00, 0xFE0F) ||
         in(0xD800, 0xDFFF) || in(0xFDD0, 0xFDEF) || (c & 0xFFFE) == 0xFFFE || in(0xE000, 0xF8FF) ||
         in(0xE0000, 0xE0FFF) || c >= 0xF0000 || in(0xFFF0, 0xFFFB) || c == 0x3164 || c == 0x115F ||
         c == 0x378 || !QChar::isPrint(c);
}

/// Valid UTF-8, nothing that deceives, the brackets only around escapes, and the ranges exactly those.
void check(const SafeText& safe) {
  const std::string& text = safe.text();
  QCOMPARE(aiops::base::toValidUtf8(text), text);
  for (const char32_t c : QString::fromStdString(text).toUcs4())
    QVERIFY2(!deceives(c), qPrintable(QString::number(c, 16)));
  size_t from = 0;
  for (const auto& range : safe.escapes()) {
    const auto first = text.find("\u27E6", from);
    QCOMPARE(range.first, first);
    QCOMPARE(range.last, text.find("\u27E7", first) + 3);
    from = range.last;
  }
  QCOMPARE(text.find("\u27E6", from), std::string::npos);
}

std::vector<std::string> handMade() {
  std::vector<std::string> out{"",
                               std::string("a\0b", 3),
                               "\x1b[31mred\x1b[0m",
                               "\x1b]0;title\a",
                               "\r\noverwritten\rhere",
                               "<b>bold</b><img src=file:///etc/passwd>",
                               "&lt;script&gt;",
                               "%s%n%x",
                               "$(id)`id`",
                               "\xff\xfe",
                               "\xc0\xaf",
                               "\xe0\x80\xaf",
                               "\xed\xa0\x80\xed\xb0\x80",
                               "\xf4\x90\x80\x80",
                               "\xf8\x88\x80\x80\x80",
                               "\xe2\x82",
                               "\xf0\x9f\x92",
                               "\x80",
                               "ok\xc3",
                               "\u202Eevil.exe\u202C",
                               "\u2066a\u2069",
                               "zero\u200Bwidth\u200D",
                               "\uFEFFbom",
                               "soft\u00ADhyphen",
                               "line\u2028sep\u2029",
                               "\u2060\u2064",
                               "\u27E6NUL\u27E7",
                               "\u27E6U+202E\u27E7",
                               "a\u0300\u0301\u0302\u0303\u0304\u0305\u0306",
                               "\U000E0041\U000E007F",
                               "\uFE0F\uFE00\U000E0100",
                               "\u3164\u115F\uFFA0",
                               "\uE000\U000F0000\U0010FFFD",
                               "\uFFFE\uFFFF\U0001FFFE",
                               "\u0378\U0003FFFD",
                               "\u0085\u0090\u009B31m",
                               "\x7f\b\b\b",
                               "\u061C\u180E",
                               std::string(5000, '\x1b')};
  for (char32_t c : {0xD800u, 0xDBFFu, 0xDC00u, 0xDFFFu, 0x110000u, 0x1FFFFFu})
    out.push_back("x" + utf8(c) + "y");
  return out;
}

}  // namespace

class SafeTextTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void hostileStrings() {
    auto strings = handMade();
    std::mt19937 random(20261122);
    while (strings.size() < 400) {
      std::string text;
      for (unsigned i = random() % 200; i > 0; --i) {
        const unsigned kind = random() % 4;
        text += kind == 0 ? std::string(1, static_cast<char>(random()))
                          : utf8(random() % (kind == 1   ? 0x100
                                             : kind == 2 ? 0x3000
                                                         : 0x110000));
      }
      strings.push_back(text);
    }
    for (const auto& text : strings) {
      check(SafeText::from(text));
      check(SafeText::from(text, random() % 20));
      if (QTest::currentTestFailed()) return;
    }
  }

  void everyCodePointIsJudged() {
    for (char32_t c = 0; c <= 0x110000; ++c) {
      const auto safe = SafeText::from("a" + utf8(c) + "b");
      if (c == '\t') continue;
      const bool escaped = !safe.escapes().empty();
      if (deceives(c)) QVERIFY2(escaped, qPrintable(QString::number(c, 16)));
      if (!escaped) QCOMPARE(safe.text(), "a" + utf8(c) + "b");
    }
  }

  void escapesAreNamed() {
    const auto shown = [](std::string_view text) { return SafeText::from(text).text(); };
    QCOMPARE(shown(std::string_view("\0", 1)), std::string("⟦NUL⟧"));
    QCOMPARE(shown("\x1b[0m"), std::string("⟦ESC⟧[0m"));
    QCOMPARE(shown("a\r\n"), std::string("a⟦CR⟧⟦LF⟧"));
    QCOMPARE(shown("a\tb"), std::string("a b"));
    QCOMPARE(shown("\x7f"), std::string("⟦DEL⟧"));
    QCOMPARE(shown("\u202E"), std::string("⟦U+202E⟧"));
    QCOMPARE(shown("\U000E0041"), std::string("⟦U+E0041⟧"));
    QCOMPARE(shown("\xff\xc0"), std::string("⟦xFF⟧⟦xC0⟧"));
    QCOMPARE(shown("⟦NUL⟧"), std::string("⟦U+27E6⟧NUL⟦U+27E7⟧"));
  }

  void ordinaryTextPasses() {
    for (const char* text : {"GET /a?b=c HTTP/1.1 200", "Grüße, naïve café", "Привет", "日本語ログ",
                             "emoji 🔥", "עברית العربية", "e\u0301"}) {
      QCOMPARE(SafeText::from(text).text(), std::string(text));
      QVERIFY(SafeText::from(text).escapes().empty());
    }
  }

  void longTextIsCutBetweenCharacters() {
    QCOMPARE(SafeText::from(std::string(10, 'a'), 4).text(), std::string("aaaa⟦cut, 6 bytes⟧"));
    QCOMPARE(SafeText::from("aaaa", 4).text(), std::string("aaaa"));
    QCOMPARE(SafeText::from("ab🔥", 4).text(), std::string("ab⟦cut, 4 bytes⟧"));
    QCOMPARE(SafeText::from("ab🔥c", 6).text(), std::string("ab🔥⟦cut, 1 bytes⟧"));
    QCOMPARE(SafeText::from("a", 0).text(), std::string("⟦cut, 1 bytes⟧"));
  }
};

QTEST_GUILESS_MAIN(SafeTextTest)
#include "tst_security_safe_text.moc"
