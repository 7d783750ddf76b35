/* The parts of kernel_valid(), in the order in which each may rely on those before. */
#ifndef KERNEL_INVARIANT_H
#define KERNEL_INVARIANT_H

#include "kernel/kernel.h"

bool ranges_valid(void); /* indices, states and sets are within the tables */
bool sets_valid(void);   /* who stands in which set */
bool tasks_valid(void);  /* what a blocked task is blocked on */
bool lend_valid(void);   /* who is on whose time: chains (lend.c) */
bool time_valid(void);   /* refills, deadlines, the next event, the alarm */
bool sched_valid(void);  /* the most urgent ready task runs and has its turn */
bool caps_valid(void);   /* live capability tables (capability_valid.c) */
bool sweep_valid(void);  /* how far a revocation has come (there too) */
bool irqs_valid(void);
bool maps_valid(void); /* which interrupt lines may be open */

#endif
