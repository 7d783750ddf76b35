/* What a run reached: counted from the model's state before and after each entry. A case that is
 * never reached proves nothing, so run.sh fails if one of these is 0 over all systems. */
#include <stdio.h>
#include <string.h>

#include "driver.h"

enum cover {
    COVER_ERROR = 0, /* + K5_OK .. : a task runs on with this error */
    COVER_CALLS = COVER_ERROR + K5_ERR_COUNT,
    COVER_SEEN = COVER_CALLS + K5_SYS_COUNT,           /* + enum seen */
    COVER_SUSPENDED = COVER_SEEN + SEEN_COUNT,         /* + state, READY .. WAITING */
    COVER_TIMEOUT = COVER_SUSPENDED + K5_TASK_FAULTED, /* + state, SENDING .. WAITING */
    COVER_CHAIN = COVER_TIMEOUT + K5_TASK_FAULTED - 1, /* + depth - 1, 1 .. 4 */
    COVER_BROKEN = COVER_CHAIN + 4,                    /* + depth - 1, 1 .. 4 */
    COVER_REST = COVER_BROKEN + 4,
    COVER_OVERRUN = COVER_REST, /* at an alarm or a switch */
    COVER_OVERRUN_CHAIN,        /* with a chain of three or more */
    COVER_OUTSIDE,              /* a caller without time waits while its server receives */
    COVER_OUTSIDE_TIMEOUT,
    COVER_OUTSIDE_IN,       /* its refill came and it was taken */
    COVER_RESUME_IN,        /* it was taken because it was resumed */
    COVER_SUSPENDED_RESULT, /* an answer or a time-out reached a suspended task */
    COVER_KEPT,             /* a server that received again gave time back unanswered */
    COVER_DEADLINE_INSTANT, /* an answer at the very instant of the deadline, or after it */
    COVER_REPLY_FAILED,
    COVER_REPLY_FAILED_TIMEOUT,
    COVER_FAULT_LENT,
    COVER_FAULT_RESTART,
    COVER_TOLD_AGAIN, /* a restarted handler is told of its faulted tasks */
    COVER_IRQ_LEVEL,
    COVER_IRQ_EDGE,
    COVER_IRQ_BETWEEN,   /* an edge that came before the acknowledgement */
    COVER_IRQ_SUSPENDED, /* its driver is suspended */
    COVER_IRQ_BUSY,      /* its driver waits for something else */
    COVER_IRQ_END,       /* a driver ends with an armed irq */
    COVER_IRQ_END_BITS,  /* with bits that it had not taken */
    COVER_SWEEP_STEPS,   /* a call goes on in a further entry */
    COVER_SWEEP_BETWEEN, /* another task made a call between two of them */
    COVER_SWEEP_LEFT,    /* whose sweep it is ended in the middle */
    COVER_RESTART_LENDS, /* a lender is restarted, suspended, stopped */
    COVER_SUSPEND_LENDS,
    COVER_STOP_LENDS,
    COVER_END
};
_Static_assert(COVER_END <= COVER_MAX, "room in struct shared");

static const char *const error_names[K5_ERR_COUNT] = {
    "K5_OK",       "K5_TIMEOUT",    "K5_ERR_SLOT",      "K5_ERR_TYPE",      "K5_ERR_RIGHTS",
    "K5_ERR_ARG",  "K5_ERR_TOKEN",  "K5_ERR_PEER_DIED", "K5_ERR_PEER_GONE", "K5_ERR_BAD_BUFFER",
    "K5_ERR_FULL", "K5_ERR_BUDGET", "K5_ERR_OCCUPIED",  "K5_ERR_DEPTH",     "K5_ERR_REVOKED",
    "K5_ERR_LEND", "K5_ERR_MAP"};

static const char *const call_names[K5_SYS_COUNT] = {
    "bad-number", "send",    "call",      "recv",    "reply",   "reply_recv", "signal", "wait",
    "yield",      "time",    "ipc_setup", "inspect", "restart", "log",        "panic",  "exit",
    "stop",       "suspend", "resume",    "irq_ack", "mint",    "move",       "delete", "revoke",
    "info",       "sweep",   "reset",     "map",     "unmap"};

