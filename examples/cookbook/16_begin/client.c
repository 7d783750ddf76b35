/* client: begins a session when it is told that it has none. */
#include <k5/k5.h>

#include "app.h" /* generated: COUNTER, K5_TICK_HZ */

int main(void)
{
    for (;;) {
        uint32_t count = 0;
        k5_error error = counter_count(COUNTER, &count, K5_FOREVER);
        if (error == K5_OK) {
            K5_INFO("a count of {}", count);
        } else { /* K5_ERR_NO_SESSION, K5_ERR_PEER_DIED */
            K5_WARN("{}: beginning", k5_error_name(error));
            K5_ASSERT(counter_begin(COUNTER, K5_FOREVER) == K5_OK);
        }
        k5_sleep(K5_MS(50));
    }
}
