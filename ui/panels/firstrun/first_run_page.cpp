// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/firstrun/first_run_page.h"

#include <QDragEnterEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMimeData>
#include <QPainter>
#include <QSysInfo>
#include <QVBoxLayout>
#include <array>

#include "models/display.h"
#include "models/shown_text.h"
#include "panels/firstrun/choice_box.h"
#include "panels/firstrun/found_list.h"
#include "panels/firstrun/log_preview_view.h"
#include "theme/icon.h"
#include "widgets/chip.h"
#include "widgets/key_button.h"
#include "widgets/keys.h"
#include "widgets/paint.h"
#include "widgets/text.h"

namespace aiops::ui {
namespace {

using theme::FontRole;
using theme::Token;

constexpr int kTop = 56, kFoot = 60, kWideMargin = 72, kNarrowMargin = 20, kNarrow = 1400;

/// The names of the columns above the list.
class ColumnHead final : public Painted {
 public:
  explicit ColumnHead(const theme::Theme& theme, QWidget* parent) : Painted(theme, parent) {
    setFixedHeight(28);
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.fillRect(QRect(0, height() - 1, width(), 1), color(Token::Line));
    const auto columns = FoundList::columnsFor(width());
    const auto cell = [&](int left, int right, const QString& text, Qt::Alignment alignment) {
      paintText(painter, QRectF(left, 0, right - left - 10, height()), text, theme(), FontRole::Caption,
                Token::Text3, alignment);
    };
    cell(columns.log, columns.format, FirstRunPage::tr("Log"), Qt::AlignLeft);
    cell(columns.format, columns.rate, FirstRunPage::tr("Format"), Qt::AlignLeft);
    cell(columns.rate, columns.size, FirstRunPage::tr("Rate"), Qt::AlignLeft);
    cell(columns.size, columns.end + 10, FirstRunPage::tr("Size"), Qt::AlignRight);
  }
};

}  // namespace

FirstRunPage::FirstRunPage(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent)
    : Painted(theme, parent), m_finder(bridge) {
  setAccessibleName(tr("First run"));
  setAcceptDrops(true);
  m_title = new Label(theme, FontRole::Page, Token::Text, {}, this);
  auto* promise = new Label(theme, FontRole::Body, Token::Text2,
                            tr("Nothing has left this machine. Only what you tick is watched."), this);
  m_preview = new LogPreviewView(theme, m_finder, this);
  auto* right = new QVBoxLayout;
  right->setSpacing(16);
  right->addWidget(m_preview, 3);
  right->addWidget(buildAutomation(), 2);
  m_columns = new QHBoxLayout;
  m_columns->setSpacing(16);
  m_columns->addWidget(buildFound(), 55);
  m_columns->addLayout(right, 45);
  auto* middle = new QVBoxLayout;
  middle->setContentsMargins(0, 24, 0, 16);
  middle->setSpacing(4);
  middle->addWidget(m_title);
  middle->addWidget(promise);
  middle->addSpacing(12);
  middle->addLayout(m_columns, 1);
  auto* all = new QVBoxLayout(this);
  all->setSpacing(0);
  all->addSpacing(kTop);
  all->addLayout(middle, 1);
  all->addWidget(buildFoot());
  connect(&m_finder, &LogFinder::changed, this, &FirstRunPage::refresh);
  connect(&m_finder, &LogFinder::watched, this, &FirstRunPage::watched);
  connect(m_list, &RowList::opened, this, [this] { m_preview->rows()->setFocus(); });
  bindKey(this, QKeySequence(Qt::CTRL | Qt::Key_Return), [this] { m_watch->click(); });
  bindKey(this, QKeySequence(Qt::CTRL | Qt::Key_Enter), [this] { m_watch->click(); });
  bindKey(this, Qt::Key_F5, [this] { m_finder.find(); });
  bindPanes(this, {m_list, m_path, m_preview});
  setFocusProxy(m_list);
  refresh();
}

Card* FirstRunPage::buildFound() {
  auto* card = new Card(theme(), tr("Logs"), this);
  m_chosen = new Label(theme(), FontRole::Caption, Token::Text3, {}, card);
  card->head()->addWidget(m_chosen);
  m_list = new FoundList(theme(), m_finder, card);
  m_state = new Label(theme(), FontRole::Body, Token::Text2, {}, card);
  m_state->setWordWrap(true);
  m_again = new KeyButton(theme(), KeyButton::Kind::Plain, tr("Find again"), QStringLiteral("F5"), card);
  m_path = new QLineEdit(card);
  m_path->setAccessibleName(tr("File or glob to add"));
  m_path->setPlaceholderText(tr("Add a file or glob: /srv/app/*.log"));
  auto* add = new KeyButton(theme(), KeyButton::Kind::Plain, tr("Add"), {}, card);
  auto* file = new KeyButton(theme(), KeyButton::Kind::Plain, tr("Browse"), {}, card);
  add->setMark(QStringLiteral("plus"));
  auto* foot = new QHBoxLayout;
  foot->setContentsMargins(0, 8, 0, 2);
  foot->setSpacing(8);
  foot->addWidget(m_path, 1);
  foot->addWidget(add);
  foot->addWidget(file);
  foot->addWidget(m_again);
  card->body()->addWidget(new ColumnHead(theme(), card));
  card->body()->addWidget(m_state);
  card->body()->addWidget(m_list, 1);
  card->body()->addLayout(foot);
  const auto addTyped = [this] {
    m_finder.add(m_path->text().trimmed().toStdString());
    m_path->clear();
    m_list->setFocus();
  };
  connect(m_path, &QLineEdit::returnPressed, this, addTyped);
  connect(add, &QAbstractButton::clicked, this, addTyped);
  connect(file, &QAbstractButton::clicked, this, &FirstRunPage::browse);
  connect(m_again, &QAbstractButton::clicked, &m_finder, &LogFinder::find);
  return card;
}

Card* FirstRunPage::buildAutomation() {
  auto* card = new Card(theme(), tr("How much automation"), this);
  auto* ask = new ChoiceBox(theme(), tr("Ask before every change"),
                            tr("Proposes a fix with its risk and its undo. You decide each time."), card);
  auto* mark = new MarkLabel(theme(), QStringLiteral("stop"), Token::Crit, card);
  auto* stop = new Label(theme(), FontRole::Secondary, Token::Text2,
                         tr("“Stop automation” ends all of it within a second, from any panel."), card);
  stop->setWordWrap(true);
  auto* line = new QHBoxLayout;
  line->setContentsMargins(6, 12, 0, 0);
  line->setSpacing(10);
  line->addWidget(mark);
  line->addWidget(stop, 1);
  card->body()->addWidget(ask);
  card->body()->addLayout(line);
  card->body()->addStretch(1);
  return card;
}

QWidget* FirstRunPage::buildFoot() {
  auto* foot = new QWidget(this);
  foot->setFixedHeight(kFoot);
  auto* back = new KeyButton(theme(), KeyButton::Kind::Plain, tr("Back"), QStringLiteral("Esc"), foot);
  m_note = new Label(theme(), FontRole::Secondary, Token::Text3, {}, foot);
  m_note->setElided(true);
  m_demo = new KeyButton(theme(), KeyButton::Kind::Plain, tr("Try the demo"), {}, foot);
  m_demo->setToolTip(tr("Starts a small failing service here and shows its repair in a window of its own"));
  m_demo->hide();
  m_watch = new KeyButton(theme(), KeyButton::Kind::Primary, tr("Watch"), tr("Ctrl Enter"), foot);
  auto* row = new QHBoxLayout(foot);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  row->addWidget(back);
  row->addSpacing(16);
  row->addWidget(m_note, 1);
  row->addWidget(m_demo);
  row->addWidget(m_watch);
  connect(back, &QAbstractButton::clicked, this, &FirstRunPage::left);
  connect(m_demo, &QAbstractButton::clicked, this, &FirstRunPage::startDemo);
  connect(m_watch, &QAbstractButton::clicked, &m_finder, &LogFinder::watch);
  return foot;
}

void FirstRunPage::offerDemo(std::function<base::Result<>()> start) {
  m_startDemo = std::move(start);
  m_demo->setVisible(static_cast<bool>(m_startDemo));
}

void FirstRunPage::startDemo() {
  const auto started = m_startDemo();
  m_demoFailed = !started;
  m_demoNote = started ? tr("The demo opens in a window of its own; close it to end the demo.")
                       : tr("The demo did not start: %1").arg(shownString(started.error().line(), 400));
  refresh();
}

void FirstRunPage::open() {
  raise();
  show();
  m_finder.find();
  m_list->setFocus();
}

QString FirstRunPage::note() const {
  return m_note->text();
}

QString FirstRunPage::foundTitle() const {
  const QString host = shownString(QSysInfo::machineHostName().toStdString(), 64);
  const auto count = m_finder.logs().size();
  switch (m_finder.state()) {
    case LogFinder::State::Finding:
      return tr("Looking for logs on %1").arg(host);
    case LogFinder::State::Failed:
      return tr("Logs on %1").arg(host);
    case LogFinder::State::Found:
    case LogFinder::State::Watching:
      break;
  }
  return count == 0 ? tr("No logs found on %1").arg(host) : tr("%1 logs found on %2").arg(count).arg(host);
}

QString FirstRunPage::stateText() const {
  if (m_finder.state() == LogFinder::State::Failed) {
    return tr("Logs can't be looked for: %1. Add a file below, or find again.")
        .arg(shownString(m_finder.problem(), 400));
  }
  if (!m_finder.logs().empty()) return {};
  return m_finder.state() == LogFinder::State::Finding
             ? tr("Looking where logs usually are")
             : tr("No logs found here. Add a file%1.").arg(m_startDemo ? tr(", or try the demo") : QString());
}

void FirstRunPage::refresh() {
  m_title->setText(foundTitle());
  m_title->setAccessibleName(m_title->text());
  const QString state = stateText();
  m_state->setText(state);
  m_state->setVisible(!state.isEmpty());
  const auto& logs = m_finder.logs();
  const auto chosen = m_finder.chosenCount();
  m_chosen->setText(logs.empty() ? QString() : tr("%1 of %2 chosen").arg(chosen).arg(logs.size()));
  const bool watching = m_finder.state() == LogFinder::State::Watching;
  m_watch->setText(watching      ? tr("Starting")
                   : chosen == 1 ? tr("Watch 1 log")
                                 : tr("Watch %1 logs").arg(chosen));
  m_watch->setAccessibleName(m_watch->text());
  m_watch->setEnabled(chosen > 0 && !watching && m_finder.mayWatch());
  m_watch->updateGeometry();
  m_again->setEnabled(m_finder.state() != LogFinder::State::Finding && !watching);
  QString note = tr("Space ticks, A ticks all, Enter goes to the preview");
  Token ink = Token::Text3;
  const bool failed = m_finder.state() != LogFinder::State::Failed && !m_finder.problem().empty();
  if (failed) {
    note = tr("Not watched: %1").arg(shownString(m_finder.problem(), 400));
    ink = Token::Crit;
  } else if (!m_finder.mayWatch()) {
    note = tr("Your key lacks admin: it may look, not watch");
    ink = Token::Warn;
  } else if (!m_demoNote.isEmpty()) {
    note = m_demoNote;
    ink = m_demoFailed ? Token::Crit : Token::Text2;
  }
  m_note->setText(note);
  m_note->setAccessibleName(note);
  m_note->setToken(ink);
  update();
}

void FirstRunPage::browse() {
  const auto paths = QFileDialog::getOpenFileNames(this, tr("Logs to watch"), QStringLiteral("/var/log"));
  for (const auto& path : paths) m_finder.add(path.toStdString());
}

void FirstRunPage::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void FirstRunPage::dropEvent(QDropEvent* event) {
  for (const auto& url : event->mimeData()->urls()) {
    if (url.isLocalFile()) m_finder.add(url.toLocalFile().toStdString());
  }
}

void FirstRunPage::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape) {
    // The first Esc goes back to the list: what was typed stays.
    if (!m_list->hasFocus()) return m_list->setFocus();
    Q_EMIT left();
    return;
  }
  Painted::keyPressEvent(event);
}

