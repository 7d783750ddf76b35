/* The sizes of the system that the unit tests run on; a test may choose its own with -D. */
#ifndef K5_SIZES_H
#define K5_SIZES_H

#ifndef K5_TASKS
#define K5_TASKS 6
#endif
#ifndef K5_ENDPOINTS
#define K5_ENDPOINTS 3
#endif
#ifndef K5_SLOTS
#define K5_SLOTS 28
#endif
#ifndef K5_IRQS
#define K5_IRQS 3
#endif
#ifndef K5_REGIONS
#define K5_REGIONS 12
#endif
#ifndef K5_FP_TASKS
#define K5_FP_TASKS 1
#endif
#ifndef K5_TICK_HZ
#define K5_TICK_HZ 1000000
#endif
#ifndef K5_BUDGET_MIN
#define K5_BUDGET_MIN 10
#endif
#ifndef K5_MAPS
#define K5_MAPS 4
#endif
#define K5_LENDS    1
#define K5_GIVES    1
#define K5_MOVABLES 2
#ifndef K5_CHECKS
#define K5_CHECKS 1
#endif
#ifndef K5_TRACE
#define K5_TRACE 0
#endif

#define K5_ALARM_LINE    4
#define K5_WATCHDOG_LINE 1

#endif
