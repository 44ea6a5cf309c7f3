// SPDX-License-Identifier: GPL-3.0-or-later
#include "shell/rail.h"

#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include "widgets/paint.h"
#include "widgets/text.h"

namespace aiops::ui {

using theme::FontRole;
using theme::Token;

namespace {

enum Role { IdRole = Qt::UserRole, IconRole, BadgeRole, AttentionRole, FirstOfGroupRole };
constexpr int kRowHeight = 32, kGroupGap = 17, kFootHeight = 60, kBrandHeight = theme::grid::kHeader;

class RailDelegate : public QStyledItemDelegate {
 public:
  RailDelegate(const theme::Theme& theme, const Rail& rail, QObject* parent)
      : QStyledItemDelegate(parent), m_theme(theme), m_rail(rail) {}

  QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const override {
    return {40, kRowHeight + gapAbove(index)};
  }

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    const int gap = gapAbove(index);
    if (gap > 0) {
      const QRect& all = option.rect;
      painter->fillRect(QRectF(all.left() + 14, all.top() + gap / 2, all.width() - 28, 1),
                        m_theme.color(Token::Line));
    }
    const QRectF row = QRectF(option.rect).adjusted(8, gap + 1, -8, -1);
    const bool selected = option.state & QStyle::State_Selected;
    const bool hover = option.state & QStyle::State_MouseOver;
    if (selected || hover) {
      const QColor fill = m_theme.color(selected ? Token::Selected : Token::Hover);
      paintBox(*painter, row, fill, Qt::transparent, theme::grid::kRadiusControl);
    }
    if (selected)
      painter->fillRect(QRectF(row.left(), row.top() + 5, 3, row.height() - 10),
                        m_theme.color(Token::Accent));
    if (option.state & QStyle::State_HasFocus)
      paintFocus(*painter, row, m_theme, theme::grid::kRadiusControl);
    const QColor ink = m_theme.color(selected ? Token::Accent : Token::Text2);
    const bool narrow = m_rail.isNarrow();
    const QRectF iconBox = narrow ? row : QRectF(row.left() + 10, row.top(), 16, row.height());
    theme::Icon(index.data(IconRole).toString()).paint(*painter, iconBox, ink);
    if (!narrow) {
      paintText(*painter, row.adjusted(36, 0, -34, 0), index.data().toString(), m_theme, FontRole::BodyStrong,
                selected ? Token::Text : Token::Text2);
    }
    paintBadge(*painter, row, index, narrow);
  }

 private:
  static int gapAbove(const QModelIndex& index) {
    return index.data(FirstOfGroupRole).toBool() ? kGroupGap : 0;
  }

  void paintBadge(QPainter& painter, const QRectF& row, const QModelIndex& index, bool narrow) const {
    const int count = index.data(BadgeRole).toInt();
    if (count == 0) return;
    const bool attention = index.data(AttentionRole).toBool();
    const QString text = count > 99 ? QStringLiteral("99+") : QString::number(count);
    const qreal height = narrow ? 16 : 20;
    const qreal width = std::max(height, textWidth(text, m_theme, FontRole::Caption) + 10);
    const QRectF box(row.right() - width - (narrow ? -2 : 7),
                     narrow ? row.top() - 1 : row.center().y() - height / 2, width, height);
    paintBox(painter, box, m_theme.color(attention ? Token::AttnFill : Token::Raised),
             m_theme.color(attention ? Token::AttnFill : Token::LineStrong), height / 2);
    QFont font = m_theme.font(FontRole::Caption);
    font.setWeight(QFont::DemiBold);
    painter.setFont(font);
    painter.setPen(m_theme.color(attention ? Token::OnAttn : Token::Text));
    painter.drawText(box, Qt::AlignCenter, text);
  }

  const theme::Theme& m_theme;
  const Rail& m_rail;
};

QString scopesOf(const service::Caller& caller) {
  QStringList scopes;
  if (caller.mayOperate) scopes << Rail::tr("operate");
  if (caller.mayApprove) scopes << Rail::tr("approve");
  return scopes.isEmpty() ? Rail::tr("read only") : scopes.join(QStringLiteral(", "));
}

QString capitalised(QString text) {
  if (!text.isEmpty()) text[0] = text[0].toUpper();
  return text;
}

}  // namespace

