#include "books/statement.h"

#include "books/forge_testing.h"
#include "books/transact_testing.h"
#include "storage/eventful_disk.h"

using namespace partake;
using namespace partake::books;
using namespace partake::books::testing;

namespace {

Day day(const std::string& text) { return *parse_day(text); }

Result<Statement> made(const Directory& directory, AccountIndex account, const std::string& from,
                       const std::string& to) {
  return make_statement(directory.journal(), directory.books(), account, day(from), day(to));
}

// Ann's grants of three days, each a point more than the one before; noon in UTC is the same day in
// Shanghai, the evening is the next.
void grant(BooksWithDealings& books, const std::string& amount) {
  REQUIRE_EQ(
      books.act("transfer", R"("flow":"grant","amount":")" + amount + R"(","to":")" + ann() + "\""),
      "ok");
}

constexpr auto points = static_cast<std::size_t>(ledger::Asset::points);

}  // namespace

TEST_CASE("statement: opening, every entry of the days in order, closing") {
  BooksWithDealings books{*parse_instant("2026-11-10T12:00:00Z")};
  grant(books, "10");
  books.reopen(*parse_instant("2026-11-11T12:00:00Z"));
  grant(books, "20");
  REQUIRE_EQ(books.act("order", R"("reward":"cup","account":")" + ann() + "\""), "ok");
  // By the programme's calendar already the 12th.
  books.reopen(*parse_instant("2026-11-11T16:00:00Z"));
  grant(books, "40");
  const auto of = [&](const std::string& from, const std::string& to) {
    const auto statement = made(*books.open.directory, {0}, from, to);
    REQUIRE(statement);
    std::string text = std::to_string(statement->assets[points].opening);
    for (const auto& entry : statement->entries) {
      text += " " + std::to_string(entry.changes[points]) + "=" +
              std::to_string(entry.after[points]) + "@" + to_string(entry.day).substr(8);
    }
    return text + " " + std::to_string(statement->assets[points].closing) + " later " +
           std::to_string(statement->later);
  };
  CHECK_EQ(of("2026-11-01", "2026-11-30"), "0 10=10@10 20=30@11 -4=26@11 40=66@12 66 later 0");
  CHECK_EQ(of("2026-11-11", "2026-11-11"), "10 20=30@11 -4=26@11 26 later 1");
  CHECK_EQ(of("2026-11-12", "2026-11-30"), "26 40=66@12 66 later 0");
  CHECK_EQ(of("2026-11-13", "2026-11-30"), "66 66 later 0");
  CHECK_EQ(of("2026-11-01", "2026-11-09"), "0 0 later 4");
  const auto sums = made(*books.open.directory, {0}, "2026-11-11", "2026-11-30")->assets[points];
  CHECK(sums.credited == 60);
  CHECK(sums.debited == -4);
  CHECK_EQ(made(*books.open.directory, {0}, "2026-11-12", "2026-11-11").error().code,
           "statement.bad_period");
}

TEST_CASE("statement: of an account that nobody wrote to, and of one that was erased") {
  BooksWithDealings books;
  const auto nothing = made(*books.open.directory, {4}, "2026-11-01", "2026-11-30");
  REQUIRE(nothing);
  CHECK(nothing->entries.empty());
  grant(books, "10");
  REQUIRE(erase_account(*books.open.directory, *books.open.writer, {0}, "asked"));
  const auto erased = made(*books.open.directory, {0}, "2026-11-01", "2026-11-30");
  REQUIRE(erased);
  CHECK(erased->entries.empty());
  CHECK_EQ(erased->assets[points].closing, 0);
}

TEST_CASE("statement: of a transaction with somebody who was erased, what was asked for is gone") {
  BooksWithDealings books;
  REQUIRE_EQ(books.act("transfer", R"("flow":"income","to":"trust","amount":"150 yuan")"), "ok");
  REQUIRE_EQ(books.act("split", R"("split":"stay","amount":"100 yuan","period":"1",)"
                                R"("accounts":{"host":")" +
                                    ann() + "\"}"),
             "ok");
  REQUIRE(erase_account(*books.open.directory, *books.open.writer, {0}, "asked"));
  const auto trust = books.books().holdings().party({0, "trust"});
  REQUIRE(trust);
  const auto statement = made(*books.open.directory, *trust, "2026-11-01", "2026-11-30");
  REQUIRE(statement);
  REQUIRE_EQ(statement->entries.size(), 2);
  CHECK(statement->entries[0].entry.instruction);
  CHECK_FALSE(statement->entries[1].entry.instruction);
  CHECK_EQ(statement->entries[1].entry.transaction->action, "split");
}

TEST_CASE("statement: entries that do not make the balance are said to be wrong") {
  storage::SimulatedDisk disk;
  fill(disk);
  const auto open = Directory::open(disk, journal::Mode::read);
  REQUIRE(open);
  auto& books = (*open)->books();
  const Event event{.account = {1}, .stream = 0, .time = test_time(), .id = {900, ""}, .rule = 1};
  Credit credit;
  credit.credited = credit.computed = {5, 0};
  Links links;
  links.previous = books.accounts().holder({1}).last_record;
  books.post(links.previous, event, credit, links);
  CHECK_EQ(made(**open, {1}, "2026-11-01", "2026-11-30").error().code, "statement.differs");
}

TEST_CASE("statement: its entries alone are read, not their blocks") {
  storage::SimulatedDisk simulated;
  fill(simulated);
  storage::EventfulDisk disk{simulated, {}};
  const auto open = Directory::open(disk, journal::Mode::read);
  REQUIRE(open);
  const auto before = disk.reads();
  const auto statement = made(**open, {1}, "2026-11-01", "2026-11-30");
  REQUIRE(statement);
  REQUIRE_EQ(statement->entries.size(), 7);
  CHECK_EQ(disk.reads() - before, 2 * 7);
}
