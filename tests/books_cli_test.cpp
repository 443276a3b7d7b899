// The commands on books as people start them: in English, Chinese and JSON, with their exit codes.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "base/file.h"
#include "tests/program.h"
#include "tests/small_library.h"

using namespace partake;
using namespace partake::testing;

namespace {

namespace fs = std::filesystem;

constexpr const char* programme = "example.carbon-inclusion";
constexpr const char* events = "examples/carbon-inclusion/events.ndjson";
constexpr const char* first = "0000000195";
constexpr const char* second = "0000000292";

Ran books_run(const std::string& arguments) {
  static const TestFolder library{"books-cli-library"};
  static const auto option = small_library(library.path());
  return partake_run("--as-of 2026-11-05 " + option + " " + arguments);
}

// Where the tokens of the sources of `make_books` stand, as an option of import and others.
const std::string token_file = in_binary_folder("tests-books-cli-made/tokens");
const std::string with_tokens = " --tokens " + token_file;

// A command under way: BOOKS stands for the folder, OUT for one beside it.
std::string in_folder(std::string command, const std::string& folder) {
  for (const auto& [word, path] : {std::pair{std::string{"BOOKS"}, folder + "/books"},
                                   std::pair{std::string{"OUT"}, folder}}) {
    for (auto at = command.find(word); at != std::string::npos; at = command.find(word)) {
      command.replace(at, word.size(), path);
    }
  }
  return command;
}

// Books of the example with three sources, five accounts and its events; a copy for each who asks.
void make_books(const std::string& folder) {
  static const TestFolder made{"books-cli-made"};
  if (!fs::exists(made.path("books"))) {
    const auto books = made.path("books");
    const std::string of = std::string{" --programme "} + programme;
    REQUIRE_EQ(books_run("init " + books + " --origin example.org/books").code, 0);
    REQUIRE_EQ(books_run("publish " + books + " examples/carbon-inclusion").code, 0);
    REQUIRE_EQ(books_run("source add " + books + " metro-gates --numbered" + of + with_tokens).code,
               0);
    REQUIRE_EQ(books_run("source add " + books + " traveller-app --tier C" + of + with_tokens).code,
               0);
    REQUIRE_EQ(books_run("source add " + books + " phone-steps --tier B" + of + with_tokens).code,
               0);
    REQUIRE_EQ(books_run("account open " + books + " --count 5" + of +
                         " --consent metro-gates --consent traveller-app --consent phone-steps")
                   .code,
               0);
    REQUIRE_EQ(books_run("import " + books + " " + events + with_tokens).code, 1);
  }
  fs::remove_all(folder + "/books");
  fs::copy(made.path("books"), folder + "/books", fs::copy_options::recursive);
}

std::string key_of(const std::string& folder) {
  const auto file = read_file(folder + "/books/books");
  REQUIRE(file);
  const auto start = file->find('\n') + 1;
  return file->substr(start, file->size() - start - 1);
}

// One bit of a file's byte is changed.
void falsify(const std::string& path, std::size_t at) {
  auto bytes = read_file(path, 1U << 26U);
  REQUIRE(bytes);
  REQUIRE_LT(at, bytes->size());
  (*bytes)[at] = static_cast<char>((*bytes)[at] ^ 1);
  std::ofstream{path, std::ios::binary} << *bytes;
}

bool has_chinese(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0xE4U; });
}

}  // namespace

