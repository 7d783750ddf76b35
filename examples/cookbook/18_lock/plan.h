/* plan.h - what motor and planner share; `from` and `to` belong together. */
#include <k5/lock.h>

struct plan {
    uint8_t lock[K5_LOCK_BYTES]; /* 0 here is a lock that nobody has given back yet */
    int32_t from;
    int32_t to;
};

enum { MOTOR = 1, PLANNER };

#define PLAN ((volatile struct plan *)PLAN_BASE)
