/* Waits for the signaller's bit. */
#include "bench.h"

int main(void)
{
    uint32_t bits;

    for (;;) {
        k5_error error = k5_wait(1, K5_FOREVER, &bits);
        BENCH_MARK(signal_to);
        BENCH_REQUIRE(error == K5_OK && bits == 1);
    }
}
