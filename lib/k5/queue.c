/* A queue in shared memory.
 *
 *   word 0: the producer's    31:24 its life | 23:16 the other's life that it has seen | 15:0 index
 *   word 1: the consumer's    the same
 *   then the elements
 *
 * Each side writes its own word and nobody else's, all of it at once. Indices go from 0 to 2 *
 * count - 1 and around, so full (their distance is count) and empty (0) differ. What a side knows
 * of itself it keeps in its own memory; from the other's word it believes an index below 2 * count
 * that is at most count behind.
 *
 * No wake-up is lost: who is about to wait has read the other's word after writing its own; who has
 * moved on writes its own, then reads the other's, and signals if that could be waiting. One of the
 * two sees the other, and a signal before the wait stays.
 */
#include "k5/queue.h"

#include <stdatomic.h>

#include "k5/copy.h"

_Static_assert(ATOMIC_INT_LOCK_FREE == 2, "no library call behind these");

enum { PRODUCER, CONSUMER };

struct shared {
    _Atomic uint32_t word[2];
    uint8_t elements[];
};
_Static_assert(sizeof(struct shared) == K5_QUEUE_BYTES(0, 0),
               "queue.h: what comes before elements");

static uint32_t queue_word(const struct k5_queue *queue, uint32_t side)
{
    const struct shared *shared = queue->memory;

    return atomic_load_explicit(&shared->word[side], memory_order_acquire);
}

static void own_write(const struct k5_queue *queue)
{
    struct shared *shared = queue->memory;
    uint32_t word = (uint32_t)queue->life << 24 | (uint32_t)queue->seen << 16 | queue->index;

    atomic_store_explicit(&shared->word[queue->side], word, memory_order_release);
}

static void peer_signal(const struct k5_queue *queue)
{
    k5_error error = queue->peer_bit != 0 ? k5_signal(queue->peer, queue->peer_bit) : K5_OK;

    if (error != K5_OK) {
        k5_panic(error); /* not a handle and bit that app.toml gives */
    }
}

/* From `behind` to `ahead`, both below 2 * count. */
static uint32_t distance(const struct k5_queue *queue, uint32_t ahead, uint32_t behind)
{
    return ahead >= behind ? ahead - behind : ahead + 2u * queue->count - behind;
}

static uint8_t *element_at(const struct k5_queue *queue)
{
    struct shared *shared = queue->memory;
    uint32_t place = queue->index < queue->count ? queue->index : queue->index - queue->count;

    return &shared->elements[place * queue->element];
}

/* One further; true if the other side may wait for it: by its index it could go no further. */
static bool index_advance(struct k5_queue *queue)
{
    uint32_t before = queue->index;
    uint32_t peer;

    queue->index = before + 1u < 2u * queue->count ? before + 1u : 0u;
    own_write(queue);
    atomic_thread_fence(memory_order_seq_cst);
    peer = queue_word(queue, 1u - queue->side) & 0xFFFFu;
    return queue->side == PRODUCER
               ? peer == before
               : peer < 2u * queue->count && distance(queue, peer, before) == queue->count;
}

/* Looks at the other side once, and says how many elements are in the queue. K5_TIMEOUT: it is not
 * there yet. */
static k5_error used_read(struct k5_queue *queue, uint32_t *used)
{
    uint32_t word = queue_word(queue, 1u - queue->side);
    uint32_t index = word & 0xFFFFu;
    bool met = queue->met;

    if ((uint8_t)(word >> 24) != queue->seen) {
        queue->seen = (uint8_t)(word >> 24);
        queue->index = 0;
        queue->met = false;
        own_write(queue);
        peer_signal(queue);
        if (met) {
            return K5_ERR_RESET;
        }
    }
    if ((uint8_t)(word >> 16) != queue->life) {
        return K5_TIMEOUT;
    }
    queue->met = true;
    if (index >= 2u * queue->count) {
        return K5_ERR_BROKEN;
    }
    *used = queue->side == PRODUCER ? distance(queue, queue->index, index)
                                    : distance(queue, index, queue->index);
    return *used <= queue->count ? K5_OK : K5_ERR_BROKEN;
}

static k5_error put_now(struct k5_queue *queue, const void *element)
{
    uint32_t used = 0;
    k5_error error = used_read(queue, &used);

    if (error != K5_OK || used == queue->count) {
        return error != K5_OK ? error : K5_TIMEOUT;
    }
    k5_copy_once(element_at(queue), element, queue->element);
    if (index_advance(queue)) {
        peer_signal(queue);
    }
    return K5_OK;
}

static k5_error get_now(struct k5_queue *queue, void *element)
{
    uint32_t used = 0;
    k5_error error = used_read(queue, &used);

    if (error != K5_OK || used == 0) {
        return error != K5_OK ? error : K5_TIMEOUT;
    }
    k5_copy_once(element, element_at(queue), queue->element);
    if (index_advance(queue)) {
        peer_signal(queue);
    }
    return K5_OK;
}

/* After an attempt that could not go on: K5_OK, try again. Bits that are set end a wait whatever
 * the deadline, so after the first one the time is looked at: who floods this task with signals
 * does not hold it. */
static k5_error peer_wait(const struct k5_queue *queue, k5_ticks deadline, bool again)
{
    uint32_t bits;

    if (deadline == K5_POLL || (again && deadline != K5_FOREVER && k5_time() >= deadline)) {
        return K5_TIMEOUT;
    }
    return k5_wait(queue->own_bit, deadline, &bits);
}

k5_error k5_queue_put(struct k5_queue *queue, const void *element, k5_ticks deadline)
{
    for (bool again = false;; again = true) {
        k5_error error = put_now(queue, element);

        if (error == K5_TIMEOUT) {
            error = peer_wait(queue, deadline, again);
            if (error == K5_OK) {
                continue;
            }
        }
        return error;
    }
}

k5_error k5_queue_get(struct k5_queue *queue, void *element, k5_ticks deadline)
{
    for (bool again = false;; again = true) {
        k5_error error = get_now(queue, element);

        if (error == K5_TIMEOUT) {
            error = peer_wait(queue, deadline, again);
            if (error == K5_OK) {
                continue;
            }
        }
        return error;
    }
}

void k5_queue_reset(struct k5_queue *queue)
{
    queue->life++;
    queue->seen = (uint8_t)(queue_word(queue, 1u - queue->side) >> 24);
    queue->met = false;
    queue->index = 0;
    own_write(queue);
    peer_signal(queue);
}

static k5_error begin(struct k5_queue *queue, uint8_t side)
{
    if (queue->element == 0 || queue->count == 0 || queue->count > K5_QUEUE_MOST ||
        ((uintptr_t)queue->memory & 3u) != 0 ||
        queue->memory_size < K5_QUEUE_BYTES((uint32_t)queue->element, queue->count)) {
        return K5_ERR_ARG;
    }
    queue->side = side;
    queue->life = (uint8_t)(queue_word(queue, side) >> 24); /* not that of the last life */
    k5_queue_reset(queue);
    return K5_OK;
}

k5_error k5_queue_producer(struct k5_queue *queue)
{
    return begin(queue, PRODUCER);
}

k5_error k5_queue_consumer(struct k5_queue *queue)
{
    return begin(queue, CONSUMER);
}
