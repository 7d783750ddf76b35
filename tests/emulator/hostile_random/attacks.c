/* 10,000 system calls with random registers. Set n follows from n alone, so that it can be run
 * again; the referee keeps n while the attacker faults and starts anew.
 *
 * Half of the calls have a number that exists. Words are random or of the kind that breaks things:
 * 0, all ones, addresses of the attacker and of a victim. Most of them fault, fail or block; those
 * that block are ended by the referee, which restarts the attacker.
 */
#include <k5/k5.h>
#include <k5/syscall.h>

#include "../common/places.h"
#include "../common/referee.h"

static uint32_t state;

/* xorshift32 of Marsaglia */
static uint32_t random_next(void)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static uint32_t word_next(const struct places *p)
{
    uint32_t r = random_next();
    switch (r & 7u) {
    case 0: return 0;
    case 1: return UINT32_MAX;
    case 2: return (uint32_t)(uintptr_t)&state;
    case 3: return p->victim_data;
    case 4: return KERNEL_RAM + (r >> 16);
    case 5: return r >> 24;
    default: return r;
    }
}

static void set_enter(uint32_t address, const struct places *p)
{
    uint32_t a[K5_A_COUNT];
    (void)address;
    state = 0x9E3779B9u * (p->n + 1); /* never 0: the factor is odd and n + 1 < 2^32 */
    for (uint32_t i = 0; i < K5_A_COUNT; i++) {
        a[i] = word_next(p);
    }
    uint32_t op = random_next();
    uint32_t number = (op & 0x100u) ? op & 0x0Fu : op & 0xFFu;
    uint32_t slot = (op & 0x200u) ? op >> 10 & 0x03u : op >> 10 & 0xFFu;
    a[K5_A_OP] = k5_op(number, slot, a[K5_A_OP] & 0xFFFFu);
    if (op & 0x80000000u) {
        a[K5_A_X1] = 0; /* a deadline that comes, or none */
    }
    k5_syscall(a);
}

const struct attack attacks[] = {
    ATTACK_TIMES("random registers", ANYTHING, set_enter, 10000),
};
const uint32_t attack_count = sizeof attacks / sizeof attacks[0];
