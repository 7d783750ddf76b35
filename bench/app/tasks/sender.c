/* Sends four words to a more urgent task that waits for them. */
#include "bench.h"

int main(void)
{
    for (uint32_t i = 0; i < BENCH_ROUNDS; i++) {
        struct k5_msg m = {.label = 1, .w = {i, 2, 3, 4}};
        BENCH_MARK(send_from);
        k5_error error = k5_send(INBOX, &m, K5_FOREVER);
        BENCH_REQUIRE(error == K5_OK);
    }
    bench_rest();
}
