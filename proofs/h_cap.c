/* Capabilities: every operation that writes a table, from any tables and in any phase of a sweep.
 *
 * Nothing of the kernel's state but tables, sweep and the caller's registers matters to them, or is
 * written (same_rest), but for the step that wakes callers: that one is proved with all of the
 * invariant, and writes no table (h_cap_wake). From caps_valid() and sweep_valid() follow authority
 * (h_cap_authority), and that a revocation leaves no descendant (h_cap_revoked).
 */
#include "prove.h"

struct config nondet_config(void);
struct kernel nondet_kernel(void);
struct host nondet_host(void);

static void any_tables(void)
{
    cfg = nondet_config();
    k = nondet_kernel();
    host = nondet_host();
    ASSUME(config_objects_valid());
    ASSUME(k.current < K5_TASKS);
    ASSUME(caps_valid());
    ASSUME(sweep_valid());
    old.k = k;
    old.host = host;
}

/* All but tables, sweep and the caller's own argument registers. */
static bool same_rest(task_t t)
{
    return same_ipc(t) && same_record(t) && (t == old.k.current || same_context(t)) &&
           k.ready == old.k.ready && k.current == old.k.current && k.turned == old.k.turned;
}

#define CAP_STEP(name)                         \
    void h_cap_##name(void)                    \
    {                                          \
        any_tables();                          \
        task_t t = any_task();                 \
                                               \
        ASSUME(k.sweep.phase != SWEEP_WAKE);   \
        PROVE(sys_cap_##name() == SCHED_SAME); \
        PROVE(caps_valid());                   \
        PROVE(sweep_valid());                  \
        PROVE(same_rest(t));                   \
    }

CAP_STEP(mint)
CAP_STEP(info)
CAP_STEP(move)
CAP_STEP(delete)
CAP_STEP(revoke)
CAP_STEP(sweep)
CAP_STEP(reset)
