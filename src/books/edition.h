// An edition of a programme, ready to credit: built from what was published and nothing else.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "books/content.h"
#include "books/event.h"
#include "intake/terms.h"
#include "ledger/accounts.h"
#include "ledger/acts.h"
#include "ledger/caps.h"
#include "programme/programme.h"

namespace partake::books {

// How one field of an event's data becomes a value of its record, and that one an input.
struct FieldPlan {
  std::string field;
  const method::Input* input = nullptr;
  Rational ratio = Rational::whole(1);  // From the field's unit to the input's.
  std::size_t column = 0;               // Of the program; for regions, of the region inputs.
  std::size_t value = 0;                // Which of the event's values it is.
  // What a region or choice is counted as by the method, where the events count it otherwise.
  std::vector<std::uint32_t> renumbered = {};
};
struct ConstantColumn {
  std::size_t column = 0;
  double value = 0;
};
struct ConstantRegion {
  std::size_t input = 0;
  std::uint32_t value = 0;
};

struct CapPlan {
  ledger::CapNumber number = 0;  // In the programme.
  ledger::Window window = ledger::Window::day;
  std::size_t posting = 0;
  std::int64_t most = 0;  // Smallest units.
};

// What an event of one type posts: outputs that have an asset, then points if the scheme has them.
struct Posting {
  ledger::Asset asset = ledger::Asset::co2e;
  std::size_t output = 0;  // Of the method; not for points.
};

struct Rule {
  std::string type;
  const method::Compiled* compiled = nullptr;
  const programme::MethodUse* use = nullptr;
  std::vector<FieldPlan> fields;
  std::vector<ConstantColumn> constants;
  std::vector<ConstantRegion> constant_regions;
  std::size_t region_inputs = 0;
  std::size_t date_inputs = 0;
  std::string end_field;
  std::vector<Posting> postings;
  std::int64_t point_for = 0;  // Smallest units of the first posting for a point; 0: none.
  std::vector<CapPlan> caps;
  int group = -1;          // Exclusivity, by its number in the programme.
  bool whole_day = false;  // Acts of one local day are one act; else those that overlap.
  std::int64_t within_s = 0;
  std::array<double, 3> tier_worth{};  // A, B, C; negative: not accepted.
  std::uint8_t actors = 0;  // A bit for each kind that may hold the account, by its number.

  // Of amounts in a record: outputs and points.
  [[nodiscard]] ledger::Asset asset_of(std::size_t amount) const {
    return amount < postings.size() ? postings[amount].asset : ledger::Asset::points;
  }
  [[nodiscard]] std::size_t amounts() const { return postings.size() + (point_for > 0 ? 1 : 0); }
};
constexpr std::size_t amounts_max = 4;

// Numbers that stay the same from edition to edition of one programme.
struct ProgrammeNumbers {
  std::vector<std::string> groups;
  std::vector<std::string> caps;  // Asset, window and types: the same cap keeps its number.

  static std::size_t number_in(std::vector<std::string>& names, const std::string& name);
};

// When an act was, for comparing it with others of its group.
struct ActTime {
  std::int64_t start_s = 0;
  std::uint32_t length_s = 0;
};

ActTime act_time(const Rule& rule, Instant time, Day day, std::uint32_t length_s);

class Edition {
 public:
  // Problems: those of each content, and programme.*, with the content's name as the file.
  static std::unique_ptr<Edition> build(const std::vector<Content>& contents,
                                        ProgrammeNumbers& numbers, Problems& problems);

  // The edition with another method for one rule of it, fed from that rule's events; and with
  // another library, unless it is null. Without the rules' dates. Problems: history.input_missing,
  // history.input_differs, and those of `build`.
  static std::unique_ptr<Edition> with_method(const Edition& base, const Rule& rule,
                                              std::shared_ptr<const method::Compiled> compiled,
                                              const factor::Library* library, Problems& problems);

  // Whether it may follow these editions of its programme. Problem programme.meaning_changed.
  void check_after(const std::vector<std::shared_ptr<const Edition>>& before,
                   Problems& problems) const;

  [[nodiscard]] const programme::Programme& programme() const { return programme_; }
  [[nodiscard]] const programme::Scheme& scheme() const { return *programme_.scheme; }
  [[nodiscard]] const intake::Knowledge& knowledge() const { return knowledge_; }
  [[nodiscard]] const Zone& zone() const { return zone_; }
  [[nodiscard]] const std::vector<Rule>& rules() const { return rules_; }
  // Of an event type; null when unknown.
  [[nodiscard]] const Rule* rule_of(std::string_view type) const;
  // What makes up this edition, from its contents.
  [[nodiscard]] Manifest manifest(const std::vector<Content>& contents) const;

 private:
  Edition() = default;
  void read(const Content& content, Problems& problems);
  void build_rules(ProgrammeNumbers& numbers, Problems& problems);
  void build_rule(const programme::EventType& event, ProgrammeNumbers& numbers, Problems& problems);
  void plan_input(Rule& rule, const programme::EventType& event, const method::Input& input,
                  Problems& problems) const;
  void plan_postings(Rule& rule, const programme::EventType& event, Problems& problems) const;
  void plan_caps(Rule& rule, ProgrammeNumbers& numbers, Problems& problems) const;
  void plan_tiers(Rule& rule) const;
  void plan_exclusivity(Rule& rule, ProgrammeNumbers& numbers, Problems& problems) const;

  intake::Knowledge knowledge_;
  programme::Programme programme_;
  Zone zone_;
  std::vector<Rule> rules_;
};

}  // namespace partake::books
