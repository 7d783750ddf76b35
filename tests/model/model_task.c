/* Faults, restart, stop, suspension and inspection: docs/adr/0002 and 0003, time.md, k5.h. */
#include "model.h"

#include <string.h>

static bool handles_faults(int t)
{
    bool any = false;

    for (int i = 0; i < K5_TASKS; i++) {
        any = any || cfg.handler[i] == t;
    }
    return any;
}

bool spec_dead(int t)
{
    return m.task[t].state == K5_TASK_FAULTED || m.task[t].state == K5_TASK_STOPPED;
}

/* time.md, When a chain breaks: who dies is home, and so is everything downwards of it; who waits
 * for its answer gets K5_ERR_PEER_DIED. */
static void end(int t)
{
    spec_irqs_end(t);
    m.task[t].suspended = false;
    spec_orphan(t, K5_ERR_PEER_DIED);
    spec_go_home(t);
    m.task[t].goes_on = false;
    m.task[t].sweeping = false;
}

static void die(int t, unsigned state)
{
    spec_unblock(t);
    end(t);
    m.task[t].state = state;
    m.task[t].renewed = false;
    if (state == K5_TASK_STOPPED) {
        spec_regions_return(t);
        spec_close(t);
    }
}

/* ADR 16: "a restarted task begins not at its first instruction", but with the call cap_reset. */
void spec_begin(int t)
{
    spec_unblock(t);
    m.task[t].renewed = false;
    m.task[t].goes_on = true;
}

/* concepts.md: "a restarted task begins at its first instruction with fresh data and the
 * capabilities of app.toml"; ADR 2: "a handler that is restarted is told again of its tasks that
 * are still FAULTED"; time.md: "a restart ends a suspension". ADR 18: "a lender that is restarted
 * meanwhile is reset at once, and its new life begins with the answer". */
static void start_anew(int t)
{
    struct spec_task *task = &m.task[t];
    bool lends = task->state == K5_TASK_AWAITING && task->loan.server != NOBODY;

    if (lends) {
        spec_recall(t);
        end(t);
        task->renewed = true;
        task->owed = 0;
    } else {
        spec_unblock(t);
        end(t);
        spec_begin(t);
    }
    memset(task->reg, 0, sizeof task->reg);
    task->reg[K5_A_OP] = K5_SYS_CAP_RESET;
    task->setup_mask = 0;
    task->buffer = 0;
    task->buffer_size = 0;
    task->place = NOBODY;
    task->bits_last = false;
    task->resets++;
    task->restarts++;
    for (int i = 0; i < K5_TASKS; i++) {
        if (cfg.handler[i] == t && m.task[i].state == K5_TASK_FAULTED) {
            spec_bits(t, cfg.handler_bits[i]);
        }
    }
}

/* ADR 2: "a task with a handler becomes FAULTED by its fault; one without becomes STOPPED", or by
 * on-fault is restarted. */
void spec_fault(int t, uint32_t cause, uint32_t flags, uint32_t address, const uint32_t *reg)
{
    struct spec_task *task = &m.task[t];

    task->cause = cause;
    task->flags = flags;
    task->address = address;
    memcpy(task->fault_reg, reg, sizeof task->fault_reg);
    task->faults++;
    if (cfg.handler[t] != K5_NIL) {
        die(t, K5_TASK_FAULTED);
        spec_bits(cfg.handler[t], cfg.handler_bits[t]);
    } else if (cfg.on_fault[t] == K5_ON_FAULT_RESTART) {
        start_anew(t);
    } else {
        die(t, K5_TASK_STOPPED);
    }
}

/* ---- control ---- */

/* The task that the running one controls, or NOBODY: then its result is the refusal. */
static int controlled(int t, uint32_t right)
{
    int slot;
    uint32_t error = spec_cap(t, K5_CAP_TASK, right, &slot);

    spec_result(t, error, 0, 0);
    return error == K5_OK ? (int)m.cap[slot].object : NOBODY;
}

