// Records as they stand in a journal, whatever their bytes: events, facts and transactions, open
// and hidden parts. No crash, and what reads well is written so that it reads the same.
#include <cstdlib>
#include <filesystem>

#include "books/sample_books.h"
#include "books/transaction.h"
#include "intake/knowledge.h"

namespace {

using namespace partake;
using namespace partake::books;

void read_event(std::string_view open, std::string_view body, const Rulebook& rulebook) {
  constexpr std::uint64_t number = 1000;
  static_cast<void>(parse_open(open, rulebook));
  const auto record = parse_event(open, body, number, rulebook);
  if (!record) return;
  const auto write = [&](const EventRecord& from) {
    std::pair<std::string, std::string> parts;
    append_open(parts.first, from.event, from.credit, rulebook);
    append_body(parts.second, from.event, from.links, number, rulebook);
    return parts;
  };
  const auto written = write(*record);
  const auto again = parse_event(written.first, written.second, number, rulebook);
  if (!again || write(*again) != written) std::abort();
}

void read_fact(std::string_view open, std::string_view body) {
  const auto fact = parse_fact(open, body);
  if (!fact || !*fact) return;
  const auto text = text_of(**fact);
  const auto again = parse_fact(text.open, text.body);
  if (!again || !*again) std::abort();
  const auto text_again = text_of(**again);
  if (text_again.open != text.open || text_again.body != text.body) std::abort();
}

void read_transaction(std::string_view open, std::string_view body) {
  constexpr std::uint64_t number = 1000;
  if (const auto made = parse_transaction(open)) {
    const auto again = parse_transaction(open_text(*made));
    if (!again || open_text(*again) != open_text(*made)) std::abort();
    static_cast<void>(parse_instruction(body, made->action));
  }
  if (const auto leg = parse_leg(open, body, number); leg && leg->account) {
    const auto again =
        parse_leg(open_text(*leg), body_text(*leg, number, leg->transaction), number);
    if (!again || again->account != leg->account || again->amounts != leg->amounts ||
        again->previous != leg->previous || again->transaction != leg->transaction) {
      std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto books = books::testing::sample_books(
      std::filesystem::path{intake::find_library("", "/proc/self/exe").value()}
          .parent_path()
          .string());
  if (size < 2) return 0;
  // How long the open part is; the rest is hidden.
  const auto open_size = std::min<std::size_t>(data[0] + 256U * data[1], size - 2);
  const std::string_view bytes{reinterpret_cast<const char*>(data) + 2, size - 2};
  const auto open = bytes.substr(0, open_size);
  const auto body = bytes.substr(open_size);
  read_event(open, body, books->rulebook());
  read_fact(open, body);
  read_transaction(open, body);
  return 0;
}
