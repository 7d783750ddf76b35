/* Call and reply with bytes in a buffer, the same number each way; the last from an odd address. */
#include "bench.h"

#include <string.h>

K5_MSG_BUFFER(K5_BUFFER_MAX);

static _Alignas(4) uint8_t bytes[K5_BUFFER_MAX + 1];

/* One round: marks need names, so each size has a place of its own. */
#define ROUND(name, from, size)                                                               \
    do {                                                                                      \
        struct k5_msg m = {.label = 1, .w = {i, 2}, .out = &bytes[from], .out_size = (size)}; \
        BENCH_MARK(name##_from);                                                              \
        k5_error error = k5_call(ECHO_LONG, &m, K5_FOREVER);                                  \
        BENCH_MARK(name##_to);                                                                \
        BENCH_REQUIRE(error == K5_OK && m.w[0] == i && m.in_size == (size));                  \
        BENCH_REQUIRE(memcmp(m.in, &bytes[from], (size)) == 0);                               \
    } while (0)

int main(void)
{
    for (uint32_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(i * 7u);
    }
    for (uint32_t i = 0; i < BENCH_ROUNDS; i++) {
        bytes[1 + i % 63] ^= 0xFFu; /* other bytes in each round */
        ROUND(long_64, 0, 64);
        ROUND(long_256, 0, 256);
        ROUND(long_odd, 1, 255);
    }
    bench_rest();
}
