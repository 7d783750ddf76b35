/* The sizes of the systems that the model is compared on: run.sh builds for several K5_TASKS.
 * Times are small numbers of ticks, so that events often fall together. */
#ifndef K5_SIZES_H
#define K5_SIZES_H

#ifndef K5_TASKS
#define K5_TASKS 8
#endif
#define K5_ENDPOINTS  (K5_TASKS - 2)
#define K5_SLOTS      (K5_TASKS * 16 + K5_IRQS + K5_MOVABLES)
#define K5_REGIONS    (K5_TASKS * 3)
#define K5_IRQS       4
#define K5_TICK_HZ    1000000
#define K5_MAPS       (2 * K5_TASKS)
#define K5_LENDS      1
#define K5_GIVES      1
#define K5_MOVABLES   3
#define K5_CHECKS     1
#define K5_BUDGET_MIN 8
#define K5_TRACE      0

#define K5_ALARM_LINE    4
#define K5_WATCHDOG_LINE 1

#endif
