/* CMSDK APB watchdog; its clock is that of the timers. Writes count only while it is unlocked. It
 * resets the machine as long after its interrupt as that came after the last feed. */
#ifndef WATCHDOG_WATCHDOG_CMSDK_H
#define WATCHDOG_WATCHDOG_CMSDK_H

#include "app.h"

#include <k5/k5.h>

#define TICKS (2 * K5_MS(WATCHDOG_PERIOD_MS)) /* to the interrupt, and from there to the reset */
_Static_assert(WATCHDOG_PERIOD_MS >= 1 && TICKS <= UINT32_MAX, "the counter has 32 bits");

struct watchdog {
    volatile uint32_t load;    /* the counter starts here, and again each time it is fed */
    volatile uint32_t value;   /* counts down */
    volatile uint32_t control; /* WATCHDOG_INTERRUPT (which also lets it count), WATCHDOG_RESET */
    volatile uint32_t clear;   /* any write feeds it */
    volatile uint32_t state[2];
    volatile uint32_t reserved[(0xC00 - 0x18) / 4];
    volatile uint32_t lock; /* WATCHDOG_KEY unlocks, everything else locks */
};
_Static_assert(offsetof(struct watchdog, lock) == 0xC00, "place of the lock");
#define WATCHDOG_INTERRUPT 0x1u
#define WATCHDOG_RESET     0x2u
#define WATCHDOG_KEY       0x1ACCE551u

static struct watchdog *const watchdog = (struct watchdog *)WATCHDOG0_BASE;

static inline bool watchdog_runs(void)
{
    return (watchdog->control & WATCHDOG_RESET) != 0;
}

static inline void watchdog_start(void)
{
    watchdog->lock = WATCHDOG_KEY;
    watchdog->load = (uint32_t)TICKS;
    watchdog->control = WATCHDOG_INTERRUPT | WATCHDOG_RESET;
    watchdog->lock = 0;
}

static inline void watchdog_feed(void)
{
    watchdog->lock = WATCHDOG_KEY;
    watchdog->clear = 1;
    watchdog->lock = 0;
}

#endif
