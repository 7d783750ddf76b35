/* An agent: whenever it runs, the next step of all must be its own, and what it sees in its
 * registers what the model says; then it makes the call of that step.
 *
 *   BOARD   the number of the next step, and how far each agent is: outlives restarts, and is zeros
 *           at the start, for the emulator's memory is
 */
#include <k5/k5.h>
#include <k5/syscall.h>

#include "app.h"
#include "replay.h"

#define FAILURES_SHOWN 8u

struct board {
    volatile uint32_t at;                    /* the next step */
    volatile uint32_t cursor[REPLAY_AGENTS]; /* where in its stream it stands */
    volatile uint32_t failed;
    volatile uint32_t loans; /* that an agent had mapped when it looked */
    volatile uint32_t over;
};

#define BOARD ((struct board *)BOARD_BASE)

extern const uint32_t replay_steps[];
extern const uint32_t replay_count; /* of all agents */

static void sleep_for_ever(void)
{
    for (;;) {
        uint32_t a[K5_A_COUNT] = {[K5_A_OP] = K5_SYS_WAIT, [K5_A_X1] = 1u << 28};

        k5_syscall(a);
    }
}

static void end(void)
{
    if (BOARD->over == 0) {
        BOARD->over = 1;
        K5_INFO("replay: {} steps, {} loans looked at, {} failed", BOARD->at, BOARD->loans,
                BOARD->failed);
    }
    sleep_for_ever();
}

static void fail(uint32_t step, uint32_t reg, uint32_t model, uint32_t seen)
{
    BOARD->failed++;
    if (BOARD->failed <= FAILURES_SHOWN) {
        K5_ERROR("check failed: before step {}: A{}: model {}, seen {}", step, reg, model, seen);
    }
}

/* What is lent can be read, and written if its lender says so: its first word, as it is. */
static void loan_look(const uint32_t a[K5_A_COUNT])
{
    uint32_t flags = a[K5_A_OP] >> 8 & 0xFFu;

    if ((flags & K5_FLAG_MESSAGE) != 0 && (flags & K5_FLAG_LEND) != 0) {
        volatile uint32_t *first = (volatile uint32_t *)(uintptr_t)(a[K5_A_LEND] & ~31u);
        uint32_t word = *first;

        if ((a[K5_A_LEND] & K5_MEM_WRITE) != 0) {
            *first = word;
        }
        BOARD->loans++;
    }
}

/* The registers as they should be, from the stream; returns what follows. */
static const uint32_t *registers_compare(const uint32_t *p, uint32_t head, uint32_t last[],
                                         const uint32_t a[])
{
    for (uint32_t i = 0; i < K5_A_COUNT; i++) {
        uint32_t model = (head >> (REPLAY_SEEN + i) & 1u) != 0 ? *p++ : last[i];

        if (a[i] != model) {
            fail(head & REPLAY_INDEX, i, model, a[i]);
        }
    }
    return p;
}

int main(void)
{
    uint32_t a[K5_A_COUNT] = {0}; /* of a fresh one */
    uint32_t last[K5_A_COUNT] = {0};
    bool fresh = true;

    for (;;) {
        const uint32_t *p = &replay_steps[BOARD->cursor[AGENT]];
        uint32_t head = *p++;

        if (BOARD->at >= replay_count || BOARD->over != 0) {
            end();
        }
        if ((head & REPLAY_INDEX) != BOARD->at || ((head & REPLAY_FRESH) != 0) != fresh) {
            BOARD->failed++;
            K5_ERROR("check failed: step {} is not this agent's: its next is {}, begins {}",
                     BOARD->at, head & REPLAY_INDEX, fresh);
            end();
        }
        p = registers_compare(p, head, last, a);
        loan_look(a);
        for (uint32_t i = 0; i < K5_A_COUNT; i++) {
            a[i] = (head >> (REPLAY_IN + i) & 1u) != 0 ? *p++ : 0;
            last[i] = a[i];
        }
        BOARD->cursor[AGENT] = (uint32_t)(p - replay_steps);
        BOARD->at++;
        fresh = false;
        k5_syscall(a);
    }
}
