/*
 * conf_parse.h - between conf.cpp (the parser, C++) and conf.c (lookups, values, messages).
 */
#ifndef K5_TOOL_CONF_PARSE_H
#define K5_TOOL_CONF_PARSE_H

#include "conf.h"

#ifdef __cplusplus
extern "C" {
#endif

struct conf_file {
    const char *path;
    const char *content; /* its text, for the lines that messages show */
    bool lost;           /* a part of it could not be read (reported): it may be what is missed */
    int *guessed; /* lines with a value that was mended: only a guess, so nothing is said of it */
    size_t guess_count;
};

/* A place in a file: what a caret points at. Line 0: the file as a whole. */
struct conf_place {
    const struct conf_file *file;
    int line;
    int column;
    int length;
};

/* Prints an error at a place and counts it. */
void conf_error_at(const struct conf_place *place, const char *hint, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Parses a text, that of the file or what was mended of it. NULL: not TOML; then *message and
 * *place (line 0: unknown) say why. */
struct conf_node *conf_tree(const struct conf_file *file, const char *text, const char **message,
                            struct conf_place *place);

#ifdef __cplusplus
}
#endif
#endif
