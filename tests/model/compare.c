/* Is the kernel's state what the model's is? The first difference is told in words. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "arch/host/host.h"
#include "driver.h"
#include "kernel/kernel.h"

const char *state_name(unsigned state)
{
    static const char *const names[K5_TASK_STATES] = {"READY",     "SENDING", "CALLING", "AWAITING",
                                                      "RECEIVING", "WAITING", "FAULTED", "STOPPED"};

    return state < K5_TASK_STATES ? names[state] : "?";
}

/* False, and the difference: the first one counts. */
bool differ(const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vsnprintf(run.difference, sizeof run.difference, format, list);
    va_end(list);
    return false;
}

bool same(int t, const char *what, uint64_t model, uint64_t kernel)
{
    return model == kernel ||
           differ("%s: %s: model %llu (0x%llx), kernel %llu (0x%llx)", what, task_name(t),
                  (unsigned long long)model, (unsigned long long)model, (unsigned long long)kernel,
                  (unsigned long long)kernel);
}

/* ---- sets ---- */

bool same_set(const char *what, const bool model[K5_TASKS], uint32_t kernel)
{
    for (int t = 0; t < K5_TASKS; t++) {
        if (model[t] != ((kernel >> t & 1u) != 0)) {
            return differ("%s: %s: model %s, kernel %s", what, task_name(t),
                          model[t] ? "yes" : "no", model[t] ? "no" : "yes");
        }
    }
    return true;
}

static bool compare_sets(void)
{
    bool ready[K5_TASKS];
    bool timed[K5_TASKS];
    bool suspended[K5_TASKS];
    bool empty[K5_TASKS];
    bool borrowing[K5_TASKS];
    bool turned[K5_TASKS];

    for (int t = 0; t < K5_TASKS; t++) {
        ready[t] = m.task[t].state == K5_TASK_READY;
        timed[t] = m.task[t].deadline != 0;
        suspended[t] = m.task[t].suspended;
        empty[t] = m.task[t].home.empty;
        borrowing[t] = m.task[t].lender != NOBODY;
        turned[t] = m.task[t].turn_ended;
    }
    return same_set("ready", ready, k.ready) && same_set("with a deadline", timed, k.timed) &&
           same_set("suspended", suspended, k.suspended) && same_set("empty", empty, k.empty) &&
           same_set("borrowing", borrowing, k.borrowing) &&
           same_set("turn ended", turned, k.turned);
}

static bool compare_endpoints(void)
{
    for (int e = 0; e < K5_ENDPOINTS; e++) {
        bool waiting[K5_TASKS];

        for (int t = 0; t < K5_TASKS; t++) {
            unsigned state = m.task[t].state;

            waiting[t] =
                (state == K5_TASK_SENDING || state == K5_TASK_CALLING) && m.task[t].at == e;
        }
        if (!same_set("queued", waiting, k.ep.waiting[e]) ||
            !same_set("served", m.served[e], k.ep.served[e])) {
            return false;
        }
    }
    return true;
}

/* ---- one task ---- */

static bool compare_state(int t)
{
    const struct spec_task *task = &m.task[t];

    if (task->state != k.task.state[t]) {
        return differ("state: %s: model %s, kernel %s", task_name(t), state_name(task->state),
                      state_name(k.task.state[t]));
    }
    return same(t, "object", task->at == NOBODY ? K5_NIL : (uint64_t)task->at, k.task.object[t]) &&
           same(t, "deadline", task->deadline, k.task.deadline[t]) &&
           same(t, "mask", task->mask, k.task.mask[t]) &&
           same(t, "badge", task->badge, k.task.badge[t]) &&
           same(t, "pending bits", task->bits, k.task.pending[t]) &&
           same(t, "mask of ipc_setup", task->setup_mask, k.task.setup_mask[t]) &&
           same(t, "buffer", task->buffer, k.task.buffer[t]) &&
           same(t, "size of the buffer", task->buffer_size, k.task.buffer_size[t]) &&
           same(t, "bits came last", task->bits_last, k.task.bits_last[t]) &&
           same(t, "starts", task->resets, host.resets[t]);
}

/* What the task sees when it runs on. */
static bool compare_registers(int t)
{
    static const char *const names[K5_A_COUNT] = {"A0", "A1", "A2", "A3", "A4", "A5", "A6", "A7"};

    bool ready = m.task[t].state == K5_TASK_READY;
    bool runs = ready && !m.task[t].goes_on;

    if (ready && !same(t, "its call goes on", m.task[t].goes_on, host.again[t])) {
        return false;
    }

    for (int i = 0; i < K5_A_COUNT && runs; i++) {
        if (!same(t, names[i], m.task[t].reg[i], host.arg[t][i])) {
            return false;
        }
    }
    return true;
}

static bool compare_counts(int t)
{
    const struct spec_task *task = &m.task[t];

    return same(t, "taken calls", task->calls, k.task.calls[t]) &&
           same(t, "restarts", task->restarts, k.task.restarts[t]) &&
           same(t, "faults", task->faults, k.task.faults[t]) &&
           same(t, "cause", task->cause, k.task.cause[t]) &&
           same(t, "fault address", task->address, k.task.fault_address[t]) &&
           same(t, "overruns", task->overruns, k.task.overruns[t]);
}

