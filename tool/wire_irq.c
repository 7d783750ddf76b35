/*
 * wire_irq.c - the interrupt lines of the devices that a task uses: an irq for each, with a bit of
 * the task's word.
 *
 *   uses = ["uart1"] --board.toml--> rx 34, tx 35 --> UART1_RX_IRQ, UART1_RX_BITS; UART1_TX_...
 *
 * Invariant: the bits of an irq are set by nothing else. Those that app.toml does not name
 * (irq-bits) are the highest that are left beside faults, signals and signs of life.
 */
#include "conf.h"
#include "wire.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static char *upper(const char *first, const char *second)
{
    char *name =
        string_format("%s%s%s", first, second != NULL ? "_" : "", second != NULL ? second : "");
    for (size_t i = 0; name[i] != '\0'; i++) {
        name[i] = (char)toupper((unsigned char)name[i]);
    }
    return name;
}

/* What may set a bit of a task beside its irqs; `what` says it in words. */
struct claim {
    uint32_t bits;
    char *what;
};

static struct claim claim_find(const struct app *app, size_t index, uint32_t bits)
{
    for (size_t t = 0; t < app->task_count; t++) {
        const struct app_task *other = &app->tasks[t];
        if (other->handler == (int)index && (other->handler_bits & bits) != 0) {
            return (struct claim){other->handler_bits & bits,
                                  string_format("which means a fault of \"%s\"", other->name)};
        }
        for (size_t i = 0; i < other->signals.count; i++) {
            const struct app_link *link = &other->signals.items[i];
            if (link->target == (int)index && (link->bits & bits) != 0) {
                return (struct claim){
                    link->bits & bits,
                    string_format("which \"%s\" signals (line %d)", other->name, link->node->line)};
            }
        }
    }
    for (size_t i = 0; i < app->irq_count; i++) {
        const struct app_irq *irq = &app->irqs[i];
        if (irq->task == (int)index && (irq->bits & bits) != 0) {
            return (struct claim){irq->bits & bits, string_format("which is that of %s", irq->key)};
        }
    }
    return (struct claim){0, NULL};
}

/* ---- irq-bits = { uart1_rx = 0x01 } ---- */

static const struct conf_node *wish_find(const struct app_task *task, const char *key)
{
    const struct conf_node *table = conf_get(task->node, "irq-bits");
    return table != NULL && table->kind == CONF_TABLE ? conf_get(table, key) : NULL;
}

static uint32_t wish_read(const struct app *app, size_t index, const struct app_irq *irq,
                          const struct conf_node *node)
{
    const struct app_task *task = &app->tasks[index];
    if (node->kind != CONF_INTEGER || node->integer < 1 || node->integer > UINT32_MAX) {
        conf_error(node, "a mask, 0x00000001 to 0xFFFFFFFF",
                   "task \"%s\": the bits for \"%s\" are no mask", task->name, irq->key);
        return 0;
    }
    uint32_t bits = (uint32_t)node->integer;
    struct claim claim = claim_find(app, index, bits);
    if (claim.bits != 0) {
        conf_error(node, "choose other bits, or leave it out: the tool then finds some",
                   "task \"%s\": %s has bit 0x%08X, %s", task->name, irq->key, claim.bits,
                   claim.what);
    }
    free(claim.what);
    return bits;
}

/* Each key of irq-bits is an interrupt that the task has. */
static void wishes_check(const struct app *app, size_t index)
{
    const struct app_task *task = &app->tasks[index];
    const struct conf_node *table = conf_get(task->node, "irq-bits");
    struct list names = {0};
    if (table == NULL) {
        return;
    }
    if (table->kind != CONF_TABLE) {
        conf_error(table, "write irq-bits = { uart1_rx = 0x01 }",
                   "task \"%s\": \"irq-bits\" is %s, not a table", task->name,
                   conf_kind_name(table->kind));
        return;
    }
    for (size_t i = 0; i < app->irq_count; i++) {
        if (app->irqs[i].task == (int)index) {
            list_add(&names, app->irqs[i].key);
        }
    }
    for (size_t i = 0; i < table->count; i++) {
        const char *key = table->items[i]->key;
        const char *near = nearest_word(key, (const char *const *)names.items, names.count);
        struct text hint = {0};
        if (list_has(&names, key)) {
            continue;
        }
        for (size_t n = 0; near == NULL && n < names.count; n++) {
            text_addf(&hint, "%s%s", n == 0 ? "there are: " : ", ", names.items[n]);
        }
        if (near != NULL) {
            text_addf(&hint, "did you mean \"%s\"?", near);
        }
        conf_error_key(table->items[i],
                       names.count > 0 ? text_string(&hint) : "none of its devices has one",
                       "task \"%s\" has no interrupt \"%s\"", task->name, key);
        text_free(&hint);
    }
    list_free(&names);
}

