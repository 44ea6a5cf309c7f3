// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/patterns/pattern_head.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>

#include "models/display.h"
#include "models/shown_text.h"
#include "widgets/chip.h"
#include "widgets/key_button.h"
#include "widgets/label.h"
#include "widgets/text.h"

namespace aiops::ui {
namespace {

using theme::FontRole;
using theme::Token;

}  // namespace

PatternHead::PatternHead(const theme::Theme& theme, PatternEditor& editor, QWidget* parent)
    : Painted(theme, parent),
      m_editor(editor),
      m_state(new ChipLabel(theme, {}, this)),
      m_caption(new Label(theme, FontRole::Secondary, Token::Text3, {}, this)),
      m_note(new Label(theme, FontRole::Secondary, Token::Warn, {}, this)),
      m_versions(new KeyButton(theme, KeyButton::Kind::Ghost, tr("Versions"), {}, this)),
      m_switch(new KeyButton(theme, KeyButton::Kind::Plain, tr("Switch off"), {}, this)),
      m_discard(new KeyButton(theme, KeyButton::Kind::Plain, tr("Discard"), {}, this)),
      m_save(new KeyButton(theme, KeyButton::Kind::Primary, tr("Save"), QStringLiteral("Ctrl S"), this)) {
  setFixedHeight(44);
  m_caption->setElided(true);
  m_note->setElided(true);
  m_note->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(16, 6, 14, 7);
  row->setSpacing(8);
  row->addWidget(m_state);
  row->addWidget(m_caption, 1);
  row->addWidget(m_note, 1);
  for (auto* button : {m_versions, m_switch, m_discard, m_save}) row->addWidget(button);
  connect(m_versions, &QAbstractButton::clicked, this, &PatternHead::showVersions);
  connect(m_switch, &QAbstractButton::clicked, this, &PatternHead::toggleEnabled);
  connect(m_discard, &QAbstractButton::clicked, &editor, &PatternEditor::discard);
  connect(m_save, &QAbstractButton::clicked, this, &PatternHead::save);
  connect(&editor, &PatternEditor::listChanged, this, &PatternHead::refresh);
  connect(&editor, &PatternEditor::documentChanged, this, &PatternHead::refresh);
  connect(&editor, &PatternEditor::previewChanged, this, &PatternHead::refresh);
  refresh();
}

void PatternHead::save() {
  if (m_save->isEnabled()) m_editor.save();
}

void PatternHead::toggleEnabled() {
  const auto& detail = m_editor.detail();
  if (detail && m_switch->isEnabled()) m_editor.setEnabled(detail->info.id, !detail->info.enabled);
}

void PatternHead::showVersions() {
  const auto& detail = m_editor.detail();
  if (!detail || detail->versions.empty()) return;
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->setAccessibleName(tr("Versions"));
  for (const auto& version : detail->versions) {
    // An ampersand would become a shortcut mark.
    QString by = safeLine(version.by, 64);
    by.replace(QLatin1Char('&'), QStringLiteral("&&"));
    menu->addAction(tr("Version %1, %2, %3")
                        .arg(version.version)
                        .arg(momentText(version.at, base::SystemClock().now()), by),
                    &m_editor, [editor = &m_editor, number = version.version] { editor->restore(number); });
  }
  menu->popup(m_versions->mapToGlobal(QPoint(0, m_versions->height() + 2)));
  menu->setActiveAction(menu->actions().constFirst());
}

QString PatternHead::note() const {
  return m_note->text();
}

QString PatternHead::caption() const {
  if (m_editor.isNew()) return tr("Nothing is looked for until it is saved");
  const auto& detail = m_editor.detail();
  if (!detail) return {};
  const auto& info = detail->info;
  QStringList words;
  words << tr("Version %1").arg(info.version);
  words << (info.lastMatchAt
                ? tr("last match %1").arg(momentText(*info.lastMatchAt, base::SystemClock().now()))
                : tr("no match yet"));
  if (info.eventCount > 0) words << tr("%1 events").arg(countText(static_cast<qint64>(info.eventCount)));
  if (info.falsePositiveRate)
    words << tr("%1 of its incidents were real").arg(shareText(1 - *info.falsePositiveRate));
  if (info.microsecondsPerLine)
    words << tr("%1 µs a record")
                 .arg(*info.microsecondsPerLine, 0, 'f', *info.microsecondsPerLine < 10 ? 1 : 0);
  if (info.successRate) words << tr("%1 of the fixes for them worked").arg(shareText(*info.successRate));
  return words.join(QStringLiteral(", "));
}

QString PatternHead::problemOrReason() const {
  if (!m_editor.actionProblem().empty())
    return tr("Not done: %1").arg(shownString(m_editor.actionProblem(), 600));
  if (!m_editor.mayChange() && m_editor.isOpen()) return tr("Read only: your key lacks admin");
  if (m_editor.detail() && m_editor.detail()->info.overBudget)
    return tr("Switched off: it took too long for a record, again and again");
  if (m_editor.isChanged() && m_editor.savesOff()) return tr("A sample fails: it is saved switched off");
  return {};
}

void PatternHead::refresh() {
  const auto& detail = m_editor.detail();
  const bool open = m_editor.isOpen(), changed = m_editor.isChanged();
  const Token edge = theme().scheme() == theme::Scheme::HighContrast ? Token::Line : Token::WarnTint;
  if (changed) {
    m_state->setChip({m_editor.isNew() ? tr("New, not saved") : tr("Changed, not saved"),
                      Token::Warn,
                      Token::WarnTint,
                      edge,
                      {}});
  } else if (detail && !detail->info.enabled) {
    m_state->setChip({tr("Off"), Token::Text2, Token::Raised, Token::LineStrong, {}});
  } else {
    m_state->setChip({tr("On"), Token::Text2, Token::Raised, Token::LineStrong, {}});
  }
  m_state->setVisible(open);
  m_caption->setText(caption());
  m_note->setText(problemOrReason());
  m_note->setAccessibleName(m_note->text());
  m_note->setToken(m_editor.actionProblem().empty() ? Token::Warn : Token::Crit);
  m_note->setVisible(!m_note->text().isEmpty());
  const bool may = m_editor.mayChange();
  m_versions->setVisible(detail && !detail->versions.empty());
  m_switch->setVisible(detail.has_value());
  m_switch->setEnabled(may);
  const QString action = detail && !detail->info.enabled ? tr("Switch on") : tr("Switch off");
  m_switch->setText(action);
  m_switch->setAccessibleName(action);
  m_discard->setVisible(open && changed);
  const QString save = m_editor.isSaving() ? tr("Saving")
                       : m_editor.isNew()  ? tr("Save")
                       : changed && m_editor.savesOff()
                           ? tr("Save as version %1, off").arg(m_editor.nextVersion())
                           : tr("Save as version %1").arg(m_editor.nextVersion());
  m_save->setText(save);
  m_save->setAccessibleName(save);
  m_save->setVisible(open);
  const auto& preview = m_editor.preview();
  const bool broken = !m_editor.document().problem().empty() || (preview && !preview->problem.empty());
  m_save->setEnabled(may && changed && !m_editor.isSaving() && !broken);
  m_save->updateGeometry();
}

void PatternHead::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), color(Token::Panel));
  painter.fillRect(QRect(0, height() - 1, width(), 1), color(Token::Line));
}

}  // namespace aiops::ui
