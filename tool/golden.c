/*
 * golden.c - see golden.h.
 */
#include "golden.h"

#include <ctype.h>
#include <string.h>

#define TIME_COLUMNS 13 /* "   0.010 502 " */

/* Length of what stands for a number of the image at `at`: "0x1f", "build 00c0ffee"; else 0.
 * *keep: how much of it stays. */
static size_t number_at(const char *at, size_t *keep)
{
    *keep = string_starts(at, "0x") ? 2 : string_starts(at, "build ") ? 6 : 0;
    size_t length = *keep;
    while (*keep > 0 && isxdigit((unsigned char)at[length])) {
        length++;
    }
    return length > *keep ? length : 0;
}

char *golden_line(const char *plain)
{
    struct text out = {0};
    const char *at = plain;
    size_t keep;
    if (strlen(at) > TIME_COLUMNS) {
        at += TIME_COLUMNS;
    }
    while (*at != '\0') {
        size_t length = number_at(at, &keep);
        if (length > 0) {
            text_add_bytes(&out, at, keep);
            text_add(&out, "*");
            at += length;
        } else {
            text_add_bytes(&out, at, 1);
            at++;
        }
    }
    char *line = string_copy(text_string(&out));
    text_free(&out);
    return line;
}
