// SPDX-License-Identifier: GPL-3.0-or-later
#include "detection/template_pieces.h"

#include <algorithm>

namespace aiops::detection {
namespace {

constexpr uint8_t kTypeBits = 0x0f, kTouches = 0x10, kFixed = 0x20;

/// Takes one piece from the front of `packed`; its hash is left out.
bool takePiece(std::string_view& packed, Piece& piece) {
  if (packed.empty()) return false;
  const auto head = static_cast<uint8_t>(packed.front());
  const auto byte = [&](size_t at) { return static_cast<uint8_t>(packed[at]); };
  if ((head & kTypeBits) > static_cast<uint8_t>(TokenType::Any) || head > (kTypeBits | kTouches | kFixed))
    return false;
  piece.type = static_cast<TokenType>(head & kTypeBits);
  piece.touches = (head & kTouches) != 0;
  piece.fixed = (head & kFixed) != 0;
  piece.types = 0;
  piece.text = {};
  size_t length = 2;
  if (piece.isMark()) {
    if (packed.size() < length) return false;
    piece.text = packed.substr(1, 1);
  } else if (piece.isVariable()) {
    length = 3;
    if (packed.size() < length) return false;
    piece.types = static_cast<uint16_t>(byte(1) | byte(2) << 8);
  } else {
    if (packed.size() < 2) return false;
    length = 3 + static_cast<size_t>(byte(1));
    if (packed.size() < length) return false;
    piece.text = packed.substr(2, length - 2);
  }
  packed.remove_prefix(length);
  return true;
}

uint64_t hashOf(const Piece& piece) {
  if (piece.isVariable()) return kVariableHash;
  return piece.isMark() ? markHash(piece.text.front()) : textHash(piece.text);
}

std::string_view nameOf(TokenType type) {
  static constexpr std::array<std::string_view, 14> kNames = {
      "<*>",    "<*>",        "<number>", "<hex>",  "<ip>",     "<uuid>",   "<host>",
      "<path>", "<duration>", "<size>",   "<time>", "<quoted>", "<object>", "<*>"};
  static_assert(kNames.size() == static_cast<size_t>(TokenType::Any) + 1);
  return kNames[static_cast<size_t>(type)];
}

/// The one type that a place took, or any.
TokenType typeOf(uint16_t types) {
  for (auto type = TokenType::Number; type <= TokenType::Any;
       type = static_cast<TokenType>(static_cast<uint8_t>(type) + 1)) {
    if (types == 1u << static_cast<uint8_t>(type)) return type;
  }
  return TokenType::Any;
}

}  // namespace

std::string pack(const std::vector<Piece>& pieces) {
  std::string out;
  size_t bytes = 0;
  for (const auto& piece : pieces)
    bytes += (piece.isVariable() ? 3 : piece.isMark() ? 1 : 2) + piece.text.size();
  out.reserve(bytes);
  for (const auto& piece : pieces) {
    out += static_cast<char>(static_cast<uint8_t>(piece.type) | (piece.touches ? kTouches : 0) |
                             (piece.fixed ? kFixed : 0));
    if (piece.isMark()) {
      out += piece.text.front();
    } else if (piece.isVariable()) {
      out += static_cast<char>(piece.types & 0xff);
      out += static_cast<char>(piece.types >> 8);
    } else {
      out += static_cast<char>(piece.text.size() - 1);
      out += piece.text;
    }
  }
  return out;
}

bool unpack(std::string_view packed, std::vector<Piece>& pieces) {
  pieces.clear();
  while (!packed.empty()) {
    Piece piece;
    if (pieces.size() >= kMostPieces || !takePiece(packed, piece)) return false;
    piece.hash = hashOf(piece);
    pieces.push_back(piece);
  }
  return true;
}

Piece unpackOne(std::string_view packed, size_t place) {
  Piece piece;
  for (size_t i = 0; i <= place && takePiece(packed, piece); ++i) {
  }
  piece.hash = hashOf(piece);
  return piece;
}

std::string textOf(const std::vector<Piece>& pieces, bool typed) {
  std::string out;
  for (const auto& piece : pieces) {
    if (!piece.touches && !out.empty()) out += ' ';
    if (!piece.isVariable())
      out += piece.text;
    else
      out += typed ? nameOf(typeOf(piece.types)) : "<*>";
  }
  return out;
}

Shape Shape::exchanged(size_t place, uint64_t hash) const {
  auto out = *this;
  out.sum += (kVariableHash - hash) * shape_detail::kPowers[place];
  if (place < kMaskPlaces) out.variables |= uint64_t(1) << place;
  return out;
}

uint64_t Shape::whole() const {
  const auto hash = mixHash(mixHash(sum, length), 0);
  return hash == 0 ? 1 : hash;
}

uint64_t Shape::without(size_t place, uint64_t hash) const {
  const auto mixed = mixHash(mixHash(exchanged(place, hash).sum, length), place + 1);
  return mixed == 0 ? 1 : mixed;
}

}  // namespace aiops::detection
