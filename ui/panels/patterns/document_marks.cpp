// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/patterns/document_marks.h"

#include <algorithm>
#include <array>

namespace aiops::ui {
namespace {

using theme::Token;
using Marks = std::vector<CodeEdit::Mark>;

constexpr QChar kOpen(0x27E6), kClose(0x27E7);

void addEscapes(const QString& line, Marks& marks) {
  for (auto at = line.indexOf(kOpen); at >= 0; at = line.indexOf(kOpen, at + 1)) {
    const auto end = line.indexOf(kClose, at);
    if (end < 0) return;
    marks.push_back({static_cast<int>(at), static_cast<int>(end) + 1, Token::Warn});
  }
}

/// The position after the parenthesis that closes the one at `open`, or the end.
qsizetype closingOf(const QString& line, qsizetype open) {
  int depth = 0;
  bool inClass = false;
  for (qsizetype at = open; at < line.size(); ++at) {
    if (line[at] == u'\\') {
      ++at;
    } else if (inClass) {
      inClass = line[at] != u']';
    } else if (line[at] == u'[') {
      inClass = true;
    } else if (line[at] == u'(') {
      ++depth;
    } else if (line[at] == u')' && --depth == 0) {
      return at + 1;
    }
  }
  return line.size();
}

qsizetype quoteEnd(const QString& line, qsizetype open) {
  const QChar quote = line[open];
  for (qsizetype at = open + 1; at < line.size(); ++at) {
    if (quote == u'"' && line[at] == u'\\') {
      ++at;
    } else if (line[at] == quote) {
      if (quote == u'\'' && at + 1 < line.size() && line[at + 1] == u'\'') {
        ++at;
      } else {
        return at + 1;
      }
    }
  }
  return line.size();
}

bool isKeyCharacter(QChar unit) {
  return unit.isLetterOrNumber() || unit == u'_' || unit == u'-';
}

}  // namespace

Token captureToken(size_t index) {
  static constexpr std::array kTokens{Token::Series4, Token::Series3, Token::Series2,
                                      Token::Series1, Token::Series5, Token::Series6};
  return kTokens[index % kTokens.size()];
}

Marks expressionMarks(const QString& line) {
  Marks marks;
  size_t index = 0;
  for (auto at = line.indexOf(QLatin1String("(?")); at >= 0; at = line.indexOf(QLatin1String("(?"), at + 1)) {
    if (at > 0 && line[at - 1] == u'\\') continue;
    const auto name = at + 2 + (line.mid(at + 2, 1) == QLatin1String("P") ? 1 : 0);
    if (line.mid(name, 1) != QLatin1String("<")) continue;
    const auto nameEnd = line.indexOf(u'>', name);
    if (nameEnd < 0) break;
    const Token token = captureToken(index++);
    const auto end = closingOf(line, at);
    marks.push_back({static_cast<int>(at), static_cast<int>(nameEnd) + 1, token, true});
    marks.push_back({static_cast<int>(end) - 1, static_cast<int>(end), token, true});
  }
  addEscapes(line, marks);
  return marks;
}

Marks yamlMarks(const QString& line) {
  Marks marks;
  qsizetype at = 0;
  const auto mark = [&marks](qsizetype first, qsizetype last, Token token) {
    marks.push_back({static_cast<int>(first), static_cast<int>(last), token});
  };
  while (at < line.size()) {
    const bool atWord = at == 0 || line[at - 1] == u' ' || line[at - 1] == u'{' || line[at - 1] == u'[';
    if (line[at] == u'#' && atWord) {
      mark(at, line.size(), Token::Text3);
      break;
    }
    if ((line[at] == u'"' || line[at] == u'\'') && atWord) {
      const auto end = quoteEnd(line, at);
      mark(at, end, Token::Ok);
      at = end;
    } else if (atWord && isKeyCharacter(line[at])) {
      auto end = at;
      while (end < line.size() && isKeyCharacter(line[end])) ++end;
      const bool isKey =
          end < line.size() && line[end] == u':' && (end + 1 == line.size() || line[end + 1] == u' ');
      const QStringView word = QStringView(line).mid(at, end - at);
      const bool isNumber = std::all_of(word.begin(), word.end(), [](QChar unit) { return unit.isDigit(); });
      if (isKey) mark(at, end, Token::Accent);
      if (!isKey && isNumber) mark(at, end, Token::Warn);
      at = end;
    } else {
      ++at;
    }
  }
  addEscapes(line, marks);
  return marks;
}

}  // namespace aiops::ui
