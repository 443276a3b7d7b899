// The readings of a text side by side, as the checks look at them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "claims/figure.h"
#include "claims/finding.h"

namespace partake::claims {

struct Scene {
  const Knowledge& knowledge;
  std::vector<std::shared_ptr<const Reading>> readings;  // By paragraph.
  std::vector<Figure> figures;                           // Of all paragraphs, in order.
  std::vector<std::uint32_t> first;  // Of each paragraph its first figure; and the end.

  [[nodiscard]] const Lexicon& lexicon() const { return knowledge.lexicon(); }
  [[nodiscard]] const Reading& reading(const Figure& figure) const {
    return *readings[figure.paragraph];
  }
  [[nodiscard]] std::uint32_t begin_of(std::size_t paragraph) const { return first[paragraph]; }
  [[nodiscard]] std::uint32_t end_of(std::size_t paragraph) const { return first[paragraph + 1]; }
  // The text from the end of the figure before it (in its sentence) to the figure.
  [[nodiscard]] std::string_view lead(std::uint32_t index) const;
  // The text of the figure's sentence.
  [[nodiscard]] std::string_view sentence(const Figure& figure) const;
  // Whether the paragraph names the thing.
  [[nodiscard]] bool names(std::size_t paragraph, std::int16_t thing) const;
  [[nodiscard]] bool is(const Figure& figure, const char* thing) const;
};

bool same_sentence(const Figure& left, const Figure& right);
bool same_segment(const Figure& left, const Figure& right);
// How far two figures are apart: clauses, and more for segments and sentences. Same paragraph.
int steps_between(const Figure& left, const Figure& right);
bool contains_any(std::string_view text, const std::vector<std::string>& words);

// "1,234", "0.832", "172,356": at most `digits` significant digits.
std::string amount(double value, int digits = 4);
// A figure as written, with what it counts where the text beside it does not say.
Text written(const Scene& scene, const Figure& figure);
Text joined(const Text& left, std::string_view sign, const Text& right);
Text plain(std::string text);

// Half of the spread of a figure, as a part of it; at most a twentieth where a band is judged:
// whoever writes one digit is not taken to mean anything.
double tolerance(const Figure& figure);

using Findings = std::vector<Finding>;

// A finding with the title and question of library/claims/checks.toml.
Finding new_finding(const Scene& scene, const char* check, Verdict verdict,
                    std::vector<std::uint32_t> figures);

// In how many paragraphs around a text is taken to speak of the same thing.
constexpr std::uint32_t same_text_paragraphs = 6;

// The checks. Each looks at the scene alone and adds what it found. What it finds about a figure
// depends on that paragraph and at most same_text_paragraphs around it.
void check_ratios(const Scene& scene, Findings& findings);
void check_repeats(const Scene& scene, Findings& findings);
void check_own_intensity(const Scene& scene, Findings& findings);
void check_rates(const Scene& scene, Findings& findings);
void check_sums(const Scene& scene, Findings& findings);
void check_changes(const Scene& scene, Findings& findings);
void check_days(const Scene& scene, Findings& findings);
void check_savings(const Scene& scene, Findings& findings);
void check_datacentres(const Scene& scene, Findings& findings);
void check_soil(const Scene& scene, Findings& findings);
void check_tables(const Scene& scene, Findings& findings);
void check_relations(const Scene& scene, Findings& findings);
void check_arithmetic(const Scene& scene, Findings& findings);
void check_boundaries(const Scene& scene, Findings& findings);
void check_totals(const Scene& scene, Findings& findings);
void check_wording(const Scene& scene, Findings& findings);
// These look through the whole text.
void check_parked_cars(const Scene& scene, Findings& findings);
void check_unexplained(const Scene& scene, Findings& findings);

// The ratio of two figures under a rule, and how it is judged. Also for repair.
struct RatioResult {
  bool usable = false;  // The periods fit each other.
  double value = 0;
  double low = 0;
  double high = 0;
  bool years_missing = false;
  Verdict verdict = Verdict::unchecked;
  const RatioMark* mark = nullptr;
  const Range* usual = nullptr;
};
RatioResult judge_ratio(const RatioRule& rule, const Figure& over, const Figure& under,
                        double extra_under_si = 0, double scale = 1);
// The rule of a finding's check; null for other checks.
const RatioRule* rule_of(const Knowledge& knowledge, std::string_view check);

// Looks for the one edit that makes the failing checks of a figure pass.
void find_repairs(const Scene& scene, Findings& findings);

}  // namespace partake::claims
