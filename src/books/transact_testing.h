// Books with dealings of every kind, and scripts of transactions: a line each, with what must come
// of it.
#pragma once

#include "books/testing.h"
#include "books/transactions.h"

namespace partake::books::testing {

inline constexpr const char* dealings_text = R"toml(
format = 1
id = "test.programme"
version = "1.0.0"
title = { en = "Test", zh = "测试" }
description = { en = "Test", zh = "测试" }
[[methods]]
id = "test.trip"
version = "1.0.0"
from = "2026-01-01"
[scheme]
zone = "Asia/Shanghai"
late_days = 30
point_for = "1 kgCO2e"
point_years = 1
[[scheme.events]]
type = "trip"
method = "test.trip"
end = "end"
inputs.distance = { field = "km" }
[[scheme.caps]]
asset = "co2e"
most = "10 kgCO2e"
per = "day"
[[scheme.exclusive]]
group = "trip"

[[scheme.flows]]
id = "income"
asset = "money"
from = ["outside"]
to = ["any"]
[[scheme.flows]]
id = "grant"
asset = "points"
from = ["outside"]
to = ["any"]
[[scheme.flows]]
id = "measured"
asset = "electricity"
from = ["outside"]
to = ["site"]
[[scheme.flows]]
id = "gift"
asset = "co2e"
from = ["any"]
to = ["pool"]
[[scheme.flows]]
id = "payment"
asset = "money"
from = ["trust"]
to = ["any"]
held_by = "resolution"
[[scheme.flows]]
id = "fee"
asset = "money"
from = ["trust"]
to = ["outside", "community"]

[[scheme.holds]]
id = "resolution"
asset = "money"
of = ["trust"]
days = 90
approvers = ["member.one", "member.two", "member.three"]
approvals = 2
[[scheme.holds]]
id = "deposit"
asset = "points"
of = ["any"]
days = 10

[[scheme.splits]]
id = "stay"
asset = "money"
from = "outside"
[[scheme.splits.shares]]
party = "host"
part = "45 %"
named = true
[[scheme.splits.shares]]
party = "community"
part = "45 %"
[[scheme.splits.shares]]
party = "trust"
part = "10 %"

[[scheme.splits]]
id = "saving"
asset = "money"
from = "outside"
price = "0.7125 yuan/kWh"
settles = "electricity"
of = "site"
most = "600 yuan"
[[scheme.splits.shares]]
party = "investor"
part = "4/5"
[[scheme.splits.shares]]
party = "site"
part = "1/5"

# Settles what is not of any of those who share.
[[scheme.splits]]
id = "lease"
asset = "money"
from = "outside"
price = "0.5 yuan/kWh"
settles = "electricity"
of = "site"
[[scheme.splits.shares]]
party = "investor"
part = "1"

[[scheme.splits]]
id = "fund"
asset = "money"
from = "trust"
at_least = "100 yuan"
[[scheme.splits.shares]]
party = "community"
part = "2/3"
[[scheme.splits.shares]]
party = "site"
part = "1/3"
[[scheme.splits]]
id = "fund"
asset = "money"
from = "trust"
[[scheme.splits.shares]]
party = "community"
part = "1"

[[scheme.units]]
id = "forest"
title = { en = "Forest", zh = "森林" }
unit = "1 tCO2e"
buffer = "20 %"
verified = true
price = "18.5 yuan"
[[scheme.units]]
id = "pooled"
title = { en = "Pooled", zh = "汇集" }
unit = "1 kgCO2e"
pool = "co2e"

[[scheme.rewards]]
id = "tree"
title = { en = "Tree", zh = "树" }
asset = "points"
cost = "10"
stock = 2
per_account = 2
funded = true
[[scheme.rewards]]
id = "cup"
title = { en = "Cup", zh = "杯子" }
asset = "points"
cost = "4"

[[scheme.conversions]]
id = "course"
from = "points"
each = "5"
to = "credits"
gives = "1"

[[scheme.findings]]
id = "speed"
detector = "speed"
events = ["trip"]
field = "km"
most = "80 km/h"
)toml";

