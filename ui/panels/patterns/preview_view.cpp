// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/patterns/preview_view.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>
#include <array>

#include "models/display.h"
#include "theme/icon.h"
#include "widgets/label.h"
#include "widgets/left_to_right.h"
#include "widgets/paint.h"
#include "widgets/text.h"

namespace aiops::ui {
namespace {

using theme::FontRole;
using theme::Token;

constexpr int kTime = 34, kService = 132, kServiceWidth = 92, kText = kService + kServiceWidth + 12;

}  // namespace

PreviewView::PreviewView(const theme::Theme& theme, PatternEditor& editor, QWidget* parent)
    : Painted(theme, parent),
      m_editor(editor),
      m_caption(new Label(theme, FontRole::Secondary, Token::Text3, {}, this)),
      m_result(new Label(theme, FontRole::Secondary, Token::Text, {}, this)),
      m_notes(new Label(theme, FontRole::Secondary, Token::Warn, {}, this)),
      m_state(new Label(theme, FontRole::Body, Token::Text2, {}, this)),
      m_rows(new RowList(theme, std::bind_front(&PreviewView::paintRow, this), this)) {
  auto* title = new Label(theme, FontRole::BodyStrong, Token::Text, tr("Live preview"), this);
  m_state->setWordWrap(true);
  m_state->setContentsMargins(0, 8, 0, 4);
  m_notes->setWordWrap(true);
  m_notes->setContentsMargins(0, 6, 0, 4);
  m_caption->setElided(true);
  m_rows->setAccessibleName(tr("Lines of the live preview"));
  auto* head = new QHBoxLayout;
  head->setContentsMargins(16, 0, 14, 0);
  head->setSpacing(10);
  head->addStrut(theme::grid::kPaneHeader);
  head->addWidget(title);
  head->addWidget(m_caption, 1);
  head->addWidget(m_result);
  auto* state = new QVBoxLayout;
  state->setContentsMargins(16, 0, 16, 0);
  state->setSpacing(0);
  state->addWidget(m_notes);
  state->addWidget(m_state);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(0, 0, 0, 0);
  all->setSpacing(0);
  all->addSpacing(1);
  all->addLayout(head);
  all->addLayout(state);
  all->addWidget(m_rows, 1);
  connect(m_rows, &RowList::opened, this, [this](const QString& id) {
    const auto row = id.toULongLong();
    if (row < m_shown.size()) {
      Q_EMIT openLogLine(QString::fromStdString(m_shown[row].hit.source), m_shown[row].hit.line);
    }
  });
  connect(&editor, &PatternEditor::previewChanged, this, &PreviewView::refresh);
  connect(&editor, &PatternEditor::documentChanged, this, &PreviewView::refresh);
  refresh();
}

QString PreviewView::caption() const {
  return m_caption->text() + u' ' + m_result->text();
}

QString PreviewView::stateText() const {
  return m_state->isVisibleTo(this) ? m_state->text() : QString();
}

void PreviewView::refreshHead() {
  const auto& preview = m_editor.preview();
  const bool good = preview && preview->problem.empty();
  m_caption->setText(good ? tr("newest %1 lines").arg(countText(static_cast<qint64>(preview->linesLookedAt)))
                          : QString());
  m_result->setText(good ? tr("Lines matched: %1. Would fire: %2.")
                               .arg(countText(static_cast<qint64>(preview->linesMatched)),
                                    countText(static_cast<qint64>(preview->wouldFire)))
                         : QString());
  QStringList notes;
  if (good) {
    for (const auto& note : preview->notes) notes << shownString(note, 300);
  }
  m_notes->setText(notes.join(u'\n'));
  m_notes->setVisible(!notes.isEmpty());
}

void PreviewView::refresh() {
  const auto& preview = m_editor.preview();
  refreshHead();
  if (preview && preview->problem.empty()) fill(*preview);
  QString state;
  if (!m_editor.isOpen()) {
    m_shown.clear();
    m_rows->setRows({});
    const bool failed = !m_editor.actionProblem().empty();
    state = m_editor.id().empty() || failed ? tr("Choose a pattern, or make a new one.")
                                            : tr("Reading the pattern");
  } else if (!m_editor.previewProblem().empty()) {
    state = tr("No preview: %1").arg(shownString(m_editor.previewProblem()));
  } else if (preview && !preview->problem.empty()) {
    state = tr("No preview until the document can be used: %1").arg(safeLine(preview->problem, 300));
  } else if (preview && preview->linesLookedAt == 0) {
    state = tr("No line to look at: nothing is watched, or no line has come yet.");
  } else if (preview && m_shown.empty()) {
    state = tr("None of the newest %1 lines matches, and nothing would fire.")
                .arg(countText(static_cast<qint64>(preview->linesLookedAt)));
  } else if (!preview) {
    state = tr("Trying it on the newest lines");
  }
  m_state->setText(state);
  m_state->setVisible(!state.isEmpty());
  m_rows->viewport()->update();
}

QString PreviewView::whyOf(const Row& row) const {
  const QString why = safeLine(row.hit.why, 160);
  if (row.kind == Kind::Firing) return why.isEmpty() ? tr("fires") : tr("fires: %1").arg(why);
  return row.kind == Kind::Miss ? tr("near miss: %1").arg(why) : QString();
}

void PreviewView::fill(const model::PatternPreview& preview) {
  m_shown.clear();
  for (const auto& fired : preview.firings) m_shown.push_back({fired, previewLine(fired), Kind::Firing});
  for (const auto& hit : preview.hits) m_shown.push_back({hit, previewLine(hit), Kind::Match});
  for (const auto& miss : preview.nearMisses) m_shown.push_back({miss, previewLine(miss), Kind::Miss});
  std::vector<RowInfo> rows;
  for (size_t i = 0; i < m_shown.size(); ++i) {
    const auto& row = m_shown[i];
    const QString why = whyOf(row);
    const QString words = tr("%1, %2, %3: %4")
                              .arg(row.kind == Kind::Match ? tr("Match") : why, clockText(row.hit.time),
                                   shownString(row.hit.service, 64), row.line.text);
    rows.push_back({QString::number(i), words, theme::grid::kRowLog});
  }
  m_rows->setRows(std::move(rows));
}

void PreviewView::paintRow(QPainter& painter, const QRect& box, int index, const RowState& state) const {
  const auto& row = m_shown[static_cast<size_t>(index)];
  const bool broken = m_editor.preview() && !m_editor.preview()->problem.empty();
  const bool stale = broken || m_editor.isPreviewing();
  if (state.current && m_rows->hasFocus()) painter.fillRect(box, color(Token::Selected));
  if (state.hovered && !state.current) painter.fillRect(box, color(Token::Hover));
  const auto part = [&box](int left, int right) {
    return QRectF(left, box.top(), right - left, box.height());
  };
  static constexpr std::array kIcons{"flag", "check", "cross"};
  static constexpr std::array kInks{Token::Accent, Token::Ok, Token::Text3};
  const auto kind = static_cast<size_t>(row.kind);
  theme::Icon(QString::fromLatin1(kIcons[kind])).paint(painter, part(14, 30), color(kInks[kind]), 12);
  ui::paintText(painter, part(kTime, kService - 6),
                row.hit.time == base::TimePoint{} ? QStringLiteral("–") : clockText(row.hit.time), theme(),
                FontRole::Mono, Token::Text2);
  ui::paintText(painter, part(kService, kService + kServiceWidth),
                forcedLeftToRight(shownString(row.hit.service, 64)), theme(), FontRole::Mono, Token::Text2);
  const QString why = whyOf(row);
  const int wanted = static_cast<int>(textWidth(why, theme(), FontRole::Caption)) + 16;
  const int room = why.isEmpty() ? 0 : std::min(box.width() * 2 / 5, wanted);
  paintText(painter, QRect(kText, box.top(), box.width() - kText - 14 - room, box.height()), row.line,
            stale || row.kind == Kind::Miss);
  if (room > 0) {
    ui::paintText(painter, part(box.width() - room, box.width() - 14), why, theme(), FontRole::Caption,
                  row.kind == Kind::Firing ? Token::Text : Token::Text2, Qt::AlignRight);
  }
  if (state.current && state.focused) paintFocus(painter, box, theme(), 0);
}

void PreviewView::paintText(QPainter& painter, const QRect& box, const PreviewLine& line, bool quiet) const {
  const QFont plain = theme().font(FontRole::Mono);
  QFont strong = plain;
  strong.setWeight(QFont::Bold);
  const QFontMetrics metrics(plain);
  const int units = std::max(1, box.width() / std::max(1, metrics.horizontalAdvance(u'0')) - 1);
  const int from = previewStart(line, units);
  const int to = std::min(static_cast<int>(line.text.size()), from + units + 8);
  int x = box.left();
  painter.setClipRect(box);
  const auto draw = [&](const QString& text, const PreviewRun& run) {
    painter.setFont(run.capture ? strong : plain);
    const int width = painter.fontMetrics().horizontalAdvance(text);
    if (run.match) painter.fillRect(QRect(x, box.top() + 2, width, box.height() - 4), color(Token::Match));
    painter.setPen(color(run.match    ? Token::OnMatch
                         : run.escape ? Token::Warn
                         : quiet      ? Token::Text3
                                      : Token::Text2));
    painter.drawText(QRect(x, box.top(), width + 2, box.height()), Qt::AlignVCenter | Qt::TextSingleLine,
                     forcedLeftToRight(text));
    x += width;
  };
  if (from > 0) draw(QStringLiteral("… "), {});
  for (const auto& run : previewRuns(line, from, to)) {
    if (x >= box.right()) break;
    draw(line.text.mid(run.first, run.last - run.first), run);
  }
  if (x > box.right()) {
    const int width = metrics.horizontalAdvance(u'…') + 2;
    painter.fillRect(QRect(box.right() - width, box.top(), width + 1, box.height()), color(Token::Inset));
    x = box.right() - width + 1;
    draw(QStringLiteral("…"), {});
  }
  painter.setClipping(false);
}

void PreviewView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), color(Token::Inset));
  painter.fillRect(QRect(0, 0, width(), 30), color(Token::Panel));
  painter.fillRect(QRect(0, 0, width(), 1), color(Token::Line));
  painter.fillRect(QRect(0, 30, width(), 1), color(Token::Line));
}

}  // namespace aiops::ui
