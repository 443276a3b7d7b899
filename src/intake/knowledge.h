// The product's knowledge read from a folder: sources, regions, factors, bands, methods.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "factor/library.h"
#include "method/run.h"

namespace partake::intake {

// A copy shares the methods: an example adds its own to a copy of the library's.
class Knowledge {
 public:
  // Reads sources.toml, regions.toml, factors/*.toml and methods/**/*.toml, as far as they exist.
  // A folder that is not there adds nothing. Reports every problem of every file.
  void add_folder(const std::string& folder, Problems& problems);
  // The same without the methods: what methods are checked against.
  void add_facts(const std::string& folder, Problems& problems);

  [[nodiscard]] const factor::Library& library() const { return library_; }
  [[nodiscard]] factor::Library& library() { return library_; }
  // By id; the newest version where none is named. Null when unknown.
  [[nodiscard]] const method::Compiled* method(const MethodId& id,
                                               const std::string& version = "") const;
  [[nodiscard]] const std::vector<std::shared_ptr<const method::Compiled>>& methods() const {
    return methods_;
  }
  // The known method id with the longest common prefix, or empty.
  [[nodiscard]] std::string nearest_method(const std::string& id) const;

  // Reads, checks and compiles one file; usable only when no problem was added.
  method::Compiled read_method_file(const std::string& path, Problems& problems) const;
  // The same of a file's content.
  method::Compiled read_method(const TomlValue& file, Problems& problems) const;
  // Takes the place of a method with the same id and version.
  const method::Compiled* add(method::Compiled compiled);
  const method::Compiled* add(std::shared_ptr<const method::Compiled> compiled);

 private:
  void add_methods(const std::string& folder, Problems& problems);

  factor::Library library_;
  std::vector<std::shared_ptr<const method::Compiled>> methods_;
};

// Reads and parses one file; empty, with the problem added, when that fails.
std::optional<TomlValue> read_toml_file(const std::string& path, Problems& problems);

// All *.toml below a folder (or the file itself), sorted by path.
std::vector<std::string> toml_files(const std::string& path);

// Where the library is: `given`; PARTAKE_LIBRARY; or `library` in a folder above the program, or
// share/partake beside it. Error library.not_found lists where it was looked for.
Result<std::string> find_library(const std::string& given, const std::string& program);

}  // namespace partake::intake
