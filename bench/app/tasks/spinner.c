/* Computes while the task above it waits. */
#include "bench.h"

int main(void)
{
    const volatile uint32_t *beats = (const volatile uint32_t *)BEATS;

    while (*beats < BENCH_ROUNDS) {
    }
    bench_rest();
}