Rail::Rail(const theme::Theme& theme, const std::vector<PanelEntry>& panels, const service::Caller& caller,
           QWidget* parent)
    : Painted(theme, parent), m_name(capitalised(safeLine(caller.name))), m_scopes(scopesOf(caller)) {
  m_list = new QListView(this);
  m_list->setModel(&m_model);
  m_list->setItemDelegate(new RailDelegate(theme, *this, m_list));
  m_list->setFrameShape(QFrame::NoFrame);
  m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
  m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_list->setMouseTracking(true);
  m_list->viewport()->setAutoFillBackground(false);
  m_list->setAccessibleName(tr("Panels"));
  for (size_t i = 0; i < panels.size(); ++i) {
    auto* item = new QStandardItem(panels[i].title);
    item->setData(static_cast<int>(panels[i].id), IdRole);
    item->setData(panels[i].icon, IconRole);
    item->setData(i > 0 && panels[i].group != panels[i - 1].group, FirstOfGroupRole);
    item->setToolTip(tr("%1 (Alt+%2)").arg(panels[i].title, QKeySequence(panelDigit(i)).toString()));
    m_model.appendRow(item);
  }
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, kBrandHeight + 8, 1, kFootHeight);
  layout->addWidget(m_list);
  setFixedWidth(theme::grid::kRailWide);
  const auto choose = [this](const QModelIndex& index) {
    Q_EMIT chosen(static_cast<PanelId>(index.data(IdRole).toInt()));
  };
  connect(m_list, &QListView::clicked, this, choose);
  connect(m_list, &QListView::activated, this, choose);
  setAccessibleName(tr("Navigation"));
  setAccessibleDescription(tr("Role: %1, %2").arg(m_name, m_scopes));
}

QStandardItem* Rail::item(PanelId id) const {
  for (int row = 0; row < m_model.rowCount(); ++row) {
    if (m_model.item(row)->data(IdRole).toInt() == static_cast<int>(id)) return m_model.item(row);
  }
  return nullptr;
}

void Rail::setCurrent(PanelId id) {
  if (const QStandardItem* row = item(id)) m_list->setCurrentIndex(row->index());
}

void Rail::setBadge(PanelId id, int count, const QString& what, bool attention) {
  QStandardItem* row = item(id);
  if (row == nullptr) return;
  row->setData(count, BadgeRole);
  row->setData(attention, AttentionRole);
  row->setData(count == 0 ? row->text() : tr("%1, %2 %3").arg(row->text()).arg(count).arg(what),
               Qt::AccessibleTextRole);
}

void Rail::setNarrow(bool narrow) {
  if (m_narrow == narrow) return;
  m_narrow = narrow;
  setFixedWidth(narrow ? theme::grid::kRailNarrow : theme::grid::kRailWide);
  update();
}

void Rail::paintFoot(QPainter& painter) const {
  const qreal top = height() - kFootHeight;
  painter.fillRect(QRectF(14, top, width() - 28, 1), color(Token::Line));
  const QRectF ring(m_narrow ? (width() - 28) / 2.0 : 14, top + 12, 28, 28);
  paintBox(painter, ring, color(Token::Raised), color(Token::LineStrong), 14);
  theme::Icon(QStringLiteral("person")).paint(painter, ring, color(Token::Text2));
  if (m_narrow) return;
  const QRectF text(50, top + 10, width() - 58, 16);
  paintText(painter, text, m_name, theme(), FontRole::Secondary, Token::Text);
  paintText(painter, text.translated(0, 16), m_scopes, theme(), FontRole::Caption, Token::Text3);
}

void Rail::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.fillRect(rect(), color(Token::Panel));
  painter.fillRect(QRectF(width() - 1, 0, 1, height()), color(Token::Line));
  const QRectF logo(m_narrow ? (width() - 20) / 2.0 : 14, 14, 20, 20);
  paintBox(painter, logo, color(Token::AccentFill), Qt::transparent, 5);
  theme::Icon(QStringLiteral("pulse")).paint(painter, logo, color(Token::OnAccent), 14);
  if (!m_narrow) {
    QFont font = theme().font(FontRole::BodyStrong);
    font.setWeight(QFont::DemiBold);
    painter.setFont(font);
    painter.setPen(color(Token::Text));
    painter.drawText(QRectF(42, 0, width() - 46, kBrandHeight), Qt::AlignVCenter,
                     QStringLiteral("AI-Ops Core"));
  }
  paintFoot(painter);
}

}  // namespace aiops::ui
