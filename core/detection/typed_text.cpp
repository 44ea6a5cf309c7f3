// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/typed_text.h"

#include "detection/template_pieces.h"
#include "detection/template_tokens.h"

namespace aiops::detection {

namespace {

/// What holds or touches an "@", with the parts that touch it in turn, is one address.
void joinAddresses(std::vector<Piece>& pieces) {
  std::vector<Piece> out;
  for (size_t at = 0; at < pieces.size();) {
    size_t end = at + 1;
    bool address = pieces[at].text.find('@') != std::string_view::npos;
    while (end < pieces.size() && pieces[end].touches) {
      address = address || pieces[end].text.find('@') != std::string_view::npos;
      ++end;
    }
    if (address) {
      out.push_back({.type = TokenType::Any, .touches = pieces[at].touches});
    } else {
      out.insert(out.end(), pieces.begin() + static_cast<ptrdiff_t>(at),
                 pieces.begin() + static_cast<ptrdiff_t>(end));
    }
    at = end;
  }
  pieces = std::move(out);
}

}  // namespace

std::string typedText(std::string_view message) {
  constexpr size_t kLongestWord = 24;
  Tokeniser tokeniser;
  std::vector<Piece> pieces;
  for (const auto& token : tokeniser.cut(message)) {
    const bool longWord = token.type == TokenType::Word && token.length > kLongestWord;
    const auto type = longWord ? TokenType::Any : token.type;
    Piece piece{.type = type, .touches = token.touches};
    if (piece.isVariable()) {
      piece.types = static_cast<uint16_t>(1u << static_cast<uint8_t>(type));
    } else {
      piece.text = wordOf(message, token);
    }
    pieces.push_back(piece);
  }
  joinAddresses(pieces);
  return textOf(pieces, true);
}

}  // namespace aiops::detection
