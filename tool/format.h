/*
 * format.h - placeholders of log formats: what they are, and values put in their place.
 *
 *   { [#] [0] [width] [.digits] [x X b c d] }     "{{" is a brace
 */
#ifndef K5_TOOL_FORMAT_H
#define K5_TOOL_FORMAT_H

#include "util.h"

struct format_spec {
    bool prefix;  /* # */
    bool zeros;   /* 0 */
    int width;    /* 0: none */
    int decimals; /* -1: none */
    char kind;    /* 'x', 'X', 'b', 'c', 'd' or 0 */
};

/* A placeholder's inside, up to its '}'. Returns a pointer past the '}', or NULL if it is none. */
const char *format_spec_read(const char *inside, struct format_spec *spec);
/* What is wrong with a format of so many arguments, in words, or NULL. Caller frees. */
char *format_problem(const char *format, unsigned count);

#endif
