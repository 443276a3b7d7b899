#include "base/file.h"

#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace partake {
namespace {

tl::unexpected<Error> file_error(const std::string& path, int problem) {
  if (problem == ENOENT || problem == ENOTDIR) {
    return fail(ErrorKind::not_found, "file.not_found", {{"file", path}});
  }
  return fail(ErrorKind::unavailable, "file.unreadable",
              {{"file", path}, {"reason", std::generic_category().message(problem)}});
}

}  // namespace

FileSource::FileSource(int descriptor, int stopped, std::string path, std::uint64_t size,
                       bool is_private)
    : descriptor_{descriptor},
      stopped_{stopped},
      path_{std::move(path)},
      size_{size},
      is_private_{is_private} {}

FileSource::~FileSource() {
  if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
  if (stopped_ >= 0) ::close(stopped_);
}

Result<std::unique_ptr<FileSource>> FileSource::open(const std::string& path) {
  const int descriptor =
      path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);  // NOLINT: varargs
  if (descriptor < 0) return file_error(path, errno);
  struct stat info {};
  if (::fstat(descriptor, &info) != 0) return file_error(path, errno);
  if (S_ISDIR(info.st_mode)) {
    ::close(descriptor);
    return file_error(path, EISDIR);
  }
  const bool is_file = S_ISREG(info.st_mode);
  const auto size = is_file ? static_cast<std::uint64_t>(info.st_size) : 0U;
  const bool is_private = !is_file || (info.st_mode & (S_IRWXG | S_IRWXO)) == 0;
  const int stopped = is_file ? -1 : ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return std::unique_ptr<FileSource>{new FileSource{descriptor, stopped, path, size, is_private}};
}

Result<std::size_t> FileSource::read(char* target, std::size_t size) {
  for (;;) {
    if (stopped_ >= 0) {
      std::array<pollfd, 2> waited{{{descriptor_, POLLIN, 0}, {stopped_, POLLIN, 0}}};
      if (::poll(waited.data(), waited.size(), -1) > 0 && waited[1].revents != 0) return 0;
    }
    const auto count = ::read(descriptor_, target, size);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EINTR) return file_error(path_, errno);
  }
}

void FileSource::stop() {
  if (stopped_ >= 0) static_cast<void>(::eventfd_write(stopped_, 1));
}

namespace {

Result<std::string> read_rest(FileSource& source, const std::string& path, std::size_t bytes_max) {
  const auto too_large = [&] {
    return fail(ErrorKind::exhausted, "file.too_large",
                {{"file", path}, {"limit", std::to_string(bytes_max)}});
  };
  if (source.size() > bytes_max) return too_large();
  std::string content;
  for (;;) {
    const auto old_size = content.size();
    content.resize(old_size + (1U << 16U));
    TRY(const auto count, source.read(content.data() + old_size, 1U << 16U));
    content.resize(old_size + count);
    if (content.size() > bytes_max) return too_large();
    if (count == 0) return content;
  }
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t bytes_max) {
  TRY(const auto source, FileSource::open(path));
  return read_rest(*source, path, bytes_max);
}

Result<std::string> read_private_file(const std::string& path, std::size_t bytes_max) {
  TRY(const auto source, FileSource::open(path));
  if (!source->is_private()) {
    return fail(ErrorKind::unauthorized, "file.not_private", {{"file", path}});
  }
  return read_rest(*source, path, bytes_max);
}

}  // namespace partake
