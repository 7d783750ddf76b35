/* Calls a server that will die of it. */
#include "bench.h"

int main(void)
{
    struct k5_msg m = {.label = 1};

    for (;;) {
        BENCH_REQUIRE(k5_call(GRAVE, &m, K5_FOREVER) == K5_ERR_PEER_DIED);
    }
}
