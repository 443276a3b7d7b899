// The commands. Each returns the exit code.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/context.h"

namespace partake::cli {

int method_check(const Context& context, const std::vector<std::string>& paths);
int method_list(const Context& context);
int method_show(const Context& context, const std::string& id, bool canonical_bytes);
int method_test(const Context& context, const std::vector<std::string>& paths);

struct RunArguments {
  std::string method;  // An id or a file.
  std::vector<std::string> set;
  std::string date;
  std::string tier = "A";
};
int method_run(const Context& context, const RunArguments& arguments);

struct DiffArguments {
  std::string before;  // Ids (id@version) or files.
  std::string after;
  std::string on;  // A programme, a CSV whose header names the inputs, or a data directory.
  std::string tier = "A";
  std::optional<std::size_t> most;  // Rows: 10, accounts: 100.
  // With a data directory: factors in place of what was published to it.
  std::string library_before;
  std::string library_after;
};
int method_diff(const Context& context, const DiffArguments& arguments);

struct FactorQuery {
  std::string id;
  std::string kind;
  std::string region;
  std::string date;
  bool bands = false;
};
int factor_list(const Context& context, const FactorQuery& query);
int factor_show(const Context& context, const std::string& id);
int factor_find(const Context& context, const FactorQuery& query);

struct QuantifyArguments {
  std::string programme;
  std::vector<std::string> evidence;
  std::string rows;     // A file for the outcome of every row.
  std::string explain;  // [FILE:]LINE
  bool csv = false;
  bool no_substitution = false;
};
int quantify(const Context& context, const QuantifyArguments& arguments);

int unit_convert(const Context& context, const std::string& text, const std::string& to);
int unit_list(const Context& context);

struct ClaimsArguments {
  std::vector<std::string> files;
  std::string html;  // A file for the marked text.
  bool compare = false;
  bool explain = false;
  bool all = false;
};
int claims_check(const Context& context, const ClaimsArguments& arguments);

int example_list(const Context& context, const std::string& folder);
// `books`: a new folder for the books of one example that has a play; empty: they are not kept.
int example_run(const Context& context, const std::string& folder,
                const std::vector<std::string>& names, const std::string& books);
int example_test(const Context& context, const std::string& folder,
                 const std::vector<std::string>& names);

int init(const Context& context, const std::string& folder, const std::string& origin);
int publish(const Context& context, const std::string& folder, const std::string& programme);

struct AccountOpenArguments {
  std::string folder;
  std::string programme;
  std::string actor = "person";
  std::uint64_t count = 1;
  std::vector<std::string> consents;  // Sources.
  std::vector<std::string> spenders;  // Sources that may also dispose of what it holds.
  std::string until;
  std::string group;
};
int account_open(const Context& context, const AccountOpenArguments& arguments);
int account_show(const Context& context, const std::string& folder, const std::string& account);
int account_freeze(const Context& context, const std::string& folder, const std::string& account,
                   bool undo);

struct SourceAddArguments {
  std::string folder;
  std::string source;
  std::string programme;
  std::string tier = "A";
  bool numbered = false;
  std::string tokens;            // A file for its token, instead of showing it.
  std::vector<std::string> may;  // Transactions that it may ask for.
};
int source_add(const Context& context, const SourceAddArguments& arguments);
struct SourceRotateArguments {
  std::string folder;
  std::string source;
  bool new_epoch = false;
  bool revoke = false;
  std::string tokens;
};
int source_rotate(const Context& context, const SourceRotateArguments& arguments);
int source_list(const Context& context, const std::string& folder);

struct ConsentArguments {
  std::string folder;
  std::string account;
  std::string source;
  std::string purpose = "credit";
  std::string until;
};
int consent(const Context& context, const ConsentArguments& arguments, bool granted);

struct ImportArguments {
  std::string folder;
  std::string file;
  std::string mapping;   // Of a CSV; empty: the file is JSON.
  std::string tokens;    // A file with the tokens of sources.
  bool answers = false;  // A line of JSON for each event once it is durable.
};
int import(const Context& context, const ImportArguments& arguments);
int transact(const Context& context, const ImportArguments& arguments);

struct PartyArguments {
  std::string folder;
  std::string programme;
  std::string party;
  std::string account;
};
int party_set(const Context& context, const PartyArguments& arguments);
int party_list(const Context& context, const std::string& folder);
int holdings(const Context& context, const std::string& folder);

struct FindingsArguments {
  std::string folder;
  std::string programme;  // Empty: all.
  std::string since;      // A day of admission; empty: from the beginning.
  std::string ask;        // A source: transactions that put the entries on hold, instead.
};
int findings(const Context& context, const FindingsArguments& arguments);

struct BalanceArguments {
  std::string folder;
  std::string account;  // Empty: all programmes and the top accounts.
  std::size_t most = 10;
};
int balance(const Context& context, const BalanceArguments& arguments);

struct PassbookArguments {
  std::string folder;
  std::string account;
  std::size_t most = 20;
};
int passbook(const Context& context, const PassbookArguments& arguments);

struct StatementArguments {
  std::string folder;
  std::string account;
  std::string from;
  std::string to;
};
int statement(const Context& context, const StatementArguments& arguments);

struct ExplainArguments {
  std::string folder;
  std::string account;
  std::uint64_t record = 0;
};
int explain(const Context& context, const ExplainArguments& arguments);

struct ReceiptArguments {
  std::string folder;
  std::string account;  // Its last entry; or
  std::uint64_t record = 0;
  bool open_only = false;
  std::string file;
};
int receipt_make(const Context& context, const ReceiptArguments& arguments);
int receipt_check(const Context& context, const std::string& file, const std::string& key);

int journal_checkpoint(const Context& context, const std::string& folder);
int journal_audit(const Context& context, const std::string& folder, const std::string& key);
int journal_tail(const Context& context, const std::string& folder, std::size_t most);

struct QuarantineArguments {
  std::string folder;
  std::vector<std::uint64_t> numbers;
  bool all = false;
  std::string document;  // In place of what waits.
  std::string tokens;
};
int quarantine_list(const Context& context, const std::string& folder);
int quarantine_explain(const Context& context, const std::string& folder, std::uint64_t number);
int quarantine_admit(const Context& context, const QuarantineArguments& arguments);
int quarantine_drop(const Context& context, const QuarantineArguments& arguments);

struct ExportArguments {
  std::string folder;
  std::string target;
  std::string programme;
  std::string account;
  std::string since;
  std::string units;    // cad-trust or cdop: units with serial numbers, in that shape.
  std::string details;  // With units: a file of what the books do not know.
};
int export_books(const Context& context, const ExportArguments& arguments);

int snapshot(const Context& context, const std::string& folder);
int erase(const Context& context, const std::string& folder, const std::string& account,
          const std::string& why);
int verify(const Context& context, const std::string& folder);
int check(const Context& context, const std::string& folder);

struct BenchArguments {
  std::uint64_t events = 1'000'000;
  std::uint64_t accounts = 1'000'000;
  bool random_ids = false;
  bool without_points = false;  // Then accounts have one asset.
  bool compare = false;         // Also with random ids and with a hundred times the accounts.
  std::uint64_t seed = 20261120;
  std::uint64_t single = 2000;  // Events sent one at a time.
  std::string folder = "partake-bench";
};
int bench(const Context& context, const BenchArguments& arguments);

int run(int argc, const char* const* argv);

}  // namespace partake::cli
