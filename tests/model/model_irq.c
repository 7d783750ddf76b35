/* Interrupts: k5.h (k5_irq_ack), docs/adr/0015, docs/manual/drivers.md. */
#include "model.h"

static bool is_edge(int irq)
{
    return ((cfg.irq_edges >> irq) & 1u) != 0;
}

/* ADR 15: a level speaks as long as it stands, an edge until its interrupt was taken. */
void model_line(int irq, bool stands)
{
    struct spec_irq *line = &m.irq[irq];

    line->edge = line->edge || (stands && is_edge(irq));
    line->stands = stands;
}

/* "masked until the first acknowledgement". */
bool model_irq_due(int irq)
{
    const struct spec_irq *line = &m.irq[irq];

    return line->armed && (is_edge(irq) ? line->edge : line->stands);
}

/* k5.h: "the next interrupt masks it again and sets its bits of this task". */
void spec_interrupt(int irq)
{
    m.irq[irq].armed = false;
    m.irq[irq].edge = false;
    spec_bits(cfg.irq_task[irq], cfg.irq_bits[irq]);
}

/* k5.h: "no effect on a line that is open"; ADR 15: the driver's alone. */
void spec_irq_ack(int t)
{
    int slot;
    uint32_t error = spec_cap(t, K5_CAP_IRQ, K5_RIGHT_ACK, &slot);

    if (error == K5_OK && cfg.irq_task[m.cap[slot].object] != t) {
        error = K5_ERR_RIGHTS;
    }
    if (error == K5_OK) {
        m.irq[m.cap[slot].object].armed = true;
    }
    spec_result(t, error, 0, 0);
}

/* ADR 15: when a driver ends, however, "its lines are masked, and what they said is forgotten". */
void spec_irqs_end(int t)
{
    for (int i = 0; i < K5_IRQS; i++) {
        if (cfg.irq_task[i] == t) {
            m.irq[i].armed = false;
            m.irq[i].edge = false;
            m.task[t].bits &= ~cfg.irq_bits[i];
        }
    }
}
