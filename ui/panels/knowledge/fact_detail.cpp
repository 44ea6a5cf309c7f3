// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/knowledge/fact_detail.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QVBoxLayout>

#include "models/cell_text.h"
#include "widgets/key_button.h"
#include "widgets/label.h"

namespace aiops::ui {

using model::Standing;
using theme::FontRole;
using theme::Token;

namespace {

constexpr size_t kIncidentsShown = 3;

}  // namespace

FactDetail::FactDetail(const theme::Theme& theme, bool mayOperate, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_mayOperate(mayOperate) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 8, 8, 0);
  column->setSpacing(6);
  m_what = new Label(theme, FontRole::BodyStrong, Token::Text, {}, this);
  m_what->setWordWrap(true);
  m_what->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  m_state = new Label(theme, FontRole::Secondary, Token::Text2, {}, this);
  m_state->setWordWrap(true);
  m_note = new Label(theme, FontRole::Secondary, Token::Text2, {}, this);
  m_note->setWordWrap(true);
  m_note->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  m_incidents = new QWidget(this);
  new QHBoxLayout(m_incidents);
  m_incidents->layout()->setContentsMargins(0, 0, 0, 0);
  m_incidents->layout()->setSpacing(4);
  m_form = buildForm();
  m_actions = buildActions();
  for (auto* part : std::initializer_list<QWidget*>{m_what, m_state, m_note, m_incidents, m_form, m_actions})
    column->addWidget(part);
  m_form->hide();
}

QWidget* FactDetail::buildForm() {
  auto* form = new QWidget(this);
  auto* column = new QVBoxLayout(form);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(6);
  m_instead = new QLineEdit(form);
  m_instead->setObjectName(QStringLiteral("instead"));
  m_instead->setAccessibleName(tr("What it is instead"));
  m_instead->setPlaceholderText(tr("What is it instead? May stay empty"));
  m_instead->setMaxLength(200);
  m_instead->installEventFilter(this);
  column->addWidget(m_instead);
  auto* row = new QHBoxLayout;
  row->setSpacing(6);
  m_wrong = new KeyButton(m_theme, KeyButton::Kind::Danger, tr("It is wrong"), tr("Enter"), form);
  m_holds = new KeyButton(m_theme, KeyButton::Kind::Plain, tr("It holds"), {}, form);
  m_open = new KeyButton(m_theme, KeyButton::Kind::Ghost, tr("Take back"), {}, form);
  m_back = new KeyButton(m_theme, KeyButton::Kind::Ghost, tr("Back"), tr("Esc"), form);
  for (auto* button : {m_wrong, m_holds, m_open}) row->addWidget(button);
  row->addStretch(1);
  row->addWidget(m_back);
  column->addLayout(row);
  connect(m_wrong, &QAbstractButton::clicked, this, [this] { say(Standing::Wrong); });
  connect(m_holds, &QAbstractButton::clicked, this, [this] { say(Standing::Holds); });
  connect(m_open, &QAbstractButton::clicked, this, [this] { say(Standing::Open); });
  connect(m_back, &QAbstractButton::clicked, this, &FactDetail::leave);
  connect(m_instead, &QLineEdit::textChanged, this, &FactDetail::refresh);
  return form;
}

QWidget* FactDetail::buildActions() {
  auto* actions = new QWidget(this);
  auto* row = new QHBoxLayout(actions);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(6);
  m_correct = new KeyButton(m_theme, KeyButton::Kind::Plain, tr("Correct"), tr("C"), actions);
  m_forget = new KeyButton(m_theme, KeyButton::Kind::Plain, tr("Forget"), tr("Del"), actions);
  m_restore = new KeyButton(m_theme, KeyButton::Kind::Plain, tr("Restore"), tr("Del"), actions);
  for (auto* button : {m_correct, m_forget, m_restore}) row->addWidget(button);
  row->addStretch(1);
  connect(m_correct, &QAbstractButton::clicked, this, &FactDetail::correct);
  connect(m_forget, &QAbstractButton::clicked, this, [this] { Q_EMIT forgetAsked(m_id); });
  connect(m_restore, &QAbstractButton::clicked, this, [this] { Q_EMIT restoreAsked(m_id); });
  return actions;
}

