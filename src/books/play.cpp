#include "books/play.h"

#include <filesystem>

#include "base/file.h"
#include "base/whole_number.h"
#include "books/json_events.h"
#include "books/publish.h"
#include "books/transactions.h"
#include "programme/programme.h"

namespace partake::books {
namespace {

namespace fs = std::filesystem;

class PlayReader {
 public:
  PlayReader(const TomlValue& file, Problems& problems)
      : root_{file, "", problems}, problems_{problems} {}

  Play read() {
    if (root_.optional_integer("format") != 1) root_.problem("format", "play.unknown_format");
    play_.origin = root_.text("origin");
    play_.begins = instant(root_, "begins");
    for (const auto* table : root_.optional_tables("sources")) read_source(*table);
    for (const auto* table : root_.optional_tables("accounts")) read_accounts(*table);
    for (const auto& member : root_.optional_members("parties")) {
      if (member.value.kind != TomlValue::Kind::text) {
        problems_.push_back({ErrorKind::invalid,
                             "toml.wrong_kind",
                             {{"expected", name_of(TomlValue::Kind::text)},
                              {"found", name_of(member.value.kind)},
                              {"key", "parties." + member.key}},
                             member.place});
        continue;
      }
      play_.parties.push_back({member.key, member.value.text, member.place});
    }
    for (const auto* table : root_.optional_tables("steps")) read_step(*table);
    if (play_.steps.empty()) root_.problem("steps", "toml.key_missing");
    root_.finish();
    return std::move(play_);
  }

 private:
  static Instant instant(TomlReader& reader, std::string_view key) {
    const auto text = reader.text(key);
    if (text.empty()) return {};
    const auto time = parse_instant(text);
    if (!time) reader.problem(key, time.error());
    return time.value_or(Instant{});
  }

  void read_source(const TomlValue& table) {
    TomlReader reader{table, "sources", problems_};
    Play::Source source;
    source.place = reader.place();
    source.name = reader.text("name");
    source.tier = reader.has("tier") ? reader.one_of("tier", {"A", "B", "C"}) : "A";
    source.numbered = reader.optional_boolean("numbered").value_or(false);
    source.may = reader.optional_texts("may");
    reader.finish();
    play_.sources.push_back(std::move(source));
  }

  void read_accounts(const TomlValue& table) {
    TomlReader reader{table, "accounts", problems_};
    Play::Accounts accounts;
    accounts.place = reader.place();
    accounts.actor = reader.one_of(
        "actor", {"park", "enterprise", "community", "school", "household", "person"});
    const auto count = reader.optional_integer("count").value_or(1);
    if (count < 1 || count > accounts_max) {
      reader.problem("count", "play.bad_count",
                     {{"count", std::to_string(count)}, {"limit", std::to_string(accounts_max)}});
    } else {
      accounts.count = static_cast<std::uint64_t>(count);
    }
    accounts.group = reader.optional_text("group");
    accounts.consents = reader.optional_texts("consents");
    accounts.spenders = reader.optional_texts("spenders");
    reader.finish();
    play_.accounts.push_back(std::move(accounts));
  }

  void read_step(const TomlValue& table) {
    TomlReader reader{table, "steps", problems_};
    Play::Step step;
    step.place = reader.place();
    step.time = instant(reader, "time");
    const auto before = play_.steps.empty() ? play_.begins : play_.steps.back().time;
    if (step.time < before) reader.problem("time", "play.time_goes_back");
    step.is_events = reader.has("events");
    if (step.is_events == reader.has("transactions")) {
      reader.problem("", "play.one_file");
      for (const auto* key : {"events", "transactions"}) reader.optional_value(key);
    } else {
      step.file = programme::file_inside(reader, step.is_events ? "events" : "transactions");
    }
    for (const auto* refused : reader.optional_tables("refused")) {
      TomlReader item{*refused, "steps.refused", problems_};
      const auto line = item.optional_integer("line").value_or(0);
      if (line < 1) item.problem("line", "toml.key_missing");
      step.refused[static_cast<std::uint64_t>(line)] = item.text("code");
      item.finish();
    }
    reader.finish();
    play_.steps.push_back(std::move(step));
  }

