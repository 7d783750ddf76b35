/* Why the kernel stopped: the ids of kernel_panic. The k5 tool has a sentence for each.
 * Read by C, assembler and the tool. Ids are stable: add at the end. */
#ifndef K5_PANIC_H
#define K5_PANIC_H

#define K5_PANIC_INVARIANT  1  /* the state is not valid after a kernel entry; value: which part */
#define K5_PANIC_EXCEPTION  2  /* an exception in the kernel or the idle loop; value: its pc */
#define K5_PANIC_MPU        3  /* fewer MPU regions than the image needs; value: count */
#define K5_PANIC_SAU        4  /* likewise SAU regions */
#define K5_PANIC_IMAGE      5  /* protection images and region tables differ */
#define K5_PANIC_CONFIG     6  /* the tables break a rule of config_valid() */
#define K5_PANIC_SUPERVISOR 7  /* a task without a handler that others need faulted; value: task */
#define K5_PANIC_INTERRUPT  8  /* an interrupt nobody asked for; value: its number */
#define K5_PANIC_REQUIRE    9  /* a precondition inside the kernel; value: see the contract */
#define K5_PANIC_FPU        10 /* no floating-point unit; value: the tasks with fp */
#define K5_PANIC_BOARD      11 /* clock or option bytes are not as wanted; value: see the board */
#define K5_PANIC_COUNT      12

#endif
