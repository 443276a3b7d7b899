#include "intake/evidence_reader.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/file.h"
#include "base/geodesic.h"
#include "intake/knowledge.h"
#include "intake/lookup_table.h"
#include "method/reading.h"

namespace partake::intake {
namespace {

using method::Input;

// A cell of the evidence row, or of the row that a join found.
struct CellRef {
  int join = -1;
  std::size_t column = 0;
};

struct QuantityPlan {
  std::size_t program_column = 0;
  const Input* input = nullptr;
  enum class Kind : std::uint8_t { cell, constant, geodesic } kind = Kind::cell;
  CellRef cell;
  Rational ratio = Rational::whole(1);
  double constant = 0;
  std::array<CellRef, 4> positions;
  std::array<std::string, 4> position_names;
  std::string name;  // Of the CSV column, for messages.
};

struct KeyPlan {
  std::size_t index = 0;
  bool constant = false;
  std::uint32_t value = 0;
  CellRef cell;
  TimeFormat format;
  std::optional<Zone> zone;
  std::string name;
};

struct RefusePlan {
  CellRef first;
  CellRef second;
  Error error;
};

struct TablePlan {
  std::size_t table = 0;  // Index among the program's tables.
  std::unique_ptr<LookupTable> rows;
  CellRef on;
  std::string on_name;
  struct Column {
    std::size_t program_column = 0;
    std::size_t cell = 0;
    const Input* input = nullptr;
    Rational ratio = Rational::whole(1);
  };
  std::vector<Column> columns;
};

struct JoinPlan {
  std::string name;
  LookupTable table;
  std::size_t on = 0;
};

// Distances between joined rows, computed once a pair.
class PairDistances {
 public:
  PairDistances(std::size_t from_rows, std::size_t to_rows) : to_rows_{to_rows} {
    constexpr std::size_t pairs_max = 4U << 20U;
    if (from_rows * to_rows <= pairs_max) known_.assign(from_rows * to_rows, -1);
  }
  double* slot(std::size_t from, std::size_t to) {
    return known_.empty() ? nullptr : &known_[from * to_rows_ + to];
  }

 private:
  std::size_t to_rows_;
  std::vector<double> known_;
};

}  // namespace

class EvidenceReader::Plan {
 public:
  Plan(std::unique_ptr<FileSource> source, const std::string& path, const ReaderSetup& setup,
       Problems& problems)
      : source_{std::move(source)},
        reader_{*source_, path},
        path_{path},
        setup_{setup},
        method_{*setup.compiled->method},
        program_{setup.compiled->program},
        problems_{problems} {
    for (const auto& input : method_.inputs) {
      if (input.type == Input::Type::region) region_inputs_.push_back(input.name);
      if (input.type == Input::Type::date) date_inputs_.push_back(input.name);
    }
  }

  void prepare() {
    auto header = reader_.header();
    if (!header) {
      problems_.push_back(std::move(header).error());
      return;
    }
    header_ = *std::move(header);
    Mapping mapping;
    if (setup_.mapping.empty()) {
      mapping = mapping_of_header(header_, method_, {path_, 1}, problems_);
    } else if (const auto file = read_toml_file(setup_.mapping, problems_)) {
      mapping = read_mapping(*file, problems_);
    }
    if (!problems_.empty()) return;
    for (const auto& join : mapping.joins) add_join(join);
    for (const auto& rule : mapping.refuse) add_rule(rule);
    for (const auto& source : mapping.inputs) plan_input(source);
    for (const auto& table : mapping.tables) add_table(table);
    check_complete();
  }

  Status next(EvidenceBlock& block, const Refuse& refuse) {
    start(block);
    std::size_t row = 0;
    while (row < method::block_rows_max) {
      TRY(const auto found, reader_.next());
      if (found == CsvReader::Row::end) break;
      ++records_;
      if (found == CsvReader::Row::bad) {
        refuse(reader_.line(), reader_.problem());
        continue;
      }
      if (auto status = read_row(block, row); !status) {
        refuse(reader_.line(), status.error());
        continue;
      }
      block.lines[row] = reader_.line();
      ++row;
    }
    finish(block, row);
    return {};
  }

