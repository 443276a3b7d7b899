// A disk in memory that forgets. What was not synced is pending; at a crash each pending sector
// and name is lost or lands, as the seed says. It can also fail at a chosen operation.
#pragma once

#include <functional>
#include <optional>

#include "storage/disk.h"

namespace partake::storage {

enum class Fault : std::uint8_t {
  none,
  crash,        // The operation may land in part; nothing works from then on.
  error,        // EIO: storage.failed.
  full,         // ENOSPC: storage.full.
  short_write,  // Half of the bytes are written, then storage.failed.
};

class SimulatedDisk final : public Disk {
 public:
  SimulatedDisk();
  ~SimulatedDisk() override;

  // Operations that change something are counted from 0; the one numbered `operation` meets the
  // fault. A sync that fails loses its claim on the bytes: a later one does not make them durable.
  void fail_at(std::uint64_t operation, Fault fault);
  [[nodiscard]] std::uint64_t operations() const;
  // How often a file was asked to become durable, whatever came of it.
  [[nodiscard]] std::uint64_t syncs() const;
  // With a size, writes that would exceed it fail with storage.full.
  void limit(std::optional<std::uint64_t> bytes_max);

  // Power returns: what is pending lands or is lost, decided by `choose(n)`, a number below n.
  // Open files and locks of before are dead. Pending things are offered in a fixed order, so a
  // caller can also count through every combination.
  using Choose = std::function<std::uint64_t(std::uint64_t count)>;
  void crash(const Choose& choose);

  // A disk of its own in the same state, with what is pending, so that many crashes can be tried
  // from one moment. Open files and locks stay with this one.
  [[nodiscard]] SimulatedDisk fork() const;
  // Called before each operation that changes something, in the thread that does it.
  void before_each(std::function<void()> call);

  // Changes one bit of a file on the disk itself. Requires that the file is synced.
  void flip(const std::string& path, std::uint64_t bit);
  [[nodiscard]] std::vector<std::string> files() const;

  Result<std::unique_ptr<File>> open(const std::string& path, Access access) override;
  [[nodiscard]] Result<std::vector<std::string>> list(const std::string& folder) const override;
  [[nodiscard]] bool exists(const std::string& path) const override;
  Status make_folder(const std::string& path) override;
  Status rename(const std::string& from, const std::string& to) override;
  Status remove(const std::string& path) override;
  Status sync_folder(const std::string& folder) override;
  Result<std::unique_ptr<Lock>> lock(const std::string& path) override;

 private:
  struct State;
  class SimulatedFile;
  class SimulatedLock;
  explicit SimulatedDisk(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;  // Also held by open files, which may outlive a crash.
};

}  // namespace partake::storage
