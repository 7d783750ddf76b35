/* Answers each call with the four words that came. */
#include "bench.h"

int main(void)
{
    struct k5_msg m = {0};

    for (;;) {
        BENCH_REQUIRE(k5_reply_recv(SERVE, &m, K5_FOREVER) == K5_OK);
    }
}