// Each step is taken in three books: by somebody who reads English, by somebody who reads Chinese,
// and by a program.
TEST_CASE("books: every command in both languages and in JSON") {
  struct Step {
    std::string command;
    int code;
    std::string english;
    std::string chinese;
    std::vector<std::string> keys;  // Of the JSON object, or of the first of its list.
  };
  const std::string of = std::string{" --programme "} + programme;
  const std::string account = std::string{" BOOKS "} + first;
  const std::vector<Step> steps{
      {"init BOOKS --origin example.org/books", 0, "Books made in", "已在", {"folder", "key"}},
      {"init BOOKS --origin example.org/books", 5, "[books.exists]", "已有账簿", {"problems"}},
      {"init OUT/other --origin 'a b'", 2, "[books.bad_origin]", "来源名", {"problems"}},
      {"publish BOOKS examples/carbon-inclusion",
       0,
       "Published example.carbon-inclusion 1.0.0",
       "已发布",
       {"programme", "version", "hash", "record"}},
      {"publish BOOKS examples/carbon-inclusion",
       5,
       "[books.published_before]",
       "此前已发布",
       {"problems"}},
      {"publish BOOKS examples/shared-bicycle", 2, "[programme.no_scheme]", "scheme", {"problems"}},
      {"source add BOOKS metro-gates --numbered --tokens OUT/tokens" + of,
       0,
       "metro-gates is registered",
       "令牌已写入",
       {"source", "tokens"}},
      {"source add BOOKS traveller-app --tier C --tokens OUT/tokens" + of,
       0,
       "was put into",
       "令牌已写入",
       {"source", "tokens"}},
      {"source add BOOKS phone-steps --tier B --tokens OUT/tokens" + of,
       0,
       "was put into",
       "令牌已写入",
       {"source", "tokens"}},
      {"source add BOOKS shown" + of, 0, "shown only now", "令牌", {"source", "token"}},
      {"source add BOOKS metro-gates" + of, 5, "[books.source_exists]", "已登记", {"problems"}},
      {"source add BOOKS ''" + of, 2, "[books.bad_source]", "不能作为来源名称", {"problems"}},
      {"source add BOOKS $(printf 'a\\377')" + of, 2, "[books.bad_source]", "不能作为来源名称", {}},
      {"source add BOOKS other --programme nobody",
       4,
       "[programme.unknown]",
       "nobody",
       {"problems"}},
      {"source list BOOKS",
       0,
       "metro-gates",
       "最大序号",
       {"source", "programme", "tier", "numbered", "epoch", "revoked", "highest"}},
      {"account open BOOKS --count 5 --consent metro-gates --consent traveller-app --consent "
       "phone-steps" +
           of,
       0,
       "Opened 5 accounts, 0000000195 to 0000000583",
       "已开立 5 个账户",
       {"first", "last", "count"}},
      {"account open BOOKS" + of,
       0,
       "Opened account 0000000680",
       "已开立账户 0000000680",
       {"first", "last", "count"}},
      {"account open BOOKS --actor robot" + of,
       2,
       "[books.unknown_actor]",
       "不是持有人类型",
       {"problems"}},
      {"account open BOOKS --consent nobody" + of,
       4,
       "[books.unknown_source]",
       "未登记",
       {"problems"}},
      {"account open BOOKS --programme nobody", 4, "[programme.unknown]", "nobody", {"problems"}},
      {"account open BOOKS --until never" + of, 2, "[time.malformed_day]", "never", {"problems"}},
      {"account show" + account,
       0,
       "Account 0000000195: open, person",
       "正常，个人",
       {"account", "programme", "actor", "state", "consents", "balances"}},
      {"account show BOOKS 0000000777", 4, "[account.unknown]", "没有账户", {"problems"}},
      {"account show BOOKS 0000000196", 2, "[account.malformed]", "不是账户号", {"problems"}},
      {"consent grant" + account + " --source phone-steps --until 2026-12-31",
       0,
       "consents to phone-steps",
       "授权来源 phone-steps",
       {"account", "source", "purpose", "granted", "until", "record"}},
      {"consent withdraw" + account + " --source phone-steps",
       0,
       "withdraws its consent",
       "撤回",
       {"account", "source", "purpose", "granted", "until", "record"}},
      {"consent grant" + account + " --source nobody",
       4,
       "[books.unknown_source]",
       "未登记",
       {"problems"}},
      {"consent grant" + account + " --source phone-steps --purpose fun",
       2,
       "[books.unknown_purpose]",
       "不是已知用途",
       {"problems"}},
      {"import BOOKS --tokens OUT/tokens " + std::string{events},
       1,
       "What was refused waits in quarantine",
       "在隔离区等待处理",
       {"events", "accepted", "limited", "duplicate", "conflict", "rejected"}},
      {"import BOOKS no-such-file", 4, "[file.not_found]", "no-such-file", {"problems"}},
      {"balance BOOKS",
       0,
       "Accounts with the highest balances",
       "余额最高的账户",
       {"accounts", "events", "held", "top"}},
      {"balance" + account, 0, "0.548 kgCO2e", "减排量", {"account", "balances"}},
      {"passbook" + account,
       0,
       "trip.metro",
       "同一行为已核发",
       {"record", "time", "admitted", "what", "change", "balance", "points", "note"}},
      {"passbook BOOKS 0000000777", 4, "[account.unknown]", "没有账户", {"problems"}},
      {"statement" + account + " --from 2026-11-01 --to 2026-11-30",
       0,
       "Closing",
       "期末",
       {"account", "programme", "from", "to", "zone", "sums", "entries", "set_aside", "units",
        "position", "checkpoint"}},
      {"statement" + account + " --from 2026-11-06 --to 2026-11-30",
       0,
       "Entries: 0",
       "明细：0 笔",
       {"entries"}},
      {"statement" + account + " --from 2026-11-06 --to 2026-11-05",
       2,
       "[statement.bad_period]",
       "早于起始日",
       {"problems"}},
      {"statement BOOKS 0000000777 --from 2026-11-01 --to 2026-11-30",
       4,
       "[account.unknown]",
       "没有账户",
       {"problems"}},
      {"explain" + account + " 21",
       0,
       "every amount is the one that the record holds",
       "各项数额与记录一致",
       {"record", "block", "leaf", "signed", "source", "edition", "values", "tier_worth",
        "calculation", "same_acts", "caps", "computed", "credited", "equal", "before", "changes",
        "after"}},
      {"explain" + account + " 19",
       0,
       "record 17, tier A, 0.274 kgCO2e",
       "记录 17，等级 A，0.274 kgCO2e",
       {"equal"}},
      {"explain" + account + " 22", 4, "[explain.not_of_account]", "不是账户", {"problems"}},
      {"explain" + account + " 9999", 4, "[record.unknown]", "没有记录 9999", {"problems"}},
      {"quarantine list BOOKS", 0, "conflict", "冲突", {"number", "time", "outcome", "reason"}},
      {"quarantine explain BOOKS 2",
       0,
       "\"sequence\":\"5\"",
       "没有账户",
       {"number", "outcome", "reason", "document"}},
      {"quarantine explain BOOKS 99", 4, "[quarantine.unknown]", "没有编号为 99", {"problems"}},
      {"quarantine admit BOOKS --tokens OUT/tokens 3",
       1,
       "#3 rejected",
       "#3 拒收",
       {"number", "outcome", "reason"}},
      {"quarantine admit BOOKS --tokens OUT/tokens 99",
       4,
       "[quarantine.unknown]",
       "没有编号为 99",
       {"problems"}},
      {"quarantine admit BOOKS --tokens OUT/tokens",
       2,
       "[quarantine.none_named]",
       "请指明",
       {"problems"}},
      {"quarantine admit BOOKS --tokens OUT/tokens --all --as '{}'",
       2,
       "[quarantine.one_document]",
       "只能代替一条",
       {"problems"}},
      {"quarantine drop BOOKS 1 3", 0, "Thrown away: 2", "已丢弃 2 条", {"dropped"}},
      {"quarantine drop BOOKS 1", 4, "[quarantine.unknown]", "没有编号为 1", {"problems"}},
      {"quarantine drop BOOKS", 2, "[quarantine.none_named]", "请指明", {"problems"}},
      {"account freeze" + account, 0, "is frozen", "已冻结", {"account", "state", "record"}},
      {"account freeze" + account, 5, "[account.frozen_already]", "已处于冻结状态", {"problems"}},
      {"account freeze --undo" + account,
       0,
       "is open again",
       "已解冻",
       {"account", "state", "record"}},
      {"account freeze --undo" + account, 5, "[account.not_frozen]", "并未冻结", {"problems"}},
      {"receipt make BOOKS --account " + std::string{first},
       7,
       "[receipt.not_yet_signed]",
       "尚无已签名的检查点",
       {"problems"}},
      {"journal checkpoint BOOKS",
       0,
       "example.org/books\n",
       "example.org/books\n",
       {"origin", "size", "root", "note"}},
      {"journal tail BOOKS",
       0,
       "First record",
       "首条记录",
       {"block", "admitted", "first", "records", "bytes", "leaf"}},
      {"journal audit BOOKS/journal/log --key $(sed -n 2p BOOKS/books)",
       0,
       "Good: example.org/books",
       "核对无误",
       {"origin", "size", "root", "records"}},
      {"journal audit BOOKS/journal/log --key nonsense",
       2,
       "[note.malformed_key]",
       "密钥",
       {"problems"}},
      {"receipt make BOOKS -o OUT/receipt --account " + std::string{first},
       0,
       "Receipt for record",
       "凭据已写入",
       {"record", "file"}},
      {"receipt make BOOKS --record 9999", 4, "[record.unknown]", "没有记录 9999", {"problems"}},
      {"receipt make BOOKS --account 0000000680", 4, "[passbook.empty]", "尚无明细", {"problems"}},
      {"receipt make BOOKS --record 1 -o OUT/no/such", 7, "[storage.failed]", "磁盘", {"problems"}},
      {"receipt check OUT/receipt --key $(sed -n 2p BOOKS/books)",
       0,
       "Good: record",
       "核对无误",
       {"record", "origin", "size", "root", "admitted"}},
      {"receipt check OUT/none --key $(sed -n 2p BOOKS/books)",
       4,
       "[file.not_found]",
       "none",
       {"problems"}},
      {"snapshot BOOKS", 0, "Wrote snapshot-", "已写入 snapshot-", {"name", "blocks", "records"}},
      {"verify BOOKS",
       0,
       "Everything agrees",
       "全部一致",
       {"good", "blocks", "records", "events", "accounts", "totals", "erased", "checkpoint",
        "findings"}},
      {"check BOOKS",
       0,
       "All that is stored hangs together",
       "存储内容全部一致",
       {"good", "invariants", "leftovers"}},
      {"check OUT/nowhere", 4, "[storage.not_found]", "不存在", {"problems"}},
      {"source rotate BOOKS metro-gates",
       0,
       "has a new token",
       "新令牌",
       {"source", "epoch", "revoked", "token"}},
      {"source rotate BOOKS metro-gates --new-epoch",
       0,
       "has a new token",
       "新令牌",
       {"source", "epoch", "revoked", "token"}},
      {"source rotate BOOKS metro-gates --revoke",
       0,
       "is revoked",
       "已撤销",
       {"source", "epoch", "revoked"}},
      {"source rotate BOOKS nobody", 4, "[books.unknown_source]", "未登记", {"problems"}},
      {"erase BOOKS 0000000777 --why asked", 4, "[account.unknown]", "没有账户", {"problems"}},
      {"erase" + account + " --why ''", 2, "[erase.why]", "原因", {"problems"}},
      {"erase" + account + " --why asked",
       0,
       "add up to zero in every asset",
       "每一科目均为零",
       {"account", "record", "records", "programme", "balances", "quarantined", "before", "after"}},
      {"erase" + account + " --why asked",
       5,
       "[account.erased_before]",
       "此前已删除",
       {"problems"}},
      {"account freeze" + account, 5, "[account.erased_before]", "此前已删除", {"problems"}},
      {"consent grant" + account + " --source phone-steps",
       5,
       "[account.erased_before]",
       "此前已删除",
       {"problems"}},
      {"verify BOOKS", 0, "not recomputable", "无法重算", {"good"}},
      {"statement" + account + " --from 2026-11-01 --to 2026-11-30",
       0,
       "The account was erased",
       "该账户已删除",
       {"erased", "entries"}},
      {"explain" + account + " 21", 0, "Its hidden part was erased", "其隐藏部分已抹除", {"open"}},
      {"balance OUT", 4, "[books.not_found]", "没有账簿", {"problems"}},
      {"import OUT " + std::string{events}, 4, "[books.not_found]", "没有账簿", {"problems"}},
      {"quarantine list OUT", 4, "[books.not_found]", "没有账簿", {"problems"}},
      {"verify OUT/nowhere", 4, "[storage.not_found]", "不存在", {"problems"}},
  };
  const TestFolder english{"books-en"};
  const TestFolder chinese{"books-zh"};
  const TestFolder json{"books-json"};
  for (const auto& step : steps) {
    CAPTURE(step.command);
    const auto in_english = books_run(in_folder(step.command, english.path()));
    CHECK_EQ(in_english.code, step.code);
    CHECK_MESSAGE(has(in_english.out, step.english), in_english.out);
    const bool is_text = !step.keys.empty();  // Not bytes that were given.
    CHECK_FALSE((is_text && has_chinese(in_english.out)));
    const auto in_chinese = books_run("--lang zh " + in_folder(step.command, chinese.path()));
    CHECK_EQ(in_chinese.code, step.code);
    CHECK_MESSAGE(has(in_chinese.out, step.chinese), in_chinese.out);
    const auto as_json = books_run("--json " + in_folder(step.command, json.path()));
    CHECK_EQ(as_json.code, step.code);
    if (step.keys.empty()) continue;
    const auto value = json_of(as_json);
    const auto* list = value.array();
    if (list != nullptr) REQUIRE_FALSE(list->empty());
    const auto& object = list == nullptr ? value : list->front();
    for (const auto& key : step.keys) {
      CHECK_MESSAGE(object.find(key) != nullptr, "no ", key, " in ", as_json.out);
    }
    if (step.code >= 2)
      CHECK(has(as_json.out,
                in_english.out.substr(in_english.out.rfind('[') + 1,
                                      in_english.out.rfind(']') - in_english.out.rfind('[') - 1)));
  }
}

