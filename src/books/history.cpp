#include "books/history.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/prefetch.h"
#include "books/quantifier.h"
#include "books/replay.h"

namespace partake::books {
namespace {

// The sums of accounts in one asset.
class AccountSums {
 public:
  explicit AccountSums(std::size_t accounts) : sums_(accounts), met_(accounts) {}

  void prefetch(AccountIndex account) const { partake::prefetch(&sums_[account.value]); }

  // False when they leave 64 bits.
  bool add(AccountIndex account, std::int64_t before, std::int64_t after) {
    auto& sum = sums_[account.value];
    met_[account.value] = true;
    return !__builtin_add_overflow(sum.before, before, &sum.before) &&
           !__builtin_add_overflow(sum.after, after, &sum.after);
  }

  void report(std::size_t most, AssetHistory& history) const {
    for (std::size_t at = 0; at < sums_.size(); ++at) {
      if (!met_[at]) continue;
      ++history.accounts;
      const auto& sum = sums_[at];
      if (sum.after > sum.before) ++history.gaining;
      if (sum.after < sum.before) ++history.losing;
    }
    changes_in_order(history);
    most_changed(most, history);
  }

 private:
  struct Sum {
    std::int64_t before = 0;
    std::int64_t after = 0;
  };

  void changes_in_order(AssetHistory& history) const {
    std::vector<Int128> changes;
    changes.reserve(history.accounts);
    for (std::size_t at = 0; at < sums_.size(); ++at) {
      if (met_[at]) changes.push_back(Int128{sums_[at].after} - sums_[at].before);
    }
    auto from = changes.begin();
    for (std::size_t at = 0; at < history_percentiles.size() && !changes.empty(); ++at) {
      // The nearest rank: the first place with so many of a hundred up to it.
      const auto part = static_cast<std::size_t>(history_percentiles[at]);
      const auto rank = std::max<std::size_t>(1, (part * changes.size() + 99) / 100);
      const auto place = changes.begin() + static_cast<std::ptrdiff_t>(rank - 1);
      // What lies before `from` is in its place already.
      if (place >= from) {
        std::nth_element(from, place, changes.end());
        from = place + 1;
      }
      history.changes[at] = *place;
    }
  }

  void most_changed(std::size_t most, AssetHistory& history) const {
    const auto size = [](const AccountChange& entry) {
      const auto change = entry.change();
      return change < 0 ? -change : change;
    };
    const auto larger = [&](const AccountChange& one, const AccountChange& other) {
      const auto left = size(one);
      const auto right = size(other);
      return left != right ? left > right : one.account.value < other.account.value;
    };
    // A heap with the least of the most changed on top.
    auto& heap = history.most_changed;
    for (std::size_t at = 0; at < sums_.size() && most > 0; ++at) {
      const AccountChange entry{{at}, sums_[at].before, sums_[at].after};
      if (entry.before == entry.after) continue;
      if (heap.size() == most) {
        if (!larger(entry, heap.front())) continue;
        std::pop_heap(heap.begin(), heap.end(), larger);
        heap.pop_back();
      }
      heap.push_back(entry);
      std::push_heap(heap.begin(), heap.end(), larger);
    }
    std::sort_heap(heap.begin(), heap.end(), larger);
  }

  std::vector<Sum> sums_;
  std::vector<bool> met_;
};

using Sides = std::array<const HistorySide*, 2>;

// A rule's two ways to compute its events.
struct RuleSides {
  std::array<std::unique_ptr<Edition>, 2> editions;
  std::optional<Error> why_not;

  [[nodiscard]] const Rule& rule(std::size_t side) const { return editions[side]->rules().front(); }
};

RuleSides sides_of(const RulePlace& place, const Sides& sides) {
  RuleSides made;
  for (std::size_t side = 0; side < sides.size() && !made.why_not; ++side) {
    Problems problems;
    made.editions[side] = Edition::with_method(*place.edition, *place.rule, sides[side]->method,
                                               sides[side]->library, problems);
    if (!problems.empty()) made.why_not = problems.front();
  }
  return made;
}

struct Computed {
  bool is_compared = false;
  std::array<bool, 2> is_good{};
  std::array<Amounts, 2> amounts{};
};

class Comparison final : public ReplayVisitor {
 public:
  Comparison(const Directory& directory, const Sides& sides, const HistoryOptions& options)
      : journal_{directory.journal()},
        books_{directory.books()},
        sides_{sides},
        options_{options},
        rules_(books_.rulebook().rules.size()),
        by_programme_(books_.rulebook().programmes.size()) {
    for (const auto& place : books_.rulebook().rules) {
      const auto& id = place.rule->compiled->method->id;
      is_meant_.push_back(id == sides[0]->method->method->id || id == sides[1]->method->method->id);
    }
  }

