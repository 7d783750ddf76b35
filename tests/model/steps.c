/* Random steps that suit the moment: servers mostly serve, clients mostly call, the supervisor
 * mostly looks after the others; times that land before, at and after what is due. */
#include "driver.h"

#define NO_SLOT K5_NIL

/* ---- time ---- */

/* Ticks from now to something that is about to happen. */
static uint32_t until(uint64_t event, uint32_t otherwise)
{
    return event > run.now && event - run.now < 100000 ? (uint32_t)(event - run.now) : otherwise;
}

static uint64_t some_event(void)
{
    int t = (int)any(K5_TASKS);
    const struct spec_context *c = &m.task[t].home;

    switch (any(4)) {
    case 0: return m.task[t].deadline;
    case 1: return c->refill[0].time;
    case 2:
        return m.charged == NOBODY
                   ? 0
                   : m.charged_since + (m.task[m.charged].home.turn
                                            ? m.task[m.charged].home.left
                                            : m.task[m.charged].home.refill[0].amount);
    default: return model_due();
    }
}

static void delay_make(struct step *step)
{
    uint32_t kind = any(100);

    if (m.current == NOBODY) {
        step->delay = until(model_due(), any(50)) + (percent(30) ? any(200) : 0);
        return;
    }
    if (kind < 45) {
        step->delay = any(8);
    } else if (kind < 60) {
        step->delay = any(60);
    } else if (kind < 80) {
        uint32_t at = until(some_event(), any(10));

        step->delay = at + any(3) - (at > 0 ? 1u : 0u);
    } else if (kind < 81) {
        step->delay = percent(5) ? 0x40000000u + any(1000) : any(3000);
    }
    step->late = step->delay < 120 && percent(20);
}

static void deadline_make(struct step *step)
{
    uint32_t kind = any(100);

    if (kind < 25) {
        step->deadline = TIME_NONE;
    } else if (kind < 29) {
        step->deadline = TIME_POLL;
    } else if (kind < 60) {
        step->deadline = TIME_AFTER;
        step->after = until(some_event(), any(50));
    } else {
        step->deadline = TIME_AFTER;
        step->after = percent(50) ? any(40) : any(600);
    }
}

/* ---- whom to control ---- */

static int other_in(int me, unsigned state)
{
    for (uint32_t tries = 0; tries < K5_TASKS; tries++) {
        int t = (int)any(K5_TASKS);

        if (t != me && m.task[t].state == state) {
            return t;
        }
    }
    return NOBODY;
}

static int suspended_one(void)
{
    for (uint32_t tries = 0; tries < K5_TASKS; tries++) {
        int t = (int)any(K5_TASKS);

        if (m.task[t].suspended) {
            return t;
        }
    }
    return NOBODY;
}

static bool control(struct step *step, uint32_t number, int other)
{
    uint32_t slot = other == NOBODY ? NO_SLOT : slot_of(step->task, K5_CAP_TASK, other);

    step->number = number;
    step->slot = slot;
    return slot != NO_SLOT;
}

static int lending_one(void)
{
    for (uint32_t tries = 0; tries < K5_TASKS; tries++) {
        int t = (int)any(K5_TASKS);

        if (m.task[t].loan.server != NOBODY) {
            return t;
        }
    }
    return NOBODY;
}

/* True if it found somebody to look after. */
static bool supervise(struct step *step)
{
    uint32_t kind = any(100);

    if (percent(25) && lending_one() != NOBODY) {
        return control(step,
                       kind < 60   ? K5_SYS_TASK_RESTART
                       : kind < 75 ? K5_SYS_TASK_SUSPEND
                                   : K5_SYS_TASK_STOP,
                       lending_one());
    }

    if (kind < 40) {
        return control(step, K5_SYS_TASK_RESTART, other_in(step->task, K5_TASK_FAULTED));
    }
    if (kind < 60) {
        return control(step, K5_SYS_TASK_RESUME, suspended_one());
    }
    if (kind < 75) {
        return control(step, K5_SYS_TASK_SUSPEND, other_in(step->task, any(K5_TASK_FAULTED)));
    }
    if (kind < 80) {
        return control(step, K5_SYS_TASK_RESTART, other_in(step->task, any(K5_TASK_STOPPED)));
    }
    if (kind < 90) {
        step->aux = any(K5_INSPECT_PAGES + 1u);
        return control(step, K5_SYS_TASK_INSPECT, (int)any(K5_TASKS));
    }
    return percent(3) && control(step, K5_SYS_TASK_STOP, (int)any(K5_TASKS));
}

