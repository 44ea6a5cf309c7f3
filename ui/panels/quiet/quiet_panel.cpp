// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/quiet/quiet_panel.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPointer>
#include <QStackedWidget>
#include <algorithm>
#include <set>
#include <utility>

#include "models/cell_text.h"
#include "models/display.h"
#include "models/quiet_times.h"
#include "panels/quiet/silence_form.h"
#include "panels/quiet/window_form.h"
#include "widgets/card.h"
#include "widgets/change_bar.h"
#include "widgets/data_table.h"
#include "widgets/field_list.h"
#include "widgets/key_button.h"
#include "widgets/keys.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr int kPollMs = 1000;
constexpr size_t kOpeningsShown = 2;
const QString kSilence = QStringLiteral("silence"), kWindow = QStringLiteral("window");

std::vector<FieldList::Row> factsOf(const model::Silence& silence, const QTimeZone& here) {
  return {{QuietPanel::tr("Services"), namesText(silence.services, QuietPanel::tr("any"))},
          {QuietPanel::tr("Patterns"), namesText(silence.patterns, QuietPanel::tr("any"))},
          {QuietPanel::tr("Why"), cellText(silence.reason)},
          {QuietPanel::tr("By"), cellText(silence.by, 64)},
          {QuietPanel::tr("Since"), momentBothText(silence.from, here)},
          {QuietPanel::tr("Until"), QuietPanel::tr("%1, %2 left")
                                        .arg(momentBothText(silence.until, here),
                                             spanText(silence.until - base::SystemClock().now()))}};
}

std::vector<FieldList::Row> factsOf(const model::MaintenanceWindow& window, const QTimeZone& here) {
  std::vector<FieldList::Row> rows{
      {QuietPanel::tr("Services"), namesText(window.services, QuietPanel::tr("all services"))},
      {QuietPanel::tr("Name"), cellText(window.name)},
      {QuietPanel::tr("By"), cellText(window.by, 64)},
      {QuietPanel::tr("Comes"), repeatText(window)}};
  const QTimeZone there(QByteArray::fromStdString(window.zone));
  const auto now = base::SystemClock().now();
  for (const auto& opening : model::openings(window, now, kOpeningsShown)) {
    const QString name = opening.from <= now ? QuietPanel::tr("Open") : QuietPanel::tr("Next");
    rows.push_back({name, openingText(opening, there, here)});
  }
  return rows;
}

}  // namespace

QuietPanel::QuietPanel(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent)
    : Panel(parent), m_theme(theme), m_bridge(bridge), m_model(new QuietModel(bridge, this)) {
  buildList();
  buildSide();
  layOut();
  m_poll.setInterval(kPollMs);
  connect(&m_poll, &QTimer::timeout, m_model, &QuietModel::refresh);
  connect(m_model, &QuietModel::refreshed, this, &QuietPanel::refreshed);
  connect(&m_bridge, &EngineBridge::statusChanged, this, &QuietPanel::refreshRights);
  for (auto [key, button] : {std::pair(Qt::Key_N, m_newSilence), std::pair(Qt::Key_W, m_newWindow)})
    bindKey(this, key, [this, button = button] {
      if (!isAdding()) button->click();
    });
  bindKey(this, QKeySequence::Undo, [this] { m_undo->undo(); });
  bindPanes(this, {m_table, m_side});
  refreshRights();
}

