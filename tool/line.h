/*
 * line.h - the emulated board's second serial line, which is not the log's: what is typed into it,
 * and what the app says on it.
 *
 * The emulator takes a byte when the UART has room for one, so nothing that is typed is lost, and
 * what is typed at the start waits until a driver listens. A line of output ends with '\n'.
 */
#ifndef K5_TOOL_LINE_H
#define K5_TOOL_LINE_H

#include "app.h"

struct line {
    const char *device; /* its UART's name on the board */
    int socket;         /* to the emulator; -1: the app does not use it */
    struct text typed;  /* not yet taken by the emulator from `sent` on */
    size_t sent;
    struct text partial; /* output since the last '\n' */
    struct list lines;   /* whole lines of output; the caller takes them */
};

/* True if a task of the app has the UART of this line. */
bool line_used(const struct app *app);
/* Through a socket (-1: none). */
void line_open(struct line *line, const struct app *app, int socket);
/* Types. */
void line_type(struct line *line, const char *bytes, size_t length);
/* Moves what can be moved, without waiting. */
void line_step(struct line *line);
/* What stands in an unfinished line becomes one. The socket is the emulator's to close. */
void line_end(struct line *line);

#endif
