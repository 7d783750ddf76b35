/* Call and reply with register stubs (raw.S). */
#include "bench.h"
#include "k5/syscall.h"

void raw_call(uint32_t a[K5_A_COUNT]);

int main(void)
{
    for (uint32_t i = 0; i < BENCH_ROUNDS; i++) {
        uint32_t a[K5_A_COUNT] = {k5_op(K5_SYS_CALL, SERVER.slot, 1), 0, i, 2, 3, 4};
        raw_call(a);
        BENCH_REQUIRE((a[K5_A_OP] & 0xFFu) == K5_OK && a[K5_A_W0] == i && a[K5_A_W0 + 3] == 4);
    }
    bench_rest();
}
