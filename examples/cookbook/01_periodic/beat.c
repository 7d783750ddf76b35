/* beat: the time of the next beat is the last one plus 10 ms, not now plus 10 ms: what a beat
 * takes, and what comes in between, adds up to nothing. */
#include <k5/k5.h>

#include "app.h" /* generated: K5_TICK_HZ */

static volatile uint32_t work;

int main(void)
{
    k5_ticks start = k5_time();
    k5_ticks next = start;
    for (uint32_t n = 1;; n++) {
        next += K5_MS(10);
        k5_sleep_until(next);
        if (n % 100 == 0) {
            K5_INFO("{} beats in {} ms", n, (uint32_t)((k5_time() - start) / K5_MS(1)));
        }
        for (uint32_t i = 0; i < 1000 * (n % 7); i++) { /* takes longer, and less long */
            work++;
        }
    }
}
