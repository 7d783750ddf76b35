/* A storm: the attacker panics, exits or overflows its stack at once after each start, 500 times.
 */
#include <k5/k5.h>

#include "../common/referee.h"

static void panic(uint32_t address, const struct places *p)
{
    (void)address;
    k5_panic(p->n);
}

static void leave(uint32_t address, const struct places *p)
{
    (void)address;
    k5_exit(p->n);
}

static void stack_sink(uint32_t address, const struct places *p)
{
    (void)address;
    (void)p;
    __asm__ volatile("1: push {r0-r7}\n b 1b" ::: "memory");
}

const struct attack attacks[] = {
    ATTACK_TIMES("panic", FAULTS(PANIC), panic, 500),
    ATTACK_TIMES("exit", FAULTS(EXIT), leave, 500),
    ATTACK_TIMES("stack overflow", FAULTS(STACK), stack_sink, 500),
};
const uint32_t attack_count = sizeof attacks / sizeof attacks[0];
