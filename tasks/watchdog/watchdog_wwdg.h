/* Window watchdog of an STM32L5; the board's boot code gave it its clock. Never run on silicon.
 * Registers: ST's device header; how it counts: ST's HAL driver.
 *
 *   counter  0x40 + COUNT ... 0x40: interrupt | 0x3F: reset     one step is 4096 * 128 clocks
 *
 * Only one step lies between the two, 4.8 ms at 110 MHz; while it reports, the kernel feeds it
 * (boards/stm32l5/board.c). No window is set: it may be fed at any time. Once on, it stays on.
 */
#ifndef WATCHDOG_WATCHDOG_WWDG_H
#define WATCHDOG_WATCHDOG_WWDG_H

#include "app.h"

#include <k5/k5.h>

struct watchdog {
    volatile uint32_t control; /* [6:0] counter, WATCHDOG_ON */
    volatile uint32_t setting; /* [6:0] window, WATCHDOG_INTERRUPT, WATCHDOG_BY_128 */
    volatile uint32_t state;
};
#define WATCHDOG_ON        0x80u
#define WATCHDOG_WINDOW    0x7Fu
#define WATCHDOG_INTERRUPT 0x200u
#define WATCHDOG_BY_128    (7u << 11)
#define WATCHDOG_LAST      0x40u

/* Steps in two rounds: one begun is counted, and one more, for the first may be nearly over. */
#define STEP_CLOCKS (4096u * 128u)
#define COUNT                                                                                     \
    (1u +                                                                                         \
     (uint32_t)((2ull * WATCHDOG_PERIOD_MS * WATCHDOG0_CLOCK_HZ + 1000ull * STEP_CLOCKS - 1ull) / \
                (1000ull * STEP_CLOCKS)))
_Static_assert(WATCHDOG_PERIOD_MS >= 1 && COUNT <= 0x3Fu,
               "WATCHDOG_PERIOD_MS is too long for a window watchdog: at most 147");

static struct watchdog *const watchdog = (struct watchdog *)WATCHDOG0_BASE;

static inline bool watchdog_runs(void)
{
    return (watchdog->control & WATCHDOG_ON) != 0;
}

static inline void watchdog_feed(void)
{
    watchdog->control = WATCHDOG_ON | (WATCHDOG_LAST + COUNT);
}

static inline void watchdog_start(void)
{
    watchdog->setting = WATCHDOG_BY_128 | WATCHDOG_INTERRUPT | WATCHDOG_WINDOW;
    watchdog_feed();
}

#endif
