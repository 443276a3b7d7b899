// The two languages of the product; equals everywhere.
#pragma once

#include <cstdint>
#include <string>

namespace partake {

enum class Language : std::uint8_t { en, zh };

// A text for people. Both languages are always present.
struct Text {
  std::string en;
  std::string zh;

  [[nodiscard]] const std::string& in(Language language) const {
    return language == Language::zh ? zh : en;
  }
  friend bool operator==(const Text&, const Text&) = default;
};

}  // namespace partake
