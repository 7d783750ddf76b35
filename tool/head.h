/*
 * head.h - the first lines of a run: with what it was built, how large, where, who talks to whom.
 */
#ifndef K5_TOOL_HEAD_H
#define K5_TOOL_HEAD_H

#include "app.h"

/* seconds: what the build took. */
void head_print(const struct app *app, double seconds);

#endif
