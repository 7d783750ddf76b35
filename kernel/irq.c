/* Interrupts for tasks: a line, the task that drives it, and the bits by which it hears of it.
 *
 *             irq_ack by the driver                   the line is raised
 *   masked -------------------------> armed --------------------------------> masked, bits set
 *     ^                                 |
 *     '---------------------------------'  the driver faults, stops, exits or starts anew
 *
 * Invariant (irqs_valid): the driver of an armed irq is alive. A line is open exactly while its irq
 * is armed, so there is at most one entry for each acknowledgement, and those the driver pays for.
 */
#include "kernel/kernel.h"

#include "arch/arch.h"
#include "kernel/argument.h"
#include "kernel/contract.h"

static word irq_bit(uint8_t irq)
{
    REQUIRE(irq < K5_IRQS, irq);
    return (word)1 << irq;
}

/* One that was under way when its line was masked is nobody's. */
sched_t irq_raise(uint8_t irq)
{
    task_t driver = cfg.irq_task[irq];

    arch_line_mask(cfg.irq_line[irq]);
    if ((k.armed & irq_bit(irq)) == 0) {
        return SCHED_SAME;
    }
    k.armed &= ~irq_bit(irq);
    trace_event(K5_TRACE_IRQ, driver, K5_NIL, irq, cfg.irq_bits[irq]);
    return notification_arrive(driver, cfg.irq_bits[irq]);
}

/* What the line said before is forgotten: the next life asks the device. */
void irq_release(task_t driver)
{
    for (uint8_t i = 0; i < K5_IRQS; i++) {
        if (cfg.irq_task[i] == driver) {
            arch_line_mask(cfg.irq_line[i]);
            arch_line_clear(cfg.irq_line[i]);
            k.armed &= ~irq_bit(i);
            k.task.pending[driver] &= ~cfg.irq_bits[i];
        }
    }
}

/* Only the driver hears of the line, and only its budget bounds how often. */
static uint8_t ack_check(uint32_t number)
{
    uint8_t error = cap_check(number, K5_CAP_IRQ, K5_RIGHT_ACK);

    if (error != K5_OK) {
        return error;
    }
    return cfg.irq_task[k.cap.object[cap_slot(number)]] == k.current ? K5_OK : K5_ERR_RIGHTS;
}

/* A level was seen again, and latched, while the driver was still about to serve the device:
 * without the clear each interrupt would come twice. An edge that came since the interrupt is news.
 */
sched_t sys_irq_ack(void)
{
    uint32_t number = slot_arg();
    uint8_t error = ack_check(number);

    arch_result(k.current, K5_A_OP, error);
    if (error != K5_OK) {
        return SCHED_SAME;
    }
    uint8_t irq = k.cap.object[cap_slot(number)];

    if ((k.armed & irq_bit(irq)) == 0) {
        k.armed |= irq_bit(irq);
        if ((cfg.irq_edges & irq_bit(irq)) == 0) {
            arch_line_clear(cfg.irq_line[irq]);
        }
        arch_line_unmask(cfg.irq_line[irq]);
    }
    return SCHED_SAME;
}
