// The literals by which a long expression is looked for never hide a match.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <re2/re2.h>

#include <algorithm>
#include <random>

#include "detection/literals.h"
#include "detection/matcher.h"
#include "detection/pattern.h"

using namespace aiops;

namespace {

bool holdsOne(std::string text, const std::vector<std::string>& literals) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::ranges::any_of(literals, [&](const auto& one) { return text.find(one) != std::string::npos; });
}

}  // namespace

class TestLiterals : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void literalsOfAnExpression_data();
  void literalsOfAnExpression();
  void noMatchOfAShippedPatternIsHidden();
};

void TestLiterals::literalsOfAnExpression_data() {
  QTest::addColumn<QString>("expression");
  QTest::addColumn<QString>("literals");
  const auto row = [](const char* name, const char* expression, const char* literals) {
    QTest::newRow(name) << QString::fromLatin1(expression) << QString::fromLatin1(literals);
  };
  row("one", "^\\d+ Failed login of .* from (\\S+)$", " failed login of ");
  row("alternatives", "(?:disk full)|(?:no space .* left)", "disk full & no space ");
  row("a bar in brackets", "a(?:bcd|xyz)|[|]hello", "abcd & axyz & |hello");
  row("a bracket in a class", "[]|(]fine|more", "(fine & ]fine & more & |fine");
  row("an escaped bar", "left\\|right", "left|right");
  row("one holds the other", "(?:error 7)|(?:an error 7 more)", "error 7");
  row("nothing needed", "\\d+|hello", "");
  row("too short", "ab|hello", "");
  row("quoted", "\\Qa|b\\E", "");
  row("not an expression", "(abc", "");
  row("beyond ASCII", "gr\\xfc\\xdfen", "");
}

void TestLiterals::literalsOfAnExpression() {
  QFETCH(QString, expression);
  QFETCH(QString, literals);
  std::string found;
  for (const auto& one : detection::neededLiterals(expression.toStdString()))
    found += (found.empty() ? "" : " & ") + one;
  QCOMPARE(QString::fromStdString(found), literals);
}

/// RE2 is the oracle, over the samples of all patterns, whole, cut and spliced.
void TestLiterals::noMatchOfAShippedPatternIsHidden() {
  const auto set = detection::loadPatterns({std::filesystem::path(AIOPS_SOURCE_DIR) / "resources/patterns"});
  std::vector<std::string> texts;
  for (const auto& document : set->documents()) {
    texts.insert(texts.end(), document.samplesMatch.begin(), document.samplesMatch.end());
    texts.insert(texts.end(), document.samplesNoMatch.begin(), document.samplesNoMatch.end());
  }
  std::mt19937_64 random(20261122);
  for (size_t i = 0, known = texts.size(); i < known; ++i) {
    auto text = texts[i];
    const auto& other = texts[random() % known];
    text.insert(random() % (text.size() + 1), other.substr(random() % (other.size() + 1), 60));
    texts.push_back(std::move(text));
  }
  size_t matches = 0;
  for (const auto& document : set->documents()) {
    const auto literals = detection::neededLiterals(document.select.match);
    if (literals.empty()) continue;
    const RE2 regex(document.select.match, detection::expressionOptions());
    for (const auto& text : texts) {
      if (!RE2::PartialMatch(text, regex)) continue;
      ++matches;
      QVERIFY2(holdsOne(text, literals), (document.id + ": " + text).c_str());
    }
  }
  QVERIFY(matches > 500);
}

QTEST_GUILESS_MAIN(TestLiterals)
#include "tst_detection_literals.moc"