  [[nodiscard]] std::uint64_t bytes_read() const { return reader_.bytes_read(); }
  [[nodiscard]] std::uint64_t size() const { return source_->size(); }
  [[nodiscard]] std::uint64_t records() const { return records_; }
  [[nodiscard]] const std::vector<std::string>& region_inputs() const { return region_inputs_; }
  [[nodiscard]] const std::vector<std::string>& date_inputs() const { return date_inputs_; }

 private:
  // ---- planning

  void problem(const Place& place, std::string code, Args args) {
    problems_.push_back({ErrorKind::invalid, std::move(code), std::move(args),
                         place.file.empty() ? Place{path_, 1} : place});
  }
  void problem(const Place& place, Error error) {
    if (error.place.file.empty()) error.place = place.file.empty() ? Place{path_, 1} : place;
    problems_.push_back(std::move(error));
  }

  [[nodiscard]] std::string beside(const std::string& file) const {
    return (std::filesystem::path{path_}.parent_path() / file).string();
  }

  std::optional<CellRef> cell(const std::string& name, const Place& place) {
    for (std::size_t i = 0; i < joins_.size(); ++i) {
      if (!name.starts_with(joins_[i].name + ".")) continue;
      auto column = joins_[i].table.column(name.substr(joins_[i].name.size() + 1));
      if (column) return CellRef{static_cast<int>(i), *column};
      problem(place, std::move(column).error());
      return std::nullopt;
    }
    const auto found = std::find(header_.begin(), header_.end(), name);
    if (found != header_.end()) {
      return CellRef{-1, static_cast<std::size_t>(found - header_.begin())};
    }
    std::string known;
    for (const auto& entry : header_) known += (known.empty() ? "" : ", ") + entry;
    problem({path_, 1}, "mapping.column_missing", {{"column", name}, {"known", known}});
    return std::nullopt;
  }

  void add_join(const Join& join) {
    auto table = LookupTable::load(beside(join.file), join.key, true);
    if (!table) return problem(join.place, std::move(table).error());
    const auto on = cell(join.on, join.place);
    if (!on) return;
    if (on->join >= 0) return problem(join.place, "mapping.join_of_join", {{"join", join.name}});
    joins_.push_back({join.name, *std::move(table), on->column});
    joined_.push_back(0);
  }

  void add_rule(const RefuseRule& rule) {
    if (rule.equal.size() != 2) return;
    const auto first = cell(rule.equal[0], rule.place);
    const auto second = cell(rule.equal[1], rule.place);
    if (!first || !second) return;
    rules_.push_back({*first,
                      *second,
                      {ErrorKind::invalid,
                       "evidence.rule",
                       {{"rule", rule.code}, {"en", rule.reason.en}, {"zh", rule.reason.zh}},
                       {}}});
  }

  void plan_input(const InputSource& source) {
    const auto* input = method_.input(source.input);
    if (input == nullptr || input->type == Input::Type::table) {
      return problem(source.place, "mapping.unknown_input", {{"input", source.input}});
    }
    if (std::find(fed_.begin(), fed_.end(), source.input) != fed_.end()) {
      return problem(source.place, "mapping.fed_twice", {{"input", source.input}});
    }
    fed_.push_back(source.input);
    check_keys(source, *input);
    if (input->type == Input::Type::region) {
      plan_key(source, region_inputs_, region_plans_, true);
    } else if (input->type == Input::Type::date) {
      plan_key(source, date_inputs_, date_plans_, false);
    } else {
      plan_quantity(source, *input);
    }
  }

  // A key that says nothing about this kind of input is a mistake.
  void check_keys(const InputSource& source, const Input& input) {
    const bool date = input.type == Input::Type::date;
    const bool quantity = input.type == Input::Type::quantity;
    for (const auto& [key, idle] : {std::pair{"format", !date && !source.format.empty()},
                                    std::pair{"zone", !date && !source.zone.empty()},
                                    std::pair{"unit", !quantity && source.unit.has_value()}}) {
      if (!idle) continue;
      problem(source.place, "mapping.idle_key",
              {{"input", input.name}, {"key", key}, {"type", name_of(input.type)}});
    }
  }

