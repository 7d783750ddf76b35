/* Endless loops above the victims. Priorities are a promise to the more urgent: the victims get no
 * time until the referee, more urgent still, ends the loop; then they go on where they were. A
 * budget is what helps: hostile_budget_loop has the same loops with one.
 */
#include <k5/k5.h>

#include "../common/referee.h"

static void spin(uint32_t address, const struct places *p)
{
    (void)address;
    (void)p;
    for (;;) {
        __asm__ volatile("");
    }
}

static void spin_yield(uint32_t address, const struct places *p)
{
    (void)address;
    (void)p;
    for (;;) {
        k5_yield(); /* gives way to equals only */
    }
}

static void spin_call(uint32_t address, const struct places *p)
{
    (void)address;
    (void)p;
    for (;;) {
        (void)k5_time();
    }
}

static void spin_log(uint32_t address, const struct places *p)
{
    (void)address;
    (void)p;
    for (;;) {
        K5_INFO("flood");
    }
}

const struct attack attacks[] = {
    ATTACK_STARVES("endless loop", HANGS, spin),
    ATTACK_STARVES("endless yield", HANGS, spin_yield),
    ATTACK_STARVES("endless system calls", HANGS, spin_call),
    ATTACK_STARVES("endless log", HANGS, spin_log),
};
const uint32_t attack_count = sizeof attacks / sizeof attacks[0];
