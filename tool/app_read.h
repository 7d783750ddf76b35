/*
 * app_read.h - between app.c (the whole of app.toml) and app_source.c (names, lists, sources).
 */
#ifndef K5_TOOL_APP_READ_H
#define K5_TOOL_APP_READ_H

#include "app.h"
#include "conf.h"

#define NAME_MAX_LENGTH 31

/* Names become parts of C macros: lower case letters, digits, underscores; not longer than
 * NAME_MAX_LENGTH, and none that C or K5 has already. Reported at the node's key, or at its value
 * if that is the name. */
void name_check(const struct conf_node *node, const char *kind, const char *name);

/* A list of strings, or one string, under `key`: no name empty, and none twice. */
void links_read(const struct conf_node *table, const char *where, const char *key,
                struct app_links *links);

/* `source` or `use` of a task: the files it is made of. `missing`: say so if both are. */
void sources_read(const struct app *app, struct app_task *task, const char *where, bool missing);

/* `interface` of `serves`, which is NULL or its table; or that of a ready-made task. */
void service_read(struct app *app, struct app_task *task, const struct conf_node *serves,
                  const char *where);

/* `define` of a task. */
void defines_read(struct app_task *task, const char *where);

#endif
