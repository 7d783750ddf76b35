/* Any configuration and any state that the invariants allow: see prove.h. */
#include "prove.h"

struct config cfg;
struct old old;

struct config nondet_config(void);
struct kernel nondet_kernel(void);
struct host nondet_host(void);
struct verdict nondet_verdict(void);

struct verdict verdict;

/* Without config_memory_valid(): what a proof does not assume, it does not need. */
void any_config(void)
{
    cfg = nondet_config();
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        cfg.budget[t] = any_ticks();
        cfg.period[t] = any_ticks();
    }
    for (uint32_t e = 0; e < K5_ENDPOINTS; e++) {
        cfg.wcet[e] = any_ticks();
    }
    ASSUME(config_objects_valid());
}

static ktime time_or(ktime special)
{
    return nondet_bool() ? special : any_time();
}

void any_kernel(void)
{
    k = nondet_kernel();
    host = nondet_host();
    k.now = any_time();
    k.since = any_time();
    k.next_event = time_or(TIME_NEVER);
    k.alarm = time_or(TIME_NEVER);
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        k.task.deadline[t] = time_or(0);
        for (uint32_t i = 0; i < K5_REFILL_MAX; i++) {
            k.refill.time[t][i] = time_or(0);
            k.refill.amount[t][i] = any_ticks();
        }
    }
}

void any_clock(void)
{
    true_time = any_time();
    ASSUME(true_time >= k.now && true_time <= TIME_LAST && true_time - k.now <= UINT32_MAX);
    witness = (struct witness){.address = nondet_u32()};
    machine_refuses = nondet_bool();
    verdict = nondet_verdict();
    ASSUME(verdict.error < K5_ERR_COUNT);
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        ASSUME(verdict.lend[t] < K5_ERR_COUNT);
    }
    old.k = k;
    old.host = host;
}

/* Part by part: later parts index with what earlier parts bound. */
void any_state(void)
{
    any_config();
    any_kernel();
    ASSUME(ranges_valid());
    ASSUME(sets_valid());
    ASSUME(tasks_valid());
    ASSUME(lend_valid());
    ASSUME(sched_valid());
    ASSUME(time_valid());
    ASSUME(caps_usable());
    ASSUME(irqs_valid() && lines_match());
    ASSUME(maps_valid() && maps_match());
    any_clock();
}

void any_call_state(void)
{
    any_state();
    ASSUME(k.current != K5_IDLE);
}

void prove_valid(void)
{
    PROVE(ranges_valid());
    PROVE(sets_valid());
    PROVE(tasks_valid());
    PROVE(lend_valid());
    PROVE(sched_valid());
    PROVE(time_valid());
    PROVE(irqs_valid());
    PROVE(lines_match());
    PROVE(maps_valid());
    PROVE(maps_match());
}

bool maps_match(void)
{
    bool ok = true;

    for (uint32_t t = 0; t < K5_TASKS; t++) {
        for (uint32_t i = 0; i < K5_MAPS && i < cfg.map_count[t]; i++) {
            uint32_t m = cfg.map_first[t] + i;
            bool lent = k.map.lender[m] != K5_NIL || k.map.region[m] != K5_NIL;

            ok = ok && host.map_size[t][i] == (lent ? k.map.size[m] : 0) &&
                 (!lent || (host.map_base[t][i] == k.map.base[m] &&
                            host.map_rights[t][i] == k.map.rights[m]));
        }
    }
    return ok;
}

bool lines_match(void)
{
    bool ok = true;

    for (uint32_t i = 0; i < K5_IRQS; i++) {
        ok = ok &&
             (cfg.irq_task[i] == K5_NIL || has(host.open[0], cfg.irq_line[i]) == has(k.armed, i));
    }
    return ok;
}

task_t any_task(void)
{
    task_t t = nondet_u8();

    ASSUME(t < K5_TASKS);
    return t;
}

