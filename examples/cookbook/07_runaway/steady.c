/* steady: less urgent, and yet in time: of each 10 ms the runaway has 3. */
#include <k5/k5.h>

#include "app.h" /* generated: K5_TICK_HZ */

int main(void)
{
    uint32_t late = 0;
    k5_ticks next = k5_time();
    for (uint32_t n = 1;; n++) {
        next += K5_MS(10);
        k5_sleep_until(next);
        late += k5_time() > next + K5_MS(10) ? 1u : 0u;
        if (n % 50 == 0 && late == 0) {
            K5_INFO("{} rounds, none late", n);
        } else if (n % 50 == 0) {
            K5_WARN("{} rounds, {} late", n, late);
        }
    }
}
