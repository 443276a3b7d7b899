// Whole texts: no crash, every place inside the source and in order, and the same review when
// nothing is kept as when the text was read before.
#include <cstdlib>

#include "claims/present.h"
#include "fuzz/claims_knowledge.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace partake;
  if (size == 0) return 0;
  const auto markup = static_cast<claims::Markup>(data[0] % 3);
  const std::string_view text{reinterpret_cast<const char*>(data) + 1, size - 1};
  const auto& knowledge = fuzz_knowledge();
  claims::Reviewer reviewer{knowledge};
  const auto first = reviewer.review(text, markup);
  const auto second = reviewer.review(text, markup);
  if (!first || !second) std::abort();
  for (std::size_t i = 0; i < first->figures.size(); ++i) {
    const auto& figure = first->figures[i];
    if (figure.begin > figure.end || figure.end > text.size()) std::abort();
    if (i > 0 && figure.begin < first->figures[i - 1].begin) std::abort();
  }
  for (const auto& finding : first->findings) {
    for (const auto index : finding.figures) {
      if (index >= first->figures.size()) std::abort();
    }
  }
  const auto json = pretty(to_json(*first, knowledge, Language::zh));
  if (json != pretty(to_json(*second, knowledge, Language::zh))) std::abort();
  static_cast<void>(to_html(*first, text, Language::en));
  return 0;
}
