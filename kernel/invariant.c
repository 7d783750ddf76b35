/* What is true of the kernel's state after every entry, as plain C.
 *
 * Shared by debug builds (INVARIANT in kernel.c), unit tests and proofs, where it is both assumed
 * before and asserted after each operation. In parts, so that a failure says which; later parts
 * index with what earlier parts bound, so kernel_valid() keeps this order.
 */
#include "kernel/invariant.h"

static bool in(word set, uint32_t t)
{
    return ((set >> t) & 1u) != 0;
}

static bool within_tasks(word set)
{
    return K5_TASKS == K5_TASK_MAX || ((uint64_t)set >> K5_TASKS) == 0;
}

bool ranges_valid(void)
{
    bool ok = within_tasks(k.ready) && within_tasks(k.turned) && within_tasks(k.timed) &&
              within_tasks(k.suspended) && within_tasks(k.borrowing) && within_tasks(k.empty);

    ok = ok && (k.current < K5_TASKS || k.current == K5_IDLE) &&
         (k.charged < K5_TASKS || k.charged == K5_IDLE);
    for (uint32_t e = 0; e < K5_ENDPOINTS; e++) {
        ok = ok && within_tasks(k.ep.waiting[e]) && within_tasks(k.ep.served[e]);
    }
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        ok = ok && k.task.state[t] < K5_TASK_STATES && k.task.calls[t] <= 0x7FFFFFFu &&
             k.task.cause[t] < K5_FAULT_CAUSES && k.task.sc[t] < K5_TASKS &&
             k.task.buffer_size[t] <= K5_BUFFER_MAX;
    }
    return ok;
}

/* The sets follow from the states: docs/adr/0002-task-states.md, row by row. */
bool sets_valid(void)
{
    bool ok = true;

    for (uint32_t t = 0; t < K5_TASKS; t++) {
        uint8_t s = k.task.state[t];
        bool blocked = s >= K5_TASK_SENDING && s <= K5_TASK_WAITING;

        ok = ok && in(k.ready, t) == (s == K5_TASK_READY);
        ok = ok && in(k.timed, t) == (k.task.deadline[t] != 0) && (blocked || !in(k.timed, t));
        ok = ok && (!in(k.suspended, t) || (s != K5_TASK_FAULTED && s != K5_TASK_STOPPED));
        for (uint32_t e = 0; e < K5_ENDPOINTS; e++) {
            ok = ok && in(k.ep.waiting[e], t) == ((s == K5_TASK_SENDING || s == K5_TASK_CALLING) &&
                                                  k.task.object[t] == e);
        }
    }
    return ok;
}

static bool queued_valid(uint32_t t)
{
    uint8_t e = k.task.object[t];

    if (e >= K5_ENDPOINTS || cfg.server[e] >= K5_TASKS) {
        return false;
    }
    uint8_t server = k.task.state[cfg.server[e]];

    return cfg.server[e] != t && server != K5_TASK_STOPPED &&
           (server != K5_TASK_RECEIVING || in(sched_stalled(), t));
}

static bool awaiting_valid(uint32_t t)
{
    uint8_t server = k.task.object[t];

    return server < K5_TASKS && server != t && k.task.calls[t] != 0 &&
           cfg.endpoint[server] != K5_NIL && k.task.state[server] != K5_TASK_FAULTED &&
           k.task.state[server] != K5_TASK_STOPPED;
}

static bool blocked_on_valid(uint32_t t)
{
    uint8_t object = k.task.object[t];

    switch (k.task.state[t]) {
    case K5_TASK_SENDING:
    case K5_TASK_CALLING: return queued_valid(t);
    case K5_TASK_AWAITING: return awaiting_valid(t);
    case K5_TASK_RECEIVING: return object != K5_NIL && object == cfg.endpoint[t];
    case K5_TASK_WAITING:
        return object == K5_NIL && (k.task.mask[t] != 0 || k.task.deadline[t] != 0);
    case K5_TASK_FAULTED: return object == K5_NIL && cfg.handler[t] != K5_NIL;
    case K5_TASK_STOPPED: return object == K5_NIL;
    default: return object == K5_NIL;
    }
}

static bool place_valid(uint32_t t)
{
    uint32_t place = k.task.cap_place[t];

    return place == SLOT_NONE ||
           (place >= cfg.slot_first[t] && place - cfg.slot_first[t] < cfg.slot_count[t] &&
            place < K5_SLOTS && !cap_fixed(place));
}

bool tasks_valid(void)
{
    bool ok = true;

    for (uint32_t t = 0; t < K5_TASKS; t++) {
        uint8_t s = k.task.state[t];
        bool listens = s == K5_TASK_RECEIVING || s == K5_TASK_WAITING;

        ok = ok && blocked_on_valid(t) && place_valid(t);
        ok = ok && (listens || k.task.mask[t] == 0);
        ok = ok && (k.task.pending[t] & k.task.mask[t]) == 0;
        ok = ok && (s == K5_TASK_SENDING || s == K5_TASK_CALLING
                        ? k.task.via[t] < K5_SLOTS
                        : k.task.badge[t] == 0 && k.task.via[t] == SLOT_NONE);
    }
    return ok;
}

/* The context that is charged begins now, or rather when it was last charged; one that is not empty
 * could begin. */
