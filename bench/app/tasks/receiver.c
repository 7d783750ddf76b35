/* Receives what the sender sends. */
#include "bench.h"

int main(void)
{
    struct k5_msg m;

    for (uint32_t i = 0;; i++) {
        k5_error error = k5_recv(INBOX_SERVE, &m, 0, K5_FOREVER);
        BENCH_MARK(send_to);
        BENCH_REQUIRE(error == K5_OK && m.w[0] == i && m.w[3] == 4);
    }
}