TEST_CASE("books: importing again credits nothing again") {
  const TestFolder folder{"books-again"};
  make_books(folder.path());
  const auto books = folder.path("books");
  const auto balance = books_run("balance " + books).out;
  const auto waiting = books_run("quarantine list " + books).out;
  const auto again = books_run("--json import " + books + " " + events + with_tokens);
  CHECK_EQ(again.code, 1);  // What was refused is refused again.
  const auto counts = json_of(again);
  CHECK_EQ(counts.find("accepted")->number()->text, "0");
  CHECK_EQ(counts.find("limited")->number()->text, "0");
  CHECK_EQ(counts.find("duplicate")->number()->text, "12");
  CHECK_EQ(counts.find("conflict")->number()->text, "1");
  CHECK_EQ(counts.find("rejected")->number()->text, "3");
  CHECK_EQ(books_run("balance " + books).out, balance);
  CHECK_EQ(books_run("quarantine list " + books).out, waiting);
  // Each answer names the record that its first one named.
  const auto answers = books_run("import " + books + " " + events + with_tokens + " --answers");
  CHECK(has(answers.out, R"("outcome": "duplicate",  "record": 20)"));
  CHECK(has(answers.out, R"("code": "event.conflict")"));
  CHECK_EQ(std::count(answers.out.begin(), answers.out.end(), '\n'), 16);
  CHECK_EQ(partake_run("--as-of 2026-11-05 import " + books + " - < /dev/null").code, 0);
}

