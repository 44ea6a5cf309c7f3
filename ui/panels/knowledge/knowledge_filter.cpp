// SPDX-License-Identifier: GPL-3.0-or-later
#include "panels/knowledge/knowledge_filter.h"

#include <QPainter>
#include <QVBoxLayout>

#include "models/cell_text.h"
#include "models/knowledge_data.h"
#include "panels/knowledge/graph_items.h"
#include "widgets/label.h"
#include "widgets/paint.h"
#include "widgets/painted.h"
#include "widgets/pick_box.h"
#include "widgets/segment.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

constexpr int kWaitMs = 120;
constexpr int kLegendRow = 24;

/// The shapes with their words.
class Legend final : public Painted {
 public:
  explicit Legend(const theme::Theme& theme, QWidget* parent) : Painted(theme, parent) {
    QStringList words;
    for (const auto type : nodeTypeOrder()) words << nodeTypePlural(type);
    setAccessibleName(KnowledgeFilter::tr("Shapes: %1").arg(words.join(QStringLiteral(", "))));
    setFixedHeight((static_cast<int>(nodeTypeOrder().size()) + 1) * kLegendRow);
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    qreal top = 0;
    for (const auto type : nodeTypeOrder()) {
      paintNodeShape(painter, type, QRectF(1.5, top + 4.5, 25, 14), theme(), false);
      word(painter, top, nodeTypePlural(type));
      top += kLegendRow;
    }
    painter.setPen(QPen(color(Token::Control), 1.4, Qt::DashLine));
    painter.drawLine(QPointF(1.5, top + 12), QPointF(26.5, top + 12));
    word(painter, top, KnowledgeFilter::tr("Seen once, or called wrong"));
  }

 private:
  void word(QPainter& painter, qreal top, const QString& text) const {
    paintText(painter, QRectF(38, top, width() - 38, kLegendRow - 1), text, theme(), FontRole::Secondary,
              Token::Text2);
  }
};

}  // namespace

KnowledgeFilter::KnowledgeFilter(const theme::Theme& theme, QWidget* parent)
    : QWidget(parent), m_theme(theme) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  m_text = new QLineEdit(this);
  m_text->setPlaceholderText(tr("Filter"));
  m_text->setAccessibleName(tr("Filter by name or note"));
  m_text->setToolTip(tr("Key /"));
  m_text->setMaxLength(200);
  column->addWidget(m_text);
  setFocusProxy(m_text);
  m_kind = addPick(tr("Kind"));
  m_kind->addItem(tr("All kinds"), -1);
  for (const auto type : nodeTypeOrder()) m_kind->addItem(nodeTypePlural(type), static_cast<int>(type));
  m_service = addPick(tr("Service"));
  m_service->addItem(tr("All services"), QByteArray());
  m_age = addPick(tr("Age"));
  m_age->addItem(tr("Whenever"), 0);
  for (const int days : {7, 30, 90, 365}) m_age->addItem(tr("Last %1 days").arg(days), days);
  m_forgotten = new Segment(theme, tr("Also what was forgotten"), Segment::Place::Alone, this);
  column->addWidget(m_forgotten);
  m_count = new Label(theme, FontRole::Secondary, Token::Text2, {}, this);
  m_count->setWordWrap(true);
  column->addWidget(m_count);
  column->addStretch(1);
  column->addWidget(new Legend(theme, this));
  m_wait.setSingleShot(true);
  m_wait.setInterval(kWaitMs);
  connect(m_text, &QLineEdit::textChanged, &m_wait, qOverload<>(&QTimer::start));
  connect(&m_wait, &QTimer::timeout, this, &KnowledgeFilter::changed);
  connect(m_forgotten, &QAbstractButton::toggled, this, &KnowledgeFilter::changed);
}

PickBox* KnowledgeFilter::addPick(const QString& name) {
  auto* box = new PickBox(m_theme, this);
  box->setAccessibleName(name);
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box->setMinimumContentsLength(8);
  layout()->addWidget(box);
  connect(box, &QComboBox::currentIndexChanged, this, &KnowledgeFilter::changed);
  return box;
}

model::KnowledgeQuery KnowledgeFilter::query() const {
  model::KnowledgeQuery query;
  query.text = m_text->text().trimmed().toStdString();
  if (const int kind = m_kind->currentData().toInt(); kind >= 0)
    query.type = static_cast<model::NodeType>(kind);
  query.service = m_service->currentData().toByteArray().toStdString();
  query.days = m_age->currentData().toUInt();
  query.forgotten = m_forgotten->isChecked();
  query.limit = 500;
  return query;
}

bool KnowledgeFilter::isEmpty() const {
  return m_text->text().trimmed().isEmpty() && m_kind->currentIndex() == 0 &&
         m_service->currentIndex() == 0 && m_age->currentIndex() == 0;
}

void KnowledgeFilter::clear() {
  const QSignalBlocker quietText(m_text), quietKind(m_kind), quietService(m_service), quietAge(m_age);
  m_text->clear();
  for (auto* box : {m_kind, m_service, m_age}) box->setCurrentIndex(0);
  Q_EMIT changed();
}

void KnowledgeFilter::setServices(const std::vector<std::string>& services) {
  const QSignalBlocker quiet(m_service);
  const QByteArray kept = m_service->currentData().toByteArray();
  while (m_service->count() > 1) m_service->removeItem(1);
  for (const auto& service : services)
    m_service->addItem(cellText(service, 96), QByteArray::fromStdString(service));
  int place = m_service->findData(kept);
  if (place < 0) {  // nothing is shown of it now, but it is still what was asked for
    m_service->addItem(cellText(kept.toStdString(), 96), kept);
    place = m_service->count() - 1;
  }
  m_service->setCurrentIndex(place);
}

void KnowledgeFilter::setCount(const QString& text) {
  m_count->setText(text);
}

}  // namespace aiops::ui
