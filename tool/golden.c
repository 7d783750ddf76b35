/*
 * golden.c - see golden.h.
 */
#include "golden.h"

#include <ctype.h>
#include <string.h>

#define TIME_COLUMNS 13 /* "   0.010 502 " */

/* Length of digits and points at `at` if one of the words follows them; else 0. */
static size_t measured_at(const char *at)
{
    static const char *const words[] = {" of ", " at its deepest", " ms of "};
    size_t length = strspn(at, "0123456789.");
    for (size_t i = length == 0 ? 3 : 0; i < sizeof words / sizeof words[0]; i++) {
        if (string_starts(at + length, words[i])) {
            return length;
        }
    }
    return 0;
}

/* Length of what stands for a number of the image at `at`: "0x1f", "build 00c0ffee", and what a
 * fault says of stack and time, that a compiler may change; else 0. *keep: how much of it stays. */
static size_t number_at(const char *at, bool measured, size_t *keep)
{
    *keep = string_starts(at, "0x") ? 2 : string_starts(at, "build ") ? 6 : 0;
    size_t length = *keep;
    while (*keep > 0 && isxdigit((unsigned char)at[length])) {
        length++;
    }
    if (measured && *keep == 0) {
        return measured_at(at);
    }
    return length > *keep ? length : 0;
}

char *golden_line(const char *plain)
{
    struct text out = {0};
    const char *at = plain;
    size_t keep;
    bool measured = strspn(plain, " ") >= TIME_COLUMNS && /* a line under a fault */
                    (strstr(plain, " at its deepest") != NULL || strstr(plain, " used") != NULL);
    if (strlen(at) > TIME_COLUMNS) {
        at += TIME_COLUMNS;
    }
    while (*at != '\0') {
        size_t length = number_at(at, measured, &keep);
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
