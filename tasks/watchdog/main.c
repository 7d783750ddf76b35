/* The ready-made watchdog: feeds the board's hardware watchdog as long as every task that app.toml
 * names in `watches` has checked in (k5_checkin) during the last round.
 *
 *   round | check-ins: all there     feed             |
 *         | one is missing           say who, and never feed again
 *                                       -> 2 rounds after the last feed: the watchdog's interrupt,
 *                                          the kernel keeps the reason and resets
 *                                       -> later (watchdog_*.h): the watchdog resets the machine
 *                                          by itself
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

#ifdef WATCHDOG0_STM32_WWDG
#include "watchdog_wwdg.h"
#else
#include "watchdog_cmsdk.h"
#endif

static const struct k5_watched watched[K5_WATCHED_COUNT] = {K5_WATCHED_LIST};

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
    /* Not twice: to start it is to feed it, and a task that is restarted again and again must not
     * keep a dead system alive. */
    if (!watchdog_runs()) {
        watchdog_start();
    }
    k5_ticks next = k5_time();
    for (;;) {
        next += K5_MS(WATCHDOG_PERIOD_MS);
        k5_sleep_until(next);
        uint32_t missing = all & ~checked_in(all);
        if (missing != 0) {
            let_it_happen(missing);
        }
        watchdog_feed();
    }
}
