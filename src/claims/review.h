// The whole way of a text: read, relate, check, repair. Pure: the same text and knowledge give the
// same review. A Reviewer keeps the readings of paragraphs, so that a change costs little.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "claims/article.h"
#include "claims/figure.h"
#include "claims/finding.h"

namespace partake::claims {

// A figure at its place in the source.
struct PlacedFigure {
  Figure figure;
  std::uint32_t begin = 0;  // Bytes of the source.
  std::uint32_t end = 0;
  LineColumn place;
};

// A sentence with figures, and what was found about them.
struct Statement {
  std::uint32_t begin = 0;  // Bytes of the source.
  std::uint32_t end = 0;
  LineColumn place;
  std::string text;  // As read.
  std::vector<std::uint32_t> figures;
  std::vector<std::uint32_t> findings;   // Whose first figure stands in it.
  Verdict verdict = Verdict::unchecked;  // The gravest.
};

struct Review {
  std::vector<PlacedFigure> figures;
  std::vector<Statement> statements;
  std::vector<Finding> findings;
  std::size_t unreadable_bytes = 0;
  std::size_t unread_numbers = 0;
};

class Reviewer {
 public:
  // `knowledge` must outlive it.
  explicit Reviewer(const Knowledge& knowledge) : knowledge_{knowledge} {}

  // Error claims.too_large. Paragraphs that were in the text before are not read again.
  Result<Review> review(std::string_view source, Markup markup = Markup::plain);

 private:
  const Knowledge& knowledge_;
  std::unordered_map<std::string, std::shared_ptr<const Reading>> kept_;
};

// The same without keeping anything.
Result<Review> review(std::string_view source, const Knowledge& knowledge,
                      Markup markup = Markup::plain);

}  // namespace partake::claims