  void plan_key(const InputSource& source, const std::vector<std::string>& names,
                std::vector<KeyPlan>& plans, bool region) {
    KeyPlan plan;
    const auto at = std::find(names.begin(), names.end(), source.input);
    if (at == names.end()) return;
    plan.index = static_cast<std::size_t>(at - names.begin());
    plan.name = source.column;
    if (!source.geodesic.empty()) {
      return problem(source.place, "mapping.not_a_length", {{"input", source.input}});
    }
    if (!source.constant.empty()) {
      plan.constant = true;
      if (region) {
        auto found = setup_.regions->find(source.constant);
        if (!found) return problem(source.place, std::move(found).error());
        plan.value = found->value;
      } else {
        auto day = parse_day(source.constant);
        if (!day) return problem(source.place, std::move(day).error());
        plan.value = method::day_key(*day);
      }
    } else if (const auto found = cell(source.column, source.place)) {
      plan.cell = *found;
    } else {
      return;
    }
    if (auto format = TimeFormat::compile(source.format)) plan.format = *format;
    if (!source.zone.empty()) {
      auto zone = load_zone(source.zone);
      if (!zone) return problem(source.place, std::move(zone).error());
      plan.zone = *std::move(zone);
    }
    plans.push_back(std::move(plan));
  }

  [[nodiscard]] std::size_t program_column(const std::string& name) const {
    const auto& columns = program_.columns;
    const auto found = std::find_if(columns.begin(), columns.end(),
                                    [&](const auto& column) { return column.name == name; });
    return static_cast<std::size_t>(found - columns.begin());
  }

  std::optional<Rational> unit_ratio(const InputSource& source, const Input& input) {
    const Unit unit =
        source.unit.value_or(source.geodesic.empty() ? input.unit : parse_unit("m").value());
    if (!(unit.offset() == input.unit.offset())) {
      problem(source.place, "mapping.offset_unit", {{"input", input.name}});
      return std::nullopt;
    }
    auto ratio = conversion(unit, input.unit);
    if (ratio) return *ratio;
    problem(source.place, std::move(ratio).error());
    return std::nullopt;
  }

  void plan_quantity(const InputSource& source, const Input& input) {
    QuantityPlan plan;
    plan.program_column = program_column(input.name);
    plan.input = &input;
    plan.name = source.column;
    if (!source.constant.empty()) {
      plan.kind = QuantityPlan::Kind::constant;
      const bool has_unit = source.unit && input.type == Input::Type::quantity;
      auto value = method::read_value(
          has_unit ? source.constant + " " + to_string(*source.unit) : source.constant, input);
      if (!value) return problem(source.place, std::move(value).error());
      plan.constant = *value;
      quantities_.push_back(std::move(plan));
      return;
    }
    if (input.type == Input::Type::quantity) {
      const auto ratio = unit_ratio(source, input);
      if (!ratio) return;
      plan.ratio = *ratio;
    }
    if (!source.geodesic.empty()) {
      plan.kind = QuantityPlan::Kind::geodesic;
      for (std::size_t i = 0; i < 4 && i < source.geodesic.size(); ++i) {
        const auto found = cell(source.geodesic[i], source.place);
        if (!found) return;
        plan.positions[i] = *found;
        plan.position_names[i] = source.geodesic[i];
      }
      distances_.push_back(distance_cache(plan));
      plan.constant = static_cast<double>(distances_.size() - 1);
    } else {
      const auto found = cell(source.column, source.place);
      if (!found) return;
      plan.cell = *found;
    }
    quantities_.push_back(std::move(plan));
  }

  PairDistances distance_cache(const QuantityPlan& plan) const {
    const int from = plan.positions[0].join;
    const int to = plan.positions[2].join;
    const bool joined =
        from >= 0 && plan.positions[1].join == from && to >= 0 && plan.positions[3].join == to;
    if (!joined) return {1U << 30U, 1U << 30U};  // Too many pairs: not remembered.
    return {joins_[static_cast<std::size_t>(from)].table.rows(),
            joins_[static_cast<std::size_t>(to)].table.rows()};
  }

