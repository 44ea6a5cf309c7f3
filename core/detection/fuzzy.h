// Approximate text: a message that has changed its wording is still found. Internal to detection.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "detection/kinds.h"

namespace aiops::detection {

/// Looks for a text that is almost the one given, anywhere in another. Case of ASCII letters is ignored, and
/// runs of white space are one space. Immutable and thread safe; time is linear in the text for a given
/// pattern.
///
/// With `maxEdits`: the smallest number of letters that have to be put in, left out or changed (Levenshtein,
/// found as Sellers, J. Algorithms 1, 1980, and Ukkonen, J. Algorithms 6, 1985, do) is at most that.
/// Else by words: numbers of any value are one word. Of the words of the pattern that stand in the text in
/// the same order, the share `2 m / (words of the pattern + words of the stretch that holds them)` (Dice) is
/// at least `similarity`; a word that differs in a few letters counts by its likeness, but half of the words
/// needed stand there as they are.
class Fuzzy {
 public:
  struct Match {
    bool found = false;
    double similarity = 0;  ///< 0 to 1
    size_t start = 0;       ///< of the stretch in the text, bytes
    size_t length = 0;
    std::string differs;  ///< what is not as in the pattern, in words; empty when nothing is
  };

  explicit Fuzzy(const FuzzyKind& kind);

  bool matches(std::string_view text) const;
  Match match(std::string_view text) const;
  /// Expressions for a scanner's ready items: one of them at least finds every text that matches.
  const std::vector<std::string>& pieces() const { return m_pieces; }

  static constexpr size_t kMostBytes = 512;  ///< of the pattern
  static constexpr size_t kMostWords = 64;   ///< of the pattern

 private:
  struct Word {
    std::string text;
    size_t start = 0;
    size_t length = 0;
  };

  static std::vector<Word> wordsOf(std::string_view text, size_t most);
  struct Stretch;

  Match byEdits(std::string_view text) const;
  Match byWords(std::string_view text) const;
  Stretch bestFrom(const std::vector<Word>& words, size_t begin) const;
  std::string difference(const std::vector<Word>& found) const;
  void piecesOfEdits();
  void piecesOfWords();

  const FuzzyKind m_kind;
  std::string m_text;  ///< folded
  std::vector<Word> m_words;
  size_t m_needed = 0;   ///< words that have to be there as they are
  size_t m_longest = 0;  ///< stretch, in words
  std::vector<std::string> m_pieces;
};

}  // namespace aiops::detection
