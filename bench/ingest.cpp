// The two stages of taking events in that are pure computing: reading an event, against only
// walking its JSON; and hashing the records of a block, against so many compressions in a row.
#include <cstring>
#include <filesystem>

#include <simdjson.h>

#include "bench/figures.h"
#include "books/event_stream.h"
#include "books/json_events.h"
#include "books/sample_books.h"
#include "intake/knowledge.h"
#include "journal/block.h"

using namespace partake;

namespace {

constexpr std::size_t events = 200'000;
constexpr std::uint32_t records = 8192;

std::uint64_t next_number() {
  static std::uint64_t state = 1;
  state = state * 6364136223846793005U + 1442695040888963407U;
  return state >> 24U;
}

std::string write_events() {
  std::string lines;
  char line[512];
  for (std::size_t at = 0; at < events; ++at) {
    const auto account = ledger::to_string({next_number() % 1'000'000});
    const auto second = static_cast<int>(next_number() % (28 * 86400));
    const int size = std::snprintf(
        line, sizeof line,
        "{\"specversion\":\"1.0\",\"id\":\"%zu\",\"source\":\"gates\",\"type\":\"trip.bus\","
        "\"subject\":\"%s\",\"time\":\"2026-11-%02dT%02d:%02d:%02d+08:00\",\"sequence\":\"%zu\","
        "\"data\":{\"trips\":1}}\n",
        at, account.c_str(), 1 + second / 86400, second / 3600 % 24, second / 60 % 60, second % 60,
        at);
    lines.append(line, static_cast<std::size_t>(size));
  }
  return lines;
}

class Lines final : public ByteSource {
 public:
  explicit Lines(std::string_view text) : text_{text} {}
  partake::Result<std::size_t> read(char* target, std::size_t size) override {
    const auto count = std::min(size, text_.size());
    std::memcpy(target, text_.data(), count);
    text_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view text_;
};

template <class Work>
void for_each_line(std::string_view lines, Work work) {
  while (!lines.empty()) {
    const auto end = lines.find('\n');
    work(lines.substr(0, end));
    lines.remove_prefix(end + 1);
  }
}

double walk(const std::string& lines) {
  simdjson::ondemand::parser parser;
  return bench::best_of(7, [&] {
    std::size_t bytes = 0;
    for_each_line(lines, [&](std::string_view line) {
      const simdjson::padded_string_view padded{line.data(), line.size(),
                                                line.size() + simdjson::SIMDJSON_PADDING};
      simdjson::ondemand::document json;
      simdjson::ondemand::object object;
      if (parser.iterate(padded).get(json) != 0 || json.get_object().get(object) != 0) return;
      for (auto member : object) {
        std::string_view key;
        if (member.unescaped_key().get(key) == 0) bytes += key.size();
      }
    });
    if (bytes == 0) std::abort();
  });
}

void require_all(std::size_t good) {
  if (good != events) std::abort();
}

void reading(const books::Rulebook& rulebook) {
  auto lines = write_events();
  lines.reserve(lines.size() + books::EventReader::json_padding);
  constexpr double ns = 1e9 / static_cast<double>(events);
  const auto walked = walk(lines) * ns;
  books::EventReader reader{rulebook};
  books::ReadEvent event;
  const auto read = bench::best_of(7, [&] {
    std::size_t good = 0;
    for_each_line(lines, [&](std::string_view line) {
      reader.read(line, event);
      good += event.is_good ? 1U : 0U;
    });
    require_all(good);
  });
  const books::SourceAccess access{rulebook, {}};
  const auto streamed = bench::best_of(7, [&] {
    Lines source{lines};
    books::JsonEvents feed{source, rulebook};
    books::EventStream stream{feed, access, books::Salter{books::SaltKey{}}};
    std::size_t good = 0;
    while (const auto* batch = stream.next().value()) {
      for (const auto& one : batch->events()) good += one.is_good ? 1U : 0U;
    }
    require_all(good);
  });
  bench::figure("event: read and assemble", read * ns, "ns", walked, "walking its JSON");
  bench::figure("event: through EventStream, with its salt", streamed * ns, "ns", walked,
                "walking its JSON");
}

void hashing() {
  journal::BlockBuilder builder;
  std::string open(15, 'o');
  std::string hidden(38, 'h');
  for (std::uint32_t at = 0; at < records; ++at) {
    std::memcpy(open.data(), &at, sizeof at);
    std::memcpy(hidden.data(), &at, sizeof at);
    builder.add({open, hidden});
  }
  journal::BlockHeader header;
  const auto bytes = builder.finish(0, header).value();
  const auto block = journal::parse_block(bytes).value();
  constexpr double ns = 1e9 / static_cast<double>(records);
  // A commitment, a leaf and an interior node of two blocks each.
  const auto compressing = bench::best_of(15, [&] {
    auto state = sha256_start;
    const auto* from = reinterpret_cast<const std::uint8_t*>(bytes.data());
    if (!has_sha256_instructions()) return;
    for (std::uint32_t at = 0; at < 4 * records; ++at) {
      sha256_compress(state, from + at % records * sha256_block_bytes / 2);
    }
    if (state == sha256_start) std::abort();
  });
  std::vector<Hash> leaves;
  const auto leafing = bench::best_of(15, [&] { leaves = journal::leaves_of(block).value(); });
  const auto rooting = bench::best_of(15, [&] {
    if (journal::tree_root(leaves) != header.root) std::abort();
  });
  const auto limit = compressing * ns;
  bench::figure("record: commitment and leaf", leafing * ns, "ns", limit, "compressing in a row");
  bench::figure("record: its part of the tree", rooting * ns, "ns", limit, "compressing in a row");
  bench::figure("record: both", (leafing + rooting) * ns, "ns", limit, "compressing in a row");
}

}  // namespace

int main() {
  const auto library = intake::find_library("", "/proc/self/exe");
  if (!library) return 1;
  const auto books =
      books::testing::sample_books(std::filesystem::path{*library}.parent_path().string());
  reading(books->rulebook());
  hashing();
  return 0;
}