/* ---- calls ---- */

static void serve(struct step *step)
{
    uint32_t kind = any(100);

    uint32_t keep = deep ? 80u : 88u; /* answers less often: it holds several loans */

    step->number = kind < 45 ? K5_SYS_REPLY_RECV : kind < keep ? K5_SYS_RECV : K5_SYS_REPLY;
    step->slot = 0; /* the serve capability is the first */
    step->token = percent(80) ? 0 : any(TOKEN_RAW + 1u);
    step->aux = percent(50) ? 0 : any(0x1000000u);
    if (step->number == K5_SYS_RECV) {
        step->aux = percent(30) ? 0xFFFFFFFFu : any(0x100u);
    }
    if (deep && percent(80)) {
        step->deadline = TIME_NONE;
    }
}

static void call_or_send(struct step *step)
{
    step->number = percent(80) ? K5_SYS_CALL : K5_SYS_SEND;
    step->slot = slot_of(step->task, K5_CAP_ENDPOINT, -1);
    for (int e = K5_ENDPOINTS - 1; e >= 0 && percent(80); e--) { /* a chain: the next one above */
        uint32_t slot = slot_of(step->task, K5_CAP_ENDPOINT, e);

        if (slot != NO_SLOT && m.task[cfg.server[e]].state == K5_TASK_RECEIVING) {
            step->slot = slot;
        }
    }
    if (percent(50) && slot_derived(step->task) != NO_SLOT) {
        step->slot = slot_derived(step->task);
    }
}

static void wait_a_little(struct step *step)
{
    step->number = K5_SYS_WAIT;
    step->aux = percent(70) ? 0xFFFFFFFFu : any(4) == 0 ? 0 : 1u << any(32);
    if (step->deadline == TIME_NONE && percent(95)) {
        step->deadline = TIME_AFTER;
        step->after = any(deep ? 900 : 300);
    }
}

/* Anything, sense or nonsense; what ends a task is rare. */
static void anything(struct step *step)
{
    uint32_t number = 1u + any(K5_SYS_COUNT - 1u);
    bool ends = number == K5_SYS_PANIC || number == K5_SYS_EXIT;

    if (percent(1)) {
        number = any(256);
        ends = number == 0 || number >= K5_SYS_COUNT;
    }
    ends = ends || number == K5_SYS_PANIC || number == K5_SYS_EXIT;
    if (number == K5_SYS_TASK_STOP && percent(80)) {
        number = K5_SYS_TASK_INSPECT;
    }

    if (number == K5_SYS_LOG || (ends && (system_needs(step->task) || percent(60)))) {
        number = K5_SYS_TIME; /* the log is no part of the model */
    }
    step->number = number;
    step->label = any(0x10000u);
    step->slot = percent(10) ? any(256) : any(cfg.slot_count[step->task]);
    step->aux = percent(50) ? any(0x100u) : percent(50) ? 0xFFFFFFFFu : any(0x1000000u);
    step->token = any(TOKEN_RAW + 1u);
}

static void signal_somebody(struct step *step)
{
    step->number = K5_SYS_SIGNAL;
    step->slot = slot_of(step->task, K5_CAP_NOTIFICATION, -1);
    if (step->slot != NO_SLOT) {
        uint32_t bits = m.cap[cfg.slot_first[step->task] + (int)step->slot].badge;

        step->aux = bits & any(0x100u);
    }
}

/* An address and a length that mostly fit into one region of the task. */
static void buffer_make(int t, uint32_t *address, uint32_t *length)
{
    uint32_t r = cfg.region_first[t] + (percent(80) ? 1u : any(3)); /* mostly its RAM */

    *length = percent(10) ? any(4) : percent(10) ? 250u + any(12) : any(257);
    *address = cfg.region_base[r] + any(cfg.region_size[r] - 260u);
    if (percent(10)) { /* at one of its ends, or over it */
        *address = cfg.region_base[r] + (percent(50) ? 0 : cfg.region_size[r] - *length);
        *address += percent(40) ? any(5) - 2u : 0;
    } else if (percent(4)) {
        *address = percent(50) ? any(0xFFFFFFFFu) : cfg.region_base[any(K5_REGIONS)] + any(64);
    }
    if (percent(2)) {
        *length = percent(50) ? 1u << any(32) : any(0xFFFFFFFFu);
    }
}

static bool sends(uint32_t number)
{
    return number == K5_SYS_SEND || number == K5_SYS_CALL || number == K5_SYS_REPLY ||
           number == K5_SYS_REPLY_RECV;
}