void QuietPanel::buildList() {
  m_card = new Card(m_theme, tr("Quiet times"), this);
  m_newSilence = new KeyButton(m_theme, KeyButton::Kind::Plain, tr("New silence"), tr("N"), m_card);
  m_newWindow = new KeyButton(m_theme, KeyButton::Kind::Plain, tr("New window"), tr("W"), m_card);
  m_newWindow->setAccessibleName(tr("New maintenance window"));
  m_card->head()->addWidget(m_newSilence);
  m_card->head()->addWidget(m_newWindow);
  m_table = new DataTable(m_theme, m_model,
                          {{.width = 82},
                           {.width = 104, .stretch = true},
                           {.width = 118, .hideOrder = 3, .stretch = true},
                           {.width = 206},
                           {.width = 240, .hideOrder = 1},
                           {.width = 94, .hideOrder = 2}},
                          m_card);
  m_table->setAccessibleName(tr("Quiet times"));
  m_card->body()->addWidget(m_table, 1);
  m_empty = m_card->addNote();
  m_table->hide();
  connect(m_newSilence, &QAbstractButton::clicked, this, [this] { showForm(*m_silenceForm); });
  connect(m_newWindow, &QAbstractButton::clicked, this, [this] { showForm(*m_windowForm); });
  connect(m_table, &DataTable::currentIdChanged, this, &QuietPanel::showChosen);
}

void QuietPanel::buildSide() {
  m_side = new Card(m_theme, tr("Quiet time"), this);
  m_pages = new QStackedWidget(m_side);
  m_side->body()->addWidget(m_pages, 1);
  m_chosenPage = new QWidget(m_pages);
  m_facts = new FieldList(m_theme, m_chosenPage);
  m_effect = new Label(m_theme, FontRole::Secondary, Token::Text2, {}, m_chosenPage);
  m_effect->setWordWrap(true);
  m_end = new KeyButton(m_theme, KeyButton::Kind::Plain, tr("End now"), tr("Del"), m_chosenPage);
  m_end->setObjectName(QStringLiteral("end"));
  auto* column = new QVBoxLayout(m_chosenPage);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(12);
  column->addWidget(m_facts);
  column->addWidget(m_effect);
  column->addWidget(m_end);
  column->addStretch(1);
  m_silenceForm = new SilenceForm(m_theme, m_bridge, m_pages);
  m_windowForm = new WindowForm(m_theme, m_bridge, m_pages);
  for (auto* page : std::initializer_list<QWidget*>{m_chosenPage, m_silenceForm, m_windowForm})
    m_pages->addWidget(page);
  connect(m_end, &QAbstractButton::clicked, this, &QuietPanel::endChosen);
  connect(m_silenceForm, &SilenceForm::asked, this, &QuietPanel::addSilence);
  connect(m_windowForm, &WindowForm::asked, this, &QuietPanel::addWindow);
  for (auto* form : std::initializer_list<AddForm*>{m_silenceForm, m_windowForm})
    connect(form, &AddForm::left, this, &QuietPanel::leaveForm);
}

void QuietPanel::layOut() {
  m_undo = new ChangeBar(m_theme, this);
  m_problem = new Label(m_theme, FontRole::Secondary, Token::Warn, {}, this);
  m_problem->setElided(true);
  m_problem->hide();
  auto* cards = new QHBoxLayout;
  cards->setSpacing(theme::grid::kCardGap);
  cards->addWidget(m_card, 54);
  cards->addWidget(m_side, 46);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(theme::grid::kPageMargin, 12, theme::grid::kPageMargin, 12);
  all->setSpacing(8);
  all->addWidget(m_problem);
  all->addLayout(cards, 1);
  all->addWidget(m_undo);
  m_side->hide();
}

void QuietPanel::activate(const QString& id) {
  m_model->refresh();
  askNames();
  if (id == kWindow) return showForm(*m_windowForm);
  if (id.section(u':', 0, 0) != kSilence) {
    if (isAdding()) return static_cast<AddForm*>(m_pages->currentWidget())->begin();
    m_wantsFocus = !m_model->hasAnswer();
    return focusList();
  }
  std::vector<std::string> services;
  for (const auto& name : id.section(u':', 1).split(u'\n', Qt::SkipEmptyParts))
    services.push_back(name.toStdString());
  if (!services.empty()) m_silenceForm->fillIn(services);
  showForm(*m_silenceForm);
}

std::vector<KeyHelp> QuietPanel::keyHelp() const {
  return {{tr("N"), tr("new silence: no incident for a while")},
          {tr("W"), tr("new maintenance window: on some days, or once")},
          {tr("J K"), tr("next or previous quiet time")},
          {tr("Del"), tr("end the silence, remove the window")},
          {tr("Ctrl Z"), tr("take the last change back, for 10 s")},
          {tr("Space"), tr("in a form: tick a service, a pattern, a day")},
          {tr("Ctrl Enter"), tr("in a form: add it")},
          {tr("Esc"), tr("leave the form; what was typed stays")}};
}

