/* Makes system calls all the time, with a pattern in all registers, and checks each one when it is
 * back. Counts where the calls were preempted. */
#include <k5/k5.h>
#include <k5/syscall.h>

#include "app.h" /* ECHO, TALLY_BASE */
#include "call.h"
#include "tally.h"

extern const char k5_veneer[]; /* linker script: the veneer's address, Thumb bit set */

_Static_assert(offsetof(struct call, target) == CALL_TARGET, "call.S");
_Static_assert(offsetof(struct call, out) == CALL_OUT, "call.S");
_Static_assert(offsetof(struct call, ticks) == CALL_TICKS, "call.S");
_Static_assert(offsetof(struct call, before) == CALL_BEFORE, "call.S");
_Static_assert(offsetof(struct call, after) == CALL_AFTER, "call.S");
_Static_assert(offsetof(struct call, frame) == CALL_FRAME, "call.S");
_Static_assert(offsetof(struct call, back) == CALL_BACK, "call.S");

#define A(n) (4 + (n)) /* register of argument n */

static struct call call = {.ticks = &TALLY->ticks};
static uint64_t last; /* time of the last `time` call */

static void wrong_tell(uint32_t index, uint32_t expected)
{
    TALLY->task[ME].wrong++;
    if (TALLY->task[ME].wrong <= 3) {
        K5_ERROR("WRONG register {} of 0-12, lr, APSR after call {}: {#x}, not {#x}", index,
                 call.in[A(K5_A_OP)] & 0xFFu, call.out[index], expected);
    }
}

static void check(uint32_t index, uint32_t expected)
{
    if (call.out[index] != expected) {
        wrong_tell(index, expected);
    }
}

#define REPEATS 8 /* calls with one pattern */

/* Which calls there are, by turns at random; each comes back at once but for the last two, which
 * let others run by their nature and are not counted as preempted. */
static const uint8_t numbers[] = {K5_SYS_TIME,  K5_SYS_TIME, K5_SYS_TIME,  K5_SYS_REPLY,
                                  K5_SYS_REPLY, K5_SYS_WAIT, K5_SYS_YIELD, K5_SYS_CALL};

static uint32_t call_new(uint32_t *state)
{
    for (uint32_t i = 0; i < CALL_REGS; i++) {
        call.in[i] = random_next(state);
    }
    call.in[14] &= APSR_FLAGS;
    uint32_t number = numbers[random_next(state) % sizeof numbers];
    uint32_t slot = number == K5_SYS_CALL ? ECHO.slot : random_next(state) & 0xFFu;
    call.in[A(K5_A_OP)] = k5_op(number, slot, call.in[A(K5_A_OP)] & 0xFFFFu);
    if (number == K5_SYS_REPLY) {
        call.in[A(K5_A_AUX)] |= 0x1Fu; /* task 31, which there is not */
    }
    if (number == K5_SYS_WAIT || number == K5_SYS_CALL) {
        call.in[A(K5_A_X0)] = number == K5_SYS_WAIT ? (uint32_t)K5_POLL : 0;
        call.in[A(K5_A_X1)] = 0;
    }
    return number;
}

static void check_kept(uint32_t number)
{
    for (uint32_t i = 0; i < 4; i++) {
        check(i, call.in[i]);
    }
    check(12, call.in[12]);
    check(13, call.back & ~1u); /* SG clears bit 0 */
    check(14, call.in[14]);
    for (uint32_t i = K5_A_AUX; i < K5_A_X0; i++) {
        if (number != K5_SYS_CALL) {
            check(A(i), call.in[A(i)]);
        }
    }
    if (number != K5_SYS_CALL && number != K5_SYS_TIME) {
        check(A(K5_A_X0), call.in[A(K5_A_X0)]);
        check(A(K5_A_X1), call.in[A(K5_A_X1)]);
    }
}

static void check_result(uint32_t number)
{
    uint64_t now = (uint64_t)call.out[A(K5_A_X1)] << 32 | call.out[A(K5_A_X0)];
    switch (number) {
    case K5_SYS_TIME:
        check(A(K5_A_OP), K5_OK);
        if (now < last) {
            wrong_tell(A(K5_A_X0), (uint32_t)last);
        }
        last = now;
        break;
    case K5_SYS_REPLY: check(A(K5_A_OP), K5_ERR_TOKEN); break;
    case K5_SYS_WAIT: check(A(K5_A_OP), K5_TIMEOUT); break;
    case K5_SYS_CALL: /* echo answers the label and the words turned over */
        check(A(K5_A_OP), (~call.in[A(K5_A_OP)] & 0xFFFF0000u) | K5_OK);
        for (uint32_t i = K5_A_W0; i < K5_A_X0; i++) {
            check(A(i), ~call.in[A(i)]);
        }
        break;
    default: break;
    }
}

static void place_count(void)
{
    volatile struct tally_task *mine = &TALLY->task[ME];
    if (call.before == call.after) {
        return;
    }
    mine->hits++;
    if (call.frame == 0) {
        mine->veneer++;
    } else if (call.frame == ((uint32_t)(uintptr_t)k5_veneer & ~1u)) {
        mine->gate++;
    } else {
        mine->own++;
    }
}

int main(void)
{
    uint32_t state = SEED;
    call.target = (uint32_t)(uintptr_t)k5_veneer;
    for (;;) {
        uint32_t number = call_new(&state);
        uint32_t repeats = number == K5_SYS_YIELD ? 1 : REPEATS; /* it ends the turn */
        for (uint32_t i = 0; i < repeats; i++) {
            soak_call(&call);
            TALLY->task[ME].rounds++;
            check_kept(number);
            check_result(number);
            if (number != K5_SYS_CALL && number != K5_SYS_YIELD) {
                place_count();
            }
        }
    }
}
