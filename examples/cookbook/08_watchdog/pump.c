/* pump: checks in at the end of each good pass, never from a place that is reached although the
 * work is stuck. After five passes it waits for something that does not come. */
#include <k5/k5.h>

#include "app.h" /* generated: K5_CHECKIN_SIGNAL, K5_TICK_HZ */

static void work(uint32_t pass)
{
    uint32_t bits;
    if (pass > 5) {
        (void)(k5_wait(0x01u, K5_FOREVER, &bits) == K5_OK); /* nobody sets that bit */
    }
    K5_INFO("pass {}", pass);
}

int main(void)
{
    for (uint32_t pass = 1;; pass++) {
        work(pass);
        k5_checkin();
        k5_sleep(K5_MS(20));
    }
}
