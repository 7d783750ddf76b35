/* Takes them: none twice, none of before a restart after it, none torn. */
#include <k5/k5.h>

#include "app.h"
#include "queues.h"

static struct k5_queue works = END_OF(WORKS, 0, struct item, 7, MAKER_SIGNAL, 1, 1);

int main(void)
{
    volatile struct score *score = (volatile struct score *)SCORE_BASE;
    K5_ASSERT(k5_queue_consumer(&works) == K5_OK);
    for (;;) {
        struct item item = {0, 0};
        k5_error error = k5_queue_get(&works, &item, k5_after(K5_MS(5)));
        K5_ASSERT(error == K5_OK || error == K5_TIMEOUT || error == K5_ERR_RESET);
        score->resets += error == K5_ERR_RESET ? 1 : 0;
        if (error == K5_OK) {
            score->wrong += item.number > score->taken && item.check == ~item.number ? 0 : 1;
            score->taken = item.number;
            score->count++;
        }
    }
}
