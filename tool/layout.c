/*
 * layout.c - from names to addresses by libdw; see layout.h.
 *
 *   variable: address and type --member by member--> offset and type --array--> size and count
 */
#define _GNU_SOURCE /* O_CLOEXEC */
#include "layout.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

bool layout_open(const char *elf, struct layout *layout)
{
    layout->file = open(elf, O_RDONLY | O_CLOEXEC);
    layout->dwarf = layout->file < 0 ? NULL : dwarf_begin(layout->file, DWARF_C_READ);
    if (layout->dwarf == NULL) {
        layout_close(layout);
        return false;
    }
    return true;
}

void layout_close(struct layout *layout)
{
    dwarf_end(layout->dwarf);
    if (layout->file >= 0) {
        close(layout->file);
    }
    *layout = (struct layout){.file = -1};
}

/* The fixed address of a variable. False for a mere declaration. */
static bool variable_address(Dwarf_Die *variable, Dwarf_Addr *address)
{
    Dwarf_Attribute attribute;
    Dwarf_Op *ops;
    size_t count;
    if (dwarf_attr(variable, DW_AT_location, &attribute) == NULL ||
        dwarf_getlocation(&attribute, &ops, &count) != 0 || count != 1 ||
        ops[0].atom != DW_OP_addr) {
        return false;
    }
    *address = ops[0].number;
    return true;
}

/* The type of a variable, member or array, without its typedefs and qualifiers. */
static bool type_of(Dwarf_Die *die, Dwarf_Die *type)
{
    Dwarf_Attribute attribute;
    Dwarf_Die named;
    return dwarf_formref_die(dwarf_attr_integrate(die, DW_AT_type, &attribute), &named) != NULL &&
           dwarf_peel_type(&named, type) == 0;
}

/* Names and `external` of a definition may stand at the declaration that it completes. */
static bool unit_variable(Dwarf_Die *unit, const char *name, Dwarf_Addr *address, Dwarf_Die *type)
{
    Dwarf_Die child;
    for (int more = dwarf_child(unit, &child); more == 0; more = dwarf_siblingof(&child, &child)) {
        Dwarf_Attribute external;
        const char *found = dwarf_tag(&child) == DW_TAG_variable ? dwarf_diename(&child) : NULL;
        if (found != NULL && strcmp(found, name) == 0 &&
            dwarf_attr_integrate(&child, DW_AT_external, &external) != NULL &&
            variable_address(&child, address)) {
            return type_of(&child, type);
        }
    }
    return false;
}

static bool variable_find(Dwarf *dwarf, const char *name, Dwarf_Addr *address, Dwarf_Die *type)
{
    Dwarf_CU *unit = NULL;
    Dwarf_Die top;
    while (dwarf_get_units(dwarf, unit, &unit, NULL, NULL, &top, NULL) == 0) {
        if (unit_variable(&top, name, address, type)) {
            return true;
        }
    }
    return false;
}

/* Goes one member down: adds its offset, and type becomes its type. */
static bool member_enter(Dwarf_Die *type, const char *name, size_t length, Dwarf_Word *offset)
{
    Dwarf_Die child;
    if (dwarf_tag(type) != DW_TAG_structure_type && dwarf_tag(type) != DW_TAG_union_type) {
        return false;
    }
    for (int more = dwarf_child(type, &child); more == 0; more = dwarf_siblingof(&child, &child)) {
        const char *found = dwarf_tag(&child) == DW_TAG_member ? dwarf_diename(&child) : NULL;
        if (found != NULL && strncmp(found, name, length) == 0 && found[length] == '\0') {
            Dwarf_Attribute attribute;
            Dwarf_Word inside = 0; /* members of a union have no offset */
            (void)dwarf_formudata(dwarf_attr(&child, DW_AT_data_member_location, &attribute),
                                  &inside);
            *offset += inside;
            return type_of(&child, type);
        }
    }
    return false;
}

/* The type of the elements and how many there are. */
static bool type_measure(Dwarf_Die *type, struct layout_member *member)
{
    Dwarf_Word all;
    Dwarf_Word one;
    Dwarf_Die element = *type;
    while (dwarf_tag(&element) == DW_TAG_array_type) {
        Dwarf_Die array = element;
        if (!type_of(&array, &element)) {
            return false;
        }
    }
    if (dwarf_aggregate_size(type, &all) != 0 || dwarf_aggregate_size(&element, &one) != 0 ||
        one == 0) {
        return false;
    }
    member->size = (uint32_t)one;
    member->count = (uint32_t)(all / one);
    return true;
}

/* Goes down a path of members. */
static bool path_walk(Dwarf_Die *type, const char *path, Dwarf_Word *offset)
{
    bool more = *path != '\0';
    while (more) {
        size_t length = strcspn(path, ".");
        if (!member_enter(type, path, length, offset)) {
            return false;
        }
        more = path[length] == '.';
        path += length + (more ? 1 : 0);
    }
    return true;
}

bool layout_find(const struct layout *layout, const char *variable, const char *path,
                 struct layout_member *member)
{
    Dwarf_Addr address;
    Dwarf_Die type;
    Dwarf_Word offset = 0;
    if (!variable_find(layout->dwarf, variable, &address, &type) ||
        !path_walk(&type, path, &offset)) {
        return false;
    }
    member->address = (uint32_t)(address + offset);
    return type_measure(&type, member);
}

/* The structure of this name that is a definition. */
static bool unit_structure(Dwarf_Die *unit, const char *name, Dwarf_Die *type)
{
    Dwarf_Attribute attribute;
    for (int more = dwarf_child(unit, type); more == 0; more = dwarf_siblingof(type, type)) {
        const char *found = dwarf_tag(type) == DW_TAG_structure_type ? dwarf_diename(type) : NULL;
        if (found != NULL && strcmp(found, name) == 0 &&
            dwarf_attr(type, DW_AT_declaration, &attribute) == NULL) {
            return true;
        }
    }
    return false;
}

bool layout_offset(const struct layout *layout, const char *type, const char *path,
                   uint32_t *offset)
{
    Dwarf_CU *unit = NULL;
    Dwarf_Die top;
    Dwarf_Die structure;
    while (dwarf_get_units(layout->dwarf, unit, &unit, NULL, NULL, &top, NULL) == 0) {
        Dwarf_Word at = 0;
        if (unit_structure(&top, type, &structure) && path_walk(&structure, path, &at)) {
            *offset = (uint32_t)at;
            return true;
        }
    }
    return false;
}

struct wanted {
    const char *name;
    Dwarf_Addr address;
};

static int function_compare(Dwarf_Die *function, void *argument)
{
    struct wanted *wanted = argument;
    const char *name = dwarf_diename(function);
    return name != NULL && strcmp(name, wanted->name) == 0 &&
                   dwarf_entrypc(function, &wanted->address) == 0
               ? DWARF_CB_ABORT
               : DWARF_CB_OK;
}

bool layout_function(const struct layout *layout, const char *name, uint32_t *address)
{
    struct wanted wanted = {.name = name};
    Dwarf_CU *unit = NULL;
    Dwarf_Die top;
    while (dwarf_get_units(layout->dwarf, unit, &unit, NULL, NULL, &top, NULL) == 0) {
        if (dwarf_getfuncs(&top, function_compare, &wanted, 0) > 0) {
            *address = (uint32_t)wanted.address;
            return true;
        }
    }
    return false;
}