  void add_table(const TableSource& source) {
    const auto& names = program_.tables;
    const auto at = std::find(names.begin(), names.end(), source.input);
    if (at == names.end()) {
      return problem(source.place, "mapping.unknown_input", {{"input", source.input}});
    }
    TablePlan plan;
    plan.table = static_cast<std::size_t>(at - names.begin());
    auto table = LookupTable::load(beside(source.file), source.key, false);
    if (!table) return problem(source.place, std::move(table).error());
    plan.rows = std::make_unique<LookupTable>(*std::move(table));
    const auto on = cell(source.on, source.place);
    if (!on) return;
    plan.on = *on;
    plan.on_name = source.on;
    const auto& columns = method_.input(source.input)->columns;
    for (const auto& wanted : columns) plan_table_column(plan, source, wanted);
    for (const auto& given : source.columns) {
      const bool known = std::any_of(columns.begin(), columns.end(), [&](const Input& column) {
        return column.name == given.input;
      });
      if (known) continue;
      problem(given.place, "mapping.unknown_input", {{"input", source.input + "." + given.input}});
    }
    fed_.push_back(source.input);
    tables_.push_back(std::move(plan));
  }

  void plan_table_column(TablePlan& plan, const TableSource& source, const Input& wanted) {
    const auto name = source.input + "." + wanted.name;
    const auto given =
        std::find_if(source.columns.begin(), source.columns.end(),
                     [&](const InputSource& column) { return column.input == wanted.name; });
    if (given == source.columns.end()) {
      return problem(source.place, "mapping.input_missing", {{"input", name}});
    }
    check_keys(*given, wanted);
    const auto ratio = unit_ratio(*given, wanted);
    auto column = plan.rows->column(given->column);
    if (!column) return problem(given->place, std::move(column).error());
    if (ratio) plan.columns.push_back({program_column(name), *column, &wanted, *ratio});
  }

  void check_complete() {
    for (const auto& input : method_.inputs) {
      if (std::find(fed_.begin(), fed_.end(), input.name) == fed_.end()) {
        problem({path_, 1}, "mapping.input_missing", {{"input", input.name}});
      }
    }
  }

  // ---- reading

  [[nodiscard]] std::string_view text(const CellRef& ref) const {
    if (ref.join < 0) return reader_.fields()[ref.column];
    const auto join = static_cast<std::size_t>(ref.join);
    return joins_[join].table.cell(joined_[join], ref.column);
  }

  void start(EvidenceBlock& block) const {
    const auto columns = program_.columns.size();
    block.column_storage.resize(columns);
    block.block.columns.resize(columns);
    block.region_storage.resize(region_inputs_.size());
    block.day_storage.resize(date_inputs_.size());
    block.regions.resize(region_inputs_.size());
    block.days.resize(date_inputs_.size());
    block.offsets.resize(program_.tables.size());
    block.lines.resize(method::block_rows_max);
    for (std::size_t i = 0; i < columns; ++i) {
      const bool in_table = program_.columns[i].domain != 0;
      if (in_table)
        block.column_storage[i].clear();
      else
        block.column_storage[i].resize(method::block_rows_max);
    }
    for (auto& storage : block.region_storage) storage.resize(method::block_rows_max);
    for (auto& storage : block.day_storage) storage.resize(method::block_rows_max);
    for (auto& offsets : block.offsets) offsets.assign(1, 0);
  }

  void finish(EvidenceBlock& block, std::size_t rows) const {
    block.block.rows = rows;
    for (std::size_t i = 0; i < block.column_storage.size(); ++i) {
      block.block.columns[i] = {block.column_storage[i].data(), 0};
    }
    for (const auto& plan : quantities_) {
      if (plan.kind == QuantityPlan::Kind::constant) {
        block.block.columns[plan.program_column] = {nullptr, plan.constant};
      }
    }
    for (const auto& plan : region_plans_) {
      block.regions[plan.index] = {
          plan.constant ? nullptr : block.region_storage[plan.index].data(), plan.value};
    }
    for (const auto& plan : date_plans_) {
      block.days[plan.index] = {plan.constant ? nullptr : block.day_storage[plan.index].data(),
                                plan.value};
    }
    block.block.tables.clear();
    for (auto& offsets : block.offsets) block.block.tables.push_back({offsets});
  }

  // Why a cell cannot be read: an empty one by that name, one of another file with its place there.
  static tl::unexpected<Error> bad_cell(Error error, std::string_view cell,
                                        const std::string& column, Place place) {
    if (cell.find_first_not_of(' ') == std::string_view::npos) {
      error = {ErrorKind::invalid, "evidence.empty_cell", {}, {}};
    }
    error.args.emplace_back("column", column);
    error.place = std::move(place);
    return tl::unexpected(std::move(error));
  }
  [[nodiscard]] tl::unexpected<Error> bad_cell(Error error, const CellRef& ref,
                                               const std::string& column) const {
    const auto join = static_cast<std::size_t>(ref.join);
    return bad_cell(std::move(error), text(ref), column,
                    ref.join < 0 ? Place{} : joins_[join].table.place(joined_[join]));
  }

