/* Trace points: one for each event, all of them no code at all unless the image was made to trace.
 *
 * K5_TRACE comes with the generated sizes. Where it is 0 the calls below are empty and trace.c is
 * not linked, so the kernel that is proved, measured and released has not one instruction of this.
 * Nothing here changes what the kernel does, but for the time that it takes.
 */
#ifndef KERNEL_TRACE_H
#define KERNEL_TRACE_H

#include "abi/k5_trace_abi.h"
#include "kernel/config.h"

struct trace_record { /* abi/k5_trace_abi.h */
    ktime time;
    uint8_t kind; /* K5_TRACE_* */
    task_t task;
    uint8_t other;
    uint8_t detail;
    uint32_t value;
};

struct trace_ring {
    uint32_t written;
    uint32_t turns;
    task_t running; /* what the last K5_TRACE_RUN said */
    task_t payer;
    struct trace_record record[K5_TRACE_RECORDS];
};
extern volatile struct trace_ring trace_ring; /* somebody else reads it, at any moment */

void trace_put(struct trace_record event); /* its time is set here */
void trace_turn(void);                     /* half of the ring was filled */
void trace_boot(void);                     /* the ring is empty */
void trace_last(void);                     /* there will be no more */
void trace_choice(void);                   /* who runs now, if that is news */

/* An event with what else is to be said of it. */
static inline void trace_event(uint8_t kind, task_t task, uint8_t other, uint8_t detail,
                               uint32_t value)
{
    if (K5_TRACE) {
        trace_put((struct trace_record){
            .kind = kind, .task = task, .other = other, .detail = detail, .value = value});
    }
}

/* An event between two tasks, or of one (other: K5_NIL). */
static inline void trace_pair(uint8_t kind, task_t task, uint8_t other)
{
    trace_event(kind, task, other, 0, 0);
}

#endif
