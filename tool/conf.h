/*
 * conf.h - a TOML file as a tree of nodes that know where they stand, and errors that show it.
 *
 *   app.toml:18:13: error: task "sensor" calls "storrage": no task serves it
 *    18 | calls    = ["storrage"]
 *       |             ^~~~~~~~~~ did you mean "storage"?
 *
 * The parser (toml11) stays behind this interface. Nodes live as long as the program. All errors of
 * a file are collected: report with conf_error, go on, and ask conf_error_count at the end.
 */
#ifndef K5_TOOL_CONF_H
#define K5_TOOL_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum conf_kind {
    CONF_TABLE,
    CONF_ARRAY,
    CONF_STRING,
    CONF_INTEGER,
    CONF_FLOAT,
    CONF_BOOLEAN,
    CONF_OTHER /* dates and times */
};

struct conf_file;

struct conf_node {
    const struct conf_file *file;
    enum conf_kind kind;
    const char *key;          /* its name in the table it is in; "" for array items and the root */
    const char *string;       /* CONF_STRING */
    int64_t integer;          /* CONF_INTEGER; CONF_BOOLEAN: 0 or 1 */
    struct conf_node **items; /* CONF_TABLE, CONF_ARRAY: in the order of the file */
    size_t count;
    int line; /* of the value, from 1 */
    int column;
    int length; /* characters on that line */
};

/* Parses a file; errors are printed and counted. NULL if it cannot be read or nothing can be made
 * of it. Common mistakes of syntax are mended after they were reported, so that the rest is read.
 */
const struct conf_node *conf_parse(const char *path);

/* False if a part of the node's file had to be left out, or if the table has an unknown key
 * (conf_known): what is missing may be what that is meant to be. */
bool conf_complete(const struct conf_node *node);

/* The item of a table with this key, or NULL. */
const struct conf_node *conf_get(const struct conf_node *table, const char *key);

/* "integer", "table", ...: for messages. */
const char *conf_kind_name(enum conf_kind kind);

/* Prints an error at the node's value and counts it. hint: what to do, or "" for none. */
void conf_error(const struct conf_node *node, const char *hint, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same, with the caret at the node's key. */
void conf_error_key(const struct conf_node *node, const char *hint, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* From hold to show, errors wait; then they are printed in the order of their places. */
void conf_errors_hold(void);
void conf_errors_show(void);
/* How many errors there were since the start of the program. */
unsigned conf_error_count(void);

/* Reports every key of the table that is not among `known`, with the nearest one as a hint.
 * `where` opens the message: "task \"sensor\"". */
void conf_known(const struct conf_node *table, const char *where, const char *const *known,
                size_t count);

/* ---- values with a range; each reports what is wrong and returns the fallback then ---- */

/* A string of the table. NULL if it is missing (an error if `needed`) or is no string. */
const char *conf_string(const struct conf_node *table, const char *where, const char *key,
                        bool needed);
/* An integer from low to high; `fallback` if it is missing. */
int64_t conf_integer(const struct conf_node *table, const char *where, const char *key,
                     const int64_t range[2], int64_t fallback);
/* "2 ms", "250us", "1 s" in microseconds; false if it is no time (reported). */
bool conf_time(const struct conf_node *value, const char *where, uint64_t *microseconds);
/* 1536, "1536" or "4K" in bytes; false if it is no size (reported). */
bool conf_size(const struct conf_node *value, const char *where, uint64_t *bytes);

#ifdef __cplusplus
}
#endif
#endif