  Result<HistoryReport> run() {
    CHECK_OK(replay(journal_, books_, {.prefetches = false}, *this));
    if (report_.events == 0) {
      if (!report_.left_out.empty()) return tl::unexpected(report_.left_out.front().why);
      return fail(ErrorKind::not_found, "history.no_events",
                  {{"before", sides_[0]->method->method->id.text()},
                   {"after", sides_[1]->method->method->id.text()}});
    }
    for (std::size_t at = 0; at < ledger::assets; ++at) {
      if (!accounts_[at]) continue;
      AssetHistory history;
      history.asset = static_cast<ledger::Asset>(at);
      for (std::size_t number = 0; number < by_programme_.size(); ++number) {
        const auto& sums = by_programme_[number][at];
        if (!sums) continue;
        history.sums.recorded += sums->recorded;
        history.sums.before += sums->before;
        history.sums.after += sums->after;
        history.by_programme.emplace_back(static_cast<ledger::ProgrammeIndex>(number), *sums);
      }
      accounts_[at]->report(options_.most, history);
      accounts_[at].reset();
      report_.assets.push_back(std::move(history));
    }
    return std::move(report_);
  }

 private:
  struct Group {
    std::array<std::unique_ptr<Quantifier>, 2> quantifiers;
    std::optional<Error> why_not;
    std::vector<const Event*> events;
    std::vector<std::size_t> places;
  };

  Status begin_block(const ReplayedBlock& block) override {
    // A day more may show factors that were not published before.
    if (const auto day = utc_day(block.header.admitted); day != admitted_on_) {
      groups_.clear();
      last_group_ = nullptr;
      admitted_on_ = day;
    }
    return {};
  }

  Status end_block(const ReplayedBlock& block) override {
    report_.records += block.records.size();
    if (options_.progress) options_.progress(report_.records, journal_.records());
    return {};
  }

  Status take_record(std::uint64_t /*number*/, const journal::Record& record) override {
    if (static_cast<Kind>(record.open[0]) != Kind::event) return {};
    // One that was erased: its inputs are gone.
    TRY(const auto erased, parse_open(record.open, books_.rulebook()));
    if (!erased.event.withdrawal && is_meant_[erased.event.rule]) ++report_.erased;
    return {};
  }

  void leave_out(const Error& why) {
    const auto known =
        std::find_if(report_.left_out.begin(), report_.left_out.end(), [&](const auto& entry) {
          return entry.why.code == why.code && entry.why.args == why.args;
        });
    if (known != report_.left_out.end()) {
      ++known->events;
    } else {
      report_.left_out.push_back({why, 1});
    }
  }

  Group& group_of(const Event& event) {
    const auto tier = books_.rulebook().streams[event.stream].tier;
    const std::pair key{event.rule, tier};
    if (last_group_ != nullptr && key == last_key_) return *last_group_;
    auto [found, is_new] = groups_.try_emplace(key);
    auto& group = found->second;
    if (is_new) prepare(event.rule, tier, group);
    last_key_ = key;
    last_group_ = &group;
    return group;
  }

  void prepare(RuleNumber number, std::uint8_t tier, Group& group) {
    auto& rule = rules_[number];
    if (!rule) rule = sides_of(books_.rulebook().rules[number], sides_);
    group.why_not = rule->why_not;
    for (std::size_t side = 0; side < sides_.size() && !group.why_not; ++side) {
      const auto day = sides_[side]->library == nullptr ? admitted_on_ : sides_[side]->as_of;
      auto made = Quantifier::make(*rule->editions[side], rule->rule(side), tier, day);
      if (made) {
        group.quantifiers[side] = *std::move(made);
      } else {
        group.why_not = std::move(made).error();
      }
    }
  }

  void run(Group& group) {
    if (group.events.empty()) return;
    const auto& rule = *rules_[group.events[0]->rule];
    for (std::size_t side = 0; side < sides_.size(); ++side) {
      auto& quantifier = *group.quantifiers[side];
      quantifier.run(group.events);
      const auto postings = rule.rule(side).postings.size();
      for (std::size_t row = 0; row < group.events.size(); ++row) {
        auto& computed = computed_[group.places[row]];
        computed.is_good[side] = quantifier.is_good(row);
        for (std::size_t at = 0; at < postings && computed.is_good[side]; ++at) {
          computed.amounts[side][at] = quantifier.amount(row, at);
        }
      }
    }
    group.events.clear();
    group.places.clear();
  }

