/* Floods: one kind of system call without end, from a task as urgent as the client among the
 * victims, so that they take turns. Each goes on until the referee has seen the victims answer and
 * restarts it. An answer of the kernel that should not be ends it with a panic, which is no hang.
 */
#include <k5/k5.h>
#include <k5/syscall.h>

#include "../common/referee.h"
#include "../common/victim.h"
#include "app.h"

#define PATIENT 2u    /* task number: attacker, client, patient in order of priority */
#define BIT     0x04u /* what it may signal to client, server and referee */

static uint32_t state = 2463534242u;

static uint32_t random_next(void) /* xorshift32 of Marsaglia */
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

/* One raw system call; w0 is the first message word, or nothing. */
static k5_error enter(uint32_t op, uint32_t aux, uint32_t w0)
{
    uint32_t a[K5_A_COUNT] = {op, aux, w0};
    a[K5_A_X0] = (uint32_t)K5_POLL;
    k5_syscall(a);
    return a[K5_A_OP] & 0xFFu;
}

/* One of the errors in the set must have come. */
#define ONE_OF(a, b) (1u << (a) | 1u << (b))
#define ONLY(a)      (1u << (a))
static void expect(k5_error error, uint32_t set)
{
    if ((1u << error & set) == 0) {
        K5_ERROR("WRONG: {}", k5_error_name(error));
        k5_panic(error);
    }
}

/* Slots of this attacker: 0, 1 endpoints (call); 2 to 4 notifications. */
#define SLOTS 5u
static const k5_endpoint victim = {1}; /* VICTIM of the attacker's app.h */

#define FLOOD(name, ...)                                       \
    static void name(uint32_t address, const struct places *p) \
    {                                                          \
        (void)address;                                         \
        (void)p;                                               \
        for (uint32_t n = 0;; n++) {                           \
            __VA_ARGS__                                        \
        }                                                      \
    }
FLOOD(signals, expect(enter(k5_op(K5_SYS_SIGNAL, 2 + n % 3, 0), BIT, 0), ONLY(K5_OK));)
FLOOD(signals_refused,
      expect(enter(k5_op(K5_SYS_SIGNAL, 2 + n % 3, 0), ~BIT | n, 0), ONLY(K5_ERR_RIGHTS));)
FLOOD(logs, K5_INFO("flood {}", n);)
FLOOD(logs_long, K5_INFO("flood {} {}", "a long string that fills the log quickly", n);)
FLOOD(logs_random, (void)enter(k5_op(K5_SYS_LOG, 0, n % 17), random_next(), random_next());)
FLOOD(yields, k5_yield();)
FLOOD(times, (void)k5_time();)
FLOOD(naps, k5_sleep(1 + n % 64);)
FLOOD(tokens, expect(enter(K5_SYS_REPLY, random_next(), VICTIM_CHECKSUM), ONLY(K5_ERR_TOKEN));)
FLOOD(tokens_waiting, /* all counts that its few calls can have had; it waits most of the time */
      expect(enter(K5_SYS_REPLY, (n % 256) << 5 | PATIENT, 0x666), ONLY(K5_ERR_TOKEN));)
FLOOD(tokens_receive,
      expect(enter(k5_op(K5_SYS_REPLY_RECV, n % 256, 0), (n / 256 % 1024) << 5 | PATIENT, 0x666),
             ONE_OF(K5_ERR_TYPE, K5_ERR_SLOT) | ONLY(K5_ERR_RIGHTS));)
FLOOD(receives, expect(enter(k5_op(K5_SYS_RECV, n % 256, 0), UINT32_MAX, 0),
                       ONE_OF(K5_ERR_TYPE, K5_ERR_SLOT) | ONLY(K5_ERR_RIGHTS));)
FLOOD(waits, expect(enter(K5_SYS_WAIT, random_next(), 0), ONE_OF(K5_OK, K5_TIMEOUT));)
FLOOD(setups, expect(enter(K5_SYS_IPC_SETUP, random_next(), 0), ONLY(K5_OK));)
FLOOD(sends, expect(enter(k5_op(K5_SYS_SEND, victim.slot, random_next() & 0xFFFFu), 0, n),
                    ONE_OF(K5_OK, K5_TIMEOUT));)
