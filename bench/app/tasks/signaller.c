/* Sets a bit of a more urgent task that waits for it. */
#include "bench.h"

int main(void)
{
    for (uint32_t i = 0; i < BENCH_ROUNDS; i++) {
        BENCH_MARK(signal_from);
        k5_error error = k5_signal(WAITER_SIGNAL, 1);
        BENCH_REQUIRE(error == K5_OK);
    }
    bench_rest();
}