TEST_CASE("books: what waits in quarantine is taken in once it was mended") {
  const TestFolder folder{"books-quarantine"};
  make_books(folder.path());
  const auto books = folder.path("books");
  const auto number_of = [&](const std::string& code) {
    const auto list = json_of(books_run("--json quarantine list " + books));
    for (const auto& entry : *list.array()) {
      if (*entry.find("reason")->find("code")->string() == code) {
        return entry.find("number")->number()->text;
      }
    }
    return std::string{"none"};
  };
  // Of an account that is opened now.
  const auto unknown = number_of("event.unknown_account");
  CHECK_EQ(books_run("account open " + books + " --count 2 --consent metro-gates --programme " +
                     programme)
               .code,
           0);
  const auto admitted =
      json_of(books_run("--json quarantine admit " + books + " " + unknown + with_tokens));
  CHECK_EQ(*admitted.array()->front().find("outcome")->string(), "accepted");
  CHECK_EQ(number_of("event.unknown_account"), "none");
  // With a value in its place that the method takes; the message may have several lines.
  const auto out_of_range = number_of("method.out_of_range");
  const auto mended = books_run(
      "quarantine admit " + books + with_tokens + " " + out_of_range +
      R"( --as '{"specversion":"1.0","source":"metro-gates","sequence":"6","type":"trip.metro",
        "subject":"0000000389","time":"2026-11-03T09:00:00+08:00",
        "data":{"trips":1,"end":"2026-11-03T09:30:00+08:00"}}')");
  CHECK_EQ(mended.code, 0);
  CHECK(has(mended.out, "#" + out_of_range + " accepted"));
  // The rest is refused again, and waits on.
  const auto rest = books_run("quarantine admit " + books + with_tokens + " --all");
  CHECK_EQ(rest.code, 1);
  CHECK(has(rest.out, "conflict: "));
  CHECK(has(rest.out, "rejected: "));
  CHECK_EQ(json_of(books_run("--json quarantine list " + books)).array()->size(), 2);
  CHECK(has(books_run("quarantine drop " + books + " --all").out, "Thrown away: 2"));
  CHECK(json_of(books_run("--json quarantine list " + books)).array()->empty());
  CHECK_EQ(books_run("verify " + books).code, 0);
  // A file that somebody wrote into is named, with the line.
  std::ofstream{books + "/quarantine/refused.ndjson"} << "{}\n";
  const auto malformed = books_run("quarantine list " + books);
  CHECK_EQ(malformed.code, 8);
  CHECK(has(malformed.out, "[quarantine.malformed]"));
}