static const char *const seen_names[SEEN_COUNT] = {"refill-joined",
                                                   "refill-merged-when-full",
                                                   "head-below-minimum",
                                                   "activate-joined",
                                                   "taken-early",
                                                   "turn-used-up",
                                                   "limit-used-up",
                                                   "call-starts-turn-anew",
                                                   "call-waits-outside",
                                                   "call-merges-head",
                                                   "queued-call-counts-at-home",
                                                   "queued-call-refused-at-home",
                                                   "call-of-a-whole-budget",
                                                   "nested-call-overruns",
                                                   "new-round",
                                                   "new-round-of-callers",
                                                   "long-copied-whole",
                                                   "long-copied-in-part",
                                                   "long-without-buffer",
                                                   "long-of-no-bytes",
                                                   "long-answer",
                                                   "cap-with-message",
                                                   "cap-with-answer",
                                                   "cap-kept-no-place",
                                                   "cap-kept-place-full",
                                                   "cap-kept-source-lost",
                                                   "cap-minted",
                                                   "cap-minted-by-server",
                                                   "cap-doomed-not-derived-from",
                                                   "cap-children-adopted",
                                                   "cap-reset-takes-from-others",
                                                   "sweep-of-another-first",
                                                   "sweep-finished-by-another",
                                                   "lent",
                                                   "lent-to-write",
                                                   "lend-no-place-left",
                                                   "lend-lent-already",
                                                   "lend-server-has-it",
                                                   "lend-turned-away-from-queue",
                                                   "loan-ends-by-answer",
                                                   "loan-ends-by-server",
                                                   "loan-ends-for-new-life",
                                                   "loan-ends-by-late-answer",
                                                   "loan-ends-by-server-lender-gone",
                                                   "mapped",
                                                   "map-mapped-already",
                                                   "map-no-place-left",
                                                   "given",
                                                   "given-mapped",
                                                   "given-on",
                                                   "given-back",
                                                   "region-deleted-goes-home",
                                                   "region-deleted-at-home",
                                                   "region-home-from-ended",
                                                   "region-away-at-restart"};

static const char *const rest_names[COVER_END - COVER_REST] = {"overrun",
                                                               "overrun-of-chain",
                                                               "waits-outside",
                                                               "waits-outside-timeout",
                                                               "outside-taken",
                                                               "resumed-taken",
                                                               "result-while-suspended",
                                                               "time-given-back-unanswered",
                                                               "answer-at-deadline",
                                                               "reply-failed",
                                                               "reply-failed-timeout",
                                                               "fault-on-lent-time",
                                                               "fault-restarts",
                                                               "handler-told-again",
                                                               "irq-level",
                                                               "irq-edge",
                                                               "irq-edge-before-ack",
                                                               "irq-driver-suspended",
                                                               "irq-driver-busy",
                                                               "irq-armed-driver-ends",
                                                               "irq-bits-driver-ends",
                                                               "sweep-over-entries",
                                                               "sweep-call-between",
                                                               "sweep-left-undone",
                                                               "lender-restarted",
                                                               "lender-suspended",
                                                               "lender-stopped"};

const char *call_name(uint32_t number)
{
    return number < K5_SYS_COUNT ? call_names[number] : "bad-number";
}

static void cover(unsigned what)
{
    shared->cover[what]++;
}

static unsigned depth_of(const struct model *state, int t)
{
    unsigned depth = 0;

    for (; state->task[t].lender != NOBODY; t = state->task[t].lender) {
        depth++;
    }
    return depth;
}

static uint32_t error_of(const struct spec_task *task)
{
    return task->reg[K5_A_OP] & 0xFF;
}

static bool outside(const struct model *state, int t)
{
    const struct spec_task *task = &state->task[t];

    return task->state == K5_TASK_CALLING && task->home.empty && task->lender == NOBODY &&
           state->task[cfg.server[task->at]].state == K5_TASK_RECEIVING;
}

