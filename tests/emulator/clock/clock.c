/* Reads the time often around 2^32 ticks, and sleeps across it. */
#include "../common/check.h"
#include "app.h" /* K5_TICK_HZ */

#define WRAP ((k5_ticks)1 << 32)

static void reads(uint32_t count)
{
    k5_ticks last = k5_time();
    uint32_t back = 0;
    for (uint32_t i = 0; i < count; i++) {
        k5_ticks now = k5_time();
        back += now < last ? 1 : 0;
        last = now;
    }
    CHECK(back == 0);
}

static void sleep_check(k5_ticks until)
{
    k5_sleep_until(until);
    k5_ticks now = k5_time();
    CHECK(now >= until && now < until + K5_US(200));
}

int main(void)
{
    reads(10000);
    for (uint32_t s = 10; s <= 210; s += 10) {
        sleep_check(K5_S(s));
    }
    sleep_check(WRAP - K5_MS(2));
    while (k5_time() < WRAP + K5_MS(1)) { /* the low word wraps within these reads */
        reads(100);
    }
    sleep_check(WRAP + K5_MS(2));
    sleep_check(WRAP + K5_S(10));
    reads(1000);
    CHECK_END("clock");
}
