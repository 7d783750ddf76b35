/* One step, done by the kernel on the fake machine and by the model, and compared after each kernel
 * entry. The alarm comes when the kernel's own alarm is due, as the hardware would have it. */
#include <stdio.h>
#include <string.h>

#include "arch/host/host.h"
#include "driver.h"
#include "kernel/kernel.h"

#define ALARMS_A_STEP  200 /* more: a long delay ends early, equals take turns for ever */
#define ALARMS_AT_ONCE 3   /* more at one instant: the kernel asks for an alarm and does nothing */

static uint64_t boot_time(void)
{
    switch (source.bytes != NULL ? any(4) : source.seed % 4u) {
    case 0: return 0xFFFFF000u; /* the counter wraps soon */
    case 1: return 0x7FFFFC00u; /* its sign changes soon */
    default: return 1000;
    }
}

bool run_boot(void)
{
    memset(&run.tokens, 0, sizeof run.tokens);
    run.difference[0] = '\0';
    run.filled = 0;
    chance_start();
    if (!system_make()) {
        return false;
    }
    window_boot();
    memset(&host, 0, sizeof host);
    memset(host_memory, 0, sizeof host_memory);
    memset(spec_memory, 0, sizeof spec_memory);
    run.now = boot_time();
    host.counter = (uint32_t)run.now;
    kernel_boot();
    run.now = k.now; /* "since boot": where the 64 bits start is the port's */
    model_boot(run.now);
    for (int t = 0; t < K5_TASKS; t++) {
        m.task[t].resets = host.resets[t];
    }
    return true;
}

static int32_t alarm_distance(void)
{
    return (int32_t)(host.alarm - host.counter);
}

static void time_go(uint64_t to)
{
    run.now = to;
    host.counter = (uint32_t)to;
}

static bool compared(const struct model *before, uint32_t number)
{
    if (run.verbose) {
        printf("%10llu  -> %s\n", (unsigned long long)run.now, task_name(m.current));
    }
    if (!compare_all() || !window_holds(before->charged, before->now, m.now)) {
        return false;
    }
    cover_entry(before, number);
    shared->entries++;
    return true;
}

/* What is open and raised is taken, the lowest line first, until nothing is. Model and machine must
 * agree which that is. */
static bool interrupts_take(void)
{
    for (int i = 0; i < K5_IRQS; i++) {
        uint32_t line = cfg.irq_line[i];
        bool raised =
            cfg.irq_task[i] != K5_NIL && line_in(host.open, line) && line_in(host.pending, line);

        if (raised != model_irq_due(i)) {
            snprintf(run.difference, sizeof run.difference, "irq %d: model %s, kernel %s", i,
                     model_irq_due(i) ? "interrupts" : "silent", raised ? "interrupts" : "silent");
            return false;
        }
        if (raised) {
            struct model before = m;

            if (run.verbose) {
                printf("%10llu irq %d\n", (unsigned long long)run.now, i);
            }
            host.pending[line / 32u] &= ~(1u << (line % 32u));
            kernel_interrupt((uint32_t)i);
            host.pending[line / 32u] |= host.level[line / 32u] & (1u << (line % 32u));
            model_interrupt(run.now, i);
            if (!compared(&before, COVER_LINE + (uint32_t)i)) {
                return false;
            }
        }
    }
    return true;
}

static bool alarm_entry(void)
{
    struct model before = m;

    if (run.verbose) {
        printf("%10llu alarm\n", (unsigned long long)run.now);
    }
    kernel_alarm();
    model_alarm(run.now);
    return compared(&before, 0) && interrupts_take();
}

/* Time goes on to `to`; alarms come when they are due. */
static bool alarms_until(uint64_t to)
{
    uint64_t last = 0;
    int at_once = 0;

    for (int alarms = 0; alarms < ALARMS_A_STEP; alarms++) {
        int64_t distance = alarm_distance();
        uint64_t at = run.now + (distance > 0 ? (uint64_t)distance : 0);

        if (at > to) {
            time_go(to);
            return true;
        }
        at_once = at == last ? at_once + 1 : 0;
        last = at;
        if (at_once > ALARMS_AT_ONCE) {
            snprintf(run.difference, sizeof run.difference,
                     "alarm: again and again at one instant");
            return false;
        }
        time_go(at);
        if (!alarm_entry()) {
            return false;
        }
    }
    return true;
}

/* The alarm is at most a kernel entry late: budget-min is more than an entry takes. */
static uint64_t late(uint64_t to)
{
    int64_t distance = alarm_distance();
    uint64_t latest = run.now + (distance > 0 ? (uint64_t)distance : 0) + LATE_MAX;

    return to < latest ? to : latest;
}

/* Bytes that were never sent before, where the sender can write. */
static void buffer_fill(int t, uint32_t address, uint32_t length)
{
    if (length <= 256 && spec_owns(t, address, length, K5_MEM_WRITE)) {
        for (uint32_t i = 0; i < length; i++) {
            run.filled = (uint8_t)(run.filled * 5u + 1u);
            host_byte_set(address + i, run.filled);
            spec_byte_set(address + i, run.filled);
        }
    }
}