  static constexpr std::int64_t accounts_max = 1'000'000;

  TomlReader root_;
  Problems& problems_;
  Play play_;
};

class Player {
  static constexpr std::size_t step_bytes_max = std::size_t{16} << 20U;

 public:
  Player(const Play& play, const std::string& folder, storage::Disk& disk, const Random& random)
      : play_{play}, folder_{folder}, disk_{disk}, random_{random}, now_{play.begins} {}

  // The place of what went wrong last.
  [[nodiscard]] const Place& place() const { return place_; }

  Status make(const std::vector<Content>& contents, const Edition& edition) {
    CHECK_OK(Directory::create(disk_, play_.origin, random_, now_));
    TRY(directory_, Directory::open(disk_, journal::Mode::write));
    TRY(auto salter, directory_->salter(random_, now_));
    writer_ = std::make_unique<Writer>(directory_->journal(), directory_->books(),
                                       std::move(salter), [this] { return now_; });
    const auto& programme = edition.programme().id.text();
    for (const auto& content : contents) CHECK_OK(writer_->add(Fact{content}));
    CHECK_OK(writer_->add(Fact{edition.manifest(contents)}));
    for (const auto& source : play_.sources) {
      place_ = source.place;
      Hash token{};
      random_(reinterpret_cast<char*>(token.data()), token.size());
      const auto text = to_hex(token);
      played_.tokens.set(source.name, text);
      CHECK_OK(writer_->add(Fact{SourceState{source.name, programme, source.tier, source.numbered,
                                             0, sha256(text), false, source.may}}));
    }
    for (const auto& accounts : play_.accounts) {
      place_ = accounts.place;
      AccountsOpened opened{programme, accounts.actor, accounts.count, {}, accounts.group};
      for (const auto& source : accounts.consents) {
        opened.consents.push_back({source, purpose_credit, day_max});
      }
      for (const auto& source : accounts.spenders) {
        opened.consents.push_back({source, purpose_spend, day_max});
      }
      CHECK_OK(writer_->add(Fact{std::move(opened)}));
    }
    for (const auto& party : play_.parties) {
      place_ = party.place;
      TRY(const auto account, directory_->books().account(party.account));
      CHECK_OK(writer_->add(Fact{PartyNamed{programme, party.name, account}}));
    }
    return writer_->flush();
  }

  Status step(const Play::Step& step, Problems& problems) {
    place_ = step.place;
    now_ = step.time;
    const auto path = (fs::path{folder_} / step.file).string();
    TRY(auto text, read_file(path, step_bytes_max));
    CHECK_OK(put_records(text));
    MemorySource source{text};
    auto counts = step.is_events ? import(source) : transact(source);
    if (!counts) return tl::unexpected(std::move(counts).error());
    compare(step, path, problems);
    records_[step.file] = std::move(told_.records);
    told_ = {};
    played_.steps.push_back(*counts);
    return {};
  }

  Result<Played> finish() {
    CHECK_OK(writer_->flush());
    TRY(const auto signer, directory_->signer());
    CHECK_OK(directory_->journal().publish(signer));
    writer_.reset();
    directory_.reset();
    TRY(played_.directory, Directory::open(disk_, journal::Mode::read));
    return std::move(played_);
  }

 private:
  // By line.
  struct Told {
    std::map<std::uint64_t, std::string> refused;  // With which code.
    std::map<std::uint64_t, std::uint64_t> records;
  };

