/* Endless loops of a task that never gives way. Above the victims it has a budget, and that is all
 * that it gets; below them it has none, and gets what they leave.
 */
#include <k5/k5.h>

#include "../common/share.h"
#include "app.h"

static void spin(void)
{
    for (;;) {
        __asm__ volatile("");
    }
}

static void spin_yield(void)
{
    for (;;) {
        k5_yield(); /* gives way to equals only, and a budget stays what it is */
    }
}

static void spin_call(void)
{
    for (;;) {
        (void)k5_time();
    }
}

static void spin_log(void)
{
    for (;;) {
        K5_INFO("flood");
    }
}

const struct flood floods[] = {
    {"endless loop", spin},
    {"endless yield", spin_yield},
    {"endless system calls", spin_call},
    {"endless log", spin_log},
};
const uint32_t flood_count = sizeof floods / sizeof floods[0];