void QuietPanel::showEvent(QShowEvent*) {
  m_model->refresh();
  m_poll.start();
}

void QuietPanel::hideEvent(QHideEvent*) {
  m_poll.stop();
}

bool QuietPanel::isAdding() const {
  return m_pages->currentWidget() != m_chosenPage;
}

/// Why nothing can be changed now, or empty.
QString QuietPanel::blocked() const {
  if (!m_bridge.caller().mayOperate) return tr("Your role lacks operate.");
  if (!m_bridge.problem().empty()) return tr("The engine does not answer.");
  return {};
}

void QuietPanel::refreshRights() {
  const QString why = blocked();
  for (auto* button : {m_newSilence, m_newWindow, m_end}) {
    button->setEnabled(why.isEmpty());
    button->setToolTip(why);
  }
  m_card->setTrailing(why);
}

void QuietPanel::refreshed() {
  const QString problem = cellText(m_model->problem());
  const bool none = m_model->all().empty();
  m_problem->setText(tr("Not up to date: %1").arg(problem));
  m_problem->setVisible(!problem.isEmpty() && !none);
  m_table->setVisible(!none);
  m_empty->setVisible(none);
  m_empty->setText(
      problem.isEmpty()
          ? tr("Nothing is quiet: every sign of trouble opens an incident.\n\nPress N before planned work, "
               "and "
               "its services or patterns open none for a while. Press W for work that comes again, such as a "
               "weekly backup.")
          : tr("The quiet times can't be shown. %1").arg(problem));
  const QString counts = quietCounts(m_model->silencesInForce(), m_model->windowsInForce());
  m_card->setCaption(!counts.isEmpty() ? tr("%1 in force").arg(counts)
                     : none            ? QString()
                                       : tr("none in force"));
  if (m_model->at(m_added) != nullptr) m_table->selectId(std::exchange(m_added, {}));
  if (!m_table->currentIndex().isValid()) m_table->selectId({});
  if (std::exchange(m_wantsFocus, false) && !isAdding()) focusList();
  showChosen();
}

void QuietPanel::showChosen() {
  const auto* chosen = m_model->at(m_table->currentId());
  m_side->setVisible(isAdding() || chosen != nullptr);
  if (isAdding() || chosen == nullptr) return;
  const bool silence = chosen->silence() != nullptr;
  const QTimeZone here = QTimeZone::systemTimeZone();
  m_side->setTitle(silence ? tr("Silence") : tr("Maintenance window"));
  m_side->setCaption(quietStateText(chosen->state));
  m_facts->setRows(silence ? factsOf(*chosen->silence(), here) : factsOf(*chosen->window(), here));
  m_effect->setText(chosen->state == QuietTime::State::InForce
                        ? tr("Its events are stored, shown and joined to what is open. They open no incident "
                             "and lead to no fix.")
                        : QString());
  m_end->setText(silence ? tr("End now") : tr("Remove"));
  m_end->setAccessibleName(m_end->text());
  m_end->updateGeometry();
}

/// Services that the engine knows, and the patterns it answers with.
void QuietPanel::askNames() {
  fillNames();
  m_bridge.operations().patterns().listPatterns(
      m_bridge.onUiThread<std::vector<model::PatternInfo>>([self = QPointer(this)](auto answer) {
        if (!self || !answer) return;
        self->m_patterns = std::move(*answer);
        self->fillNames();
      }));
}

void QuietPanel::fillNames() {
  std::set<std::string> names;
  for (const auto& service : m_bridge.status().services) names.insert(service.name);
  for (const auto& source : m_bridge.status().sources) names.insert(source.service);
  names.erase(std::string());
  std::vector<CheckList::Choice> services, patterns;
  for (const auto& name : names) services.push_back({name, cellText(name, 96), {}});
  for (const auto& pattern : m_patterns)
    patterns.push_back({pattern.id, cellText(pattern.id, 96), cellText(pattern.name, 128)});
  m_windowForm->setKnown(services);
  m_silenceForm->setKnown(std::move(services), std::move(patterns));
}

