/* The first half of the CMSDK dual timer: counts down, its line stands until it is cleared. */
#ifndef DUALTIMER_H
#define DUALTIMER_H

#include <k5/k5.h>

#include "app.h" /* DUALTIMER_BASE */

struct dualtimer {
    volatile uint32_t load;
    volatile uint32_t value;
    volatile uint32_t control;
    volatile uint32_t clear;
};
#define DUALTIMER_ON       0xA2u /* enabled, 32 bits, with its interrupt */
#define DUALTIMER_ONCE     0x01u
#define DUALTIMER_PERIODIC 0x40u

static inline struct dualtimer *dualtimer(void)
{
    return (struct dualtimer *)DUALTIMER_BASE;
}

static inline void dualtimer_start(k5_ticks ticks, uint32_t kind)
{
    dualtimer()->control = 0;
    dualtimer()->clear = 1;
    dualtimer()->load = (uint32_t)ticks;
    dualtimer()->control = DUALTIMER_ON | kind;
}

static inline void dualtimer_stop(void)
{
    dualtimer()->control = 0;
    dualtimer()->clear = 1;
}

#endif
