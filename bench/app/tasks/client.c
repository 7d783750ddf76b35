/* Call and reply as a user of libk5 writes it: four words there, four words back. */
#include "bench.h"

int main(void)
{
    for (uint32_t i = 0; i < BENCH_ROUNDS; i++) {
        struct k5_msg m = {.label = 1, .w = {i, 2, 3, 4}};
        BENCH_MARK(call_from);
        k5_error error = k5_call(SERVER, &m, K5_FOREVER);
        BENCH_MARK(call_to);
        BENCH_REQUIRE(error == K5_OK && m.w[0] == i && m.w[3] == 4);
    }
    bench_rest();
}
