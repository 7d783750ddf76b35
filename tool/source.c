/*
 * source.c - address to function, file and line by libdw; see source.h.
 */
#define _GNU_SOURCE /* realpath */
#include "source.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The innermost function around the address: its name, or NULL. */
static const char *function_name(Dwarf_Die *unit, Dwarf_Addr address)
{
    Dwarf_Die *scopes = NULL;
    const char *name = NULL;
    int count = dwarf_getscopes(unit, address, &scopes);
    for (int i = 0; i < count && name == NULL; i++) {
        int tag = dwarf_tag(&scopes[i]);
        if (tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine) {
            name = dwarf_diename(&scopes[i]);
        }
    }
    free(scopes);
    return name;
}

bool source_find(const char *elf, uint32_t address, struct source *source)
{
    *source = (struct source){0};
    int file = open(elf, O_RDONLY | O_CLOEXEC);
    Dwarf *dwarf = file < 0 ? NULL : dwarf_begin(file, DWARF_C_READ);
    Dwarf_Die unit;
    if (dwarf != NULL && dwarf_addrdie(dwarf, address, &unit) != NULL) {
        const char *name = function_name(&unit, address);
        Dwarf_Line *line = dwarf_getsrc_die(&unit, address);
        const char *path = line == NULL ? NULL : dwarf_linesrc(line, NULL, NULL);
        if (line != NULL) {
            (void)dwarf_lineno(line, &source->line);
        }
        source->function = name == NULL ? NULL : string_copy(name);
        source->file = path == NULL ? NULL : string_copy(path);
    }
    dwarf_end(dwarf);
    if (file >= 0) {
        close(file);
    }
    return source->function != NULL || source->file != NULL;
}

void source_free(struct source *source)
{
    free(source->function);
    free(source->file);
    *source = (struct source){0};
}

/* What follows "folder/" in the path, or the path. */
static const char *path_below(const char *path, const char *folder)
{
    size_t length = strlen(folder);
    return length > 0 && strncmp(path, folder, length) == 0 && path[length] == '/'
               ? path + length + 1
               : path;
}

const char *source_short(const struct app *app, const char *file)
{
    char folder[PATH_MAX];
    if (string_starts(file, "./")) {
        return file + 2;
    }
    if (app->dir == NULL || realpath(app->dir, folder) == NULL) {
        return file;
    }
    const char *root = root_path();
    const char *name = path_below(path_below(file, folder), root);
    return path_below(name, path_below(folder, root));
}

/* The file where it lies on this machine: names in the ELF are relative to the app or the root, and
 * those of generated files to the build folder. */
static char *path_here(const struct app *app, const char *file)
{
    const char *name = string_starts(file, "./") ? file + 2 : file;
    const char *dir = app->dir == NULL ? "." : app->dir;
    const char *const folders[] = {dir, root_path(), app->build_dir == NULL ? dir : app->build_dir};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        char *path = path_join(folders[i], name);
        if (file_exists(path)) {
            return path;
        }
        free(path);
    }
    return NULL;
}

static bool newer(const char *path, const char *than)
{
    struct stat a;
    struct stat b;
    return stat(path, &a) != 0 || stat(than, &b) != 0 || a.st_mtime > b.st_mtime;
}

/* Line `number` of a text, counted from 1; its length is 0 if there is none. */
static const char *line_find(const char *text, int number, size_t *length)
{
    for (int i = 1; i < number && text != NULL; i++) {
        text = strchr(text, '\n');
        text = text == NULL ? NULL : text + 1;
    }
    text = text == NULL ? "" : text + strspn(text, " \t");
    *length = strcspn(text, "\r\n");
    while (*length > 0 && (text[*length - 1] == ' ' || text[*length - 1] == '\t')) {
        --*length;
    }
    return text;
}

char *source_text(const struct app *app, const char *elf, const char *file, int line)
{
    struct text content = {0};
    char *path = path_here(app, file);
    char *copy = NULL;
    if (path != NULL && line > 0 && !newer(path, elf) && file_read(path, &content)) {
        size_t length;
        const char *text = line_find(text_string(&content), line, &length);
        copy = length == 0 ? NULL : string_format("%.*s", (int)length, text);
    }
    text_free(&content);
    free(path);
    return copy;
}
