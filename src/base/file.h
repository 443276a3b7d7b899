// Reading and writing files, with errors that name them.
#pragma once

#include <string>
#include <string_view>

#include "base/csv.h"
#include "base/result.h"

namespace partake {

// The whole file, at most `bytes_max`. Errors: file.not_found, file.too_large, file.unreadable.
Result<std::string> read_file(const std::string& path, std::size_t bytes_max = 16U << 20U);
// The same of a file with secrets. Error file.not_private: others than its owner may read or write
// it.
Result<std::string> read_private_file(const std::string& path, std::size_t bytes_max = 1U << 20U);

// A file read in order. "-" is standard input.
class FileSource final : public ByteSource {
 public:
  static Result<std::unique_ptr<FileSource>> open(const std::string& path);
  ~FileSource() override;
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;

  Result<std::size_t> read(char* target, std::size_t size) override;
  void stop() override;
  // 0 when it is not known (a pipe).
  [[nodiscard]] std::uint64_t size() const { return size_; }
  // Nobody but its owner may read or write it; what is no file counts as private.
  [[nodiscard]] bool is_private() const { return is_private_; }

 private:
  FileSource(int descriptor, int stopped, std::string path, std::uint64_t size, bool is_private);
  int descriptor_;
  int stopped_;  // An event, set by stop(); -1 for a file, which nobody waits for.
  std::string path_;
  std::uint64_t size_;
  bool is_private_;
};

// Bytes that are there already; they must outlive it.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::string_view bytes) : rest_{bytes} {}
  Result<std::size_t> read(char* target, std::size_t size) override {
    const auto count = rest_.copy(target, size);
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::string_view rest_;
};

}  // namespace partake
