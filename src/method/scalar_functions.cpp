#include "method/scalar_functions.h"

#include <mpfr.h>

namespace partake::method {
namespace {

// Intermediate in 53 bits: MPFR rounds the exact result once; subnormal results are rounded again
// by mpfr_subnormalize to the format they have.
template <class Function>
double rounded(Function function) {
  const auto old_min = mpfr_get_emin();
  const auto old_max = mpfr_get_emax();
  mpfr_set_emin(-1073);
  mpfr_set_emax(1024);
  mpfr_t result;
  mpfr_init2(result, 53);
  const int ternary = function(result);
  mpfr_subnormalize(result, ternary, MPFR_RNDN);
  const double value = mpfr_get_d(result, MPFR_RNDN);
  mpfr_clear(result);
  mpfr_set_emin(old_min);
  mpfr_set_emax(old_max);
  return value;
}

class Argument {
 public:
  explicit Argument(double value) {
    mpfr_init2(number_, 53);
    mpfr_set_d(number_, value, MPFR_RNDN);
  }
  ~Argument() { mpfr_clear(number_); }
  Argument(const Argument&) = delete;
  Argument& operator=(const Argument&) = delete;
  mpfr_srcptr get() const { return number_; }

 private:
  mpfr_t number_{};
};

}  // namespace

double rounded_exp(double x) {
  const Argument argument{x};
  return rounded([&](mpfr_ptr result) { return mpfr_exp(result, argument.get(), MPFR_RNDN); });
}

double rounded_ln(double x) {
  const Argument argument{x};
  return rounded([&](mpfr_ptr result) { return mpfr_log(result, argument.get(), MPFR_RNDN); });
}

double rounded_pow(double x, double y) {
  const Argument base{x};
  const Argument exponent{y};
  return rounded(
      [&](mpfr_ptr result) { return mpfr_pow(result, base.get(), exponent.get(), MPFR_RNDN); });
}

}  // namespace partake::method
