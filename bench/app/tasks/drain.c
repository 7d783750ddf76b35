/* Throws away what is in the log ring whenever it is told to. */
#include "bench.h"

int main(void)
{
    volatile uint32_t *read = (volatile uint32_t *)(LOG_RING_BASE + K5_LOG_RTT_READ);
    volatile uint32_t *write = (volatile uint32_t *)(LOG_RING_BASE + K5_LOG_RTT_WRITE);
    uint32_t bits;

    for (;;) {
        BENCH_REQUIRE(k5_wait(1, K5_FOREVER, &bits) == K5_OK);
        *read = *write;
    }
}
