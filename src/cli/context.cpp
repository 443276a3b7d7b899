#include "cli/context.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "base/utf8.h"

namespace partake::cli {

int exit_code(ErrorKind kind) { return 2 + static_cast<int>(kind); }

void Context::print(const std::string& line) const {
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fputc('\n', stdout);
}

std::string Context::say(std::string_view key, const Args& args) const {
  return partake::say(language, key, args);
}

void Context::print(const Json& value) const {
  const auto text = pretty(value);
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void Context::print(const Table& table, Json::Array list) const {
  if (json)
    print(Json{std::move(list)});
  else
    print(table.text());
}

int Context::refuse(const Problems& problems) const {
  Json::Array list;
  for (const auto& problem : problems) {
    if (json) {
      Json::Object place{{"file", problem.place.file},
                         {"line", Json::integer(problem.place.line)},
                         {"column", Json::integer(problem.place.column)}};
      list.emplace_back(Json::Object{{"code", problem.code},
                                     {"message", message(problem, language)},
                                     {"place", std::move(place)}});
    } else {
      std::fprintf(stderr, "%s\n", describe(problem, language).c_str());
    }
  }
  if (json) {
    const auto text = pretty(Json::Object{{"problems", std::move(list)}});
    std::fwrite(text.data(), 1, text.size(), stdout);
  }
  return problems.empty() ? 0 : exit_code(problems.front().kind);
}

int Context::refuse(const Error& error) const { return refuse(Problems{error}); }

std::optional<intake::Knowledge> Context::knowledge(int& code, Content content) const {
  const auto folder = intake::find_library(library, program);
  if (!folder) {
    code = refuse(folder.error());
    return std::nullopt;
  }
  std::optional<intake::Knowledge> knowledge{std::in_place};
  Problems problems;
  if (content == Content::facts)
    knowledge->add_facts(*folder, problems);
  else
    knowledge->add_folder(*folder, problems);
  if (problems.empty()) return knowledge;
  code = refuse(problems);
  return std::nullopt;
}

void Table::add(std::vector<std::string> row) {
  for (auto& cell : row) cell = printable(cell);
  rows_.push_back(std::move(row));
}

std::string Table::text(std::size_t indent) const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row[i]));
    }
  }
  std::string text;
  for (const auto& row : rows_) {
    std::string line(indent, ' ');
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] - display_width(row[i]) + 2, ' ');
    }
    while (line.ends_with(' ')) line.pop_back();
    text += line + "\n";
  }
  if (!text.empty()) text.pop_back();
  return text;
}

std::string number(const Quantity& quantity, Language language) {
  const auto spelled = in_words_of(language, quantity);
  auto digits = grouped(to_string(spelled.value));
  if (spelled.unit == Unit{}) return digits;
  return digits + " " + to_string(spelled.unit, language);
}

std::string number(double value, int significant_digits) {
  if (value == 0) return "0";
  const int magnitude = static_cast<int>(std::floor(std::log10(std::fabs(value))));
  const int places = std::clamp(significant_digits - 1 - magnitude, 0, 12);
  char text[400];
  std::snprintf(text, sizeof text, "%.*f", places, value);
  return grouped(text);
}

}  // namespace partake::cli
