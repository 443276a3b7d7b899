#include "claims/present.h"

#include <algorithm>

#include "base/text.h"
#include "claims/scene.h"

namespace partake::claims {
namespace {

Json number_of(double value, int digits = 6) {
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%.*g", digits, value);
  return Json{Json::Number{buffer}};
}

Json figure_json(const PlacedFigure& placed, const Knowledge& knowledge, Language language) {
  const auto& figure = placed.figure;
  const auto& lexicon = knowledge.lexicon();
  Json::Object object{{"text", figure.text},
                      {"line", Json::integer(placed.place.line)},
                      {"column", Json::integer(placed.place.column)},
                      {"begin", Json::integer(placed.begin)},
                      {"end", Json::integer(placed.end)},
                      {"measure", name_of(figure.measure)},
                      {"value", number_of(figure.real.value, 9)},
                      {"low", number_of(figure.real.low, 9)},
                      {"high", number_of(figure.real.high, 9)},
                      {"hedge", name_of(figure.number.hedge)},
                      {"period", name_of(figure.period)}};
  if (figure.unit != none) {
    const auto& unit = lexicon.units()[static_cast<std::size_t>(figure.unit)];
    object.emplace_back("unit", to_string(unit.unit, language));
  }
  if (figure.thing != none) {
    object.emplace_back("thing", lexicon.things()[static_cast<std::size_t>(figure.thing)].id);
  }
  if (figure.per.stated()) {
    const auto per = figure.per.thing != none
                         ? lexicon.things()[static_cast<std::size_t>(figure.per.thing)].id
                         : std::string{name_of(figure.per.measure)};
    object.emplace_back("per", per);
  }
  if (figure.years > 0) object.emplace_back("years", number_of(figure.years));
  if (figure.year > 0) object.emplace_back("year", Json::integer(figure.year));
  return object;
}

Json repair_json(const Repair& repair) {
  return Json::Object{{"figure", Json::integer(repair.figure)},
                      {"before", repair.before},
                      {"after", repair.after},
                      {"power_of_ten", Json::integer(repair.power_of_ten)},
                      {"satisfied", Json::integer(repair.satisfied)},
                      {"checks", Json::integer(repair.checks)}};
}

Json finding_json(const Finding& finding, Language language) {
  Json::Array implied;
  for (const auto& value : finding.implied) {
    implied.push_back(Json::Object{{"value", number_of(value.value)},
                                   {"low", number_of(value.low)},
                                   {"high", number_of(value.high)},
                                   {"unit", value.unit.in(language)},
                                   {"code", value.code}});
  }
  Json::Array figures;
  for (const auto index : finding.figures) figures.push_back(Json::integer(index));
  Json::Object object{{"check", finding.check},
                      {"title", finding.title.in(language)},
                      {"verdict", name_of(finding.verdict)},
                      {"figures", std::move(figures)},
                      {"arithmetic", finding.arithmetic.in(language)},
                      {"implied", std::move(implied)},
                      {"expected", finding.expected.in(language)},
                      {"note", finding.note.in(language)},
                      {"question", finding.question.in(language)},
                      {"missing", finding.missing.in(language)},
                      {"source", finding.source},
                      {"quality", finding.quality}};
  if (finding.repair) object.emplace_back("repair", repair_json(*finding.repair));
  if (finding.other_repair) object.emplace_back("other_repair", repair_json(*finding.other_repair));
  return object;
}

void escape(std::string& out, std::string_view text) {
  for (const char letter : text) {
    switch (letter) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += letter;
    }
  }
}

constexpr std::string_view page_style = R"css(
:root{color-scheme:light dark}
body{margin:0;font:16px/1.6 system-ui,sans-serif;display:grid;grid-template-columns:minmax(0,3fr) minmax(18rem,2fr)}
main{padding:1.5rem;white-space:pre-wrap;overflow-wrap:anywhere}
aside{padding:1.5rem;border-left:1px solid #8886;font-size:14px}
article{margin:0 0 1rem;padding:.6rem .8rem;border-left:4px solid #8888}
article p{margin:.2rem 0;overflow-wrap:anywhere}
mark{color:inherit;background:#8883;padding:0 .1em;border-bottom:3px solid #888}
.consistent{border-color:#2a7d46}.boundary{border-color:#3b6fb5}.outside{border-color:#b57614}
.contradiction{border-color:#b5411b}.impossible{border-color:#b3123c}.unchecked{border-color:#777}
.sum{font-weight:600}@media(max-width:50rem){body{display:block}aside{border:0}}
)css";

// The gravest finding of each figure, which gives its mark the colour; null where there is none.
std::vector<const Finding*> gravest_of(const Review& review) {
  std::vector<const Finding*> gravest(review.figures.size(), nullptr);
  for (const auto& finding : review.findings) {
    for (const auto index : finding.figures) {
      auto& known = gravest[index];
      if (known == nullptr || known->verdict < finding.verdict) known = &finding;
    }
  }
  return gravest;
}

void add_marked_text(std::string& out, const Review& review, std::string_view source) {
  const auto gravest = gravest_of(review);
  std::size_t at = 0;
  for (std::size_t i = 0; i < review.figures.size(); ++i) {
    const auto& figure = review.figures[i];
    if (gravest[i] == nullptr || figure.begin < at) continue;
    escape(out, source.substr(at, figure.begin - at));
    out += "<mark class=\"";
    out += name_of(gravest[i]->verdict);
    out += "\"><a href=\"#f" + std::to_string(gravest[i] - review.findings.data());
    out += "\" style=\"color:inherit\">";
    escape(out, source.substr(figure.begin, figure.end - figure.begin));
    out += "</a></mark>";
    at = figure.end;
  }
  escape(out, source.substr(std::min(at, source.size())));
}

void add_line(std::string& out, std::string_view text) {
  out += "<p>";
  escape(out, text);
  out += "</p>";
}

void add_repair(std::string& out, const std::optional<Repair>& repair, Language language) {
  if (!repair) return;
  add_line(out, say(language, "claims.repair",
                    {{"before", repair->before},
                     {"after", repair->after},
                     {"satisfied", std::to_string(repair->satisfied)},
                     {"checks", std::to_string(repair->checks)}}));
}

void add_article(std::string& out, const Finding& finding, std::size_t index, Language language) {
  const auto say_if = [&](const Text& text, std::string_view key, const char* name) {
    if (!text.en.empty()) add_line(out, say(language, key, {{name, text.in(language)}}));
  };
  out += "<article id=\"f" + std::to_string(index) + "\" class=\"";
  out += name_of(finding.verdict);
  out += "\"><p class=\"sum\">";
  escape(out, say(language, std::string{"verdict."} + name_of(finding.verdict)));
  out += " · ";
  escape(out, finding.title.in(language));
  out += "</p>";
  add_line(out, finding.arithmetic.in(language));
  say_if(finding.expected, "claims.expected", "expected");
  add_repair(out, finding.repair, language);
  add_repair(out, finding.other_repair, language);
  if (!finding.note.en.empty()) add_line(out, finding.note.in(language));
  say_if(finding.missing, "claims.missing", "missing");
  if (finding.verdict != Verdict::consistent) {
    say_if(finding.question, "claims.question", "question");
  }
  if (!finding.source.empty()) {
    add_line(out, say(language, "claims.source",
                      {{"source", finding.source}, {"quality", finding.quality}}));
  }
  out += "</article>";
}

}  // namespace

std::string explain(const Figure& figure, const Knowledge& knowledge, Language language) {
  const auto& lexicon = knowledge.lexicon();
  std::string line = figure.text + " = ";
  const auto unit = [&](std::int16_t index) {
    return lexicon.units()[static_cast<std::size_t>(index)].title.in(language);
  };
  double scale = 1;
  if (figure.unit != none && !figure.number.is_fraction) {
    scale = to_double(lexicon.units()[static_cast<std::size_t>(figure.unit)].to_si);
  }
  if (figure.per.unit != none) {
    scale /= to_double(lexicon.units()[static_cast<std::size_t>(figure.per.unit)].to_si);
  }
  line += amount(figure.real.value / scale);
  line += " [" + amount(figure.real.low / scale) + ", " + amount(figure.real.high / scale) + "]";
  if (figure.unit != none) line += " " + unit(figure.unit);
  if (figure.per.unit != none) line += "/" + unit(figure.per.unit);
  line += std::string{", "} + name_of(figure.measure);
  if (figure.thing != none) {
    line += ", " + lexicon.things()[static_cast<std::size_t>(figure.thing)].id;
    if (!figure.thing_is_near) line += "?";
  }
  if (figure.per.thing != none) {
    line += " per " + lexicon.things()[static_cast<std::size_t>(figure.per.thing)].id;
  }
  line += std::string{", "} + name_of(figure.period);
  if (figure.years > 0) line += " of " + amount(figure.years) + " years";
  if (figure.year > 0) line += ", " + std::to_string(figure.year);
  if (figure.place != none) {
    line += ", " + lexicon.places()[static_cast<std::size_t>(figure.place)];
  }
  return line;
}

Json to_json(const Review& review, const Knowledge& knowledge, Language language) {
  Json::Array figures;
  for (const auto& figure : review.figures) {
    figures.push_back(figure_json(figure, knowledge, language));
  }
  Json::Array findings;
  for (const auto& finding : review.findings) findings.push_back(finding_json(finding, language));
  Json::Array statements;
  for (const auto& statement : review.statements) {
    Json::Array own_figures;
    for (const auto index : statement.figures) own_figures.push_back(Json::integer(index));
    Json::Array own_findings;
    for (const auto index : statement.findings) own_findings.push_back(Json::integer(index));
    statements.push_back(Json::Object{{"text", statement.text},
                                      {"line", Json::integer(statement.place.line)},
                                      {"begin", Json::integer(statement.begin)},
                                      {"end", Json::integer(statement.end)},
                                      {"verdict", name_of(statement.verdict)},
                                      {"figures", std::move(own_figures)},
                                      {"findings", std::move(own_findings)}});
  }
  return Json::Object{
      {"statements", std::move(statements)},
      {"figures", std::move(figures)},
      {"findings", std::move(findings)},
      {"unreadable_bytes", Json::integer(static_cast<std::int64_t>(review.unreadable_bytes))},
      {"unread_numbers", Json::integer(static_cast<std::int64_t>(review.unread_numbers))}};
}

std::string to_html(const Review& review, std::string_view source, Language language) {
  std::string out = "<!doctype html><html lang=\"";
  out += language == Language::zh ? "zh" : "en";
  out += "\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">";
  out += "<title>Partake claims</title><style>";
  out += page_style;
  out += "</style><main>";
  add_marked_text(out, review, source);
  out += "</main><aside>";
  for (std::size_t i = 0; i < review.findings.size(); ++i) {
    add_article(out, review.findings[i], i, language);
  }
  out += "</aside></html>\n";
  return out;
}

}  // namespace partake::claims
