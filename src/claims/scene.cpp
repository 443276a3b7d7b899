#include "claims/scene.h"

#include <algorithm>
#include <cmath>

#include "base/quantity.h"

namespace partake::claims {

std::string_view Scene::lead(std::uint32_t index) const {
  const auto& figure = figures[index];
  const auto& reading = *readings[figure.paragraph];
  std::size_t begin = reading.sentences[figure.sentence].begin;
  if (index > begin_of(figure.paragraph)) {
    begin = std::max<std::size_t>(begin, figures[index - 1].end);
  }
  begin = std::min<std::size_t>(begin, figure.begin);
  return std::string_view{reading.text}.substr(begin, figure.number.digits - begin);
}

std::string_view Scene::sentence(const Figure& figure) const {
  const auto& reading = *readings[figure.paragraph];
  const auto& bounds = reading.sentences[figure.sentence];
  return std::string_view{reading.text}.substr(bounds.begin, bounds.end - bounds.begin);
}

bool Scene::names(std::size_t paragraph, std::int16_t thing) const {
  const auto& hits = readings[paragraph]->things;
  return std::any_of(hits.begin(), hits.end(), [&](const WordHit& hit) {
    return lexicon().is(static_cast<std::int16_t>(hit.entry), thing);
  });
}

bool Scene::is(const Figure& figure, const char* thing) const {
  return lexicon().is(figure.thing, lexicon().thing(thing));
}

bool same_sentence(const Figure& left, const Figure& right) {
  return left.paragraph == right.paragraph && left.sentence == right.sentence;
}
bool same_segment(const Figure& left, const Figure& right) {
  return same_sentence(left, right) && left.segment == right.segment;
}

int steps_between(const Figure& left, const Figure& right) {
  const auto apart = [](std::uint32_t a, std::uint32_t b) {
    return static_cast<int>(a > b ? a - b : b - a);
  };
  return apart(left.clause, right.clause) + 4 * apart(left.segment, right.segment) +
         8 * apart(left.sentence, right.sentence);
}

bool contains_any(std::string_view text, const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return text.find(word) != std::string_view::npos;
  });
}

std::string amount(double value, int digits) {
  if (value == 0 || !std::isfinite(value)) return "0";
  const auto size = static_cast<int>(std::floor(std::log10(std::fabs(value)))) + 1;
  // Whole numbers below a million are shown whole.
  const int decimals = std::fabs(value) >= 100 ? 0 : std::clamp(digits - std::max(size, 1), 0, 12);
  const int shown = size < 1 ? std::clamp(digits - size, 0, 12) : decimals;
  double rounded = value;
  if (size > 6) {
    const double unit = std::pow(10.0, size - digits);
    rounded = std::round(value / unit) * unit;
  }
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.*f", shown, rounded);
  std::string text{buffer};
  if (text.find('.') != std::string::npos) {
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
  }
  return grouped(text);
}

Text written(const Scene& scene, const Figure& figure) {
  Text text{figure.text, figure.text};
  // A cell of a table has its unit from elsewhere; what it counts would stand there as one.
  const bool is_mere = figure.unit != none && text.en.back() >= '0' && text.en.back() <= '9';
  if (figure.thing == none || is_mere) return text;
  // tCO2 and 吨标准煤 name their substance themselves.
  if (figure.unit != none &&
      scene.lexicon().units()[static_cast<std::size_t>(figure.unit)].thing != none) {
    return text;
  }
  const auto& thing = scene.lexicon().things()[static_cast<std::size_t>(figure.thing)];
  text.en += " " + thing.title.en;
  // The unit may name it already: 50吨标准煤, 3户.
  if (text.zh.find(thing.title.zh) == std::string::npos) text.zh += thing.title.zh;
  return text;
}

Text joined(const Text& left, std::string_view sign, const Text& right) {
  const std::string between{sign};
  return {left.en + between + right.en, left.zh + between + right.zh};
}

Text plain(std::string text) {
  Text both{text, {}};
  both.zh = std::move(text);
  return both;
}

double tolerance(const Figure& figure) {
  constexpr double widest = 0.05;
  if (figure.number.upper) return 0;
  const double value = figure.real.value;
  if (value == 0) return widest;
  const double wide = figure.real.high - figure.real.low;
  return std::min(widest, std::fabs(wide / value) / 2);
}

Finding new_finding(const Scene& scene, const char* check, Verdict verdict,
                    std::vector<std::uint32_t> figures) {
  Finding finding;
  finding.check = check;
  finding.verdict = verdict;
  finding.figures = std::move(figures);
  if (const auto* text = scene.knowledge.check(check); text != nullptr) {
    finding.title = text->title;
    finding.question = text->question;
  } else {
    finding.title = plain(check);
  }
  return finding;
}

}  // namespace partake::claims
