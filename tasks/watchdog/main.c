/* The ready-made watchdog: feeds the board's hardware watchdog as long as every task that app.toml
 * names in `watches` has checked in (k5_checkin) during the last round.
 *
 *   round | check-ins: all there     feed             |
 *         | one is missing           say who, and never feed again
 *                                       -> 2 rounds after the last feed: the watchdog's interrupt,
 *                                          the kernel keeps the reason and resets
 *                                       -> 4 rounds: the watchdog resets the machine by itself
 *
 * If this task does not run, because something more urgent never stops or because it faulted,
 * nobody feeds either. A restart of this task feeds nothing: the hardware goes on from where it
 * was.
 *
 * In app.toml: use = "watchdog", uses = ["watchdog0"], watches = ["sensor"], a priority above that
 * of the tasks it watches, define = { WATCHDOG_PERIOD_MS = 100 } (length of a round).
 */
#include "app.h"

#include <k5/k5.h>

#if !defined(WATCHDOG0_BASE) || !defined(K5_WATCHED_LIST)
#error "the watchdog needs uses = [\"watchdog0\"] and watches = [...] in app.toml"
#endif
#ifndef WATCHDOG_PERIOD_MS
#define WATCHDOG_PERIOD_MS 100
#endif
#define TICKS                                                                           \
    (2 * K5_MS(WATCHDOG_PERIOD_MS)) /* until the interrupt, and from there to the reset \
                                     */
_Static_assert(WATCHDOG_PERIOD_MS >= 1 && TICKS <= UINT32_MAX, "the counter has 32 bits");

/* CMSDK APB watchdog; its clock is that of the timers. Writes count only while it is unlocked. */
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
static const struct k5_watched watched[K5_WATCHED_COUNT] = {K5_WATCHED_LIST};

static void feed(void)
{
    watchdog->lock = WATCHDOG_KEY;
    watchdog->clear = 1;
    watchdog->lock = 0;
}

/* Not twice: to load the counter is to feed it, and a task that is restarted again and again must
 * not keep a dead system alive. */
static void start(void)
{
    if ((watchdog->control & WATCHDOG_RESET) == 0) {
        watchdog->lock = WATCHDOG_KEY;
        watchdog->load = (uint32_t)TICKS;
        watchdog->control = WATCHDOG_INTERRUPT | WATCHDOG_RESET;
        watchdog->lock = 0;
    }
}

/* The check-ins of the round that ends now. */
static uint32_t checked_in(uint32_t all)
{
    uint32_t bits = 0;
    k5_error error = k5_wait(all, K5_POLL, &bits);
    if (error != K5_OK && error != K5_TIMEOUT) {
        k5_panic(error);
    }
    return bits;
}

/* Its silence is the reset. Sleeps so that the log can be sent. */
static _Noreturn void let_it_happen(uint32_t missing)
{
    for (uint32_t i = 0; i < K5_WATCHED_COUNT; i++) {
        if (missing & watched[i].bit) {
            K5_ERROR("{} did not check in for {} ms: the system resets", watched[i].name,
                     WATCHDOG_PERIOD_MS);
        }
    }
    for (;;) {
        k5_sleep(K5_S(1));
    }
}

int main(void)
{
    uint32_t all = 0;
    for (uint32_t i = 0; i < K5_WATCHED_COUNT; i++) {
        all |= watched[i].bit;
    }
    start();
    k5_ticks next = k5_time();
    for (;;) {
        next += K5_MS(WATCHDOG_PERIOD_MS);
        k5_sleep_until(next);
        uint32_t missing = all & ~checked_in(all);
        if (missing != 0) {
            let_it_happen(missing);
        }
        feed();
    }
}
