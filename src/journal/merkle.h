// Merkle tree hashes and proofs: RFC 6962 section 2.1 with SHA-256; verification as RFC 9162
// sections 2.1.3.2 and 2.1.4.2. Leaves are numbered from 0.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/sha256.h"

namespace partake::journal {

Hash leaf_hash(std::string_view data);
Hash node_hash(const Hash& left, const Hash& right);
// Of the leaf hashes; of none, the hash of nothing.
Hash tree_root(std::span<const Hash> leaves);

// The right edge of a growing tree: enough to append and to know the root.
class Frontier {
 public:
  void append(const Hash& leaf);
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] Hash root() const;

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash> edge_;  // Roots of the complete subtrees, largest first.
};

using Proof = std::vector<Hash>;

// Gives the root of the complete subtree over leaves [index << level, (index + 1) << level).
using SubtreeReader = std::function<Result<Hash>(unsigned level, std::uint64_t index)>;

// Of a list of leaf hashes, which must outlive the reader.
SubtreeReader subtrees_of(std::span<const Hash> leaves);

Result<Hash> root_at(std::uint64_t size, const SubtreeReader& subtree);
// That leaf `index` is in the tree of `size`. Requires index < size.
Result<Proof> inclusion_proof(std::uint64_t index, std::uint64_t size,
                              const SubtreeReader& subtree);
// That the tree of `old_size` is a prefix of the one of `size`. Requires 0 < old_size <= size.
Result<Proof> consistency_proof(std::uint64_t old_size, std::uint64_t size,
                                const SubtreeReader& subtree);

bool includes(const Hash& leaf, std::uint64_t index, std::uint64_t size,
              std::span<const Hash> proof, const Hash& root);
bool extends(std::uint64_t old_size, const Hash& old_root, std::uint64_t size, const Hash& root,
             std::span<const Hash> proof);

}  // namespace partake::journal
