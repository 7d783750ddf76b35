/*
 * gen.c - what a task is compiled and linked with (gen.h lists the files).
 *
 *   code region: text | constants | initial data (copied by start-up)
 *   RAM region:  stack (grows down, leaves the region when it overflows) | data | bss
 */
#include "gen.h"

#include "conf.h"
#include "place.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MEASURE_SIZE (64u << 20) /* place.c says in our words what is too large, not the linker */

void gen_write(const struct app *app, const char *relative, const struct text *content)
{
    char *path = path_join(app->build_dir, relative);
    char *dir = string_copy(path);
    *strrchr(dir, '/') = '\0';
    if (!dir_make(dir) || !file_update(path, text_string(content), content->length)) {
        error_print("%s: %s", path, strerror(errno));
        exit(EXIT_ENVIRONMENT);
    }
    free(path);
    free(dir);
}

void gen_head(struct text *out, const struct app *app, const char *what)
{
    text_addf(out, "/* %s of app \"%s\" for board %s (%s).\n", what, app->name, app->board.name,
              app->profile);
    text_add(out, " * Made by the k5 tool from app.toml and board.toml: do not edit. */\n");
}

static char *upper(const char *name)
{
    char *copy = string_copy(name);
    for (size_t i = 0; copy[i] != '\0'; i++) {
        copy[i] = (char)toupper((unsigned char)copy[i]);
    }
    return copy;
}

/* ---- app.h ---- */

/* What the server of an endpoint says that it is; NULL: nothing. */
static const struct interface *interface_called(const struct app *app, int endpoint)
{
    return app->tasks[app->endpoints[endpoint].server].interface;
}

/* The headers of what the task serves and calls, each once. Before the handles: a handle that has
 * the name of a constant is then seen where it is used, and not in the middle of a header. */
static void services_add(struct text *out, const struct app *app, const struct app_task *task)
{
    struct list headers = {0};
    if (task->interface != NULL) {
        list_addf(&headers, "%s.h", task->interface->name);
        list_addf(&headers, "%s_server.h", task->interface->name);
    }
    for (size_t i = 0; i < task->calls.count; i++) {
        const struct interface *called = interface_called(app, task->calls.items[i].target);
        for (size_t f = 0; f < 2 && called != NULL; f++) {
            char *file = string_format(f == 0 ? "%s.h" : "%s_client.h", called->name);
            if (!list_has(&headers, file)) {
                list_add(&headers, file);
            }
            free(file);
        }
    }
    if (headers.count > 0) {
        text_add(out, "\n/* ---- services: typed calls, and what a server has to define */\n"
                      "#ifndef __ASSEMBLER__\n");
        for (size_t i = 0; i < headers.count; i++) {
            text_addf(out, "#include \"interface/%s\"\n", headers.items[i]);
        }
        text_add(out, "#endif\n");
    }
    list_free(&headers);
}

static void handles_add(struct text *out, const struct app *app, const struct app_task *task)
{
    text_add(out,
             "\n/* ---- capabilities: typed handles, so that a wrong kind does not compile */\n");
    for (size_t i = 0; i < task->slot_count; i++) {
        const struct app_slot *slot = &task->slots[i];
        const char *type = slot->type == K5_CAP_NONE              ? "k5_slot"
                           : slot->type == K5_CAP_NOTIFICATION    ? "k5_notification"
                           : slot->type == K5_CAP_TASK            ? "k5_task"
                           : slot->type == K5_CAP_IRQ             ? "k5_irq"
                           : slot->type == K5_CAP_REGION          ? "k5_region"
                           : (slot->rights & K5_RIGHT_SERVE) != 0 ? "k5_server"
                                                                  : "k5_endpoint";
        const struct interface *called =
            slot->type == K5_CAP_ENDPOINT && (slot->rights & K5_RIGHT_SERVE) == 0
                ? interface_called(app, slot->object)
                : NULL;
        if (called != NULL) {
            text_addf(out, "#define %s ((%s_endpoint){ { %zu } }) /* %s, app.toml:%d */\n",
                      slot->handle, called->name, i, slot->what, slot->line);
            continue;
        }
        text_addf(out, "#define %s ((%s){ %zu }) /* %s, app.toml:%d */\n", slot->handle, type, i,
                  slot->what, slot->line);
    }
}

/* What the board file tells of a device. */
static void facts_add(struct text *out, const struct board_device *device, const char *name)
{
    for (size_t i = 0; i < device->fact_count; i++) {
        char *fact = upper(device->facts[i].name);
        text_addf(out, "#define %s_%s %uu\n", name, fact, device->facts[i].value);
        free(fact);
    }
}

