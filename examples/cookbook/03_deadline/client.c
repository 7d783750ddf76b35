/* client: K5_TIMEOUT means that there is no answer and none will come, so the call can be made
 * again. Whether the server did the work is not known: ask only for what may be done twice. */
#include <k5/k5.h>

#include "app.h" /* generated: METER, meter_measure(), K5_TICK_HZ */

#define TRIES 3u

static bool measure(uint32_t *degrees)
{
    for (uint32_t try = 1; try <= TRIES; try++) {
        k5_error error = meter_measure(METER, degrees, k5_after(K5_MS(20)));
        if (error == K5_OK) {
            K5_INFO("{} degrees, try {} of {}", *degrees, try, TRIES);
            return true;
        }
        K5_ASSERT(error == K5_TIMEOUT); /* with a supervisor: K5_ERR_PEER_DIED too */
        K5_WARN("no answer within 20 ms, try {} of {}", try, TRIES);
        k5_sleep(K5_MS(40));
    }
    return false;
}

int main(void)
{
    uint32_t degrees = 0;
    for (;;) {
        if (!measure(&degrees)) {
            K5_ERROR("giving up, the last was {}", degrees);
        }
        k5_sleep(K5_MS(200));
    }
}
