// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/value_field.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>

#include "widgets/pick_box.h"
#include "widgets/segment.h"

namespace aiops::ui {

using theme::Token;

namespace {

const QString kTrue = QStringLiteral("true"), kFalse = QStringLiteral("false");
constexpr int kEdge = 2;

}  // namespace

ValueField::ValueField(const theme::Theme& theme, Kind kind, const QStringList& choices, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_kind(kind) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(kEdge, kEdge, kEdge, kEdge);
  row->setSpacing(0);
  makeControl(choices);
  connect(&theme, &theme::Theme::changed, this, qOverload<>(&QWidget::update));
}

void ValueField::makeControl(const QStringList& choices) {
  auto* row = static_cast<QHBoxLayout*>(layout());
  if (m_kind == Kind::Choice) {
    m_pick = new PickBox(m_theme, this);
    m_pick->addItems(choices);
    m_pick->installEventFilter(this);
    row->addWidget(m_pick, 1);
    setFocusProxy(m_pick);
    connect(m_pick, &QComboBox::activated, this, [this] {
      if (m_pick->currentText() != m_value) Q_EMIT committed(m_pick->currentText());
    });
    return;
  }
  if (m_kind == Kind::Switch) {
    m_off = new Segment(m_theme, tr("Off"), Segment::Place::First, this);
    m_on = new Segment(m_theme, tr("On"), Segment::Place::Last, this);
    auto* group = new QButtonGroup(this);
    for (auto* segment : {m_off, m_on}) {
      group->addButton(segment);
      segment->installEventFilter(this);
      row->addWidget(segment);
      connect(segment, &QAbstractButton::clicked, this, [this, segment] {
        const QString wanted = segment == m_on ? kTrue : kFalse;
        if (wanted != m_value) Q_EMIT committed(wanted);
      });
    }
    row->addStretch(1);
    setFocusProxy(m_off);
    return;
  }
  m_line = new QLineEdit(this);
  if (m_kind == Kind::Secret) m_line->setEchoMode(QLineEdit::Password);
  m_line->setFont(m_theme.font(theme::FontRole::Mono));
  m_line->installEventFilter(this);
  row->addWidget(m_line, 1);
  setFocusProxy(m_line);
  connect(m_line, &QLineEdit::textEdited, this, [this] {
    m_dirty = true;
    setBad(false);
  });
}

void ValueField::setValue(const QString& value) {
  m_value = value;
  if (m_pick != nullptr) m_pick->setCurrentIndex(m_pick->findText(value));
  if (m_on != nullptr) {
    m_on->setChecked(value == kTrue);
    m_off->setChecked(value != kTrue);
    setFocusProxy(value == kTrue ? m_on : m_off);
  }
  if (m_line != nullptr && !m_dirty && !m_bad) m_line->setText(m_kind == Kind::Secret ? QString() : value);
}

void ValueField::setBad(bool bad) {
  m_bad = bad;
  // A refused text stays to be mended; a refused choice goes back.
  if (bad && m_line == nullptr) setValue(m_value);
  update();
}

void ValueField::setPlaceholder(const QString& text) {
  if (m_line != nullptr) m_line->setPlaceholderText(text);
}

void ValueField::setName(const QString& name, const QString& description) {
  for (auto* control : std::initializer_list<QWidget*>{m_line, m_pick, m_off, m_on}) {
    if (control == nullptr) continue;
    const auto* segment = qobject_cast<Segment*>(control);
    control->setAccessibleName(segment ? name + QStringLiteral(": ") + segment->text() : name);
    control->setAccessibleDescription(description);
  }
}

void ValueField::edit() {
  focusProxy()->setFocus(Qt::OtherFocusReason);
  if (m_line != nullptr) m_line->selectAll();
  if (m_pick != nullptr) m_pick->showPopup();
}

void ValueField::commitText() {
  const QString text = m_line->text();
  if (!m_dirty) return;
  m_dirty = false;
  if (m_kind == Kind::Secret) {
    m_line->clear();
    if (!text.isEmpty()) Q_EMIT committed(text);
  } else if (text != m_value) {
    Q_EMIT committed(text);
  }
}

bool ValueField::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::FocusOut && watched == m_line && m_kind == Kind::Text) commitText();
  if (event->type() != QEvent::KeyPress) return QWidget::eventFilter(watched, event);
  const int key = static_cast<QKeyEvent*>(event)->key();
  if (key == Qt::Key_Escape) {
    m_dirty = false;
    setBad(false);
    setValue(m_value);
    Q_EMIT left();
    return true;
  }
  if (key != Qt::Key_Return && key != Qt::Key_Enter) return QWidget::eventFilter(watched, event);
  if (watched == m_line) {
    commitText();
    Q_EMIT left();
  } else if (auto* segment = qobject_cast<Segment*>(watched)) {
    segment->click();
  } else if (m_pick != nullptr) {
    m_pick->showPopup();
  }
  return true;
}

void ValueField::paintEvent(QPaintEvent*) {
  if (!m_bad) return;
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(m_theme.color(Token::Crit), kEdge));
  painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), theme::grid::kRadiusControl + 1,
                          theme::grid::kRadiusControl + 1);
}

}  // namespace aiops::ui
