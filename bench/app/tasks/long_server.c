/* Answers each call with the bytes that came. */
#include "bench.h"

K5_MSG_BUFFER(K5_BUFFER_MAX);

int main(void)
{
    struct k5_msg m = {0};

    for (;;) {
        BENCH_REQUIRE(k5_reply_recv(ECHO_LONG_SERVE, &m, K5_FOREVER) == K5_OK);
        m.out = m.in;
        m.out_size = m.in_size;
    }
}
