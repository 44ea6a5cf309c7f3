// The places of a template, packed into one text, and the hashes by which templates are found. Internal to
// detection. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "detection/template_tokens.h"

namespace aiops::detection {

inline constexpr size_t kMostPieces = Tokeniser::kMostTokens + 2;
inline constexpr size_t kMaskPlaces = 64;  ///< places of a template that can become variable
inline constexpr uint16_t kTookWords = 1;  ///< of Piece::types: words became this variable

/// A place of a template. The text is a view of what it was read from.
struct Piece {
  TokenType type = TokenType::Word;
  bool touches = false;
  bool fixed = false;  ///< a word that never becomes a variable (again)
  uint16_t types = 0;  ///< of a variable: a bit for each type seen
  uint64_t hash = 0;
  std::string_view text;  ///< of a word or mark

  bool isVariable() const { return type >= TokenType::Number; }
  bool isMark() const { return type == TokenType::Punctuation; }
};

/// As short as the message: a byte of type for each place, one of length for a word, two of types for a
/// variable.
std::string pack(const std::vector<Piece>& pieces);
/// With hashes. False when it isn't what pack() wrote; `pieces` then has those before.
bool unpack(std::string_view packed, std::vector<Piece>& pieces);
/// The piece at `place` alone, which must be there.
Piece unpackOne(std::string_view packed, size_t place);

/// With variables as "<*>", or by the one type that they had.
std::string textOf(const std::vector<Piece>& pieces, bool typed);

/// The whole of a template as one number, in which single places can be exchanged: the sum of the hashes of
/// its places, each times a power of its own.
struct Shape {
  uint64_t sum = 0;
  uint64_t length = 0;
  uint64_t variables = 0;  ///< a bit for each of the first kMaskPlaces that is a variable

  /// With `hash` at `place` exchanged for a variable.
  Shape exchanged(size_t place, uint64_t hash) const;
  /// Never 0.
  uint64_t whole() const;
  /// The same for all that differ in nothing but `place`, where this has `hash`; never 0.
  uint64_t without(size_t place, uint64_t hash) const;

  bool operator==(const Shape&) const = default;
};

namespace shape_detail {
constexpr auto makePowers() {
  std::array<uint64_t, kMostPieces> powers{};
  uint64_t power = 1;
  for (auto& one : powers) {
    one = power;
    power *= 0x9e3779b97f4a7c15u;
  }
  return powers;
}
inline constexpr auto kPowers = makePowers();
}  // namespace shape_detail

/// Of tokens or pieces, at most kMostPieces.
template <class Places>
Shape shapeOf(const Places& places) {
  Shape shape;
  for (const auto& place : places) {
    shape.sum += place.hash * shape_detail::kPowers[shape.length];
    if (place.isVariable() && shape.length < kMaskPlaces) shape.variables |= uint64_t(1) << shape.length;
    ++shape.length;
  }
  return shape;
}

/// The same for all that have their marks at the same places, and the same text behind kMaskPlaces.
template <class Places>
uint64_t skeletonOf(const Places& places) {
  uint64_t hash = places.size(), at = 0;
  for (const auto& place : places) {
    const bool mark = place.type == TokenType::Punctuation;
    if (mark || at >= kMaskPlaces) hash = mixHash(hash, place.hash + at);
    ++at;
  }
  return hash;
}

}  // namespace aiops::detection
