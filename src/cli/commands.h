// The commands. Each returns the exit code.
#pragma once

#include <cstdint>
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
  std::string on;  // A programme, or a CSV whose header names the inputs.
  std::string tier = "A";
  std::size_t most = 10;
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

int example_list(const Context& context, const std::string& folder);
int example_run(const Context& context, const std::string& folder,
                const std::vector<std::string>& names);
int example_test(const Context& context, const std::string& folder,
                 const std::vector<std::string>& names);

struct BenchArguments {
  std::uint64_t events = 1'000'000;
  std::uint64_t accounts = 1'000'000;
  bool random_ids = false;
  std::string folder = "partake-bench";
};
int bench(const Context& context, const BenchArguments& arguments);

int run(int argc, const char* const* argv);

}  // namespace partake::cli
