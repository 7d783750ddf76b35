/* Counts the victims' beats while the drain scribbles, and says so when the log is back. */
#include <k5/k5.h>

#include "../common/referee.h"
#include "app.h" /* K5_TICK_HZ */

int main(void)
{
    uint32_t missing = 0;
    uint32_t bits;
    while (k5_time() < K5_MS(SCRIBBLE_MS) + K5_MS(50)) {
        if (k5_wait(REFEREE_BEAT, k5_after(K5_MS(20)), &bits) != K5_OK) {
            missing++;
        }
    }
    for (uint32_t i = 0; i < 3; i++) { /* the first frames after the scribbles may be lost */
        if (missing == 0) {
            K5_INFO("victims answered all the time; the log is back");
        } else {
            K5_ERROR("WRONG: {} beats missing", missing);
        }
        k5_sleep(K5_MS(20));
    }
    for (;;) {
        k5_sleep(K5_S(1));
    }
}
