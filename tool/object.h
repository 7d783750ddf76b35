/*
 * object.h - what the builder asks an ELF file: sections, symbols, entry, bytes. By libelf.
 */
#ifndef K5_TOOL_OBJECT_H
#define K5_TOOL_OBJECT_H

#include "util.h"

struct object_section {
    const char *name;
    uint32_t base;
    uint32_t size;
    bool writable;
    bool executable;
    const uint8_t *bytes; /* NULL: none in the file (.bss) */
};

/* The sections that take memory in the target, in the order of the file. */
struct object {
    const char *path;
    uint32_t entry;
    struct object_section *sections;
    size_t section_count;
    struct object_symbol *symbols;
    size_t symbol_count;
    struct object_mark *marks; /* in the order of the symbol table */
    size_t mark_count;
};

/* From here on there is data in the code, or code again ($d, $t). */
struct object_mark {
    uint32_t value;
    bool data;
};

struct object_symbol {
    const char *name;
    uint32_t value;
    uint32_t size; /* 0: not known */
    bool code;     /* a function or a label of the assembler in executable memory */
    bool local;    /* seen in its own source file only: its name may stand more than once */
};

/* Reads a 32-bit little-endian ELF file; false and a message if it is none. */
bool object_read(const char *path, struct object *file);
/* For who reads many; sections and symbols are gone then. */
void object_free(struct object *file);
/* The value of a global symbol; an error ends the tool, for the builder made the file. */
uint32_t object_value(const struct object *file, const char *name);

#endif
