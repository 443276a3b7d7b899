#include "storage/real_disk.h"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace partake::storage {
namespace {

tl::unexpected<Error> failure(const std::string& path, int problem) {
  const Args args{{"file", path}, {"reason", std::generic_category().message(problem)}};
  switch (problem) {
    case ENOENT:
    case ENOTDIR:
      return fail(ErrorKind::not_found, "storage.not_found", args);
    case EEXIST:
      return fail(ErrorKind::conflict, "storage.exists", args);
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return fail(ErrorKind::exhausted, "storage.full", args);
    case EACCES:
    case EPERM:
    case EROFS:
      return fail(ErrorKind::unauthorized, "storage.read_only", args);
    default:
      return fail(ErrorKind::unavailable, "storage.failed", args);
  }
}

// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_{number} {}
  Descriptor(Descriptor&& other) noexcept : number_{std::exchange(other.number_, -1)} {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool good() const { return number_ >= 0; }

 private:
  int number_;
};

class RealFile final : public File {
 public:
  RealFile(Descriptor descriptor, std::string path)
      : descriptor_{std::move(descriptor)}, path_{std::move(path)} {}

  [[nodiscard]] Result<std::size_t> read(std::uint64_t offset, char* target,
                                         std::size_t size) const override {
    std::size_t done = 0;
    while (done < size) {
      const auto count = ::pread(descriptor_.number(), target + done, size - done,
                                 static_cast<off_t>(offset + done));
      if (count == 0) break;
      if (count > 0) {
        done += static_cast<std::size_t>(count);
      } else if (errno != EINTR) {
        return failure(path_, errno);
      }
    }
    return done;
  }

  Status write(std::uint64_t offset, std::string_view bytes) override {
    while (!bytes.empty()) {
      const auto count =
          ::pwrite(descriptor_.number(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
      if (count > 0) {
        bytes.remove_prefix(static_cast<std::size_t>(count));
        offset += static_cast<std::uint64_t>(count);
      } else if (count == 0 || errno != EINTR) {
        return failure(path_, count == 0 ? EIO : errno);
      }
    }
    return {};
  }

  Status cut(std::uint64_t size) override {
    if (::ftruncate(descriptor_.number(), static_cast<off_t>(size)) != 0) {
      return failure(path_, errno);
    }
    return {};
  }

  Status sync() override {
    if (::fdatasync(descriptor_.number()) != 0) return failure(path_, errno);
    return {};
  }

  [[nodiscard]] Result<std::uint64_t> size() const override {
    struct stat info {};
    if (::fstat(descriptor_.number(), &info) != 0) return failure(path_, errno);
    return static_cast<std::uint64_t>(info.st_size);
  }

 private:
  Descriptor descriptor_;
  std::string path_;
};

class RealLock final : public Lock {
 public:
  explicit RealLock(Descriptor descriptor) : descriptor_{std::move(descriptor)} {}

 private:
  Descriptor descriptor_;
};

class RealDisk final : public Disk {
 public:
  RealDisk(Descriptor folder, std::string path)
      : folder_{std::move(folder)}, path_{std::move(path)} {}

  Result<std::unique_ptr<File>> open(const std::string& path, Access access) override {
    int flags = O_CLOEXEC;
    if (access == Access::read) flags |= O_RDONLY;
    if (access == Access::write) flags |= O_RDWR;
    if (access == Access::create) flags |= O_RDWR | O_CREAT | O_EXCL;
    Descriptor descriptor{
        ::openat(folder_.number(), path.c_str(), flags, 0600)};  // NOLINT: varargs
    if (!descriptor.good()) return failure(full(path), errno);
    return std::make_unique<RealFile>(std::move(descriptor), full(path));
  }

  [[nodiscard]] Result<std::vector<std::string>> list(const std::string& folder) const override {
    const int number = open_folder(folder);
    if (number < 0) return failure(full(folder), errno);
    DIR* stream = ::fdopendir(number);  // Owns the descriptor.
    if (stream == nullptr) return failure(full(folder), errno);
    std::vector<std::string> names;
    errno = 0;
    while (const auto* entry = ::readdir(stream)) {  // NOLINT: a stream of our own
      const std::string name = static_cast<const char*>(entry->d_name);
      if (name != "." && name != "..") names.push_back(name);
    }
    const int problem = errno;
    ::closedir(stream);
    if (problem != 0) return failure(full(folder), problem);
    std::sort(names.begin(), names.end());
    return names;
  }

  [[nodiscard]] bool exists(const std::string& path) const override {
    return ::faccessat(folder_.number(), path.c_str(), F_OK, 0) == 0;
  }

  Status make_folder(const std::string& path) override {
    for (std::size_t end = 0; end != std::string::npos;) {
      end = path.find('/', end == 0 ? 0 : end + 1);
      const auto part = path.substr(0, end);
      if (::mkdirat(folder_.number(), part.c_str(), 0700) != 0 && errno != EEXIST) {
        return failure(full(part), errno);
      }
      const auto slash = part.rfind('/');
      CHECK_OK(sync_folder(slash == std::string::npos ? "" : part.substr(0, slash)));
    }
    return {};
  }

  Status rename(const std::string& from, const std::string& to) override {
    if (::renameat(folder_.number(), from.c_str(), folder_.number(), to.c_str()) != 0) {
      return failure(full(from), errno);
    }
    return {};
  }

  Status remove(const std::string& path) override {
    if (::unlinkat(folder_.number(), path.c_str(), 0) != 0) return failure(full(path), errno);
    return {};
  }

  Status sync_folder(const std::string& folder) override {
    const Descriptor descriptor{open_folder(folder)};
    if (!descriptor.good() || ::fsync(descriptor.number()) != 0) {
      return failure(full(folder), errno);
    }
    return {};
  }

  Result<std::unique_ptr<Lock>> lock(const std::string& path) override {
    Descriptor descriptor{
        ::openat(folder_.number(), path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};  // NOLINT
    if (!descriptor.good()) return failure(full(path), errno);
    if (::flock(descriptor.number(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) return failure(full(path), errno);
      return fail(ErrorKind::conflict, "storage.locked", {{"file", full(path)}});
    }
    return std::make_unique<RealLock>(std::move(descriptor));
  }

 private:
  [[nodiscard]] std::string full(const std::string& path) const {
    return path.empty() ? path_ : path_ + "/" + path;
  }
  [[nodiscard]] int open_folder(const std::string& folder) const {
    return ::openat(folder_.number(), folder.empty() ? "." : folder.c_str(),
                    O_RDONLY | O_DIRECTORY | O_CLOEXEC);  // NOLINT: varargs
  }

  Descriptor folder_;
  std::string path_;
};

}  // namespace

Result<std::unique_ptr<Disk>> make_disk(const std::string& folder) {
  for (std::size_t end = 0; end != std::string::npos;) {
    end = folder.find('/', end + 1);
    const auto part = folder.substr(0, end);
    // What is there may not be ours to make, as a file system that is read-only says first.
    struct stat info {};
    if (::stat(part.c_str(), &info) == 0) continue;
    if (::mkdir(part.c_str(), 0700) != 0 && errno != EEXIST) return failure(part, errno);
  }
  return open_disk(folder);
}

Result<std::unique_ptr<Disk>> open_disk(const std::string& folder) {
  Descriptor descriptor{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};  // NOLINT
  if (!descriptor.good()) return failure(folder, errno);
  return std::make_unique<RealDisk>(std::move(descriptor), folder);
}

}  // namespace partake::storage
