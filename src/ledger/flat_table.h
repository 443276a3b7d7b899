// Entries found by a 64-bit key in one flat array. A byte of the hash of each entry stands apart,
// in groups of eight that are compared at once, so that looking for what is not there, the usual
// case, touches one word and no entry (the idea of SwissTable, Benzaquen, Kulukundis and others
// 2017).
//
// A key may stand for several entries. Entries are never taken out one by one; when the table is
// full, those that `keep` gives up are dropped, and it grows if most are kept.
//
// Entry: trivially copyable, key() is its key.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/large_array.h"
#include "base/prefetch.h"
#include "base/split_mix.h"

namespace partake::ledger {

template <class Entry>
class FlatTable {
 public:
  FlatTable() : FlatTable{1} {}

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t bytes() const { return capacity() * (sizeof(Entry) + 1); }

  // Two steps of getting ready for a key that is needed soon: first the tags, some time later the
  // entry that they point to, or the place where it would go.
  void prefetch_tags(std::uint64_t key) const { partake::prefetch(&tags_[spread(key) & mask_]); }
  void prefetch_entry(std::uint64_t key) const {
    const auto hash = spread(key);
    const auto tags = tags_[hash & mask_];
    const auto marks = equal_bytes(tags, tag_of(hash)) | equal_bytes(tags, 0);
    if (marks == 0) return;
    partake::prefetch(&entries_[(hash & mask_) * width + byte_of(marks)]);
  }

  // The first entry of the key for which `matches` holds; null when there is none.
  template <class Matches>
  [[nodiscard]] const Entry* find(std::uint64_t key, Matches matches) const {
    const auto hash = spread(key);
    const auto tag = tag_of(hash);
    for (auto group = hash & mask_;; group = (group + 1) & mask_) {
      const auto tags = tags_[group];
      for (auto same = equal_bytes(tags, tag); same != 0; same &= same - 1) {
        const auto& entry = entries_[group * width + byte_of(same)];
        if (entry.key() == key && matches(entry)) return &entry;
      }
      if (equal_bytes(tags, 0) != 0) return nullptr;
    }
  }
  [[nodiscard]] const Entry* find(std::uint64_t key) const {
    return find(key, [](const Entry&) { return true; });
  }
  template <class... Matches>
  [[nodiscard]] Entry* find(std::uint64_t key, Matches... matches) {
    return const_cast<Entry*>(std::as_const(*this).find(key, matches...));  // NOLINT: it is ours
  }

  // Every entry of the key.
  template <class Visit>
  void each_of(std::uint64_t key, Visit visit) const {
    static_cast<void>(find(key, [&](const Entry& entry) {
      visit(entry);
      return false;
    }));
  }

  // A reference holds until the next insertion.
  template <class Keep>
  Entry& insert(const Entry& entry, Keep keep) {
    if (8 * (size_ + 1) > 7 * capacity()) {
      renew(keep);
    } else if (grows_ && 8 * size_ == 5 * capacity()) {
      tags_.grow_ahead(2 * (mask_ + 1));
      entries_.grow_ahead(2 * capacity());
    }
    ++size_;
    return place(entry);
  }

  template <class Visit>
  void each(Visit visit) const {
    for (std::size_t group = 0; group <= mask_; ++group) {
      for (std::size_t at = 0; at < width; ++at) {
        if ((tags_[group] >> (8 * at) & 0xFFU) != 0) visit(entries_[group * width + at]);
      }
    }
  }

 private:
  static constexpr std::size_t width = 8;
  static constexpr std::uint64_t ones = 0x0101010101010101U;

  explicit FlatTable(std::size_t groups)
      : tags_{groups}, entries_{groups * width}, mask_{groups - 1} {}

  [[nodiscard]] std::size_t capacity() const { return (mask_ + 1) * width; }
  // Zero is an empty place.
  static std::uint64_t tag_of(std::uint64_t hash) { return (hash >> 56U) | 0x80U; }
  // The top bit of each byte that equals `value`; a byte above one that does may be marked wrongly,
  // which costs a comparison.
  static std::uint64_t equal_bytes(std::uint64_t bytes, std::uint64_t value) {
    const auto difference = bytes ^ (ones * value);
    return (difference - ones) & ~difference & (ones << 7U);
  }
  static std::size_t byte_of(std::uint64_t marks) {
    return static_cast<std::size_t>(std::countr_zero(marks)) / 8;
  }

  Entry& place(const Entry& entry) {
    const auto hash = spread(entry.key());
    auto group = hash & mask_;
    while (equal_bytes(tags_[group], 0) == 0) group = (group + 1) & mask_;
    // The lowest mark is always right.
    const auto at = byte_of(equal_bytes(tags_[group], 0));
    tags_[group] |= tag_of(hash) << (8 * at);
    return entries_[group * width + at] = entry;
  }

  template <class Keep>
  void renew(Keep keep) {
    std::size_t kept = 0;
    each([&](const Entry& entry) { kept += keep(entry) ? 1 : 0; });
    const auto groups = mask_ + 1;
    auto wanted = groups;
    while (12 * (kept + 1) > 7 * wanted * width) wanted *= 2;
    tags_.grow(wanted);
    entries_.grow(wanted * width);
    // In place, group by group: an entry stands in its group or, where that was full, in one after
    // it, so its new place is never beyond what was cleared, or is in the part that is new. Those
    // that went around the end wait until all groups are cleared.
    const auto mask_before = std::exchange(mask_, wanted - 1);
    std::vector<Entry> around;
    for (std::size_t group = 0; group < groups; ++group) {
      std::array<Entry, width> held;
      std::size_t count = 0;
      for (std::size_t at = 0; at < width; ++at) {
        if ((tags_[group] >> (8 * at) & 0xFFU) == 0) continue;
        const auto& entry = entries_[group * width + at];
        if (keep(entry)) held[count++] = entry;
      }
      tags_[group] = 0;
      for (std::size_t at = 0; at < count; ++at) {
        const bool went_around = (spread(held[at].key()) & mask_before) > group;
        if (went_around) {
          around.push_back(held[at]);
        } else {
          place(held[at]);
        }
      }
    }
    for (const auto& entry : around) place(entry);
    grows_ = kept == size_;
    size_ = kept;
  }

  LargeArray<std::uint64_t> tags_;  // Eight bytes a group.
  LargeArray<Entry> entries_;
  std::size_t mask_ = 0;  // Of groups, a power of two.
  std::size_t size_ = 0;
  bool grows_ = false;  // Nothing was given up the last time, so that it will have to grow.
};

}  // namespace partake::ledger