void QuietPanel::showForm(AddForm& form) {
  m_pages->setCurrentWidget(&form);
  m_side->setTitle(&form == m_silenceForm ? tr("New silence") : tr("New maintenance window"));
  m_side->setCaption({});
  m_side->show();
  form.refresh();
  form.begin();
}

void QuietPanel::leaveForm() {
  m_pages->setCurrentWidget(m_chosenPage);
  showChosen();
  focusList();
}

/// Where there is nothing to choose from, what one can do about that.
void QuietPanel::focusList() {
  m_model->all().empty() ? m_newSilence->setFocus() : m_table->takeFocus();
}

void QuietPanel::tell(const QString& refusal) {
  if (!refusal.isEmpty()) m_undo->tell(refusal);
}

void QuietPanel::takeIn(const std::string& added) {
  leaveForm();
  m_added = QString::fromStdString(added);
  m_wantsFocus = true;
}

void QuietPanel::addSilence(const model::Silence& silence) {
  m_model->add(silence, [self = QPointer(this)](const QString& refusal, const model::Silence& made) {
    if (!self) return;
    self->m_silenceForm->answered(refusal);
    if (!refusal.isEmpty()) return;
    self->takeIn(made.id);
    self->m_undo->offer(tr("Quiet now: %1").arg(quietWhat(made)), [self, made] { self->end(made, false); });
  });
}

void QuietPanel::addWindow(const model::MaintenanceWindow& window) {
  m_model->add(window, [self = QPointer(this)](const QString& refusal, const model::MaintenanceWindow& made) {
    if (!self) return;
    self->m_windowForm->answered(refusal);
    if (!refusal.isEmpty()) return;
    self->takeIn(made.id);
    self->m_undo->offer(tr("Added %1: %2").arg(cellText(made.name), repeatText(made)),
                        [self, made] { self->end(made, false); });
  });
}

void QuietPanel::endChosen() {
  const auto* chosen = m_model->at(m_table->currentId());
  if (chosen == nullptr || isAdding() || !m_end->isEnabled()) return;
  chosen->silence() ? end(*chosen->silence(), true) : end(*chosen->window(), true);
}

void QuietPanel::end(const model::Silence& silence, bool offerUndo) {
  m_model->endSilence(silence.id,
                      [self = QPointer(this), silence, offerUndo](const QString& refusal, const auto&) {
                        if (!self) return;
                        self->tell(refusal);
                        if (!refusal.isEmpty() || !offerUndo) return;
                        self->m_undo->offer(tr("Ended the silence of %1").arg(quietWhat(silence)),
                                            [self, silence] { self->restore(silence); });
                      });
}

void QuietPanel::end(const model::MaintenanceWindow& window, bool offerUndo) {
  m_model->removeWindow(window.id,
                        [self = QPointer(this), window, offerUndo](const QString& refusal, const auto&) {
                          if (!self) return;
                          self->tell(refusal);
                          if (!refusal.isEmpty() || !offerUndo) return;
                          self->m_undo->offer(tr("Removed %1").arg(cellText(window.name)),
                                              [self, window] { self->restore(window); });
                        });
}

void QuietPanel::restore(const model::Silence& silence) {
  m_model->add(silence, [self = QPointer(this)](const QString& refusal, const auto&) {
    if (self) self->tell(refusal);
  });
}

void QuietPanel::restore(const model::MaintenanceWindow& window) {
  m_model->add(window, [self = QPointer(this)](const QString& refusal, const auto&) {
    if (self) self->tell(refusal);
  });
}

void QuietPanel::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Escape && isAdding()) return leaveForm();
  if (event->key() == Qt::Key_Delete) return endChosen();
  Panel::keyPressEvent(event);
}

}  // namespace aiops::ui
