#include "books/consents.h"

#include <algorithm>

namespace partake::books {

Consents::SetNumber Consents::number_of(std::vector<Consent> consents) {
  std::sort(consents.begin(), consents.end());
  const auto [found, is_new] = numbers_.try_emplace(consents, static_cast<SetNumber>(sets_.size()));
  if (is_new) sets_.push_back(std::move(consents));
  return found->second;
}

bool Consents::allows(SetNumber number, std::uint32_t source, const char* purpose, Day day) const {
  return std::any_of(sets_[number].begin(), sets_[number].end(), [&](const Consent& consent) {
    return consent.source == source && day <= consent.until && consent.purpose == purpose;
  });
}

Consents::SetNumber Consents::with(SetNumber number, const Consent& consent) {
  auto consents = sets_[without(number, consent.source, consent.purpose)];
  consents.push_back(consent);
  return number_of(std::move(consents));
}

Consents::SetNumber Consents::without(SetNumber number, std::uint32_t source,
                                      const std::string& purpose) {
  auto consents = sets_[number];
  std::erase_if(consents, [&](const Consent& consent) {
    return consent.source == source && consent.purpose == purpose;
  });
  return number_of(std::move(consents));
}

}  // namespace partake::books
