/*
 * board_irq.c - interrupt lines and bus masters of a board's devices; see board_irq.h.
 *
 * Invariant: a device with several lines has a name for each, because its driver must tell them
 * apart; the only line of a device needs none.
 */
#include "board_irq.h"

#include "app_read.h"

#include <stdlib.h>
#include <string.h>

static const int64_t range_address[2] = {0, UINT32_MAX};
static const int64_t range_bit[2] = {0, 31};

static bool line_is(const struct conf_node *item, const char *where)
{
    bool good =
        item->kind == CONF_INTEGER && item->integer >= 0 && item->integer < (int64_t)K5_LINE_MAX;
    if (!good) {
        conf_error(item, "0 to 111", "%s: this is no interrupt line", where);
    }
    return good;
}

static bool list_is(const struct conf_node *list, const char *where, const char *hint)
{
    if (list->kind != CONF_ARRAY) {
        conf_error(list, hint, "%s: \"%s\" is %s, not a list", where, list->key,
                   conf_kind_name(list->kind));
    }
    return list->kind == CONF_ARRAY;
}

static uint32_t kernel_line(const struct conf_node *table, const char *key)
{
    const struct conf_node *node = conf_get(table, key);
    if (node == NULL && conf_complete(table)) {
        conf_error(table, "write kernel-irq = { alarm = LINE, watchdog = LINE }",
                   "kernel-irq: \"%s\" is missing", key);
    }
    return node != NULL && line_is(node, "kernel-irq") ? (uint32_t)node->integer : 0;
}

void board_lines_read(const struct conf_node *root, struct board *board)
{
    static const char *const known[] = {"alarm", "watchdog"};
    const struct conf_node *table = conf_get(root, "kernel-irq");
    if (table == NULL && conf_complete(root)) {
        conf_error(root, "write kernel-irq = { alarm = LINE, watchdog = LINE }",
                   "board: \"kernel-irq\" is missing");
    }
    if (table == NULL) {
        return;
    }
    if (table->kind != CONF_TABLE) {
        conf_error(table, "write kernel-irq = { alarm = LINE, watchdog = LINE }",
                   "board: \"kernel-irq\" is %s, not a table", conf_kind_name(table->kind));
        return;
    }
    conf_known(table, "kernel-irq", known, 2);
    board->alarm_line = kernel_line(table, "alarm");
    board->watchdog_line = kernel_line(table, "watchdog");
}

/* ---- of a device ---- */

/* Lines whose edge counts. */
static void edges_read(const struct conf_node *node, struct board_device *device)
{
    const struct conf_node *list = conf_get(node, "edge");
    if (list == NULL || !list_is(list, device->name, "write edge = [LINE]")) {
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        bool found = false;
        for (size_t l = 0; line_is(list->items[i], device->name) && l < device->irq_count; l++) {
            if (device->irq[l].line == (uint32_t)list->items[i]->integer) {
                device->irq[l].edge = true;
                found = true;
            }
        }
        if (!found && list->items[i]->kind == CONF_INTEGER) {
            conf_error(list->items[i], "\"irq\" names its lines",
                       "%s: \"edge\" names a line that it does not have", device->name);
        }
    }
}

static void named_read(const struct conf_node *item, struct board_device *device)
{
    bool named = item->key[0] != '\0';
    if (named) {
        name_check(item, "interrupt", item->key);
    }
    if (device->irq_count == BOARD_IRQS_MAX) {
        conf_error(item, "", "%s: at most %d interrupt lines", device->name, BOARD_IRQS_MAX);
        return;
    }
    device->irq[device->irq_count++] =
        (struct board_irq){.name = named ? item->key : NULL, .line = (uint32_t)item->integer};
}

void board_irqs_read(const struct conf_node *node, struct board_device *device)
{
    const struct conf_node *list = conf_get(node, "irq");
    if (list == NULL) {
        return;
    }
    if (list->kind != CONF_TABLE && !list_is(list, device->name, "write irq = [32]")) {
        return;
    }
    if (list->kind == CONF_ARRAY && list->count > 1) {
        conf_error(list, "write irq = { rx = 32, tx = 33 }",
                   "%s: several interrupt lines need names", device->name);
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        if (line_is(list->items[i], device->name)) {
            named_read(list->items[i], device);
        }
    }
    edges_read(node, device);
}

/* The bit that makes its accesses Non-secure. Without it they are the kernel's own. */
static void msc_read(const struct conf_node *node, struct board_device *device)
{
    static const char *const known[] = {"register", "bit"};
    const struct conf_node *msc = conf_get(node, "msc");
    if (msc == NULL || msc->kind != CONF_TABLE) {
        conf_error(
            msc != NULL ? msc : node, "write msc = { register = ADDRESS, bit = 0 }",
            "device %s: a device with DMA needs \"msc\", which keeps it out of Secure memory",
            device->name);
        return;
    }
    conf_known(msc, device->name, known, 2);
    device->msc_register = (uint32_t)conf_integer(msc, device->name, "register", range_address, 0);
    device->msc_bit = (uint32_t)conf_integer(msc, device->name, "bit", range_bit, 0);
    if (device->msc_register == 0 || conf_get(msc, "bit") == NULL) {
        conf_error(msc, "write msc = { register = ADDRESS, bit = 0 }",
                   "device %s: \"msc\" needs a register and a bit", device->name);
    }
}

void board_dma_read(const struct conf_node *node, struct board_device *device)
{
    const struct conf_node *dma = conf_get(node, "dma");
    if (dma != NULL && dma->kind != CONF_BOOLEAN) {
        conf_error(dma, "write dma = true", "device %s: \"dma\" is %s, not true or false",
                   device->name, conf_kind_name(dma->kind));
        return;
    }
    device->dma = dma != NULL && dma->integer != 0;
    if (device->dma) {
        msc_read(node, device);
    }
}

/* ---- as a whole ---- */

static void line_check(const struct conf_node *node, const struct board *board,
                       const struct board_device *device, size_t index)
{
    uint32_t line = device->irq[index].line;
    if (line == board->alarm_line || line == board->watchdog_line) {
        conf_error(node, "\"kernel-irq\" lists it", "%s: interrupt line %u is the kernel's",
                   device->name, line);
    }
    for (size_t i = 0; i < index; i++) {
        if (device->irq[i].line == line) {
            conf_error(node, "name each line once", "%s: interrupt line %u is there twice",
                       device->name, line);
        }
    }
}

void board_irqs_check(const struct conf_node *root, const struct board *board)
{
    for (size_t d = 0; d < board->device_count; d++) {
        const struct board_device *device = &board->devices[d];
        const struct conf_node *node = conf_get(conf_get(root, "device"), device->name);
        const struct conf_node *list = conf_get(node, "irq");
        for (size_t i = 0; i < device->irq_count; i++) {
            line_check(list->items[i], board, device, i);
        }
    }
}