  Status read_row(EvidenceBlock& block, std::size_t row) {
    for (std::size_t i = 0; i < joins_.size(); ++i) {
      const auto key = reader_.fields()[joins_[i].on];
      const auto found = joins_[i].table.find(key);
      if (found < 0) {
        return fail(ErrorKind::invalid, "evidence.join_missing",
                    {{"key", std::string{key.substr(0, 60)}},
                     {"column", header_[joins_[i].on]},
                     {"file", joins_[i].table.path()}});
      }
      joined_[i] = static_cast<std::size_t>(found);
    }
    for (const auto& rule : rules_) {
      if (text(rule.first) == text(rule.second)) return tl::unexpected(rule.error);
    }
    for (const auto& plan : date_plans_) CHECK_OK(read_day(plan, block, row));
    for (const auto& plan : region_plans_) {
      if (plan.constant) continue;
      auto region = region_of(text(plan.cell));
      if (!region) return bad_cell(std::move(region).error(), plan.cell, plan.name);
      block.region_storage[plan.index][row] = *region;
    }
    for (const auto& plan : quantities_) {
      if (plan.kind == QuantityPlan::Kind::constant) continue;
      TRY(block.column_storage[plan.program_column][row], quantity(plan));
    }
    // Tables last: their storage grows, and a refused row must not leave part of itself behind.
    for (const auto& plan : tables_) CHECK_OK(check_table(plan));
    for (const auto& plan : tables_) CHECK_OK(append_table(plan, block));
    return {};
  }

  Status read_day(const KeyPlan& plan, EvidenceBlock& block, std::size_t row) const {
    Day day = method::day_of_key(plan.value);
    if (!plan.constant) {
      auto time = plan.format.parse(text(plan.cell));
      if (!time) return bad_cell(std::move(time).error(), plan.cell, plan.name);
      day = time->has_offset && plan.zone
                ? plan.zone->local_day(time->instant)
                : Day{std::chrono::floor<std::chrono::days>(time->local).time_since_epoch()};
    }
    if (day < setup_.from || day > setup_.to) {
      return fail(ErrorKind::invalid, "evidence.outside_period",
                  {{"day", partake::to_string(day)},
                   {"from", partake::to_string(setup_.from)},
                   {"to", partake::to_string(setup_.to)}});
    }
    if (!plan.constant) block.day_storage[plan.index][row] = method::day_key(day);
    return {};
  }

  Result<std::uint32_t> region_of(std::string_view code) {
    if (code == last_region_code_ && !code.empty()) return last_region_;
    TRY(const auto found, setup_.regions->find(code));
    last_region_code_ = code;
    last_region_ = found.value;
    return found.value;
  }

  Result<double> quantity(const QuantityPlan& plan) {
    if (plan.kind == QuantityPlan::Kind::geodesic) return distance(plan);
    const auto cell_text = text(plan.cell);
    auto value = plan.input->type == Input::Type::choice
                     ? method::read_value(cell_text, *plan.input)
                     : method::read_decimal(cell_text, plan.ratio);
    if (!value) return bad_cell(std::move(value).error(), plan.cell, plan.name);
    return *value;
  }

  Result<double> distance(const QuantityPlan& plan) {
    double* known = nullptr;
    if (plan.positions[0].join >= 0 && plan.positions[2].join >= 0) {
      known = distances_[static_cast<std::size_t>(plan.constant)].slot(
          joined_[static_cast<std::size_t>(plan.positions[0].join)],
          joined_[static_cast<std::size_t>(plan.positions[2].join)]);
      if (known != nullptr && *known >= 0) return *known;
    }
    std::array<double, 4> degrees{};
    for (std::size_t i = 0; i < 4; ++i) {
      auto value = method::read_decimal(text(plan.positions[i]), Rational::whole(1));
      if (!value) {
        return bad_cell(std::move(value).error(), plan.positions[i], plan.position_names[i]);
      }
      degrees[i] = *value;
    }
    const auto length_m = geodesic_m({degrees[0], degrees[1]}, {degrees[2], degrees[3]});
    if (!length_m) {
      return fail(ErrorKind::invalid, "evidence.bad_position", {{"input", plan.input->name}});
    }
    const double value = to_double(Decimal{*length_m, 0}, plan.ratio);
    if (known != nullptr) *known = value;
    return value;
  }

