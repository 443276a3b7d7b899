#include "cli/books_session.h"

#include <chrono>
#include <cstdio>

#include <sys/random.h>
#include <unistd.h>

#include "base/require.h"
#include "storage/real_disk.h"

namespace partake::cli {

books::Clock clock_of(const Context& context) {
  if (context.is_as_of) {
    const Instant noon = context.admitted_on + std::chrono::hours{12};
    return [noon] { return noon; };
  }
  return [] {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  };
}

void random_bytes(char* bytes, std::size_t size) {
  PARTAKE_REQUIRE(getrandom(bytes, size, 0) == static_cast<ssize_t>(size));
}

Result<BooksSession> open_books(const Context& context, const std::string& folder,
                                journal::Mode mode) {
  auto clock = clock_of(context);
  BooksSession session;
  TRY(session.disk, storage::open_disk(folder));
  auto opened = books::Directory::open(*session.disk, mode);
  if (!opened) {
    opened.error().args.emplace_back("folder", folder);
    return tl::unexpected(std::move(opened).error());
  }
  session.directory = *std::move(opened);
  if (mode == journal::Mode::read) return session;
  TRY(auto salter, session.directory->salter(random_bytes, clock()));
  session.writer =
      std::make_unique<books::Writer>(session.directory->journal(), session.directory->books(),
                                      std::move(salter), std::move(clock));
  return session;
}

Result<BooksSession> open_accounts(const std::string& folder) {
  BooksSession session;
  TRY(session.disk, storage::open_disk(folder));
  auto opened = books::Directory::open_accounts(*session.disk);
  if (!opened) {
    opened.error().args.emplace_back("folder", folder);
    return tl::unexpected(std::move(opened).error());
  }
  session.directory = *std::move(opened);
  return session;
}

std::string asset_title(ledger::Asset asset, const Context& context) {
  return context.say(std::string{"asset."} + ledger::name_of(asset));
}

std::string amount_text(ledger::Asset asset, std::int64_t amount, const Context& context) {
  struct Shown {
    int exponent;
    const char* unit;
  };
  constexpr std::array<Shown, ledger::assets> shown{
      {{-6, "kgCO2e"}, {0, ""}, {-3, "L"}, {-6, "kWh"}, {0, "s"}, {-2, "CNY"}, {0, ""}}};
  const auto& entry = shown[static_cast<std::size_t>(asset)];
  // Money always with its fen.
  const Decimal value{amount, entry.exponent};
  const auto number =
      grouped(asset == ledger::Asset::money ? to_string(value) : to_shortest(value));
  if (asset == ledger::Asset::points) return context.say("books.points", {{"points", number}});
  if (asset == ledger::Asset::credits) return context.say("books.credits", {{"credits", number}});
  return number + " " + entry.unit;
}

Json to_json(const Error& error, Language language) {
  Json::Object args;
  for (const auto& [key, value] : error.args) args.emplace_back(key, value);
  return Json::Object{
      {"code", error.code}, {"message", message(error, language)}, {"args", std::move(args)}};
}

ProgressLine::ProgressLine(const Context& context)
    : context_{context}, is_shown_{!context.json && isatty(STDERR_FILENO) != 0} {}

ProgressLine::~ProgressLine() {
  if (has_line_) std::fputs("\r\x1b[K", stderr);
}

void ProgressLine::show(std::string_view key, const Args& args) {
  if (!is_shown_) return;
  constexpr std::int64_t interval_ms = 100;
  const auto now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                          std::chrono::steady_clock::now().time_since_epoch())
                          .count();
  if (now_ms - last_ms_ < interval_ms) return;
  last_ms_ = now_ms;
  has_line_ = true;
  std::fprintf(stderr, "\r\x1b[K%s", context_.say(key, args).c_str());
  std::fflush(stderr);
}

}  // namespace partake::cli
