// The test vectors of docs/formats/journal.md, made anew.
#include <cstdlib>
#include <fstream>

#include <doctest/doctest.h>

#include "base/file.h"
#include "journal/block.h"
#include "journal/checkpoint.h"

using namespace partake;
using namespace partake::journal;

namespace {

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    text += digits[static_cast<unsigned char>(byte) >> 4U];
    text += digits[static_cast<unsigned char>(byte) & 15U];
  }
  return text;
}

Json vectors() {
  const std::vector<std::pair<std::string, std::string>> parts{
      {"open", ""},
      {"points 25", "0123456789abcdefbody of the hidden part"},
      {std::string(200, 'o'), std::string(16, 's') + std::string(300, 'b')}};
  Json::Array records;
  BlockBuilder builder;
  for (const auto& [open, hidden] : parts) {
    const Record record{open, hidden};
    builder.add(record);
    Json::Object row{{"open", hex(open)}, {"hidden", hex(hidden)}};
    if (!hidden.empty()) row.emplace_back("commitment", to_hex(commitment_of(hidden)));
    row.emplace_back("leaf", to_hex(leaf_of(record)));
    records.emplace_back(std::move(row));
  }
  BlockHeader header;
  header.first_record = 1000;
  header.admitted = Instant{std::chrono::microseconds{1'795'000'000'000'000}};
  auto block = *builder.finish(7, header);
  const auto before = to_hex(sha256(block));
  REQUIRE(erase_records(block, std::vector<std::uint32_t>{1}));
  const Signer signer{"partake.example/vectors", SecretSeed{1, 2, 3}};
  Frontier log;
  log.append(leaf_hash(to_entry(header)));
  return Json::Object{
      {"records", std::move(records)},
      {"block", Json::Object{{"number", Json::integer(7)},
                             {"entry", to_entry(header)},
                             {"root", to_hex(header.root)},
                             {"sha256", before},
                             {"sha256 after erasing record 1", to_hex(sha256(block))}}},
      {"verifier", to_string(verifier_of(signer))},
      {"checkpoint", sign_checkpoint({signer.name, 1, log.root()}, signer)}};
}

}  // namespace

TEST_CASE("journal: the format's test vectors") {
  const std::string path = SOURCE_DIR "/docs/formats/journal.vectors.json";
  const auto made = pretty(vectors());
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream{path} << made;
  const auto written = read_file(path);
  REQUIRE(written);
  CHECK_EQ(*written, made);
}
