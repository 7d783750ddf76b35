/* The two ends of each queue of this test. */
#ifndef QUEUES_H
#define QUEUES_H

#include <k5/queue.h>

/* An end of a queue at `offset` of a region. */
#define END_OF(region, offset, type, most, partner, partner_bit, bit)                           \
    {                                                                                           \
        .memory = (void *)(region##_BASE + (offset)), .memory_size = region##_SIZE - (offset),  \
        .element = sizeof(type), .count = (most), .peer = (partner), .peer_bit = (partner_bit), \
        .own_bit = (bit),                                                                       \
    }

struct item {
    uint32_t number;
    uint32_t check; /* ~number: it came whole */
};

/* Survives restarts of maker and taker: the emulator's memory is 0 at the start. */
struct score {
    uint32_t made;   /* the last number that was given to put */
    uint32_t taken;  /* the last number that came */
    uint32_t wrong;  /* not whole, or not after the last */
    uint32_t count;  /* that came */
    uint32_t resets; /* that either was told of */
};

/* A number that looks random. */
static inline uint32_t random_next(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

#endif
