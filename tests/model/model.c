/* Entries, and who runs: docs/manual/time.md "Who runs", docs/adr/0002 "Equals in turn". */
#include "model.h"

#include <string.h>

struct model m;

bool model_equals(int a, int b)
{
    return ((cfg.equals[a] >> b) & 1u) != 0;
}

/* ---- who runs ---- */

static bool can_run(int t)
{
    return m.task[t].state == K5_TASK_READY && !spec_stalled(t);
}

/* "Among ready tasks of the highest priority the running one goes on until its turn ends"; "the
 * next is the highest-numbered ready equal that is not in `turned`; when all ready equals are in
 * it, a new round begins without them in it". */
static int choose(void)
{
    int top = NOBODY;
    int next = NOBODY;

    for (int t = 0; t < K5_TASKS; t++) {
        top = can_run(t) ? t : top;
    }
    if (top == NOBODY) {
        return NOBODY;
    }
    if (m.current != NOBODY && can_run(m.current) && model_equals(m.current, top) &&
        !m.task[m.current].turn_ended) {
        return m.current;
    }
    for (int t = 0; t < K5_TASKS; t++) {
        next = can_run(t) && model_equals(t, top) && !m.task[t].turn_ended ? t : next;
    }
    if (next != NOBODY) {
        return next;
    }
    for (int t = 0; t < K5_TASKS; t++) {
        m.task[t].turn_ended = m.task[t].turn_ended && !model_equals(t, top);
    }
    m.seen[SEEN_ROUND]++;
    return top;
}

static int charged_by(int t)
{
    return t == NOBODY ? NOBODY : spec_context(t);
}

/* "Then it is chosen who runs, and if that is on another context, the one before is charged." What
 * that uses up may be lent, and whom the overrun wakes may be more urgent: then it is chosen again.
 */
static void resolve(void)
{
    m.current = choose();
    if (charged_by(m.current) != m.charged) {
        spec_charge();
        m.current = choose();
    }
    if (charged_by(m.current) != m.charged) {
        m.charged = charged_by(m.current);
        m.charged_since = m.now;
        if (m.charged != NOBODY) {
            spec_activate(m.charged);
        }
    }
}

/* Statistics: "the time that it used on its home context and on lent time, in ticks, exactly"; "a
 * kernel entry is charged to the context that was running when it began". */
static void enter(uint64_t now)
{
    uint64_t used = now - m.now;

    if (m.current != NOBODY && m.task[m.current].lender == NOBODY) {
        m.task[m.current].time_own += used;
    } else if (m.current != NOBODY) {
        m.task[m.current].time_lent += used;
    }
    m.now = now;
    m.unknown = 0;
}

/* ---- entries ---- */

void model_boot(uint64_t now)
{
    memset(&m, 0, sizeof m);
    m.now = now;
    m.charged_since = now;
    m.current = NOBODY;
    m.charged = NOBODY;
    for (int t = 0; t < K5_TASKS; t++) {
        struct spec_context *c = &m.task[t].home;

        m.task[t].lender = NOBODY;
        m.task[t].at = NOBODY;
        m.task[t].via = NOBODY;
        m.task[t].place = NOBODY;
        m.task[t].loan.server = NOBODY;
        c->turn = cfg.budget[t] == cfg.period[t];
        c->left = cfg.budget[t];
        c->count = 1;
        c->refill[0] = (struct spec_refill){now, cfg.budget[t]};
    }
    for (int s = 0; s < K5_SLOTS; s++) {
        m.cap[s].parent = NOBODY;
    }
    for (int r = 0; r < K5_MOVABLES; r++) {
        bool there = cfg.movable_home[r] < K5_SLOTS;

        m.region[r] = (struct spec_region){.at = there ? cfg.movable_home[r] : NOBODY};
    }
    for (int t = 0; t < K5_TASKS; t++) {
        spec_image(t);
    }
    resolve();
}

/* "The time is read; the running context is charged; deadlines that have passed end their calls
 * (the least urgent task first); contexts whose head's time has come are not empty any more; each
 * server that is receiving while an unstalled task is queued at its endpoint takes the next one, as
 * `recv` would; then who runs is chosen." */
void model_alarm(uint64_t now)
{
    enter(now);
    spec_charge();
    for (int t = 0; t < K5_TASKS; t++) {
        if (m.task[t].deadline != 0 && m.task[t].deadline <= now) {
            spec_wake(t, K5_TIMEOUT);
        }
    }
    for (int t = 0; t < K5_TASKS; t++) {
        if (m.task[t].home.refill[0].time <= now) {
            m.task[t].home.empty = false;
        }
    }
    spec_offers();
    resolve();
}

void model_fault(uint64_t now, uint32_t cause, uint32_t flags, uint32_t address,
                 const uint32_t *reg)
{
    enter(now);
    spec_fault(m.current, cause, flags, address, reg);
    resolve();
}

void model_interrupt(uint64_t now, int irq)
{
    enter(now);
    spec_interrupt(irq);
    resolve();
}

/* abi: a panic, an exit and a bad number are faults with an address; the record's registers are
 * those that the port can see of a task in a system call. */
static void end_by_call(int t, uint32_t cause, uint32_t address)
{
    static const uint32_t none[K5_REG_COUNT];

    spec_fault(t, cause, K5_FAULT_HAS_ADDRESS, address, none);
}

