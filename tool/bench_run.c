/*
 * bench_run.c - runs the benchmark in QEMU with the counting plugin and turns its lines into
 * rounds.
 *
 *   ELFs --symbols--> marks --> qemu -plugin icount.so --> events --> samples, values
 *
 * An event is one execution of a mark with the counts so far. A task's mark is a nop that stands
 * for nothing: those between two events are taken away from their difference.
 */
#define _GNU_SOURCE
#include "bench.h"

#include "object.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define QEMU          "qemu-system-arm"
#define COMPILER      "arm-none-eabi-gcc"
#define RUN_S         20.0
#define INSNS_MAX     "100000000"
#define NOP           0xBF00u
#define EXIT_PREFIX   "arch_exit_"
#define KERNEL_PREFIX "kernel."
#define TRACE_FILE    "trace.txt"

struct mark {
    const char *name; /* TASK.SYMBOL or kernel.SYMBOL */
    uint32_t address;
    bool nop;  /* a task's: does not count */
    bool exit; /* the last instruction of a kernel entry */
    bool stop; /* ends the run */
};

struct marks {
    struct mark *items;
    size_t count;
    uint32_t veneer; /* address of the SG, which the plugin counts with the SVC after it */
};

struct event {
    size_t mark;
    struct bench_counts counts;
    uint64_t nops; /* marks of tasks before it */
};

struct events {
    struct event *items;
    size_t count;
    bool ended; /* with a stop */
};

/* ---- marks ---- */

/* A global symbol, or else a local one: optimizing the whole kernel at once makes most so. */
static bool symbol_find(const struct object *file, const char *name, uint32_t *address)
{
    bool found = false;
    for (size_t i = 0; i < file->symbol_count; i++) {
        const struct object_symbol *symbol = &file->symbols[i];
        if (strcmp(symbol->name, name) == 0 && (!found || !symbol->local)) {
            *address = symbol->value & ~1u; /* without the Thumb bit */
            found = true;
        }
    }
    return found;
}

static bool is_nop(const struct object *file, uint32_t address)
{
    for (size_t i = 0; i < file->section_count; i++) {
        const struct object_section *section = &file->sections[i];
        if (section->bytes != NULL && address >= section->base &&
            address - section->base + 2 <= section->size) {
            const uint8_t *bytes = section->bytes + (address - section->base);
            return ((unsigned)bytes[0] | (unsigned)bytes[1] << 8) == NOP;
        }
    }
    return false;
}

static struct mark *mark_add(struct marks *marks, const char *name, uint32_t address)
{
    for (size_t i = 0; i < marks->count; i++) {
        if (marks->items[i].address == address) {
            return &marks->items[i];
        }
    }
    marks->items = memory_resize(marks->items, (marks->count + 1) * sizeof marks->items[0]);
    marks->items[marks->count] = (struct mark){.name = name, .address = address};
    return &marks->items[marks->count++];
}

/* The ELF that holds a mark, and the name of its symbol. */
static const char *mark_elf(const struct app *app, const char *name, const char **symbol)
{
    const char *dot = strchr(name, '.');
    *symbol = dot != NULL ? dot + 1 : name;
    if (string_starts(name, KERNEL_PREFIX)) {
        return app->image;
    }
    char *task = string_copy(name);
    task[strcspn(task, ".")] = '\0';
    int index = app_task_find(app, task);
    free(task);
    return dot == NULL || index == APP_NONE ? NULL : app->tasks[index].elf;
}

/* Adds the mark of this name; NULL with a message if there is none. */
static struct mark *mark_named(struct marks *marks, const struct app *app, const char *name)
{
    struct object file;
    const char *symbol = NULL;
    uint32_t address = 0;
    const char *elf = mark_elf(app, name, &symbol);
    if (elf == NULL) {
        error_print("mark \"%s\" in bench/rows.txt: no such task in bench/app/app.toml", name);
        return NULL;
    }
    if (!object_read(elf, &file)) {
        return NULL;
    }
    if (!symbol_find(&file, symbol, &address)) {
        error_print("mark \"%s\" in bench/rows.txt: no such symbol in %s", name, elf);
        return NULL;
    }
    bool nop = !string_starts(name, KERNEL_PREFIX);
    if (nop && !is_nop(&file, address)) {
        error_print("mark \"%s\": the instruction there is no nop", name);
        return NULL;
    }
    struct mark *mark = mark_add(marks, name, address);
    mark->nop = nop;
    return mark;
}

