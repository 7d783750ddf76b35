/* The driver, in four lives. Its timer's line is DUALTIMER_IRQ; what a life left standing stands
 * in the next one. */
#include <k5/k5.h>
#include <k5/syscall.h>

#include "../common/check.h"
#include "../common/dualtimer.h"
#include "super.h"

#define LIFE (*(volatile uint32_t *)LIFE_BASE)

static uint32_t taken; /* the bits of the last wait */

/* An interrupt within that time? */
static k5_error interrupt(k5_ticks within)
{
    taken = 0;
    return k5_wait(DUALTIMER_BITS, within == 0 ? K5_POLL : k5_after(within), &taken);
}

static void ask(uint32_t bit)
{
    CHECK_ERROR(k5_signal(SUPER_SIGNAL, bit), K5_OK);
}

static void refused(void)
{
    CHECK(DUALTIMER_BITS == 0x100);
    CHECK_ERROR(k5_syscall_short(k5_op(K5_SYS_IRQ_ACK, DRIVER_SERVE.slot, 0), 0), K5_ERR_TYPE);
    CHECK_ERROR(k5_syscall_short(k5_op(K5_SYS_IRQ_ACK, SUPER_SIGNAL.slot, 0), 0), K5_ERR_TYPE);
    CHECK_ERROR(k5_syscall_short(k5_op(K5_SYS_IRQ_ACK, 3, 0), 0), K5_ERR_SLOT);
    CHECK_ERROR(k5_syscall_short(k5_op(K5_SYS_IRQ_ACK, 255, 0), 0), K5_ERR_SLOT);
}

static void first_life(void)
{
    refused();
    dualtimer_start(K5_US(100), DUALTIMER_ONCE);
    CHECK_ERROR(interrupt(K5_MS(2)), K5_TIMEOUT); /* nobody acknowledged yet */
    CHECK_ERROR(k5_irq_ack(DUALTIMER_IRQ), K5_OK);
    CHECK_ERROR(interrupt(0), K5_OK);
    CHECK(taken == DUALTIMER_BITS);
    CHECK_ERROR(interrupt(K5_MS(2)), K5_TIMEOUT); /* one for each acknowledgement */
    CHECK_ERROR(k5_irq_ack(DUALTIMER_IRQ), K5_OK);
    CHECK_ERROR(interrupt(0), K5_OK); /* the line still stands */
    dualtimer_stop();
    CHECK_ERROR(k5_irq_ack(DUALTIMER_IRQ), K5_OK);
    CHECK_ERROR(interrupt(K5_MS(2)), K5_TIMEOUT);  /* served, so nothing more */
    CHECK_ERROR(k5_irq_ack(DUALTIMER_IRQ), K5_OK); /* armed already: no effect */
    dualtimer_start(K5_US(100), DUALTIMER_ONCE);
    CHECK_ERROR(interrupt(K5_MS(2)), K5_OK);
    dualtimer_start(K5_US(100), DUALTIMER_PERIODIC);
    CHECK_ERROR(k5_irq_ack(DUALTIMER_IRQ), K5_OK);
    CHECK_ERROR(interrupt(K5_MS(2)), K5_OK);
    dualtimer()->clear = 1;
    CHECK_ERROR(k5_irq_ack(DUALTIMER_IRQ), K5_OK);
    CHECK_ERROR(interrupt(K5_MS(2)), K5_OK);
    dualtimer_start(K5_MS(2), DUALTIMER_ONCE);
    if (k5_irq_ack(DUALTIMER_IRQ) != K5_OK) {
        K5_ERROR("WRONG: not armed");
    }
    K5_INFO("life 0: {} checks, {} failed", checks_done, checks_failed);
    k5_panic(1); /* armed, and the line is about to rise */
}

static void second_life(void)
{
    CHECK_ERROR(interrupt(K5_MS(5)), K5_TIMEOUT); /* it stands, but is masked in this life */
    CHECK_ERROR(k5_irq_ack(DUALTIMER_IRQ), K5_OK);
    CHECK_ERROR(interrupt(0), K5_OK);
    CHECK_ERROR(k5_irq_ack(DUALTIMER_IRQ), K5_OK);
    CHECK(interrupt(0) == K5_OK && taken == DUALTIMER_BITS);
    CHECK(checks_failed == 0);
    K5_INFO("life 1: {} checks, {} failed", checks_done, checks_failed);
    (void)!k5_signal(SUPER_SIGNAL, SUPER_RESTART); /* in the middle of its handling */
    for (;;) {
    }
}

static void third_life(void)
{
    CHECK_ERROR(interrupt(K5_MS(5)), K5_TIMEOUT);
    dualtimer_stop();
    CHECK_ERROR(k5_irq_ack(DUALTIMER_IRQ), K5_OK);
    K5_INFO("life 2: {} checks, {} failed", checks_done, checks_failed);
    (void)!k5_signal(SUPER_SIGNAL, SUPER_RESTART); /* armed, and silent */
    for (;;) {
    }
}

static void last_life(void)
{
    dualtimer_start(K5_MS(1), DUALTIMER_ONCE);
    CHECK_ERROR(interrupt(K5_MS(5)), K5_TIMEOUT); /* what the last life armed is masked */
    dualtimer_start(K5_MS(5), DUALTIMER_ONCE);
    CHECK_ERROR(k5_irq_ack(DUALTIMER_IRQ), K5_OK);
    CHECK_ERROR(interrupt(0), K5_TIMEOUT); /* quiet until the timer has run */
    ask(SUPER_SUSPEND);                    /* it comes while nobody can hear it */
    CHECK_ERROR(interrupt(0), K5_OK);
    CHECK(taken == DUALTIMER_BITS);
    CHECK_ERROR(interrupt(K5_MS(2)), K5_TIMEOUT); /* once */
    dualtimer_stop();
    CHECK_ERROR(k5_irq_ack(DUALTIMER_IRQ), K5_OK);
    CHECK_ERROR(interrupt(K5_MS(2)), K5_TIMEOUT);
    K5_INFO("life 3: {} checks, {} failed", checks_done, checks_failed);
}

static void nothing(struct k5_msg *m)
{
    (void)m;
}

int main(void)
{
    switch (LIFE++) {
    case 0: first_life(); break;
    case 1: second_life(); break;
    case 2: third_life(); break;
    case 3: last_life(); break;
    default: K5_ERROR("WRONG: one life too many");
    }
    k5_serve(DRIVER_SERVE, nothing);
}