void FactDetail::setFact(const KnowledgeData& known, const model::KnowledgeEdge* fact) {
  const QString id = fact == nullptr ? QString() : QString::fromStdString(fact->id);
  if (id != m_id) m_form->hide();
  m_id = id;
  setVisible(fact != nullptr);
  if (fact == nullptr) return;
  m_standing = fact->standing;
  m_forgotten = fact->forgotten;
  m_what->setText(known.factText(*fact));
  const QString state = factState(*fact);
  m_state->setText(state.isEmpty() ? factOrigin(*fact) : state);
  m_note->setText(cellText(fact->note));
  m_note->setVisible(!fact->note.empty());
  showIncidents(fact->incidents);
  refresh();
}

void FactDetail::showIncidents(const std::vector<std::string>& incidents) {
  auto* row = qobject_cast<QHBoxLayout*>(m_incidents->layout());
  while (auto* item = row->takeAt(0)) {
    if (item->widget() != nullptr) item->widget()->deleteLater();
    delete item;
  }
  m_incidents->setVisible(!incidents.empty());
  for (size_t i = 0; i < std::min(incidents.size(), kIncidentsShown); ++i) {
    const QString name = QString::fromStdString(incidents[i]);
    auto* link = new KeyButton(m_theme, KeyButton::Kind::Ghost, name, {}, m_incidents);
    link->setFixedHeight(24);
    link->setAccessibleDescription(tr("Opens the incident"));
    connect(link, &QAbstractButton::clicked, this, [this, name] { Q_EMIT openIncident(name); });
    row->addWidget(link);
  }
  if (incidents.size() > kIncidentsShown) {
    row->addWidget(new Label(m_theme, FontRole::Caption, Token::Text3,
                             tr("and %1 more").arg(incidents.size() - kIncidentsShown), m_incidents));
  }
  row->addStretch(1);
}

void FactDetail::refresh() {
  m_actions->setVisible(m_form->isHidden());
  m_correct->setEnabled(m_mayOperate && !m_forgotten);
  m_forget->setVisible(!m_forgotten);
  m_restore->setVisible(m_forgotten);
  m_forget->setEnabled(m_mayOperate);
  m_restore->setEnabled(m_mayOperate);
  m_correct->setToolTip(m_mayOperate ? QString() : tr("This needs the scope operate"));
  const bool other = !m_instead->text().trimmed().isEmpty();
  m_wrong->setText(other ? tr("It is this instead") : tr("It is wrong"));
  m_wrong->updateGeometry();
  m_holds->setEnabled(!other && m_standing != Standing::Holds);
  m_open->setVisible(m_standing != Standing::Open);
}

void FactDetail::correct() {
  if (m_id.isEmpty() || !m_mayOperate || m_forgotten) return;
  m_instead->clear();
  m_form->show();
  refresh();
  m_instead->setFocus();
}

void FactDetail::say(Standing standing) {
  const QString id = m_id;
  const QString instead = standing == Standing::Wrong ? m_instead->text().trimmed() : QString();
  leave();
  Q_EMIT judged(id, standing, instead);
}

void FactDetail::leave() {
  m_form->hide();
  refresh();
  Q_EMIT left();
}

bool FactDetail::eventFilter(QObject* watched, QEvent* event) {
  if (watched != m_instead || event->type() != QEvent::KeyPress) return QWidget::eventFilter(watched, event);
  const int key = static_cast<QKeyEvent*>(event)->key();
  if (key == Qt::Key_Escape) return leave(), true;
  if (key == Qt::Key_Return || key == Qt::Key_Enter) return say(Standing::Wrong), true;
  return false;
}

}  // namespace aiops::ui
