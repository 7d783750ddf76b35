/*
 * unwind.h - a backtrace: from registers and a stack that were read, by the DWARF of the program.
 *
 *   pc --.debug_frame--> where the caller's stack and registers are --> its pc --> ...
 *   each pc --.debug_info--> function, inlined ones too, file, line --> the line itself
 *
 * A stack may hold anything. The walk ends at the program's first function, or with a sentence that
 * says why it went no further; each step must move up the stack, so it always ends.
 */
#ifndef K5_TOOL_UNWIND_H
#define K5_TOOL_UNWIND_H

#include "snapshot.h"

#define UNWIND_FRAMES 128 /* more are not shown */

struct unwind_frame {
    unsigned number;
    uint32_t address;
    bool inlined;   /* part of the function below it */
    char *function; /* NULL: not known */
    char *file;     /* short, as messages name it; NULL: not known */
    int line;
    char *text; /* of that line; NULL: not there, or newer than the program */
};

struct backtrace {
    struct unwind_frame *frames;
    size_t count;
    char *end; /* why it ends early; NULL: it is whole */
};

/* Whose program, and where it stands. */
struct unwind_start {
    const char *elf;
    uint32_t code_base;
    uint32_t code_size;
    uint32_t entry; /* of its first function; 0: not known */
    uint32_t stack_base;
    uint32_t stack_end;
    bool assembler; /* it is entered through assembler, which nothing describes: the end, then */
    bool returns;   /* pc is where a call will return to, not what was executing */
    uint32_t reg[16];
};

void backtrace_make(const struct app *app, const struct snapshot *snapshot,
                    const struct unwind_start *start, struct backtrace *out);
/* For a stack whose registers are lost (it overflowed): what on it looks like return addresses,
 * from its lowest word on, a few of them. None of it is certain. */
void backtrace_guess(const struct app *app, const struct snapshot *snapshot,
                     const struct unwind_start *start, struct backtrace *out);
/* "#0 0x002000ca poke   tasks/sensor/main.c:25   *p = 0xdead;" for each frame, and the end. */
void backtrace_lines(const struct backtrace *backtrace, struct list *out);
void backtrace_free(struct backtrace *backtrace);

#endif
