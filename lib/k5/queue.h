/* A queue of elements of one size, from one task to another, in a region that both may write.
 *
 *   app.toml:  [region.samples]                       [task.sensor] signals = { filter = 0x01 }
 *              size   = "1K"                          [task.filter] signals = { sensor = 0x01 }
 *              shared = { sensor = "rw", filter = "rw" }
 *
 *   static struct k5_queue queue = {
 *       .memory = (void *)SAMPLES_BASE, .memory_size = SAMPLES_SIZE,
 *       .element = sizeof(struct sample), .count = 32,
 *       .peer = FILTER_SIGNAL, .peer_bit = 0x01, .own_bit = 0x01,
 *   };
 *   k5_error error = k5_queue_producer(&queue);
 *   error = k5_queue_put(&queue, &sample, k5_after(K5_MS(10)));
 *
 * and the other side the same with k5_queue_consumer and k5_queue_get. K5_POLL as a deadline tries,
 * and never enters the kernel to wait. A signal is sent only when the queue was empty or full, so a
 * put or get in between costs no kernel entry.
 *
 * The other side is not trusted. Size and number of the elements are each side's own, not the
 * memory's; what is read there is read once and bounded before it is used, so whatever the other
 * side writes, this one gets an error or wrong elements, and accesses nothing outside the memory.
 * An element is a copy: look at it after k5_queue_get, as at a message.
 *
 * Who starts, or starts again, begins a new life. Each side sees that of the other by a number
 * beside its index; elements move only between two lives that have seen each other, so neither what
 * lay in the memory at boot nor what a dead task left is taken for an element. A side whose partner
 * begins anew gets K5_ERR_RESET once, and goes on with an empty queue; not for the first life that
 * it meets. (256 new lives of one side between two looks of the other are not seen.)
 */
#ifndef K5_QUEUE_H
#define K5_QUEUE_H

#include "abi/k5_shared_abi.h"
#include "k5/k5.h"

/* Bytes of shared memory. */
#define K5_QUEUE_BYTES(element, count) (8u + (element) * (count))
#define K5_QUEUE_MOST                  32767u /* elements */

struct k5_queue {
    /* Set these; both sides agree on the first four. */
    void *memory; /* on a multiple of 4 */
    uint32_t memory_size;
    uint16_t element; /* bytes of one */
    uint16_t count;
    k5_notification peer; /* the other side, and which of its bits are set when it can go on */
    uint32_t peer_bit;    /* 0: none, it polls */
    uint32_t own_bit;     /* the own bit that the other side sets; 0: this one polls */
    /* The queue's own. */
    uint8_t side;
    uint8_t life;
    uint8_t seen; /* the other side's life */
    bool met;     /* it has seen this one */
    uint32_t index;
};

/* Begins a new life as this side; once, before all else, after each start of the task. Does not
 * block. K5_ERR_ARG: no elements, too many, or they do not fit the memory. */
K5_MUST_CHECK k5_error k5_queue_producer(struct k5_queue *queue);
K5_MUST_CHECK k5_error k5_queue_consumer(struct k5_queue *queue);

/* Puts a copy of *element at the end. Blocks until there is room (none is before the consumer has
 * begun) or the deadline passes. K5_TIMEOUT; K5_ERR_RESET: the consumer began anew, what it had not
 * taken is gone, and this element was not put; K5_ERR_BROKEN; k5_wait's. */
K5_MUST_CHECK k5_error k5_queue_put(struct k5_queue *queue, const void *element, k5_ticks deadline);

/* Takes the first into *element. Blocks until there is one or the deadline passes. K5_TIMEOUT;
 * K5_ERR_RESET: the producer began anew, and what it had put before is gone; K5_ERR_BROKEN;
 * k5_wait's. On an error *element is unchanged. */
K5_MUST_CHECK k5_error k5_queue_get(struct k5_queue *queue, void *element, k5_ticks deadline);

/* Begins a new life of this side: what is in the queue is gone, and the other side gets
 * K5_ERR_RESET. The way out of K5_ERR_BROKEN, which stays until then. */
void k5_queue_reset(struct k5_queue *queue);

#endif
