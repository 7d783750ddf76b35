/* Revocation, and whatever else has to look at every slot of the system: a sweep, in steps.
 *
 *   revoke, reset   MARK   what derives from [first, end) is dying: not usable, not yet free
 *                   WAKE   callers that wait through a dying capability
 *                   CLEAR  dying slots become free
 *                   LOAD   a restarted task's own table; only of a reset
 *   delete, move    ADOPT  children of `first` hang from `heir`; then `first` is free
 *
 * A step looks at K5_SWEEP_SLOTS slots. Then the task is on its way out of the kernel, and what is
 * more urgent runs; its call goes on when it runs next (arch_again), on its own budget. There is
 * one sweep at a time: who needs one while another's is under way first does that one to its end.
 *
 * A restarted task begins with K5_SYS_CAP_RESET before its first instruction, so that what its last
 * life handed out is gone, and its table is that of the image, when it runs. Both numbers that go
 * on (K5_SYS_CAP_SWEEP, _RESET) are harmless in anybody's hands: a step of a sweep that has to be
 * done, and one's own authority as after a restart.
 *
 * Invariant (sweep_valid): see each phase there. In MARK nothing that is doomed has children made
 * (revoke_dooms), so slots that were passed stay right, and one pass is enough.
 */
#include "kernel/kernel.h"

#include "arch/arch.h"
#include "kernel/argument.h"
#include "kernel/contract.h"

bool revoke_within(uint32_t slot)
{
    return slot >= k.sweep.first && slot < k.sweep.end;
}

/* Each parent has less depth, so the walk ends. */
bool revoke_descends(uint32_t slot)
{
    uint32_t at = k.cap.parent[slot];

    for (uint32_t i = 0; i < K5_DEPTH_MAX && at != SLOT_NONE; i++) {
        if (revoke_within(at)) {
            return true;
        }
        at = k.cap.parent[at];
    }
    return false;
}

static bool revoking(void)
{
    return k.sweep.phase == SWEEP_MARK || k.sweep.phase == SWEEP_WAKE ||
           k.sweep.phase == SWEEP_CLEAR || k.sweep.phase == SWEEP_LOAD;
}

bool revoke_dooms(uint32_t slot)
{
    return revoking() && (revoke_within(slot) || revoke_descends(slot));
}

/* ---- steps ---------------------------------------- */

static void mark(uint32_t s)
{
    if (cap_live(s) && !cap_fixed(s) && revoke_descends(s)) {
        k.cap.type[s] |= CAP_DYING;
    }
}

static void clear(uint32_t s)
{
    if ((k.cap.type[s] & CAP_DYING) != 0) {
        cap_clear(s);
    }
}

static void adopt(uint32_t s)
{
    if (k.cap.parent[s] == k.sweep.first) {
        k.cap.parent[s] = k.sweep.heir;
    }
}

static sched_t wake_callers(void)
{
    sched_t consequence = SCHED_SAME;

    for (uint32_t t = 0; t < K5_TASKS; t++) {
        uint16_t via = k.task.via[t];

        if (via != SLOT_NONE && (k.cap.type[via] & CAP_DYING) != 0) {
            endpoint_leave((task_t)t);
            arch_result((task_t)t, K5_A_OP, K5_ERR_REVOKED);
            consequence = sched_wake((task_t)t);
        }
    }
    return consequence;
}

/* The next slots of this phase; true: those were the last. */
static bool slots_step(void)
{
    uint32_t s = k.sweep.cursor;

    for (uint32_t i = 0; i < K5_SWEEP_SLOTS && s < K5_SLOTS; i++) {
        switch (k.sweep.phase) {
        case SWEEP_MARK: mark(s); break;
        case SWEEP_CLEAR: clear(s); break;
        default: adopt(s); break;
        }
        s++;
    }
    k.sweep.cursor = (uint16_t)s;
    return s == K5_SLOTS;
}

static void phase_begin(phase_t phase)
{
    k.sweep.phase = (uint8_t)phase;
    k.sweep.cursor = 0;
}

/* One step of the sweep that is under way. */
static sched_t sweep_step(void)
{
    sched_t consequence = SCHED_SAME;

    switch (k.sweep.phase) {
    case SWEEP_MARK:
        if (slots_step()) {
            phase_begin(SWEEP_WAKE);
        }
        break;
    case SWEEP_WAKE:
        consequence = wake_callers();
        phase_begin(SWEEP_CLEAR);
        break;
    case SWEEP_CLEAR:
        if (slots_step()) {
            phase_begin(k.sweep.load ? SWEEP_LOAD : SWEEP_NONE);
        }
        break;
    case SWEEP_LOAD:
        region_return(k.sweep.task);
        cap_load(k.sweep.task);
        phase_begin(SWEEP_NONE);
        break;
    default:
        if (slots_step()) {
            cap_clear(k.sweep.first);
            phase_begin(SWEEP_NONE);
        }
        break;
    }
    return consequence;
}

