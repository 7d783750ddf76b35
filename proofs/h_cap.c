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

static bool owns(task_t t, uint32_t s)
{
    return s >= cfg.slot_first[t] && s - cfg.slot_first[t] < cfg.slot_count[t];
}

static bool mine(uint32_t s)
{
    return owns(k.current, s);
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

/* ---- a capability in a message: message.c, which the other proofs know by message_contract.c
 * -----
 */

struct travel {
    task_t from, to;
    bool grants, came;
    uint32_t told; /* to the sender */
};

/* Of any long message, checked or not. */
static struct travel travel(void)
{
    any_tables();
    struct travel way = {.from = any_task(), .to = any_task(), .grants = nondet_bool()};

    ASSUME(way.from != way.to && ranges_valid() && tasks_valid());
    uint32_t length = host.arg[way.from][K5_A_LONG] & K5_LONG_LENGTH;

    ASSUME(length == 0 ||
           (length <= K5_BUFFER_MAX &&
            task_covers(way.from, host.arg[way.from][K5_A_BUFFER], length, K5_MEM_READ)));
    ASSUME((host.arg[way.to][K5_A_OP] & (uint32_t)K5_FLAG_CAP << 8) == 0);
    way.told = message_rest(way.from, way.to, way.grants);
    way.came = (host.arg[way.to][K5_A_OP] & (uint32_t)K5_FLAG_CAP << 8) != 0;
    return way;
}

/* The tables stay valid, whatever sweep is under way; nothing but them and two registers of the
 * receiver changes; the sender is told the truth. */
void h_cap_travel(void)
{
    struct travel way = travel();
    task_t t = any_task();
    uint32_t i = nondet_u32();
    bool carried = (old.host.arg[way.from][K5_A_LONG] & K5_LONG_CAP) != 0;

    PROVE(caps_valid());
    PROVE(sweep_valid());
    PROVE(same_ipc(t) && same_record(t) && k.ready == old.k.ready && k.current == old.k.current);
    ASSUME(i < K5_A_COUNT);
    PROVE(host.arg[t][i] == old.host.arg[t][i] ||
          (t == way.to && (i == K5_A_OP || i == K5_A_BUFFER)));
    PROVE(way.told == (carried && !way.came ? (uint32_t)K5_FLAG_CAP_KEPT << 8 : 0));
    uint16_t place = k.task.cap_place[way.to];

    PROVE(place == SLOT_NONE ? !way.came : way.came == !same_cap(place));
}

/* Who gets what: as strong as the sender's own, in the place that the receiver named, which was
 * empty; and no right to call for who is as urgent as the server. */
void h_cap_travel_authority(void)
{
    struct travel way = travel();
    uint16_t s = nondet_u16();

    ASSUME(s < K5_SLOTS);
    if (!same_cap(s)) {
        uint16_t p = k.cap.parent[s];

        PROVE(way.grants && way.came && s == k.task.cap_place[way.to] && owns(way.to, s));
        PROVE(old.k.cap.type[s] == K5_CAP_NONE && !cap_fixed(s));
        PROVE(owns(way.from, p) && cap_live(p) && !revoke_dooms(p) && cap_derivable(s, p));
        PROVE(k.cap.type[s] != K5_CAP_IRQ && k.cap.badge[s] == k.cap.badge[p]);
        PROVE(k.cap.type[s] != K5_CAP_ENDPOINT ||
              (cfg.server[k.cap.object[s]] > way.to &&
               !has(cfg.equals[way.to], cfg.server[k.cap.object[s]])));
    }
}

void twin_cap_travel(void)
{
    struct travel way = travel();

    PROVE(!way.came);
}
