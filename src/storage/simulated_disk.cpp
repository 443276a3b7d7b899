#include "storage/simulated_disk.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/require.h"

namespace partake::storage {
namespace {

// A change of a file that no sync has covered yet.
struct PendingWrite {
  std::uint64_t offset = 0;
  std::string bytes;
  std::optional<std::uint64_t> cut;  // The file's new size, instead of bytes.
  // A sync that covered it failed: it may land, but no later sync answers for it.
  bool abandoned = false;
};

struct Content {
  std::string durable;
  std::string visible;
  std::vector<PendingWrite> pending;
};
using ContentPointer = std::shared_ptr<Content>;

void apply(std::string& bytes, std::uint64_t offset, std::string_view written) {
  if (bytes.size() < offset + written.size()) bytes.resize(offset + written.size(), '\0');
  std::copy(written.begin(), written.end(), bytes.begin() + static_cast<std::ptrdiff_t>(offset));
}

// A name set to a file, or taken away; a rename is both at once.
struct PendingName {
  std::string set;
  ContentPointer content;
  std::string taken;
};

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string{} : path.substr(0, slash);
}

tl::unexpected<Error> failure(const char* code, const std::string& path,
                              ErrorKind kind = ErrorKind::unavailable) {
  return fail(kind, code, {{"file", path}, {"reason", "simulated"}});
}

}  // namespace

struct SimulatedDisk::State {
  std::map<std::string, ContentPointer> durable;
  std::map<std::string, ContentPointer> visible;
  std::vector<PendingName> pending;
  std::set<std::string> folders{""};
  std::set<std::string> locks;
  std::uint64_t operations = 0;
  std::uint64_t syncs = 0;
  std::uint64_t fail_at = ~std::uint64_t{0};
  Fault fault = Fault::none;
  std::optional<std::uint64_t> bytes_max;
  bool dead = false;
  std::uint64_t life = 0;  // Counts crashes: files of an earlier life are dead.
  std::function<void()> before_each;

  // The fault that the next changing operation meets.
  Fault next() {
    if (before_each) before_each();
    if (operations++ != fail_at) return Fault::none;
    if (fault == Fault::crash) dead = true;
    return fault;
  }

  [[nodiscard]] std::uint64_t used() const {
    std::uint64_t bytes = 0;
    for (const auto& [path, content] : visible) bytes += content->visible.size();
    return bytes;
  }
};

namespace {

// What is left of a file: each sector of each pending write lands or not, in any order.
void settle(Content& content, const SimulatedDisk::Choose& choose) {
  for (std::size_t index = 0; index < content.pending.size(); ++index) {
    auto& write = content.pending[index];
    if (write.cut) {
      if (choose(2) == 1) content.durable.resize(*write.cut, '\0');
      continue;
    }
    for (std::uint64_t at = 0; at < write.bytes.size();) {
      const auto sector_end = (write.offset + at) / sector_bytes * sector_bytes + sector_bytes;
      const auto size =
          std::min<std::uint64_t>(sector_end - write.offset - at, write.bytes.size() - at);
      if (choose(2) == 1) {
        apply(content.durable, write.offset + at, std::string_view{write.bytes}.substr(at, size));
      }
      at += size;
    }
  }
  content.pending.clear();
  content.visible = content.durable;
}

}  // namespace

class SimulatedDisk::SimulatedFile final : public File {
 public:
  SimulatedFile(std::shared_ptr<State> state, ContentPointer content, std::string path,
                bool writable)
      : state_{std::move(state)},
        content_{std::move(content)},
        path_{std::move(path)},
        life_{state_->life},
        writable_{writable} {}

  [[nodiscard]] Result<std::size_t> read(std::uint64_t offset, char* target,
                                         std::size_t size) const override {
    if (dead()) return failure("storage.failed", path_);
    const auto& bytes = content_->visible;
    if (offset >= bytes.size()) return std::size_t{0};
    const auto count = std::min<std::size_t>(size, bytes.size() - offset);
    bytes.copy(target, count, offset);
    return count;
  }

  Status write(std::uint64_t offset, std::string_view bytes) override {
    PARTAKE_REQUIRE(writable_);
    if (dead()) return failure("storage.failed", path_);
    const auto fault = state_->next();
    if (fault == Fault::error) return failure("storage.failed", path_);
    const auto grows = std::max<std::uint64_t>(offset + bytes.size(), content_->visible.size()) -
                       content_->visible.size();
    if (fault == Fault::full ||
        (state_->bytes_max && state_->used() + grows > *state_->bytes_max)) {
      return failure("storage.full", path_, ErrorKind::exhausted);
    }
    if (fault == Fault::short_write) bytes = bytes.substr(0, bytes.size() / 2);
    apply(content_->visible, offset, bytes);
    content_->pending.push_back({offset, std::string{bytes}, std::nullopt});
    if (fault != Fault::none) return failure("storage.failed", path_);
    return {};
  }

