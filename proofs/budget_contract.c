/* budget_charge() by its contract, for the proofs of what calls it; the rest of kernel/budget.c as
 * it is.
 */
#include "budget_contract.h"

#define budget_charge budget_charge_real /* no caller is left */
#include "kernel/budget.c"
#undef budget_charge

struct kernel nondet_kernel(void);
struct host nondet_host(void);

/* All that may change; what may not stays as it is. */
static void charge_havoc(void)
{
    struct kernel any = nondet_kernel();

    k.ready = any.ready;
    k.turned = any.turned;
    k.borrowing = any.borrowing;
    k.empty = any.empty;
    k.timed = any.timed;
    k.mark = any.mark;
    k.since = k.now;
    if (nondet_bool()) {
        time_update(); /* telling of an overrun takes time */
    }
    k.next_event = nondet_bool() ? k.next_event : any_time() + any_ticks();
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        k.task.state[t] = any.task.state[t];
        k.task.deadline[t] = nondet_bool() ? k.task.deadline[t] : 0;
        k.task.sc[t] = any.task.sc[t];
        k.task.lender[t] = any.task.lender[t];
        k.task.depth[t] = any.task.depth[t];
        k.task.object[t] = any.task.object[t];
        k.task.mask[t] = any.task.mask[t];
        k.task.badge[t] = any.task.badge[t];
        k.task.pending[t] = any.task.pending[t];
        k.task.bits_last[t] = any.task.bits_last[t];
        k.task.overruns[t] = any.task.overruns[t];
        k.task.time_own[t] = any.task.time_own[t];
        k.task.time_lent[t] = any.task.time_lent[t];
        k.refill.time[t][0] = nondet_bool() ? 0 : any_time() + any_ticks();
        k.refill.amount[t][0] = any_ticks();
        host.arg[t][K5_A_OP] = nondet_u32();
        host.arg[t][K5_A_AUX] = nondet_u32();
    }
    for (uint32_t e = 0; e < K5_ENDPOINTS; e++) {
        k.ep.waiting[e] = any.ep.waiting[e];
    }
}

sched_t budget_charge(void)
{
    struct old before = {.k = k, .host = host};
    sched_t consequence = nondet_bool() ? SCHED_PICK : SCHED_SAME;

    PROVE(charge_allowed());
    charge_havoc();
    ASSUME(charge_valid(&before));
    ASSUME(charge_promised(&before, consequence));
    return consequence;
}