/* ADR 1: "restart and stop refuse the caller itself and a task that stopped for good". */
void spec_restart(int t)
{
    int other = controlled(t, K5_RIGHT_RESTART);

    if (other == NOBODY) {
        return;
    }
    if (other == t || m.task[other].state == K5_TASK_STOPPED) {
        spec_result(t, K5_ERR_ARG, 0, 0);
        return;
    }
    start_anew(other);
}

/* "stop also refuses a task that handles the faults of others". */
void spec_stop(int t)
{
    int other = controlled(t, K5_RIGHT_RESTART);

    if (other == NOBODY) {
        return;
    }
    if (other == t || m.task[other].state == K5_TASK_STOPPED || handles_faults(other)) {
        spec_result(t, K5_ERR_ARG, 0, 0);
        return;
    }
    die(other, K5_TASK_STOPPED);
}

/* time.md, Suspend and resume: "suspending gives back what it was lent and recalls what it lent";
 * "faulted and stopped tasks cannot be suspended or resumed, nor can a task suspend itself or one
 * that handles faults". */
void spec_suspend(int t)
{
    int other = controlled(t, K5_RIGHT_SUSPEND);

    if (other == NOBODY) {
        return;
    }
    if (spec_dead(other) || other == t || handles_faults(other)) {
        spec_result(t, K5_ERR_ARG, 0, 0);
        return;
    }
    m.task[other].suspended = true;
    spec_recall(other);
    spec_go_home(other);
}

/* Who is queued and no longer stalled may be taken now. k5.h: errors as k5_task_suspend. */
void spec_resume(int t)
{
    int other = controlled(t, K5_RIGHT_SUSPEND);

    if (other == NOBODY) {
        return;
    }
    if (spec_dead(other) || other == t || handles_faults(other)) {
        spec_result(t, K5_ERR_ARG, 0, 0);
        return;
    }
    m.task[other].suspended = false;
    spec_offers();
}

/* ---- inspection: abi/k5_abi.h, K5_INSPECT_PAGES ---- */

static uint32_t condition(int t)
{
    return (m.task[t].suspended ? K5_CONDITION_SUSPENDED : 0u) |
           (m.task[t].home.empty ? K5_CONDITION_EMPTY : 0u) |
           (m.task[t].lender != NOBODY ? K5_CONDITION_LENT : 0u);
}

static void page_status(int t, uint32_t w[K5_MSG_WORDS])
{
    const struct spec_task *task = &m.task[t];

    w[0] = task->state | task->cause << 8 | task->flags << 16 | condition(t) << 24;
    w[1] = task->address;
    w[2] = task->restarts;
    w[3] = task->faults;
}

static void page_registers(int t, uint32_t first, uint32_t w[K5_MSG_WORDS])
{
    for (uint32_t i = 0; i < K5_MSG_WORDS; i++) {
        w[i] = first + i < K5_REG_COUNT ? m.task[t].fault_reg[first + i] : 0;
    }
}

static void page_time(int t, uint32_t w[K5_MSG_WORDS])
{
    w[0] = (uint32_t)m.task[t].time_own;
    w[1] = (uint32_t)(m.task[t].time_own >> 32);
    w[2] = (uint32_t)m.task[t].time_lent;
    w[3] = (uint32_t)(m.task[t].time_lent >> 32);
}

/* Dropped log lines are no part of the model. */
static void page_counts(int t, uint32_t w[K5_MSG_WORDS])
{
    w[0] = m.task[t].calls;
    w[1] = m.task[t].overruns;
    w[2] = 0;
    w[3] = 0;
    m.unknown |= 1u << (K5_A_W0 + 2);
}

void spec_inspect(int t)
{
    uint32_t page = m.task[t].reg[K5_A_AUX];
    uint32_t *w = &m.task[t].reg[K5_A_W0];
    int other = controlled(t, K5_RIGHT_INSPECT);

    if (other == NOBODY) {
        return;
    }
    if (page >= K5_INSPECT_PAGES) {
        spec_result(t, K5_ERR_ARG, 0, 0);
    } else if (page == 0) {
        page_status(other, w);
    } else if (page == 6) {
        page_time(other, w);
    } else if (page == 7) {
        page_counts(other, w);
    } else {
        page_registers(other, 4 * (page - 1), w);
    }
}
