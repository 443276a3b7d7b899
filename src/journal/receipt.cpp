#include "journal/receipt.h"

#include "base/base64.h"
#include "base/require.h"
#include "base/whole_number.h"

namespace partake::journal {
namespace {

constexpr std::size_t proof_hashes_max = 64;

tl::unexpected<Error> malformed(const char* field) {
  return fail(ErrorKind::invalid, "receipt.malformed", {{"field", field}});
}

Json to_json(const Proof& proof) {
  Json::Array hashes;
  for (const auto& hash : proof) hashes.emplace_back(to_hex(hash));
  return hashes;
}

Result<std::string> text_in(const Json& json, const char* key) {
  const auto* value = json.find(key);
  if (value == nullptr || value->string() == nullptr) return malformed(key);
  return *value->string();
}

Result<std::string> bytes_in(const Json& json, const char* key) {
  TRY(const auto text, text_in(json, key));
  auto bytes = from_base64(text);
  if (!bytes) return malformed(key);
  return *std::move(bytes);
}

Result<std::uint64_t> number_in(const Json& json, const char* key) {
  const auto* value = json.find(key);
  if (value == nullptr || value->number() == nullptr) return malformed(key);
  const auto number = parse_whole(value->number()->text);
  if (!number) return malformed(key);
  return *number;
}

Result<Proof> proof_in(const Json& json, const char* key) {
  const auto* value = json.find(key);
  if (value == nullptr || value->array() == nullptr) return malformed(key);
  if (value->array()->size() > proof_hashes_max) return malformed(key);
  Proof proof;
  for (const auto& item : *value->array()) {
    const auto hash = item.string() == nullptr ? std::nullopt : hash_from_hex(*item.string());
    if (!hash) return malformed(key);
    proof.push_back(*hash);
  }
  return proof;
}

}  // namespace

std::string to_text(const Receipt& receipt) {
  Json::Object json{
      {"format", "partake receipt 1"},
      {"record", Json::integer(static_cast<std::int64_t>(receipt.record))},
      {"open", to_base64(receipt.open)},
  };
  if (receipt.commitment) json.emplace_back("commitment", to_hex(*receipt.commitment));
  if (!receipt.hidden.empty()) json.emplace_back("hidden", to_base64(receipt.hidden));
  json.emplace_back("in_block", to_json(receipt.in_block));
  json.emplace_back("entry", receipt.entry);
  json.emplace_back("block", Json::integer(static_cast<std::int64_t>(receipt.block)));
  json.emplace_back("in_log", to_json(receipt.in_log));
  json.emplace_back("checkpoint", receipt.checkpoint);
  return pretty(Json{std::move(json)});
}

Result<Receipt> parse_receipt(std::string_view text) {
  TRY(const auto json, parse_json(text, {.bytes = receipt_bytes_max, .depth = 8}));
  TRY(const auto format, text_in(json, "format"));
  if (format != "partake receipt 1") return malformed("format");
  Receipt receipt;
  TRY(receipt.record, number_in(json, "record"));
  TRY(receipt.open, bytes_in(json, "open"));
  if (receipt.open.empty()) return malformed("open");
  if (json.find("commitment") != nullptr) {
    TRY(const auto commitment, text_in(json, "commitment"));
    receipt.commitment = hash_from_hex(commitment);
    if (!receipt.commitment) return malformed("commitment");
  }
  if (json.find("hidden") != nullptr) {
    TRY(receipt.hidden, bytes_in(json, "hidden"));
    if (receipt.hidden.empty()) return malformed("hidden");
  }
  TRY(receipt.in_block, proof_in(json, "in_block"));
  TRY(receipt.entry, text_in(json, "entry"));
  TRY(receipt.block, number_in(json, "block"));
  TRY(receipt.in_log, proof_in(json, "in_log"));
  TRY(receipt.checkpoint, text_in(json, "checkpoint"));
  return receipt;
}

Result<Receipt> make_receipt(const Journal& journal, std::uint64_t record, bool with_hidden) {
  PARTAKE_REQUIRE(record < journal.records());
  Receipt receipt;
  receipt.record = record;
  receipt.block = journal.block_of(record);
  const auto size = journal.checkpoint().size;
  if (receipt.block >= size) {
    return fail(ErrorKind::unavailable, "receipt.not_yet_signed",
                {{"record", std::to_string(record)}});
  }
  TRY(const auto bytes, journal.read(receipt.block));
  TRY(const auto block, parse_block(bytes));
  const auto place = record - journal.blocks()[receipt.block].first_record;
  TRY(const auto found, block.record(static_cast<std::uint32_t>(place)));
  receipt.open = found.open;
  if (!found.hidden.empty()) receipt.commitment = commitment_of(found);
  if (with_hidden && !found.erased) receipt.hidden = found.hidden;
  receipt.entry = block.entry;
  TRY(const auto leaves, leaves_of(block));
  TRY(receipt.in_block, inclusion_proof(place, leaves.size(), subtrees_of(leaves)));
  TRY(receipt.in_log, inclusion_proof(receipt.block, size, journal.subtrees()));
  receipt.checkpoint = journal.checkpoint_note();
  return receipt;
}

Result<Proven> check_receipt(const Receipt& receipt, const Verifier& verifier) {
  Proven proven;
  TRY(proven.checkpoint, open_checkpoint(receipt.checkpoint, verifier));
  TRY(proven.block, parse_entry(receipt.entry));
  const auto& block = proven.block;
  const bool numbered = receipt.record >= block.first_record && receipt.record < block.end_record();
  const auto leaf = leaf_of(receipt.open, receipt.commitment ? &*receipt.commitment : nullptr);
  if (!numbered || !includes(leaf, receipt.record - block.first_record, block.records,
                             receipt.in_block, block.root)) {
    return fail(ErrorKind::corrupt, "receipt.not_in_block",
                {{"record", std::to_string(receipt.record)}});
  }
  if (!includes(leaf_hash(receipt.entry), receipt.block, proven.checkpoint.size, receipt.in_log,
                proven.checkpoint.root)) {
    return fail(ErrorKind::corrupt, "receipt.not_in_log",
                {{"block", std::to_string(receipt.block)}});
  }
  const bool hidden_fits = receipt.hidden.empty() ||
                           (receipt.commitment &&
                            commitment_of(std::string_view{receipt.hidden}) == *receipt.commitment);
  if (!hidden_fits) return fail(ErrorKind::corrupt, "receipt.other_hidden");
  return proven;
}

}  // namespace partake::journal
