/* Sleeps until a time that comes while the spinner computes. */
#include "bench.h"

int main(void)
{
    volatile uint32_t *beats = (volatile uint32_t *)BEATS_BASE;
    k5_ticks when = k5_time();

    for (uint32_t i = 0; i < BENCH_ROUNDS; i++) {
        when += K5_US(50);
        k5_sleep_until(when);
        BENCH_MARK(wake_to);
        *beats = i + 1;
    }
    bench_rest();
}
