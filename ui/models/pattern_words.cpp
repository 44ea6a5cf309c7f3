// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/pattern_words.h"

#include <QCoreApplication>
#include <algorithm>
#include <iterator>

namespace aiops::ui {
namespace {

struct Words {
  const char* name;
  const char* words;
};

constexpr const char* kContext = "PatternWords";

constexpr Words kKeys[] = {
    {"match", QT_TRANSLATE_NOOP("PatternWords", "Expression")},
    {"exclude", QT_TRANSLATE_NOOP("PatternWords", "But not")},
    {"extract", QT_TRANSLATE_NOOP("PatternWords", "Also takes")},
    {"first", QT_TRANSLATE_NOOP("PatternWords", "Or the first ever")},
    {"distinct", QT_TRANSLATE_NOOP("PatternWords", "Different")},
    {"tally", QT_TRANSLATE_NOOP("PatternWords", "Counted apart")},
    {"by", QT_TRANSLATE_NOOP("PatternWords", "Of")},
    {"with", QT_TRANSLATE_NOOP("PatternWords", "Together with")},
    {"mark", QT_TRANSLATE_NOOP("PatternWords", "Marked")},
    {"join", QT_TRANSLATE_NOOP("PatternWords", "Joined by")},
    {"keep", QT_TRANSLATE_NOOP("PatternWords", "serves more")},
    {"define", QT_TRANSLATE_NOOP("PatternWords", "Pieces")},
    {"field", QT_TRANSLATE_NOOP("PatternWords", "In the field")},
    {"fields", QT_TRANSLATE_NOOP("PatternWords", "Fields")},
    {"all", QT_TRANSLATE_NOOP("PatternWords", "All of")},
    {"any", QT_TRANSLATE_NOOP("PatternWords", "Any of")},
    {"not", QT_TRANSLATE_NOOP("PatternWords", "None of")},
    {"level_at_least", QT_TRANSLATE_NOOP("PatternWords", "Level from")},
    {"text", QT_TRANSLATE_NOOP("PatternWords", "Message")},
    {"max_edits", QT_TRANSLATE_NOOP("PatternWords", "Letters off")},
    {"steps", QT_TRANSLATE_NOOP("PatternWords", "Steps")},
    {"within_seconds", QT_TRANSLATE_NOOP("PatternWords", "Within")},
    {"window_seconds", QT_TRANSLATE_NOOP("PatternWords", "Within")},
    {"at_most", QT_TRANSLATE_NOOP("PatternWords", "at most")},
    {"at_least", QT_TRANSLATE_NOOP("PatternWords", "at least")},
    {"missing", QT_TRANSLATE_NOOP("PatternWords", "does not come")},
    {"condition_type", QT_TRANSLATE_NOOP("PatternWords", "Condition")},
    {"window_size", QT_TRANSLATE_NOOP("PatternWords", "Window")},
    {"value", QT_TRANSLATE_NOOP("PatternWords", "Of field")},
    {"of", QT_TRANSLATE_NOOP("PatternWords", "Watches")},
    {"bucket_seconds", QT_TRANSLATE_NOOP("PatternWords", "Counted over")},
    {"direction", QT_TRANSLATE_NOOP("PatternWords", "Direction")},
    {"cooldown_seconds", QT_TRANSLATE_NOOP("PatternWords", "Quiet for")},
};

QString sentence(const std::string& name) {
  QString text = QString::fromStdString(name).replace(u'_', u' ');
  if (!text.isEmpty()) text[0] = text[0].toUpper();
  return text;
}

}  // namespace

QString keyWords(const model::PatternKey& key) {
  const auto found = std::find_if(std::begin(kKeys), std::end(kKeys),
                                  [&](const Words& row) { return key.name == row.name; });
  return found == std::end(kKeys) ? sentence(key.name) : QCoreApplication::translate(kContext, found->words);
}

QString choiceWords(const std::string& choice) {
  return sentence(choice);
}

}  // namespace aiops::ui
