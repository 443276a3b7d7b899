// Identifiers that cannot be mixed up.
#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>

namespace partake {

template <class Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string text) : text_{std::move(text)} {}
  [[nodiscard]] const std::string& text() const { return text_; }
  friend auto operator<=>(const Id&, const Id&) = default;

 private:
  std::string text_;
};

using MethodId = Id<struct MethodTag>;
using FactorId = Id<struct FactorTag>;
using SourceId = Id<struct SourceTag>;
using ProgrammeId = Id<struct ProgrammeTag>;

}  // namespace partake

template <class Tag>
struct std::hash<partake::Id<Tag>> {
  std::size_t operator()(const partake::Id<Tag>& id) const noexcept {
    return std::hash<std::string>{}(id.text());
  }
};
