// Books::save and Books::restore.
#include <algorithm>
#include <bit>
#include <cstring>

#include "base/whole_number.h"
#include "books/books.h"

namespace partake::books {
namespace {

static_assert(std::endian::native == std::endian::little, "snapshots are little endian");

template <class T>
std::string_view bytes_of(std::span<const T> values) {
  static_assert(std::has_unique_object_representations_v<T>);
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}
template <class T>
std::string_view bytes_of(const std::vector<T>& values) {
  return bytes_of(std::span<const T>{values});
}

template <class T>
bool read_values(std::string_view bytes, std::vector<T>& values) {
  if (bytes.size() % sizeof(T) != 0) return false;
  values.resize(bytes.size() / sizeof(T));
  if (!bytes.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return true;
}

// Entries as they are kept in memory depend on when the table grew; sorted, and without those that
// do not count any more, they depend on the records alone.
template <class Entry, class Table, class Keep, class Less>
std::vector<Entry> sorted(const Table& table, Keep keep, Less less) {
  std::vector<Entry> entries;
  table.each([&](const Entry& entry) {
    if (keep(entry)) entries.push_back(entry);
  });
  std::sort(entries.begin(), entries.end(), less);
  return entries;
}

std::string numbers_text(std::initializer_list<std::uint64_t> numbers) {
  std::string bytes;
  for (const auto number : numbers) {
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
  }
  return bytes;
}

void append_totals(std::string& bytes, const PublicTotals& totals) {
  bytes += numbers_text({totals.events});
  for (const auto amount : totals.credited) {
    bytes.append(reinterpret_cast<const char*>(&amount), sizeof amount);
  }
}

// Takes fixed-size values from the front.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_{bytes} {}
  template <class T>
  T take() {
    T value{};
    if (bytes_.size() < sizeof value) {
      good_ = false;
      return value;
    }
    std::memcpy(&value, bytes_.data(), sizeof value);
    bytes_.remove_prefix(sizeof value);
    return value;
  }
  PublicTotals totals() {
    PublicTotals totals;
    totals.events = take<std::uint64_t>();
    for (auto& amount : totals.credited) amount = take<std::int64_t>();
    return totals;
  }
  std::string_view bytes(std::size_t size) {
    if (size > bytes_.size()) {
      good_ = false;
      return {};
    }
    const auto part = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return part;
  }
  [[nodiscard]] bool is_empty() const { return bytes_.empty(); }
  [[nodiscard]] bool is_done() const { return good_ && bytes_.empty(); }
  [[nodiscard]] bool is_good() const { return good_; }

 private:
  std::string_view bytes_;
  bool good_ = true;
};

// Each set: its size; each consent: source, until (days since 1970), purpose with its size.
std::string text_of(const Consents& consents) {
  std::string bytes;
  for (Consents::SetNumber number = 0; number < consents.size(); ++number) {
    bytes += numbers_text({consents.set(number).size()});
    for (const auto& consent : consents.set(number)) {
      bytes += numbers_text({consent.source, static_cast<std::uint64_t>(day_number(consent.until)),
                             consent.purpose.size()});
      bytes += consent.purpose;
    }
  }
  return bytes;
}

bool is_day(Day day) { return day >= day_min && day <= day_max; }

bool read_consents(std::string_view bytes, std::size_t sources, Consents& consents) {
  Reader reader{bytes};
  consents = {};
  for (Consents::SetNumber number = 0; reader.is_good() && !reader.is_empty(); ++number) {
    const auto count = reader.take<std::uint64_t>();
    std::vector<Consent> set;
    for (std::uint64_t at = 0; at < count && reader.is_good(); ++at) {
      Consent consent;
      const auto source = reader.take<std::uint64_t>();
      consent.source = static_cast<std::uint32_t>(source);
      consent.until = day_of(static_cast<std::int32_t>(reader.take<std::uint64_t>()));
      consent.purpose = reader.bytes(reader.take<std::uint64_t>());
      if (source >= sources || !is_day(consent.until)) return false;
      set.push_back(std::move(consent));
    }
    if (consents.number_of(std::move(set)) != number) return false;
  }
  return reader.is_done();
}

// What the records refer to by number is there.
bool are_holders(std::span<const ledger::Holder> holders, std::size_t consents,
                 std::size_t programmes) {
  return std::all_of(holders.begin(), holders.end(), [&](const ledger::Holder& holder) {
    return holder.consents < consents && holder.programme < programmes &&
           holder.state <= ledger::Holder::State::erased && holder.actor < actor_kinds.size();
  });
}

}  // namespace

void Books::save(const SaveSection& section) const {
  std::string head =
      numbers_text({static_cast<std::uint64_t>(day_number(horizon_)),
                    static_cast<std::uint64_t>(admitted_.time_since_epoch().count()), editions_});
  head.append(reinterpret_cast<const char*>(editions_chain_.data()), editions_chain_.size());
  append_totals(head, totals_);
  append_totals(head, published_);
  append_totals(head, erased_);
  head += numbers_text({transactions_});
  section("head", head);
  section("lasting", bytes_of(lasting_));
  section("consents", text_of(consents_));
  std::string streams;
  for (const auto& stream : rulebook_.streams) {
    streams += numbers_text({stream.taken.is_used() ? 1U : 0U, stream.taken.highest()});
    streams += bytes_of(stream.taken.bits());
  }
  section("streams", streams);
  section("ranges", bytes_of(ranges_));
  std::vector<std::uint64_t> reversed{reversed_.begin(), reversed_.end()};
  std::sort(reversed.begin(), reversed.end());
  section("reversed", bytes_of(reversed));
  section("caps",
          bytes_of(sorted<ledger::Caps::Entry>(
              caps_, [&](const auto& entry) { return caps_.keep(entry) && entry.used != 0; },
              [](const auto& a, const auto& b) { return a.place < b.place; })));
  section("acts", bytes_of(sorted<ledger::Acts::Entry>(
                      acts_, [&](const auto& act) { return acts_.keep(act); },
                      [](const auto& a, const auto& b) {
                        return std::pair{a.place, std::uint64_t{a.record}} <
                               std::pair{b.place, std::uint64_t{b.record}};
                      })));
  section("ids", bytes_of(sorted<Identities::Entry>(
                     identities_, [&](const auto& entry) { return identities_.keep(entry); },
                     [](const auto& a, const auto& b) {
                       return std::pair{a.high, a.low} < std::pair{b.high, b.low};
                     })));
  section("holdings", holdings_.bytes());
  section("programmes", bytes_of(accounts_.programmes()));
  section("holders", bytes_of(accounts_.holders()));
  for (std::size_t at = 0; at < ledger::assets; ++at) {
    const auto asset = static_cast<ledger::Asset>(at);
    section(std::string{"balances."} + ledger::name_of(asset), bytes_of(accounts_.balances(asset)));
  }
}

Status Books::restore(std::string_view name, std::string_view bytes) {
  const auto malformed = [&] {
    return fail(ErrorKind::corrupt, "snapshot.malformed", {{"section", std::string{name}}});
  };
  const auto check = [&](bool good) -> Status {
    if (good) return {};
    return malformed();
  };
  if (name == "head") {
    Reader reader{bytes};
    const auto horizon = day_of(static_cast<std::int32_t>(reader.take<std::uint64_t>()));
    const Instant admitted{std::chrono::microseconds{reader.take<std::int64_t>()}};
    if (!is_day(horizon) || !is_day(utc_day(admitted))) return malformed();
    set_time(admitted);
    editions_ = reader.take<std::uint64_t>();
    editions_chain_ = reader.take<Hash>();
    totals_ = reader.totals();
    published_ = reader.totals();
    erased_ = reader.totals();
    transactions_ = reader.take<std::uint64_t>();
    // Last: setting the time moves it.
    horizon_ = horizon;
    forget();
    return check(reader.is_done());
  }
  if (name == "lasting") {
    std::vector<std::uint64_t> lasting;
    return check(read_values(bytes, lasting) && lasting == lasting_);
  }
  if (name == "consents") {
    return check(read_consents(bytes, rulebook_.sources.size(), consents_));
  }
  if (name == "streams") {
    Reader reader{bytes};
    for (auto& stream : rulebook_.streams) {
      const bool used = reader.take<std::uint64_t>() != 0;
      const auto highest = reader.take<std::uint64_t>();
      std::vector<std::uint64_t> bits(used ? SequenceWindow::width / 64 : 0);
      for (auto& word : bits) word = reader.take<std::uint64_t>();
      stream.taken.restore(highest, std::move(bits));
    }
    return check(reader.is_done());
  }
  if (name == "ranges") {
    const bool good = read_values(bytes, ranges_);
    return check(good && std::all_of(ranges_.begin(), ranges_.end(), [&](const auto& range) {
                   return range.stream < rulebook_.streams.size();
                 }));
  }
  if (name == "holdings") return check(holdings_.restore(bytes));
  if (name == "reversed") {
    std::vector<std::uint64_t> reversed;
    if (!read_values(bytes, reversed)) return malformed();
    reversed_.insert(reversed.begin(), reversed.end());
    return {};
  }
  return restore_tables(name, bytes) ? Status{} : Status{malformed()};
}

bool Books::restore_tables(std::string_view name, std::string_view bytes) {
  if (name == "caps") {
    std::vector<ledger::Caps::Entry> entries;
    if (!read_values(bytes, entries)) return false;
    for (const auto& entry : entries) caps_.restore(entry);
    return true;
  }
  if (name == "acts") {
    std::vector<ledger::Acts::Entry> acts;
    if (!read_values(bytes, acts)) return false;
    for (const auto& act : acts) acts_.restore(act);
    return true;
  }
  if (name == "ids") {
    std::vector<Identities::Entry> entries;
    if (!read_values(bytes, entries)) return false;
    for (const auto& entry : entries) identities_.restore(entry);
    return true;
  }
  return restore_accounts(name, bytes);
}

bool Books::restore_accounts(std::string_view name, std::string_view bytes) {
  if (name == "programmes") {
    std::vector<ledger::Accounts::Programme> programmes;
    if (!read_values(bytes, programmes) || programmes.size() > rulebook_.programmes.size()) {
      return false;
    }
    accounts_.restore_programmes(std::move(programmes));
    return true;
  }
  if (name == "holders") {
    std::vector<ledger::Holder> holders;
    if (!read_values(bytes, holders)) return false;
    if (!are_holders(holders, consents_.size(), rulebook_.programmes.size())) return false;
    accounts_.restore_holders(holders);
    return true;
  }
  constexpr std::string_view prefix = "balances.";
  const auto asset =
      name.starts_with(prefix) ? ledger::asset_of(name.substr(prefix.size())) : std::nullopt;
  std::vector<std::int64_t> balances;
  if (!asset || !read_values(bytes, balances)) return false;
  if (balances.empty()) return true;
  if (balances.size() != accounts_.size()) return false;
  accounts_.restore_balances(*asset, balances);
  return true;
}

}  // namespace partake::books