void FirstRunPage::resizeEvent(QResizeEvent*) {
  const int margin = width() >= kNarrow ? kWideMargin : kNarrowMargin;
  layout()->setContentsMargins(margin, 0, margin, 0);
}

void FirstRunPage::paintSteps(QPainter& painter) const {
  const bool found =
      m_finder.state() == LogFinder::State::Found || m_finder.state() == LogFinder::State::Watching;
  const int now = m_finder.state() == LogFinder::State::Watching ? 2 : found ? 1 : 0;
  const std::array<QString, 3> names{tr("Find logs"), tr("Choose"), tr("Watch")};
  qreal x = width() - 20;
  for (int step = 2; step >= 0; --step) {
    const QString& name = names.at(static_cast<size_t>(step));
    const qreal text = textWidth(name, theme(), FontRole::BodyStrong);
    x -= text;
    paintText(painter, QRectF(x, 0, text + 1, kTop), name, theme(), FontRole::BodyStrong,
              step <= now ? Token::Text : Token::Text3);
    x -= 28;
    const QRectF ring(x, kTop / 2.0 - 10, 20, 20);
    const Token fill = step == now ? Token::AccentFill : Token::Panel;
    const Token edge = step == now ? Token::AccentFill : step < now ? Token::Ok : Token::Control;
    paintBox(painter, ring, color(fill), color(edge), 10);
    if (step < now) {
      theme::Icon(QStringLiteral("check")).paint(painter, ring, color(Token::Ok), 12);
    } else {
      paintText(painter, ring, QString::number(step + 1), theme(), FontRole::Caption,
                step == now ? Token::OnAccent : Token::Text3, Qt::AlignCenter);
    }
    x -= 34;
    if (step > 0) painter.fillRect(QRectF(x + 6, kTop / 2.0, 22, 1), color(Token::LineStrong));
  }
}

void FirstRunPage::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), color(Token::App));
  painter.fillRect(QRect(0, 0, width(), kTop), color(Token::Panel));
  painter.fillRect(QRect(0, kTop - 1, width(), 1), color(Token::Line));
  painter.fillRect(QRect(0, height() - kFoot, width(), kFoot), color(Token::Panel));
  painter.fillRect(QRect(0, height() - kFoot, width(), 1), color(Token::Line));
  const QRectF logo(20, kTop / 2.0 - 11, 22, 22);
  paintBox(painter, logo, color(Token::AccentFill), Qt::transparent, 5);
  theme::Icon(QStringLiteral("pulse")).paint(painter, logo, color(Token::OnAccent), 14);
  paintText(painter, QRectF(52, 0, 120, kTop), tr("AI-Ops Core"), theme(), FontRole::BodyStrong, Token::Text);
  paintText(painter, QRectF(150, 0, 160, kTop), tr("First run"), theme(), FontRole::Body, Token::Text3);
  paintSteps(painter);
}

}  // namespace aiops::ui
