/* What the lock guards. The emulator's memory is 0 at the start. */
#ifndef PLAN_H
#define PLAN_H

#include <stdint.h>

#define USERS 3u

struct plan {
    uint32_t lock;
    uint32_t parts[4];    /* equal, when the plan is whole */
    uint32_t inside;      /* who is in the plan, by id; 0: nobody */
    uint32_t wrong;       /* another was inside, or parts differed without a word */
    uint32_t took[USERS]; /* how often each took it */
    uint32_t repaired;    /* how often it was taken after a death */
    uint32_t timeouts;
};

static inline uint32_t random_next(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

#endif
