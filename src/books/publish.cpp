#include "books/publish.h"

#include <filesystem>

#include "base/file.h"
#include "intake/example.h"
#include "intake/terms.h"

namespace partake::books {
namespace {

namespace fs = std::filesystem;

class Collector {
 public:
  explicit Collector(Problems& problems) : problems_{problems} {}

  void add(Content::Kind kind, const std::string& folder, const fs::path& path) {
    auto text = read_file(path.string(), content_bytes_max);
    if (!text) {
      problems_.push_back(std::move(text).error());
      return;
    }
    contents_.push_back({kind, fs::relative(path, folder).generic_string(), *std::move(text)});
  }
  void add_if_there(Content::Kind kind, const std::string& folder, const char* name) {
    const auto path = fs::path{folder} / name;
    if (fs::exists(path)) add(kind, folder, path);
  }
  void add_factors(const std::string& folder) {
    for (const auto& path : intake::toml_files((fs::path{folder} / "factors").string())) {
      add(Content::Kind::factors, folder, path);
    }
  }
  void add(Content content) { contents_.push_back(std::move(content)); }
  std::vector<Content> take() { return std::move(contents_); }

 private:
  Problems& problems_;
  std::vector<Content> contents_;
};

}  // namespace

std::vector<Content> contents_of(const std::string& folder, const std::string& library,
                                 Problems& problems) {
  const auto path = (fs::path{folder} / "programme.toml").string();
  const auto programme = intake::read_programme_file(path, problems);
  if (!programme || !problems.empty()) return {};
  if (!programme->scheme) {
    problems.push_back({ErrorKind::invalid, "programme.no_scheme", {}, programme->place});
    return {};
  }
  intake::Knowledge knowledge;
  knowledge.add_folder(library, problems);
  knowledge.add_folder(folder, problems);
  if (!problems.empty()) return {};

  Collector collector{problems};
  for (const auto* root : {&library, &folder}) {
    collector.add_if_there(Content::Kind::sources, *root, "sources.toml");
    collector.add_if_there(Content::Kind::regions, *root, "regions.toml");
  }
  for (const auto* root : {&library, &folder}) collector.add_factors(*root);
  for (const auto& use : programme->methods) {
    const auto compiled = intake::method_of(*programme, use, knowledge);
    if (!compiled) {
      problems.push_back(compiled.error());
      continue;
    }
    const auto& file = (*compiled)->method->place.file;
    const bool own = !fs::relative(file, folder).generic_string().starts_with("..");
    collector.add(Content::Kind::method, own ? folder : library, file);
  }
  const auto zone = load_zone(programme->scheme->zone);
  if (zone) {
    collector.add(Content{Content::Kind::zone, zone->name(), zone_text(*zone)});
  } else {
    problems.push_back(zone.error());
    problems.back().place = programme->scheme->place;
  }
  collector.add(Content::Kind::programme, folder, path);
  return collector.take();
}

}  // namespace partake::books
