/* The partner of a queue that writes anything into it, most often a word that is nearly right, at
 * odd moments: honest is preempted anywhere. */
#include <k5/k5.h>

#include "../queue/queues.h"
#include "app.h"

int main(void)
{
    volatile uint32_t *word = (volatile uint32_t *)LIES_BASE;
    uint32_t state = 5;
    for (;;) {
        uint32_t random = random_next(&state);
        uint32_t side = random & 1u;
        uint32_t other = word[1 - side];
        uint32_t life = word[side] >> 24;
        uint32_t seen = other >> 24;
        uint32_t index = ((other & 0xFFFFu) + (random >> 1) % 4) % 6;
        life += (random >> 4) % 4 == 0 ? 1 : 0;
        seen += (random >> 8) % 8 == 0 ? 1 : 0;
        index = (random >> 12) % 4 == 0 ? random & 0xFFFFu : index;
        word[side] = life << 24 | (seen & 0xFFu) << 16 | index;
        if (random % 61 == 0) {
            word[(random >> 3) % (LIES_SIZE / 4)] = random;
        }
        if (random % 3 != 0) {
            (void)!k5_signal(HONEST_SIGNAL, 1);
        }
        k5_sleep(K5_US(100) + (random >> 6) % K5_US(500));
    }
}
