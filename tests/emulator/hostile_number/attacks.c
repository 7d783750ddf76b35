/* Every system call number. The calls that exist get a slot that does not and a deadline that has
 * passed, so they come back with an error; the two that end a task end it; all others fault.
 */
#include <k5/k5.h>
#include <k5/syscall.h>

#include "../common/referee.h"

static void enter(uint32_t number)
{
    uint32_t a[K5_A_COUNT] = {k5_op(number, 255, 0)};
    a[K5_A_X0] = (uint32_t)K5_POLL;
    k5_syscall(a);
}

static void known(uint32_t address, const struct places *p)
{
    (void)address;
    enter(K5_SYS_SEND + p->n);
}

static void panic(uint32_t address, const struct places *p)
{
    (void)address;
    (void)p;
    enter(K5_SYS_PANIC);
}

static void leave(uint32_t address, const struct places *p)
{
    (void)address;
    (void)p;
    enter(K5_SYS_EXIT);
}

/* A send, call, reply and reply_recv may be long. */
static void known_long(uint32_t address, const struct places *p)
{
    static const uint8_t number[] = {K5_SYS_SEND, K5_SYS_CALL, K5_SYS_REPLY, K5_SYS_REPLY_RECV};
    (void)address;
    enter(K5_OP_LONG | number[p->n]);
}

/* The fault's address is the number: those of long messages are left out. */
static uint32_t above(const struct places *p)
{
    uint32_t number = K5_SYS_COUNT + p->n;
    number += number >= (K5_OP_LONG | K5_SYS_SEND) ? 2u : 0u;
    number += number >= (K5_OP_LONG | K5_SYS_REPLY) ? 2u : 0u;
    return number;
}

static void unknown(uint32_t number, const struct places *p)
{
    (void)p;
    enter(number);
}

static void zero(uint32_t address, const struct places *p)
{
    (void)address;
    (void)p;
    enter(0);
}

static void known_later(uint32_t address, const struct places *p)
{
    (void)address;
    enter(K5_SYS_TASK_STOP + p->n);
}

_Static_assert(K5_SYS_SEND == 1 && K5_SYS_CALL == 2 && K5_SYS_REPLY == 4 &&
                   K5_SYS_REPLY_RECV == 5 && K5_SYS_LOG == 13 && K5_SYS_PANIC == 14 &&
                   K5_SYS_EXIT == 15 && K5_SYS_TASK_STOP == 16 && K5_SYS_COUNT == 29,
               "a new call number: add it to the table");

const struct attack attacks[] = {
    ATTACK_TIMES("numbers 1 to 13", RETURNS, known, K5_SYS_LOG),
    ATTACK("panic", FAULTS(PANIC), NULL, panic),
    ATTACK("exit", FAULTS(EXIT), NULL, leave),
    ATTACK_TIMES("numbers 16 to 28", RETURNS, known_later, K5_SYS_COUNT - K5_SYS_TASK_STOP),
    ATTACK_TIMES("long messages", RETURNS, known_long, 4),
    ATTACK("number 0", FAULTS(SYSCALL), NULL, zero),
    {
        .name = "the rest to 255",
        .expect = FAULTS(SYSCALL),
        .aim = above,
        .run = unknown,
        .times = 256 - K5_SYS_COUNT - 4,
    },
};
const uint32_t attack_count = sizeof attacks / sizeof attacks[0];
