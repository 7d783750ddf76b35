/* Storms: each interrupt needs an acknowledgement, and that the driver's budget pays. */
#include <k5/k5.h>

#include "../common/share.h"
#include "app.h"

#ifdef DUALTIMER_BASE
#include "../common/dualtimer.h"

static void acknowledge(void)
{
    if (k5_irq_ack(DUALTIMER_IRQ) != K5_OK) {
        K5_ERROR("WRONG: not acknowledged");
    }
}

static void wait(void)
{
    uint32_t bits = 0;
    if (k5_wait(DUALTIMER_BITS, K5_FOREVER, &bits) != K5_OK || bits != DUALTIMER_BITS) {
        K5_ERROR("WRONG: no bits");
    }
}

static void storm(void)
{
    dualtimer_start(1, DUALTIMER_ONCE);
    for (;;) {
        acknowledge();
    }
}

static void storm_wait(void)
{
    dualtimer_start(1, DUALTIMER_ONCE);
    for (;;) {
        acknowledge();
        wait();
    }
}

/* It is served each time, and is up again before long: others are interrupted, too. */
static void storm_rise(void)
{
    dualtimer_start(K5_US(20), DUALTIMER_PERIODIC);
    for (;;) {
        acknowledge();
        wait();
        dualtimer()->clear = 1;
    }
}
#else /* the judge needs the names */
#define storm      NULL
#define storm_wait NULL
#define storm_rise NULL
#endif

const struct flood floods[] = {
    {"acknowledge", storm},
    {"acknowledge and wait", storm_wait},
    {"a line that rises all the time", storm_rise},
};
const uint32_t flood_count = sizeof floods / sizeof floods[0];
