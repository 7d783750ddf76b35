/*
 * files.h - the files that a build leaves for other programs: what is loaded where, as plain
 * bytes.
 */
#ifndef K5_TOOL_FILES_H
#define K5_TOOL_FILES_H

#include "app.h"

#include <time.h>

/* Finds what the image loads (app->parts, in the order of the board's memories) and writes it:
 * image.bin if all is in one memory, else one image.MEMORY.bin for each. image.hex holds the same
 * and is made with the image. EXIT_OK, EXIT_BUILD or EXIT_ENVIRONMENT (printed). */
int files_write(struct app *app);

/* Outputs of the compiler and linker that are newer than `since`, as paths in the build folder. */
void files_rebuilt(const struct app *app, const struct timespec *since, struct list *out);

#endif
