// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/logs/logs_panel.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QPointer>
#include <QVBoxLayout>

#include "models/display.h"
#include "models/editable_text.h"
#include "models/shown_text.h"
#include "panels/logs/filter_bar.h"
#include "panels/logs/histogram_view.h"
#include "panels/logs/inspector.h"
#include "panels/logs/log_view.h"
#include "panels/logs/waiting_bar.h"
#include "widgets/key_button.h"
#include "widgets/keys.h"
#include "widgets/label.h"
#include "widgets/text.h"

namespace aiops::ui {
namespace {

using theme::FontRole;
using theme::Token;

constexpr int kPollSeen = 100;
constexpr int kPollHidden = 1000;
constexpr int kHistogramEvery = 250;
constexpr uint32_t kLinesPerAnswer = 5000;
constexpr int kMostBars = 72;
constexpr int kNarrowWindow = 1400;
constexpr auto kHistogramWindow = std::chrono::minutes(15);

}  // namespace

LogsPanel::LogsPanel(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent)
    : Panel(parent),
      m_theme(theme),
      m_bridge(bridge),
      m_feed(bridge),
      m_filter(new FilterBar(theme, this)),
      m_histogram(new HistogramView(theme, this)),
      m_view(new LogView(theme, m_model, this)),
      m_waiting(new WaitingBar(theme, this)),
      m_inspector(new LogInspector(theme, m_model, this)) {
  auto* below = new QHBoxLayout;
  below->setSpacing(0);
  below->addWidget(buildPane(), 1);
  below->addWidget(m_inspector);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(0, 0, 0, 0);
  all->setSpacing(1);
  all->addWidget(m_filter);
  all->addWidget(m_histogram);
  all->addLayout(below, 1);
  setFocusProxy(m_view);
  connectParts();
  bindKeys();
  refresh();
}

QWidget* LogsPanel::buildPane() {
  auto* pane = new QWidget(this);
  auto* rows = new QVBoxLayout(pane);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setSpacing(1);
  buildHead(rows);
  rows->addWidget(m_view, 1);
  rows->addWidget(m_waiting);
  buildEmpty();
  return pane;
}

void LogsPanel::buildHead(QVBoxLayout* pane) {
  m_title = new Label(m_theme, FontRole::BodyStrong, Token::Text, tr("All services, merged"), this);
  m_caption = new Label(m_theme, FontRole::Secondary, Token::Text3, {}, this);
  m_note = new Label(m_theme, FontRole::Secondary, Token::Warn, {}, this);
  m_note->setElided(true);
  auto* zone = new Label(m_theme, FontRole::Caption, Token::Text3, tr("UTC"), this);
  m_state = new KeyButton(m_theme, KeyButton::Kind::Plain, tr("Following"), tr("Space"), this);
  m_state->setFixedHeight(26);
  auto* head = new QHBoxLayout;
  head->setContentsMargins(14, 4, 12, 4);
  head->setSpacing(10);
  head->addWidget(m_title);
  head->addWidget(m_caption);
  head->addWidget(m_note, 1);
  head->addWidget(zone);
  head->addWidget(m_state);
  pane->addLayout(head);
}

void LogsPanel::buildEmpty() {
  m_empty = new QWidget(m_view);
  m_emptyText = new Label(m_theme, FontRole::Body, Token::Text2, {}, m_empty);
  m_emptyText->setAlignment(Qt::AlignCenter);
  m_emptyText->setWordWrap(true);
  m_emptyClear = new KeyButton(m_theme, KeyButton::Kind::Plain, tr("Clear"), tr("Esc"), m_empty);
  auto* rows = new QVBoxLayout(m_empty);
  rows->addStretch(1);
  rows->addWidget(m_emptyText);
  rows->addWidget(m_emptyClear, 0, Qt::AlignCenter);
  m_emptyAdd = new KeyButton(m_theme, KeyButton::Kind::Primary, tr("Find logs"), {}, m_empty);
  rows->addWidget(m_emptyAdd, 0, Qt::AlignCenter);
  connect(m_emptyAdd, &QAbstractButton::clicked, this, &Panel::addLogs);
  rows->addStretch(1);
  connect(m_emptyClear, &QAbstractButton::clicked, m_filter, &FilterBar::clearAll);
}

void LogsPanel::connectParts() {
  connect(m_filter, &FilterBar::changed, this, [this] {
    m_model.setRestrictions(m_filter->restrictions());
    m_filter->setProblem(m_model.problem());
  });
  connect(m_filter, &FilterBar::accepted, m_view, qOverload<>(&QWidget::setFocus));
  connect(&m_model, &LogModel::appended, this, &LogsPanel::refresh);
  connect(&m_model, &LogModel::reset, this, &LogsPanel::refresh);
  connect(m_view, &LogView::currentChanged, this, [this] { m_inspector->show(m_view->current()); });
  connect(m_waiting, &WaitingBar::nextError, m_view, [this] { m_view->goToError(true); });
  connect(m_waiting, &WaitingBar::follow, m_view, &LogView::follow);
  connect(m_state, &QAbstractButton::clicked, m_view, &LogView::togglePause);
  connect(m_histogram, &HistogramView::chosen, this, [this](qint64 micros) {
    if (const auto line = firstLineAt(m_model, base::TimePoint(std::chrono::microseconds(micros))))
      m_view->setCurrent(*line);
  });
  connect(&m_bridge, &EngineBridge::statusChanged, this, &LogsPanel::refresh);
  connect(&m_theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
  connect(&m_poll, &QTimer::timeout, this, &LogsPanel::ask);
  m_histogramDue.setSingleShot(true);
  m_histogramDue.setInterval(kHistogramEvery);
  connect(&m_histogramDue, &QTimer::timeout, this, &LogsPanel::refreshHistogram);
  m_poll.start(kPollHidden);
}

void LogsPanel::bindKeys() {
  bindKey(this, Qt::Key_F4, [this] { m_view->goToError(true); });
  bindKey(this, QKeySequence(Qt::SHIFT | Qt::Key_F4), [this] { m_view->goToError(false); });
  bindKey(this, QKeySequence::Find, [this] { m_filter->expression()->setFocus(); });
  bindPanes(this, {m_filter, m_histogram, m_view, m_inspector});
}

std::vector<KeyHelp> LogsPanel::keyHelp() const {
  return {{tr("Space"), tr("pause or follow")},
          {tr("End"), tr("follow the newest line")},
          {tr("J K"), tr("next or previous line")},
          {tr("F4"), tr("next error, with Shift the previous one")},
          {tr("/"), tr("expression to highlight or filter by")},
          {tr("N"), tr("next match, with Shift the previous one")},
          {tr("I"), tr("show or hide the selected line as a whole")},
          {tr("C"), tr("copy the message, with Shift also time and service")},
          {tr("P"), tr("make a pattern of the selected line")},
          {tr("Esc"), tr("drop the expression, back to the lines")}};
}

void LogsPanel::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Slash:
      m_filter->expression()->setFocus();
      break;
    case Qt::Key_I:
      m_inspectorWish = !m_inspector->isVisible();
      placeInspector();
      break;
    case Qt::Key_P:
      if (const auto line = m_view->current(); line && m_model.buffer().contains(*line)) {
        Q_EMIT makePattern(toEditable(m_model.buffer().text(*line)));
      }
      break;
    case Qt::Key_Escape:
      m_filter->clearExpression();
      m_view->setFocus();
      break;
    default:
      Panel::keyPressEvent(event);
  }
}

