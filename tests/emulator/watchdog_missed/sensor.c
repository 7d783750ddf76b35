/* Lives for 300 ms, then forgets its duty. */
#include <k5/k5.h>

#include "app.h" /* K5_CHECKIN_* */

int main(void)
{
    for (uint32_t n = 0; n < 30; n++) {
        k5_sleep(K5_MS(10));
        k5_checkin();
    }
    K5_INFO("sensor stops checking in");
    k5_sleep(K5_MS(400)); /* the round, and two more until the watchdog bites, are 300 at most */
    K5_ERROR("sensor lives too long");
    return 0;
}
