#include "books/quarantine.h"

#include <algorithm>

#include "base/base64.h"
#include "base/json.h"
#include "base/utf8.h"
#include "base/whole_number.h"

namespace partake::books {
namespace {

constexpr const char* folder = "quarantine";
constexpr const char* path = "quarantine/refused.ndjson";

std::string line_of(const Refused& refused) {
  Json::Object args;
  for (const auto& [key, value] : refused.reason.args) args.emplace_back(key, value);
  Json::Object json{
      {"number", Json::integer(static_cast<std::int64_t>(refused.number))},
      {"time", Json::integer(refused.time.time_since_epoch().count())},
      {"outcome", name_of(refused.outcome)},
      {"code", refused.reason.code},
      {"args", std::move(args)},
  };
  if (!refused.source.empty()) json.emplace_back("source", refused.source);
  if (is_utf8(refused.document)) {
    json.emplace_back("document", refused.document);
  } else {
    json.emplace_back("document64", to_base64(refused.document));
  }
  // Not canonical: that would bring the document's letters into another form.
  std::string line;
  for (const char c : pretty(Json{std::move(json)})) {
    if (c != '\n') line += c;
  }
  return line + "\n";
}

constexpr std::uint64_t number_max = std::uint64_t{1} << 62U;
constexpr auto time_max_us =
    std::chrono::microseconds{(day_max + std::chrono::days{1}).time_since_epoch()}.count();

std::optional<Refused> parse_line(std::string_view line) {
  const auto json = parse_json(line);
  if (!json) return std::nullopt;
  const auto text = [&](const char* key) {
    const auto* value = json->find(key);
    return value == nullptr ? nullptr : value->string();
  };
  const auto number = [&](const char* key, std::uint64_t most) {
    const auto* value = json->find(key);
    const auto* digits = value == nullptr ? nullptr : value->number();
    auto read = digits == nullptr ? std::nullopt : parse_whole(digits->text);
    if (read && *read > most) read.reset();
    return read;
  };
  const auto entry_number = number("number", number_max);
  const auto time_us = number("time", time_max_us);
  const auto* outcome = text("outcome");
  const auto* code = text("code");
  const auto* args = json->find("args");
  const bool shaped = entry_number && time_us && outcome != nullptr && code != nullptr &&
                      args != nullptr && args->object() != nullptr;
  if (!shaped) return std::nullopt;
  Refused refused;
  refused.number = *entry_number;
  refused.time = Instant{std::chrono::microseconds{static_cast<std::int64_t>(*time_us)}};
  if (*outcome == name_of(Outcome::conflict)) {
    refused.outcome = Outcome::conflict;
  } else if (*outcome != name_of(Outcome::rejected)) {
    return std::nullopt;
  }
  refused.reason.code = *code;
  for (const auto& [key, value] : *args->object()) {
    if (value.string() == nullptr) return std::nullopt;
    refused.reason.args.emplace_back(key, *value.string());
  }
  if (json->find("source") != nullptr) {
    const auto* source = text("source");
    if (source == nullptr) return std::nullopt;
    refused.source = *source;
  }
  if (const auto* document = text("document")) {
    refused.document = *document;
    return refused;
  }
  const auto* encoded = text("document64");
  const auto bytes = encoded == nullptr ? std::nullopt : from_base64(*encoded);
  if (!bytes) return std::nullopt;
  refused.document = *bytes;
  return refused;
}

}  // namespace

Result<Quarantine> Quarantine::open(storage::Disk& disk, std::uint64_t limit) {
  Quarantine quarantine{disk, limit};
  if (disk.exists(path)) CHECK_OK(quarantine.read());
  return quarantine;
}

// A last line without its end is what a crash left of an unfinished one.
Status Quarantine::read() {
  TRY(const auto bytes, storage::read_whole(*disk_, path, limit_));
  std::string_view rest{bytes};
  for (std::uint64_t line = 1;; ++line) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) break;
    auto refused = parse_line(rest.substr(0, end));
    rest.remove_prefix(end + 1);
    if (!refused) {
      return fail(ErrorKind::corrupt, "quarantine.malformed",
                  {{"file", path}, {"line", std::to_string(line)}});
    }
    next_ = std::max(next_, refused->number + 1);
    documents_.insert(sha256(refused->document));
    entries_.push_back(*std::move(refused));
  }
  size_ = bytes.size() - rest.size();
  return {};
}

const Refused* Quarantine::find(std::uint64_t number) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Refused& entry) { return entry.number == number; });
  return found == entries_.end() ? nullptr : &*found;
}

Status Quarantine::add(Refused refused) {
  if (!documents_.insert(sha256(refused.document)).second) return {};
  refused.number = next_;
  const auto line = line_of(refused);
  if (size_ + unwritten_.size() + line.size() > limit_) {
    return fail(ErrorKind::exhausted, "quarantine.full", {{"bytes", std::to_string(limit_)}});
  }
  ++next_;
  unwritten_ += line;
  entries_.push_back(std::move(refused));
  return {};
}

Status Quarantine::flush() {
  CHECK_OK(failure_);
  if (!unwritten_.empty()) failure_ = write();
  return failure_;
}

Status Quarantine::write() {
  if (file_ == nullptr) {
    CHECK_OK(disk_->make_folder(folder));
    const bool is_there = disk_->exists(path);
    TRY(file_, disk_->open(path, is_there ? storage::Access::write : storage::Access::create));
    CHECK_OK(file_->cut(size_));
    CHECK_OK(disk_->sync_folder(folder));
  }
  CHECK_OK(file_->write(size_, unwritten_));
  CHECK_OK(file_->sync());
  size_ += unwritten_.size();
  unwritten_.clear();
  return {};
}

Status Quarantine::remove(const std::set<std::uint64_t>& numbers) {
  CHECK_OK(flush());
  std::string bytes;
  for (const auto& entry : entries_) {
    if (!numbers.contains(entry.number)) bytes += line_of(entry);
  }
  file_.reset();
  CHECK_OK(disk_->make_folder(folder));
  CHECK_OK(storage::replace_file(*disk_, path, bytes));
  size_ = bytes.size();
  std::erase_if(entries_, [&](const Refused& entry) {
    if (!numbers.contains(entry.number)) return false;
    documents_.erase(sha256(entry.document));
    return true;
  });
  return {};
}

}  // namespace partake::books
