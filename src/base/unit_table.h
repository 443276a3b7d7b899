// The words that units are made of. Private to unit*.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/unit.h"

namespace partake {

// A base quantity: an SI base unit, a counted thing, a currency or a substance tag.
struct Base {
  const char* en;
  const char* zh;
  bool substance;
};

// One spelled unit: an atom with its prefix and substance already applied.
struct Word {
  std::string en;
  std::string zh;
  Rational ratio;
  Rational offset;
  Dimension dimension;
  bool listed = false;  // Without prefix and substance: shown by `unit list`.
  bool prefixable = false;
};

class UnitTable {
 public:
  static const UnitTable& get();

  [[nodiscard]] const Word& word(std::uint16_t index) const { return words_[index]; }
  [[nodiscard]] std::optional<std::uint16_t> find(std::string_view spelling) const;
  [[nodiscard]] std::span<const Word> words() const { return words_; }
  // A known spelling in other case, or of longer words one edit away, for messages; empty when
  // nothing is near.
  [[nodiscard]] std::string nearest(std::string_view spelling) const;

  [[nodiscard]] static std::span<const Base> bases();
  static std::optional<std::uint16_t> base(std::string_view name);

 private:
  struct Atom;
  struct Prefix;
  UnitTable();
  void add(Word word, std::initializer_list<std::string_view> spellings);
  void add_atom(const Atom& atom);
  void add_substances(const Word& mass);

  std::vector<Word> words_;
  std::unordered_map<std::string, std::uint16_t> by_spelling_;
};

}  // namespace partake