/* ---- calls ---------------------------------------- */

static sched_t refuse(uint8_t error)
{
    arch_result(k.current, K5_A_OP, error);
    return SCHED_SAME;
}

/* The running task's call goes on with the sweep that it has begun, or returns: then it is over,
 * by its own steps or by another's. */
sched_t sys_cap_sweep(void)
{
    task_t me = k.current;
    sched_t consequence = SCHED_SAME;

    if (k.sweep.phase != SWEEP_NONE && k.sweep.task == me) {
        consequence = sweep_step();
    }
    if (k.sweep.phase != SWEEP_NONE && k.sweep.task == me) {
        arch_again(me);
    } else {
        arch_result(me, K5_A_OP, K5_OK);
    }
    return consequence;
}

static sched_t sweep_begin(struct sweep sweep)
{
    k.sweep = sweep;
    k.sweep.task = k.current;
    arch_result(k.current, K5_A_OP, K5_SYS_CAP_SWEEP);
    return sys_cap_sweep();
}

/* Another's sweep first: a step of it, and the call anew. */
static sched_t sweep_other(void)
{
    arch_again(k.current);
    return sweep_step();
}

static bool is_place(uint32_t number)
{
    return number < cfg.slot_count[k.current];
}

/* A fixed place may be empty and still have children. */
sched_t sys_cap_revoke(void)
{
    uint32_t number = slot_arg();

    if (!is_place(number) || (!cap_live(cap_slot(number)) && !cap_fixed(cap_slot(number)))) {
        return refuse(K5_ERR_SLOT);
    }
    if (k.sweep.phase != SWEEP_NONE) {
        return sweep_other();
    }
    uint16_t s = cap_slot(number);

    return sweep_begin((struct sweep){
        .phase = SWEEP_MARK, .first = s, .end = (uint16_t)(s + 1u), .heir = SLOT_NONE});
}

sched_t sys_cap_reset(void)
{
    task_t me = k.current;

    if (k.sweep.phase != SWEEP_NONE) {
        return sweep_other();
    }
    return sweep_begin((struct sweep){.phase = SWEEP_MARK,
                                      .load = true,
                                      .first = cfg.slot_first[me],
                                      .end = (uint16_t)(cfg.slot_first[me] + cfg.slot_count[me]),
                                      .heir = SLOT_NONE});
}

/* The free slot `from` is given up; what derives from it derives from `heir`, which is not weaker.
 */
static sched_t give_up(uint16_t from, uint16_t heir)
{
    k.cap.type[from] |= CAP_DYING;
    return sweep_begin((struct sweep){
        .phase = SWEEP_ADOPT, .first = from, .end = (uint16_t)(from + 1u), .heir = heir});
}

/* The children of a fixed place stay where they are. */
sched_t sys_cap_delete(void)
{
    uint32_t number = slot_arg();

    if (!is_place(number) || !cap_live(cap_slot(number))) {
        return refuse(K5_ERR_SLOT);
    }
    uint16_t s = cap_slot(number);

    if (region_is(s)) {
        region_delete(k.current, s);
        return refuse(K5_OK);
    }
    if (cap_fixed(s)) {
        cap_clear(s);
        return refuse(K5_OK);
    }
    return k.sweep.phase != SWEEP_NONE ? sweep_other() : give_up(s, k.cap.parent[s]);
}

static uint8_t move_decode(uint16_t *from, uint16_t *to)
{
    uint32_t number = slot_arg();

    if (!is_place(number) || !cap_live(cap_slot(number)) || cap_fixed(cap_slot(number))) {
        return K5_ERR_SLOT;
    }
    uint8_t error = cap_place_check(label_arg());

    if (error == K5_OK) {
        *from = cap_slot(number);
        *to = cap_slot(label_arg());
    }
    return error;
}

sched_t sys_cap_move(void)
{
    uint16_t from;
    uint16_t to;
    uint8_t error = move_decode(&from, &to);

    if (error != K5_OK) {
        return refuse(error);
    }
    if (region_is(from)) {
        region_move(k.current, from, to);
        return refuse(K5_OK);
    }
    if (k.sweep.phase != SWEEP_NONE) {
        return sweep_other();
    }
    k.cap.type[to] = k.cap.type[from];
    k.cap.rights[to] = k.cap.rights[from];
    k.cap.object[to] = k.cap.object[from];
    k.cap.depth[to] = k.cap.depth[from];
    k.cap.parent[to] = k.cap.parent[from];
    k.cap.badge[to] = k.cap.badge[from];
    return give_up(from, to);
}
