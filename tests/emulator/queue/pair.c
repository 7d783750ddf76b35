/* low and high: high wakes at odd moments, so low is preempted anywhere, also within put and get.
 * Each of them puts into one queue and takes from the other; both queues are in one region. */
#include <k5/k5.h>

#include "app.h" /* from app.toml: LOW */
#include "queues.h"

#define ITEMS 4000u

#if LOW
#define PEER HIGH_SIGNAL
#else
#define PEER LOW_SIGNAL
#endif

static struct k5_queue up = END_OF(PAIR, 0, struct item, 5, PEER, 1, 1);
static struct k5_queue down = END_OF(PAIR, 64, struct item, 7, PEER, 2, 2);

/* As many as there are now, and not one more. */
static uint32_t burst(void)
{
    static uint32_t state = 1;
    return random_next(&state) % 9;
}

static void some_put(struct k5_queue *queue, uint32_t *number, k5_ticks deadline)
{
    for (uint32_t i = burst(); i > 0 && *number < ITEMS; i--) {
        struct item item = {*number + 1, ~(*number + 1)};
        k5_error error = k5_queue_put(queue, &item, deadline);
        if (error == K5_TIMEOUT) {
            return;
        }
        K5_ASSERT(error == K5_OK);
        (*number)++;
    }
}

static uint32_t wrong;

static void some_get(struct k5_queue *queue, uint32_t *number, k5_ticks deadline)
{
    for (uint32_t i = burst(); i > 0 && *number < ITEMS; i--) {
        struct item item = {0, 0};
        k5_error error = k5_queue_get(queue, &item, deadline);
        if (error == K5_TIMEOUT) {
            return;
        }
        K5_ASSERT(error == K5_OK);
        (*number)++;
        wrong += item.number == *number && item.check == ~item.number ? 0 : 1;
    }
}

int main(void)
{
    struct k5_queue *out = LOW ? &up : &down;
    struct k5_queue *in = LOW ? &down : &up;
    uint32_t put = 0;
    uint32_t got = 0;
    uint32_t state = 7;
    uint32_t sleeps = 0;
    uint32_t bits;
    volatile uint32_t *low_wrong = (volatile uint32_t *)(PAIR_BASE + 128); /* 0 at the start */
    K5_ASSERT(k5_queue_producer(out) == K5_OK && k5_queue_consumer(in) == K5_OK);
    while (put < ITEMS || got < ITEMS) {
        /* low waits for high in every third pass, without an end; high sleeps, so low runs in
         * between */
        bool waits = LOW && random_next(&state) % 3 == 0;
        some_put(out, &put, waits ? K5_FOREVER : K5_POLL);
        some_get(in, &got, waits ? K5_FOREVER : K5_POLL);
        if (!LOW) {
            k5_sleep(K5_US(500) + random_next(&state) % K5_MS(2));
            sleeps++;
        }
    }
    *low_wrong += LOW ? wrong : 0;
    K5_ASSERT(!LOW || k5_signal(PEER, 4) == K5_OK);
    K5_ASSERT(LOW || k5_wait(4, K5_FOREVER, &bits) == K5_OK);
    if (!LOW) {
        K5_ASSERT(sleeps > ITEMS / 10); /* so often low was preempted */
        K5_INFO("both: {} each way, {} wrong", ITEMS, wrong + *low_wrong);
    }
    for (;;) {
        k5_sleep(K5_S(1));
    }
}
