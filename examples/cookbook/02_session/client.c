/* client: alice and bob are this program twice; app.toml gives each its AMOUNT. */
#include <k5/k5.h>

#include "app.h" /* generated: BANK, bank_deposit(), K5_TICK_HZ */

int main(void)
{
    for (;;) {
        uint32_t sum = 0;
        uint32_t deposits = 0;
        k5_error error = bank_deposit(BANK, AMOUNT, &sum, &deposits, K5_FOREVER);
        K5_ASSERT(error == K5_OK);
        K5_INFO("deposit {}, {} in all", deposits, sum);
        k5_sleep(K5_MS(100));
    }
}
