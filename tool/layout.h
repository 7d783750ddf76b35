/*
 * layout.h - where a member of a global variable lies, by the DWARF of the linked ELF.
 *
 * So the tool reads the kernel's state without knowing its structures: the compiler's own word says
 * where each member is, and one that this version of the kernel does not have is not found.
 */
#ifndef K5_TOOL_LAYOUT_H
#define K5_TOOL_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

/* An ELF file whose DWARF is open. */
struct layout {
    int file;
    struct Dwarf *dwarf;
};

/* Where it is: `count` elements of `size` bytes from `address` on. An array of arrays counts its
 * innermost elements, in the order of C; what is no array has count 1. */
struct layout_member {
    uint32_t address;
    uint32_t size;
    uint32_t count;
};

/* Opens an ELF file. False if it cannot be read or has no DWARF; nothing is printed. */
bool layout_open(const char *elf, struct layout *layout);
/* The member `path` ("task.state"; "" is all of it) of the global variable. False if there is no
 * such variable or member. A path does not go through pointers or into elements of arrays. */
bool layout_find(const struct layout *layout, const char *variable, const char *path,
                 struct layout_member *member);
/* Where the member `path` lies in a structure type of this name. */
bool layout_offset(const struct layout *layout, const char *type, const char *path,
                   uint32_t *offset);
/* The address of a function's first instruction; false if it has none of its own (inlined). */
bool layout_function(const struct layout *layout, const char *name, uint32_t *address);
void layout_close(struct layout *layout);

#endif
