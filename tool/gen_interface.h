/*
 * gen_interface.h - between gen_interface.c (types of an interface) and its functions
 * (gen_client.c, gen_server.c).
 */
#ifndef K5_TOOL_GEN_INTERFACE_H
#define K5_TOOL_GEN_INTERFACE_H

#include "app.h"

#define GEN_COLUMNS 100u

/* The opening comment and the guard; `what` is in the file, `suffix` is of the guard ("_CLIENT").
 */
void gen_interface_head(struct text *out, const struct interface *interface, const char *what,
                        const char *suffix);
/* A text of the file in lines of a comment that is open: `first` before the first word, `next`
 * (with the end of the line) before each other line. */
void gen_doc_add(struct text *out, const char *first, const char *next, const char *doc);
/* In capitals; on the heap. */
char *gen_upper(const char *name);
/* A type in C; on the heap. */
char *gen_c_type(const struct interface *interface, const struct interface_type *type);

void gen_client(const struct app *app, const struct interface *interface);
void gen_server(const struct app *app, const struct interface *interface);

#endif
