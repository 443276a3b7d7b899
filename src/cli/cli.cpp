// The command line: what can be said, in both languages. The work is in *_commands.cpp.

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <span>

#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "ledger/account_number.h"

namespace partake::cli {
namespace {

bool is_chinese(std::string_view locale) { return locale.starts_with("zh"); }

// --lang, else the locale. Read before anything else, since the help itself is in a language.
Language language_of(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word{argv[i]};
    if (word.starts_with("--lang="))
      return is_chinese(word.substr(7)) ? Language::zh : Language::en;
    if (word == "--lang" && i + 1 < argc)
      return is_chinese(argv[i + 1]) ? Language::zh : Language::en;
  }
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);  // NOLINT: before any thread starts
    if (value != nullptr && *value != '\0') {
      return is_chinese(value) ? Language::zh : Language::en;
    }
  }
  return Language::en;
}

std::string own_path(const char* fallback) {
  std::error_code ignored;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", ignored);
  return ignored ? fallback : path.string();
}

Day today() { return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()); }

// What the parser of the command line says, in our words: it speaks English alone.
Error usage_error(const std::string& kind, const std::string& said) {
  const auto between = [&](std::string_view before, std::string_view after) {
    const auto start = before.empty() ? 0 : said.find(before) + before.size();
    const auto end = after.empty() ? said.size() : said.find(after);
    return said.substr(start, end - start);
  };
  const auto error = [](const char* code, Args args) {
    return Error{ErrorKind::invalid, code, std::move(args), {}};
  };
  if (kind == "RequiredError" && said.starts_with("A subcommand")) {
    return error("cli.no_command", {});
  }
  if (kind == "RequiredError") return error("cli.missing", {{"what", between("", " is required")}});
  // Of the problems this one bears the name of the command.
  if (said.starts_with("The following argument"))
    return error("cli.unexpected", {{"what", between(": ", "")}});
  if (kind == "ExcludesError") {
    return error("cli.excludes",
                 {{"what", between("", " excludes ")}, {"other", between(" excludes ", "")}});
  }
  return error("cli.bad_value", {{"what", said}});
}

class CommandLine {
 public:
  CommandLine(Context& context, int& code)
      : context_{context}, code_{code}, app_{context.say("help.app"), "partake"} {
    app_.require_subcommand(0, 1);
    app_.get_formatter()->label("Usage", say("help.group.usage"));
    app_.get_formatter()->label("Positionals", say("help.group.positionals"));
    app_.get_formatter()->label("SUBCOMMAND", say("help.group.commands"));
    app_.get_formatter()->label("OPTIONS", say("help.group.options"));
    app_.option_defaults()->group(say("help.group.options"));
    app_.set_help_flag("-h,--help", say("help.help"))->group(say("help.group.options"));
    app_.set_help_all_flag("--help-all", say("help.help_all"));
    app_.add_option("--lang", language_, say("help.lang"));
    json_ = app_.add_flag("--json", context_.json, say("help.json"));
    app_.add_option("--library", context_.library, say("help.library"));
    app_.add_option("--as-of", as_of_, say("help.as_of"));
    app_.fallthrough();
    app_.set_version_flag("--version", "partake 0.1.0");
    add_method();
    add_factor();
    add_quantify();
    add_unit();
    add_claims();
    add_example();
    add_books();
    add_bench();
  }

