/* Logs a line now and then and must not lose one. */
#include <k5/k5.h>

#include "app.h" /* K5_TICK_HZ */

#define LINES 20

int main(void)
{
    for (uint32_t n = 1; n <= LINES; n++) {
        k5_sleep(K5_MS(17));
        K5_INFO("line {} of {}", n, LINES);
    }
    K5_INFO("quiet is done");
    for (;;) {
        k5_sleep(K5_S(1));
    }
}
