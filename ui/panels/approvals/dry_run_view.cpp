// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/approvals/dry_run_view.h"

#include <QHBoxLayout>
#include <QLayoutItem>
#include <QPainter>
#include <algorithm>

#include "widgets/chip.h"
#include "widgets/label.h"
#include "widgets/paint.h"
#include "widgets/text.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

DryRunView::DryRunView(const theme::Theme& theme, QWidget* parent) : Painted(theme, parent) {
  m_lines = new QVBoxLayout(this);
  m_lines->setContentsMargins(12, 8, 12, 9);
  m_lines->setSpacing(4);
  showHint();
}

void DryRunView::clear() {
  while (QLayoutItem* item = m_lines->takeAt(0)) {
    delete item->widget();
    delete item;
  }
}

void DryRunView::addLine(const char* icon, Token ink, const QString& text, bool strong) {
  auto* line = new QWidget(this);
  auto* row = new QHBoxLayout(line);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  row->addWidget(new MarkLabel(theme(), QString::fromLatin1(icon), ink, line), 0, Qt::AlignTop);
  auto* label = new Label(theme(), strong ? FontRole::BodyStrong : FontRole::Secondary,
                          strong ? Token::Text : Token::Text2, text, line);
  label->setWordWrap(true);
  row->addWidget(label, 1);
  m_lines->addWidget(line);
}

void DryRunView::showHint() {
  clear();
  setAccessibleName(tr("Dry run"));
  addLine("play", Token::Text3, tr("Y tries all of it without its effects"));
}

void DryRunView::showRunning() {
  clear();
  addLine("clock", Token::Info, tr("Trying it without its effects"), true);
}

void DryRunView::showResult(const base::Result<model::DryRun>& result) {
  clear();
  if (!result) {
    addLine("question", Token::Warn,
            tr("The dry run gave no answer: %1").arg(safeLine(result.error().line())));
    return;
  }
  const auto all = result->checks.size();
  const auto good = static_cast<size_t>(std::ranges::count_if(result->checks, &model::DryRunCheck::ok));
  const bool whole = result->ok();
  const QString title =
      whole ? tr("Dry run: all %1 checks pass, nothing was changed").arg(all)
            : tr("Dry run: %1 of %2 checks fail, nothing was changed").arg(all - good).arg(all);
  addLine(whole ? "check" : "cross", whole ? Token::Ok : Token::Crit, title, true);
  setAccessibleName(title);
  for (const auto& check : result->checks) {
    if (check.ok) continue;
    const QString what = safeLine(check.what);
    addLine("cross", Token::Crit,
            check.detail.empty() ? what : tr("%1: %2").arg(what, safeLine(check.detail)));
  }
}

void DryRunView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  paintBox(painter, rect(), color(Token::Raised), color(Token::Line), theme::grid::kRadiusControl);
}

}  // namespace aiops::ui
