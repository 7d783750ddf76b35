/* Stands in for the generated header of the same name where sources are only looked at. */
#ifndef K5_SIZES_H
#define K5_SIZES_H

#define K5_TASKS         4
#define K5_ENDPOINTS     2
#define K5_SLOTS         6
#define K5_REGIONS       8
#define K5_IRQS          2
#define K5_ALARM_LINE    4
#define K5_WATCHDOG_LINE 1
#define K5_TICK_HZ       25000000
#define K5_FP_TASKS      1
#define K5_BUDGET_MIN    1600
#ifndef K5_MAPS
#define K5_MAPS 2
#endif
#define K5_LENDS    1
#define K5_GIVES    1
#define K5_MOVABLES 1
#ifndef K5_CHECKS
#define K5_CHECKS 1
#endif
#define K5_TRACE 0

#endif