  // "@FILE:LINE" stands for the number of the record that a line of an earlier step made: nobody
  // can know it before. Error play.unknown_record.
  Status put_records(std::string& text) const {
    for (auto at = text.find("\"@"); at != std::string::npos; at = text.find("\"@", at + 1)) {
      const auto end = text.find('"', at + 1);
      const auto name = text.substr(at + 2, end == std::string::npos ? end : end - at - 2);
      const auto colon = name.rfind(':');
      const auto file = records_.find(name.substr(0, colon));
      const auto line =
          colon == std::string::npos ? std::nullopt : parse_whole(name.substr(colon + 1));
      if (end == std::string::npos || file == records_.end() || !line ||
          !file->second.contains(*line)) {
        return fail(ErrorKind::invalid, "play.unknown_record", {{"text", "@" + name}});
      }
      text.replace(at, end + 1 - at, std::to_string(file->second.at(*line)));
    }
    return {};
  }

  Status take(std::uint64_t line, Outcome outcome, const std::string& code, std::uint64_t record) {
    if (outcome == Outcome::rejected || outcome == Outcome::conflict) {
      told_.refused[line] = code;
    } else {
      told_.records[line] = record;
    }
    return {};
  }

  Result<ImportCounts> import(ByteSource& source) {
    ImportOptions options;
    options.tokens = played_.tokens;
    options.answer = [&](const Answer& answer) {
      return take(answer.line, answer.decision.outcome, answer.decision.reason.code, answer.record);
    };
    return import_events(source, directory_->books(), *writer_, options);
  }

  Result<ImportCounts> transact(ByteSource& source) {
    TransactOptions options;
    options.tokens = played_.tokens;
    options.answer = [&](const TransactionAnswer& answer) {
      return take(answer.line, answer.outcome, answer.reason.code, answer.record);
    };
    return books::transact(source, directory_->books(), *writer_, options);
  }

  void compare(const Play::Step& step, const std::string& path, Problems& problems) const {
    const auto& refused = told_.refused;
    const auto at = [&](std::uint64_t line) {
      return Place{path, static_cast<std::uint32_t>(line)};
    };
    for (const auto& [line, code] : refused) {
      const auto expected = step.refused.find(line);
      if (expected == step.refused.end()) {
        problems.push_back({ErrorKind::invalid, "play.refused", {{"code", code}}, at(line)});
      } else if (expected->second != code) {
        problems.push_back({ErrorKind::invalid,
                            "play.refused_otherwise",
                            {{"code", code}, {"expected", expected->second}},
                            at(line)});
      }
    }
    for (const auto& [line, code] : step.refused) {
      if (refused.contains(line)) continue;
      problems.push_back({ErrorKind::invalid, "play.not_refused", {{"expected", code}}, at(line)});
    }
  }

  const Play& play_;
  const std::string& folder_;
  storage::Disk& disk_;
  const Random& random_;
  Instant now_;
  Place place_;
  Played played_;
  Told told_;
  std::map<std::string, std::map<std::uint64_t, std::uint64_t>> records_;  // By file.
  std::unique_ptr<Directory> directory_;
  std::unique_ptr<Writer> writer_;  // Before the directory that it writes to.
};

}  // namespace

Play read_play(const TomlValue& file, Problems& problems) {
  return PlayReader{file, problems}.read();
}

std::optional<Played> play(const Play& play, const std::string& folder, const std::string& library,
                           storage::Disk& disk, const Random& random, Problems& problems) {
  const auto contents = contents_of(folder, library, problems);
  if (!problems.empty()) return std::nullopt;
  ProgrammeNumbers numbers;
  const auto edition = Edition::build(contents, numbers, problems);
  if (!problems.empty()) return std::nullopt;
  Player player{play, folder, disk, random};
  auto status = player.make(contents, *edition);
  for (const auto& step : play.steps) {
    if (!status || !problems.empty()) break;
    status = player.step(step, problems);
  }
  if (!status) {
    auto error = std::move(status).error();
    if (error.place.file.empty()) error.place = player.place();
    problems.push_back(std::move(error));
  }
  if (!problems.empty()) return std::nullopt;
  auto played = player.finish();
  if (played) return *std::move(played);
  problems.push_back(std::move(played).error());
  return std::nullopt;
}

}  // namespace partake::books
