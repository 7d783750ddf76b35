/*
 * source.h - from an address to function, file and line, by the DWARF of an ELF; and short names
 * of source files.
 */
#ifndef K5_TOOL_SOURCE_H
#define K5_TOOL_SOURCE_H

#include "app.h"

struct source {
    char *function; /* NULL: not known */
    char *file;     /* as the compiler was given it; NULL: not known */
    int line;
};
/* False if the ELF says nothing about the address. Free with source_free. */
bool source_find(const char *elf, uint32_t address, struct source *source);
void source_free(struct source *source);

/* The end of a source file's name that a reader needs: relative to the app's folder or to the
 * project's root if it lies there, else all of it. Points into `file`. */
const char *source_short(const struct app *app, const char *file);

/* The text of a line of a source file, named as the compiler was given it, without the spaces
 * around it; NULL if it is not there, or was changed after the ELF was made. Caller frees. */
char *source_text(const struct app *app, const char *elf, const char *file, int line);

#endif
