// Quality and speed of the check of figures: found and judged on labelled statements, a confusion
// table on our own sentences, and the time for a book, whole and after one change.
#include <filesystem>

#include "bench/figures.h"
#include "claims/compare.h"
#include "tests/claims_quality.h"

using namespace partake;

namespace {

void print(const char* title, const testing::Quality& quality) {
  std::printf("claims: %s\n", title);
  std::printf("  found %d of %d, judged as labelled %d, of %d right ones %d doubted\n",
              quality.found, quality.rows, quality.judged_right, quality.good,
              quality.good_doubted);
  constexpr std::array<const char*, 7> names{"consistent",    "unchecked",  "boundary", "outside",
                                             "contradiction", "impossible", "quiet"};
  std::printf("  %-14s", "label / result");
  for (std::size_t i = 0; i < 6; ++i) std::printf("%14s", names[i]);
  std::printf("%14s\n", "none");
  for (std::size_t i = 0; i < 7; ++i) {
    std::printf("  %-14s", names[i]);
    for (const int count : quality.confusion[i]) std::printf("%14d", count);
    std::printf("\n");
  }
}

}  // namespace

int main(int count, char** words) {
  const auto knowledge = testing::claims_knowledge();
  const auto shared = std::filesystem::canonical(SOURCE_DIR).parent_path() / "shared";
  const bool misses = count > 1 && std::string_view{words[1]} == "--misses";
  const auto show = [&](const char* title, const testing::Quality& quality) {
    print(title, quality);
    for (const auto& miss : quality.misses) {
      if (misses) std::printf("    %s\n", miss.c_str());
    }
  };
  if (std::filesystem::exists(shared / "seeds")) {
    show("labelled statements", testing::judge_labelled(knowledge, shared.string()));
  } else {
    std::printf("claims: labelled statements skipped: no %s\n", shared.c_str());
  }
  show("own sentences", testing::judge_sentences(knowledge, "sentences.tsv"));
  show("own sentences, written before they were tried",
       testing::judge_sentences(knowledge, "fresh.tsv"));
  show("invented texts with an odd number", testing::judge_cases(knowledge, true));
  // Whose misses are not shown: what is fitted to them measures nothing.
  print("invented texts with an even number", testing::judge_cases(knowledge, false));
  show("texts of somebody who did not know the engine, looked at since",
       testing::judge_blind(knowledge, true));
  print("others of them, never looked at", testing::judge_blind(knowledge, false));
  if (misses) return 0;
  // A book of 200 kB: our sentences again and again, each a paragraph and a little different, so
  // that nothing is read once for all.
  std::string book;
  for (int i = 0; book.size() < 200'000; ++i) {
    for (const auto& row : testing::tab_rows(SOURCE_DIR "/tests/claims/sentences.tsv")) {
      book += "（" + std::to_string(i) + "）" + row[3] + (i % 3 == 0 ? "\n" : "\n\n");
    }
  }
  std::size_t findings = 0;
  const double whole =
      bench::best_of(5, [&] { findings = claims::review(book, knowledge)->findings.size(); });
  std::printf("claims: a book of %zu kB, %zu findings\n", book.size() / 1000, findings);
  bench::figure("  read and checked", whole * 1000, "ms", 500, "the 500 ms promised");
  claims::Reviewer reviewer{knowledge};
  static_cast<void>(reviewer.review(book));
  int change = 0;
  const double again = bench::best_of(5, [&] {
    auto edited = book;
    edited.insert(book.size() / 2, std::to_string(change++));
    static_cast<void>(reviewer.review(edited));
  });
  bench::figure("  again after one paragraph changed", again * 1000, "ms", 20,
                "the 20 ms promised");
  return 0;
}
