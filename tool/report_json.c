/*
 * report_json.c - the report of a build as JSON, for scripts (report.h).
 */
#include "json.h"
#include "report.h"

#include <stdio.h>
#include <stdlib.h>

static void region_json(struct json *json, const char *key, const struct app_region *region)
{
    json_open(json, key, '{');
    json_string(json, "name", region->name);
    json_address(json, "address", region->base);
    json_number(json, "size", region->size);
    json_bool(json, "write", (region->rights & K5_MEM_WRITE) != 0);
    json_bool(json, "execute", (region->rights & K5_MEM_EXECUTE) != 0);
    json_close(json, '}');
}

static void task_json(struct json *json, const struct app_task *task)
{
    json_open(json, NULL, '{');
    json_string(json, "name", task->name);
    json_number(json, "line", (uint64_t)task->line);
    json_number(json, "priority", task->priority);
    json_string(json, "elf", task->elf);
    json_address(json, "entry", task->entry);
    json_number(json, "stack", task->stack_size);
    json_number(json, "stack_need", task->stack_need);
    json_bool(json, "stack_need_is_bound", task->stack_why == NULL);
    json_number(json, "data", task->data_size);
    json_number(json, "budget_us", (uint64_t)task->budget.us);
    json_number(json, "period_us", (uint64_t)task->period.us);
    json_bool(json, "passive", task->passive);
    json_bool(json, "dma_trusted", task->dma != NULL);
    json_number(json, "lends", task->lend_count);
    json_number(json, "maps", task->maps);
    json_open(json, "regions", '[');
    for (size_t i = 0; i < task->region_count; i++) {
        region_json(json, NULL, &task->regions[i]);
    }
    json_close(json, ']');
    json_open(json, "capabilities", '[');
    for (size_t i = 0; i < task->slot_count; i++) {
        json_open(json, NULL, '{');
        json_string(json, "handle", task->slots[i].handle);
        json_string(json, "what", task->slots[i].what);
        json_number(json, "line", (uint64_t)task->slots[i].line);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_close(json, '}');
}

static void irqs_json(struct json *json, const struct app *app)
{
    json_open(json, "irqs", '[');
    for (size_t i = 0; i < app->irq_count; i++) {
        const struct app_irq *irq = &app->irqs[i];
        json_open(json, NULL, '{');
        json_string(json, "name", irq->key);
        json_string(json, "device", irq->device);
        json_string(json, "task", app->tasks[irq->task].name);
        json_number(json, "line", irq->line);
        json_number(json, "bits", irq->bits);
        json_bool(json, "edge", irq->edge);
        json_string(json, "handle", irq->handle);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void files_json(struct json *json, const struct app *app)
{
    char *commands = path_join(app->build_dir, "compile_commands.json");
    json_open(json, "files", '{');
    json_string(json, "elf", app->image);
    json_string(json, "hex", app->hex);
    json_string(json, "compile_commands", commands);
    json_open(json, "bin", '[');
    for (size_t i = 0; i < app->part_count; i++) {
        json_open(json, NULL, '{');
        json_string(json, "memory", app->parts[i].memory);
        json_address(json, "address", app->parts[i].base);
        json_number(json, "size", app->parts[i].size);
        json_string(json, "file", app->parts[i].path);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_close(json, '}');
    free(commands);
}

void report_json_print(const struct app *app)
{
    struct text out = {0};
    struct json json = {.out = &out};
    char *id = string_format("%016llx", (unsigned long long)app->build_id);
    json_open(&json, NULL, '{');
    json_string(&json, "app", app->name);
    json_string(&json, "board", app->board.name);
    json_string(&json, "profile", app->profile);
    json_string(&json, "build", id);
    json_number(&json, "milliseconds", (uint64_t)(app->seconds * 1000));
    json_open(&json, "kernel", '{');
    json_number(&json, "code", app->kernel_code);
    json_number(&json, "ram", app->kernel_ram);
    json_close(&json, '}');
    json_open(&json, "memories", '[');
    for (size_t i = 0; i < MEMORY_COUNT; i++) {
        json_open(&json, NULL, '{');
        json_string(&json, "name", app->board.memory[i].name);
        json_address(&json, "address", app->board.memory[i].base);
        json_number(&json, "size", app->board.memory[i].size);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_open(&json, "tasks", '[');
    for (size_t i = 0; i < app->task_count; i++) {
        task_json(&json, &app->tasks[i]);
    }
    json_close(&json, ']');
    irqs_json(&json, app);
    files_json(&json, app);
    json_open(&json, "rebuilt", '[');
    for (size_t i = 0; i < app->rebuilt.count; i++) {
        json_string(&json, NULL, app->rebuilt.items[i]);
    }
    json_close(&json, ']');
    json_close(&json, '}');
    puts(text_string(&out));
    text_free(&out);
    free(id);
}
