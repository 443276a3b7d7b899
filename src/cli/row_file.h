// The outcomes of `quantify --rows`, row by row; nothing of them is held in memory.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "intake/quantify.h"

namespace partake::cli {

// A line for each output of each good row; docs/programmes.md names the columns.
class RowFile {
 public:
  // Written beside and renamed at the end, so that nothing half-written carries the name and an
  // input that has it is never cut short.
  bool open(const std::string& path);
  [[nodiscard]] bool is_open() const { return file_ != nullptr; }
  void write(const intake::RowOutcome& outcome);
  bool finish();

 private:
  // What all rows of one method share.
  void start(const intake::MethodReport& report);

  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::string path_;
  std::unique_ptr<std::FILE, CloseFile> file_;
  const intake::MethodReport* report_ = nullptr;
  std::string hash_;
  std::vector<std::string> units_;  // By output.
  std::vector<std::string> smallest_;
};

}  // namespace partake::cli
