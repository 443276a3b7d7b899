#include "journal/redo.h"

#include <doctest/doctest.h>

#include "journal/block.h"
#include "storage/simulated_disk.h"

using namespace partake;
using namespace partake::journal;

TEST_CASE("redo: only changed pages are written, to their places") {
  const std::string before(4 * page_bytes, 'a');
  auto after = before;
  after[page_bytes] = 'b';
  after[3 * page_bytes + 5] = 'c';
  Redo redo;
  CHECK(redo.empty());
  redo.add_changes("one", page_bytes, before, after);
  redo.add_changes("two", 0, before, before);
  CHECK_FALSE(redo.empty());
  const auto bytes = redo.to_bytes();
  CHECK_LT(bytes.size(), 2 * page_bytes + 200);

  storage::SimulatedDisk disk;
  const auto read = Redo::parse(bytes);
  REQUIRE(read);
  CHECK_EQ(read->to_bytes(), bytes);
  const auto folder = disk.make_folder("blocks");
  REQUIRE(folder);
  REQUIRE(storage::replace_file(disk, "blocks/one", std::string(page_bytes, 'x') + before));
  REQUIRE(read->apply(disk, "blocks"));
  CHECK_EQ(*storage::read_whole(disk, "blocks/one", 1U << 20U),
           std::string(page_bytes, 'x') + after);
}

TEST_CASE("redo: malformed bytes are refused") {
  Redo redo;
  redo.add_changes("one", 0, std::string(page_bytes, 'a'), std::string(page_bytes, 'b'));
  const auto good = redo.to_bytes();
  REQUIRE(Redo::parse(good));
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"PTKREDO 1", "PTKREDO 2"},
                                                        {"\n1\n", "\n2\n"},
                                                        {"\n1\n", "\nx\n"},
                                                        {"one 0", "one"},
                                                        {"one 0", "one x"},
                                                        {"one 0", "../one 0"},
                                                        {"bb", "cb"}}) {
    auto bad = good;
    bad.replace(bad.find(from), from.size(), to);
    CHECK_EQ(Redo::parse(bad).error().code, "journal.redo_malformed");
  }
  CHECK_EQ(Redo::parse(good.substr(0, good.size() - 1)).error().code, "journal.redo_malformed");
}
