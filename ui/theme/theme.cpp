// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/theme.h"

#include <QApplication>
#include <QFontDatabase>
#include <QPalette>
#include <QStyleFactory>

#include "theme/desktop.h"
#include "theme/style_sheet.h"
#include "theme/tokens.h"

// The resources of a static library are linked in only when they are named; must stand outside any namespace.
static void initialiseIcons() {
  Q_INIT_RESOURCE(icons);
}

namespace aiops::theme {
namespace {

QString firstInstalled(const QStringList& wanted, QFontDatabase::SystemFont fallback) {
  const QStringList families = QFontDatabase::families();
  for (const QString& name : wanted) {
    if (families.contains(name)) return name;
  }
  return QFontDatabase::systemFont(fallback).family();
}

QFont makeFont(const QString& family, int pixels, QFont::Weight weight) {
  QFont font(family);
  font.setPixelSize(pixels);
  font.setWeight(weight);
  return font;
}

QFont monoFont(QFont::Weight weight) {
  static const QString family = firstInstalled({QStringLiteral("JetBrains Mono")}, QFontDatabase::FixedFont);
  QFont font = makeFont(family, 12, weight);
  font.setFixedPitch(true);
  // Without this "->" becomes an arrow glyph, and log text would lie.
  font.setStyleStrategy(static_cast<QFont::StyleStrategy>(QFont::PreferAntialias | QFont::PreferNoShaping));
  return font;
}

QFont uiFont(int pixels, QFont::Weight weight) {
  static const QString family = firstInstalled({QStringLiteral("Inter")}, QFontDatabase::GeneralFont);
  return makeFont(family, pixels, weight);
}

QPalette paletteOf(const Theme& theme) {
  using P = QPalette;
  static constexpr std::pair<P::ColorRole, Token> kRoles[] = {
      {P::Window, Token::App},
      {P::Base, Token::Inset},
      {P::AlternateBase, Token::Raised},
      {P::Button, Token::Raised},
      {P::Text, Token::Text},
      {P::WindowText, Token::Text},
      {P::ButtonText, Token::Text},
      {P::BrightText, Token::Text},
      {P::PlaceholderText, Token::Text3},
      {P::Highlight, Token::Selected},
      {P::HighlightedText, Token::Text},
      {P::Link, Token::Accent},
      {P::LinkVisited, Token::Accent},
      {P::ToolTipBase, Token::Raised},
      {P::ToolTipText, Token::Text},
      {P::Light, Token::Raised},
      {P::Midlight, Token::Raised},
      {P::Mid, Token::Line},
      {P::Dark, Token::Line},
      {P::Shadow, Token::App},
  };
  QPalette palette;
  for (const auto& [role, token] : kRoles) palette.setColor(role, theme.color(token));
  for (const auto role : {P::Text, P::WindowText, P::ButtonText}) {
    palette.setColor(P::Disabled, role, theme.color(Token::Text3));
  }
  return palette;
}

Scheme schemeOfPalette() {
  const bool dark = qApp == nullptr || QApplication::palette().color(QPalette::Window).lightness() < 128;
  return dark ? Scheme::Dark : Scheme::Light;
}

}  // namespace

Theme::Theme(Scheme scheme, QObject* parent)
    : QObject(parent), m_scheme(scheme), m_startUp(schemeOfPalette()) {
  initialiseIcons();
}

QColor Theme::color(Token token) const {
  return QColor::fromRgba(tokenValue(token, m_scheme));
}

QFont Theme::font(FontRole role) const {
  switch (role) {
    case FontRole::Figure:
      return uiFont(26, QFont::DemiBold);
    case FontRole::Page:
      return uiFont(20, QFont::DemiBold);
    case FontRole::Title:
      return uiFont(15, QFont::DemiBold);
    case FontRole::Body:
      return uiFont(13, QFont::Normal);
    case FontRole::BodyStrong:
      return uiFont(13, QFont::Medium);
    case FontRole::Secondary:
      return uiFont(12, QFont::Normal);
    case FontRole::Caption:
      return uiFont(11, QFont::Medium);
    case FontRole::Mono:
      return monoFont(QFont::Normal);
    case FontRole::MonoStrong:
      return monoFont(QFont::Medium);
  }
  return uiFont(13, QFont::Normal);
}

void Theme::apply(QApplication& application) {
  application.setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
  QApplication::setPalette(paletteOf(*this));
  QApplication::setFont(font(FontRole::Body));
  application.setStyleSheet(styleSheet(*this));
  Q_EMIT changed();
}

void Theme::setScheme(Scheme scheme) {
  if (m_scheme == scheme) return;
  m_scheme = scheme;
  if (qApp != nullptr) {
    QApplication::setPalette(paletteOf(*this));
    qApp->setStyleSheet(styleSheet(*this));
  }
  Q_EMIT changed();
}

void Theme::setAppearance(Appearance appearance) {
  m_appearance = appearance;
  setScheme(schemeOf(appearance));
  Q_EMIT appearanceChosen(appearance);
}

void Theme::setDesktop(Desktop* desktop) {
  delete m_desktop;
  m_desktop = desktop;
  desktop->setParent(this);
  connect(desktop, &Desktop::changed, this, &Theme::followDesktop);
}

void Theme::followDesktop() {
  if (m_appearance == Appearance::Desktop) setScheme(schemeOf(m_appearance));
}

QString appearanceName(Appearance appearance) {
  switch (appearance) {
    case Appearance::Dark:
      return QStringLiteral("dark");
    case Appearance::Light:
      return QStringLiteral("light");
    case Appearance::HighContrast:
      return QStringLiteral("contrast");
    case Appearance::Desktop:
      break;
  }
  return QStringLiteral("desktop");
}

Appearance appearanceOf(const QString& name) {
  if (name == QLatin1String("high-contrast")) return Appearance::HighContrast;
  for (const auto appearance : {Appearance::Dark, Appearance::Light, Appearance::HighContrast}) {
    if (name == appearanceName(appearance)) return appearance;
  }
  return Appearance::Desktop;
}

Scheme Theme::schemeOf(Appearance appearance) {
  switch (appearance) {
    case Appearance::Dark:
      return Scheme::Dark;
    case Appearance::Light:
      return Scheme::Light;
    case Appearance::HighContrast:
      return Scheme::HighContrast;
    case Appearance::Desktop:
      break;
  }
  if (m_desktop == nullptr) setDesktop(new Desktop(QDBusConnection::sessionBus()));
  return m_desktop->wanted().value_or(m_startUp);
}

}  // namespace aiops::theme