void LogsPanel::showEvent(QShowEvent* event) {
  Panel::showEvent(event);
  m_poll.setInterval(kPollSeen);
  placeInspector();
  ask();
}

void LogsPanel::hideEvent(QHideEvent* event) {
  Panel::hideEvent(event);
  m_poll.setInterval(kPollHidden);
}

void LogsPanel::resizeEvent(QResizeEvent* event) {
  Panel::resizeEvent(event);
  placeInspector();
  placeEmpty();
}

void LogsPanel::placeInspector() {
  m_inspector->setVisible(m_inspectorWish.value_or(window()->width() >= kNarrowWindow));
}

void LogsPanel::placeEmpty() {
  m_empty->setGeometry(m_view->rect().adjusted(40, 0, -40, 0));
}

void LogsPanel::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), m_theme.color(Token::App));
  painter.fillRect(QRect(0, m_histogram->geometry().top() - 1, width(), 1), m_theme.color(Token::Line));
  painter.fillRect(QRect(0, m_histogram->geometry().bottom() + 1, width(), 1), m_theme.color(Token::Line));
  const int paneTop = m_histogram->geometry().bottom() + 2;
  const int headBottom = m_view->mapTo(this, QPoint(0, 0)).y() - 1;
  painter.fillRect(QRect(0, paneTop, width(), headBottom - paneTop), m_theme.color(Token::Panel));
  painter.fillRect(QRect(0, headBottom, width(), 1), m_theme.color(Token::Line));
}

void LogsPanel::ask() {
  if (m_asked) return;
  m_asked = true;
  m_feed.ask(m_next, kLinesPerAnswer, [panel = QPointer(this)](base::Result<LogFeed::Batch> batch) {
    if (panel) panel->take(std::move(batch));
  });
}

void LogsPanel::take(base::Result<LogFeed::Batch> batch) {
  m_asked = false;
  const QString problem = batch ? QString() : tr("No new lines: %1").arg(shownString(batch.error().line()));
  const bool changed = problem != m_problem;
  m_problem = problem;
  if (!batch) {
    if (changed) refreshHead();
    return;
  }
  m_next = std::max(m_next, batch->next);
  if (!batch->packed.entries.empty() || batch->missed > 0) m_model.append(batch->packed, batch->missed);
  if (changed) refresh();
  if (!m_wanted.isEmpty()) activate(std::exchange(m_wanted, {}));
  if (batch->more) ask();
}

void LogsPanel::refresh() {
  m_filter->setServices(m_model.buffer().services());
  refreshHead();
  refreshEmpty();
  m_waiting->refresh(m_model);
  if (!m_histogramDue.isActive()) m_histogramDue.start();
}

