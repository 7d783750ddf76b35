/* Every system call: from any valid state, with any arguments, no undefined behaviour and a valid
 * state again; the caller of a refused call sees A0 change and nothing else.
 *
 * STEP makes the harness h_NAME for sys_NAME; suite.txt has a row for each.
 */
#include "prove.h"

#define STEP(name)                   \
    void h_##name(void)              \
    {                                \
        any_call_state();            \
        sched_resolve(sys_##name()); \
        prove_valid();               \
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
STEP(log)
STEP(panic)
STEP(exit)
STEP(bad_call)