FLOOD(controls,
      expect(enter(k5_op((n & 1u) ? K5_SYS_TASK_RESTART : K5_SYS_TASK_STOP, n / 2, 0), 0, 0),
             n / 2 % 256 < SLOTS ? ONLY(K5_ERR_TYPE) : ONLY(K5_ERR_SLOT));)
FLOOD(inspects, expect(enter(k5_op(K5_SYS_TASK_INSPECT, n % 256, 0), n / 256, 0),
                       n % 256 < SLOTS ? ONLY(K5_ERR_TYPE) : ONLY(K5_ERR_SLOT));)

/* Calls that give up at once, in the middle, or never: their tokens go stale in the server. */
static void calls(uint32_t address, const struct places *p)
{
    (void)address;
    (void)p;
    for (;;) {
        struct k5_msg m = {.label = VICTIM_ADD, .w = {random_next()}};
        expect(k5_call(victim, &m, k5_after(random_next() % 512)), ONE_OF(K5_OK, K5_TIMEOUT));
    }
}

static void calls_refused(uint32_t address, const struct places *p)
{
    (void)address;
    (void)p;
    for (;;) {
        struct k5_msg m = {.label = (uint16_t)(VICTIM_WHERE + 1 + random_next() % 65000u)};
        expect(k5_call(victim, &m, K5_FOREVER), ONLY(K5_OK));
        if (m.label != VICTIM_REFUSED) {
            k5_panic(m.label);
        }
    }
}

/* ---- storms: at once again after each restart ---- */
static void bad_number(uint32_t address, const struct places *p)
{
    (void)address;
    uint32_t bad = K5_SYS_COUNT + p->n; /* but the numbers of long messages */
    (void)enter((bad & ~K5_OP_LONG) < K5_SYS_COUNT ? 0 : bad, p->n, 0);
}

static void bad_stack(uint32_t address, const struct places *p)
{
    (void)address;
    __asm__ volatile("mov sp, %0\n udf #0" ::"r"(0xF0000000u + 4 * p->n) : "memory");
}

static void secure_read(uint32_t address, const struct places *p)
{
    (void)address;
    (void)*(volatile uint32_t *)(uintptr_t)(0x38000000u + 4 * p->n);
}

const struct attack attacks[] = {
    ATTACK("flood of replies, tokens that wait", HANGS, NULL, tokens_waiting),
    ATTACK("flood of signals", HANGS, NULL, signals),
    ATTACK("flood of forbidden signals", HANGS, NULL, signals_refused),
    ATTACK("flood of log lines", HANGS, NULL, logs),
    ATTACK("flood of long log lines", HANGS, NULL, logs_long),
    ATTACK("flood of random log calls", HANGS, NULL, logs_random),
    ATTACK("flood of yields", HANGS, NULL, yields),
    ATTACK("flood of time calls", HANGS, NULL, times),
    ATTACK("flood of short sleeps", HANGS, NULL, naps),
    ATTACK("flood of replies, random tokens", HANGS, NULL, tokens),
    ATTACK("flood of reply_recv", HANGS, NULL, tokens_receive),
    ATTACK("flood of recv, every slot", HANGS, NULL, receives),
    ATTACK("flood of wait, random masks", HANGS, NULL, waits),
    ATTACK("flood of ipc_setup", HANGS, NULL, setups),
    ATTACK("flood of sends to a victim", HANGS, NULL, sends),
    ATTACK("flood of restart and stop, every slot", HANGS, NULL, controls),
    ATTACK("flood of inspect, every slot and page", HANGS, NULL, inspects),
    ATTACK("flood of calls that give up", HANGS, NULL, calls),
    ATTACK("flood of calls of no kind", HANGS, NULL, calls_refused),
    ATTACK_TIMES("storm of bad call numbers", FAULTS(SYSCALL), bad_number, 128),
    ATTACK_TIMES("storm of bad stack pointers", FAULTS(STACK_POINTER), bad_stack, 128),
    ATTACK_TIMES("storm of Secure reads", FAULTS(SECURE), secure_read, 128),
};
const uint32_t attack_count = sizeof attacks / sizeof attacks[0];
