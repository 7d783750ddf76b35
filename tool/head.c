/*
 * head.c - see head.h. What a line says was measured or read; what is not known has no line.
 */
#include "head.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS 100
#define INDENT  10

/* ---- lines that break between words ---- */

static size_t columns(const char *string)
{
    size_t count = 0;
    for (; *string != '\0'; string++) {
        count += ((unsigned char)*string & 0xC0) != 0x80;
    }
    return count;
}

/* The words of `list` after a heading, three spaces apart. */
static void line_print(const char *heading, const struct list *list)
{
    size_t used = INDENT;
    printf("   %-*s", INDENT - 3, heading);
    for (size_t i = 0; i < list->count; i++) {
        size_t width = columns(list->items[i]);
        if (i > 0 && used + 3 + width > COLUMNS) {
            printf("\n%*s", INDENT, "");
            used = INDENT;
        } else if (i > 0) {
            printf("   ");
            used += 3;
        }
        printf("%s", list->items[i]);
        used += width;
    }
    printf("\n");
}

static char *size_text(uint32_t bytes)
{
    return bytes < 1024    ? string_format("%u B", bytes)
           : bytes < 10240 ? string_format("%u.%u K", bytes / 1024, bytes % 1024 * 10 / 1024)
                           : string_format("%u K", bytes / 1024);
}

/* ---- check ---- */

/* "NAME VERSION" of a program, by what it prints itself; nothing if it prints none. */
static void version_add(const char *program, struct list *out)
{
    struct text output = {0};
    struct list words = {0};
    char *argv[] = {string_copy(program), string_copy("--version"), NULL};
    struct process process = {.capture = &output, .timeout_s = 5};
    int code = process_have(program) ? process_run(&process, argv) : EXIT_ENVIRONMENT;
    list_add_split(&words, text_string(&output), " \n\t(),");
    for (size_t i = 0; i < words.count && code == 0; i++) {
        if (isdigit((unsigned char)words.items[i][0]) && strchr(words.items[i], '.') != NULL &&
            strchr(words.items[i], ':') == NULL) {
            list_addf(out, "%s %s", program, words.items[i]);
            code = EXIT_BUILD; /* the first is it */
        }
    }
    list_free(&words);
    text_free(&output);
    free(argv[0]);
    free(argv[1]);
}

static void check_print(void)
{
    struct list words = {0};
    version_add("arm-none-eabi-gcc", &words);
    version_add("ninja", &words);
    version_add("qemu-system-arm", &words);
    list_add(&words, "`k5 doctor` says more");
    line_print("check", &words);
    list_free(&words);
}

/* ---- build, place ---- */

static void build_print(const struct app *app, double seconds)
{
    struct list words = {0};
    char *size = size_text(app->kernel_code);
    list_addf(&words, "kernel %s", size);
    free(size);
    for (size_t t = app->task_count; t-- > 0;) {
        size = size_text(app->tasks[t].regions[0].size);
        list_addf(&words, "%s %s", app->tasks[t].name, size);
        free(size);
    }
    list_addf(&words, "in %.1f s", seconds);
    line_print("build", &words);
    list_free(&words);
}

static void used_add(struct list *words, const char *what, uint32_t used, uint32_t size)
{
    char *used_text = size_text(used);
    char *size_of = size_text(size);
    list_addf(words, "%s %s of %s", what, used_text, size_of);
    free(used_text);
    free(size_of);
}

static void place_print(const struct app *app)
{
    const struct board_memory *memory = app->board.memory;
    struct list words = {0};
    uint32_t code = app->kernel_code;
    uint32_t ram = app->kernel_ram;
    size_t most = 0;
    for (size_t t = 0; t < app->task_count; t++) {
        code += app->tasks[t].regions[0].size;
        ram += app->tasks[t].regions[1].size;
        size_t count = app->tasks[t].region_count + app->tasks[t].map_count;
        most = count > most ? count : most;
    }
    for (size_t i = 0; i < app->shared_count; i++) {
        ram += app->shared[i].size;
    }
    used_add(&words, "code", code, memory[MEMORY_KERNEL_CODE].size + memory[MEMORY_TASK_CODE].size);
    used_add(&words, "ram", ram, memory[MEMORY_KERNEL_RAM].size + memory[MEMORY_TASK_RAM].size);
    list_addf(&words, "%d regions a task, at most %zu used", K5_REGION_MAX, most);
    line_print("place", &words);
    list_free(&words);
}

/* ---- wire ---- */

static void supervises_add(const struct app *app, const struct app_task *task, struct list *words)
{
    struct text names = {0};
    for (size_t t = app->task_count; t-- > 0;) {
        if (app->tasks[t].handler >= 0 && &app->tasks[app->tasks[t].handler] == task) {
            text_addf(&names, "%s%s", names.length == 0 ? "" : ", ", app->tasks[t].name);
        }
    }
    if (names.length > 0) {
        list_addf(words, "%s supervises %s", task->name, text_string(&names));
    }
    text_free(&names);
}

static void uses_add(const struct app_task *task, struct list *words)
{
    struct text names = {0};
    for (size_t r = 2; r < task->region_count; r++) {
        text_addf(&names, "%s%s", r == 2 ? "" : ", ", task->regions[r].name);
    }
    if (names.length > 0) {
        list_addf(words, "%s uses %s", task->name, text_string(&names));
    }
    text_free(&names);
}

static void wire_print(const struct app *app)
{
    struct list words = {0};
    for (size_t t = app->task_count; t-- > 0;) {
        const struct app_task *task = &app->tasks[t];
        for (size_t i = 0; i < task->calls.count; i++) {
            int endpoint = task->calls.items[i].target;
            list_addf(&words, "%s ─call %s%s→ %s", task->name, app->endpoints[endpoint].name,
                      task->calls.items[i].grant != NULL ? " (grant)" : "",
                      app->tasks[app->endpoints[endpoint].server].name);
        }
        for (size_t i = 0; i < task->signals.count; i++) {
            list_addf(&words, "%s ─signal→ %s", task->name,
                      app->tasks[task->signals.items[i].target].name);
        }
        supervises_add(app, task, &words);
        uses_add(task, &words);
    }
    if (words.count > 0) {
        line_print("wire", &words);
    }
    list_free(&words);
}

void head_print(const struct app *app, double seconds)
{
    printf("k5 · %s on the emulator of %s (%s), %s build %08x\n", app->name, app->board.name,
           app->board.cpu, app->profile, (unsigned)(app->build_id & UINT32_MAX));
    fflush(stdout);
    check_print();
    build_print(app, seconds);
    place_print(app);
    wire_print(app);
    fflush(stdout);
}
