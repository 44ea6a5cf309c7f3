// The only colour literals of the console.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/tokens.h"

#include <array>

namespace aiops::theme {
namespace {

struct Row {
  Token token;
  QRgb dark, light, highContrast;
};

// clang-format off
constexpr std::array kTable{
  Row{Token::App, 0xff0f1216, 0xffeff2f6, 0xff000000},
  Row{Token::Panel, 0xff151a20, 0xffffffff, 0xff000000},
  Row{Token::Raised, 0xff1c222a, 0xfff5f7fa, 0xff0c0c0c},
  Row{Token::Inset, 0xff0b0e12, 0xfffafbfd, 0xff000000},
  Row{Token::Hover, 0xff212934, 0xffe9eef5, 0xff262626},
  Row{Token::Selected, 0xff1b3354, 0xffd6e6fd, 0xff00388c},
  Row{Token::Line, 0xff262e38, 0xffdce2ea, 0xff8f8f8f},
  Row{Token::LineStrong, 0xff3d4856, 0xffb9c3d0, 0xffffffff},
  Row{Token::Control, 0xff77869a, 0xff6e7b8d, 0xffffffff},
  Row{Token::Text, 0xffe8ecf2, 0xff141a22, 0xffffffff},
  Row{Token::Text2, 0xffb4becc, 0xff414d5e, 0xffffffff},
  Row{Token::Text3, 0xff93a0b0, 0xff566375, 0xffdadada},
  Row{Token::Accent, 0xff74b4ff, 0xff0a56b8, 0xff8ccbff},
  Row{Token::AccentFill, 0xff2764c9, 0xff1a5fc4, 0xffffffff},
  Row{Token::OnAccent, 0xffffffff, 0xffffffff, 0xff000000},
  Row{Token::Attn, 0xffc6b5ff, 0xff5233b8, 0xffdccbff},
  Row{Token::AttnFill, 0xffb9a2ff, 0xff5a3bc2, 0xffdccbff},
  Row{Token::OnAttn, 0xff1a1033, 0xffffffff, 0xff000000},
  Row{Token::AttnTint, 0xff231e3a, 0xffeee9ff, 0xff000000},
  Row{Token::Crit, 0xffff8282, 0xffae131d, 0xffffa3a3},
  Row{Token::CritFill, 0xffc22f38, 0xffb4151f, 0xffffa3a3},
  Row{Token::OnCrit, 0xffffffff, 0xffffffff, 0xff000000},
  Row{Token::CritTint, 0xff341a1e, 0xfffdebeb, 0xff000000},
  Row{Token::Error, 0xffff9e62, 0xff9a3d08, 0xffffb98a},
  Row{Token::ErrorTint, 0xff33211a, 0xfffdefe4, 0xff000000},
  Row{Token::Warn, 0xfff0c544, 0xff735300, 0xffffdd55},
  Row{Token::WarnTint, 0xff2c2613, 0xfffff4d2, 0xff000000},
  Row{Token::Info, 0xff7abfee, 0xff085c8c, 0xff9bd6ff},
  Row{Token::InfoTint, 0xff132734, 0xffe3f2fb, 0xff000000},
  Row{Token::Ok, 0xff58cb9a, 0xff0a6340, 0xff7befb8},
  Row{Token::OkTint, 0xff12291f, 0xffe3f5eb, 0xff000000},
  Row{Token::Add, 0xff6bd6a6, 0xff0a5c3b, 0xff9bffd0},
  Row{Token::AddBg, 0xff12291f, 0xffe3f5eb, 0xff002c18},
  Row{Token::Del, 0xffff9090, 0xffa3121b, 0xffffb3b3},
  Row{Token::DelBg, 0xff341a1e, 0xfffdebeb, 0xff3a0008},
  Row{Token::Match, 0xff5a4a08, 0xffffe58a, 0xffffdd55},
  Row{Token::OnMatch, 0xfffff3c4, 0xff2b2200, 0xff000000},
  Row{Token::Bar, 0xff39465a, 0xffc3cdd9, 0xff6e6e6e},
  Row{Token::GraphCrit, 0xffe8636b, 0xffcf2f39, 0xffffa3a3},
  Row{Token::GraphError, 0xffe68b50, 0xffd2691e, 0xffffb98a},
  Row{Token::GraphWarn, 0xffcda93a, 0xffad7d00, 0xffffdd55},
  Row{Token::Series1, 0xff74b4ff, 0xff1a5fc4, 0xff8ccbff},
  Row{Token::Series2, 0xff58cb9a, 0xff0f7a50, 0xff7befb8},
  Row{Token::Series3, 0xfff0c544, 0xff8a6400, 0xffffdd55},
  Row{Token::Series4, 0xfff08cc0, 0xffb0307a, 0xffffb0d8},
  Row{Token::Series5, 0xffff9e62, 0xffb4500f, 0xffffb98a},
  Row{Token::Series6, 0xff9aa7b8, 0xff5f6c7e, 0xffdadada},
};
// clang-format on
static_assert(kTable.size() == static_cast<size_t>(Token::Series6) + 1);

constexpr bool inOrder() {
  for (size_t i = 0; i < kTable.size(); ++i) {
    if (static_cast<size_t>(kTable[i].token) != i) return false;
  }
  return true;
}
static_assert(inOrder(), "rows stand in the order of Token");

}  // namespace

QRgb tokenValue(Token token, Scheme scheme) {
  const Row& row = kTable.at(static_cast<size_t>(token));
  switch (scheme) {
    case Scheme::Dark:
      return row.dark;
    case Scheme::Light:
      return row.light;
    case Scheme::HighContrast:
      return row.highContrast;
  }
  return row.dark;
}

}  // namespace aiops::theme