/* Every label of the kernel's ways out, and where it ends if it panics. */
static bool marks_of_kernel(struct marks *marks, const struct app *app)
{
    struct object file;
    uint32_t address = 0;
    size_t exits = 0;
    if (!object_read(app->image, &file)) {
        return false;
    }
    for (size_t i = 0; i < file.symbol_count; i++) {
        if (string_starts(file.symbols[i].name, EXIT_PREFIX)) {
            mark_add(marks, file.symbols[i].name, file.symbols[i].value & ~1u)->exit = true;
            exits++;
        }
    }
    if (exits == 0 || !symbol_find(&file, "kernel_panic", &address) ||
        !symbol_find(&file, "arch_veneer", &marks->veneer)) {
        error_print("the kernel has no label " EXIT_PREFIX "*, no kernel_panic or no arch_veneer");
        return false;
    }
    mark_add(marks, "kernel_panic", address)->stop = true;
    return true;
}

static bool marks_find(struct marks *marks, const struct bench *bench, const struct app *app)
{
    bool good = marks_of_kernel(marks, app);
    for (size_t i = 0; i < bench->row_count; i++) {
        const struct bench_row *row = &bench->rows[i];
        if (row->kind == BENCH_FLOOR) {
            continue;
        }
        good = mark_named(marks, app, row->from) != NULL && good;
        good = (row->to == NULL || mark_named(marks, app, row->to) != NULL) && good;
    }
    struct mark *end = mark_named(marks, app, bench->end);
    if (end != NULL) {
        end->stop = true;
    }
    return good && end != NULL;
}

