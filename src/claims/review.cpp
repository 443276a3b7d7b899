#include "claims/review.h"

#include <algorithm>
#include <cmath>

#include "claims/scene.h"

namespace partake::claims {
namespace {

// How many paragraphs around may speak of the same figure again.
constexpr std::uint32_t window_paragraphs = 15;

// A total whose years are not said here may be said elsewhere with them: 254675吨,
// "首期五年25万吨".
void share_years(Scene& scene) {
  for (auto& figure : scene.figures) {
    if (figure.years > 0 || figure.thing == none || figure.measure != Measure::mass) continue;
    if (figure.period != Period::total && figure.period != Period::unstated) continue;
    const auto from =
        figure.paragraph > window_paragraphs ? figure.paragraph - window_paragraphs : 0U;
    const auto to =
        std::min<std::size_t>(figure.paragraph + window_paragraphs + 1, scene.readings.size());
    for (auto i = scene.begin_of(from); i < scene.begin_of(to); ++i) {
      const auto& other = scene.figures[i];
      if (other.years <= 0 || other.thing != figure.thing || other.measure != figure.measure) {
        continue;
      }
      const double ratio = other.real.value / figure.real.value;
      if (std::fabs(ratio - 1) > 0.03) continue;
      figure.years = other.years;
      figure.period = Period::total;
      break;
    }
  }
}

int gravity(Verdict verdict) { return static_cast<int>(verdict); }

}  // namespace

Result<Review> Reviewer::review(std::string_view source, Markup markup) {
  TRY(auto article, read_article(source, markup));
  Scene scene{knowledge_, {}, {}, {}};
  std::unordered_map<std::string, std::shared_ptr<const Reading>> now;
  Review result;
  result.unreadable_bytes = article.unreadable_bytes;
  for (std::size_t i = 0; i < article.paragraphs.size(); ++i) {
    const auto& text = article.paragraphs[i].text;
    std::shared_ptr<const Reading> reading;
    if (const auto known = kept_.find(text); known != kept_.end()) {
      reading = known->second;
    } else if (const auto seen = now.find(text); seen != now.end()) {
      reading = seen->second;
    } else {
      reading = std::make_shared<Reading>(read_paragraph(text, knowledge_.lexicon()));
    }
    now.emplace(text, reading);
    scene.first.push_back(static_cast<std::uint32_t>(scene.figures.size()));
    for (auto figure : reading->figures) {
      figure.paragraph = static_cast<std::uint32_t>(i);
      scene.figures.push_back(std::move(figure));
    }
    result.unread_numbers += reading->unread_numbers;
    scene.readings.push_back(std::move(reading));
  }
  scene.first.push_back(static_cast<std::uint32_t>(scene.figures.size()));
  kept_ = std::move(now);
  share_years(scene);

  for (const auto check :
       {check_ratios, check_repeats, check_own_intensity, check_products, check_sums, check_changes,
        check_days, check_savings, check_datacentres, check_soil, check_boundaries, check_totals,
        check_unexplained, check_wording}) {
    check(scene, result.findings);
  }
  find_repairs(scene, result.findings);
  std::stable_sort(result.findings.begin(), result.findings.end(),
                   [](const Finding& left, const Finding& right) {
                     return left.figures.front() < right.figures.front();
                   });

  // Places in the source.
  std::vector<std::uint32_t> offsets;
  for (std::size_t i = 0; i < scene.figures.size(); ++i) {
    auto& figure = scene.figures[i];
    const auto& origin = article.paragraphs[figure.paragraph].origin;
    PlacedFigure placed;
    placed.begin = origin[figure.begin];
    placed.end = origin[figure.end];
    offsets.push_back(placed.begin);
    placed.figure = std::move(figure);
    result.figures.push_back(std::move(placed));
  }
  const auto places = lines_of(source, offsets);
  for (std::size_t i = 0; i < places.size(); ++i) result.figures[i].place = places[i];
  std::vector<std::uint32_t> statement_of(result.figures.size());
  for (std::uint32_t i = 0; i < result.figures.size(); ++i) {
    const auto& figure = result.figures[i].figure;
    if (i == 0 || !same_sentence(result.figures[i - 1].figure, figure)) {
      const auto& reading = *scene.readings[figure.paragraph];
      const auto& origin = article.paragraphs[figure.paragraph].origin;
      const auto& bounds = reading.sentences[figure.sentence];
      Statement statement;
      statement.begin = origin[bounds.begin];
      statement.end = origin[bounds.end];
      statement.text = reading.text.substr(bounds.begin, bounds.end - bounds.begin);
      result.statements.push_back(std::move(statement));
    }
    result.statements.back().figures.push_back(i);
    statement_of[i] = static_cast<std::uint32_t>(result.statements.size() - 1);
  }
  std::vector<std::uint32_t> begins;
  for (const auto& statement : result.statements) begins.push_back(statement.begin);
  const auto lines = lines_of(source, begins);
  for (std::size_t i = 0; i < lines.size(); ++i) result.statements[i].place = lines[i];
  for (std::uint32_t i = 0; i < result.findings.size(); ++i) {
    const auto& finding = result.findings[i];
    auto& statement = result.statements[statement_of[finding.figures.front()]];
    if (statement.findings.empty() || gravity(finding.verdict) > gravity(statement.verdict)) {
      // One consistent check outweighs one that could not be made.
      const bool first = statement.findings.empty();
      if (first || finding.verdict != Verdict::unchecked) statement.verdict = finding.verdict;
    }
    if (statement.verdict == Verdict::unchecked && finding.verdict == Verdict::consistent) {
      statement.verdict = Verdict::consistent;
    }
    statement.findings.push_back(i);
  }
  return result;
}

Result<Review> review(std::string_view source, const Knowledge& knowledge, Markup markup) {
  return Reviewer{knowledge}.review(source, markup);
}

}  // namespace partake::claims
