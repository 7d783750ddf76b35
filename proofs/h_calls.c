/* Every system call: from any valid state, with any arguments, no undefined behaviour and a valid
 * state again; the caller of a refused call sees A0 change and nothing else.
 *
 * STEP makes the harness h_NAME for sys_NAME; suite.txt has a row for each.
 */
#include "prove.h"

#define STEP(name)                \
    void h_##name(void)           \
    {                             \
        any_call_state();         \
        prove_step(sys_##name()); \
    }

STEP(send)
STEP(call)
STEP(recv)
STEP(reply)
STEP(reply_recv)
STEP(signal)
STEP(wait)
STEP(yield)
STEP(time)
STEP(ipc_setup)
STEP(task_inspect)
STEP(task_restart)
STEP(task_stop)
STEP(task_suspend)
STEP(task_resume)
STEP(irq_ack)
STEP(log)
STEP(panic)
STEP(exit)

void h_bad_call(void)
{
    any_call_state();
    prove_step(sys_bad_call(nondet_u32()));
}

/* Then it is chosen who runs, from whatever state an operation can leave. */
void h_resolve(void)
{
    any_mid();
    sched_resolve(SCHED_PICK);
    prove_valid();
    PROVE(same_tables());
}
