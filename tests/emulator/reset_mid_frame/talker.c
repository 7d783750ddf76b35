/* Something to send at any time, after 10 ms: its first line would show a time above 30 ms if the
 * boot frame before it had been lost. */
#include <k5/k5.h>

#include "app.h" /* K5_TICK_HZ */

int main(void)
{
    k5_sleep(K5_MS(10));
    for (uint32_t n = 0; n < 150; n++) {
        K5_INFO("line {} of many: {}", n, "forty-four bytes that the line has to carry.");
        k5_sleep(K5_US(100));
    }
    return 0;
}
