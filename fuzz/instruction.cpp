// What somebody asks of books with dealings of every kind, whatever the document: refused with a
// code, or decided, and then its record reads as it was written.
#define DOCTEST_CONFIG_DISABLE
#pragma clang diagnostic ignored "-Wunused-variable"
#include <cstdlib>

#include "books/instruction_reader.h"
#include "books/transact_testing.h"

namespace {

using namespace partake;
using namespace partake::books;

struct NoRecords final : RecordFinder {
  Result<std::optional<FoundRecord>> find(StreamNumber, const EventId&) override {
    return std::nullopt;
  }
  Result<std::string> bytes_of(std::uint64_t number) override {
    return fail(ErrorKind::not_found, "record.unknown", {{"record", std::to_string(number)}});
  }
};

std::unique_ptr<Books> books_with_dealings() {
  auto books = std::make_unique<Books>();
  books->begin_block(0, testing::test_time());
  std::uint64_t number = 0;
  for (const auto& fact : testing::dealing_facts()) {
    if (!books->apply(number++, fact)) std::abort();
  }
  books->begin_block(1, testing::test_time());
  return books;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto books = books_with_dealings();
  const std::string_view document{reinterpret_cast<const char*>(data), size};
  const auto instruction = read_instruction(document, books->rulebook());
  if (!instruction) return 0;
  NoRecords finder;
  const auto made = decide(*books, finder, *instruction);
  if (!made) {
    if (made.error().code.empty()) std::abort();
    return 0;
  }
  const auto open = open_text(*made);
  const auto again = parse_transaction(open);
  if (!again || open_text(*again) != open) std::abort();
  return 0;
}
