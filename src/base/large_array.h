// A flat array that starts as zeros and grows without being copied: the system moves its pages.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <thread>
#include <type_traits>
#include <utility>

namespace partake {

// Memory from the system, zeroed; backed at the first touch. Both throw std::bad_alloc.
void* map_memory(std::size_t bytes);
void* grow_memory(void* start, std::size_t bytes, std::size_t bytes_wanted);
void unmap_memory(void* start, std::size_t bytes);

// Touches memory in a thread of its own, so that whoever needs it later does not wait for the
// system to find it. Ends with the object, touched or not.
class MemoryToucher {
 public:
  MemoryToucher(void* start, std::size_t bytes);
  ~MemoryToucher();
  MemoryToucher(const MemoryToucher&) = delete;
  MemoryToucher& operator=(const MemoryToucher&) = delete;

 private:
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

template <class T>
class LargeArray {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  LargeArray() = default;
  explicit LargeArray(std::size_t capacity)
      : data_{static_cast<T*>(map_memory(capacity * sizeof(T)))}, capacity_{capacity} {}
  ~LargeArray() {
    toucher_.reset();
    if (data_ != nullptr) unmap_memory(data_, capacity_ * sizeof(T));
  }
  LargeArray(LargeArray&& other) noexcept
      : data_{std::exchange(other.data_, nullptr)},
        capacity_{std::exchange(other.capacity_, 0)},
        toucher_{std::move(other.toucher_)} {}
  LargeArray& operator=(LargeArray&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(capacity_, other.capacity_);
    std::swap(toucher_, other.toucher_);
    return *this;
  }
  LargeArray(const LargeArray&) = delete;
  LargeArray& operator=(const LargeArray&) = delete;

  // References into it end here.
  void grow(std::size_t capacity) {
    if (capacity <= capacity_) return;
    toucher_.reset();
    data_ = static_cast<T*>(data_ == nullptr
                                ? map_memory(capacity * sizeof(T))
                                : grow_memory(data_, capacity_ * sizeof(T), capacity * sizeof(T)));
    capacity_ = capacity;
  }
  // ... where the new part will be written soon: its memory is fetched meanwhile.
  void grow_ahead(std::size_t capacity) {
    // Below, a thread costs more than it saves.
    constexpr std::size_t bytes_min = std::size_t{4} << 20U;
    const auto before = capacity_;
    grow(capacity);
    const auto bytes = (capacity_ - before) * sizeof(T);
    if (bytes >= bytes_min) toucher_ = std::make_unique<MemoryToucher>(data_ + before, bytes);
  }

  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  [[nodiscard]] T* data() { return data_; }
  [[nodiscard]] const T* data() const { return data_; }
  T& operator[](std::size_t at) { return data_[at]; }
  const T& operator[](std::size_t at) const { return data_[at]; }

 private:
  T* data_ = nullptr;
  std::size_t capacity_ = 0;
  std::unique_ptr<MemoryToucher> toucher_;
};

}  // namespace partake
