/* Lends while the server works on another loan: the answer to that ends in the same kernel entry
 * that takes this one, with no switch between them.
 */
#include "../common/check.h"
#include "app.h"
#include "lend.h"

static K5_LENDABLE uint8_t bytes[96];

int main(void)
{
    uint32_t bits;

    bytes[32] = 3;
    bytes[63] = 4;
    CHECK_ERROR(k5_wait(1, K5_FOREVER, &bits), K5_OK);
    k5_ticks begin = k5_time();

    k5_sleep(K5_MS(5));
    struct k5_msg m = {.label = LEND_SUM};
    struct k5_loan loan = {.base = &bytes[32], .size = 32, .rights = K5_MEM_READ};

    CHECK_ERROR(k5_call_lend(SERVER, &m, &loan, k5_after(K5_S(1))), K5_OK);
    CHECK(m.w[0] == 7);
    CHECK(k5_time() - begin >= K5_MS(20)); /* it had to wait for the other's end */
    CHECK_END("late");
}
