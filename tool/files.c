/*
 * files.c - the .bin files, from the segments of image.elf (files.h); image.hex is objcopy's.
 *
 *   image.elf --segments by load address--> one part for each memory of the board
 *             --> image.bin, or image.MEMORY.bin: the bytes of a part, without its address
 *
 * Two memories may be far apart (256 MiB on the MPS2), so one flat file would be mostly nothing.
 */
#define _GNU_SOURCE
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- segments ---- */

static int memory_of(const struct board *board, uint32_t base, uint32_t size)
{
    for (int m = 0; m < MEMORY_COUNT; m++) {
        const struct board_memory *memory = &board->memory[m];
        if (base >= memory->base && base - memory->base < memory->size &&
            size <= memory->size - (base - memory->base)) {
            return m;
        }
    }
    return -1;
}

/* The next segment that has bytes in the file; false after the last. */
static bool segment_next(Elf *elf, size_t *index, GElf_Phdr *segment)
{
    size_t count = 0;
    elf_getphdrnum(elf, &count);
    while (*index < count) {
        if (gelf_getphdr(elf, (int)(*index)++, segment) != NULL && segment->p_type == PT_LOAD &&
            segment->p_filesz > 0) {
            return true;
        }
    }
    return false;
}

static Elf *image_open(const struct app *app, int *handle)
{
    elf_version(EV_CURRENT);
    *handle = open(app->image, O_RDONLY | O_CLOEXEC);
    Elf *elf = *handle >= 0 ? elf_begin(*handle, ELF_C_READ, NULL) : NULL;
    if (elf == NULL) {
        error_print("%s: cannot be read", app->image);
    }
    return elf;
}

static void image_close(Elf *elf, int handle)
{
    elf_end(elf);
    if (handle >= 0) {
        close(handle);
    }
}

/* Sets app->parts. */
static bool parts_find(struct app *app)
{
    uint32_t first[MEMORY_COUNT];
    uint32_t end[MEMORY_COUNT] = {0};
    int handle = -1;
    size_t index = 0;
    GElf_Phdr segment;
    Elf *elf = image_open(app, &handle);
    bool ok = elf != NULL;
    app->parts = memory_new(MEMORY_COUNT * sizeof app->parts[0]);
    app->part_count = 0;
    while (ok && segment_next(elf, &index, &segment)) {
        uint32_t base = (uint32_t)segment.p_paddr;
        uint32_t size = (uint32_t)segment.p_filesz;
        int m = memory_of(&app->board, base, size);
        if (m < 0) {
            error_print("internal: %u bytes at 0x%08X are loaded into no memory of the board", size,
                        base);
            ok = false;
        } else {
            first[m] = end[m] == 0 || base < first[m] ? base : first[m];
            end[m] = base + size > end[m] ? base + size : end[m];
        }
    }
    image_close(elf, handle);
    for (size_t m = 0; ok && m < MEMORY_COUNT; m++) {
        if (end[m] > 0) {
            app->parts[app->part_count++] = (struct app_part){
                .memory = app->board.memory[m].name, .base = first[m], .size = end[m] - first[m]};
        }
    }
    for (size_t i = 0; i < app->part_count; i++) {
        char *name = app->part_count == 1 ? string_copy("image.bin")
                                          : string_format("image.%s.bin", app->parts[i].memory);
        app->parts[i].path = path_join(app->build_dir, name);
        free(name);
    }
    return ok;
}

/* The bytes of a part; NULL if the image cannot be read. Caller frees. */
static uint8_t *part_bytes(const struct app *app, const struct app_part *part)
{
    int handle = -1;
    size_t index = 0;
    size_t length = 0;
    GElf_Phdr segment;
    uint8_t *bytes = memory_new(part->size);
    Elf *elf = image_open(app, &handle);
    const char *raw = elf != NULL ? elf_rawfile(elf, &length) : NULL;
    while (raw != NULL && segment_next(elf, &index, &segment)) {
        uint32_t base = (uint32_t)segment.p_paddr;
        if (base >= part->base && base - part->base < part->size &&
            segment.p_offset + segment.p_filesz <= length) {
            memcpy(bytes + (base - part->base), raw + segment.p_offset, segment.p_filesz);
        }
    }
    image_close(elf, handle);
    return bytes;
}

static bool file_put(const char *path, const void *bytes, size_t length)
{
    bool ok = file_update(path, bytes, length);
    if (!ok) {
        error_print("%s: %s", path, strerror(errno));
    }
    return ok;
}

int files_write(struct app *app)
{
    bool ok = parts_find(app);
    app->hex = path_join(app->build_dir, "image.hex");
    if (!ok) {
        return EXIT_BUILD;
    }
    for (size_t i = 0; ok && i < app->part_count; i++) {
        const struct app_part *part = &app->parts[i];
        uint8_t *bytes = part_bytes(app, part);
        ok = file_put(part->path, bytes, part->size);
        free(bytes);
    }
    return ok ? EXIT_OK : EXIT_ENVIRONMENT;
}

/* ---- what was made anew ---- */

static bool newer(const char *path, const struct timespec *since)
{
    struct stat stat_now;
    return stat(path, &stat_now) == 0 && S_ISREG(stat_now.st_mode) &&
           (stat_now.st_mtim.tv_sec > since->tv_sec ||
            (stat_now.st_mtim.tv_sec == since->tv_sec &&
             stat_now.st_mtim.tv_nsec >= since->tv_nsec));
}

void files_rebuilt(const struct app *app, const struct timespec *since, struct list *out)
{
    struct list folders = {0};
    struct list paths = {0};
    char *objects = path_join(app->build_dir, "obj");
    dir_list(objects, "", &folders);
    for (size_t i = 0; i < folders.count; i++) {
        dir_list(folders.items[i], ".o", &paths);
    }
    dir_list(app->build_dir, ".o", &paths);
    dir_list(app->build_dir, ".elf", &paths);
    for (size_t i = 0; i < paths.count; i++) {
        if (newer(paths.items[i], since)) {
            list_add(out, paths.items[i] + strlen(app->build_dir) + 1);
        }
    }
    list_free(&folders);
    list_free(&paths);
    free(objects);
}
