/*
 * object.c - reads an ELF file into plain arrays (object.h). What it returns lives as long as the
 * program, unless it is freed.
 */
#define _GNU_SOURCE
#include "object.h"

#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void section_add(struct object *file, Elf *elf, Elf_Scn *scn, const GElf_Shdr *header)
{
    size_t names = 0;
    elf_getshdrstrndx(elf, &names);
    file->sections =
        memory_resize(file->sections, (file->section_count + 1) * sizeof file->sections[0]);
    struct object_section *section = &file->sections[file->section_count++];
    *section = (struct object_section){.name = string_copy(elf_strptr(elf, names, header->sh_name)),
                                       .base = (uint32_t)header->sh_addr,
                                       .size = (uint32_t)header->sh_size,
                                       .writable = (header->sh_flags & SHF_WRITE) != 0,
                                       .executable = (header->sh_flags & SHF_EXECINSTR) != 0};
    const Elf_Data *data = header->sh_type != SHT_NOBITS ? elf_getdata(scn, NULL) : NULL;
    if (data != NULL && data->d_size > 0) {
        uint8_t *bytes = memory_new(data->d_size);
        memcpy(bytes, data->d_buf, data->d_size);
        section->bytes = bytes;
    }
}

static void symbols_add(struct object *file, Elf *elf, Elf_Scn *scn, const GElf_Shdr *header)
{
    Elf_Data *data = elf_getdata(scn, NULL);
    size_t count = header->sh_entsize > 0 ? header->sh_size / header->sh_entsize : 0;
    file->symbols = memory_new(count * sizeof file->symbols[0]);
    file->marks = memory_new(count * sizeof file->marks[0]);
    for (size_t i = 0; i < count; i++) {
        GElf_Sym symbol;
        if (gelf_getsym(data, (int)i, &symbol) == NULL) {
            continue;
        }
        const char *name = elf_strptr(elf, header->sh_link, symbol.st_name);
        if (name != NULL && (string_starts(name, "$t") || string_starts(name, "$d"))) {
            file->marks[file->mark_count++] =
                (struct object_mark){(uint32_t)symbol.st_value, name[1] == 'd'};
            continue;
        }
        if (name == NULL || name[0] == '\0' || name[0] == '$') {
            continue;
        }
        int type = GELF_ST_TYPE(symbol.st_info);
        GElf_Shdr place;
        bool placed = gelf_getshdr(elf_getscn(elf, symbol.st_shndx), &place) != NULL;
        file->symbols[file->symbol_count++] = (struct object_symbol){
            .name = string_copy(name),
            .value = (uint32_t)symbol.st_value,
            .size = (uint32_t)symbol.st_size,
            .code = (type == STT_FUNC || type == STT_NOTYPE) && placed &&
                    (place.sh_flags & SHF_EXECINSTR) != 0,
            .local = GELF_ST_BIND(symbol.st_info) == STB_LOCAL,
        };
    }
}

static bool object_fill(struct object *file, Elf *elf)
{
    GElf_Ehdr header;
    Elf_Scn *scn = NULL;
    if (elf == NULL || gelf_getehdr(elf, &header) == NULL || gelf_getclass(elf) != ELFCLASS32) {
        return false;
    }
    file->entry = (uint32_t)header.e_entry;
    while ((scn = elf_nextscn(elf, scn)) != NULL) {
        GElf_Shdr section;
        if (gelf_getshdr(scn, &section) == NULL) {
            return false;
        }
        if (section.sh_type == SHT_SYMTAB) {
            symbols_add(file, elf, scn, &section);
        } else if ((section.sh_flags & SHF_ALLOC) != 0 && section.sh_size > 0) {
            section_add(file, elf, scn, &section);
        }
    }
    return true;
}

bool object_read(const char *path, struct object *file)
{
    *file = (struct object){.path = path};
    elf_version(EV_CURRENT);
    int handle = open(path, O_RDONLY | O_CLOEXEC);
    Elf *elf = handle >= 0 ? elf_begin(handle, ELF_C_READ, NULL) : NULL;
    bool ok = object_fill(file, elf);
    elf_end(elf);
    if (handle >= 0) {
        close(handle);
    }
    if (!ok) {
        error_print("%s: cannot be read as an ELF file of 32 bits", path);
    }
    return ok;
}

void object_free(struct object *file)
{
    for (size_t i = 0; i < file->section_count; i++) {
        free((char *)(uintptr_t)file->sections[i].name);
        free((uint8_t *)(uintptr_t)file->sections[i].bytes);
    }
    for (size_t i = 0; i < file->symbol_count; i++) {
        free((char *)(uintptr_t)file->symbols[i].name);
    }
    free(file->sections);
    free(file->symbols);
    *file = (struct object){.path = file->path};
}

uint32_t object_value(const struct object *file, const char *name)
{
    for (size_t i = 0; i < file->symbol_count; i++) {
        if (!file->symbols[i].local && strcmp(file->symbols[i].name, name) == 0) {
            return file->symbols[i].value;
        }
    }
    error_print("internal error: %s has no symbol \"%s\"", file->path, name);
    exit(EXIT_BUILD);
}