TEST_CASE("books: a frozen account, a withdrawn consent and a revoked source credit nothing") {
  const TestFolder folder{"books-closed"};
  make_books(folder.path());
  const auto books = folder.path("books");
  int minute = 10;
  const auto refusal = [&](const std::string& account) {
    const auto time = "2026-11-04T08:" + std::to_string(minute++);
    std::ofstream{folder.path("event")}
        << R"({"specversion":"1.0","source":"metro-gates","sequence":")" << minute
        << R"(","type":"trip.metro","subject":")" << account << R"(","time":")" << time
        << R"(:00Z","data":{"trips":1,"end":")" << time << ":30Z\"}}\n";
    const auto answer =
        books_run("import " + books + " " + folder.path("event") + with_tokens + " --answers");
    const auto start = answer.out.find("\"code\": \"");
    if (start == std::string::npos) return std::string{"ok"};
    return answer.out.substr(start + 9, answer.out.find('"', start + 9) - start - 9);
  };
  CHECK_EQ(refusal(first), "ok");
  CHECK_EQ(books_run("account freeze " + books + " " + first).code, 0);
  CHECK_EQ(refusal(first), "event.account_frozen");
  CHECK_EQ(books_run("account freeze --undo " + books + " " + first).code, 0);
  CHECK_EQ(refusal(first), "ok");
  CHECK_EQ(books_run("consent withdraw " + books + " " + second + " --source metro-gates").code, 0);
  CHECK_EQ(refusal(second), "event.no_consent");
  CHECK_EQ(books_run("source rotate " + books + " metro-gates --revoke").code, 0);
  CHECK_EQ(refusal(first), "event.source_revoked");
  // With a new token only; the one before is refused.
  const auto kept = *read_file(token_file);
  CHECK_EQ(books_run("source rotate " + books + " metro-gates" + with_tokens).code, 0);
  CHECK_EQ(refusal(first), "ok");
  std::ofstream{token_file} << kept;
  CHECK_EQ(refusal(first), "event.wrong_token");
  CHECK_EQ(books_run("verify " + books).code, 0);
}

TEST_CASE("books: a receipt proves its record, and not once a byte of it is another") {
  const TestFolder folder{"books-receipt"};
  make_books(folder.path());
  const auto books = folder.path("books");
  const auto key = key_of(folder.path());
  const auto receipt = folder.path("receipt");
  CHECK_EQ(books_run("journal checkpoint " + books).code, 0);
  CHECK_EQ(books_run("receipt make " + books + " --account " + first + " -o " + receipt).code, 0);
  const auto check = [&] { return books_run("receipt check " + receipt + " --key " + key); };
  CHECK_EQ(check().code, 0);
  const auto text = *read_file(receipt);
  // On standard output it is the same; without its hidden part it still proves the record.
  CHECK_EQ(books_run("receipt make " + books + " --account " + first).out, text);
  CHECK_EQ(books_run("receipt make " + books + " --open --record 20 -o " + receipt).code, 0);
  CHECK_EQ(check().code, 0);
  CHECK_FALSE(has(*read_file(receipt), "\"hidden\""));
  // In the value of each member.
  for (const char* member : {"format", "record", "open", "commitment", "hidden", "in_block",
                             "entry", "block", "in_log", "checkpoint"}) {
    CAPTURE(member);
    std::ofstream{receipt, std::ios::binary} << text;
    const auto name = text.find(std::string{"\""} + member + "\"");
    REQUIRE_NE(name, std::string::npos);
    falsify(receipt, text.find_first_of("0123456789abcdefABCDEF", text.find(':', name) + 2));
    const auto refused = check();
    CHECK_MESSAGE(refused.code >= 2, refused.out);
  }
  std::ofstream{receipt, std::ios::binary} << text;
  const auto other =
      books_run("receipt check " + receipt + " --key " +
                "example.org/log+0304f105+AQR1BaTae3e8AQkfShZSfo2JlHFw0faBF7/CDpNi+Nxn");
  CHECK_EQ(other.code, 2);
}

TEST_CASE("books: a published log is audited, and what was changed in it is named") {
  const TestFolder folder{"books-log"};
  make_books(folder.path());
  const auto books = folder.path("books");
  const auto log = folder.path("books/journal/log");
  const auto audit = [&] {
    return books_run("journal audit " + log + " --key " + key_of(folder.path()));
  };
  CHECK(has(audit().out, "[audit.no_checkpoint]"));
  const auto note = books_run("journal checkpoint " + books);
  CHECK_EQ(note.code, 0);
  CHECK_EQ(note.out, *read_file(log + "/checkpoint"));
  CHECK_EQ(books_run("journal checkpoint " + books).out, note.out);  // Signed before.
  CHECK_EQ(audit().code, 0);
  const auto tail = json_of(books_run("--json journal tail " + books + " --most 2"));
  CHECK_EQ(tail.array()->size(), 2);
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator{log}) {
    if (entry.is_regular_file()) files.push_back(entry.path().string());
  }
  CHECK_GE(files.size(), 3);
  for (const auto& file : files) {
    CAPTURE(file);
    const auto bytes = *read_file(file);
    falsify(file, bytes.size() / 2);
    CHECK_GE(audit().code, 2);
    CHECK_NE(books_run("verify " + books).code, 0);
    std::ofstream{file, std::ios::binary} << bytes;
  }
  CHECK_EQ(audit().code, 0);
  CHECK_EQ(books_run("verify " + books).code, 0);
}

