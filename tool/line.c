/*
 * line.c - see line.h.
 */
#define _GNU_SOURCE
#include "line.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

bool line_used(const struct app *app)
{
    for (size_t t = 0; t < app->task_count && app->board.line != NULL; t++) {
        for (size_t r = 2; r < app->tasks[t].region_count; r++) {
            const struct app_region *region = &app->tasks[t].regions[r];
            if (region->kind == REGION_DEVICE && strcmp(region->name, app->board.line) == 0) {
                return true;
            }
        }
    }
    return false;
}

void line_open(struct line *line, const struct app *app, int socket)
{
    *line = (struct line){.device = app->board.line, .socket = socket};
}

void line_type(struct line *line, const char *bytes, size_t length)
{
    text_add_bytes(&line->typed, bytes, length);
}

/* Letters of a terminal's language do not reach ours. */
static void line_take(struct line *line, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];
        if (c == '\n') {
            list_add(&line->lines, text_string(&line->partial));
            text_free(&line->partial);
        } else if (c != '\r') {
            char shown = (char)(isprint(c) ? c : '.');
            text_add_bytes(&line->partial, &shown, 1);
        }
    }
}

void line_step(struct line *line)
{
    char bytes[4096];
    if (line->socket < 0) {
        return;
    }
    while (line->sent < line->typed.length) {
        ssize_t sent = send(line->socket, line->typed.data + line->sent,
                            line->typed.length - line->sent, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent <= 0) {
            break;
        }
        line->sent += (size_t)sent;
    }
    for (;;) {
        ssize_t got = recv(line->socket, bytes, sizeof bytes, MSG_DONTWAIT);
        if (got <= 0) {
            return;
        }
        line_take(line, bytes, (size_t)got);
    }
}

void line_end(struct line *line)
{
    line_step(line);
    if (line->partial.length > 0) {
        list_add(&line->lines, text_string(&line->partial));
    }
    line->socket = -1;
    text_free(&line->partial);
    text_free(&line->typed);
}
