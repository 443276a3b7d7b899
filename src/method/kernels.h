// Loops over columns, written so that the compiler vectorises them. Every kernel gives the same
// bits as apply() on each row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "method/evaluate.h"

namespace partake::method {

// out[i] = op(a[i], b[i], c[i]) for i < rows. Not for constant, input, tables and curves.
void run_kernel(Op op, double* out, const Column& a, const Column& b, const Column& c,
                std::size_t rows);

// Rounds half to even. False when a value is not finite or beyond 2^51: then see round_carefully.
bool round_fast(const double* values, std::size_t rows, std::int64_t* out);
// One value; empty states in `good` mean it was rounded.
RowState round_carefully(double value, std::int64_t& out);

// Whether all rows lie inside (NaN does not).
bool all_inside(const double* values, std::size_t rows, const ColumnInput& range);
bool inside(double value, const ColumnInput& range);

}  // namespace partake::method
