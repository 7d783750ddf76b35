/* The trace: events that a kernel built by `k5 trace` leaves in its RAM, and the tool reads there.
 * Read by C and the tool, so it holds only #define of plain integers.
 *
 *   written  how many records there ever were, modulo 2^32; record n is at n % K5_TRACE_RECORDS
 *   turns    how many halves of the ring have been filled; k5 trace halts the emulator there
 *
 * A record is written before it is counted. Who reads later than K5_TRACE_RECORDS behind has lost
 * the difference, and knows how many. docs/manual/trace.md says what is made of the records. */
#ifndef K5_TRACE_ABI_H
#define K5_TRACE_ABI_H

#define K5_TRACE_VERSION 1
#define K5_TRACE_RECORDS 2048 /* a power of two, for `written` wraps */

/* ---- A record, little endian: u64 time, u8 kind, task, other, detail, u32 value -------------- */
#define K5_TRACE_RECORD_SIZE   16
#define K5_TRACE_RECORD_TIME   0 /* ticks of the board's timer since boot, read for this record */
#define K5_TRACE_RECORD_KIND   8
#define K5_TRACE_RECORD_TASK   9  /* whom it is about; K5_NIL: nobody */
#define K5_TRACE_RECORD_OTHER  10 /* K5_NIL: nobody */
#define K5_TRACE_RECORD_DETAIL 11
#define K5_TRACE_RECORD_VALUE  12

/* ---- Kinds: task | other | detail | value ---------------------------------------------------- */
#define K5_TRACE_BOOT    0  /* nobody | nobody | K5_TRACE_VERSION | tasks */
#define K5_TRACE_RUN     1  /* who runs from now on, or nobody | whose time pays | - | - */
#define K5_TRACE_READY   2  /* it could run | - | - | - */
#define K5_TRACE_BLOCK   3  /* it | object, by state | K5_TASK_* | bits waited for */
#define K5_TRACE_STOP    4  /* it | - | K5_TASK_FAULTED or _STOPPED | - */
#define K5_TRACE_SEND    5  /* from | to, which has the message now | - | label */
#define K5_TRACE_CALL    6  /* likewise; from awaits the answer of to from now on */
#define K5_TRACE_REPLY   7  /* from | to, whose call is answered | - | label */
#define K5_TRACE_SIGNAL  8  /* who runs, or nobody | whose bits | - | bits */
#define K5_TRACE_FAULT   9  /* it | - | K5_FAULT_* | address */
#define K5_TRACE_RESTART 10 /* it | by whom: the task itself if the kernel did | - | - */
#define K5_TRACE_EMPTY   11 /* whose home context waits for a refill | - | - | - */
#define K5_TRACE_REFILL  12 /* whose home context has time again | - | - | - */
#define K5_TRACE_OVERRUN 13 /* a server that used up lent time | whose time | - | - */
#define K5_TRACE_TIMEOUT 14 /* whose deadline passed | - | its state until now | its bits */
#define K5_TRACE_SUSPEND 15 /* it | by whom | - | - */
#define K5_TRACE_RESUME  16 /* it | by whom | - | - */
#define K5_TRACE_IRQ     17 /* its driver | - | number of the irq | bits */
#define K5_TRACE_KINDS   18

#endif