/* Its call, or what it waited for, came to its end. */
static void cover_result(const struct model *before, int t, uint32_t number)
{
    const struct spec_task *old = &before->task[t];
    const struct spec_task *new = &m.task[t];
    bool ended = old->state != K5_TASK_READY && new->state == K5_TASK_READY;

    if (new->resets != old->resets || new->state != K5_TASK_READY) {
        return;
    }
    if (ended || (t == before->current && number != 0)) {
        cover(COVER_ERROR + error_of(new));
        if ((new->reg[K5_A_OP] >> 8 & K5_FLAG_REPLY_FAILED) != 0) {
            cover(error_of(new) == K5_OK ? COVER_REPLY_FAILED : COVER_REPLY_FAILED_TIMEOUT);
        }
    }
    if (!ended) {
        return;
    }
    if (number == 0 && error_of(new) == K5_TIMEOUT) {
        cover(COVER_TIMEOUT + old->state - K5_TASK_SENDING);
        if (outside(before, t)) {
            cover(COVER_OUTSIDE_TIMEOUT);
        }
    }
    if (new->suspended) {
        cover(COVER_SUSPENDED_RESULT);
    }
    if (old->state == K5_TASK_AWAITING && error_of(new) == K5_OK && old->deadline != 0 &&
        old->deadline <= m.now) {
        cover(COVER_DEADLINE_INSTANT);
    }
}

/* A link of a chain of lent time is gone: by an answer, or otherwise. */
static void cover_links(const struct model *before, int t, uint32_t number)
{
    int lender = before->task[t].lender;
    unsigned depth = depth_of(before, t);

    if (lender == NOBODY || m.task[t].lender == lender) {
        return;
    }
    bool awaits = m.task[lender].state == K5_TASK_AWAITING;
    bool answered = m.task[lender].state == K5_TASK_READY && error_of(&m.task[lender]) == K5_OK &&
                    m.task[lender].resets == before->task[lender].resets;

    if (awaits && t == before->current && (number == K5_SYS_RECV || number == K5_SYS_REPLY_RECV)) {
        cover(COVER_KEPT);
    } else if (!answered && depth <= 4) {
        cover(COVER_BROKEN + depth - 1);
    }
}

static void cover_taken(const struct model *before, int t, uint32_t number)
{
    bool taken = before->task[t].state == K5_TASK_CALLING && m.task[t].state == K5_TASK_AWAITING;

    if (taken && number == 0 && before->task[t].home.empty) {
        cover(COVER_OUTSIDE_IN);
    }
    if (taken && number == K5_SYS_TASK_RESUME && before->task[t].suspended) {
        cover(COVER_RESUME_IN);
    }
}

static void cover_task(const struct model *before, int t, uint32_t number)
{
    const struct spec_task *old = &before->task[t];
    const struct spec_task *new = &m.task[t];
    unsigned depth = depth_of(&m, t);

    cover_result(before, t, number);
    cover_links(before, t, number);
    cover_taken(before, t, number);
    if (new->suspended && !old->suspended) {
        cover(COVER_SUSPENDED + new->state);
    }
    if (depth > depth_of(before, t) && depth <= 4) {
        cover(COVER_CHAIN + depth - 1);
    }
    if (new->overruns > old->overruns) {
        cover(depth_of(before, t) > 1 ? COVER_OVERRUN_CHAIN : COVER_OVERRUN);
    }
    if (outside(&m, t)) {
        cover(COVER_OUTSIDE);
    }
    if (new->faults > old->faults) {
        if (old->lender != NOBODY) {
            cover(COVER_FAULT_LENT);
        }
        if (new->state == K5_TASK_READY) {
            cover(COVER_FAULT_RESTART);
        }
    }
    if (new->restarts > old->restarts && (new->bits & ~old->bits) != 0) {
        cover(COVER_TOLD_AGAIN);
    }
}

static void cover_interrupt(const struct model *before, uint32_t irq)
{
    const struct spec_task *driver = &before->task[cfg.irq_task[irq]];
    bool edge = (cfg.irq_edges >> irq & 1u) != 0;

    cover(edge ? COVER_IRQ_EDGE : COVER_IRQ_LEVEL);
    if (driver->suspended) {
        cover(COVER_IRQ_SUSPENDED);
    }
    if (driver->state != K5_TASK_READY && (driver->mask & cfg.irq_bits[irq]) == 0) {
        cover(COVER_IRQ_BUSY);
    }
}

