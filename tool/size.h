/*
 * size.h - how much flash, RAM and stack each task and the kernel take.
 */
#ifndef K5_TOOL_SIZE_H
#define K5_TOOL_SIZE_H

#include "app.h"

enum size_value {
    SIZE_CODE,      /* functions, the literals among them too */
    SIZE_CONSTANTS, /* what else is read-only: constants, tables, padding */
    SIZE_DATA,      /* initial values: in flash and in RAM */
    SIZE_BSS,
    SIZE_STACK,
    SIZE_NEED, /* of the stack: the bound of stack.h; of the kernel: not known */
    SIZE_VALUES
};

struct size_row {
    const char *name;
    uint32_t value[SIZE_VALUES];
    const char *why;   /* the bound is none, for this reason; NULL: it is one */
    const char *chain; /* the calls that need most; NULL: of the kernel */
    bool measured;
    uint32_t depth; /* bytes of the stack that a run has written to */
};

struct sizes {
    struct size_row *rows; /* the tasks, most urgent first, then the kernel */
    size_t count;
};

/* Of a built app. False if a file cannot be read (printed). */
bool sizes_find(const struct app *app, struct sizes *sizes);
/* Flash or RAM of a row. */
uint32_t size_flash(const struct size_row *row);
uint32_t size_ram(const struct size_row *row);

/* Runs the app in the emulator for this long and looks how deep each task's stack was written to.
 * EXIT_OK, or EXIT_ENVIRONMENT (printed). */
int sizes_measure(const struct app *app, uint64_t for_us, struct sizes *sizes);

/* Builds the app as it was in a revision of its git repository, in a folder for that alone that is
 * removed afterwards. *commit: its short name. EXIT_OK, or what went wrong (printed). */
int sizes_before(const struct app *app, const char *revision, struct sizes *before, char **commit);

#endif
