// How results look to people and to programs.
#pragma once

#include <string>

#include "cli/context.h"
#include "intake/compare.h"
#include "intake/report.h"

namespace partake::cli {

// "0.5904 kgCO2e ± 0.118 (95 %)", "... ± at least ...", "... (uncertainty not stated)".
std::string present(const method::Output& output, const method::Uncertain& total,
                    const Context& context);
Json to_json(const method::Output& output, const method::Uncertain& total);
// For machines: the 95 % half-width in the output's unit, empty where none is known; and how much
// of it the sources state: "stated", "at least", "not stated", "none".
std::string half_width_text(const method::Output& output, const method::Uncertain& total);
std::string uncertainty_word(const method::Uncertain& total);

// The factors used, a row each: parameter, value, region, year, source, quality, uncertainty, rows.
Table factor_table(const std::vector<method::FactorUse>& uses, const factor::Library& library,
                   const Context& context);
Json to_json(const method::FactorUse& use);
Json to_json(const factor::Factor& factor);

// A whole quantification.
void present(const intake::Report& report, const factor::Library& library, const Context& context);
Json to_json(const intake::Report& report, Language language);
// The totals alone, as CSV.
std::string to_csv(const intake::Report& report);
void present(const intake::Comparison& comparison, const factor::Library& library,
             const Context& context);
Json to_json(const intake::Comparison& comparison);

// One calculation, step by step.
void present(const method::Calculation& calculation, const method::Compiled& compiled,
             const factor::Library& library, const Context& context);
Json to_json(const method::Calculation& calculation, const method::Compiled& compiled);

}  // namespace partake::cli
