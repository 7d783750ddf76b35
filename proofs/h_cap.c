/* Capabilities: every operation that writes a table, from any tables and in any phase of a sweep.
 *
 * Nothing of the kernel's state but tables, sweep and the caller's registers matters to them, or is
 * written (same_rest), but for the step that wakes callers. That one is proved twice: it keeps all
 * of the invariant but caps_valid() and sweep_valid() and writes no table (h_cap_wake), and it
 * keeps these two (h_cap_close). A mint writes the caller's own table only, and nothing stronger
 * than what stood there (h_cap_authority); a revocation leaves no descendant (h_cap_revoked).
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

/* What most operations assume of the tables is less than what these keep. */
void h_caps_usable(void)
{
    any_tables();
    PROVE(caps_usable());
}

void h_cap_wake(void)
{
    any_call_state();
    ASSUME(k.sweep.phase == SWEEP_WAKE && k.sweep.task == k.current);
    uint16_t s = nondet_u16();

    ASSUME(s < K5_SLOTS);
    prove_step(sys_cap_sweep());
    PROVE(same_cap(s) && k.sweep.phase == SWEEP_CLEAR && k.sweep.cursor == 0);
}

void h_cap_close(void)
{
    any_tables();
    ASSUME(k.sweep.phase == SWEEP_WAKE);
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        ASSUME(k.task.via[t] == SLOT_NONE);
    }
    PROVE(sys_cap_sweep() == SCHED_SAME);
    PROVE(caps_valid());
    PROVE(sweep_valid());
}

static bool mine(uint32_t s)
{
    return s >= cfg.slot_first[k.current] &&
           s - cfg.slot_first[k.current] < cfg.slot_count[k.current];
}

void h_cap_authority(void)
{
    any_tables();
    uint16_t s = nondet_u16();

    ASSUME(s < K5_SLOTS);
    step(sys_cap_mint());
    PROVE(same_cap(s) || (mine(s) && !cap_fixed(s) && mine(k.cap.parent[s]) &&
                          cap_live(k.cap.parent[s]) && cap_derivable(s, k.cap.parent[s])));
}

void h_cap_revoked(void)
{
    any_tables();
    uint16_t s = nondet_u16();

    ASSUME(s < K5_SLOTS && k.sweep.phase == SWEEP_CLEAR && k.sweep.task == k.current);
    step(sys_cap_sweep());
    if (k.sweep.phase != SWEEP_CLEAR) { /* over, but for a restarted task's own table */
        PROVE(!cap_live(s) || !revoke_descends(s));
        PROVE((k.cap.type[s] & CAP_DYING) == 0);
    }
}

void twin_cap_revoked(void)
{
    any_tables();
    ASSUME(k.sweep.phase == SWEEP_CLEAR && k.sweep.task == k.current);
    step(sys_cap_sweep());
    PROVE(k.sweep.phase == SWEEP_CLEAR);
}

void twin_cap_mint(void)
{
    any_tables();
    step(sys_cap_mint());
    PROVE(same_tables());
}
