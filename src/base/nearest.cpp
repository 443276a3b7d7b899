#include "base/nearest.h"

#include <cstdlib>

#include <gmp.h>
#include <mpfr.h>

namespace partake {
namespace {

void set(mpz_t target, Int128 value) {
  const bool negative = value < 0;
  const Uint128 magnitude = negative ? -static_cast<Uint128>(value) : static_cast<Uint128>(value);
  mpz_set_ui(target, static_cast<unsigned long>(magnitude >> 64U));
  mpz_mul_2exp(target, target, 64);
  mpz_add_ui(target, target, static_cast<unsigned long>(magnitude));
  if (negative) mpz_neg(target, target);
}

}  // namespace

double nearest_double(const ExactValue& value) {
  mpq_t ratio;
  mpz_t factor;
  mpfr_t rounded;
  mpq_init(ratio);
  mpz_init(factor);
  mpfr_init2(rounded, 53);
  set(mpq_numref(ratio), value.mantissa);
  set(factor, value.multiplier);
  mpz_mul(mpq_numref(ratio), mpq_numref(ratio), factor);
  set(mpq_denref(ratio), value.divisor);
  mpz_ui_pow_ui(factor, 10, static_cast<unsigned long>(std::abs(value.exponent)));
  auto* scaled = value.exponent < 0 ? mpq_denref(ratio) : mpq_numref(ratio);
  mpz_mul(scaled, scaled, factor);
  mpq_canonicalize(ratio);
  mpfr_set_q(rounded, ratio, MPFR_RNDN);
  const double result = mpfr_get_d(rounded, MPFR_RNDN);
  mpfr_clear(rounded);
  mpz_clear(factor);
  mpq_clear(ratio);
  return result;
}

}  // namespace partake
