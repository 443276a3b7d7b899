// The whole way of a text: read, relate, check, repair. Pure: the same text and knowledge give the
// same review. A Reviewer keeps what it read and found, so that a change costs little.
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

// A paragraph, and what the text around it says of its figures: the years over which totals were
// gathered, 0 where it says nothing.
struct ReadParagraph {
  std::shared_ptr<const Reading> reading;
  std::vector<double> years;
  bool operator==(const ReadParagraph&) const = default;
};

class Reviewer {
 public:
  // `knowledge` must outlive it.
  explicit Reviewer(const Knowledge& knowledge) : knowledge_{knowledge} {}

  // Error claims.too_large. Of a text that was reviewed before, only what was changed is read
  // again, and only the paragraphs near to it are checked again; the review is the same.
  Result<Review> review(std::string_view source, Markup markup = Markup::plain);

 private:
  // Of paragraphs, in their order; by the first figure, all counted from the paragraph's first.
  using Found = std::vector<std::vector<Finding>>;

  std::vector<ReadParagraph> read(const Article& article);
  void take(std::vector<ReadParagraph> paragraphs);
  [[nodiscard]] std::size_t table_begin(std::size_t at) const;
  [[nodiscard]] std::size_t table_end(std::size_t at) const;
  [[nodiscard]] Found check(std::size_t from, std::size_t to) const;

  const Knowledge& knowledge_;
  std::unordered_map<std::string, std::shared_ptr<const Reading>> kept_;  // By heading and text.
  std::vector<ReadParagraph> paragraphs_;
  Found found_;
};

// The same without keeping anything.
Result<Review> review(std::string_view source, const Knowledge& knowledge,
                      Markup markup = Markup::plain);

}  // namespace partake::claims