// Accounts by name: a person `ann`, three of the class `7a`, and parties.
inline std::vector<Fact> dealing_facts() {
  auto contents = small_contents();
  contents[3] = {Content::Kind::zone, "Asia/Shanghai", "Asia/Shanghai\n-2208988800 28800\n"};
  contents.back().text = dealings_text;
  std::vector<Fact> facts;
  for (const auto& content : contents) facts.emplace_back(content);
  ProgrammeNumbers numbers;
  Problems problems;
  const auto edition = Edition::build(contents, numbers, problems);
  for (const auto& problem : problems) FAIL(problem.code);
  facts.emplace_back(edition->manifest(contents));
  SourceState office{"office", "test.programme", "A", false, 0, {}, false};
  for (const auto* action : actions()) office.may.emplace_back(action);
  facts.emplace_back(office);
  facts.emplace_back(SourceState{"kiosk", "test.programme", "A", false, 0, {}, false, {"order"}});
  facts.emplace_back(
      SourceState{"board", "test.programme", "A", false, 0, {}, false, {"question", "settle"}});
  facts.emplace_back(SourceState{"gates", "test.programme", "A", true, 0, {}, false});
  const std::vector<ConsentGiven> consents{{"office", purpose_spend, day_max},
                                           {"gates", purpose_credit, day_max}};
  facts.emplace_back(AccountsOpened{"test.programme", "person", 1, consents});
  facts.emplace_back(AccountsOpened{"test.programme", "person", 3, consents, "7a"});
  facts.emplace_back(AccountsOpened{"test.programme", "person", 1, {}});
  facts.emplace_back(AccountsOpened{"test.programme", "enterprise", 10, {}});
  std::uint64_t next = 5;
  for (const auto* party : {"trust", "community", "site", "investor", "pool", "bank", "member.one",
                            "member.two", "member.three", "host"}) {
    facts.emplace_back(PartyNamed{"test.programme", party, AccountIndex{next++}});
  }
  return facts;
}
inline std::string ann() { return account(0); }
inline std::string bob() { return account(1); }
inline std::string no_consent() { return account(4); }

struct BooksWithDealings {
  storage::SimulatedDisk disk;
  OpenBooks open;
  int next_id = 1;

  explicit BooksWithDealings(Instant time = test_time()) {
    REQUIRE(Directory::create(disk, "test.example/log", test_random, time));
    reopen(time);
    for (const auto& fact : dealing_facts()) REQUIRE(open.writer->add(fact));
    REQUIRE(open.writer->flush());
  }
  void reopen(Instant time) {
    now = time;
    open = {};
    auto opened = open_books(disk, time);
    REQUIRE(opened);
    open = *std::move(opened);
  }
  [[nodiscard]] const Books& books() const { return open.directory->books(); }
  [[nodiscard]] std::int64_t balance(ledger::Asset asset, const std::string& of) const {
    const auto party = books().holdings().party({0, of});
    return books().accounts().balance(asset, party ? *party : *ledger::account_of(of));
  }

  [[nodiscard]] std::string document(const std::string& action, const std::string& data,
                                     const std::string& id,
                                     const std::string& source = "office") const {
    return R"({"specversion":"1.0","source":")" + source + R"(","id":")" + id +
           R"(","type":"partake.)" + action + R"(","time":")" + to_string(now) + R"(","data":{)" +
           data + "}}\n";
  }
  std::vector<TransactionAnswer> send(const std::string& text) {
    std::vector<TransactionAnswer> answers;
    TransactOptions options;
    options.answer = [&](const TransactionAnswer& answer) -> Status {
      answers.push_back(answer);
      return {};
    };
    MemorySource source{text};
    REQUIRE(transact(source, open.directory->books(), *open.writer, options));
    return answers;
  }
  // The code of the refusal, or "ok". "board:settle" is asked for by the source board.
  std::string act(const std::string& action, const std::string& data) {
    const auto colon = action.find(':');
    const auto name = colon == std::string::npos ? action : action.substr(colon + 1);
    const auto source = colon == std::string::npos ? "office" : action.substr(0, colon);
    const auto answers = send(document(name, data, std::to_string(next_id++), source));
    REQUIRE_EQ(answers.size(), 1);
    const auto& answer = answers.front();
    return answer.outcome == Outcome::accepted ? "ok" : answer.reason.code;
  }
  Instant now;
};

}  // namespace partake::books::testing