QString LogsPanel::linesText(qint64 count) {
  return count == 1 ? tr("1 line") : tr("%1 lines").arg(countText(count));
}

QString LogsPanel::sourcesNote() const {
  for (const auto& source : m_bridge.status().sources) {
    if (!source.readable) return tr("%1: %2").arg(baseName(source.source), shownString(source.problem));
  }
  for (const auto& source : m_bridge.status().sources) {
    if (source.dropped > 0) return tr("%1 lost: %2").arg(baseName(source.source), lossText(source));
  }
  return {};
}

void LogsPanel::refreshHead() {
  const auto& service = m_model.restrictions().service;
  m_title->setText(service ? shownString(*service, 64) : tr("All services, merged"));
  const QString most = countText(static_cast<qint64>(m_model.capacity()));
  const auto kept = static_cast<qint64>(m_model.buffer().size());
  const QString size = countText(kept);
  const QString caption = m_model.evicted() > 0 ? tr("newest %1 lines; older ones are in the files").arg(size)
                                                : tr("%1, at most %2 are kept").arg(linesText(kept), most);
  m_caption->setText(caption);
  QString note = !m_problem.isEmpty() ? m_problem : !m_jumpNote.isEmpty() ? m_jumpNote : sourcesNote();
  if (m_model.missed() > 0) {
    if (!note.isEmpty()) note += QStringLiteral("; ");
    note += tr("%1 lines came too fast to be shown; they are in the files")
                .arg(countText(static_cast<qint64>(m_model.missed())));
  }
  m_note->setText(note);
  const bool paused = m_model.paused();
  if (m_state->text() == (paused ? tr("Paused") : tr("Following"))) return;
  m_state->setText(paused ? tr("Paused") : tr("Following"));
  m_state->setAccessibleName(paused ? tr("Paused; follow new lines") : tr("Following; pause"));
  m_state->setKind(paused ? KeyButton::Kind::Primary : KeyButton::Kind::Plain);
}

void LogsPanel::refreshHistogram() {
  m_histogram->setHistogram(histogramOf(m_model, kHistogramWindow, kMostBars));
  const QString shown =
      m_model.filter().empty()
          ? linesText(m_model.scopeCount())
          : tr("%1 of %2 lines match").arg(countText(m_model.matchCount()), countText(m_model.scopeCount()));
  m_histogram->setTrailing(shown);
}

void LogsPanel::refreshEmpty() {
  const bool empty = m_model.rowCount() == 0;
  m_empty->setVisible(empty);
  if (!empty) return;
  const bool restricted = m_model.buffer().size() > 0;
  m_emptyClear->setVisible(restricted);
  m_emptyAdd->setVisible(!restricted && m_bridge.hasStatus() && m_bridge.status().sources.empty());
  if (restricted) {
    const QString expression = m_model.restrictions().expression;
    m_emptyText->setText(expression.isEmpty() || m_model.filter().empty()
                             ? tr("No line of this service and level.")
                             : tr("No line matches “%1” with this service and level.").arg(expression));
  } else if (m_bridge.hasStatus() && m_bridge.status().sources.empty()) {
    m_emptyText->setText(tr("No log is watched."));
  } else {
    m_emptyText->setText(tr("No line yet. New lines of the watched logs appear here."));
  }
  placeEmpty();
}

void LogsPanel::activate(const QString& id) {
  m_view->setFocus();
  m_jumpNote.clear();
  if (id.startsWith(QLatin1String("find:"))) return m_filter->expression()->setText(id.mid(5));
  if (id.startsWith(QLatin1String("service:"))) {
    if (!m_filter->chooseService(id.mid(8).toStdString())) {
      m_jumpNote = tr("no line of %1 yet").arg(shownString(id.mid(8).toStdString(), 64));
    }
    return refreshHead();
  }
  const auto colon = id.lastIndexOf(u':');
  if (colon <= 0) return refreshHead();
  if (m_next == 0) {
    m_wanted = id;
    return ask();
  }
  jumpTo(id.left(colon), id.mid(colon + 1).toULongLong());
}

std::optional<uint64_t> LogsPanel::placeOf(const QString& source, uint64_t line) const {
  const auto& buffer = m_model.buffer();
  const std::string wanted = source.toStdString();
  std::optional<uint64_t> newest;
  for (uint64_t at = buffer.first(); at < buffer.end(); ++at) {
    const uint64_t own = buffer.entry(at).position.line;
    if ((line != 0 && own != line) || buffer.source(at) != wanted) continue;
    if (line != 0) return at;
    newest = at;
  }
  return newest;
}

void LogsPanel::jumpTo(const QString& source, uint64_t line) {
  const QString name = baseName(source.toStdString());
  if (const auto at = placeOf(source, line)) {
    if (!m_model.rowOf(*at) && !m_model.paused()) m_filter->clearAll();
    m_inspectorWish = true;
    placeInspector();
    m_view->setCurrent(*at);
  } else if (line == 0) {
    m_jumpNote = tr("no line of %1 yet").arg(name);
  } else {
    m_jumpNote = tr("%1:%2 is older than the lines kept here").arg(name).arg(line);
  }
  refreshHead();
}

}  // namespace aiops::ui
