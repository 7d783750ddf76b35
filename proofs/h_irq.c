/* Interrupts: an entry from a line, an acknowledgement, the end of a driver.
 *
 * That the state is valid after each is part of prove_step(): irqs_valid(), and lines_match(),
 * which says that a line is open exactly while its irq is armed.
 */
#include "prove.h"

static uint8_t any_irq(void)
{
    uint8_t i = nondet_u8();

    ASSUME(i < K5_IRQS && cfg.irq_task[i] < K5_TASKS);
    return i;
}

static bool line_open(uint32_t i)
{
    return has(host.open[0], cfg.irq_line[i]);
}

static uint8_t result(void)
{
    return (uint8_t)(host.arg[old.k.current][K5_A_OP] & 0xFFu);
}

/* Armed or not, its line open or not, latched or not: as it was. */
static bool same_irq(uint32_t i)
{
    return has(k.armed, i) == has(old.k.armed, i) &&
           has(host.open[0], cfg.irq_line[i]) == has(old.host.open[0], cfg.irq_line[i]) &&
           has(host.pending[0], cfg.irq_line[i]) == has(old.host.pending[0], cfg.irq_line[i]);
}

/* ---- from a line ---- */

/* Whoever runs, idle too: up to leave(), as kernel_interrupt() does it. */
void h_interrupt(void)
{
    any_state();
    prove_step(irq_raise(any_irq()));
}

/* The line is masked; the bits of an armed irq are pending or delivered, and those of one that is
 * not armed are nobody's. Nobody but the driver sees anything. */
void h_interrupt_told(void)
{
    any_state();
    uint8_t i = any_irq();
    uint8_t j = any_irq();
    task_t driver = cfg.irq_task[i];
    task_t t = any_task();
    bool armed = has(k.armed, i);
    bool heard = (cfg.irq_bits[i] & k.task.mask[driver]) != 0;

    step(irq_raise(i));
    PROVE(!has(k.armed, i) && !line_open(i));
    PROVE(i == j || same_irq(j));
    if (t != driver || !armed) {
        PROVE(same_ipc(t) && same_record(t) && same_context(t));
    }
    if (armed && heard) {
        PROVE(k.task.state[driver] == K5_TASK_READY);
        PROVE((host.arg[driver][K5_A_AUX] & cfg.irq_bits[i]) != 0);
    } else if (armed) {
        PROVE((k.task.pending[driver] & cfg.irq_bits[i]) == cfg.irq_bits[i]);
        PROVE(k.task.state[driver] == old.k.task.state[driver] && same_context(driver));
    }
    PROVE(same_record(driver));
}

/* ---- an acknowledgement ---- */

/* Good only from the driver itself; then the line is open. No other line and no task is touched,
 * but for the result. An edge that waits is still there, a level that was latched is forgotten. */
void h_ack(void)
{
    any_call_state();
    uint8_t i = any_irq();
    task_t t = any_task();
    uint32_t a = nondet_u32();

    ASSUME(a < K5_A_COUNT);
    PROVE(sys_irq_ack() == SCHED_SAME);
    PROVE(same_ipc(t) && same_record(t));
    PROVE(host.arg[t][a] == old.host.arg[t][a] || (t == old.k.current && a == K5_A_OP));
    if (!same_irq(i)) {
        PROVE(result() == K5_OK && cfg.irq_task[i] == k.current);
        PROVE(has(k.armed, i) && line_open(i) && !has(old.k.armed, i));
        if (has(cfg.irq_edges, i)) {
            PROVE(has(host.pending[0], cfg.irq_line[i]) ==
                  has(old.host.pending[0], cfg.irq_line[i]));
        }
    }
}

/* ---- the end of a driver ---- */

/* Its lines are masked and what they said is forgotten; those of others stay as they are. */
void h_release(void)
{
    any_state();
    uint8_t i = any_irq();
    task_t driver = any_task();
    task_t t = any_task();

    irq_release(driver);
    if (cfg.irq_task[i] == driver) {
        PROVE(!has(k.armed, i) && !line_open(i));
        PROVE(!has(host.pending[0], cfg.irq_line[i]));
        PROVE((k.task.pending[driver] & cfg.irq_bits[i]) == 0);
    } else {
        PROVE(same_irq(i));
    }
    PROVE(t == driver || same_ipc(t));
}

/* A restart begins with masked lines. */
void h_restart_lines(void)
{
    any_call_state();
    uint8_t i = any_irq();
    uint32_t slot = (host.arg[k.current][K5_A_OP] >> 8) & 0xFFu;

    if (cap_check(slot, K5_CAP_TASK, K5_RIGHT_RESTART) == K5_OK) {
        task_t task = k.cap.object[cap_slot(slot)];

        step(sys_task_restart());
        if (result() == K5_OK && cfg.irq_task[i] == task) {
            PROVE(!has(k.armed, i) && !line_open(i));
        } else {
            PROVE(same_irq(i));
        }
    }
}

/* ---- twins: each must fail ---- */

/* An interrupt can find its irq armed. */
void twin_interrupt(void)
{
    any_state();
    step(irq_raise(any_irq()));
    PROVE(k.armed == old.k.armed);
}

/* An acknowledgement can be good, and open a line. */
void twin_ack(void)
{
    any_call_state();
    (void)sys_irq_ack();
    PROVE(k.armed == old.k.armed);
}

/* A driver can end with an open line. */
void twin_release(void)
{
    any_state();
    irq_release(any_task());
    PROVE(host.open[0] == old.host.open[0]);
}
