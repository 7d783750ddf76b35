/*
 * policy.h - rules about who must never reach what, and whether an app keeps them.
 *
 *   # comment
 *   never sensor -> uart0
 *   never task client -> device uart1       "task", "endpoint", "device", "region" if a name is
 *                                           that of several things
 */
#ifndef K5_TOOL_POLICY_H
#define K5_TOOL_POLICY_H

#include "reach.h"

/* The policy of an app: `policy` of [app], a path beside app.toml; or policy.txt if it is there;
 * NULL: it has none. Caller frees. A file that is named must be there; that is not checked here. */
char *policy_path(const struct app *app);

/* Reads the file and checks each rule: mistakes in it and paths that break a rule are printed and
 * counted (conf_error_count). Returns how many rules there are. */
size_t policy_check(const struct reach *reach, const char *path);

#endif
