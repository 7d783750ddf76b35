/* Time: a 64-bit count of ticks since boot, and sleeping as a wait for no bits with a deadline. */
#include "k5/k5.h"
#include "k5/syscall.h"

k5_ticks k5_after(k5_ticks duration)
{
    k5_ticks now = k5_time();
    k5_ticks when = now + duration;
    if (when < now) {
        when = UINT64_MAX;
    }
    return when == K5_FOREVER ? K5_POLL : when;
}

void k5_sleep_until(k5_ticks when)
{
    if (when == K5_FOREVER) { /* time 0 has passed; as a deadline it would mean "none" */
        return;
    }
    uint32_t bits;
    (void)!k5_wait(0, when, &bits); /* no bit can end it: the result is K5_TIMEOUT */
}

void k5_sleep(k5_ticks duration)
{
    if (duration != 0) {
        k5_sleep_until(k5_after(duration));
    }
}

void k5_yield(void)
{
    (void)k5_syscall_short(K5_SYS_YIELD, 0);
}