static bool of_capabilities(uint32_t number)
{
    return number >= K5_SYS_CAP_MINT && number <= K5_SYS_UNMAP;
}

static void words_make(struct step *step)
{
    if (of_capabilities(step->number)) {
        return; /* made by cap_call_make */
    }
    step->label = any(0x10000u);
    for (int i = 0; i < K5_MSG_WORDS; i++) {
        step->words[i] = any(0xFFFFFFFFu);
    }
    if (step->number == K5_SYS_IPC_SETUP && percent(90)) {
        step->words[2] = 0;
        step->words[3] = 0;
        buffer_make(step->task, &step->words[0], &step->words[1]);
        if (percent(20)) {
            step->words[0] = 0;
            step->words[1] = 0;
        }
        step->words[2] = place_make(step->task);
    }
    if (sends(step->number) && percent(deep ? 40u : 60u)) {
        step->is_long = true;
        if (percent(60)) {
            buffer_make(step->task, &step->words[2], &step->words[3]);
        } else {
            step->words[3] = 0;
        }
        bool lends = percent(step->number != K5_SYS_CALL ? 2u : deep ? 15u : 50u);

        if (lends) {
            lend_make(step);
            step->deadline = percent(70) ? TIME_NONE : step->deadline;
        }
        if (percent(deep || lends ? 15u : 60u)) {
            carry_make(step);
        }
    }
}

static void call_make(struct step *step)
{
    bool server = cfg.endpoint[step->task] != K5_NIL;
    bool busy = m.task[step->task].lender != NOBODY;
    bool unset = m.task[step->task].place == NOBODY && slot_free(step->task, false) != K5_NIL;
    bool super = slot_of(step->task, K5_CAP_TASK, -1) != NO_SLOT;
    uint32_t kind = any(100);

    deadline_make(step);
    if (percent(deep ? 4 : 18)) {
        cap_call_make(step);
        return;
    }
    if (percent(slot_doomed(step->task) != K5_NIL ? 97u : 0u)) {
        cap_call_make(step);
        return;
    }
    if (super && kind < 45 && supervise(step)) {
        return;
    }
    if (percent(20) && slot_of(step->task, K5_CAP_IRQ, -1) != NO_SLOT) {
        step->number = K5_SYS_IRQ_ACK;
        step->slot = slot_of(step->task, K5_CAP_IRQ, -1);
        return;
    }
    kind = any(100);
    if (kind < (deep ? 70u : 40u) && busy && slot_of(step->task, K5_CAP_ENDPOINT, -1) != NO_SLOT) {
        call_or_send(step); /* chains grow by servers that call */
    } else if (kind < 12) {
        anything(step);
    } else if (kind < 17) {
        signal_somebody(step);
    } else if (kind < (unset && !deep ? 32u : 19u)) {
        step->number = K5_SYS_IPC_SETUP;
        step->aux = percent(50) ? any(0x100u) : 0xFFFFFFFFu;
    } else if (kind < 33) {
        step->number = K5_SYS_YIELD;
    } else if (server && (kind < 65 || deep)) {
        serve(step);
    } else if (kind < (deep ? 90u : 96u) && slot_of(step->task, K5_CAP_ENDPOINT, -1) != NO_SLOT) {
        call_or_send(step);
    } else {
        wait_a_little(step);
    }
}

static bool line_step(struct step *step)
{
    uint32_t irq = any(K5_IRQS);

    if (!percent(6) || cfg.irq_task[irq] == K5_NIL) {
        return false;
    }
    step->kind = STEP_LINE;
    step->task = NOBODY;
    step->number = irq;
    step->aux = percent(65) ? 1u : 0u;
    return true;
}

struct step step_make(void)
{
    struct step step = {.kind = STEP_NOTHING, .task = m.current};

    delay_make(&step);
    if (line_step(&step) || m.current == NOBODY || percent(3)) {
        return step;
    }
    if (percent(1) && !system_needs(step.task) && !m.task[step.task].goes_on) {
        step.kind = STEP_FAULT;
        step.number = 1u + any(K5_FAULT_CAUSES - 1u);
        step.aux = any(0xFFFFFFFFu);
        return step;
    }
    step.kind = STEP_CALL;
    step.more = percent(40) ? 3u * K5_SLOTS : any(4);
    if (m.task[step.task].goes_on) {
        step.number = K5_SYS_TIME;
        return step;
    }
    call_make(&step);
    words_make(&step);
    step.more = step.number == K5_SYS_CAP_REVOKE && percent(60) ? 0 : step.more;
    return step;
}