TEST_CASE("books: damage is named with its file, and nothing is changed") {
  const TestFolder folder{"books-damage"};
  struct Case {
    const char* file;
    std::size_t at;
    std::string command;
    int code;
    const char* problem;
  };
  for (const auto& entry : std::vector<Case>{
           {"books", 3, "balance", 8, "[books.malformed]"},
           {"keys/log", 3, "journal checkpoint", 2, "[note.malformed_key]"},
           {"keys/salt", 3, "import", 8, "[books.malformed]"},
           {"journal/blocks/blocks-000000000000", 3, "balance", 8, "[journal.damaged]"},
           {"journal/blocks/blocks-000000000000", 5000, "balance", 8, "[journal.damaged]"},
           {"journal/blocks/blocks-000000000000", 5000, "verify", 1, "[journal.damaged]"},
           {"journal/blocks/blocks-000000000000", 5000, "check", 1, "[journal.damaged]"},
       }) {
    CAPTURE(entry.command);
    CAPTURE(entry.file);
    make_books(folder.path());
    const auto path = folder.path("books/" + std::string{entry.file});
    falsify(path, entry.at);
    const auto before = *read_file(path, 1U << 26U);
    auto arguments = entry.command + " " + folder.path("books");
    if (entry.command == "import") arguments += std::string{" "} + events;
    const auto ran = books_run(arguments);
    CHECK_EQ(ran.code, entry.code);
    CHECK_MESSAGE(has(ran.out, entry.problem), ran.out);
    CHECK(*read_file(path, 1U << 26U) == before);
  }
}

// Points are granted, some are set aside, and one grant is taken back.
TEST_CASE("books: what transactions did stands in statement and explanation") {
  const TestFolder folder{"books-dealings"};
  const auto books = folder.path("books");
  const auto terms = folder.path("terms");
  fs::copy(SOURCE_DIR "/examples/carbon-inclusion", terms, fs::copy_options::recursive);
  std::ofstream{terms + "/programme.toml", std::ios::app} << R"toml(
[[scheme.flows]]
id = "grant"
asset = "points"
from = ["outside"]
to = ["any"]
[[scheme.holds]]
id = "deposit"
asset = "points"
of = ["any"]
days = 10
)toml";
  const std::string of = std::string{" --programme "} + programme;
  const auto tokens = " --tokens " + folder.path("tokens");
  REQUIRE_EQ(books_run("init " + books + " --origin example.org/books").code, 0);
  const auto published = books_run("publish " + books + " " + terms);
  REQUIRE_MESSAGE(published.code == 0, published.out);
  REQUIRE_EQ(books_run("source add " + books + " office --may transfer --may hold --may reverse" +
                       of + tokens)
                 .code,
             0);
  REQUIRE_EQ(books_run("account open " + books + " --count 2 --spend office" + of).code, 0);
  const auto line = [](int id, const std::string& action, const std::string& data) {
    return R"({"specversion":"1.0","source":"office","id":")" + std::to_string(id) +
           R"(","type":"partake.)" + action + R"(","time":"2026-11-05T08:00:00Z","data":{)" + data +
           "}}\n";
  };
  const std::string to = R"(,"to":")" + std::string{first} + "\"";
  const auto act = [&](const std::string& text) {
    std::ofstream{folder.path("acts"), std::ios::binary} << text;
    const auto ran = books_run("transact " + books + " " + folder.path("acts") + tokens);
    REQUIRE_MESSAGE(ran.code == 0, ran.out);
  };
  act(line(1, "transfer", R"("flow":"grant","amount":"100")" + to) +
      line(2, "transfer", R"("flow":"grant","amount":"7")" + to) +
      line(3, "hold", R"("rule":"deposit","amount":"40","account":")" + std::string{first} + "\""));
  const auto account = " " + books + " " + first;
  const auto entries = json_of(books_run("--json passbook" + account));
  REQUIRE(entries.array());
  REQUIRE_EQ(entries.array()->size(), 3);
  const auto leg = entries.array()->at(1).find("record")->number()->text;
  act(line(4, "reverse", R"("reason":"mistake","record":)" + std::to_string(std::stoull(leg) - 1)));
  const std::string days = " --from 2026-11-05 --to 2026-11-05";
  const auto statement = books_run("statement" + account + days);
  CHECK_EQ(statement.code, 0);
  for (const auto* part : {"Entries: 4", "107 points", "-7 points", "40 points", "2026-11-15",
                           "Set aside, as of now", "No checkpoint is signed yet"}) {
    CHECK_MESSAGE(has(statement.out, part), part, "\n", statement.out);
  }
  const auto json = json_of(books_run("--json statement" + account + days));
  const auto* points = json.find("sums")->find("points");
  REQUIRE(points != nullptr);
  CHECK_EQ(*points->find("opening")->string(), "0");
  CHECK_EQ(*points->find("credited")->string(), "107");
  CHECK_EQ(*points->find("debited")->string(), "-7");
  CHECK_EQ(*points->find("closing")->string(), "100");
  const auto explained = books_run("explain" + account + " " + leg);
  CHECK_EQ(explained.code, 0);
  for (const auto* part : {"of transaction transfer", "Source office, tier A", "flows grant",
                           "to = any", "Taken back by record", "partake verify decides it again"}) {
    CHECK_MESSAGE(has(explained.out, part), part, "\n", explained.out);
  }
  CHECK(has(books_run("--lang zh explain" + account + " " + leg).out, "方案条款"));
  CHECK_EQ(books_run("check " + books).code, 0);
  CHECK_EQ(books_run("verify " + books).code, 0);
}

