#include "intake/knowledge.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/file.h"

namespace partake::intake {
namespace {

namespace fs = std::filesystem;

// 1.10.0 is newer than 1.9.0.
std::array<int, 3> version_numbers(const std::string& version) {
  std::array<int, 3> numbers{};
  std::size_t part = 0;
  for (const char c : version) {
    if (c == '.')
      ++part;
    else if (part < 3 && c >= '0' && c <= '9')
      numbers[part] = numbers[part] * 10 + (c - '0');
  }
  return numbers;
}

}  // namespace

std::optional<TomlValue> read_toml_file(const std::string& path, Problems& problems) {
  auto content = read_file(path);
  if (!content) {
    problems.push_back(std::move(content).error());
    return std::nullopt;
  }
  auto value = parse_toml(*content, path);
  if (!value) {
    problems.push_back(std::move(value).error());
    return std::nullopt;
  }
  return *std::move(value);
}

std::vector<std::string> toml_files(const std::string& path) {
  std::vector<std::string> files;
  std::error_code ignored;
  if (fs::is_regular_file(path, ignored)) return {path};
  for (fs::recursive_directory_iterator at{path, ignored}, end; at != end; at.increment(ignored)) {
    if (at->path().extension() == ".toml") files.push_back(at->path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void Knowledge::add_folder(const std::string& folder, Problems& problems) {
  add_facts(folder, problems);
  add_methods(folder, problems);
}

void Knowledge::add_facts(const std::string& folder, Problems& problems) {
  const auto exists = [&](const char* name) { return fs::exists(fs::path{folder} / name); };
  const auto path = [&](const char* name) { return (fs::path{folder} / name).string(); };
  if (exists("sources.toml")) {
    if (auto file = read_toml_file(path("sources.toml"), problems))
      library_.add_sources(*file, problems);
  }
  if (exists("regions.toml")) {
    if (auto file = read_toml_file(path("regions.toml"), problems))
      library_.add_regions(*file, problems);
  }
  for (const auto& name : toml_files(path("factors"))) {
    if (auto file = read_toml_file(name, problems)) library_.add_factors(*file, problems);
  }
}

void Knowledge::add_methods(const std::string& folder, Problems& problems) {
  for (const auto& name : toml_files((fs::path{folder} / "methods").string())) {
    Problems of_method;
    auto compiled = read_method_file(name, of_method);
    if (of_method.empty() && method(compiled.method->id, compiled.method->version) != nullptr) {
      of_method.push_back(
          {ErrorKind::conflict,
           "method.twice",
           {{"method", compiled.method->id.text()}, {"version", compiled.method->version}},
           compiled.method->place});
    }
    if (of_method.empty()) {
      methods_.push_back(std::make_shared<const method::Compiled>(std::move(compiled)));
    }
    problems.insert(problems.end(), of_method.begin(), of_method.end());
  }
}

method::Compiled Knowledge::read_method_file(const std::string& path, Problems& problems) const {
  if (const auto file = read_toml_file(path, problems)) return read_method(*file, problems);
  method::Compiled compiled;
  compiled.method = std::make_unique<method::Method>();
  return compiled;
}

method::Compiled Knowledge::read_method(const TomlValue& file, Problems& problems) const {
  method::Compiled compiled;
  compiled.method = std::make_unique<method::Method>();
  Problems found;
  *compiled.method = method::read_method(file, found);
  compiled.program = method::compile(*compiled.method, found);
  method::check_against(*compiled.method, library_, found);
  std::stable_sort(found.begin(), found.end(), [](const Error& a, const Error& b) {
    return std::pair{a.place.line, a.place.column} < std::pair{b.place.line, b.place.column};
  });
  if (found.empty()) compiled.hash = method::content_hash(*compiled.method);
  problems.insert(problems.end(), found.begin(), found.end());
  return compiled;
}

const method::Compiled* Knowledge::add(method::Compiled compiled) {
  return add(std::make_shared<const method::Compiled>(std::move(compiled)));
}

const method::Compiled* Knowledge::add(std::shared_ptr<const method::Compiled> compiled) {
  std::erase_if(methods_, [&](const auto& known) {
    return known->method->id == compiled->method->id &&
           known->method->version == compiled->method->version;
  });
  return methods_.emplace_back(std::move(compiled)).get();
}

const method::Compiled* Knowledge::method(const MethodId& id, const std::string& version) const {
  const method::Compiled* newest = nullptr;
  for (const auto& entry : methods_) {
    if (entry->method->id != id) continue;
    if (!version.empty() && entry->method->version != version) continue;
    if (newest == nullptr ||
        version_numbers(entry->method->version) > version_numbers(newest->method->version)) {
      newest = entry.get();
    }
  }
  return newest;
}

std::string Knowledge::nearest_method(const std::string& id) const {
  std::string best;
  std::size_t best_common = 3;
  for (const auto& entry : methods_) {
    const auto& known = entry->method->id.text();
    const auto common = static_cast<std::size_t>(
        std::mismatch(known.begin(), known.end(), id.begin(), id.end()).first - known.begin());
    if (common > best_common || known.ends_with("." + id)) {
      best = known;
      best_common = common;
    }
  }
  return best;
}

Result<std::string> find_library(const std::string& given, const std::string& program) {
  const auto is_library = [](const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path / "sources.toml", ignored);
  };
  std::string looked;
  const auto try_at = [&](const fs::path& path) {
    looked += (looked.empty() ? "" : ", ") + path.string();
    return is_library(path);
  };
  const auto not_found = [&] {
    return fail(ErrorKind::not_found, "library.not_found", {{"looked", looked}});
  };
  if (!given.empty()) {
    if (try_at(given)) return given;
    return not_found();
  }
  if (const char* from_environment = std::getenv("PARTAKE_LIBRARY")) {  // NOLINT: read at start
    if (try_at(from_environment)) return std::string{from_environment};
    return not_found();
  }
  std::error_code ignored;
  const auto self = fs::canonical(program, ignored);
  if (const auto installed = self.parent_path().parent_path() / "share/partake/library";
      try_at(installed)) {
    return installed.string();
  }
  for (auto folder = self.parent_path(); folder.has_relative_path();
       folder = folder.parent_path()) {
    if (is_library(folder / "library")) return (folder / "library").string();
  }
  if (try_at("library")) return std::string{"library"};
  return not_found();
}

}  // namespace partake::intake
