#include "cli/play_example.h"

#include <filesystem>

#include "books/ask.h"
#include "books/verify.h"
#include "cli/books_session.h"

namespace partake::cli {
namespace {

std::string play_file(const std::string& folder) {
  return (std::filesystem::path{folder} / "play.toml").string();
}

}  // namespace

bool has_play(const std::string& folder) { return std::filesystem::exists(play_file(folder)); }

Result<Quantity> PlayedExample::answer(const intake::BooksQuestion& question) const {
  return books::ask(books(), 0, question);
}

std::optional<PlayedExample> play_example(const std::string& folder, const std::string& library,
                                          std::unique_ptr<storage::Disk> disk, Problems& problems) {
  const auto file = intake::read_toml_file(play_file(folder), problems);
  if (!file) return std::nullopt;
  PlayedExample example;
  example.disk = std::move(disk);
  example.play = books::read_play(*file, problems);
  if (!problems.empty()) return std::nullopt;
  auto played = books::play(example.play, folder, library, *example.disk, random_bytes, problems);
  if (!played) return std::nullopt;
  example.played = *std::move(played);
  auto report = books::verify(*example.disk);
  if (!report) {
    problems.push_back(std::move(report).error());
  } else {
    problems.assign(report->findings.begin(), report->findings.end());
    example.records = report->records;
  }
  if (!problems.empty()) return std::nullopt;
  return example;
}

}  // namespace partake::cli
