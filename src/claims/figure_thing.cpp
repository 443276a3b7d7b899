#include "claims/figure_thing.h"

#include <algorithm>

namespace partake::claims {
namespace {

class ThingFinder {
 public:
  ThingFinder(Reading& reading, std::size_t index, Stretch clause, const Lexicon& lexicon)
      : lexicon_{lexicon},
        reading_{reading},
        text_{reading.text},
        figure_{reading.figures[index]},
        own_{figure_.thing},
        by_counter_{figure_.measure == Measure::count && figure_.unit == none} {
    const auto& figures = reading.figures;
    lead_ = clause.begin;
    tail_ = clause.end;
    if (index > 0) lead_ = std::max<std::size_t>(lead_, figures[index - 1].end);
    if (index + 1 < figures.size()) tail_ = std::min<std::size_t>(tail_, figures[index + 1].begin);
  }

  // Beside the number, else the last word before it, else before that.
  void find() {
    figure_.thing = near_thing();
    figure_.thing_is_near = figure_.thing != none;
    if (figure_.thing != none) return;
    // Before, in its sentence; between equal units in a list the earlier thing goes on.
    figure_.thing = last_before(reading_.sentences[figure_.sentence].begin);
  }

  // Kilowatt hours of which nothing else is said are electricity; so are those of "energy".
  void fall_back() {
    if (figure_.unit == none) return;
    const auto fallback = lexicon_.units()[static_cast<std::size_t>(figure_.unit)].fallback;
    if (fallback == none) return;
    const bool vague =
        figure_.thing == none ||
        lexicon_.things()[static_cast<std::size_t>(figure_.thing)].stated_in(Measure::volume);
    if (!vague) return;
    figure_.thing = fallback;
    figure_.thing_is_near = true;
  }

 private:
  std::int16_t near_thing() const {
    if (own_ != none && !by_counter_) return own_;
    auto thing = right_after();
    if (thing == none && by_counter_) thing = end_of_phrase();
    if (thing == none) thing = last_before(lead_);
    if (thing == none && !by_counter_) thing = first_after();
    return thing != none ? thing : own_;
  }

  // "16亿升柴油", "2000万棵树", "120 tons of carbon dioxide".
  std::int16_t right_after() const {
    auto after = static_cast<std::size_t>(figure_.end);
    const auto link = any_at(text_, after, {" of ", " worth of ", " the ", " ", "的"});
    after += link;
    if (link > 0 && starts(text_, after, "the ")) after += 4;
    for (const auto& hit : reading_.things_at(after)) {
      if (!fits(hit)) continue;
      // 5200户居民 are households.
      if (by_counter_ && text_.substr(0, figure_.end).ends_with("户")) return none;
      // A longer phrase may end in the real noun: 塑料垃圾 is one word of the lexicon then.
      return static_cast<std::int16_t>(hit.entry);
    }
    return none;
  }

  // Counted things: the noun that ends the phrase after the classifier (60多家公交企业).
  std::int16_t end_of_phrase() const {
    constexpr std::size_t phrase_bytes_max = 36;
    const auto limit = std::min(tail_, figure_.end + phrase_bytes_max);
    std::int16_t found = none;
    for (const auto& hit : reading_.things) {
      if (hit.begin < figure_.end || hit.begin >= limit) continue;
      const auto gap = text_.substr(figure_.end, hit.begin - figure_.end);
      if (gap.find("、") != std::string_view::npos) break;
      if (fits(hit) && is_of_counter(hit)) found = static_cast<std::int16_t>(hit.entry);
    }
    return found;
  }

  std::int16_t last_before(std::size_t from) const {
    std::int16_t found = none;
    for (const auto& hit : reading_.things) {
      if (hit.begin >= figure_.begin) break;
      if (hit.begin < from || !fits(hit) || (by_counter_ && !is_of_counter(hit))) continue;
      found = static_cast<std::int16_t>(hit.entry);
    }
    return found;
  }

  std::int16_t first_after() const {
    for (const auto& hit : reading_.things) {
      if (hit.begin < figure_.end || hit.begin >= tail_ || !fits(hit)) continue;
      return static_cast<std::int16_t>(hit.entry);
    }
    return none;
  }

  bool fits(const WordHit& hit) const {
    return lexicon_.things()[hit.entry].stated_in(figure_.measure);
  }
  // Whether the classifier may stand before it.
  bool is_of_counter(const WordHit& hit) const {
    return own_ == none || lexicon_.is(static_cast<std::int16_t>(hit.entry), own_);
  }

  const Lexicon& lexicon_;
  const Reading& reading_;
  std::string_view text_;
  Figure& figure_;
  std::int16_t own_;  // What its unit or classifier says.
  bool by_counter_;
  std::size_t lead_ = 0;  // Where the clause or the figure before it leaves off.
  std::size_t tail_ = 0;  // Where the clause ends or the next figure begins.
};

}  // namespace

void find_thing(Reading& reading, std::size_t index, Stretch clause, const Lexicon& lexicon) {
  ThingFinder finder{reading, index, clause, lexicon};
  finder.find();
  finder.fall_back();
}

}  // namespace partake::claims
