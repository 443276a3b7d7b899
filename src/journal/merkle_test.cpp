#include "journal/merkle.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "journal/testing.h"
#include "tests/outside_data.h"

using namespace partake;
using namespace partake::journal;
using namespace partake::journal::testing;
using partake::testing::outside_data;

namespace {

std::vector<Hash> hashes(const Json& list) {
  std::vector<Hash> result;
  for (const auto& hash : *list.array()) result.push_back(*hash_from_hex(*hash.string()));
  return result;
}

std::vector<Hash> leaves_of(std::size_t count) {
  std::vector<Hash> leaves;
  for (std::size_t leaf = 0; leaf < count; ++leaf)
    leaves.push_back(leaf_hash(std::to_string(leaf)));
  return leaves;
}

}  // namespace

TEST_CASE("merkle: roots and proofs of the published tree") {
  const auto path = outside_data("merkle/rfc6962.json");
  if (path.empty()) return;
  const auto json = read_json(path);
  const auto& vectors = *json.find("rfc6962");
  const auto roots = hashes(*vectors.find("roots"));
  std::vector<Hash> leaves;
  CHECK_EQ(tree_root(leaves), roots[0]);
  for (const auto& leaf : *vectors.find("leaves")->array()) {
    leaves.push_back(leaf_hash(from_hex(*leaf.string())));
    CHECK_EQ(tree_root(leaves), roots[leaves.size()]);
    CHECK_EQ(*root_at(leaves.size(), subtrees_of(leaves)), roots[leaves.size()]);
  }
  CHECK_EQ(leaves, hashes(*vectors.find("leaf_hashes")));

  for (const auto& row : *vectors.find("inclusion")->array()) {
    const auto index = number(row, "index");
    const auto size = number(row, "size");
    const auto proof = hashes(*row.find("proof"));
    CHECK_EQ(*inclusion_proof(index, size, subtrees_of(leaves)), proof);
    CHECK(includes(leaves[index], index, size, proof, roots[size]));
  }
  for (const auto& row : *vectors.find("consistency")->array()) {
    const auto from = number(row, "from");
    const auto to = number(row, "to");
    const auto proof = hashes(*row.find("proof"));
    CHECK_EQ(*consistency_proof(from, to, subtrees_of(leaves)), proof);
    CHECK(extends(from, roots[from], to, roots[to], proof));
  }
}

TEST_CASE("merkle: every proof of every tree up to 70 leaves verifies, and nothing else does") {
  const auto leaves = leaves_of(70);
  std::vector<Hash> roots{sha256({})};
  Frontier frontier;
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    roots.push_back(tree_root(std::span{leaves}.first(size)));
    frontier.append(leaves[size - 1]);
    REQUIRE_EQ(frontier.root(), roots.back());
  }
  const auto other = leaf_hash("other");
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    for (std::size_t index = 0; index < size; ++index) {
      auto proof = *inclusion_proof(index, size, subtrees_of(leaves));
      REQUIRE(includes(leaves[index], index, size, proof, roots[size]));
      REQUIRE_FALSE(includes(other, index, size, proof, roots[size]));
      REQUIRE_FALSE(includes(leaves[index], index, size, proof, roots[size - 1]));
      REQUIRE_FALSE(includes(leaves[index], size, size, proof, roots[size]));
      proof.push_back(other);
      REQUIRE_FALSE(includes(leaves[index], index, size, proof, roots[size]));

      const auto from = index + 1;
      auto growth = *consistency_proof(from, size, subtrees_of(leaves));
      REQUIRE(extends(from, roots[from], size, roots[size], growth));
      REQUIRE_FALSE(extends(from, other, size, roots[size], growth));
      REQUIRE_FALSE(extends(from, roots[from], size, other, growth));
      growth.push_back(other);
      REQUIRE_FALSE(extends(from, roots[from], size, roots[size], growth));
    }
  }
  CHECK(extends(0, roots[0], 5, roots[5], {}));
  CHECK_FALSE(extends(5, roots[5], 4, roots[4], {}));
}

TEST_CASE("merkle: a proof with one bit changed does not verify") {
  const auto leaves = leaves_of(300);
  CHECK(rc::check([&] {
    const auto size = *rc::gen::inRange<std::size_t>(2, 300);
    const auto index = *rc::gen::inRange<std::size_t>(0, size);
    auto proof = *inclusion_proof(index, size, subtrees_of(leaves));
    const auto root = tree_root(std::span{leaves}.first(size));
    RC_ASSERT(includes(leaves[index], index, size, proof, root));
    const auto at = *rc::gen::inRange<std::size_t>(0, proof.size() * 256);
    proof[at / 256][at / 8 % 32] ^= static_cast<std::uint8_t>(1U << (at % 8));
    RC_ASSERT(!includes(leaves[index], index, size, proof, root));
  }));
}
