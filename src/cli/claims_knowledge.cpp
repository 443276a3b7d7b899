#include "cli/claims_knowledge.h"

#include "intake/knowledge.h"

namespace partake::cli {

std::optional<claims::Knowledge> read_claims_knowledge(const std::string& library_folder,
                                                       Problems& problems) {
  factor::Library library;
  if (const auto sources = intake::read_toml_file(library_folder + "/sources.toml", problems)) {
    library.add_sources(*sources, problems);
  }
  claims::Knowledge knowledge;
  // The lexicon first: the others name its things.
  for (const char* name : {"lexicon", "bands", "totals", "checks"}) {
    const auto file =
        intake::read_toml_file(library_folder + "/claims/" + name + ".toml", problems);
    if (file) knowledge.add(*file, library, problems);
  }
  if (!problems.empty()) return std::nullopt;
  return knowledge;
}

}  // namespace partake::cli
