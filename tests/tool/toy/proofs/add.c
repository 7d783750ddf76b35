/* Good and bad harnesses: tests/tool/run.sh knows what must become of each. */
#include "add.h"

unsigned nondet_unsigned(void);
void unknown(void);

static unsigned any(void)
{
    unsigned a = nondet_unsigned();
    __CPROVER_assume(a <= LIMIT);
    return a;
}

void h_good(void)
{
    unsigned a = any();
    unsigned sum = add_capped(a, any());
    __CPROVER_assert(sum <= LIMIT && sum >= a, "capped, and not less than a part");
}

void h_twin(void)
{
    h_good();
    __CPROVER_assert(0, "vacuity");
}

void h_vacuous(void)
{
    __CPROVER_assume(any() > LIMIT);
    __CPROVER_assert(0, "vacuity");
}

void h_nothing(void)
{
}

void h_unknown(void)
{
    unknown();
    h_good();
}

void h_past_end(void)
{
    for (unsigned i = 0; i <= SIZE; i++) {
        table[i] = i;
    }
}

/* True, but no solver sees it in a second. */
void h_slow(void)
{
    unsigned long long a = nondet_unsigned();
    unsigned long long b = nondet_unsigned() >> 1;
    __CPROVER_assert(a * (b + 1) == a * b + a, "distributive");
}
