/* client: alice and bob are this program twice; app.toml gives each its AMOUNT. */
#include <k5/k5.h>

#include "app.h" /* generated: BANK, K5_TICK_HZ */
#include "bank.h"

int main(void)
{
    for (;;) {
        struct k5_msg m = {.label = BANK_DEPOSIT, .w = {AMOUNT}};
        k5_error error = k5_call(BANK, &m, K5_FOREVER);
        K5_ASSERT(error == K5_OK);
        K5_INFO("deposit {}, {} in all", m.w[1], m.w[0]);
        k5_sleep(K5_MS(100));
    }
}