  Status cut(std::uint64_t size) override {
    PARTAKE_REQUIRE(writable_);
    if (dead()) return failure("storage.failed", path_);
    const auto fault = state_->next();
    if (fault != Fault::none && fault != Fault::crash) return failure("storage.failed", path_);
    content_->visible.resize(size, '\0');
    content_->pending.push_back({0, {}, size});
    if (fault != Fault::none) return failure("storage.failed", path_);
    return {};
  }

  Status sync() override {
    ++state_->syncs;
    if (dead()) return failure("storage.failed", path_);
    const auto fault = state_->next();
    if (fault == Fault::crash) return failure("storage.failed", path_);
    if (fault != Fault::none) {
      for (auto& write : content_->pending) write.abandoned = true;
      return failure("storage.failed", path_);
    }
    std::vector<PendingWrite> abandoned;
    for (auto& write : content_->pending) {
      if (write.abandoned) {
        abandoned.push_back(std::move(write));
      } else if (write.cut) {
        content_->durable.resize(*write.cut, '\0');
      } else {
        apply(content_->durable, write.offset, write.bytes);
      }
    }
    content_->pending = std::move(abandoned);
    return {};
  }

  [[nodiscard]] Result<std::uint64_t> size() const override {
    if (dead()) return failure("storage.failed", path_);
    return content_->visible.size();
  }

 private:
  [[nodiscard]] bool dead() const { return state_->dead || life_ != state_->life; }

  std::shared_ptr<State> state_;
  ContentPointer content_;
  std::string path_;
  std::uint64_t life_;
  bool writable_;
};

class SimulatedDisk::SimulatedLock final : public Lock {
 public:
  SimulatedLock(std::shared_ptr<State> state, std::string path)
      : state_{std::move(state)}, path_{std::move(path)}, life_{state_->life} {}
  ~SimulatedLock() override {
    if (life_ == state_->life) state_->locks.erase(path_);
  }
  SimulatedLock(const SimulatedLock&) = delete;
  SimulatedLock& operator=(const SimulatedLock&) = delete;

 private:
  std::shared_ptr<State> state_;
  std::string path_;
  std::uint64_t life_;
};

SimulatedDisk::SimulatedDisk() : state_{std::make_shared<State>()} {}
SimulatedDisk::SimulatedDisk(std::shared_ptr<State> state) : state_{std::move(state)} {}
SimulatedDisk::~SimulatedDisk() = default;

void SimulatedDisk::fail_at(std::uint64_t operation, Fault fault) {
  state_->fail_at = operation;
  state_->fault = fault;
}

std::uint64_t SimulatedDisk::operations() const { return state_->operations; }
std::uint64_t SimulatedDisk::syncs() const { return state_->syncs; }

void SimulatedDisk::limit(std::optional<std::uint64_t> bytes_max) { state_->bytes_max = bytes_max; }

void SimulatedDisk::crash(const Choose& choose) {
  auto& state = *state_;
  for (auto& name : state.pending) {
    if (choose(2) == 0) continue;
    if (!name.taken.empty()) state.durable.erase(name.taken);
    if (name.content) state.durable[name.set] = name.content;
  }
  state.pending.clear();
  std::set<Content*> settled;  // Two names of one file: a rename landed without its first half.
  for (auto& [path, content] : state.durable) {
    if (settled.insert(content.get()).second) settle(*content, choose);
  }
  state.visible = state.durable;
  state.locks.clear();
  state.fail_at = ~std::uint64_t{0};
  state.dead = false;
  ++state.life;
}

SimulatedDisk SimulatedDisk::fork() const {
  auto state = std::make_shared<State>(*state_);
  state->locks.clear();
  state->before_each = nullptr;
  // Names of one file stay names of one file.
  std::map<const Content*, ContentPointer> copies;
  const auto copy = [&](ContentPointer& content) {
    if (!content) return;
    auto& known = copies[content.get()];
    if (!known) known = std::make_shared<Content>(*content);
    content = known;
  };
  for (auto& [path, content] : state->durable) copy(content);
  for (auto& [path, content] : state->visible) copy(content);
  for (auto& name : state->pending) copy(name.content);
  return SimulatedDisk{std::move(state)};
}

void SimulatedDisk::before_each(std::function<void()> call) {
  state_->before_each = std::move(call);
}

void SimulatedDisk::flip(const std::string& path, std::uint64_t bit) {
  auto& content = *state_->visible.at(path);
  for (auto* bytes : {&content.durable, &content.visible}) {
    auto& byte = bytes->at(bit / 8);
    byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (1U << (bit % 8)));
  }
}

