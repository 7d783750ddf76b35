/*
 * stack.h - how much stack a task can need: a bound from its linked program.
 *
 *   machine code --> who calls whom, and where in the caller (thumb.h)
 *   .debug_frame --> how deep the caller's frame is at that place
 *   the deepest chain from the entry, and the frame that an interrupt may put on top
 *
 * It holds for everything that is linked in: the task's own code, libk5, the C library, assembler.
 * A call through a pointer may go to every function whose address is in the program. It is not a
 * bound, and says so, if functions call each other in a circle, if one has a frame whose size is
 * not fixed (also if assembler in it moves the stack pointer), or if there is a pointer and nothing
 * that it could point to. Assembler within C that pushes is not seen.
 */
#ifndef K5_TOOL_STACK_H
#define K5_TOOL_STACK_H

#include "app.h"

struct stack_bound {
    uint32_t bytes; /* of stack; if not known: at least */
    bool known;
    char *why;   /* not known: "recursion: f > g > f", "f has a frame of variable size", ... */
    char *chain; /* "k5_start 8 > main 40 > k5_call 36": the deepest, with each one's part;
                  * >> is a call through a pointer */
};

/* The bound of a built task. False if its ELF cannot be read (printed). */
bool stack_bound_find(const struct app_task *task, struct stack_bound *bound);

/* The bounds of all tasks against their stacks. What does not fit is an error at `stack` in
 * app.toml, unless it is waived; so is a waiver of nothing. Sets each task's stack_need. */
bool stack_check(struct app *app);

#endif
