// What holders allow: a source and a purpose, perhaps until a day. Holders who allow the same share
// one set, named by its number.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/time.h"

namespace partake::books {

struct Consent {
  std::uint32_t source = 0;
  std::string purpose;
  Day until = day_max;
  friend auto operator<=>(const Consent&, const Consent&) = default;
};
// What crediting needs.
constexpr const char* purpose_credit = "credit";
// What disposing of what an account holds needs.
constexpr const char* purpose_spend = "spend";

class Consents {
 public:
  using SetNumber = std::uint32_t;

  Consents() { number_of({}); }  // Set 0 allows nothing.

  // Sorted by source and purpose; the numbers are given in order of first use.
  SetNumber number_of(std::vector<Consent> consents);
  [[nodiscard]] const std::vector<Consent>& set(SetNumber number) const { return sets_[number]; }
  [[nodiscard]] std::size_t size() const { return sets_.size(); }
  [[nodiscard]] bool allows(SetNumber number, std::uint32_t source, const char* purpose,
                            Day day) const;
  // The set with one consent more (a new `until` takes the place of the old), or one less.
  SetNumber with(SetNumber number, const Consent& consent);
  SetNumber without(SetNumber number, std::uint32_t source, const std::string& purpose);

 private:
  std::vector<std::vector<Consent>> sets_;
  std::map<std::vector<Consent>, SetNumber> numbers_;
};

}  // namespace partake::books
