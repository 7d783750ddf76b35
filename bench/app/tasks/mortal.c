/* Takes three calls, answers none, and faults, each time it is started. */
#include "bench.h"

#define CLIENTS 3

int main(void)
{
    struct k5_msg m;

    for (uint32_t i = 0; i < CLIENTS; i++) {
        BENCH_REQUIRE(k5_recv(GRAVE_SERVE, &m, 0, K5_FOREVER) == K5_OK);
    }
    BENCH_MARK(fault_from);
    *(volatile uint32_t *)(uintptr_t)main = 0; /* its own code */
    bench_rest();
}
