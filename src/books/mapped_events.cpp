#include "books/mapped_events.h"

#include <algorithm>

#include "base/json.h"

namespace partake::books {
namespace {

using Member = EventMapping::Member;

// Of the pacer alone; nobody else sees it.
constexpr const char* paused = "paused";

// As a programme of these books published it, so that every machine reads the same times; a zone
// that none published as this machine has it.
Result<Zone> find_zone(const Rulebook& rulebook, const std::string& name) {
  for (const auto& programme : rulebook.programmes) {
    const auto& zone = programme.editions.back()->zone();
    if (zone.name() == name) return zone;
  }
  return load_zone(name);
}

void append_member(std::string& document, std::string_view name, std::string_view value) {
  append_quoted(document, name);
  document += ':';
  append_quoted(document, value);
}

}  // namespace

Result<std::size_t> MappedEvents::Pacer::read(char* target, std::size_t size) {
  if (ran_dry_ && rows_wait) {
    ran_dry_ = false;
    return fail(ErrorKind::unavailable, paused);
  }
  TRY(const auto count, source_.read(target, size));
  ran_dry_ = count < size;
  return count;
}

MappedEvents::MappedEvents(ByteSource& source, const std::string& file, EventMapping mapping,
                           const Rulebook& rulebook)
    : pacer_{source},
      mapping_{std::move(mapping)},
      reader_{pacer_, file, {.record_bytes = event_bytes_max, .tolerant = true}},
      assembler_{rulebook} {}

std::unique_ptr<MappedEvents> MappedEvents::open(ByteSource& source, const std::string& file,
                                                 EventMapping mapping, const Rulebook& rulebook,
                                                 Problems& problems) {
  std::unique_ptr<MappedEvents> events{
      new MappedEvents{source, file, std::move(mapping), rulebook}};
  const auto header = events->reader_.header();
  if (!header) {
    problems.push_back(header.error());
    return nullptr;
  }
  const auto before = problems.size();
  events->bind(events->mapping_.attributes, *header, rulebook, events->attributes_, problems);
  for (auto& bound : events->attributes_) {
    bound.attribute = events->members_.attribute(bound.member->name);
  }
  events->bind(events->mapping_.data, *header, rulebook, events->data_, problems);
  if (problems.size() != before) return nullptr;
  return events;
}

void MappedEvents::bind(const std::vector<Member>& members, const std::vector<std::string>& header,
                        const Rulebook& rulebook, std::vector<Bound>& bound,
                        Problems& problems) const {
  for (const auto& member : members) {
    auto& entry = bound.emplace_back();
    entry.member = &member;
    if (!member.column.empty()) {
      const auto found = std::find(header.begin(), header.end(), member.column);
      entry.cell = static_cast<std::size_t>(found - header.begin());
      if (found == header.end()) {
        std::string known;
        for (const auto& name : header) known += (known.empty() ? "" : ", ") + name;
        problems.push_back({ErrorKind::invalid,
                            "mapping.column_missing",
                            {{"column", member.column}, {"known", known}},
                            member.place});
      }
    }
    if (member.zone.empty()) continue;
    auto zone = find_zone(rulebook, member.zone);
    if (zone) {
      entry.zone = *std::move(zone);
    } else {
      problems.push_back(std::move(zone).error());
      problems.back().place = member.place;
    }
  }
}

Status MappedEvents::fill(EventBatch& batch) {
  while (!done_ && batch.text.size() < batch_bytes_) {
    pacer_.rows_wait = batch.count > 0;
    const auto row = reader_.next();
    if (row && *row == CsvReader::Row::record) {
      take_row(batch);
    } else if (row && *row == CsvReader::Row::bad) {
      take_bad_row(batch, reader_.problem());
    } else if (row) {
      done_ = true;
    } else if (row.error().code == "csv.open_quote") {
      // What follows might be rows or might be text; nobody guesses.
      take_bad_row(batch, row.error());
      done_ = true;
    } else if (row.error().code == paused) {
      batch.is_idle = true;
      break;
    } else {
      return tl::unexpected(row.error());
    }
  }
  // The text moved while it grew; documents are found again by their sizes.
  std::string_view rest{batch.text};
  for (auto& document : batch.documents) {
    document = rest.substr(0, document.size());
    rest.remove_prefix(document.size());
  }
  batch.bytes_read = reader_.bytes_read();
  return {};
}

// Kept as it stands in the file: it says no event.
void MappedEvents::take_bad_row(EventBatch& batch, Error error) {
  const auto begin = batch.text.size();
  batch.text += reader_.record();
  refuse(batch.add(reader_.line(), std::string_view{batch.text}.substr(begin)), std::move(error));
}

// Of an empty cell: empty, as if the member were not given.
Result<std::string_view> MappedEvents::value_of(Bound& bound) {
  const auto& member = *bound.member;
  if (member.column.empty()) return std::string_view{member.constant};
  const auto text = reader_.fields()[bound.cell];
  if (!member.is_time || text.empty()) return text;
  auto time = member.format.parse(text);
  if (!time) {
    time.error().args.emplace_back("column", member.column);
    return tl::unexpected(std::move(time).error());
  }
  auto instant = time->instant;
  if (!time->has_offset) {
    instant = bound.zone ? bound.zone->to_instant(time->local)
                         : Instant{time->local.time_since_epoch() - *member.offset};
  }
  bound.time = to_string(instant);
  return std::string_view{bound.time};
}

void MappedEvents::take_row(EventBatch& batch) {
  auto& text = batch.text;
  const auto begin = text.size();
  members_.clear();
  Status status;
  const auto take = [&](Bound& bound) {
    auto value = value_of(bound);
    if (value) return *value;
    if (status) status = tl::unexpected(std::move(value).error());
    return reader_.fields()[bound.cell];
  };
  text += R"({"specversion":"1.0")";
  for (auto& bound : attributes_) {
    const auto value = take(bound);
    *bound.attribute = value;
    if (value.empty()) continue;
    text += ',';
    append_member(text, bound.member->name, value);
  }
  text += R"(,"data":{)";
  for (auto& bound : data_) {
    const auto value = take(bound);
    if (value.empty()) continue;
    auto& fields = members_.parts.fields;
    if (!fields.empty()) text += ',';
    fields.push_back({bound.member->name, value, FieldText::Kind::text});
    append_member(text, bound.member->name, value);
  }
  text += "}}";
  const auto size = text.size() - begin;
  if (size > event_bytes_max) {
    text.resize(begin + event_bytes_max);
    status = tl::unexpected(too_large(std::to_string(size)));
  }
  auto& read = batch.add(reader_.line(), std::string_view{text}.substr(begin));
  if (status) status = assembler_.assemble(members_.parts, read.event);
  read.is_good = status.has_value();
  if (!status) read.error = std::move(status).error();
}

}  // namespace partake::books
