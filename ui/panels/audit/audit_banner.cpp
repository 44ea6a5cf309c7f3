// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/audit/audit_banner.h"

#include <QAccessible>
#include <QHBoxLayout>

#include "models/cell_text.h"
#include "models/display.h"
#include "widgets/chip.h"
#include "widgets/key_button.h"
#include "widgets/label.h"
#include "widgets/paint.h"
#include "widgets/text.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr int kTickMs = 100, kHashGroups = 4;

}  // namespace

AuditBanner::AuditBanner(const theme::Theme& theme, QWidget* parent) : Painted(theme, parent) {
  m_mark = new MarkLabel(theme, QStringLiteral("audit"), Token::Text2, this);
  m_words = new Label(theme, FontRole::BodyStrong, Token::Text, {}, this);
  m_words->setElided(true);
  m_note = new Label(theme, FontRole::Secondary, Token::Text2, {}, this);
  m_verify = new KeyButton(theme, KeyButton::Kind::Plain, tr("Verify"), tr("V"), this);
  m_verify->setObjectName(QStringLiteral("verifyAudit"));
  m_export = new KeyButton(theme, KeyButton::Kind::Plain, tr("Export"), tr("Ctrl+E"), this);
  m_export->setObjectName(QStringLiteral("exportAudit"));
  m_cancel = new KeyButton(theme, KeyButton::Kind::Plain, tr("Stop"), tr("Esc"), this);
  m_cancel->setObjectName(QStringLiteral("cancelAudit"));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(12, 6, 8, 6);
  row->setSpacing(8);
  row->addWidget(m_mark);
  row->addWidget(m_words, 1);
  row->addWidget(m_note);
  row->addWidget(m_cancel);
  row->addWidget(m_verify);
  row->addWidget(m_export);
  m_clock.setInterval(kTickMs);
  connect(&m_clock, &QTimer::timeout, this, &AuditBanner::tick);
  connect(m_verify, &QAbstractButton::clicked, this, &AuditBanner::verifyAsked);
  connect(m_export, &QAbstractButton::clicked, this, &AuditBanner::exportAsked);
  connect(m_cancel, &QAbstractButton::clicked, this, &AuditBanner::cancelAsked);
  showUnverified();
}

void AuditBanner::say(const QString& words, const QString& icon, Token ink) {
  m_words->setText(words);
  m_words->setToken(ink == Token::Text2 ? Token::Text : ink);
  m_mark->setMark(icon, ink);
  setAccessibleName(words);
  update();
}

void AuditBanner::setBusy(bool busy) {
  m_busy = busy;
  m_verify->setEnabled(!busy);
  m_export->setEnabled(!busy);
  m_cancel->setVisible(busy);
  if (!busy) m_clock.stop();
}

void AuditBanner::showUnverified() {
  setBusy(false);
  m_broken = false;
  m_note->clear();
  say(tr("Not verified since this window opened"), QStringLiteral("question"), Token::Text2);
}

void AuditBanner::showVerifying(qulonglong entries) {
  setBusy(true);
  m_broken = false;
  m_entries = entries;
  m_since.start();
  m_clock.start();
  tick();
}

void AuditBanner::tick() {
  const QString seconds = durationText(std::chrono::milliseconds(m_since.elapsed()));
  say(tr("Verifying %1 entries, %2").arg(countText(static_cast<qint64>(m_entries)), seconds),
      QStringLiteral("clock"), Token::Text2);
  m_note->clear();
}

void AuditBanner::showVerified(const base::Result<model::AuditVerification>& answer, base::TimePoint at) {
  setBusy(false);
  m_broken = answer && !answer->whole;
  if (!answer) {
    m_note->clear();
    say(tr("Not verified: %1").arg(cellText(answer.error().line())), QStringLiteral("warning"), Token::Warn);
    return;
  }
  const QString entries = answer->entries == 1
                              ? tr("1 entry")
                              : tr("%1 entries").arg(countText(static_cast<qint64>(answer->entries)));
  if (answer->whole) {
    say(tr("Chain whole: %1, verified %2").arg(entries, clockText(at).left(8)), QStringLiteral("check"),
        Token::Ok);
    m_note->setText(tr("head %1").arg(shortHash(answer->headHash, kHashGroups)));
    return;
  }
  m_note->clear();
  const QString where = answer->brokenAt == 0
                            ? tr("Chain broken")
                            : tr("Broken at entry %1").arg(countText(static_cast<qint64>(answer->brokenAt)));
  say(answer->problem.empty() ? where : where + QStringLiteral(": ") + cellText(answer->problem),
      QStringLiteral("warning"), Token::Crit);
  QAccessibleEvent event(this, QAccessible::Alert);
  QAccessible::updateAccessibility(&event);
}

void AuditBanner::showExporting(qulonglong done, qulonglong of) {
  setBusy(true);
  m_note->clear();
  say(tr("Exporting %1 of %2 entries")
          .arg(countText(static_cast<qint64>(done)), countText(static_cast<qint64>(of))),
      QStringLiteral("clock"), Token::Text2);
}

void AuditBanner::showExported(const QString& problem, qulonglong written, const QString& path) {
  setBusy(false);
  m_note->clear();
  if (!problem.isEmpty())
    return say(tr("Not exported: %1").arg(problem), QStringLiteral("warning"), Token::Warn);
  say(tr("%1 entries written to %2").arg(countText(static_cast<qint64>(written)), path),
      QStringLiteral("check"), Token::Text2);
}

QString AuditBanner::words() const {
  return m_words->text();
}

void AuditBanner::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  paintBox(painter, rect(), color(m_broken ? Token::CritTint : Token::Panel),
           color(m_broken ? Token::Crit : Token::Line), theme::grid::kRadiusCard);
}

}  // namespace aiops::ui
