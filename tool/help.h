/*
 * help.h - what help, man page and completion share of a row in the verb table.
 */
#ifndef K5_TOOL_HELP_H
#define K5_TOOL_HELP_H

#include "util.h"
#include "verbs.h"

#define K5_TOOL_VERSION "0.1.0"

/* Adds the words of `string` and breaks lines: the first begins in `column`, the others are
 * indented. Ends the last line. */
void text_wrap(struct text *out, const char *string, size_t column, size_t indent);
/* Adds the paragraphs of a verb's help to the list; returns how many there are in it. */
size_t paragraphs_split(const char *help, struct list *out);
/* "--for TIME", "APP". Caller frees. */
char *option_words(const struct verb_option *option);

#endif
