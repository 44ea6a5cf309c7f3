// The literals and the short expressions by which a long expression is looked for never hide a match.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <random>

#include "detection/literals.h"
#include "detection/matcher.h"
#include "detection/needed.h"
#include "detection/pattern.h"

using namespace aiops;

namespace {

QString listed(const std::vector<std::string>& all) {
  std::string text;
  for (const auto& one : all) text += (text.empty() ? "" : " & ") + one;
  return QString::fromStdString(text);
}

/// Columns `expression` and `wanted`; what is returned adds a row.
auto expressionRows() {
  QTest::addColumn<QString>("expression");
  QTest::addColumn<QString>("wanted");
  return [](const char* name, const char* expression, const char* wanted) {
    QTest::newRow(name) << QString::fromLatin1(expression) << QString::fromLatin1(wanted);
  };
}

/// The expressions by which one is looked for.
class Needed {
 public:
  explicit Needed(const std::string& expression) {
    for (const auto& one : detection::neededExpressions(expression))
      m_all.push_back(std::make_unique<RE2>(one, detection::expressionOptions()));
  }
  bool none() const { return m_all.empty(); }
  bool valid() const {
    return std::ranges::all_of(m_all, [](const auto& one) { return one->ok(); });
  }
  bool in(const std::string& text) const {
    return std::ranges::any_of(m_all, [&](const auto& one) { return RE2::PartialMatch(text, *one); });
  }

 private:
  std::vector<std::unique_ptr<RE2>> m_all;
};

/// Expressions in RE2's syntax, each with texts that it is likely to match.
class Generator {
 public:
  explicit Generator(uint64_t seed) : m_random(seed) {}
  size_t below(size_t limit) { return m_random() % limit; }

  std::string expression(int depth = 0) {
    std::string out;
    const size_t count = 1 + below(4);
    for (size_t i = 0; i < count; ++i) out += counted(depth);
    if (below(5) == 0) out += '|' + counted(depth) + counted(depth);
    return out;
  }

  /// Bytes of the alphabet, with a piece of `about` here and there.
  std::string text(const std::string& about) {
    static constexpr std::string_view kBytes = "abcABC12 -:[]\n";
    std::string out;
    const size_t count = 1 + below(12);
    for (size_t i = 0; i < count; ++i) {
      if (below(3) > 0) {
        out += kBytes[below(kBytes.size())];
      } else if (const auto at = below(about.size()); std::isalnum(static_cast<unsigned char>(about[at]))) {
        out += about.substr(at, 1 + below(4));
      }
    }
    return out;
  }

 private:
  std::string counted(int depth) {
    static constexpr const char* kCounts[] = {"",  "",   "",    "",      "?",    "*",
                                              "+", "+?", "{2}", "{0,2}", "{1,}", "{0}"};
    return atom(depth) + kCounts[below(std::size(kCounts))];
  }
  std::string atom(int depth) {
    static constexpr const char* kAtoms[] = {
        "a",   "b",    "c",     "A",     "B",    "1",     "abc",    "cab", " ", "-",
        ":",   "\\[",  "\\]",   "\\d",   "\\w",  "\\s",   "\\S",    ".",   "^", "$",
        "\\b", "[ab]", "[^ab]", "[a-c]", "[]a]", "[^]a]", "[\\d-]", "{",   "}", "\\n"};
    static constexpr const char* kGroups[] = {"(", "(?:", "(?i:", "(?s:", "(?P<name>", "(?-i:", "(?i)(?:"};
    if (depth > 3 || below(3) > 0) return kAtoms[below(std::size(kAtoms))];
    return kGroups[below(std::size(kGroups))] + expression(depth + 1) + ')';
  }

  std::mt19937_64 m_random;
};

}  // namespace

class TestLiterals : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void literalsOfAnExpression_data();
  void literalsOfAnExpression();
  void whatIsLookedFor_data();
  void whatIsLookedFor();
  void noMatchOfAShippedPatternIsHidden();
  void noMatchOfAGeneratedExpressionIsHidden();
};

void TestLiterals::literalsOfAnExpression_data() {
  const auto row = expressionRows();
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
  QFETCH(QString, wanted);
  QCOMPARE(listed(detection::neededLiterals(expression.toStdString())), wanted);
}

void TestLiterals::whatIsLookedFor_data() {
  const auto row = expressionRows();
  row("the rarest run", "^\\S+ by (?P<who>\\S+) of the committee at \\d+$",
      "\\S\\ of\\ the\\ committee\\ at\\ \\d");
  row("what follows a list", "(?:char|user)\\(", "(?:char|user)\\(");
  row("without regard to case", "(?i)\\bFailed\\b", "(?i:Failed)");
  row("one behind the other in a list", "(?:disk (?:is )?full|no space .* left)",
      "disk\\ (?:(?:is\\ )){0,1}full & no\\ space\\ ");
  row("the better of two lists", "(?:a.*b|c.*d) (?:broken .*pipe|reset .*peer)", "broken\\  & reset\\ ");
  row("nothing needed", "\\d+|hello", "");
  row("not an expression", "(abc", "");
  row("by its letters", "\\Qlost|found\\E", "");
  row("in a way that is not read", "\\pLabcdef", "(?i)abcdef");
}

void TestLiterals::whatIsLookedFor() {
  QFETCH(QString, expression);
  QFETCH(QString, wanted);
  QCOMPARE(listed(detection::neededExpressions(expression.toStdString())), wanted);
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
    const Needed needed(document.select.match);
    QVERIFY2(needed.valid(), document.id.c_str());
    if (needed.none()) continue;
    const RE2 regex(document.select.match, detection::expressionOptions());
    for (const auto& text : texts) {
      if (!RE2::PartialMatch(text, regex)) continue;
      ++matches;
      QVERIFY2(needed.in(text), (document.id + ": " + text).c_str());
    }
  }
  QVERIFY(matches > 500);
}

void TestLiterals::noMatchOfAGeneratedExpressionIsHidden() {
  size_t looked = 0, matches = 0;
  for (uint64_t seed = 1; seed <= 4000; ++seed) {
    Generator generator(seed);
    const auto expression = generator.expression();
    const RE2 regex(expression, detection::expressionOptions());
    if (!regex.ok()) continue;
    const Needed needed(expression);
    QVERIFY2(needed.valid(), expression.c_str());
    if (needed.none()) continue;
    ++looked;
    for (int i = 0; i < 200; ++i) {
      const auto text = generator.text(expression);
      if (!RE2::PartialMatch(text, regex)) continue;
      ++matches;
      QVERIFY2(needed.in(text), ("seed " + std::to_string(seed) + ": " + expression + " in " + text).c_str());
    }
  }
  QVERIFY2(looked > 300 && matches > 2000, (std::to_string(looked) + ", " + std::to_string(matches)).c_str());
}

QTEST_GUILESS_MAIN(TestLiterals)
#include "tst_detection_literals.moc"
