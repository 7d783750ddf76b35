/*
 * conf_syntax.h - says in plain words what is no TOML, for all of a file and not only the first
 * place, and mends it so that the rest of the file can be read and checked too.
 */
#ifndef K5_TOOL_CONF_SYNTAX_H
#define K5_TOOL_CONF_SYNTAX_H

#include "conf_parse.h"
#include "util.h"

/* For a file that the parser refused. Reports each mistake that it knows (conf_error_count tells
 * how many); *mended gets the text without them, line by line as in the file. Sets file->lost if
 * a line had to be left out, and file->guessed. */
void syntax_mend(struct conf_file *file, struct text *mended);

#endif