/* The running task's time is exact when it stops running; before, some of it is not counted yet. */
static bool compare_statistics(int t)
{
    const struct spec_task *task = &m.task[t];

    if (t != m.current) {
        return same(t, "time on its own context", task->time_own, k.task.time_own[t]) &&
               same(t, "time on lent time", task->time_lent, k.task.time_lent[t]);
    }
    return (k.task.time_own[t] <= task->time_own && k.task.time_lent[t] <= task->time_lent) ||
           differ("time: %s: the kernel counts more than was used", task_name(t));
}

static uint64_t depth_of(int t)
{
    uint64_t depth = 0;

    for (; m.task[t].lender != NOBODY; t = m.task[t].lender) {
        depth++;
    }
    return depth;
}

static bool refills_same(int t)
{
    const struct spec_context *c = &m.task[t].home;
    bool ok = c->count == k.refill.count[t];

    for (unsigned i = 0; ok && i < c->count; i++) {
        ok = c->refill[i].time == k.refill.time[t][i] &&
             c->refill[i].amount == k.refill.amount[t][i];
    }
    return ok;
}

static bool refills_differ(int t)
{
    char model[100] = "";
    char kernel[100] = "";

    for (unsigned i = 0; i < REFILLS_MAX; i++) {
        const struct spec_refill *refill = &m.task[t].home.refill[i];
        size_t used = strlen(model);

        if (i < m.task[t].home.count) {
            snprintf(model + used, sizeof model - used, " (%llu, %llu)",
                     (unsigned long long)refill->time, (unsigned long long)refill->amount);
        }
        used = strlen(kernel);
        if (i < k.refill.count[t]) {
            snprintf(kernel + used, sizeof kernel - used, " (%llu, %llu)",
                     (unsigned long long)k.refill.time[t][i],
                     (unsigned long long)k.refill.amount[t][i]);
        }
    }
    return differ("refills: %s: model%s, kernel%s", task_name(t), model, kernel);
}

static bool compare_context(int t)
{
    const struct spec_context *c = &m.task[t].home;
    int lender = m.task[t].lender;

    if (!same(t, "is on the context of", (uint64_t)spec_context(t), k.task.sc[t]) ||
        !same(t, "lender", lender == NOBODY ? K5_NIL : (uint64_t)lender, k.task.lender[t]) ||
        !same(t, "depth", depth_of(t), k.task.depth[t])) {
        return false;
    }
    if (c->turn) {
        return true; /* how a turn is kept is the kernel's affair: when it ends is compared */
    }
    return refills_same(t) || refills_differ(t);
}

/* ---- all ---- */

static bool compare_irqs(void)
{
    for (int i = 0; i < K5_IRQS; i++) {
        bool armed = (k.armed >> i & 1u) != 0;
        bool open = cfg.irq_task[i] != K5_NIL && line_in(host.open, cfg.irq_line[i]);

        if (m.irq[i].armed != armed || armed != open) {
            return differ("irq %d: model %s, kernel %s, its line is %s", i,
                          m.irq[i].armed ? "armed" : "masked", armed ? "armed" : "masked",
                          open ? "open" : "masked");
        }
    }
    return true;
}

static int number_of(uint8_t task)
{
    return task == K5_NIL ? NOBODY : task;
}

static bool compare_running(void)
{
    if (number_of(k.current) != m.current) {
        return differ("who runs: model %s, kernel %s", task_name(m.current),
                      task_name(number_of(k.current)));
    }
    if (number_of(k.charged) != m.charged) {
        return differ("charged: model %s, kernel %s", task_name(m.charged),
                      task_name(number_of(k.charged)));
    }
    return true;
}

/* "There is no tick": but what is due is not missed. */
static bool compare_alarm(void)
{
    uint64_t alarm = run.now + (uint64_t)(int64_t)(int32_t)(host.alarm - host.counter);

    return alarm <= run.now || alarm <= model_due() ||
           differ("alarm: model wants one at %llu, kernel set %llu",
                  (unsigned long long)model_due(), (unsigned long long)alarm);
}

/* The tables of system.c let RAM begin where the second half of host_memory does. */
static bool compare_memory(void)
{
    _Static_assert(SPEC_RAM <= HOST_MEMORY / 2 && SPEC_RAM_BASE % (HOST_MEMORY / 2) == 0, "place");

    return memcmp(&host_memory[HOST_MEMORY / 2], spec_memory, SPEC_RAM) == 0 ||
           differ("memory: a byte of a task's RAM");
}

bool compare_all(void)
{
    for (int t = 0; t < K5_TASKS; t++) {
        if (!compare_state(t) || !compare_registers(t) || !compare_counts(t)) {
            return false;
        }
    }
    if (!compare_sets() || !compare_endpoints() || !compare_irqs() || !compare_caps() ||
        !compare_loans()) {
        return false;
    }
    for (int t = 0; t < K5_TASKS; t++) {
        if (!compare_context(t) || !compare_statistics(t)) {
            return false;
        }
    }
    if (!model_valid()) {
        return differ("model: %s", m.wrong != NULL ? m.wrong : "its own state is not valid");
    }
    if (!kernel_valid()) {
        return differ("kernel_valid() is false");
    }
    return compare_running() && compare_alarm() && compare_memory();
}
