// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/approvals/step_view.h"

#include <algorithm>

#include "base/time.h"
#include "model/labels.h"
#include "panels/approvals/argv_view.h"
#include "panels/approvals/diff_view.h"
#include "panels/approvals/escaped_text.h"
#include "widgets/paint.h"
#include "widgets/text.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr int kHead = 28, kIndent = 28, kOutputLines = 8;

Token stateToken(model::StepState state) {
  switch (state) {
    case model::StepState::Done:
      return Token::Ok;
    case model::StepState::Running:
      return Token::Info;
    case model::StepState::Failed:
    case model::StepState::Unknown:
      return Token::Crit;
    case model::StepState::Undoing:
    case model::StepState::Undone:
      return Token::Warn;
    case model::StepState::Waiting:
      break;
  }
  return Token::Text3;
}

const char* stateIcon(model::StepState state) {
  switch (state) {
    case model::StepState::Done:
      return "check";
    case model::StepState::Running:
      return "play";
    case model::StepState::Failed:
      return "cross";
    case model::StepState::Unknown:
      return "question";
    case model::StepState::Undoing:
    case model::StepState::Undone:
      return "undo";
    case model::StepState::Waiting:
      break;
  }
  return "clock";
}

/// Output of a process, line by line, the last lines.
QString outputText(const std::string& output) {
  QStringList lines;
  std::string_view rest = output;
  while (!rest.empty()) {
    const size_t end = rest.find('\n');
    lines << exact(rest.substr(0, end), false);
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  if (lines.size() > kOutputLines) {
    const auto left = lines.size() - kOutputLines;
    lines = lines.mid(left);
    lines.prepend(StepView::tr("(%1 lines above)").arg(left));
  }
  return lines.join(QLatin1Char('\n'));
}

QString elapsed(const model::StepProgress& progress) {
  if (!progress.startedAt) return {};
  const auto end = progress.endedAt.value_or(base::SystemClock().now());
  return durationText(std::chrono::duration_cast<std::chrono::milliseconds>(end - *progress.startedAt));
}

}  // namespace

StepView::StepView(const theme::Theme& theme, int number, const model::PlanStep& step, int context,
                   QWidget* parent)
    : Painted(theme, parent), m_number(number), m_step(step) {
  m_body = new QVBoxLayout(this);
  m_body->setContentsMargins(0, kHead, 0, 0);
  m_body->setSpacing(4);
  auto* indented = new QVBoxLayout;
  indented->setContentsMargins(kIndent, 0, 0, 0);
  if (step.edit) m_body->addWidget(new DiffView(theme, *step.edit, context, this));
  if (step.edit && step.edit->check) {
    indented->addWidget(new Label(theme, FontRole::Secondary, Token::Text2,
                                  tr("Before the new file counts, this must exit 0 on it:"), this));
    indented->addWidget(new ArgvView(theme, step.edit->check->argv, this));
  }
  if (const auto line = model::stepLine(step, false); !line.empty())
    indented->addWidget(new ArgvView(theme, line, this));
  m_body->addLayout(indented);
  m_output = new Label(theme, FontRole::Mono, Token::Text2, {}, this);
  m_output->setWordWrap(true);
  m_output->setMargin(2);
  m_output->setIndent(kIndent);
  m_output->hide();
  m_body->addWidget(m_output);
  setAccessibleName(tr("Step %1: %2").arg(number).arg(safeLine(step.title)));
}

QString StepView::note() const {
  if (m_started) {
    QStringList parts{stepStateWord(m_progress.state)};
    const QString time = elapsed(m_progress);
    if (!time.isEmpty()) parts << time;
    if (m_progress.state == model::StepState::Failed && m_step.command)
      parts << tr("exit %1").arg(m_progress.exitCode);
    return parts.join(QStringLiteral(", "));
  }
  if (m_step.edit) {
    const auto change = static_cast<long long>(m_step.edit->after.size()) -
                        static_cast<long long>(m_step.edit->before.size());
    const auto amount = std::abs(change);
    QString bytes = tr("same length");
    if (change > 0) bytes = amount == 1 ? tr("1 byte more") : tr("%1 bytes more").arg(amount);
    if (change < 0) bytes = amount == 1 ? tr("1 byte less") : tr("%1 bytes less").arg(amount);
    return tr("%1, mode and owner kept").arg(bytes);
  }
  if (m_step.command) return tr("must exit 0 within %1").arg(durationText(m_step.command->timeout));
  if (m_step.action) return tr("must stay so for %1").arg(durationText(m_step.action->stability));
  return {};
}

void StepView::setProgress(const model::StepProgress& progress, bool started) {
  m_progress = progress;
  m_started = started;
  QString text = outputText(progress.output);
  if (!progress.detail.empty())
    text = text.isEmpty() ? safeLine(progress.detail) : text + QLatin1Char('\n') + safeLine(progress.detail);
  m_output->setText(text);
  m_output->setVisible(!text.isEmpty());
  setAccessibleDescription(started ? note() : QString());
  update();
}

void StepView::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const QRectF circle(0, 4, 20, 20);
  const bool waiting = m_progress.state == model::StepState::Waiting;
  if (m_started && !waiting) {
    paintBox(painter, circle, color(Token::Raised), color(stateToken(m_progress.state)), 10);
    theme::Icon(QString::fromLatin1(stateIcon(m_progress.state)))
        .paint(painter, circle, color(stateToken(m_progress.state)), 12);
  } else {
    paintBox(painter, circle, Qt::transparent, color(Token::Control), 10);
    paintText(painter, circle, QString::number(m_number), theme(), FontRole::Caption, Token::Text,
              Qt::AlignCenter);
  }
  const Chip kind{safeLine(m_step.kind), Token::Text2, Token::Raised, Token::LineStrong};
  const QString title = safeLine(m_step.title);
  const qreal wanted = textWidth(title, theme(), FontRole::BodyStrong);
  qreal noteSpace = textWidth(note(), theme(), FontRole::Secondary) + 8;
  const qreal free = width() - kIndent - chipWidth(kind, theme()) - 12;
  // The title says what runs: a note that would cut it gives way, unless it is the state of a run.
  if (!m_started && wanted > free - noteSpace) noteSpace = 0;
  const qreal titleMost = free - noteSpace;
  const qreal titleSpace = std::min(titleMost, wanted);
  paintText(painter, QRectF(kIndent, 4, titleSpace + 1, 20), title, theme(), FontRole::BodyStrong,
            Token::Text);
  paintChip(painter, {kIndent + titleSpace + 9, 4}, kind, theme());
  if (noteSpace == 0) return;
  paintText(painter, QRectF(width() - noteSpace, 4, noteSpace, 20), note(), theme(), FontRole::Secondary,
            m_started ? stateToken(m_progress.state) : Token::Text2, Qt::AlignRight);
}

}  // namespace aiops::ui
