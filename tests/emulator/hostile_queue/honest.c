/* Uses a queue of a liar, now as its producer, now as its consumer: gets errors and nonsense, and
 * no more than that. Its end of the queue has nothing beside it that a wrong index could spare: the
 * region ends with the last element. */
#include <k5/k5.h>

#include "../queue/queues.h"
#include "app.h"

#define EACH 200u /* so many of each outcome, but for empty or full */

static struct {
    uint32_t before;
    uint32_t item[2];
    uint32_t after;
} own = {0x600DF00D, {0, 0}, 0x600DF00D};

static struct k5_queue lies = END_OF(LIES, 0, own.item, 3, LIAR_SIGNAL, 1, 1);

static k5_error operate(uint32_t n, bool puts)
{
    k5_ticks deadline = n % 4 != 0 ? k5_after(K5_MS(2)) : K5_POLL;
    return puts ? k5_queue_put(&lies, own.item, deadline) : k5_queue_get(&lies, own.item, deadline);
}

int main(void)
{
    uint32_t came[5] = {0};
    for (uint32_t n = 0; came[0] < EACH || came[2] < EACH || came[3] < EACH; n++) {
        bool puts = n / 64 % 2 == 0;
        if (n % 64 == 0) {
            K5_ASSERT((puts ? k5_queue_producer(&lies) : k5_queue_consumer(&lies)) == K5_OK);
        }
        k5_error error = operate(n, puts);
        uint32_t which = error == K5_OK           ? 0
                         : error == K5_TIMEOUT    ? 1
                         : error == K5_ERR_RESET  ? 2
                         : error == K5_ERR_BROKEN ? 3
                                                  : 4;
        came[which]++;
        if (which == 4 || own.before != 0x600DF00D || own.after != 0x600DF00D) {
            K5_ERROR("WRONG {}", error);
        }
        if (error == K5_ERR_BROKEN) {
            k5_queue_reset(&lies);
        }
    }
    K5_INFO("{} good, {} empty or full, {} resets, {} broken", came[0], came[1], came[2], came[3]);
    K5_INFO("honest: {} of each, none wrong", EACH);
    for (;;) {
        k5_sleep(K5_S(1));
    }
}
