// Colours, fonts and spacing of the console: the only place with colour literals.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QObject>

class QApplication;

namespace aiops::theme {

enum class Scheme { Dark, Light, HighContrast };
/// What a person chose; Desktop takes what the desktop asks for, now and later.
enum class Appearance { Desktop, Dark, Light, HighContrast };

class Desktop;

/// One row of the token table each.
enum class Token {
  App,
  Panel,
  Raised,
  Inset,
  Hover,
  Selected,
  Line,
  LineStrong,
  Control,
  Text,
  Text2,
  Text3,
  Accent,
  AccentFill,
  OnAccent,
  Attn,
  AttnFill,
  OnAttn,
  AttnTint,
  Crit,
  CritFill,
  OnCrit,
  CritTint,
  Error,
  ErrorTint,
  Warn,
  WarnTint,
  Info,
  InfoTint,
  Ok,
  OkTint,
  Add,
  AddBg,
  Del,
  DelBg,
  Match,
  OnMatch,
  Bar,
  GraphCrit,
  GraphError,
  GraphWarn,
  Series1,
  Series2,
  Series3,
  Series4,
  Series5,
  Series6,
};

/// Sizes in px at 100 %: 26/600, 20/600, 15/600, 13/400, 13/500, 12/400, 11/500; mono 12/400 and 12/500.
enum class FontRole { Figure, Page, Title, Body, BodyStrong, Secondary, Caption, Mono, MonoStrong };

/// Lengths of the grid, in logical px.
namespace grid {
inline constexpr int kPageMargin = 16, kCardGap = 12, kCardPadding = 14;
inline constexpr int kRowLog = 22, kRowCompact = 24, kRow = 28, kRowTwoLines = 46;
inline constexpr int kField = 28, kButton = 30, kHeader = 48, kAttentionBar = 36, kStatusLine = 28,
                     kPaneHeader = 30;
inline constexpr int kRadiusCard = 6, kRadiusControl = 5, kRadiusChip = 4, kRadiusOverlay = 10;
inline constexpr int kRailWide = 176, kRailNarrow = 56;
}  // namespace grid

/// Owned by the host, passed by reference to every widget that paints. UI thread only.
class Theme : public QObject {
  Q_OBJECT
 public:
  explicit Theme(Scheme scheme, QObject* parent = nullptr);

  Scheme scheme() const { return m_scheme; }
  QColor color(Token token) const;
  QFont font(FontRole role) const;
  /// Sets style, palette and style sheet of the application for the scheme and emits changed().
  void apply(QApplication& application);
  void setScheme(Scheme scheme);
  Appearance appearance() const { return m_appearance; }
  /// Sets the scheme that goes with it. As the desktop: what its portal asks for, else the start-up palette.
  void setAppearance(Appearance appearance);
  /// Where the wishes of the desktop come from; takes ownership. Without it they come from the session bus.
  void setDesktop(Desktop* desktop);

 Q_SIGNALS:
  void changed();
  void appearanceChosen(aiops::theme::Appearance appearance);

 private:
  Scheme schemeOf(Appearance appearance);
  void followDesktop();

  Scheme m_scheme;
  Scheme m_startUp;  ///< of the palette that was there before this program's own
  Appearance m_appearance = Appearance::Desktop;
  Desktop* m_desktop = nullptr;  ///< made when it is first needed
};

/// "desktop", "dark", "light", "contrast": as in AIOPS_THEME and in the file of the console.
QString appearanceName(Appearance appearance);
/// "high-contrast" is "contrast" too; Desktop for anything else.
Appearance appearanceOf(const QString& name);

}  // namespace aiops::theme
