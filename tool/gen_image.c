/*
 * gen_image.c - what ties kernel and tasks to one image: memory.ld, tasks.ld, images.S, build_id.c.
 *
 *   image.elf: | kernel, tables | veneer, idle |  ...  | task 0 | task 1 | ...
 *                KERNEL_CODE      VENEER                 TASK_CODE, from images.S
 */
#include "gen.h"

#include "place.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void memory_line(struct text *out, const char *name, const char *access, uint32_t base,
                        uint32_t size)
{
    text_addf(out, "    %-13s (%s) : ORIGIN = 0x%08X, LENGTH = 0x%X\n", name, access, base, size);
}

void gen_memory(const struct app *app)
{
    const struct board_memory *memory = app->board.memory;
    const struct board_memory *ram = &memory[MEMORY_KERNEL_RAM];
    uint32_t stacks = place_secure_stacks(app);
    struct text out = {0};
    gen_head(&out, app, "The memories");
    text_add(&out, "MEMORY {\n");
    memory_line(&out, "KERNEL_CODE", "rx", memory[MEMORY_KERNEL_CODE].base,
                memory[MEMORY_KERNEL_CODE].size);
    memory_line(&out, "VENEER", "rx", memory[MEMORY_VENEER].base, memory[MEMORY_VENEER].size);
    memory_line(&out, "SECURE_STACKS", "rw", ram->base, stacks);
    memory_line(&out, "KERNEL_RAM", "rw", ram->base + stacks, ram->size - stacks);
    memory_line(&out, "TASK_CODE", "rx", memory[MEMORY_TASK_CODE].base,
                memory[MEMORY_TASK_CODE].size);
    memory_line(&out, "LOG", "rw", memory[MEMORY_LOG].base, memory[MEMORY_LOG].size);
    memory_line(&out, "TASK_RAM", "rw", memory[MEMORY_TASK_RAM].base, memory[MEMORY_TASK_RAM].size);
    text_add(&out, "}\n");
    gen_write(app, "gen/memory.ld", &out);
    text_free(&out);
    gen_head(&out, app, "Where the tasks' code and initial data go,");
    text_add(&out, ".tasks : { KEEP(*(.tasks)) } > TASK_CODE\n");
    gen_write(app, "gen/tasks.ld", &out);
    text_free(&out);
}

/* Each task's bytes at the offset where it was placed; the rest of its region is zero. */
static void images_make(const struct app *app)
{
    uint32_t base = app->board.memory[MEMORY_TASK_CODE].base;
    uint32_t end = 0;
    struct text out = {0};
    gen_head(&out, app, "The tasks' code and initial data");
    text_add(&out, ".section .tasks, \"a\"\n.balign 32\n.globl k5_tasks\nk5_tasks:\n");
    for (size_t i = 0; i < app->task_count; i++) {
        const struct app_region *code = &app->tasks[i].regions[0];
        text_addf(&out, ".org 0x%X\n.incbin \"%s.bin\"\n", code->base - base, app->tasks[i].name);
        end = code->base - base + code->size;
    }
    text_addf(&out, ".org 0x%X\n", end);
    gen_write(app, "gen/images.S", &out);
    text_free(&out);
}

static uint64_t hash_file(uint64_t hash, const char *path)
{
    struct text content = {0};
    if (!file_read(path, &content)) {
        error_print("%s: %s", path, strerror(errno));
        exit(EXIT_BUILD);
    }
    hash = hash_bytes(hash, text_string(&content), content.length);
    text_free(&content);
    return hash;
}

static uint64_t hash_folder(uint64_t hash, const char *relative)
{
    struct list files = {0};
    dir_list(root_join(relative), "", &files);
    for (size_t i = 0; i < files.count; i++) {
        if (!dir_exists(files.items[i])) {
            hash = hash_file(hash, files.items[i]);
        }
    }
    list_free(&files);
    return hash;
}

/* All that the image is made from: the tasks (measured, so without their addresses), the tables
 * (their addresses), the kernel's sources. The same content gives the same id on every machine. */
uint64_t gen_build_id(const struct app *app)
{
    static const char *const tables[] = {"gen/k5_sizes.h", "gen/config.c", "gen/arch_config.c",
                                         "gen/arch_images.c"};
    uint64_t hash = hash_string(HASH_START, app->profile);
    for (size_t i = 0; i < app->task_count; i++) {
        hash = hash_file(hash, app->tasks[i].elf);
    }
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        hash = hash_file(hash, path_join(app->build_dir, tables[i]));
    }
    hash = hash_folder(hash, "kernel");
    hash = hash_folder(hash, string_format("arch/%s", app->board.arch));
    if (app->board.family != NULL) {
        hash = hash_folder(hash, string_format("boards/%s", app->board.family));
    }
    return hash_folder(hash, string_format("boards/%s", app->board.name));
}

void gen_image(const struct app *app)
{
    struct text out = {0};
    images_make(app);
    gen_head(&out, app, "The build id");
    text_add(&out, "#include <stdint.h>\n\nextern const uint32_t k5_build_id[2];\n");
    text_addf(&out, "const uint32_t k5_build_id[2] = { 0x%08Xu, 0x%08Xu };\n",
              (uint32_t)app->build_id, (uint32_t)(app->build_id >> 32));
    gen_write(app, "gen/build_id.c", &out);
    text_free(&out);
}
