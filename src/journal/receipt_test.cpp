#include "journal/receipt.h"

#include <doctest/doctest.h>

#include "storage/simulated_disk.h"

using namespace partake;
using namespace partake::journal;

namespace {

const Signer signer{"partake.example/test", SecretSeed{42}};

std::string hidden_of(int record) {
  auto text = "hidden " + std::to_string(record);
  text.resize(50, 's');
  return text;
}

// Blocks of 1, 2, ... 20 records, every third without a hidden part, all signed for.
Journal make_journal(storage::SimulatedDisk& disk) {
  auto journal = Journal::create(disk, "journal", signer.name);
  REQUIRE(journal);
  int number = 0;
  for (int records = 1; records <= 20; ++records) {
    BlockBuilder builder;
    for (int record = 0; record < records; ++record, ++number) {
      const auto hidden = number % 3 == 0 ? std::string{} : hidden_of(number);
      builder.add({"open " + std::to_string(number), hidden});
    }
    BlockHeader header;
    header.admitted = Instant{std::chrono::microseconds{1}};
    REQUIRE(journal->append(builder, header));
  }
  REQUIRE(journal->publish(signer));
  return *std::move(journal);
}

std::string code_of(const Receipt& receipt) {
  const auto proven = check_receipt(receipt, verifier_of(signer));
  return proven ? "ok" : proven.error().code;
}

}  // namespace

TEST_CASE("receipt: every record proves that it is in the journal") {
  storage::SimulatedDisk disk;
  const auto journal = make_journal(disk);
  for (std::uint64_t record = 0; record < journal.records(); ++record) {
    const auto made = make_receipt(journal, record, record % 2 == 0);
    REQUIRE(made);
    const auto receipt = parse_receipt(to_text(*made));
    REQUIRE(receipt);
    CHECK_EQ(to_text(*receipt), to_text(*made));
    const auto proven = check_receipt(*receipt, verifier_of(signer));
    REQUIRE(proven);
    CHECK_EQ(proven->checkpoint, journal.checkpoint());
    CHECK_EQ(receipt->open, "open " + std::to_string(record));
    CHECK_EQ(receipt->hidden.empty(), record % 3 == 0 || record % 2 == 1);
  }
}

TEST_CASE("receipt: nothing in it can be changed") {
  storage::SimulatedDisk disk;
  const auto journal = make_journal(disk);
  const auto good = *make_receipt(journal, 100, true);
  REQUIRE_EQ(code_of(good), "ok");
  const auto changed = [&](const std::function<void(Receipt&)>& change) {
    auto receipt = good;
    change(receipt);
    return code_of(receipt);
  };
  CHECK_EQ(changed([](auto& receipt) { receipt.open += "0"; }), "receipt.not_in_block");
  CHECK_EQ(changed([](auto& receipt) { receipt.record += 1; }), "receipt.not_in_block");
  CHECK_EQ(changed([](auto& receipt) { receipt.record = 5; }), "receipt.not_in_block");
  CHECK_EQ(changed([](auto& receipt) { receipt.commitment.reset(); }), "receipt.not_in_block");
  CHECK_EQ(changed([](auto& receipt) { receipt.in_block[0][0] ^= 1; }), "receipt.not_in_block");
  CHECK_EQ(changed([](auto& receipt) { receipt.in_block.pop_back(); }), "receipt.not_in_block");
  CHECK_EQ(changed([](auto& receipt) { receipt.block += 1; }), "receipt.not_in_log");
  CHECK_EQ(changed([](auto& receipt) { receipt.in_log[0][0] ^= 1; }), "receipt.not_in_log");
  CHECK_EQ(changed([](auto& receipt) { receipt.hidden[20] = 'x'; }), "receipt.other_hidden");
  CHECK_EQ(changed([](auto& receipt) { receipt.entry += " "; }), "block.malformed_entry");
  CHECK_EQ(changed([](auto& receipt) { receipt.checkpoint[0] = 'q'; }), "note.bad_signature");
}

TEST_CASE("receipt: of an erased record it proves the commitment") {
  storage::SimulatedDisk disk;
  auto journal = make_journal(disk);
  const auto before = *make_receipt(journal, 100, true);
  REQUIRE(journal.erase({100}));
  const auto after = make_receipt(journal, 100, true);
  REQUIRE(after);
  CHECK(after->hidden.empty());
  CHECK_EQ(after->commitment, before.commitment);
  CHECK_EQ(code_of(*after), "ok");
  CHECK_EQ(code_of(before), "ok");
}

TEST_CASE("receipt: what no checkpoint covers has none yet") {
  storage::SimulatedDisk disk;
  auto journal = make_journal(disk);
  BlockBuilder builder;
  builder.add({"open", {}});
  REQUIRE(journal.append(builder, {}));
  CHECK_EQ(make_receipt(journal, journal.records() - 1, false).error().code,
           "receipt.not_yet_signed");
  REQUIRE(journal.publish(signer));
  CHECK(make_receipt(journal, journal.records() - 1, false));
}

TEST_CASE("receipt: malformed receipts are refused by field") {
  storage::SimulatedDisk disk;
  const auto journal = make_journal(disk);
  const auto text = to_text(*make_receipt(journal, 100, true));
  for (const auto& change : std::vector<std::pair<std::string, std::string>>{
           {"partake receipt 1", "partake receipt 2"},
           {"\"record\": 100", "\"record\": -1"},
           {"\"open\": \"", "\"open\": \"*"},
           {"\"commitment\": \"", "\"commitment\": \"A"},
           {"\"hidden\": \"", "\"hidden\": \"="},
           {"\"in_block\": [", "\"in_block\": [1,"},
           {"\"in_log\"", "\"in-log\""},
           {"\"entry\"", "\"entri\""},
           {"\"checkpoint\"", "\"check\""}}) {
    const auto& from = change.first;
    auto bad = text;
    const auto at = bad.find(from);
    REQUIRE_NE(at, std::string::npos);
    bad.replace(at, from.size(), change.second);
    CAPTURE(from);
    const auto receipt = parse_receipt(bad);
    REQUIRE_FALSE(receipt);
    CHECK_EQ(receipt.error().code, "receipt.malformed");
  }
}
