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
};

/* Parses file->content. NULL: not TOML; then *message, *line, *column (0: unknown) say why. */
struct conf_node *conf_tree(const struct conf_file *file, const char **message, int *line,
                            int *column);

#ifdef __cplusplus
}
#endif
#endif
