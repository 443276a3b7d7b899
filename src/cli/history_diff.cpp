#include "cli/history_diff.h"

#include <algorithm>
#include <filesystem>

#include "cli/find_method.h"

namespace partake::cli {
namespace {

constexpr std::size_t accounts_shown = 100;

Json whole(std::uint64_t value) { return Json::integer(static_cast<std::int64_t>(value)); }

// The method as the books have it, in the newest edition that does; null when none does.
std::shared_ptr<const method::Compiled> published(const books::Books& books,
                                                  const std::string& name) {
  const auto at = name.find('@');
  const MethodId id{name.substr(0, at)};
  const auto version = at == std::string::npos ? "" : name.substr(at + 1);
  for (const auto& programme : books.rulebook().programmes) {
    for (auto at_edition = programme.editions.size(); at_edition-- > 0;) {
      const auto& knowledge = programme.editions[at_edition]->knowledge();
      const auto* found = knowledge.method(id, version);
      for (const auto& known : knowledge.methods()) {
        if (known.get() == found) return known;
      }
    }
  }
  return nullptr;
}

std::string signed_text(ledger::Asset asset, Int128 amount, const Context& context) {
  // Sums of history may leave 64 bits; then they are shown as they are counted.
  const auto small = static_cast<std::int64_t>(amount);
  const auto text = small == amount ? amount_text(asset, small, context)
                                    : grouped(to_string(amount)) + " " + ledger::unit_of(asset);
  return amount > 0 ? "+" + text : text;
}
std::string text_of(ledger::Asset asset, Int128 amount, const Context& context) {
  auto text = signed_text(asset, amount, context);
  return amount > 0 ? text.substr(1) : text;
}

Json to_json(const books::HistorySums& sums) {
  return Json::Object{{"recorded", to_string(sums.recorded)},
                      {"before", to_string(sums.before)},
                      {"after", to_string(sums.after)}};
}

std::string percentile_name(int part, const Context& context) {
  if (part == 0) return context.say("history.least");
  if (part == 100) return context.say("history.greatest");
  return std::to_string(part) + " %";
}

void present(const books::AssetHistory& history, const books::Books& books,
             const Context& context) {
  const auto asset = history.asset;
  const auto amount = [&](Int128 value) { return text_of(asset, value, context); };
  const auto change = [&](Int128 value) { return signed_text(asset, value, context); };
  context.print();
  Table totals{{context.say(std::string{"asset."} + ledger::name_of(asset)),
                context.say("history.recorded"), context.say("word.before"),
                context.say("word.after"), context.say("history.change")}};
  const auto add = [&](const std::string& name, const books::HistorySums& sums) {
    totals.add({name, amount(sums.recorded), amount(sums.before), amount(sums.after),
                change(sums.after - sums.before)});
  };
  for (const auto& [number, sums] : history.by_programme) {
    add(books.rulebook().programmes[number].id, sums);
  }
  add(context.say("history.total"), history.sums);
  context.print(totals.text());
  context.say_line("history.accounts", {{"accounts", grouped(std::to_string(history.accounts))},
                                        {"gaining", grouped(std::to_string(history.gaining))},
                                        {"losing", grouped(std::to_string(history.losing))}});
  Table percentiles{{context.say("history.percentile"), context.say("history.change")}};
  for (std::size_t at = 0; at < history.changes.size(); ++at) {
    percentiles.add(
        {percentile_name(books::history_percentiles[at], context), change(history.changes[at])});
  }
  context.print(percentiles.text(2));
  if (history.most_changed.empty()) return;
  Table most{{context.say("books.column.account"), context.say("word.before"),
              context.say("word.after"), context.say("history.change")}};
  for (const auto& entry : history.most_changed) {
    most.add({ledger::to_string(entry.account), amount(entry.before), amount(entry.after),
              change(entry.change())});
  }
  context.print(most.text(2));
}

Json to_json(const books::AssetHistory& history, const books::Books& books) {
  Json::Array programmes;
  for (const auto& [number, sums] : history.by_programme) {
    programmes.emplace_back(Json::Object{{"programme", books.rulebook().programmes[number].id},
                                         {"sums", to_json(sums)}});
  }
  Json::Array percentiles;
  for (std::size_t at = 0; at < history.changes.size(); ++at) {
    percentiles.emplace_back(
        Json::Object{{"percentile", Json::integer(books::history_percentiles[at])},
                     {"change", to_string(history.changes[at])}});
  }
  Json::Array most;
  for (const auto& entry : history.most_changed) {
    most.emplace_back(Json::Object{{"account", ledger::to_string(entry.account)},
                                   {"before", std::to_string(entry.before)},
                                   {"after", std::to_string(entry.after)}});
  }
  return Json::Object{
      {"asset", ledger::name_of(history.asset)}, {"sums", to_json(history.sums)},
      {"programmes", std::move(programmes)},     {"accounts", whole(history.accounts)},
      {"gaining", whole(history.gaining)},       {"losing", whole(history.losing)},
      {"percentiles", std::move(percentiles)},   {"most_changed", std::move(most)}};
}

void present(const books::HistoryReport& report, const books::Books& books,
             const Context& context) {
  const auto count = [](std::uint64_t value) { return grouped(std::to_string(value)); };
  context.print();
  context.say_line("history.compared", {{"events", count(report.events)},
                                        {"before", count(report.refused_before)},
                                        {"after", count(report.refused_after)}});
  context.say_line("history.left", {{"withdrawn", count(report.withdrawn)},
                                    {"same_act", count(report.same_act)},
                                    {"erased", count(report.erased)}});
  for (const auto& left : report.left_out) {
    context.say_line("history.left_out", {{"events", count(left.events)},
                                          {"why", message(left.why, context.language)}});
  }
  for (const auto& asset : report.assets) present(asset, books, context);
}

}  // namespace

bool is_books_folder(const std::string& path) {
  std::error_code ignored;
  const std::filesystem::path folder{path};
  return !path.empty() && std::filesystem::is_regular_file(folder / "books", ignored) &&
         std::filesystem::is_directory(folder / "journal", ignored);
}

int HistoryDiff::find(std::size_t side, const std::string& name, const std::string& library) {
  int code = 0;
  auto& knowledge = knowledge_[side];
  if (library.empty()) {
    auto own = context_.knowledge(code);
    if (!own) return code;
    knowledge = *std::move(own);
  } else {
    Problems problems;
    knowledge.add_folder(library, problems);
    if (!problems.empty()) return context_.refuse(problems);
    sides_[side].library = &knowledge.library();
    sides_[side].as_of = context_.admitted_on;
  }
  sides_[side].method = published(session_.books(), name);
  if (sides_[side].method != nullptr) return 0;
  const auto* found = find_method(name, knowledge, context_, code);
  for (const auto& known : knowledge.methods()) {
    if (known.get() == found) sides_[side].method = known;
  }
  return code;
}

int HistoryDiff::open() {
  auto session = open_books(context_, arguments_.on, journal::Mode::read);
  if (!session) return context_.refuse(session.error());
  session_ = *std::move(session);
  if (const auto code = find(0, arguments_.before, arguments_.library_before); code != 0) {
    return code;
  }
  return find(1, arguments_.after, arguments_.library_after);
}

int HistoryDiff::run(Json::Object result) {
  const auto& books = session_.books();
  Result<books::HistoryReport> report = books::HistoryReport{};
  {
    ProgressLine progress{context_};
    report = books::compare_history(
        *session_.directory, sides_[0], sides_[1],
        {arguments_.most.value_or(accounts_shown), [&](std::uint64_t records, std::uint64_t of) {
           progress.show("books.progress.verify", {{"records", grouped(std::to_string(records))},
                                                   {"of", grouped(std::to_string(of))}});
         }});
  }
  if (!report) return context_.refuse(report.error());
  if (!context_.json) {
    present(*report, books, context_);
    return 0;
  }
  Json::Array left_out;
  for (const auto& left : report->left_out) {
    auto entry = *to_json(left.why, context_.language).object();
    entry.emplace_back("events", whole(left.events));
    left_out.push_back(std::move(entry));
  }
  Json::Array assets;
  for (const auto& asset : report->assets) assets.push_back(to_json(asset, books));
  result.emplace_back("events", whole(report->events));
  result.emplace_back("refused_before", whole(report->refused_before));
  result.emplace_back("refused_after", whole(report->refused_after));
  result.emplace_back("withdrawn", whole(report->withdrawn));
  result.emplace_back("same_act", whole(report->same_act));
  result.emplace_back("erased", whole(report->erased));
  result.emplace_back("left_out", std::move(left_out));
  result.emplace_back("assets", std::move(assets));
  context_.print(Json{std::move(result)});
  return 0;
}

}  // namespace partake::cli
