/*
 * report.c - the report of a build (report.h), every line in the user's own names.
 */
#include "report.h"

#include "place.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS 100
#define INDENT  "       "

/* "812 B", "9.8 K" */
static char *size_text(uint32_t bytes)
{
    if (bytes < 1024) {
        return string_format("%u B", bytes);
    }
    if (bytes < 10240) {
        return string_format("%u.%u K", bytes / 1024, bytes % 1024 * 10 / 1024);
    }
    return string_format("%u K", bytes / 1024);
}

static uint32_t regions_sum(const struct app *app, size_t region)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < app->task_count; i++) {
        sum += app->tasks[i].regions[region].size;
    }
    return sum;
}

/* The most urgent first, as one thinks of them. */
static void tasks_print(const struct app *app)
{
    printf("  %-16s %4s %8s %8s %12s %6s %8s   %s\n", "task", "prio", "code", "ram", "need/stack",
           "slots", "regions", "place (code, ram)");
    for (size_t i = app->task_count; i-- > 0;) {
        const struct app_task *task = &app->tasks[i];
        char *code = size_text(task->regions[0].size);
        char *ram = size_text(task->regions[1].size);
        char *stack = string_format("%s%u/%u", task->stack_why != NULL ? ">=" : "",
                                    task->stack_need, task->stack_size);
        printf("  %-16.16s %4u %8s %8s %12s %6zu %3zu of %d   0x%08X 0x%08X\n", task->name,
               task->priority, code, ram, stack, task->slot_count,
               task->region_count + task->map_count, K5_REGION_MAX, task->regions[0].base,
               task->regions[1].base);
        free(code);
        free(ram);
        free(stack);
    }
}

/* What becomes of a task that faults. */
static char *fate_text(const struct app *app, const struct app_task *task)
{
    static const char *const fates[] = {"stopped", "restarted", "system reset"}; /* K5_ON_FAULT_* */
    if (task->handler != APP_NONE) {
        return string_format("told to %.16s", app->tasks[task->handler].name);
    }
    if (task->supervises.count > 0) {
        return string_format("system %s", app->on_assert == K5_ON_ASSERT_RESET ? "reset" : "halt");
    }
    return string_copy(fates[task->on_fault]);
}

/* Whose time each task uses and how much of it, and what becomes of it when it faults. */
static void times_print(const struct app *app)
{
    printf("  %-16s %-22s %-28s %s\n", "time", "budget/period", "on callers' time", "on a fault");
    for (size_t i = app->task_count; i-- > 0;) {
        const struct app_task *task = &app->tasks[i];
        char *period = time_text(task->period.us);
        char *budget = time_text(task->budget.us);
        char *own = task->budget.us == task->period.us ? string_format("turn %s", period)
                                                       : string_format("%s/%s", budget, period);
        char *lent = task->passive ? string_format("passive, wcet %s", time_text(task->wcet.us))
                                   : string_copy("-");
        char *fault = fate_text(app, task);
        printf("  %-16.16s %-22s %-28s %s\n", task->name, own, lent, fault);
        free(period);
        free(budget);
        free(own);
        free(lent);
        free(fault);
    }
}

/* Adds a word to a line, and begins a new one when it is full. */
static void word_add(struct text *line, const char *gap, const char *word)
{
    if (line->length + strlen(gap) + strlen(word) > COLUMNS) {
        printf("%s\n", text_string(line));
        text_free(line);
        text_add(line, INDENT);
    }
    text_addf(line, "%s%s", gap, word);
}

static void wire_add(struct text *line, const struct app_task *task, const char *what)
{
    char *word = string_format("%s -> %s", task->name, what);
    word_add(line, "  ", word);
    free(word);
}

/* The checks that the app does without, each with its reason. */
static void waivers_print(const struct app *app)
{
    for (size_t i = app->task_count; i-- > 0;) {
        const struct app_task *task = &app->tasks[i];
        for (size_t w = 0; w < WAIVE_COUNT; w++) {
            if (task->waivers[w].node == NULL) {
                continue;
            }
            struct text line = {0};
            struct list words = {0};
            text_addf(&line, "  waived %s of %s:", task->waivers[w].name, task->name);
            list_add_split(&words, task->waivers[w].reason, " \t\r\n");
            for (size_t n = 0; n < words.count; n++) {
                word_add(&line, " ", words.items[n]);
            }
            printf("%s\n", text_string(&line));
            text_free(&line);
            list_free(&words);
        }
    }
}

