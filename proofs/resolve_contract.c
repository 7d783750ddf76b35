/* sched_resolve() by its contract: an entry ends there. What it makes of a state that it may start
 * from is proved by entry_resolve; here, that it is such a state.
 */
#include "prove.h"

#define sched_resolve sched_resolve_real /* no caller is left */
#include "kernel/sched.c"
#undef sched_resolve

void sched_resolve(sched_t consequence)
{
    prove_step(consequence);
    ASSUME(false);
}
