// What a journal is read from: blocks, entries, notes, checkpoints, tiles, receipts. No crash, and
// what reads well prints as it was.
#include <cstdlib>

#include "journal/receipt.h"

namespace {

using namespace partake;
using namespace partake::journal;

void read_block(std::string_view bytes) {
  const auto block = parse_block(bytes);
  if (!block) return;
  static_cast<void>(parse_entry(block->entry));
  static_cast<void>(leaves_of(*block));
  for (std::uint32_t record = 0; record < block->frame.records; ++record) {
    static_cast<void>(block->record(record));
  }
}

void read_records(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto record = take_record(bytes);
    if (!record) return;
    static_cast<void>(leaf_of(*record));
  }
}

void read_texts(std::string_view text) {
  static const Verifier verifier = verifier_of({"partake.example/fuzz", SecretSeed{1}});
  static_cast<void>(open_note(text, verifier));
  if (const auto key = parse_verifier(text); key && to_string(*key) != text) std::abort();
  if (const auto tile = parse_tile_name(text); tile && path_of(*tile) != text) std::abort();
  if (const auto entry = parse_entry(text); entry && to_entry(*entry) != text) std::abort();
  if (const auto checkpoint = parse_checkpoint(text)) {
    const auto again = parse_checkpoint(to_string(*checkpoint));
    if (!again || !(*again == *checkpoint)) std::abort();
  }
  if (const auto receipt = parse_receipt(text)) {
    static_cast<void>(check_receipt(*receipt, verifier));
    const auto again = parse_receipt(to_text(*receipt));
    if (!again || to_text(*again) != to_text(*receipt)) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  read_block(bytes);
  read_records(bytes);
  read_texts(bytes);
  for (const unsigned width : {1U, 3U, 256U}) {
    if (const auto entries = parse_bundle(bytes, width); entries && to_bundle(*entries) != bytes) {
      std::abort();
    }
  }
  return 0;
}
