/* parser: dies of its fourth byte, each time. There is nothing to clean up: a restart begins with
 * fresh variables, so `parsed` is 0 again. */
#include <k5/k5.h>

#include "app.h" /* generated: K5_TICK_HZ */

static uint32_t parsed;

int main(void)
{
    K5_INFO("ready, {} parsed", parsed);
    for (;;) {
        k5_sleep(K5_MS(5));
        parsed++;
        K5_ASSERT(parsed < 4);
    }
}