TEST_CASE("books: what looks wrong is told, asked about, and decided by somebody else") {
  const TestFolder folder{"books-cli-findings"};
  make_books(folder.path());
  const auto run = [&](const std::string& command) {
    return books_run(in_folder(command, folder.path()));
  };
  CHECK_EQ(run("findings BOOKS").out, "Nothing was found\n");
  // The next edition wants to be told of declared bus trips that are alike.
  auto text = read_file(SOURCE_DIR "/examples/carbon-inclusion/programme.toml").value();
  const std::string version = "version = \"1.0.0\"";
  text.replace(text.find(version), version.size(), "version = \"1.1.0\"");
  text += R"toml(
[[scheme.findings]]
id = "again"
detector = "repetition"
events = ["trip.metro"]
fields = ["trips"]
more_than = 1
days = 30
)toml";
  fs::create_directories(folder.path("programme"));
  std::ofstream{folder.path("programme/programme.toml")} << text;
  REQUIRE_EQ(run("publish BOOKS OUT/programme").code, 0);
  const std::string of = std::string{" --programme "} + programme + " --tokens OUT/tokens";
  REQUIRE_EQ(run("source add BOOKS office --may question" + of).code, 0);
  REQUIRE_EQ(run("source add BOOKS board --may settle" + of).code, 0);
  const auto told = run("findings BOOKS");
  CHECK_EQ(told.code, 0);
  CHECK(has(told.out, first));
  CHECK_NE(told.out.find("the same 2 times within 30 d; at most 1"), std::string::npos);
  CHECK(has_chinese(run("--lang zh findings BOOKS").out));
  CHECK_EQ(run("findings BOOKS --since 2026-11-06").out, "Nothing was found\n");
  CHECK(has(run("findings BOOKS --programme nothing").out, "[programme.unknown]"));
  CHECK(has(run("findings BOOKS --ask nobody").out, "[books.unknown_source]"));
  REQUIRE_EQ(run("publish BOOKS " SOURCE_DIR "/examples/benefit-sharing").code, 0);
  CHECK(has(run("findings BOOKS --ask office --programme example.benefit-sharing").out,
            "[books.other_programme]"));
  const auto json = parse_json(run("--json findings BOOKS").out);
  REQUIRE(json);
  REQUIRE_NE(json->array(), nullptr);
  const auto count = json->array()->size();
  REQUIRE_GE(count, 1);
  for (const auto* key :
       {"finding", "account", "source", "records", "strength", "figures", "says"}) {
    CHECK_NE(json->array()->front().find(key), nullptr);
  }
  const auto asked = run("findings BOOKS --ask office");
  CHECK_EQ(asked.code, 0);
  CHECK_EQ(static_cast<std::size_t>(std::count(asked.out.begin(), asked.out.end(), '\n')), count);
  std::ofstream{folder.path("asked")} << asked.out;
  const auto done = run("transact BOOKS OUT/asked --tokens OUT/tokens");
  CHECK_EQ(done.code, 0);
  CHECK(has(done.out, "question 0 about record"));
  // Nobody asks twice.
  CHECK_EQ(run("findings BOOKS --ask office").out, "");
  CHECK(has(run("findings BOOKS").out, "waits for a decision"));
  CHECK(has(run("holdings BOOKS").out, "Waiting for a decision"));
  CHECK(has_chinese(run("--lang zh holdings BOOKS").out));
  std::ofstream{folder.path("told")}
      << R"({"specversion":"1.0","source":"board","id":"1","type":"partake.settle",)"
      << R"("time":"2026-11-05T10:00:00+08:00","data":{"question":0,)"
      << R"("decision":"take_back","reason":"made up"}})";
  const auto settled = run("transact BOOKS OUT/told --tokens OUT/tokens");
  CHECK_EQ(settled.code, 0);
  CHECK(has(settled.out, "taken back"));
  CHECK(has(run("findings BOOKS").out, "taken back"));
  CHECK_EQ(run("verify BOOKS").code, 0);
}