  Status check_table(const TablePlan& plan) const {
    const auto key = text(plan.on);
    const auto found = plan.rows->find(key);
    if (found < 0) {
      return fail(ErrorKind::invalid, "evidence.join_missing",
                  {{"key", std::string{key.substr(0, 60)}},
                   {"column", plan.on_name},
                   {"file", plan.rows->path()}});
    }
    const auto first = static_cast<std::size_t>(found);
    for (std::size_t at = first; at < first + plan.rows->run_length(first); ++at) {
      for (const auto& column : plan.columns) {
        const auto cell_text = plan.rows->cell(at, column.cell);
        auto value = method::read_decimal(cell_text, column.ratio);
        if (value) continue;
        return bad_cell(std::move(value).error(), cell_text, column.input->name,
                        plan.rows->place(at));
      }
    }
    return {};
  }

  Status append_table(const TablePlan& plan, EvidenceBlock& block) const {
    const auto first = static_cast<std::size_t>(plan.rows->find(text(plan.on)));
    const auto count = plan.rows->run_length(first);
    for (const auto& column : plan.columns) {
      auto& storage = block.column_storage[column.program_column];
      for (std::size_t at = first; at < first + count; ++at) {
        TRY(const auto value, method::read_decimal(plan.rows->cell(at, column.cell), column.ratio));
        storage.push_back(value);
      }
    }
    auto& offsets = block.offsets[plan.table];
    offsets.push_back(offsets.back() + static_cast<std::uint32_t>(count));
    return {};
  }

  std::unique_ptr<FileSource> source_;
  CsvReader reader_;
  std::string path_;
  ReaderSetup setup_;
  const method::Method& method_;
  const method::Program& program_;
  Problems& problems_;  // Of the caller; used while planning only.
  std::vector<std::string> region_inputs_;
  std::vector<std::string> date_inputs_;
  std::vector<std::string> header_;
  std::vector<JoinPlan> joins_;
  std::vector<std::size_t> joined_;  // Row of each join for the current record.
  std::vector<RefusePlan> rules_;
  std::vector<KeyPlan> region_plans_;
  std::vector<KeyPlan> date_plans_;
  std::vector<QuantityPlan> quantities_;
  std::vector<PairDistances> distances_;
  std::vector<TablePlan> tables_;
  std::vector<std::string> fed_;
  std::string last_region_code_;
  std::uint32_t last_region_ = 0;
  std::uint64_t records_ = 0;
};

EvidenceReader::EvidenceReader(std::unique_ptr<Plan> plan) : plan_{std::move(plan)} {}
EvidenceReader::~EvidenceReader() = default;
EvidenceReader::EvidenceReader(EvidenceReader&&) noexcept = default;
EvidenceReader& EvidenceReader::operator=(EvidenceReader&&) noexcept = default;

Result<EvidenceReader> EvidenceReader::open(const std::string& path, const ReaderSetup& setup,
                                            Problems& problems) {
  auto source = FileSource::open(path);
  if (source) {
    auto plan = std::make_unique<Plan>(*std::move(source), path, setup, problems);
    plan->prepare();
    if (problems.empty()) return EvidenceReader{std::move(plan)};
  } else {
    problems.push_back(std::move(source).error());
  }
  for (auto& problem : problems) {
    if (problem.place.file.empty()) problem.place = setup.place;
  }
  return tl::unexpected(problems.front());
}

const std::vector<std::string>& EvidenceReader::region_inputs() const {
  return plan_->region_inputs();
}
const std::vector<std::string>& EvidenceReader::date_inputs() const { return plan_->date_inputs(); }

Status EvidenceReader::next(EvidenceBlock& block, const Refuse& refuse) {
  return plan_->next(block, refuse);
}

std::uint64_t EvidenceReader::bytes_read() const { return plan_->bytes_read(); }
std::uint64_t EvidenceReader::size() const { return plan_->size(); }
std::uint64_t EvidenceReader::records() const { return plan_->records(); }

}  // namespace partake::intake
