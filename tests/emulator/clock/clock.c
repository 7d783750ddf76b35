/* Reads the time often around 2^32 ticks, and sleeps across it. */
#include "../common/check.h"
#include "app.h" /* K5_TICK_HZ */

#define WRAP ((k5_ticks)1 << 32)

/* Reads the time over and over until it is `until`. */
static void reads(k5_ticks until)
{
    k5_ticks last = k5_time();
    uint32_t back = 0;
    uint32_t count = 0;
    while (last < until) {
        k5_ticks now = k5_time();
        back += now < last ? 1 : 0;
        count++;
        last = now;
    }
    CHECK(back == 0);
    CHECK(count >= 10);
}

static void sleep_check(k5_ticks until)
{
    k5_sleep_until(until);
    k5_ticks now = k5_time();
    CHECK(now >= until && now < until + K5_US(200));
}

int main(void)
{
    reads(K5_MS(100));
    for (uint32_t s = 10; s <= 210; s += 10) {
        sleep_check(K5_S(s));
    }
    sleep_check(WRAP - K5_MS(2));
    reads(WRAP + K5_MS(1)); /* the low word wraps within these reads */
    sleep_check(WRAP + K5_MS(2));
    sleep_check(WRAP + K5_S(10));
    reads(WRAP + K5_S(10) + K5_MS(1));
    CHECK_END("clock");
}