static size_t mark_index(const struct marks *marks, const char *name)
{
    for (size_t i = 0; name != NULL && i < marks->count; i++) {
        if (strcmp(marks->items[i].name, name) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

/* ---- the emulator ---- */

/* Runs a command in the folder; its output is shown if it fails. */
static int command_run(const struct bench *bench, const struct list *argv, double timeout_s)
{
    struct text output = {0};
    struct process process = {
        .directory = bench->folder, .capture = &output, .timeout_s = timeout_s};
    if (!process_have(argv->items[0])) {
        error_print("%s is not installed", argv->items[0]);
        hint_print("`k5 doctor` says what is missing and how to get it");
        return EXIT_ENVIRONMENT;
    }
    for (size_t i = 0; bench->verbose && i < argv->count; i++) {
        fprintf(stderr, "%s%s", argv->items[i], i + 1 < argv->count ? " " : "\n");
    }
    int code = process_run(&process, argv->items);
    if (process.timed_out) {
        error_print("%s did not end within %.0f s", argv->items[0], timeout_s);
    } else if (code != 0) {
        fprintf(stderr, "%s", text_string(&output));
        error_print("%s ended with exit code %d", argv->items[0], code);
    }
    text_free(&output);
    return code == 0 ? EXIT_OK : process.timed_out ? EXIT_TIMEOUT : EXIT_BUILD;
}

char *bench_compiler(void)
{
    char *argv[] = {COMPILER, "-dumpfullversion", NULL};
    struct text version = {0};
    struct process process = {.capture = &version, .stdout_only = true, .timeout_s = RUN_S};
    if (process_run(&process, argv) != 0) {
        error_print(COMPILER " is not there");
        hint_print("`k5 doctor` says how to get it");
        return NULL;
    }
    if (version.length > 0) {
        version.data[strcspn(version.data, "\n")] = '\0';
    }
    return string_copy(text_string(&version));
}

static int plugin_build(const struct bench *bench)
{
    struct list argv = {0};
    char *source = root_join("bench/plugin/icount.c");
    list_add_split(&argv, "cc -std=gnu11 -O2 -Wall -Wextra -Werror -shared -fPIC", " ");
    list_add_split(&argv, "-fvisibility=hidden -o icount.so", " ");
    list_add(&argv, source);
    int code = command_run(bench, &argv, 0);
    list_free(&argv);
    free(source);
    return code;
}

/* QEMU on an ELF, the marks and the plugin's other arguments in one word. */
static int emulator_run(const struct bench *bench, const char *machine, const char *elf,
                        const struct marks *marks, const char *more)
{
    struct list argv = {0};
    struct text plugin = {0};
    list_add(&argv, QEMU);
    list_add(&argv, "-M");
    list_add(&argv, machine);
    list_add_split(&argv, "-icount shift=0,sleep=off -display none -monitor none -serial none",
                   " ");
    list_add(&argv, "-kernel");
    list_add(&argv, elf);
    text_addf(&plugin, "./icount.so,max=" INSNS_MAX ",veneer=%x%s", marks->veneer, more);
    for (size_t i = 0; i < marks->count; i++) {
        text_addf(&plugin, ",%s=%x", marks->items[i].stop ? "stop" : "mark",
                  marks->items[i].address);
    }
    list_add(&argv, "-plugin");
    list_add(&argv, text_string(&plugin));
    int code = command_run(bench, &argv, RUN_S);
    text_free(&plugin);
    list_free(&argv);
    return code;
}

/* One line of the plugin, "ADDRESS INSTRUCTIONS LOADS STORES"; false at the end, which may be a
 * line that was cut off. */
static bool event_parse(const char **line, const struct marks *marks, struct event *event)
{
    char *at = NULL;
    uint32_t address = (uint32_t)strtoul(*line, &at, 16);
    event->counts.insns = strtoull(at, &at, 10);
    event->counts.loads = strtoull(at, &at, 10);
    event->counts.stores = strtoull(at, &at, 10);
    if (*at != '\n') {
        return false;
    }
    *line = at + 1;
    for (size_t i = 0; i < marks->count; i++) {
        if (marks->items[i].address == address) {
            event->mark = i;
            return true;
        }
    }
    return false;
}

/* The lines of the plugin. */
static bool events_read(const struct bench *bench, const char *name, const struct marks *marks,
                        struct events *events)
{
    struct text text = {0};
    char *path = path_join(bench->folder, name);
    bool good = file_read(path, &text);
    size_t room = 0;
    const char *line = text_string(&text);
    struct event event = {.nops = 0};
    while (good && event_parse(&line, marks, &event)) {
        if (events->count == room) {
            room = 2 * room + 1024;
            events->items = memory_resize(events->items, room * sizeof event);
        }
        events->items[events->count++] = event;
        events->ended = marks->items[event.mark].stop;
        event.nops += marks->items[event.mark].nop;
    }
    if (!good) {
        error_print("%s: %s", path, strerror(errno));
    }
    text_free(&text);
    free(path);
    return good;
}

/* ---- rounds ---- */

static void sample_add(struct bench_row *row, const struct event *from, const struct event *to)
{
    struct bench_sample sample = {
        .counts = {.insns = to->counts.insns - from->counts.insns - (to->nops - from->nops),
                   .loads = to->counts.loads - from->counts.loads,
                   .stores = to->counts.stores - from->counts.stores}};
    if (row->sample_count % 1024 == 0) {
        row->samples = memory_resize(row->samples, (row->sample_count + 1024) * sizeof sample);
    }
    row->samples[row->sample_count++] = sample;
}

/* From the last `from` before it to each `to`. */
static void rounds_find(struct bench_row *row, const struct marks *marks,
                        const struct events *events)
{
    size_t from = mark_index(marks, row->from);
    size_t to = mark_index(marks, row->to);
    const struct event *open = NULL;
    uint64_t nth = 0;
    for (size_t i = 0; i < events->count; i++) {
        const struct event *event = &events->items[i];
        if (event->mark == to && open != NULL) {
            sample_add(row, open, event);
            row->samples[row->sample_count - 1].nth = nth;
            row->samples[row->sample_count - 1].to = marks->items[to].address;
            open = NULL;
        }
        if (event->mark == from) {
            open = event;
            nth++;
        }
    }
}

/* From the entry to the first exit after it, that one included. An entry within an entry (the
 * kernel's own fault, at arch_copy) belongs to the one that it interrupts. */
static void entries_find(struct bench_row *row, const struct marks *marks,
                         const struct events *events)
{
    size_t from = mark_index(marks, row->from);
    const struct event *open = NULL;
    const char *after = "reset";
    uint64_t nth = 0;
    for (size_t i = 0; i < events->count; i++) {
        const struct event *event = &events->items[i];
        const struct mark *mark = &marks->items[event->mark];
        if (mark->exit && open != NULL) {
            sample_add(row, open, event);
            struct bench_sample *sample = &row->samples[row->sample_count - 1];
            sample->counts.insns++;
            sample->nth = nth;
            sample->to = mark->address;
            sample->after = after;
            open = NULL;
        }
        if (event->mark == from) {
            open = event;
            nth++;
        }
        after = mark->nop ? mark->name : after;
    }
}

static int samples_order(const void *a, const void *b)
{
    const struct bench_sample *x = a;
    const struct bench_sample *y = b;
    if (x->counts.insns != y->counts.insns) {
        return x->counts.insns < y->counts.insns ? -1 : 1;
    }
    return x->nth < y->nth ? -1 : x->nth > y->nth;
}

static int numbers_order(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* The median of one of the three counts; of an even number the lower one. */
static uint64_t median(const struct bench_row *row, size_t offset)
{
    uint64_t *numbers = memory_new(row->sample_count * sizeof numbers[0]);
    for (size_t i = 0; i < row->sample_count; i++) {
        memcpy(&numbers[i], (const char *)&row->samples[i].counts + offset, sizeof numbers[i]);
    }
    qsort(numbers, row->sample_count, sizeof numbers[0], numbers_order);
    uint64_t middle = numbers[(row->sample_count - 1) / 2];
    free(numbers);
    return middle;
}

/* False, with a message, if there were too few rounds to call it a measurement. */
static bool row_sum_up(struct bench_row *row)
{
    size_t wanted = row->kind == BENCH_ENTRY ? 1 : BENCH_ROUNDS_MIN;
    if (row->sample_count < wanted) {
        error_print("bench/rows.txt:%u: row \"%s\": %zu rounds were seen, %zu are needed",
                    row->line, row->name, row->sample_count, wanted);
        return false;
    }
    qsort(row->samples, row->sample_count, sizeof row->samples[0], samples_order);
    if (row->kind == BENCH_ENTRY) {
        row->value = row->samples[row->sample_count - 1].counts;
    } else {
        row->value = (struct bench_counts){median(row, offsetof(struct bench_counts, insns)),
                                           median(row, offsetof(struct bench_counts, loads)),
                                           median(row, offsetof(struct bench_counts, stores))};
    }
    return true;
}

/* ---- all of it ---- */

static int app_measure(struct bench *bench, const struct app *app)
{
    struct marks marks = {0};
    struct events events = {0};
    if (!marks_find(&marks, bench, app)) {
        return EXIT_BUILD;
    }
    int code = emulator_run(bench, app->board.machine, app->image, &marks, ",out=app.counts");
    if (code != EXIT_OK && code != EXIT_TIMEOUT) {
        return code;
    }
    /* After a time-out the rows say where it stood. */
    bool good = events_read(bench, "app.counts", &marks, &events) && events.count > 0 &&
                events.items[events.count - 1].mark == mark_index(&marks, bench->end);
    if (!good) {
        error_print("the benchmark did not come to its end%s",
                    events.ended ? ": the kernel stopped" : "");
    }
    for (size_t i = 0; i < bench->row_count; i++) {
        struct bench_row *row = &bench->rows[i];
        if (row->kind == BENCH_ROW) {
            rounds_find(row, &marks, &events);
        } else if (row->kind == BENCH_ENTRY) {
            entries_find(row, &marks, &events);
        }
        good = (row->kind == BENCH_FLOOR || row_sum_up(row)) && good;
    }
    free(events.items);
    return good ? EXIT_OK : EXIT_BUILD;
}

static int floor_build(const struct bench *bench, const struct bench_row *row, const char *elf)
{
    struct list argv = {0};
    char *source = root_join("bench/floor/floor.S");
    char *script = root_join("bench/floor/floor.ld");
    list_add_split(&argv, COMPILER " -mcpu=cortex-m33 -nostdlib -Wl,--fatal-warnings", " ");
    list_addf(&argv, "-DREGIONS=%u", row->regions);
    list_addf(&argv, "-I%s", root_path());
    list_add(&argv, "-T");
    list_add(&argv, script);
    list_add(&argv, source);
    list_add(&argv, "-o");
    list_add(&argv, elf);
    int code = command_run(bench, &argv, 0);
    list_free(&argv);
    free(source);
    free(script);
    return code;
}

static int floor_measure(const struct bench *bench, const struct app *app, struct bench_row *row)
{
    static const char *const names[] = {"floor_from", "floor_to", "floor_done"};
    struct marks marks = {0};
    struct events events = {0};
    struct object file;
    char *name = string_format("%s.elf", row->name);
    char *elf = path_join(bench->folder, name);
    int code = floor_build(bench, row, elf);
    code = code == EXIT_OK && !object_read(elf, &file) ? EXIT_BUILD : code;
    for (size_t i = 0; code == EXIT_OK && i < 3; i++) {
        uint32_t address = object_value(&file, names[i]) & ~1u;
        struct mark *mark = mark_add(&marks, names[i], address);
        mark->nop = true;
        mark->stop = i == 2;
    }
    if (code == EXIT_OK) {
        marks.veneer = object_value(&file, "veneer") & ~1u;
        code = emulator_run(bench, app->board.machine, elf, &marks, ",out=floor.counts");
    }
    if (code == EXIT_OK && events_read(bench, "floor.counts", &marks, &events)) {
        row->from = names[0];
        row->to = names[1];
        rounds_find(row, &marks, &events);
        code = row_sum_up(row) ? EXIT_OK : EXIT_BUILD;
    }
    free(events.items);
    free(elf);
    free(name);
    return code;
}

int bench_measure(struct bench *bench, const struct app *app)
{
    int code = plugin_build(bench);
    code = code == EXIT_OK ? app_measure(bench, app) : code;
    for (size_t i = 0; code == EXIT_OK && i < bench->row_count; i++) {
        if (bench->rows[i].kind == BENCH_FLOOR) {
            code = floor_measure(bench, app, &bench->rows[i]);
        }
    }
    return code;
}

/* The plugin's addresses without the marks; an entry's with the exit that ends it. */
static bool trace_read(const struct bench *bench, const struct marks *marks,
                       struct bench_trace *trace)
{
    struct text text = {0};
    struct list lines = {0};
    char *path = path_join(bench->folder, TRACE_FILE);
    bool good = file_read(path, &text);
    list_add_split(&lines, text_string(&text), "\n");
    trace->addresses = memory_new((lines.count + 1) * sizeof trace->addresses[0]);
    for (size_t i = 0; i < lines.count; i++) {
        uint32_t address = (uint32_t)strtoul(lines.items[i], NULL, 16);
        bool nop = false;
        for (size_t m = 0; m < marks->count; m++) {
            nop = nop || (marks->items[m].address == address && marks->items[m].nop);
        }
        trace->addresses[trace->count] = address;
        trace->count += nop ? 0 : 1;
    }
    if (trace->count == 0) {
        error_print("%s: %s", path, good ? "nothing was traced" : strerror(errno));
    }
    list_free(&lines);
    text_free(&text);
    free(path);
    return trace->count > 0;
}

int bench_trace(const struct bench *bench, const struct app *app, const struct bench_row *row,
                struct bench_trace *trace)
{
    struct marks marks = {0};
    size_t which = row->kind == BENCH_ENTRY ? row->sample_count - 1 : (row->sample_count - 1) / 2;
    const struct bench_sample *sample = &row->samples[which];
    if (!marks_find(&marks, bench, app)) {
        return EXIT_BUILD;
    }
    char *more =
        string_format(",out=trace.counts,trace=" TRACE_FILE ",from=%x,to=%x,round=%" PRIu64,
                      marks.items[mark_index(&marks, row->from)].address, sample->to, sample->nth);
    int code = emulator_run(bench, app->board.machine, app->image, &marks, more);
    code = code == EXIT_OK && !trace_read(bench, &marks, trace) ? EXIT_BUILD : code;
    if (code == EXIT_OK && row->kind == BENCH_ENTRY) {
        trace->addresses[trace->count++] = sample->to;
    }
    free(more);
    return code;
}