static void regions_add(struct text *out, const struct app *app, const struct app_task *task)
{
    text_add(out, "\n/* ---- memory beside the task's own */\n");
    for (size_t r = 2; r < task->region_count; r++) {
        const struct app_region *region = &task->regions[r];
        char *name = region->kind == REGION_LOG ? string_copy("LOG_RING") : upper(region->name);
        text_addf(out, "#define %s_BASE 0x%08Xu /* app.toml:%d */\n", name, region->base,
                  region->line);
        text_addf(out, "#define %s_SIZE 0x%Xu\n", name, region->size);
        if (region->kind == REGION_DEVICE) {
            facts_add(out, &app->board.devices[board_device_find(&app->board, region->name)], name);
        }
        free(name);
    }
}

/* An irq's bits, beside its handle above. */
static void irqs_add(struct text *out, const struct app *app, size_t index)
{
    const char *head = "\n/* ---- interrupts: the bits that each sets, of k5_wait and k5_recv */\n";
    for (size_t i = 0; i < app->irq_count; i++) {
        const struct app_irq *irq = &app->irqs[i];
        if (irq->task == (int)index) {
            text_addf(out, "%s#define %s 0x%08Xu /* line %u, app.toml:%d */\n", head, irq->mask,
                      irq->bits, irq->line, irq->node->line);
            head = "";
        }
    }
}

static void supervised_add(struct text *out, const struct app_task *task)
{
    size_t first = 0;
    if (task->supervises.count == 0) {
        return;
    }
    while (task->slots[first].type != K5_CAP_TASK) {
        first++;
    }
    text_add(out, "\n/* ---- the tasks it supervises: handle, bit of its word, name */\n");
    text_addf(out, "#define K5_SUPERVISED_COUNT %zu\n#define K5_SUPERVISED_LIST",
              task->supervises.count);
    for (size_t i = 0; i < task->supervises.count; i++) {
        const struct app_link *link = &task->supervises.items[i];
        text_addf(out, "%s \\\n    { { %zu }, 0x%08Xu, \"%s\" }", i == 0 ? "" : ",", first + i,
                  link->bits, link->name);
    }
    text_add(out, "\n");
}

/* Of a watched task: how it says that it lives. Of a watchdog: whom it watches. */
static void watch_add(struct text *out, const struct app *app, const struct app_task *task)
{
    if (task->watchdog != APP_NONE) {
        char *name = upper(app->tasks[task->watchdog].name);
        text_add(out, "\n/* ---- k5_checkin(): the watchdog's handle, this task's bit */\n");
        text_addf(out, "#define K5_CHECKIN_SIGNAL %s_SIGNAL\n", name);
        text_addf(out, "#define K5_CHECKIN_BIT 0x%08Xu\n", task->watch_bit);
        free(name);
    }
    if (task->watches.count > 0) {
        text_add(out, "\n/* ---- the tasks it watches: bit of its word, name */\n");
        text_addf(out, "#define K5_WATCHED_COUNT %zu\n#define K5_WATCHED_LIST",
                  task->watches.count);
    }
    for (size_t i = 0; i < task->watches.count; i++) {
        const struct app_link *link = &task->watches.items[i];
        text_addf(out, "%s \\\n    { 0x%08Xu, \"%s\" }", i == 0 ? "" : ",", link->bits, link->name);
    }
    text_add(out, task->watches.count > 0 ? "\n" : "");
}

static void task_header(const struct app *app, size_t index)
{
    const struct app_task *task = &app->tasks[index];
    struct text out = {0};
    char *path = string_format("gen/%s/app.h", task->name);
    char *what = string_format("What task \"%s\" may use,", task->name);
    gen_head(&out, app, what);
    text_add(&out, "#ifndef APP_H\n#define APP_H\n\n");
    text_addf(&out, "#define K5_TASK_NAME \"%s\"\n", task->name);
    text_addf(&out, "#define K5_TICK_HZ %uu\n", app->board.tick_hz);
    services_add(&out, app, task);
    handles_add(&out, app, task);
    regions_add(&out, app, task);
    irqs_add(&out, app, index);
    supervised_add(&out, task);
    watch_add(&out, app, task);
    text_add(&out, "\n#endif\n");
    gen_write(app, path, &out);
    text_free(&out);
    free(path);
    free(what);
}

/* ---- linker scripts ---- */

