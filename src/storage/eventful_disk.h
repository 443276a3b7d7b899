// For tests: another disk, where something happens just before files are read or synced.
#pragma once

#include <functional>

#include "storage/disk.h"

namespace partake::storage {

class EventfulDisk final : public Disk {
 public:
  struct Events {
    std::function<void(std::uint64_t number)> before_read;  // Reads are counted from 0.
    std::function<void()> before_sync;
  };
  // The disk must outlive it.
  EventfulDisk(Disk& disk, Events events) : disk_{disk}, events_{std::move(events)} {}

  [[nodiscard]] std::uint64_t reads() const { return reads_; }

  Result<std::unique_ptr<File>> open(const std::string& path, Access access) override {
    TRY(auto file, disk_.open(path, access));
    return std::make_unique<EventfulFile>(std::move(file), *this);
  }
  [[nodiscard]] Result<std::vector<std::string>> list(const std::string& folder) const override {
    return disk_.list(folder);
  }
  [[nodiscard]] bool exists(const std::string& path) const override { return disk_.exists(path); }
  Status make_folder(const std::string& path) override { return disk_.make_folder(path); }
  Status rename(const std::string& from, const std::string& to) override {
    return disk_.rename(from, to);
  }
  Status remove(const std::string& path) override { return disk_.remove(path); }
  Status sync_folder(const std::string& folder) override { return disk_.sync_folder(folder); }
  Result<std::unique_ptr<Lock>> lock(const std::string& path) override { return disk_.lock(path); }

 private:
  class EventfulFile final : public File {
   public:
    EventfulFile(std::unique_ptr<File> file, EventfulDisk& disk)
        : file_{std::move(file)}, disk_{disk} {}
    [[nodiscard]] Result<std::size_t> read(std::uint64_t offset, char* target,
                                           std::size_t size) const override {
      const auto number = disk_.reads_++;
      if (disk_.events_.before_read) disk_.events_.before_read(number);
      return file_->read(offset, target, size);
    }
    Status write(std::uint64_t offset, std::string_view bytes) override {
      return file_->write(offset, bytes);
    }
    Status cut(std::uint64_t size) override { return file_->cut(size); }
    Status sync() override {
      if (disk_.events_.before_sync) disk_.events_.before_sync();
      return file_->sync();
    }
    [[nodiscard]] Result<std::uint64_t> size() const override { return file_->size(); }

   private:
    std::unique_ptr<File> file_;
    EventfulDisk& disk_;
  };

  Disk& disk_;
  Events events_;
  std::uint64_t reads_ = 0;
};

}  // namespace partake::storage
