/* The race: a client's deadline against the answer of its server, or against its own refill.
 *
 *   client: one tick more of deadline each time, over the moment at which the outcome changes
 *   server: takes, works, answers; writes down what its answer gave
 *   super:  suspends and resumes the client when the server says so
 *
 * RACE is shared memory, 0 at the start.
 */
#ifndef RACE_H
#define RACE_H

#include <stdint.h>

#define RACE_CALL 1 /* a call to answer after some work */
#define RACE_LATE 2 /* answer at once, and do not receive before RACE->at */

/* How the server answers a RACE_CALL. */
#define RACE_REPLY      0
#define RACE_REPLY_RECV 1 /* by k5_reply_recv */
#define RACE_SUSPEND    2 /* while the client is suspended */

#define RACE_BIT_SUSPEND 0x01u
#define RACE_BIT_RESUME  0x02u

struct race {
    volatile uint64_t at;
    volatile uint32_t how;
    volatile uint32_t taken;   /* calls that the server took */
    volatile uint32_t good;    /* answers that reached the client, as the server knows */
    volatile uint32_t nobody;  /* answers that gave K5_ERR_TOKEN */
    volatile uint32_t strange; /* anything else */
};

#define RACE ((struct race *)RACE_BASE)

static inline void race_spin(uint32_t rounds) /* two instructions each */
{
    __asm__ volatile("1: subs %0, #1\n bne 1b" : "+r"(rounds)::"cc");
}

#endif
