/* Boot establishes the invariant; who runs after an entry; the record of resets. */
#include "prove.h"

#include "abi/k5_panic.h"
#include "kernel/reset.h"

struct config nondet_config(void);
struct reset_record nondet_record(void);
struct reset nondet_reset(void);

/* On any tables whatever: a panic that says so, or a valid state. */
void h_boot(void)
{
    cfg = nondet_config();
    reset_record = nondet_record();
    allowed_panic = K5_PANIC_CONFIG;
    true_time = nondet_u32();
    kernel_boot();
    PROVE(config_objects_valid());
    prove_valid();
    PROVE(caps_valid() && sweep_valid());
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        PROVE(k.task.state[t] == K5_TASK_READY && host.resets[t] == 1u);
    }
}

/* What was kept is what the next boot hears, once, whatever was in the record before; and a boot
 * that hears nothing begins a record. */
void h_reset_record(void)
{
    struct reset why = nondet_reset();
    struct reset heard;

    reset_record = nondet_record();
    bool known = reset_recall(&heard);
    uint32_t count = known ? heard.count : 0;

    PROVE(!known || count != 0);
    reset_keep(why);
    PROVE(reset_recall(&heard));
    PROVE(heard.reason == why.reason && heard.task == why.task && heard.cause == why.cause);
    PROVE(heard.flags == why.flags && heard.value == why.value);
    PROVE(heard.count == (count == UINT32_MAX ? UINT32_MAX : count + 1u));
    PROVE(reset_recall(&heard));
    PROVE(heard.reason == K5_RESET_OUTSIDE && heard.task == K5_NIL);
}

/* Any one wrong bit in a record is noticed. */
void h_reset_damage(void)
{
    struct reset heard;
    uint32_t bit = nondet_u32();
    uint32_t at = bit / 8u;

    reset_keep(nondet_reset());
    ASSUME(bit < 8u * sizeof reset_record);
    for (uint32_t i = 0; i < sizeof reset_record; i++) {
        if (i == at) {
            ((uint8_t *)&reset_record)[i] ^= (uint8_t)(1u << (bit % 8u));
        }
    }
    PROVE(!reset_recall(&heard));
}

/* The most urgent ready task runs, whatever the ready set has become and whoever ran before. */
void h_most_urgent(void)
{
    any_state();
    k.ready = nondet_u32();
    k.turned = nondet_u32();
    k.current = nondet_u8();
    ASSUME(ranges_valid());
    sched_resolve(SCHED_PICK);
    word runnable = k.ready & ~sched_stalled();

    if (runnable == 0) {
        PROVE(k.current == K5_IDLE);
    } else {
        task_t t = any_task();

        PROVE(k.current < K5_TASKS && ((runnable >> k.current) & 1u) != 0);
        PROVE(((k.turned >> k.current) & 1u) == 0);
        if (((runnable >> t) & 1u) != 0 && t > k.current) {
            PROVE(((cfg.equals[t] >> k.current) & 1u) != 0);
        }
    }
}

/* Choosing who runs changes nothing that a task holds or hears, while no time is lent (an overrun
 * is told). */
void h_resolve_frame(void)
{
    any_state();
    task_t t = any_task();

    k.ready = nondet_u32();
    ASSUME(ranges_valid() && k.borrowing == 0);
    sched_resolve(SCHED_PICK);
    PROVE(same_ipc(t) && same_record(t) && same_context(t));
}

/* ---- twins: each must fail, or the assumptions of its proofs exclude everything -------------- */

void twin_state(void)
{
    any_state();
    PROVE(k.current != K5_IDLE);
}

void twin_call_state(void)
{
    any_call_state();
    PROVE(k.current != K5_TASKS - 1);
}

/* Each state of a task is possible. */
#define TWIN_TASK(name, value)             \
    void twin_##name(void)                 \
    {                                      \
        any_call_state();                  \
        PROVE(k.task.state[0] != (value)); \
    }

TWIN_TASK(sending, K5_TASK_SENDING)
TWIN_TASK(calling, K5_TASK_CALLING)
TWIN_TASK(awaiting, K5_TASK_AWAITING)
TWIN_TASK(receiving, K5_TASK_RECEIVING)
TWIN_TASK(waiting, K5_TASK_WAITING)
TWIN_TASK(faulted, K5_TASK_FAULTED)
TWIN_TASK(stopped, K5_TASK_STOPPED)

/* A record can be believed, and need not be. */
void twin_reset(void)
{
    struct reset heard;

    reset_record = nondet_record();
    PROVE(!reset_recall(&heard));
}

/* A boot that gets through config_objects_valid() is possible. */
void twin_boot(void)
{
    any_config();
    PROVE(cfg.server[0] == K5_NIL);
}
