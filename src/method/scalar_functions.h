// exp, ln and pow, correctly rounded (MPFR), so that they are the same everywhere.
#pragma once

namespace partake::method {

double rounded_exp(double x);
double rounded_ln(double x);
double rounded_pow(double x, double y);

}  // namespace partake::method
