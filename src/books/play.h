// A play: how the books of an example come about. A file names sources, accounts and parties, and
// then files of events and transactions, each at its time; playing it makes books on an empty disk.
// docs/programmes.md.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/toml_reader.h"
#include "books/directory.h"
#include "books/import.h"

namespace partake::books {

struct Play {
  struct Source {
    std::string name;
    std::string tier;
    bool numbered = false;
    std::vector<std::string> may;
    Place place;
  };
  struct Accounts {  // Opened together.
    std::string actor;
    std::uint64_t count = 1;
    std::string group;
    std::vector<std::string> consents;  // Sources of events.
    std::vector<std::string> spenders;  // Sources of transactions.
    Place place;
  };
  struct Party {
    std::string name;
    std::string account;
    Place place;
  };
  struct Step {
    Instant time;
    std::string file;
    bool is_events = true;  // Otherwise transactions.
    // What the books must refuse: line and code. Everything else they must take.
    std::map<std::uint64_t, std::string> refused;
    Place place;
  };

  std::string origin;
  Instant begins;  // When the programme is published, and everybody registered.
  std::vector<Source> sources;
  std::vector<Accounts> accounts;
  std::vector<Party> parties;
  std::vector<Step> steps;
};

// Problems: toml.*, time.malformed_instant, file.outside, play.*.
Play read_play(const TomlValue& file, Problems& problems);

struct Played {
  std::unique_ptr<Directory> directory;  // Open for reading, under a checkpoint.
  SourceTokens tokens;                   // Of all sources.
  std::vector<ImportCounts> steps;
};

// Makes the books of the programme in `folder` on an empty disk. Empty with problems: those of the
// programme's files, of the play's own (place: its line) and of the disk; play.not_refused,
// play.refused_otherwise, play.refused.
std::optional<Played> play(const Play& play, const std::string& folder, const std::string& library,
                           storage::Disk& disk, const Random& random, Problems& problems);

}  // namespace partake::books
