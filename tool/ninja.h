/*
 * ninja.h - writes BUILD_DIR/build.ninja for an app and runs it.
 */
#ifndef K5_TOOL_NINJA_H
#define K5_TOOL_NINJA_H

#include "app.h"

/* Writes build.ninja: targets `measure` (each task linked to be measured), `image` (all). */
void ninja_write(const struct app *app);
/* Runs it for one target. EXIT_OK, EXIT_BUILD, or EXIT_ENVIRONMENT without a compiler or ninja. */
int ninja_run(const struct app *app, const char *target);

#endif
