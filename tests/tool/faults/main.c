/* Faults in the way that CASE says, a time of its own after the start. */
#include <string.h>

#include <k5/k5.h>

#include "app.h"

#define NEVER_INLINE __attribute__((noinline, noclone))
#define AFTER        __asm__ volatile("" ::: "memory") /* so that no call is the last thing done */

static void NEVER_INLINE poke(uint32_t address)
{
    *(volatile uint32_t *)address = 1;
}

static void NEVER_INLINE middle(uint32_t address)
{
    poke(address);
    AFTER;
}

static uint32_t NEVER_INLINE recurse(uint32_t left)
{
    if (left == 0) {
        __asm__ volatile("udf #0");
        return 0;
    }
    uint32_t below = recurse(left - 1);
    AFTER;
    return below + 1;
}

static void NEVER_INLINE smash(void)
{
    uint32_t room[4];
    uint32_t *past = room;
    __asm__ volatile("" : "+r"(past)); /* the compiler does not know that it is `room` */
    memset(past, 0x11, 32);
    __asm__ volatile("udf #0");
}

static void NEVER_INLINE call(uint32_t address)
{
    ((void (*)(void))address)();
    AFTER;
}

static k5_error NEVER_INLINE ask(struct k5_msg *m)
{
    k5_error error = k5_call(STORE, m, K5_FOREVER);
    AFTER;
    return error;
}

static void NEVER_INLINE give_up(void)
{
    k5_panic(42);
}

static void fault(void)
{
    struct k5_msg m = {.label = 1};
    switch (CASE) {
    case 1: (void)!ask(&m); break;
    case 2: middle(0x28200000); break;
    case 3: (void)!ask((struct k5_msg *)4); break;
    case 4: call(0x40000001); break;
    case 5: give_up(); break;
    case 6: smash(); break;
    case 7: (void)recurse(50); break;
    default: (void)recurse(4000);
    }
}

int main(void)
{
    k5_sleep(K5_MS(5) * CASE);
    fault();
    AFTER;
    for (;;) {
        K5_DEBUG("still here"); /* the asker: its server has faulted, not it */
        k5_sleep(K5_MS(10));
    }
}