TEST_CASE("books: what another method and another factor would have done to history") {
  const TestFolder folder{"books-history"};
  make_books(folder.path());
  const auto run = [&](const std::string& command) {
    return books_run(in_folder(command, folder.path()));
  };
  const auto same = run("--json method diff transport.metro_trip transport.metro_trip --on BOOKS");
  REQUIRE_MESSAGE(same.code == 0, same.out);
  const auto zero = parse_json(same.out);
  REQUIRE(zero);
  const auto& asset = zero->find("assets")->array()->front();
  const auto text = [](const Json& json, const char* key) { return *json.find(key)->string(); };
  const auto& sums = *asset.find("sums");
  CHECK_EQ(text(sums, "before"), text(sums, "after"));
  CHECK_EQ(text(sums, "before"), text(sums, "recorded"));
  CHECK(asset.find("most_changed")->array()->empty());

  // The same method with a credit of twice as much for each trip.
  const auto library = folder.path("other");
  small_library(library);
  const auto factors = library + "/factors/programme-credits.toml";
  auto changed = *read_file(factors);
  const auto at = changed.find("value = \"", changed.find("id = \"trip.metro\""));
  const auto end = changed.find('"', at + 9);
  const auto doubled = std::stoi(changed.substr(at + 9, end - at - 9)) * 2;
  changed.replace(at + 9, end - at - 9, std::to_string(doubled));
  std::ofstream{factors} << changed;
  const auto other =
      run("--json method diff transport.metro_trip transport.metro_trip --on BOOKS --library-after "
          "OUT/other");
  REQUIRE_MESSAGE(other.code == 0, other.out);
  const auto twice = parse_json(other.out);
  REQUIRE(twice);
  const auto& after = twice->find("assets")->array()->front();
  CHECK_EQ(std::stoll(text(*after.find("sums"), "after")),
           2 * std::stoll(text(*after.find("sums"), "before")));
  CHECK_FALSE(after.find("most_changed")->array()->empty());

  for (const auto* language : {"en", "zh"}) {
    const auto said = run(std::string{"--lang "} + language +
                          " method diff transport.metro_trip transport.metro_trip --on BOOKS "
                          "--library-after OUT/other --most 1");
    CHECK_EQ(said.code, 0);
    CHECK(said.out.find(first) != std::string::npos);
  }
  // Steps are not trips: what they feed is not what a trip needs.
  const auto apart = run("--json method diff transport.metro_trip transport.walk_steps --on BOOKS");
  CHECK_NE(apart.code, 0);
  CHECK(apart.out.find("history.input_missing") != std::string::npos);
  const auto no_books =
      run("--json method diff transport.metro_trip transport.metro_trip --library-after OUT/other");
  CHECK_EQ(no_books.code, 2);
  CHECK(no_books.out.find("history.needs_books") != std::string::npos);
}

TEST_CASE("books: units are written in the shapes of others, with notes in both languages") {
  const TestFolder folder{"books-unit-shapes"};
  const auto run = [&](const std::string& command) {
    return books_run(in_folder(command, folder.path()));
  };
  fs::copy(SOURCE_DIR "/examples/carbon-inclusion", folder.path("scheme"),
           fs::copy_options::recursive);
  std::ofstream{folder.path("scheme/programme.toml"), std::ios::app}
      << "\n[[scheme.units]]\nid = \"forest\"\ntitle = { en = \"Forest\", zh = \"森林\" }\n"
         "unit = \"1 tCO2e\"\n";
  const std::string of = std::string{" --programme "} + programme;
  for (const auto& command :
       {std::string{"init BOOKS --origin example.org/units"},
        std::string{"publish BOOKS OUT/scheme"},
        "source add BOOKS office --may issue --may retire --tokens OUT/tokens" + of,
        "account open BOOKS --spend office" + of}) {
    REQUIRE_EQ(run(command).code, 0);
  }
  const auto line = [](const char* id, const char* action, const std::string& data) {
    return std::string{R"({"specversion":"1.0","source":"office","id":")"} + id +
           R"(","type":"partake.)" + action +
           R"(","time":"2026-11-05T10:00:00+08:00","data":{"units":"forest","account":")" + first +
           "\"," + data + "}}\n";
  };
  std::ofstream{folder.path("asked")}
      << line("1", "issue", R"("count":10,"vintage":2025,"reference":"audit")")
      << line("2", "retire", R"("count":4,"beneficiary":"A school","reason":"2025")");
  REQUIRE_EQ(run("transact BOOKS OUT/asked --tokens OUT/tokens").code, 0);
  std::ofstream{folder.path("details.toml")} << "programme = \"" << programme
                                             << "\"\nunits = \"forest\"\n";
  const auto told = run("export BOOKS OUT/cad --units cad-trust --details OUT/details.toml");
  CHECK_EQ(told.code, 0);
  CHECK(told.out.find("project.projectName") != std::string::npos);
  CHECK(read_file(folder.path("cad/unit.json"))->find("A school") != std::string::npos);
  CHECK(read_file(folder.path("cad/notes.en.md"))->find("project.projectName") !=
        std::string::npos);
  CHECK(read_file(folder.path("cad/notes.zh.md"))->find("核证") != std::string::npos);
  const auto again = run("--json export BOOKS OUT/cad --units cdop --details OUT/details.toml");
  CHECK(again.out.find("export.exists") != std::string::npos);
  const auto cdop = run("--json export BOOKS OUT/cdop --units cdop --details OUT/details.toml");
  CHECK_EQ(cdop.code, 0);
  CHECK_EQ(parse_json(cdop.out)->find("units")->number()->text, "10");
}

TEST_CASE("books: units in an outside shape need details, and a class that was issued") {
  const TestFolder folder{"books-units"};
  make_books(folder.path());
  const auto run = [&](const std::string& command) {
    return books_run(in_folder(command, folder.path()));
  };
  std::ofstream{folder.path("details.toml")} << "programme = \"" << programme
                                             << "\"\nunits = \"forest\"\n";
  const auto none =
      run("--json export BOOKS OUT/units --units cad-trust --details OUT/details.toml");
  CHECK_EQ(none.code, 4);
  CHECK(none.out.find("units.unknown_class") != std::string::npos);
  CHECK_NE(run("export BOOKS OUT/units --units cad-trust").code, 0);
  CHECK_NE(run("export BOOKS OUT/units --units other --details OUT/details.toml").code, 0);
}
