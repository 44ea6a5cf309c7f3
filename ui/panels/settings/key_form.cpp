// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/settings/key_form.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QPointer>

#include "models/cell_text.h"
#include "widgets/key_button.h"
#include "widgets/label.h"
#include "widgets/pick_box.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr int kLabelWidth = 236, kControlWidth = 260;
constexpr const char* kScopes[] = {"read", "ingest", "operate", "approve", "admin"};

QString scopeWords(const QString& scope) {
  if (scope == QLatin1String("read")) return KeyForm::tr("Sees everything, changes nothing.");
  if (scope == QLatin1String("ingest")) return KeyForm::tr("Sends log lines, nothing else.");
  if (scope == QLatin1String("operate"))
    return KeyForm::tr("Reads, and switches agents, patterns and sources.");
  if (scope == QLatin1String("approve")) return KeyForm::tr("As operate, and decides on fixes.");
  return KeyForm::tr("Everything, settings and keys too.");
}

}  // namespace

KeyForm::KeyForm(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_bridge(bridge) {
  const auto labelled = [this](const QString& text, QWidget* control) {
    auto* label = new Label(m_theme, FontRole::Body, Token::Text, text, this);
    label->setFixedWidth(kLabelWidth);
    auto* row = new QHBoxLayout;
    row->setSpacing(12);
    row->addWidget(label);
    row->addWidget(control);
    row->addStretch(1);
    return row;
  };
  m_name = new QLineEdit(this);
  m_name->setFixedWidth(kControlWidth);
  m_name->setMaxLength(64);
  m_name->setPlaceholderText(tr("who or what uses it"));
  m_name->setAccessibleName(tr("Name of the key"));
  m_scope = new PickBox(theme, this);
  m_scope->setFixedWidth(kControlWidth);
  m_scope->setAccessibleName(tr("Scope of the key"));
  for (const auto* scope : kScopes) m_scope->addItem(QString::fromLatin1(scope));
  m_note = new Label(theme, FontRole::Secondary, Token::Text2, {}, this);
  m_create = new KeyButton(theme, KeyButton::Kind::Primary, tr("Create key"), tr("Enter"), this);
  m_create->setObjectName(QStringLiteral("createKey"));
  auto* rows = new QVBoxLayout(this);
  rows->setContentsMargins(8, 12, 8, 12);
  rows->setSpacing(10);
  auto* intro = new Label(
      theme, FontRole::Secondary, Token::Text2,
      tr("A key lets a program in over HTTP. Console and command line on this machine need none."), this);
  intro->setWordWrap(true);
  rows->addWidget(intro);
  rows->addLayout(labelled(tr("Name"), m_name));
  rows->addLayout(labelled(tr("Scope"), m_scope));
  rows->addLayout(labelled({}, m_note));
  rows->addLayout(labelled({}, m_create));
  buildResult(rows);
  const bool admin = bridge.caller().isAdmin;
  for (auto* control : std::initializer_list<QWidget*>{m_name, m_scope, m_create}) control->setEnabled(admin);
  const auto describe = [this, admin] {
    m_note->setText(admin ? scopeWords(m_scope->currentText()) : tr("Your key lacks admin."));
    m_note->setToken(admin ? Token::Text2 : Token::Warn);
  };
  connect(m_scope, &QComboBox::currentIndexChanged, this, describe);
  connect(m_create, &QAbstractButton::clicked, this, &KeyForm::create);
  connect(m_name, &QLineEdit::returnPressed, this, &KeyForm::create);
  describe();
}

void KeyForm::buildResult(QVBoxLayout* rows) {
  m_result = new QWidget(this);
  m_made = new Label(m_theme, FontRole::BodyStrong, Token::Text, {}, m_result);
  m_shown = new QLineEdit(m_result);
  m_shown->setReadOnly(true);
  m_shown->setFont(m_theme.font(FontRole::Mono));
  m_shown->setAccessibleName(tr("The new key, shown once"));
  m_copy = new KeyButton(m_theme, KeyButton::Kind::Plain, tr("Copy"), {}, m_result);
  m_copy->setMark(QStringLiteral("copy"));
  auto* done = new KeyButton(m_theme, KeyButton::Kind::Plain, tr("I have it"), {}, m_result);
  auto* line = new QHBoxLayout;
  line->addWidget(m_shown, 1);
  line->addWidget(m_copy);
  line->addWidget(done);
  auto* all = new QVBoxLayout(m_result);
  all->setContentsMargins(0, 8, 0, 0);
  all->addWidget(m_made);
  all->addLayout(line);
  m_result->hide();
  rows->addWidget(m_result);
  connect(m_copy, &QAbstractButton::clicked, this, [this] {
    QApplication::clipboard()->setText(m_shown->text());
    m_copy->setText(tr("Copied"));
    m_copy->updateGeometry();
  });
  connect(done, &QAbstractButton::clicked, this, &KeyForm::forget);
}

void KeyForm::create() {
  if (!m_create->isEnabled()) return;
  if (m_name->text().trimmed().isEmpty()) {
    m_note->setText(tr("Give the key a name first."));
    m_note->setToken(Token::Crit);
    return m_name->setFocus();
  }
  m_create->setEnabled(false);
  m_bridge.operations().createApiKey(
      m_bridge.caller(), m_name->text().trimmed().toStdString(), m_scope->currentText().toStdString(),
      m_bridge.onUiThread<service::NewKey>([self = QPointer(this)](auto answer) {
        if (self) self->take(answer);
      }));
}

void KeyForm::take(const base::Result<service::NewKey>& answer) {
  m_create->setEnabled(true);
  if (!answer) {
    m_note->setText(cellText(answer.error().line()));
    m_note->setToken(Token::Crit);
    return;
  }
  m_made->setText(tr("Key \"%1\", scope %2. It is shown now and never again: copy it.")
                      .arg(m_name->text().trimmed(), m_scope->currentText()));
  m_shown->setText(cellText(answer->text));
  m_copy->setText(tr("Copy"));
  m_result->show();
  m_name->clear();
  m_shown->setFocus();
  m_shown->selectAll();
}

void KeyForm::forget() {
  m_shown->clear();
  m_made->clear();
  m_result->hide();
}

void KeyForm::hideEvent(QHideEvent*) {
  forget();
}

}  // namespace aiops::ui