  int parse(int argc, const char* const* argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& problem) {
      if (problem.get_exit_code() == 0) return app_.exit(problem);
      // It stops where the problem is; what comes later on the line may ask for JSON.
      const std::span words{argv, static_cast<std::size_t>(argc)};
      context_.json =
          std::find(words.begin(), words.end(), std::string_view{"--json"}) != words.end();
      const auto code = context_.refuse(usage_error(problem.get_name(), problem.what()));
      if (!context_.json) std::fprintf(stderr, "%s\n", say("help.hint").c_str());
      return code;
    }
    if (app_.get_subcommands().empty()) {
      std::fputs(app_.help().c_str(), stdout);
      return 0;
    }
    if (!as_of_.empty()) {
      const auto day = parse_day(as_of_);
      if (!day) return context_.refuse(day.error());
      context_.admitted_on = *day;
      context_.is_as_of = true;
    }
    if (!language_.empty() && language_ != "en" && language_ != "zh") {
      return context_.refuse(
          Error{ErrorKind::invalid, "cli.unknown_language", {{"language", language_}}, {}});
    }
    if (action_) code_ = action_();
    return code_;
  }

 private:
  [[nodiscard]] std::string say(std::string_view key) const { return context_.say(key); }

  CLI::App* group(const char* name) {
    auto* sub = app_.add_subcommand(name, say(std::string{"help."} + name));
    sub->group(say("help.group.commands"));
    sub->require_subcommand(1);
    sub->fallthrough();
    return sub;
  }
  template <class Action>
  CLI::App* command(CLI::App* parent, const char* name, const char* help, Action action) {
    auto* sub = parent->add_subcommand(name, say(help));
    sub->group(say("help.group.commands"));
    sub->fallthrough();
    sub->callback([this, action] { action_ = action; });
    return sub;
  }

  void add_method() {
    auto* method = group("method");
    auto* check = command(method, "check", "help.method.check",
                          [this] { return method_check(context_, paths_); });
    check->add_option("paths", paths_, say("help.paths"))->required();
    command(method, "list", "help.method.list", [this] { return method_list(context_); });
    auto* show = command(method, "show", "help.method.show",
                         [this] { return method_show(context_, id_, canonical_); });
    show->add_option("method", id_, say("help.method_id"))->required();
    show->add_flag("--canonical", canonical_, say("help.canonical"));
    auto* test = command(method, "test", "help.method.test",
                         [this] { return method_test(context_, paths_); });
    test->add_option("paths", paths_, say("help.paths_optional"));
    auto* run =
        command(method, "run", "help.method.run", [this] { return method_run(context_, run_); });
    run->add_option("method", run_.method, say("help.method_id"))->required();
    run->add_option("--set", run_.set, say("help.set"))->type_name("NAME=VALUE");
    run->add_option("--date", run_.date, say("help.date"));
    run->add_option("--tier", run_.tier, say("help.tier"))->check(CLI::IsMember({"A", "B", "C"}));
    auto* diff = command(method, "diff", "help.method.diff",
                         [this] { return method_diff(context_, diff_); });
    diff->add_option("before", diff_.before, say("help.method_id"))->required();
    diff->add_option("after", diff_.after, say("help.method_id"))->required();
    diff->add_option("--on", diff_.on, say("help.on"));
    diff->add_option("--tier", diff_.tier, say("help.tier"))->check(CLI::IsMember({"A", "B", "C"}));
    diff->add_option("--most", diff_.most, say("help.most_changed"));
    diff->add_option("--library-before", diff_.library_before, say("help.library_before"));
    diff->add_option("--library-after", diff_.library_after, say("help.library_after"));
  }

  void add_factor() {
    auto* factor = group("factor");
    auto* list = command(factor, "list", "help.factor.list",
                         [this] { return factor_list(context_, query_); });
    list->add_option("id", query_.id, say("help.factor_prefix"));
    list->add_option("--kind", query_.kind, say("help.kind"));
    list->add_option("--region", query_.region, say("help.region"));
    list->add_flag("--bands", query_.bands, say("help.bands"));
    auto* show =
        command(factor, "show", "help.factor.show", [this] { return factor_show(context_, id_); });
    show->add_option("factor", id_, say("help.factor_id"))->required();
    auto* find = command(factor, "find", "help.factor.find",
                         [this] { return factor_find(context_, query_); });
    find->add_option("id", query_.id, say("help.factor_prefix"));
    find->add_option("--region", query_.region, say("help.region"))->required();
    find->add_option("--date", query_.date, say("help.date"))->required();
    find->add_option("--kind", query_.kind, say("help.kind"));
  }

  void add_quantify() {
    auto* sub = command(&app_, "quantify", "help.quantify",
                        [this] { return quantify(context_, quantify_); });
    sub->add_option("programme", quantify_.programme, say("help.programme"))->required();
    sub->add_option("evidence", quantify_.evidence, say("help.evidence"));
    sub->add_option("--rows", quantify_.rows, say("help.rows"));
    auto* explain = sub->add_option("--explain", quantify_.explain, say("help.explain"))
                        ->type_name("[FILE:]LINE");
    sub->add_flag("--csv", quantify_.csv, say("help.csv"))->excludes(explain)->excludes(json_);
    sub->add_flag("--no-substitution", quantify_.no_substitution, say("help.no_substitution"));
  }

  void add_unit() {
    auto* unit = group("unit");
    auto* convert = command(unit, "convert", "help.unit.convert",
                            [this] { return unit_convert(context_, id_, to_); });
    convert->add_option("quantity", id_, say("help.quantity"))->required();
    convert->add_option("unit", to_, say("help.to_unit"))->required();
    command(unit, "list", "help.unit.list", [this] { return unit_list(context_); });
  }

  void add_claims() {
    auto* check =
        command(&app_, "claims", "help.claims", [this] { return claims_check(context_, claims_); });
    check->add_option("files", claims_.files, say("help.claims.files"))->required();
    check->add_option("--html", claims_.html, say("help.claims.html"));
    check->add_flag("--compare", claims_.compare, say("help.claims.compare"));
    check->add_flag("--explain", claims_.explain, say("help.claims.explain"));
    check->add_flag("--all", claims_.all, say("help.claims.all"));
  }

  void add_example() {
    auto* example = group("example");
    const auto add_folder = [this](CLI::App* sub) {
      sub->add_option("--examples", folder_, say("help.examples"));
    };
    add_folder(command(example, "list", "help.example.list",
                       [this] { return example_list(context_, folder_); }));
    auto* run = command(example, "run", "help.example.run",
                        [this] { return example_run(context_, folder_, paths_, books_); });
    run->add_option("names", paths_, say("help.names"))->required();
    run->add_option("--books", books_, say("help.example.books"));
    add_folder(run);
    auto* test = command(example, "test", "help.example.test",
                         [this] { return example_test(context_, folder_, paths_); });
    test->add_option("names", paths_, say("help.names_optional"));
    add_folder(test);
  }

  CLI::App* with_books(CLI::App* sub) {
    sub->add_option("books", books_, say("help.books"))->required();
    return sub;
  }
  // A command on a data directory.
  template <class Action>
  CLI::App* on_books(CLI::App* parent, const char* name, const char* help, Action action) {
    return with_books(command(parent, name, help, action));
  }
  void with_account(CLI::App* sub) {
    sub->add_option("account", account_, say("help.account_number"))->required();
  }

  void add_books() {
    auto* make =
        on_books(&app_, "init", "help.init", [this] { return init(context_, books_, id_); });
    make->add_option("--origin", id_, say("help.origin"))->required();
    auto* publishing = on_books(&app_, "publish", "help.publish",
                                [this] { return publish(context_, books_, folder_); });
    publishing->add_option("programme", folder_, say("help.programme_folder"))->required();
    add_accounts();
    add_sources();
    add_consents();
    auto* taking = on_books(&app_, "import", "help.import", [this] {
      import_.folder = books_;
      return import(context_, import_);
    });
    taking->add_option("file", import_.file, say("help.events"))->required();
    taking->add_option("--mapping", import_.mapping, say("help.event_mapping"));
    taking->add_option("--tokens", import_.tokens, say("help.tokens"));
    taking->add_flag("--answers", import_.answers, say("help.answers"));
    auto* transacting = on_books(&app_, "transact", "help.transact", [this] {
      import_.folder = books_;
      return transact(context_, import_);
    });
    transacting->add_option("file", import_.file, say("help.transactions"))->required();
    transacting->add_option("--tokens", import_.tokens, say("help.tokens"));
    on_books(&app_, "holdings", "help.holdings", [this] { return holdings(context_, books_); });
    auto* finding = on_books(&app_, "findings", "help.findings", [this] {
      findings_.folder = books_;
      return findings(context_, findings_);
    });
    finding->add_option("--programme", findings_.programme, say("help.findings_programme"));
    finding->add_option("--since", findings_.since, say("help.findings_since"));
    finding->add_option("--ask", findings_.ask, say("help.findings_ask"));
    auto* exporting = on_books(&app_, "export", "help.export", [this] {
      export_.folder = books_;
      return export_books(context_, export_);
    });
    exporting->add_option("folder", export_.target, say("help.export_folder"))->required();
    exporting->add_option("--programme", export_.programme, say("help.export_programme"));
    exporting->add_option("--account", export_.account, say("help.export_account"));
    exporting->add_option("--since", export_.since, say("help.since"));
    auto* shape = exporting->add_option("--units", export_.units, say("help.export_units"));
    shape->check(CLI::IsMember({"cad-trust", "cdop"}));
    auto* details = exporting->add_option("--details", export_.details, say("help.details"));
    shape->needs(details);
    details->needs(shape);
    add_parties();
    add_views();
    add_receipts();
    add_journal();
    add_quarantine();
    add_keeping();
  }

  void add_accounts() {
    auto* accounts = group("account");
    auto* open = on_books(accounts, "open", "help.account.open", [this] {
      account_open_.folder = books_;
      return account_open(context_, account_open_);
    });
    open->add_option("--programme", account_open_.programme, say("help.programme_id"))->required();
    open->add_option("--actor", account_open_.actor, say("help.actor"));
    open->add_option("--count", account_open_.count, say("help.count"))
        ->check(CLI::Range(std::uint64_t{1}, ledger::accounts_max));
    open->add_option("--consent", account_open_.consents, say("help.consent_to"));
    open->add_option("--spend", account_open_.spenders, say("help.spend_to"));
    open->add_option("--group", account_open_.group, say("help.group"));
    open->add_option("--until", account_open_.until, say("help.until"));
    auto* show = on_books(accounts, "show", "help.account.show",
                          [this] { return account_show(context_, books_, account_); });
    with_account(show);
    auto* freeze = on_books(accounts, "freeze", "help.account.freeze",
                            [this] { return account_freeze(context_, books_, account_, undo_); });
    with_account(freeze);
    freeze->add_flag("--undo", undo_, say("help.undo"));
  }

  void add_sources() {
    auto* sources = group("source");
    auto* add = on_books(sources, "add", "help.source.add", [this] {
      source_add_.folder = books_;
      return source_add(context_, source_add_);
    });
    add->add_option("source", source_add_.source, say("help.source_name"))->required();
    add->add_option("--programme", source_add_.programme, say("help.programme_id"))->required();
    add->add_option("--tier", source_add_.tier, say("help.tier"))
        ->check(CLI::IsMember({"A", "B", "C"}));
    add->add_flag("--numbered", source_add_.numbered, say("help.numbered"));
    add->add_option("--may", source_add_.may, say("help.may"));
    add->add_option("--tokens", source_add_.tokens, say("help.source.tokens"));
    auto* rotate = on_books(sources, "rotate", "help.source.rotate", [this] {
      source_rotate_.folder = books_;
      return source_rotate(context_, source_rotate_);
    });
    rotate->add_option("source", source_rotate_.source, say("help.source_name"))->required();
    rotate->add_flag("--new-epoch", source_rotate_.new_epoch, say("help.new_epoch"));
    auto* kept = rotate->add_option("--tokens", source_rotate_.tokens, say("help.source.tokens"));
    rotate->add_flag("--revoke", source_rotate_.revoke, say("help.revoke"))->excludes(kept);
    on_books(sources, "list", "help.source.list", [this] { return source_list(context_, books_); });
  }

  void add_consents() {
    auto* consents = group("consent");
    const auto add = [&](const char* name, const char* help, bool granted) {
      auto* sub = on_books(consents, name, help, [this, granted] {
        consent_.folder = books_;
        consent_.account = account_;
        return consent(context_, consent_, granted);
      });
      with_account(sub);
      sub->add_option("--source", consent_.source, say("help.source_name"))->required();
      sub->add_option("--purpose", consent_.purpose, say("help.purpose"));
      if (granted) sub->add_option("--until", consent_.until, say("help.until"));
    };
    add("grant", "help.consent.grant", true);
    add("withdraw", "help.consent.withdraw", false);
  }

  void add_views() {
    auto* balances = on_books(&app_, "balance", "help.balance", [this] {
      balance_.folder = books_;
      return balance(context_, balance_);
    });
    balances->add_option("account", balance_.account, say("help.account_optional"));
    balances->add_option("--most", balance_.most, say("help.most"));
    auto* entries = on_books(&app_, "passbook", "help.passbook", [this] {
      passbook_.folder = books_;
      passbook_.account = account_;
      return passbook(context_, passbook_);
    });
    with_account(entries);
    entries->add_option("--most", passbook_.most, say("help.most"));
    auto* stating = on_books(&app_, "statement", "help.statement", [this] {
      statement_.folder = books_;
      statement_.account = account_;
      return statement(context_, statement_);
    });
    with_account(stating);
    stating->add_option("--from", statement_.from, say("help.from_day"))->required();
    stating->add_option("--to", statement_.to, say("help.to_day"))->required();
    auto* explaining = on_books(&app_, "explain", "help.explain_entry", [this] {
      explain_.folder = books_;
      explain_.account = account_;
      return explain(context_, explain_);
    });
    with_account(explaining);
    explaining->add_option("entry", explain_.record, say("help.entry"))->required();
  }

  void add_receipts() {
    auto* receipts = group("receipt");
    auto* make = on_books(receipts, "make", "help.receipt.make", [this] {
      receipt_.folder = books_;
      return receipt_make(context_, receipt_);
    });
    auto* record = make->add_option("--record", receipt_.record, say("help.record"));
    make->add_option("--account", receipt_.account, say("help.receipt.account"))->excludes(record);
    make->add_flag("--open", receipt_.open_only, say("help.receipt.open"));
    make->add_option("-o,--output", receipt_.file, say("help.output"));
    auto* check = command(receipts, "check", "help.receipt.check",
                          [this] { return receipt_check(context_, folder_, key_); });
    check->add_option("file", folder_, say("help.receipt.file"))->required();
    check->add_option("--key", key_, say("help.key"))->required();
  }

  void add_journal() {
    auto* journals = group("journal");
    on_books(journals, "checkpoint", "help.journal.checkpoint",
             [this] { return journal_checkpoint(context_, books_); });
    auto* audit = command(journals, "audit", "help.journal.audit",
                          [this] { return journal_audit(context_, folder_, key_); });
    audit->add_option("log", folder_, say("help.journal.log"))->required();
    audit->add_option("--key", key_, say("help.key"))->required();
    auto* tail = on_books(journals, "tail", "help.journal.tail",
                          [this] { return journal_tail(context_, books_, most_); });
    tail->add_option("--most", most_, say("help.most"));
  }

  void add_parties() {
    auto* parties = group("party");
    auto* set = on_books(parties, "set", "help.party.set", [this] {
      party_.folder = books_;
      return party_set(context_, party_);
    });
    set->add_option("party", party_.party, say("help.party_name"))->required();
    set->add_option("account", party_.account, say("help.account_number"))->required();
    set->add_option("--programme", party_.programme, say("help.programme_id"))->required();
    on_books(parties, "list", "help.party.list", [this] { return party_list(context_, books_); });
  }

  void add_quarantine() {
    auto* quarantines = group("quarantine");
    const auto with_folder = [this](auto action) {
      return [this, action] {
        quarantine_.folder = books_;
        return action(context_, quarantine_);
      };
    };
    on_books(quarantines, "list", "help.quarantine.list",
             [this] { return quarantine_list(context_, books_); });
    auto* explain = on_books(quarantines, "explain", "help.quarantine.explain",
                             [this] { return quarantine_explain(context_, books_, most_); });
    explain->add_option("number", most_, say("help.quarantine.number"))->required();
    auto* admit =
        on_books(quarantines, "admit", "help.quarantine.admit", with_folder(quarantine_admit));
    auto* drop =
        on_books(quarantines, "drop", "help.quarantine.drop", with_folder(quarantine_drop));
    for (auto* sub : {admit, drop}) {
      sub->add_option("numbers", quarantine_.numbers, say("help.quarantine.numbers"));
      sub->add_flag("--all", quarantine_.all, say("help.quarantine.all"));
    }
    admit->add_option("--as", quarantine_.document, say("help.quarantine.as"));
    admit->add_option("--tokens", quarantine_.tokens, say("help.tokens"));
  }

  void add_keeping() {
    on_books(&app_, "snapshot", "help.snapshot", [this] { return snapshot(context_, books_); });
    auto* erasing = on_books(&app_, "erase", "help.erase",
                             [this] { return erase(context_, books_, account_, id_); });
    with_account(erasing);
    erasing->add_option("--why", id_, say("help.why"))->required();
    on_books(&app_, "verify", "help.verify", [this] { return verify(context_, books_); });
    on_books(&app_, "check", "help.check", [this] { return check(context_, books_); });
  }

  void add_bench() {
    auto* sub = command(&app_, "bench", "help.bench", [this] { return bench(context_, bench_); });
    sub->add_option("--events", bench_.events, say("help.bench.events"));
    sub->add_option("--accounts", bench_.accounts, say("help.bench.accounts"));
    sub->add_flag("--random-ids", bench_.random_ids, say("help.bench.random_ids"));
    sub->add_flag("--without-points", bench_.without_points, say("help.bench.without_points"));
    sub->add_flag("--compare", bench_.compare, say("help.bench.compare"));
    sub->add_option("--seed", bench_.seed, say("help.bench.seed"));
    sub->add_option("--single", bench_.single, say("help.bench.single"));
    sub->add_option("--folder", bench_.folder, say("help.bench.folder"));
  }

  Context& context_;
  int& code_;
  CLI::App app_;
  CLI::Option* json_ = nullptr;
  std::function<int()> action_;
  std::string language_;
  std::string as_of_;
  std::vector<std::string> paths_;
  std::string id_;
  std::string to_;
  std::string folder_;
  bool canonical_ = false;
  RunArguments run_;
  ClaimsArguments claims_;
  DiffArguments diff_;
  FactorQuery query_;
  QuantifyArguments quantify_;
  BenchArguments bench_;
  std::string books_;
  std::string account_;
  std::string key_;
  bool undo_ = false;
  std::size_t most_ = 10;
  AccountOpenArguments account_open_;
  SourceAddArguments source_add_;
  SourceRotateArguments source_rotate_;
  ConsentArguments consent_;
  ImportArguments import_;
  PartyArguments party_;
  FindingsArguments findings_;
  ExportArguments export_;
  BalanceArguments balance_;
  PassbookArguments passbook_;
  StatementArguments statement_;
  ExplainArguments explain_;
  ReceiptArguments receipt_;
  QuarantineArguments quarantine_;
};

}  // namespace

int run(int argc, const char* const* argv) {
  Context context;
  context.language = language_of(argc, argv);
  context.program = own_path(argv[0]);
  context.admitted_on = today();
  int code = 0;
  CommandLine line{context, code};
  return line.parse(argc, argv);
}

}  // namespace partake::cli