/* ---- irqs ---- */

static void irq_add(struct app *app, size_t index, const struct app_link *link,
                    const struct board_irq *line)
{
    char *handle = upper(link->name, line->name);
    struct app_irq irq = {.task = (int)index,
                          .device = link->name,
                          .line = line->line,
                          .edge = line->edge,
                          .node = link->node};
    irq.key = line->name != NULL ? string_format("%s_%s", link->name, line->name) : link->name;
    irq.handle = string_format("%s_IRQ", handle);
    irq.mask = string_format("%s_BITS", handle);
    for (size_t i = 0; i < app->irq_count; i++) {
        const struct app_irq *other = &app->irqs[i];
        if (other->line == irq.line) {
            conf_error(
                link->node, "a line has one driver, and one device of that",
                "\"%s\" has interrupt line %u, which is \"%s\"'s already, by \"%s\" (line %d)",
                link->name, irq.line, app->tasks[other->task].name, other->device,
                other->node->line);
        }
    }
    if (app->irq_count == K5_IRQ_MAX) {
        conf_error(link->node, "an app has at most 32 interrupt lines",
                   "task \"%s\": the lines of \"%s\" are too many", app->tasks[index].name,
                   link->name);
        return;
    }
    const struct conf_node *wish = wish_find(&app->tasks[index], irq.key);
    irq.bits = wish != NULL ? wish_read(app, index, &irq, wish) : 0;
    irq.chosen = wish != NULL;
    app->irqs = memory_resize(app->irqs, (app->irq_count + 1) * sizeof app->irqs[0]);
    app->irqs[app->irq_count++] = irq;
    free(handle);
}

static void irq_bit_find(struct app *app, struct app_irq *irq)
{
    const struct app_task *task = &app->tasks[irq->task];
    for (uint32_t bit = UINT32_C(1) << 31; bit != 0 && irq->bits == 0; bit >>= 1) {
        struct claim claim = claim_find(app, (size_t)irq->task, bit);
        irq->bits = claim.bits == 0 ? bit : 0;
        free(claim.what);
    }
    if (irq->bits == 0) {
        conf_error(irq->node, "let others signal fewer bits to it, or divide the task",
                   "task \"%s\": no bit of its word is left for the interrupt %s", task->name,
                   irq->key);
    }
}

void app_irqs_make(struct app *app)
{
    for (size_t i = 0; i < app->task_count; i++) {
        const struct app_task *task = &app->tasks[i];
        for (size_t u = 0; u < task->uses.count; u++) {
            int found = board_device_find(&app->board, task->uses.items[u].name);
            const struct board_device *device = found >= 0 ? &app->board.devices[found] : NULL;
            int line = 0;
            bool mine = device != NULL && app_region_owner(app, task, device->name, &line) == NULL;
            for (size_t l = 0; mine && l < device->irq_count; l++) {
                irq_add(app, i, &task->uses.items[u], &device->irq[l]);
            }
        }
        wishes_check(app, i);
    }
    for (size_t i = 0; i < app->irq_count; i++) {
        if (!app->irqs[i].chosen) {
            irq_bit_find(app, &app->irqs[i]);
        }
    }
}

/* ---- DMA ---- */

/* A bus master obeys no task's protection map: who drives it is trusted by all, or refused. */
void app_dma_check(const struct app *app, struct app_task *task)
{
    const struct conf_node *node = conf_get(task->node, "dma");
    bool trusted =
        node != NULL && node->kind == CONF_STRING && strcmp(node->string, "trusted") == 0;
    if (node != NULL && !trusted) {
        conf_error(node, "write dma = \"trusted\"", "task \"%s\": \"dma\" can only be \"trusted\"",
                   task->name);
    }
    for (size_t i = 0; i < task->uses.count; i++) {
        int device = board_device_find(&app->board, task->uses.items[i].name);
        if (device < 0 || !app->board.devices[device].dma) {
            continue;
        }
        task->dma = task->uses.items[i].name;
        if (node == NULL) {
            conf_error(task->uses.items[i].node,
                       "write dma = \"trusted\" if every other task may trust this one",
                       "task \"%s\" uses \"%s\", which reads and writes the memory of all tasks",
                       task->name, task->dma);
        }
    }
    if (trusted && task->dma == NULL && app->board.name != NULL) {
        conf_error_key(node, "take it out",
                       "task \"%s\": \"dma\" is for a task with a device that "
                       "does DMA",
                       task->name);
    }
}