/* What stands in the code region, then what stands in RAM. */
static const char *const script_code = "    .text : {\n"
                                       "        k5_code_start = .;\n"
                                       "        *(.text .text.*)\n"
                                       "        . = ALIGN(4);\n"
                                       "        *(.rodata .rodata.*)\n"
                                       "        . = ALIGN(4);\n"
                                       "        k5_init_start = .;\n"
                                       "        KEEP(*(SORT_BY_INIT_PRIORITY(.init_array.*)))\n"
                                       "        KEEP(*(.init_array))\n"
                                       "        k5_init_end = .;\n"
                                       "        . = ALIGN(8);\n"
                                       "    } > CODE\n";

static const char *const script_ram =
    "    .data : ALIGN(8) {\n"
    "        k5_data_start = .;\n"
    "        *(.data .data.*)\n"
    "        . = ALIGN(8);\n"
    "    } > RAM AT > CODE\n"
    "    .tdata : ALIGN(8) {\n" /* one thread, so its storage is copied like other data */
    "        k5_tdata_start = .;\n"
    "        *(.tdata .tdata.*)\n"
    "        . = ALIGN(8);\n"
    "    } > RAM AT > CODE\n"
    "    .tbss (NOLOAD) : { *(.tbss .tbss.*) *(.tcommon) } > RAM\n"
    "    k5_data_load = LOADADDR(.data);\n"
    "    k5_data_end = k5_tdata_start + SIZEOF(.tdata);\n"
    "    k5_code_end = k5_data_load + (k5_data_end - k5_data_start);\n"
    "    .tbss_space (NOLOAD) : {\n" /* .tbss takes no addresses of its own */
    "        k5_bss_start = .;\n"
    "        . = . + SIZEOF(.tbss);\n"
    "    } > RAM\n"
    "    .bss (NOLOAD) : {\n"
    "        *(.bss .bss.*)\n"
    "        *(COMMON)\n"
    "        . = ALIGN(8);\n"
    "    } > RAM\n"
    "    k5_bss_end = .;\n"
    "    k5_ram_end = .;\n"
    "    k5_tls_pointer = k5_tdata_start - 8;\n" /* Arm: two words before the block are the ABI's */
    "    PROVIDE(__heap_start = .);\n"           /* no heap */
    "    PROVIDE(__heap_end = .);\n"
    "    INCLUDE log.ld\n"
    "    /DISCARD/ : { *(.ARM.exidx* .ARM.extab* .note.* .eh_frame*) }\n";

static void task_script(const struct app *app, const struct app_task *task, const char *file,
                        const struct app_region place[2])
{
    struct text out = {0};
    char *path = string_format("gen/%s/%s", task->name, file);
    char *what = string_format("Where task \"%s\" lies,", task->name);
    gen_head(&out, app, what);
    text_add(&out, "ENTRY(k5_start)\nMEMORY {\n");
    text_addf(&out, "    CODE (rx) : ORIGIN = 0x%08X, LENGTH = 0x%X\n", place[0].base,
              place[0].size);
    text_addf(&out, "    RAM (rw)  : ORIGIN = 0x%08X, LENGTH = 0x%X\n}\n", place[1].base,
              place[1].size);
    text_addf(&out, "k5_veneer = 0x%08X; /* Thumb: bit 0 */\n",
              app->board.memory[MEMORY_VENEER].base | 1u);
    text_addf(&out, "SECTIONS {\n%s", script_code);
    text_addf(&out,
              "    .stack (NOLOAD) : {\n        k5_stack_base = .;\n        . = . + %u;"
              " /* app.toml:%d */\n        k5_stack_top = .;\n    } > RAM\n",
              task->stack_size, task->line);
    text_addf(&out, "%s}\n", script_ram);
    gen_write(app, path, &out);
    text_free(&out);
    free(path);
    free(what);
}

void gen_task_headers(const struct app *app)
{
    const struct board_memory *code = &app->board.memory[MEMORY_TASK_CODE];
    const struct board_memory *ram = &app->board.memory[MEMORY_TASK_RAM];
    struct app_region whole[2] = {{.base = code->base, .size = MEASURE_SIZE},
                                  {.base = ram->base, .size = MEASURE_SIZE}};
    for (size_t i = 0; i < app->task_count; i++) {
        task_header(app, i);
        task_script(app, &app->tasks[i], "measure.ld", whole);
    }
}

void gen_task_scripts(const struct app *app)
{
    for (size_t i = 0; i < app->task_count; i++) {
        task_script(app, &app->tasks[i], "task.ld", app->tasks[i].regions);
    }
}