/* Whose driver ended in this entry, and an edge that is still there when it is acknowledged. */
static void cover_irqs(const struct model *before, uint32_t number)
{
    for (int i = 0; i < K5_IRQS; i++) {
        bool gone = cfg.irq_task[i] != K5_NIL && before->irq[i].armed && !m.irq[i].armed;

        if (gone && number < COVER_LINE) {
            cover(COVER_IRQ_END);
        }
        if (number == K5_SYS_IRQ_ACK && !before->irq[i].armed && m.irq[i].armed && m.irq[i].edge) {
            cover(COVER_IRQ_BETWEEN);
        }
        if (number < COVER_LINE && cfg.irq_task[i] != K5_NIL &&
            (before->task[cfg.irq_task[i]].bits & cfg.irq_bits[i]) != 0 &&
            (m.task[cfg.irq_task[i]].bits & cfg.irq_bits[i]) == 0 &&
            m.task[cfg.irq_task[i]].state >= K5_TASK_FAULTED) {
            cover(COVER_IRQ_END_BITS);
        }
    }
}

static void cover_sweep(const struct model *before, uint32_t number)
{
    const struct spec_sweep *old = &before->sweep;

    if (number == COVER_GO_ON) {
        cover(COVER_SWEEP_STEPS);
    } else if (old->on && number > 0 && number < K5_SYS_COUNT && before->current != old->task) {
        cover(COVER_SWEEP_BETWEEN);
    }
    if (old->on && before->task[old->task].sweeping && m.sweep.on && !m.task[old->task].sweeping) {
        cover(COVER_SWEEP_LEFT);
    }
}

/* What becomes of a task while somebody has its memory. */
static void cover_lender(const struct model *before, int t)
{
    const struct spec_task *old = &before->task[t];
    const struct spec_task *new = &m.task[t];

    if (old->loan.server == NOBODY || new->loan.server == NOBODY) {
        return;
    }
    if (new->resets != old->resets) {
        cover(COVER_RESTART_LENDS);
    }
    if (new->suspended && !old->suspended) {
        cover(COVER_SUSPEND_LENDS);
    }
    if (new->state == K5_TASK_STOPPED && old->state != K5_TASK_STOPPED) {
        cover(COVER_STOP_LENDS);
    }
}

void cover_entry(const struct model *before, uint32_t number)
{
    cover_irqs(before, number);
    cover_sweep(before, number);
    if (number >= COVER_LINE) {
        cover_interrupt(before, number - COVER_LINE);
    } else if (number != 0 && number != COVER_GO_ON) {
        cover(COVER_CALLS + (number < K5_SYS_COUNT ? number : 0));
    }
    for (int t = 0; t < K5_TASKS; t++) {
        cover_task(before, t, number);
        cover_lender(before, t);
    }
    for (unsigned i = 0; i < SEEN_COUNT; i++) {
        shared->cover[COVER_SEEN + i] += m.seen[i] - before->seen[i];
    }
}

static void line(const char *group, const char *name, unsigned long count)
{
    printf("  cover %s%s %lu\n", group, name, count);
}

/* Not asked for: the log and what only it gives, which is no part of the model. */
void cover_print(const unsigned long *counts)
{
    for (unsigned i = 0; i < K5_ERR_COUNT; i++) {
        if (i != K5_ERR_FULL) {
            line("error-", error_names[i], counts[COVER_ERROR + i]);
        }
    }
    for (unsigned i = 0; i < K5_SYS_COUNT; i++) {
        if (i != K5_SYS_LOG) {
            line("call-", call_names[i], counts[COVER_CALLS + i]);
        }
    }
    for (unsigned i = 0; i < SEEN_COUNT; i++) {
        line("rule-", seen_names[i], counts[COVER_SEEN + i]);
    }
    for (unsigned i = 0; i < K5_TASK_FAULTED; i++) {
        line("suspended-", state_name(i), counts[COVER_SUSPENDED + i]);
    }
    for (unsigned i = K5_TASK_SENDING; i < K5_TASK_FAULTED; i++) {
        line("timeout-", state_name(i), counts[COVER_TIMEOUT + i - K5_TASK_SENDING]);
    }
    for (unsigned i = 0; i < 4; i++) {
        static const char *const depths[] = {"1", "2", "3", "4"};

        line("chain-", depths[i], counts[COVER_CHAIN + i]);
        line("broken-", depths[i], counts[COVER_BROKEN + i]);
    }
    for (unsigned i = COVER_REST; i < COVER_END; i++) {
        line("", rest_names[i - COVER_REST], counts[i]);
    }
}
