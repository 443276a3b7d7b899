#include "journal/merkle.h"

#include <algorithm>
#include <bit>

#include "base/require.h"

namespace partake::journal {
namespace {

constexpr std::string_view node_mark{"\x01", 1};

// The largest power of two below `size`.
std::uint64_t split_of(std::uint64_t size) { return std::bit_floor(size - 1); }

// The root over leaves [first, end): complete subtrees from the left, joined from the right.
Result<Hash> range_root(std::uint64_t first, std::uint64_t end, const SubtreeReader& subtree) {
  std::vector<Hash> edge;
  while (first < end) {
    const auto level = static_cast<unsigned>(std::bit_width(end - first) - 1);
    TRY(const auto root, subtree(level, first >> level));
    edge.push_back(root);
    first += std::uint64_t{1} << level;
  }
  auto root = edge.back();
  for (auto left = edge.rbegin() + 1; left != edge.rend(); ++left) root = node_hash(*left, root);
  return root;
}

// The way of a node up to the root of a tree whose last node of that level is `last`.
struct Climb {
  std::uint64_t node = 0;
  std::uint64_t last = 0;

  [[nodiscard]] bool at_root() const { return last == 0; }
  void up() {
    node >>= 1U;
    last >>= 1U;
  }
  // Whether the sibling of the next step stands to the left; takes the step.
  bool left_step() {
    const bool left = (node & 1U) != 0 || node == last;
    // A node without sibling is its own parent.
    if (left) {
      while ((node & 1U) == 0 && node != 0) up();
    }
    up();
    return left;
  }
};

}  // namespace

Hash leaf_hash(std::string_view data) { return sha256_parts({std::string_view{"\0", 1}, data}); }

Hash node_hash(const Hash& left, const Hash& right) {
  return sha256_parts({node_mark, bytes_of(left), bytes_of(right)});
}

// Level by level: a node without sibling moves up as it is, which makes the tree of RFC 6962. The
// nodes of a level stand side by side, so two can be hashed at once.
Hash tree_root(std::span<const Hash> leaves) {
  if (leaves.empty()) return sha256({});
  std::vector<Hash> nodes{leaves.begin(), leaves.end()};
  while (nodes.size() > 1) {
    const auto pairs = nodes.size() / 2;
    std::size_t at = 0;
    for (; at + 1 < pairs; at += 2) {
      const auto* below = &nodes[2 * at];
      const auto two = sha256_pair({node_mark, bytes_of(below[0]), bytes_of(below[1])},
                                   {node_mark, bytes_of(below[2]), bytes_of(below[3])});
      std::copy(two.begin(), two.end(), nodes.begin() + static_cast<std::ptrdiff_t>(at));
    }
    if (at < pairs) nodes[at] = node_hash(nodes[2 * at], nodes[2 * at + 1]);
    if (nodes.size() % 2 == 1) nodes[pairs] = nodes.back();
    nodes.resize((nodes.size() + 1) / 2);
  }
  return nodes[0];
}

void Frontier::append(const Hash& leaf) {
  edge_.push_back(leaf);
  // Every trailing one in the old size is a pair of equal subtrees that now completes.
  for (auto size = size_; (size & 1U) != 0; size >>= 1U) {
    const auto right = edge_.back();
    edge_.pop_back();
    edge_.back() = node_hash(edge_.back(), right);
  }
  ++size_;
}

Hash Frontier::root() const {
  if (edge_.empty()) return sha256({});
  auto root = edge_.back();
  for (auto left = edge_.rbegin() + 1; left != edge_.rend(); ++left) root = node_hash(*left, root);
  return root;
}

SubtreeReader subtrees_of(std::span<const Hash> leaves) {
  return [leaves](unsigned level, std::uint64_t index) -> Result<Hash> {
    return tree_root(leaves.subspan(index << level, std::size_t{1} << level));
  };
}

Result<Hash> root_at(std::uint64_t size, const SubtreeReader& subtree) {
  if (size == 0) return sha256({});
  return range_root(0, size, subtree);
}

Result<Proof> inclusion_proof(std::uint64_t index, std::uint64_t size,
                              const SubtreeReader& subtree) {
  PARTAKE_REQUIRE(index < size);
  Proof from_the_top;
  std::uint64_t first = 0;
  auto end = size;
  while (end - first > 1) {
    const auto middle = first + split_of(end - first);
    const bool on_the_left = index < middle;
    TRY(const auto sibling,
        on_the_left ? range_root(middle, end, subtree) : range_root(first, middle, subtree));
    from_the_top.push_back(sibling);
    (on_the_left ? end : first) = middle;
  }
  return Proof{from_the_top.rbegin(), from_the_top.rend()};
}

Result<Proof> consistency_proof(std::uint64_t old_size, std::uint64_t size,
                                const SubtreeReader& subtree) {
  PARTAKE_REQUIRE(old_size > 0 && old_size <= size);
  Proof from_the_top;
  std::uint64_t first = 0;
  auto end = size;
  while (end != old_size) {
    const auto middle = first + split_of(end - first);
    const bool on_the_left = old_size <= middle;
    TRY(const auto sibling,
        on_the_left ? range_root(middle, end, subtree) : range_root(first, middle, subtree));
    from_the_top.push_back(sibling);
    (on_the_left ? end : first) = middle;
  }
  // The old tree itself need not be proved to who knows its root.
  if (first != 0) {
    TRY(const auto root, range_root(first, end, subtree));
    from_the_top.push_back(root);
  }
  return Proof{from_the_top.rbegin(), from_the_top.rend()};
}

bool includes(const Hash& leaf, std::uint64_t index, std::uint64_t size,
              std::span<const Hash> proof, const Hash& root) {
  if (index >= size) return false;
  Climb climb{index, size - 1};
  auto hash = leaf;
  for (const auto& sibling : proof) {
    if (climb.at_root()) return false;
    hash = climb.left_step() ? node_hash(sibling, hash) : node_hash(hash, sibling);
  }
  return climb.at_root() && hash == root;
}

bool extends(std::uint64_t old_size, const Hash& old_root, std::uint64_t size, const Hash& root,
             std::span<const Hash> proof) {
  if (old_size > size) return false;
  if (old_size == size) return proof.empty() && old_root == root;
  if (old_size == 0) return proof.empty() && old_root == sha256({});
  Climb climb{old_size - 1, size - 1};
  while ((climb.node & 1U) != 0) climb.up();
  const bool old_is_complete = std::has_single_bit(old_size);
  if (!old_is_complete && proof.empty()) return false;
  auto old_hash = old_is_complete ? old_root : proof.front();
  auto hash = old_hash;
  for (const auto& sibling : proof.subspan(old_is_complete ? 0 : 1)) {
    if (climb.at_root()) return false;
    if (climb.left_step()) {
      old_hash = node_hash(sibling, old_hash);
      hash = node_hash(sibling, hash);
    } else {
      hash = node_hash(hash, sibling);
    }
  }
  return climb.at_root() && old_hash == old_root && hash == root;
}

}  // namespace partake::journal
