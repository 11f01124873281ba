#pragma once
#include <gmp.h>
// gmp.h spells its functions as macros (mpz_init is __gmpz_init), which Swift cannot import.
static inline void gmp_init(mpz_ptr value) { mpz_init(value); }
static inline void gmp_clear(mpz_ptr value) { mpz_clear(value); }
static inline void gmp_fib(mpz_ptr value, unsigned long n) { mpz_fib_ui(value, n); }
static inline size_t gmp_size_in_base(mpz_srcptr value, int base) { return mpz_sizeinbase(value, base); }
static inline char *gmp_get_string(char *buffer, int base, mpz_srcptr value) {
  return mpz_get_str(buffer, base, value);
}
