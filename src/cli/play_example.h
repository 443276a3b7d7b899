// Examples that have books: they are played on a disk, and asked for the figures.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "books/play.h"
#include "intake/example.h"

namespace partake::cli {

// Of play.toml in the folder of an example.
struct PlayedExample {
  std::unique_ptr<storage::Disk> disk;
  books::Play play;
  books::Played played;
  std::uint64_t records = 0;  // All of them verified.

  [[nodiscard]] const books::Books& books() const { return played.directory->books(); }
  [[nodiscard]] Result<Quantity> answer(const intake::BooksQuestion& question) const;
};

bool has_play(const std::string& folder);
// Plays it on that disk, and verifies what came of it. Empty with problems.
std::optional<PlayedExample> play_example(const std::string& folder, const std::string& library,
                                          std::unique_ptr<storage::Disk> disk, Problems& problems);

}  // namespace partake::cli
