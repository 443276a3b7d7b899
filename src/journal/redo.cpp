#include "journal/redo.h"

#include <algorithm>
#include <map>

#include "base/sha256.h"
#include "base/whole_number.h"
#include "journal/block.h"

namespace partake::journal {
namespace {

constexpr std::string_view magic = "PTKREDO 1";

std::string take_line(std::string_view& bytes) {
  const auto end = std::min(bytes.find('\n'), bytes.size());
  std::string line{bytes.substr(0, end)};
  bytes.remove_prefix(std::min(end + 1, bytes.size()));
  return line;
}

tl::unexpected<Error> malformed(const char* rule) {
  return fail(ErrorKind::corrupt, "journal.redo_malformed", {{"rule", rule}});
}

}  // namespace

void Redo::add_changes(const std::string& segment, std::uint64_t offset, std::string_view before,
                       std::string_view after) {
  for (std::size_t at = 0; at < after.size(); at += page_bytes) {
    const auto page = after.substr(at, page_bytes);
    if (page == before.substr(at, page_bytes)) continue;
    places_.push_back({segment, offset + at});
    pages_ += page;
  }
}

std::string Redo::to_bytes() const {
  auto bytes = std::string{magic} + "\n" + std::to_string(places_.size()) + "\n";
  for (const auto& place : places_) {
    bytes += place.segment + " " + std::to_string(place.offset) + "\n";
  }
  return bytes + to_hex(sha256(pages_)) + "\n" + pages_;
}

Result<Redo> Redo::parse(std::string_view bytes) {
  if (take_line(bytes) != magic) return malformed("first line");
  const auto count = parse_whole(take_line(bytes));
  if (!count || *count > redo_bytes_max / page_bytes) return malformed("number of pages");
  Redo redo;
  for (std::uint64_t page = 0; page < *count; ++page) {
    const auto line = take_line(bytes);
    const auto blank = line.find(' ');
    if (blank == std::string::npos) return malformed("page");
    const auto offset = parse_whole(std::string_view{line}.substr(blank + 1));
    const auto segment = line.substr(0, blank);
    if (!offset || segment.find('/') != std::string::npos) return malformed("page");
    redo.places_.push_back({segment, *offset});
  }
  const auto checksum = take_line(bytes);
  if (bytes.size() != *count * page_bytes || to_hex(sha256(bytes)) != checksum) {
    return malformed("checksum");
  }
  redo.pages_ = bytes;
  return redo;
}

Status Redo::apply(storage::Disk& disk, const std::string& folder) const {
  std::map<std::string, std::unique_ptr<storage::File>> files;
  std::string_view rest{pages_};
  for (const auto& place : places_) {
    auto& file = files[place.segment];
    if (!file) {
      TRY(file, disk.open(folder + "/" + place.segment, storage::Access::write));
    }
    CHECK_OK(file->write(place.offset, rest.substr(0, page_bytes)));
    rest.remove_prefix(page_bytes);
  }
  for (const auto& [name, file] : files) CHECK_OK(file->sync());
  return {};
}

}  // namespace partake::journal