static bool call_entry(const struct step *step)
{
    struct model before;
    int t = m.current;
    uint32_t *reg = m.task[t].reg;

    call_load(step);
    if (step->is_long) {
        buffer_fill(t, step->words[2], step->words[3] & 0x1FF);
    }
    memcpy(host.arg[t], reg, sizeof host.arg[t]);
    before = m;
    kernel_syscall();
    progress_read(t);
    model_syscall(run.now);
    for (uint32_t i = 0; i < K5_A_COUNT; i++) {
        reg[i] = (m.unknown >> i & 1u) != 0 ? host.arg[t][i] : reg[i];
    }
    return compared(&before, step->number) && interrupts_take();
}

/* The port makes the call anew, as it stands in the registers of the task. */
static bool go_on_entry(void)
{
    struct model before = m;
    int t = m.current;

    if (run.verbose) {
        printf("%10llu %s: its call goes on\n", (unsigned long long)run.now, task_name(t));
    }
    host.again[t] = false;
    kernel_syscall();
    progress_read(t);
    model_syscall(run.now);
    return compared(&before, COVER_GO_ON) && interrupts_take();
}

static bool calls_go_on(int t, uint32_t entries)
{
    for (uint32_t i = 0; i < entries && m.current == t && m.task[t].goes_on; i++) {
        if (!go_on_entry()) {
            return false;
        }
    }
    return true;
}

static bool fault_entry(const struct step *step)
{
    struct model before = m;
    uint32_t reg[K5_REG_COUNT];
    uint32_t flags = K5_FAULT_HAS_ADDRESS | K5_FAULT_HAS_FRAME;

    for (uint32_t i = 0; i < K5_REG_COUNT; i++) {
        reg[i] = step->aux + i;
    }
    kernel_fault((uint8_t)step->number, (uint8_t)flags, step->aux, reg);
    model_fault(run.now, step->number, flags, step->aux, reg);
    return compared(&before, 0) && interrupts_take();
}

/* The device drives its line; an edge does not stand. */
static bool line_move(const struct step *step)
{
    uint32_t line = cfg.irq_line[step->number];
    uint32_t bit = 1u << (line % 32u);
    bool edge = (cfg.irq_edges >> step->number & 1u) != 0;

    host.level[line / 32u] &= ~bit;
    if (step->aux != 0) {
        host.level[line / 32u] |= edge ? 0u : bit;
        host.pending[line / 32u] |= bit;
    }
    model_line((int)step->number, step->aux != 0);
    return interrupts_take();
}

bool step_apply(const struct step *step)
{
    bool ok = true;

    if (step->late) {
        time_go(late(run.now + step->delay));
    } else if (!alarms_until(run.now + step->delay)) {
        return false;
    }
    if (step->kind == STEP_LINE) {
        if (run.verbose) {
            printf("%10llu %s\n", (unsigned long long)run.now, step_text(step));
        }
        ok = line_move(step);
    } else if (step->kind != STEP_NOTHING && m.current == step->task && m.task[m.current].goes_on) {
        ok = calls_go_on(step->task, 1 + step->more);
    } else if (step->kind != STEP_NOTHING && m.current == step->task) {
        tokens_keep(step->task);
        if (run.verbose) {
            printf("%10llu %s\n", (unsigned long long)run.now, step_text(step));
        }
        ok = step->kind == STEP_CALL ? call_entry(step) : fault_entry(step);
        ok = ok && calls_go_on(step->task, step->more);
    }
    return ok && alarms_until(run.now);
}

bool run_over(void)
{
    return m.current == NOBODY && model_due() == UINT64_MAX;
}

const char *step_text(const struct step *step)
{
    static char text[TEXT_MAX];
    size_t used;

    if (step->kind == STEP_FAULT) {
        snprintf(text, sizeof text, "%s faults, cause %u", task_name(step->task), step->number);
        return text;
    }
    if (step->kind == STEP_LINE) {
        snprintf(text, sizeof text, "the line of irq %u %s", step->number,
                 step->aux != 0 ? "rises" : "falls");
        return text;
    }
    used = (size_t)snprintf(text, sizeof text, "%s: %s%s slot %u label 0x%x", task_name(step->task),
                            step->is_long ? "long " : "", call_name(step->number), step->slot,
                            step->label);
    if (step->is_long || step->number == K5_SYS_IPC_SETUP || step->number == K5_SYS_CAP_MINT) {
        used += (size_t)snprintf(text + used, sizeof text - used, " words 0x%x 0x%x 0x%x 0x%x",
                                 step->words[0], step->words[1], step->words[2], step->words[3]);
    }
    if (step->number == K5_SYS_REPLY || step->number == K5_SYS_REPLY_RECV) {
        uint32_t token = step->token < TOKEN_RAW ? run.tokens[step->task][step->token] : step->aux;

        used += (size_t)snprintf(text + used, sizeof text - used, " token 0x%x", token);
    } else {
        used += (size_t)snprintf(text + used, sizeof text - used, " a1 0x%x", step->aux);
    }
    if (step->deadline == TIME_POLL) {
        snprintf(text + used, sizeof text - used, " poll");
    } else if (step->deadline == TIME_AFTER) {
        snprintf(text + used, sizeof text - used, " deadline %llu",
                 (unsigned long long)run.now + step->after);
    }
    return text;
}
