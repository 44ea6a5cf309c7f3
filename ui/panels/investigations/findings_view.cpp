// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/investigations/findings_view.h"

#include <QApplication>
#include <QClipboard>
#include <QPainter>
#include <algorithm>

#include "models/shown_text.h"
#include "panels/investigations/evidence_list.h"
#include "widgets/field_list.h"
#include "widgets/key_button.h"
#include "widgets/label.h"
#include "widgets/painted.h"

namespace aiops::ui {
namespace {

using theme::FontRole;
using theme::Token;

constexpr qsizetype kMostLines = 12;  // of a text; Copy takes all of it
constexpr int kEvidenceRow = 46;
constexpr size_t kMostText = 16'384;

/// The ground of text that is meant to be taken elsewhere.
class Inset final : public Painted {
 public:
  using Painted::Painted;

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(color(Token::Line));
    painter.setBrush(color(Token::Inset));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5);
  }
};

/// A line each, safe to show; an escape can't hide a line break.
QStringList linesOf(const std::string& text) {
  QStringList lines;
  std::string_view rest(text);
  rest = rest.substr(0, kMostText);
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    lines += shownString(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return lines;
}

bool isSame(const model::Finding& a, const model::Finding& b) {
  return a.type == b.type && a.service == b.service && a.title == b.title && a.text == b.text &&
         std::ranges::equal(
             a.fields, b.fields,
             [](const auto& x, const auto& y) { return x.name == y.name && x.value == y.value; }) &&
         std::ranges::equal(a.evidence, b.evidence, [](const auto& x, const auto& y) {
           return x.evidence.id == y.evidence.id && x.reason == y.reason && x.verified == y.verified;
         });
}

}  // namespace

FindingsView::FindingsView(const theme::Theme& theme, QWidget* parent)
    : RowPane(theme, tr("Findings"), 6, parent), m_theme(theme) {}

void FindingsView::setFindings(const std::vector<model::Finding>& findings) {
  if (std::ranges::equal(findings, m_findings, isSame)) return;
  m_findings = findings;
  clear();
  bool first = true;
  for (const auto& finding : m_findings) {
    addFinding(finding, first);
    first = first && finding.text.empty();
  }
  rows().addStretch(1);
}

void FindingsView::addFinding(const model::Finding& finding, bool first) {
  if (rows().count() > 0) rows().addSpacing(10);
  auto* title =
      new Label(m_theme, FontRole::BodyStrong, Token::Text, shownString(finding.title, 512), page());
  title->setWordWrap(true);
  rows().addWidget(title);
  auto* fields = new FieldList(m_theme, page());
  fields->setAccessibleName(title->text());
  std::vector<FieldList::Row> named;
  for (const auto& field : finding.fields) {
    const ShownText value = shownText(field.value, 1024);
    FieldList::Row row{.name = shownString(field.name, 64), .value = value.text};
    for (const auto& escape : value.escapes) row.marks.push_back({escape.first, escape.last, Token::Warn});
    row.wide = row.name.size() > 12;  // an address
    named.push_back(std::move(row));
  }
  fields->setRows(std::move(named));
  rows().addWidget(fields);
  if (!finding.text.empty()) addText(finding, first);
  if (!finding.evidence.empty()) addLines(finding);
}

void FindingsView::addText(const model::Finding& finding, bool first) {
  const QStringList lines = linesOf(finding.text);
  auto* inset = new Inset(m_theme, page());
  auto* cells = new QHBoxLayout(inset);
  cells->setContentsMargins(10, 6, 6, 6);
  cells->setSpacing(8);
  QString shown = lines.mid(0, kMostLines).join(u'\n');
  if (lines.size() > kMostLines) shown += u'\n' + tr("and %1 more lines").arg(lines.size() - kMostLines);
  auto* text = new Label(m_theme, FontRole::Mono, Token::Text, shown, inset);
  text->setWordWrap(true);
  text->setTextInteractionFlags(Qt::TextSelectableByMouse);
  auto* copy = new KeyButton(m_theme, KeyButton::Kind::Plain, tr("Copy"), first ? tr("Y") : QString(), inset);
  copy->setAccessibleName(tr("Copy: %1").arg(shownString(finding.title, 256)));
  cells->addWidget(text, 1);
  cells->addWidget(copy, 0, Qt::AlignTop);
  connect(copy, &QAbstractButton::clicked, this,
          [lines] { QApplication::clipboard()->setText(lines.join(u'\n')); });
  rows().addWidget(inset);
}

void FindingsView::addLines(const model::Finding& finding) {
  auto* lines = new EvidenceList(m_theme, page());
  lines->setCitations(finding.evidence);
  lines->list()->setAccessibleName(tr("Lines of: %1").arg(shownString(finding.title, 256)));
  // All of them: nothing scrolls inside of what scrolls.
  lines->setFixedHeight(kEvidenceRow * static_cast<int>(finding.evidence.size()) + 2);
  connect(lines, &EvidenceList::openLogLine, this, &FindingsView::openLogLine);
  rows().addWidget(lines);
}

void FindingsView::copyText() {
  const auto found =
      std::ranges::find_if(m_findings, [](const auto& finding) { return !finding.text.empty(); });
  if (found != m_findings.end()) QApplication::clipboard()->setText(linesOf(found->text).join(u'\n'));
}

}  // namespace aiops::ui