  Status begin_events(std::span<const Event* const> events) override {
    computed_.resize(std::max(computed_.size(), events.size()));
    for (std::size_t place = 0; place < events.size(); ++place) {
      const auto& event = *events[place];
      computed_[place].is_compared = false;
      if (event.withdrawal || !is_meant_[event.rule]) continue;
      auto& group = group_of(event);
      if (group.why_not) {
        leave_out(*group.why_not);
        continue;
      }
      computed_[place].is_compared = true;
      group.events.push_back(&event);
      group.places.push_back(place);
    }
    for (auto& entry : groups_) run(entry.second);
    for (const auto* event : events) {
      if (last_asset_ != nullptr && event->account.value < books_.accounts().size()) {
        last_asset_->prefetch(event->account);
      }
    }
    return {};
  }

  Status take_event(std::size_t place, const StoredEvent& stored) override {
    const auto& computed = computed_[place];
    if (!computed.is_compared) return {};
    const auto& event = stored.event.event;
    const auto& credit = stored.event.credit;
    if (books_.is_reversed(stored.number)) {
      ++report_.withdrawn;
      return {};
    }
    if ((credit.limits & limited_by_act) != 0) {
      ++report_.same_act;
      return {};
    }
    if (event.account.value >= books_.accounts().size()) {
      return fail(ErrorKind::corrupt, "record.malformed_event",
                  {{"part", "account"}, {"record", std::to_string(stored.number)}});
    }
    ++report_.events;
    if (!computed.is_good[0]) ++report_.refused_before;
    if (!computed.is_good[1]) ++report_.refused_after;
    return add(event, credit, computed);
  }

  Status add(const Event& event, const Credit& credit, const Computed& computed) {
    const auto& place = books_.rulebook().rules[event.rule];
    const auto& sides = *rules_[event.rule];
    auto& programme = by_programme_[place.programme];
    const auto sums = [&](ledger::Asset asset) -> HistorySums& {
      auto& sum = programme[static_cast<std::size_t>(asset)];
      if (!sum) sum.emplace();
      return *sum;
    };
    const auto& recorded = credit.limits != 0 ? credit.computed : credit.credited;
    for (std::size_t at = 0; at < place.rule->postings.size(); ++at) {
      sums(place.rule->postings[at].asset).recorded += recorded[at];
    }
    for (std::size_t side = 0; side < sides_.size(); ++side) {
      const auto& postings = sides.rule(side).postings;
      for (std::size_t at = 0; at < postings.size(); ++at) {
        const auto amount = computed.is_good[side] ? computed.amounts[side][at] : 0;
        auto& sum = sums(postings[at].asset);
        (side == 0 ? sum.before : sum.after) += amount;
        auto& accounts = accounts_of(postings[at].asset);
        if (!accounts.add(event.account, side == 0 ? amount : 0, side == 0 ? 0 : amount)) {
          return fail(ErrorKind::exhausted, "history.too_large",
                      {{"account", ledger::to_string(event.account)}});
        }
      }
    }
    return {};
  }

  AccountSums& accounts_of(ledger::Asset asset) {
    auto& accounts = accounts_[static_cast<std::size_t>(asset)];
    if (!accounts) accounts.emplace(books_.accounts().size());
    last_asset_ = &*accounts;
    return *accounts;
  }

  const journal::Journal& journal_;
  const Books& books_;
  Sides sides_;
  const HistoryOptions& options_;
  HistoryReport report_;
  std::vector<bool> is_meant_;                   // By rule.
  std::vector<std::optional<RuleSides>> rules_;  // Once they are met.
  std::map<std::pair<RuleNumber, std::uint8_t>, Group> groups_;
  std::pair<RuleNumber, std::uint8_t> last_key_{};
  Group* last_group_ = nullptr;
  Day admitted_on_{};
  std::vector<Computed> computed_;
  std::array<std::optional<AccountSums>, ledger::assets> accounts_;
  AccountSums* last_asset_ = nullptr;
  std::vector<std::array<std::optional<HistorySums>, ledger::assets>> by_programme_;
};

}  // namespace

Result<HistoryReport> compare_history(const Directory& directory, const HistorySide& before,
                                      const HistorySide& after, const HistoryOptions& options) {
  return Comparison{directory, {&before, &after}, options}.run();
}

}  // namespace partake::books
