// Search and run: everything of the program from one field.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "models/palette_items.h"
#include "widgets/overlay.h"

class QLineEdit;

namespace aiops::ui {

class RowList;
struct RowState;

/// A child that dims its window; not a dialog. Ctrl+K opens it, Esc or a press beside it closes it, and the
/// focus goes back to where it was. Opening shows what the bridge knows at once; patterns and settings join
/// when the engine has answered. Choosing only goes somewhere or starts the usual way of an action: nothing
/// is confirmed here.
class CommandPalette final : public Overlay {
  Q_OBJECT
 public:
  struct Action {
    QString text, note, key, icon;
    std::function<void()> run;
  };

  CommandPalette(const theme::Theme& theme, EngineBridge& bridge, QWidget* parent);

  /// What `>` offers; may change until it is opened.
  void setActions(std::vector<Action> actions);
  void open();
  QLineEdit* field() { return m_field; }
  RowList* rows() { return m_rows; }

 Q_SIGNALS:
  /// Anything but an action was chosen.
  void chosen(const aiops::ui::PaletteItem& item);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;
  QRect card() const override;

 private:
  void gather();
  void askForMore();
  void refresh();
  void choose(const QString& id);
  void step(int by);
  bool beginsGroup(size_t row) const;
  void paintRow(QPainter& painter, const QRect& box, int row, const RowState& state) const;
  void paintItem(QPainter& painter, const QRectF& box, const PaletteItem& item) const;
  void paintFoot(QPainter& painter, const QRectF& box) const;

  EngineBridge& m_bridge;
  QLineEdit* m_field;
  RowList* m_rows;
  std::vector<Action> m_actions;
  std::vector<PaletteItem> m_known;  ///< of the bridge, and the actions
  std::vector<PaletteItem> m_more;   ///< patterns and settings
  std::vector<PaletteItem> m_found;
  PaletteQuery m_query;
  bool m_moved = false;  ///< the selection was moved since the last letter: it stays on its thing
};

}  // namespace aiops::ui