static bool context_valid(uint32_t c)
{
    ktime head = k.refill.time[c][0];
    bool ok = refill_valid((task_t)c);

    if (in(k.empty, c)) {
        return ok && refill_limited((task_t)c) && k.charged != c && k.next_event <= head;
    }
    ok = ok && head <= k.now;
    if (k.charged == c) {
        ok = ok && (!refill_limited((task_t)c) || head == k.since) &&
             (!sched_ends() || k.alarm <= k.since + k.refill.amount[c][0]);
    }
    return ok;
}

bool time_valid(void)
{
    bool ok = k.now <= TIME_LAST && k.since <= k.now;

    ok = ok && k.alarm <= k.next_event && k.alarm <= k.now + TIME_ALARM_MAX;
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        ok = ok && context_valid(t);
        ok = ok && (!in(k.timed, t) || k.next_event <= k.task.deadline[t]);
    }
    return ok;
}

bool sched_valid(void)
{
    word set = k.ready & ~sched_stalled();

    if (k.current == K5_IDLE) {
        return set == 0 && k.charged == K5_IDLE;
    }
    word me = (word)1 << k.current;

    return (set & me) != 0 && (k.turned & me) == 0 && (set & ~cfg.equals[k.current]) < me &&
           k.charged == k.task.sc[k.current];
}

/* An irq is armed only while its driver can hear it, so a line that nobody acknowledged is masked.
 */
bool irqs_valid(void)
{
    bool ok = K5_IRQS == K5_IRQ_MAX || ((uint64_t)k.armed >> K5_IRQS) == 0;

    for (uint32_t i = 0; i < K5_IRQS; i++) {
        task_t driver = cfg.irq_task[i];

        ok = ok &&
             (!in(k.armed, i) || (driver < K5_TASKS && k.task.state[driver] != K5_TASK_FAULTED &&
                                  k.task.state[driver] != K5_TASK_STOPPED));
    }
    return ok;
}

/* ---- what tasks have mapped as they run ---------------------------------------- */

static bool mapped_at(uint32_t m)
{
    return k.map.lender[m] != K5_NIL || k.map.region[m] != K5_NIL;
}

/* Of two places of one task. */
static bool apart(uint32_t m, uint32_t n)
{
    return !mapped_at(m) || !mapped_at(n) ||
           ((k.map.lender[m] == K5_NIL || k.map.lender[m] != k.map.lender[n]) &&
            (k.map.base[m] >= k.map.base[n] ? k.map.base[m] - k.map.base[n] >= k.map.size[n]
                                            : k.map.base[n] - k.map.base[m] >= k.map.size[m]));
}

/* Who lent it waits for this server, without a deadline, or was stopped for good since. */
static bool loan_valid(uint32_t m, uint32_t server)
{
    uint32_t lender = k.map.lender[m];

    if (lender == K5_NIL) {
        return true;
    }
    return lender < K5_TASKS && lender != server && k.map.size[m] != 0 &&
           (k.task.state[lender] == K5_TASK_STOPPED ||
            (k.task.state[lender] == K5_TASK_AWAITING && k.task.object[lender] == server &&
             k.task.deadline[lender] == 0));
}

/* The task has its capability, and mapped all of it. */
static bool opened_valid(uint32_t m, uint32_t t)
{
    uint32_t r = k.map.region[m];
    uint32_t at = r < K5_MOVABLES ? k.movable_at[r] : K5_SLOTS;

    return r == K5_NIL ||
           (K5_GIVES && at < K5_SLOTS && at >= cfg.slot_first[t] &&
            at - cfg.slot_first[t] < cfg.slot_count[t] && region_is(at) &&
            k.map.base[m] == cfg.movable_base[r] && k.map.size[m] == cfg.movable_size[r]);
}

static bool map_place_valid(uint32_t m, uint32_t t)
{
    bool lends = m - cfg.map_first[t] < cfg.lend_count[t];

    return lends ? loan_valid(m, t) && k.map.region[m] == K5_NIL
                 : opened_valid(m, t) && k.map.lender[m] == K5_NIL;
}

static bool maps_of_valid(uint32_t t)
{
    bool ok = true;
    bool any = false;

    for (uint32_t m = 0; m < K5_MAPS; m++) {
        bool mine = m >= cfg.map_first[t] && m - cfg.map_first[t] < cfg.map_count[t];

        ok = ok && (!mine || map_place_valid(m, t));
        any = any || (mine && mapped_at(m));
        for (uint32_t n = 0; n < m && mine; n++) {
            ok = ok && (n < cfg.map_first[t] || apart(m, n));
        }
    }
    return ok && any == in(k.mapped, t);
}

bool maps_valid(void)
{
    bool ok = within_tasks(k.mapped) && within_tasks(k.renewed);

    if (K5_LENDS == 0 && K5_GIVES == 0) {
        return k.mapped == 0 && k.renewed == 0;
    }
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        ok = ok && maps_of_valid(t) &&
             (!in(k.renewed, t) || (k.task.state[t] == K5_TASK_AWAITING && map_lends((task_t)t)));
    }
    for (uint32_t m = 0; m < K5_MAPS; m++) { /* who has it if it is nobody's place? */
        uint32_t last = K5_TASKS - 1u;

        ok = ok && (!mapped_at(m) || m < (uint32_t)cfg.map_first[last] + cfg.map_count[last]);
    }
    return ok;
}

bool kernel_valid(void)
{
    return ranges_valid() && sets_valid() && tasks_valid() && lend_valid() && sched_valid() &&
           time_valid() && caps_valid() && sweep_valid() && irqs_valid() && maps_valid();
}