static void dispatch(int t)
{
    struct spec_task *task = &m.task[t];
    uint32_t number = task->reg[K5_A_OP] & 0xFF;

    switch (number) {
    case K5_SYS_SEND:
    case K5_SYS_SEND | K5_OP_LONG: spec_send_or_call(t, false); break;
    case K5_SYS_CALL:
    case K5_SYS_CALL | K5_OP_LONG: spec_send_or_call(t, true); break;
    case K5_SYS_RECV: spec_recv(t); break;
    case K5_SYS_REPLY:
    case K5_SYS_REPLY | K5_OP_LONG: spec_reply(t); break;
    case K5_SYS_REPLY_RECV:
    case K5_SYS_REPLY_RECV | K5_OP_LONG: spec_reply_recv(t); break;
    case K5_SYS_SIGNAL: spec_signal(t); break;
    case K5_SYS_WAIT: spec_wait(t); break;
    case K5_SYS_YIELD:
        spec_yield(t);
        spec_result(t, K5_OK, 0, 0);
        break;
    case K5_SYS_TIME:
        task->reg[K5_A_X0] = (uint32_t)m.now;
        task->reg[K5_A_X1] = (uint32_t)(m.now >> 32);
        spec_result(t, K5_OK, 0, 0);
        break;
    case K5_SYS_IPC_SETUP: spec_setup(t); break;
    case K5_SYS_TASK_INSPECT: spec_inspect(t); break;
    case K5_SYS_TASK_RESTART: spec_restart(t); break;
    case K5_SYS_TASK_STOP: spec_stop(t); break;
    case K5_SYS_TASK_SUSPEND: spec_suspend(t); break;
    case K5_SYS_TASK_RESUME: spec_resume(t); break;
    case K5_SYS_IRQ_ACK: spec_irq_ack(t); break;
    case K5_SYS_CAP_MINT: spec_mint(t); break;
    case K5_SYS_CAP_MOVE: spec_move(t); break;
    case K5_SYS_CAP_DELETE: spec_delete(t); break;
    case K5_SYS_CAP_REVOKE: spec_revoke(t); break;
    case K5_SYS_CAP_INFO: spec_info(t); break;
    case K5_SYS_CAP_SWEEP: spec_result(t, K5_OK, 0, 0); break; /* of its own: "does nothing" */
    case K5_SYS_CAP_RESET: spec_cap_reset(t); break;
    case K5_SYS_MAP: spec_map(t); break;
    case K5_SYS_UNMAP: spec_unmap(t); break;
    case K5_SYS_PANIC: end_by_call(t, K5_FAULT_PANIC, task->reg[K5_A_AUX]); break;
    case K5_SYS_EXIT: end_by_call(t, K5_FAULT_EXIT, task->reg[K5_A_AUX]); break;
    default: end_by_call(t, K5_FAULT_SYSCALL, number); break;
    }
}

void model_syscall(uint64_t now)
{
    int t = m.current;

    enter(now);
    if (m.task[t].sweeping) {
        spec_go_on(t);
    } else {
        m.task[t].goes_on = false;
        dispatch(t);
    }
    resolve();
}

/* ---- what is demanded of the alarm ---- */

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static bool queued_or_ready(int t)
{
    return m.task[t].state == K5_TASK_READY || m.task[t].state == K5_TASK_SENDING ||
           m.task[t].state == K5_TASK_CALLING;
}

/* When the running context is used up, if that means something to somebody: a limit, lent time, or
 * a turn that others wait for. */
static uint64_t running_due(void)
{
    const struct spec_context *c = &m.task[m.charged].home;
    bool matters = !c->turn || spec_borrower(m.charged) != NOBODY;

    for (int t = 0; t < K5_TASKS; t++) {
        matters = matters || (t != m.current && can_run(t) && model_equals(t, m.current));
    }
    return matters ? m.charged_since + (c->turn ? c->left : c->refill[0].amount) : UINT64_MAX;
}

uint64_t model_due(void)
{
    uint64_t due = UINT64_MAX;

    for (int t = 0; t < K5_TASKS; t++) {
        const struct spec_task *task = &m.task[t];

        if (task->deadline != 0) {
            due = earlier(due, task->deadline);
        }
        if (task->home.empty && queued_or_ready(t) && spec_stalled(t) && !task->suspended) {
            due = earlier(due, task->home.refill[0].time);
        }
    }
    return m.charged != NOBODY ? earlier(due, running_due()) : due;
}

/* ---- what the text promises ---- */

static bool refills_valid(int t)
{
    const struct spec_context *c = &m.task[t].home;
    uint64_t sum = 0;

    for (unsigned i = 0; i < c->count; i++) {
        sum += c->refill[i].amount;
        if (i > 0 && c->refill[i].time < c->refill[i - 1].time) {
            return false;
        }
    }
    return c->count >= 1 && c->count <= REFILLS_MAX && sum == cfg.budget[t];
}

/* "The amounts always add up to the budget", sorted; a borrower's lender awaits its answer; nobody
 * runs who is stalled. */
bool model_valid(void)
{
    bool ok = (m.current == NOBODY || can_run(m.current)) && m.wrong == NULL;

    for (int t = 0; t < K5_TASKS; t++) {
        int lender = m.task[t].lender;

        ok = ok && refills_valid(t);
        if (lender != NOBODY) {
            ok = ok && m.task[lender].state == K5_TASK_AWAITING && m.task[lender].at == t;
            ok = ok && !m.task[t].suspended && !m.task[lender].suspended;
        }
    }
    return ok;
}