/* Who calls, signals, supervises whom, and what memory beside its own a task has. */
static void wiring_print(const struct app *app)
{
    struct text line = {0};
    text_add(&line, "  wire ");
    for (size_t i = app->task_count; i-- > 0;) {
        const struct app_task *task = &app->tasks[i];
        for (size_t s = 0; s < task->slot_count; s++) {
            const struct app_slot *slot = &task->slots[s];
            bool serves = slot->type == K5_CAP_ENDPOINT && (slot->rights & K5_RIGHT_CALL) == 0;
            if (!serves && slot->type != K5_CAP_IRQ) {
                wire_add(&line, task, slot->what);
            }
        }
        for (size_t r = 2; r < task->region_count; r++) {
            wire_add(&line, task, task->regions[r].name);
        }
    }
    printf("%s\n", text_string(&line));
    text_free(&line);
}

/* Who takes memory that its clients lend it: each loan has one of its regions. */
static void lends_print(const struct app *app)
{
    for (size_t i = app->task_count; i-- > 0;) {
        const struct app_task *task = &app->tasks[i];
        if (task->lend_count > 0) {
            printf(
                "  lends  %s may have memory of those who call it, until it answers: %zu at once\n",
                task->name, task->lend_count);
        }
    }
}

/* Which interrupt line sets which bits of whom, and whose device reads all memory. */
static void irqs_print(const struct app *app)
{
    struct text line = {0};
    text_add(&line, "  irq  ");
    for (size_t i = 0; i < app->irq_count; i++) {
        const struct app_irq *irq = &app->irqs[i];
        char *word = string_format("%s (%s%u) -> %s 0x%X", irq->key, irq->edge ? "edge " : "",
                                   irq->line, app->tasks[irq->task].name, irq->bits);
        word_add(&line, "  ", word);
        free(word);
    }
    if (app->irq_count > 0) {
        printf("%s\n", text_string(&line));
    }
    text_free(&line);
    for (size_t i = 0; i < app->task_count; i++) {
        if (app->tasks[i].dma != NULL) {
            printf("  dma   %s is trusted by all: %s reads and writes their memory\n",
                   app->tasks[i].name, app->tasks[i].dma);
        }
    }
}

static void total_print(const char *name, uint32_t used, uint32_t size)
{
    char *used_text = size_text(used);
    char *size_of = size_text(size);
    printf("  %s %s of %s", name, used_text, size_of);
    free(used_text);
    free(size_of);
}

static void totals_print(const struct app *app)
{
    const struct board_memory *memory = app->board.memory;
    uint32_t shared = 0;
    for (size_t i = 0; i < app->shared_count; i++) {
        shared += app->shared[i].size;
    }
    total_print("kernel code", app->kernel_code, memory[MEMORY_KERNEL_CODE].size);
    total_print(" ram", app->kernel_ram, memory[MEMORY_KERNEL_RAM].size);
    total_print("  tasks code", regions_sum(app, 0), memory[MEMORY_TASK_CODE].size);
    total_print(" ram", regions_sum(app, 1) + shared, memory[MEMORY_TASK_RAM].size);
    printf("\n");
}

/* What is to be written where, as in image.hex and the .bin files. */
static void loads_print(const struct app *app)
{
    struct text line = {0};
    text_add(&line, "  load ");
    for (size_t i = 0; i < app->part_count; i++) {
        const struct app_part *part = &app->parts[i];
        char *word = string_format("%s 0x%08X %u bytes", part->memory, part->base, part->size);
        word_add(&line, "  ", word);
        free(word);
    }
    printf("%s\n", text_string(&line));
    text_free(&line);
}

void report_print(const struct app *app)
{
    printf("%s for %s (%s), build %016llx, %.1f s\n", app->name, app->board.name, app->profile,
           (unsigned long long)app->build_id, app->seconds);
    tasks_print(app);
    times_print(app);
    totals_print(app);
    loads_print(app);
    wiring_print(app);
    lends_print(app);
    irqs_print(app);
    waivers_print(app);
    printf("  %s\n", app->image);
    fflush(stdout);
}
