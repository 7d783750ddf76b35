/* The sizes of the system that is proved: each proof may set its own with -D, shown beside its
 * result. A result holds for systems of these sizes (docs/manual/proofs.md says why that is
 * useful).
 */
#ifndef K5_SIZES_H
#define K5_SIZES_H

#ifdef SMALL /* what takes too long for every day otherwise */
#define K5_TASKS   3
#define K5_SLOTS   4
#define K5_REGIONS 3
#endif

#ifndef K5_TASKS
#define K5_TASKS 4
#endif
#ifndef K5_ENDPOINTS
#define K5_ENDPOINTS 2
#endif
#ifndef K5_SLOTS
#define K5_SLOTS 6
#endif
#ifndef K5_REGIONS
#define K5_REGIONS 4
#endif
#ifndef K5_IRQS
#define K5_IRQS 2
#endif
#define K5_BUDGET_MIN 4 /* ticks; small, so that the solver sees all cases */
#define K5_TICK_HZ    1000000
#define K5_FP_TASKS   1 /* so that any set of tasks may have floating point */
#ifndef K5_MAPS
#define K5_MAPS 1
#endif
#define K5_LENDS 1
#ifndef K5_GIVES
#define K5_GIVES 0
#endif
#ifndef K5_MOVABLES
#define K5_MOVABLES 1
#endif
#ifndef K5_CHECKS
#define K5_CHECKS 1 /* contracts are checked; leave()'s own walk of the invariant is, too */
#endif
#define K5_TRACE 0 /* trace.c is no part of what is proved */

#define K5_ALARM_LINE    4
#define K5_WATCHDOG_LINE 1

#endif
