/* Queues one call, so that the waiter finds a message. */
#include <k5/k5.h>

#include "app.h" /* INBOX */

int main(void)
{
    for (;;) {
        struct k5_msg m = {.label = 1};
        k5_error error = k5_call(INBOX, &m, K5_FOREVER);
        K5_ASSERT(error == K5_OK);
        k5_sleep(K5_MS(100));
    }
}
