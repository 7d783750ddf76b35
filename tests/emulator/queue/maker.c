/* Puts numbers that grow over its restarts. */
#include <k5/k5.h>

#include "app.h"
#include "queues.h"

static struct k5_queue works = END_OF(WORKS, 0, struct item, 7, TAKER_SIGNAL, 1, 1);

int main(void)
{
    volatile struct score *score = (volatile struct score *)SCORE_BASE;
    K5_ASSERT(k5_queue_producer(&works) == K5_OK);
    for (;;) {
        uint32_t number = score->made + 1;
        struct item item = {number, ~number};
        score->made = number;
        k5_error error = k5_queue_put(&works, &item, k5_after(K5_MS(5)));
        K5_ASSERT(error == K5_OK || error == K5_TIMEOUT || error == K5_ERR_RESET);
        if (number % 4 == 0) {
            k5_sleep(K5_MS(1)); /* the others shall run, too */
        }
        score->resets += error == K5_ERR_RESET ? 1 : 0;
    }
}