std::vector<std::string> SimulatedDisk::files() const {
  std::vector<std::string> paths;
  for (const auto& [path, content] : state_->visible) paths.push_back(path);
  return paths;
}

Result<std::unique_ptr<File>> SimulatedDisk::open(const std::string& path, Access access) {
  auto& state = *state_;
  if (state.dead) return failure("storage.failed", path);
  const auto found = state.visible.find(path);
  if (access != Access::create) {
    if (found == state.visible.end()) {
      return failure("storage.not_found", path, ErrorKind::not_found);
    }
    return std::make_unique<SimulatedFile>(state_, found->second, path, access == Access::write);
  }
  if (found != state.visible.end()) return failure("storage.exists", path, ErrorKind::conflict);
  if (!state.folders.contains(folder_of(path))) {
    return failure("storage.not_found", path, ErrorKind::not_found);
  }
  const auto fault = state.next();
  if (fault == Fault::full) return failure("storage.full", path, ErrorKind::exhausted);
  if (fault == Fault::error || fault == Fault::short_write) return failure("storage.failed", path);
  auto content = std::make_shared<Content>();
  state.visible[path] = content;
  state.pending.push_back({path, content, {}});
  if (fault == Fault::crash) return failure("storage.failed", path);
  return std::make_unique<SimulatedFile>(state_, content, path, true);
}

Result<std::vector<std::string>> SimulatedDisk::list(const std::string& folder) const {
  if (state_->dead) return failure("storage.failed", folder);
  if (!state_->folders.contains(folder)) {
    return failure("storage.not_found", folder, ErrorKind::not_found);
  }
  std::vector<std::string> names;
  const auto add = [&](const std::string& path) {
    if (!path.empty() && folder_of(path) == folder)
      names.push_back(path.substr(path.rfind('/') + 1));
  };
  for (const auto& [path, content] : state_->visible) add(path);
  for (const auto& path : state_->folders) add(path);
  std::sort(names.begin(), names.end());
  return names;
}

bool SimulatedDisk::exists(const std::string& path) const {
  return !state_->dead && (state_->visible.contains(path) || state_->folders.contains(path));
}

Status SimulatedDisk::make_folder(const std::string& path) {
  auto& state = *state_;
  if (state.dead) return failure("storage.failed", path);
  if (state.folders.contains(path)) return {};
  if (const auto fault = state.next(); fault != Fault::none) return failure("storage.failed", path);
  for (auto part = path; !part.empty(); part = folder_of(part)) state.folders.insert(part);
  return {};
}

Status SimulatedDisk::rename(const std::string& from, const std::string& to) {
  auto& state = *state_;
  if (state.dead) return failure("storage.failed", from);
  const auto found = state.visible.find(from);
  if (found == state.visible.end()) {
    return failure("storage.not_found", from, ErrorKind::not_found);
  }
  const auto fault = state.next();
  if (fault != Fault::none && fault != Fault::crash) return failure("storage.failed", from);
  state.pending.push_back({to, found->second, from});
  state.visible[to] = found->second;
  state.visible.erase(found);
  if (fault == Fault::crash) return failure("storage.failed", from);
  return {};
}

Status SimulatedDisk::remove(const std::string& path) {
  auto& state = *state_;
  if (state.dead) return failure("storage.failed", path);
  if (!state.visible.contains(path)) {
    return failure("storage.not_found", path, ErrorKind::not_found);
  }
  const auto fault = state.next();
  if (fault != Fault::none && fault != Fault::crash) return failure("storage.failed", path);
  state.pending.push_back({{}, nullptr, path});
  state.visible.erase(path);
  if (fault == Fault::crash) return failure("storage.failed", path);
  return {};
}

Status SimulatedDisk::sync_folder(const std::string& folder) {
  auto& state = *state_;
  if (state.dead) return failure("storage.failed", folder);
  if (const auto fault = state.next(); fault != Fault::none) {
    return failure("storage.failed", folder);
  }
  std::vector<PendingName> others;
  for (auto& name : state.pending) {
    if (folder_of(name.content ? name.set : name.taken) != folder) {
      others.push_back(std::move(name));
      continue;
    }
    if (!name.taken.empty()) state.durable.erase(name.taken);
    if (name.content) state.durable[name.set] = name.content;
  }
  state.pending = std::move(others);
  return {};
}

Result<std::unique_ptr<Lock>> SimulatedDisk::lock(const std::string& path) {
  if (state_->dead) return failure("storage.failed", path);
  if (!state_->locks.insert(path).second) {
    return failure("storage.locked", path, ErrorKind::conflict);
  }
  return std::make_unique<SimulatedLock>(state_, path);
}

}  // namespace partake::storage
