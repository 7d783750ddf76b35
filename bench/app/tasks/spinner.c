/* Computes while the beat sleeps. */
#include "bench.h"

int main(void)
{
    const volatile uint32_t *beats = (const volatile uint32_t *)BEATS_BASE;

    while (*beats < BENCH_ROUNDS) {
    }
    bench_rest();
}