bool same_ipc(task_t t)
{
    bool same = k.task.state[t] == old.k.task.state[t] &&
                k.task.object[t] == old.k.task.object[t] && k.task.mask[t] == old.k.task.mask[t] &&
                k.task.badge[t] == old.k.task.badge[t] &&
                k.task.deadline[t] == old.k.task.deadline[t];

    same = same && k.task.pending[t] == old.k.task.pending[t] &&
           k.task.setup_mask[t] == old.k.task.setup_mask[t] &&
           k.task.buffer[t] == old.k.task.buffer[t] &&
           k.task.buffer_size[t] == old.k.task.buffer_size[t] &&
           k.task.cap_place[t] == old.k.task.cap_place[t] &&
           k.task.bits_last[t] == old.k.task.bits_last[t] && k.task.calls[t] == old.k.task.calls[t];
    same = same && (((k.suspended ^ old.k.suspended) | (k.renewed ^ old.k.renewed)) >> t & 1u) == 0;
    for (uint32_t e = 0; e < K5_ENDPOINTS; e++) {
        same = same && ((k.ep.waiting[e] ^ old.k.ep.waiting[e]) >> t & 1u) == 0;
    }
    return same && ((k.timed ^ old.k.timed) >> t & 1u) == 0;
}

bool same_record(task_t t)
{
    bool same = k.task.cause[t] == old.k.task.cause[t] &&
                k.task.fault_flags[t] == old.k.task.fault_flags[t] &&
                k.task.fault_address[t] == old.k.task.fault_address[t] &&
                k.task.faults[t] == old.k.task.faults[t] &&
                k.task.overruns[t] == old.k.task.overruns[t] &&
                k.task.restarts[t] == old.k.task.restarts[t];

    for (uint32_t i = 0; i < K5_REG_COUNT; i++) {
        same = same && k.task.fault_reg[t][i] == old.k.task.fault_reg[t][i];
    }
    return same;
}

bool same_context(task_t t)
{
    bool same = host.resets[t] == old.host.resets[t];

    for (uint32_t i = 0; i < K5_A_COUNT; i++) {
        same = same && host.arg[t][i] == old.host.arg[t][i];
    }
    return same;
}

static bool slots_equal(const struct caps *a, const struct caps *b, uint32_t s)
{
    return a->type[s] == b->type[s] && a->rights[s] == b->rights[s] &&
           a->object[s] == b->object[s] && a->badge[s] == b->badge[s] &&
           a->depth[s] == b->depth[s] && a->parent[s] == b->parent[s];
}

bool same_cap(uint16_t s)
{
    return slots_equal(&k.cap, &old.k.cap, s);
}

bool tables_equal(const struct kernel *a, const struct kernel *b)
{
    bool same = a->sweep.phase == b->sweep.phase && a->sweep.task == b->sweep.task &&
                a->sweep.load == b->sweep.load && a->sweep.cursor == b->sweep.cursor &&
                a->sweep.first == b->sweep.first && a->sweep.end == b->sweep.end &&
                a->sweep.heir == b->sweep.heir;

    for (uint32_t s = 0; s < K5_SLOTS; s++) {
        same = same && slots_equal(&a->cap, &b->cap, s);
    }
    return same;
}

bool same_tables(void)
{
    return tables_equal(&k, &old.k);
}

static bool slot_usable(uint32_t t, uint32_t s)
{
    bool mine = s >= cfg.slot_first[t] && s - cfg.slot_first[t] < cfg.slot_count[t];
    bool serves = k.cap.type[s] == K5_CAP_ENDPOINT && (k.cap.rights[s] & K5_RIGHT_SERVE) != 0;

    return !mine || !serves || k.cap.object[s] == cfg.endpoint[t];
}

bool caps_usable(void)
{
    bool ok = true;

    for (uint32_t s = 0; s < K5_SLOTS; s++) {
        uint8_t object = k.cap.object[s];

        switch (k.cap.type[s]) {
        case K5_CAP_ENDPOINT:
            ok = ok && object < K5_ENDPOINTS && cfg.server[object] < K5_TASKS;
            break;
        case K5_CAP_NOTIFICATION:
        case K5_CAP_TASK: ok = ok && object < K5_TASKS; break;
        case K5_CAP_IRQ: ok = ok && object < K5_IRQS && cfg.irq_task[object] < K5_TASKS; break;
        default: break; /* cap_check() finds it by no type */
        }
        for (uint32_t t = 0; t < K5_TASKS; t++) {
            ok = ok && slot_usable(t, s);
        }
    }
    return ok;
}
