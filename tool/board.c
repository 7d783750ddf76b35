/*
 * board.c - boards/NAME/board.toml into struct board; board.h states what then holds.
 *
 * A mistake here is a mistake of a port and not of a user, yet it gets the same messages.
 */
#include "board.h"

#include "conf.h"

#include <stdio.h>
#include <string.h>

#define GRAIN 32u

static const int64_t range_address[2] = {0, UINT32_MAX};
static const int64_t range_hz[2] = {1000, 1000000000};
static const int64_t range_irq[2] = {0, 479};
static const int64_t range_bit[2] = {0, 31};

static const char *const memory_names[MEMORY_COUNT] = {"kernel-code", "veneer", "kernel-ram",
                                                       "task-code",   "log",    "task-ram"};

/* An address under `key`; 0 and an error if it is missing. */
static uint32_t address_read(const struct conf_node *table, const char *where, const char *key)
{
    if (conf_get(table, key) == NULL) {
        conf_error(table, "", "%s: \"%s\" is missing", where, key);
        return 0;
    }
    return (uint32_t)conf_integer(table, where, key, range_address, 0);
}

/* `base` and `size` of a table, both on the grain. */
static void range_read(const struct conf_node *table, uint32_t *base, uint32_t *size)
{
    uint64_t bytes = 0;
    const char *where = table->key;
    if (table->kind != CONF_TABLE) {
        conf_error(table, "write { base = ADDRESS, size = \"4K\" }", "%s is no table", where);
        return;
    }
    const struct conf_node *node = conf_get(table, "size");
    *base = address_read(table, where, "base");
    if (node == NULL) {
        conf_error(table, "", "%s: \"size\" is missing", where);
    } else if (conf_size(node, where, &bytes)) {
        if (*base % GRAIN != 0 || bytes % GRAIN != 0 || *base + bytes > UINT64_C(1) << 32) {
            conf_error(node, "", "%s: base and size must be multiples of %u within 4 GiB", where,
                       GRAIN);
        }
        *size = (uint32_t)bytes;
    }
}

bool board_span(const struct board *board, uint64_t us, struct span *span)
{
    uint64_t ticks = us < (UINT64_C(1) << 32) ? us * board->tick_hz / 1000000 : UINT64_MAX;
    if (ticks < 1 || ticks > BOARD_TICKS_MAX) {
        return false;
    }
    *span = (struct span){us, (uint32_t)ticks};
    return true;
}

static void clock_read(const struct conf_node *root, struct board *board)
{
    const struct conf_node *least = conf_get(root, "budget-min");
    uint64_t us = 0;
    board->tick_hz = (uint32_t)conf_integer(root, "board", "tick_hz", range_hz, 0);
    if (board->tick_hz == 0) {
        conf_error(root, "", "board: \"tick_hz\" is missing or wrong");
    }
    if (least == NULL) {
        conf_error(root, "write budget-min = \"50 us\"", "board: \"budget-min\" is missing");
    } else if (conf_time(least, "board", &us) && !board_span(board, us, &board->budget_min)) {
        conf_error(least, "", "board: budget-min is out of range");
    }
}

static void memories_read(const struct conf_node *root, struct board *board)
{
    const struct conf_node *table = conf_get(root, "memory");
    if (table == NULL || table->kind != CONF_TABLE) {
        conf_error(root, "", "the board has no table [memory]");
        return;
    }
    conf_known(table, "memory", memory_names, MEMORY_COUNT);
    for (size_t i = 0; i < MEMORY_COUNT; i++) {
        const struct conf_node *node = conf_get(table, memory_names[i]);
        board->memory[i].name = memory_names[i];
        if (node == NULL) {
            conf_error(table, "", "memory: \"%s\" is missing", memory_names[i]);
        } else {
            range_read(node, &board->memory[i].base, &board->memory[i].size);
        }
    }
}

/* No memory overlaps another: the isolation of everything else rests on it. */
static void memories_check(const struct conf_node *root, const struct board *board)
{
    const struct conf_node *table = conf_get(root, "memory");
    for (size_t i = 0; i < MEMORY_COUNT; i++) {
        for (size_t j = 0; j < i; j++) {
            const struct board_memory *a = &board->memory[i];
            const struct board_memory *b = &board->memory[j];
            if ((uint64_t)a->base < (uint64_t)b->base + b->size &&
                (uint64_t)b->base < (uint64_t)a->base + a->size) {
                conf_error(conf_get(table, a->name), "", "memory: %s overlaps %s", a->name,
                           b->name);
            }
        }
    }
}

static void mpcs_read(const struct conf_node *root, struct board *board)
{
    const struct conf_node *table = conf_get(root, "mpc");
    board->mpc_count = table != NULL ? table->count : 0;
    board->mpc = memory_new(board->mpc_count * sizeof board->mpc[0]);
    for (size_t i = 0; i < board->mpc_count; i++) {
        const struct conf_node *node = table->items[i];
        static const char *const known[] = {"controller", "base", "size"};
        conf_known(node, node->key, known, 3);
        range_read(node, &board->mpc[i].base, &board->mpc[i].size);
        board->mpc[i].controller = address_read(node, node->key, "controller");
    }
}

static void irqs_read(const struct conf_node *node, struct board_device *device)
{
    const struct conf_node *list = conf_get(node, "irq");
    for (size_t i = 0; list != NULL && i < list->count && i < 4; i++) {
        const struct conf_node *item = list->items[i];
        if (item->kind != CONF_INTEGER || item->integer < range_irq[0] ||
            item->integer > range_irq[1]) {
            conf_error(item, "", "%s: this is no interrupt line", device->name);
        }
        device->irq[device->irq_count++] = (uint32_t)item->integer;
    }
}

static void device_read(const struct conf_node *node, struct board_device *device)
{
    static const char *const known[] = {"base", "size", "irq", "ppc"};
    device->name = node->key;
    conf_known(node, node->key, known, 4);
    range_read(node, &device->base, &device->size);
    irqs_read(node, device);
    const struct conf_node *ppc = conf_get(node, "ppc");
    if (ppc != NULL && ppc->kind == CONF_STRING && strcmp(ppc->string, "none") == 0) {
        return;
    }
    if (ppc == NULL || ppc->kind != CONF_TABLE) {
        conf_error(node, "", "device %s: \"ppc\" is missing", node->key);
        return;
    }
    device->ppc_nonsecure = address_read(ppc, node->key, "nonsecure");
    device->ppc_unprivileged = address_read(ppc, node->key, "unprivileged");
    device->ppc_bit = (uint32_t)conf_integer(ppc, node->key, "bit", range_bit, 0);
}

static void devices_read(const struct conf_node *root, struct board *board)
{
    const struct conf_node *range = conf_get(root, "devices");
    const struct conf_node *table = conf_get(root, "device");
    if (range == NULL) {
        conf_error(root, "", "the board has no table [devices]");
        return;
    }
    range_read(range, &board->device_base, &board->device_size);
    board->device_count = table != NULL ? table->count : 0;
    board->devices = memory_new(board->device_count * sizeof board->devices[0]);
    for (size_t i = 0; i < board->device_count; i++) {
        struct board_device *device = &board->devices[i];
        device_read(table->items[i], device);
        if (device->base < board->device_base ||
            device->base - board->device_base > board->device_size - device->size) {
            conf_error(table->items[i], "", "device %s lies outside of [devices]", device->name);
        }
    }
}

static void emulator_read(const struct conf_node *root, struct board *board)
{
    const struct conf_node *table = conf_get(root, "emulator");
    if (table == NULL) {
        return;
    }
    board->machine = conf_string(table, "emulator", "machine", true);
    if (conf_get(table, "secure_bit") != NULL) {
        board->emulator_secure_bit = address_read(table, "emulator", "secure_bit");
    }
    const struct conf_node *list = conf_get(table, "arguments");
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        if (list->items[i]->kind == CONF_STRING) {
            list_add(&board->emulator_arguments, list->items[i]->string);
        } else {
            conf_error(list->items[i], "", "emulator: an argument is no string");
        }
    }
}

bool board_read(const char *name, struct board *board)
{
    static const char *const known[] = {"name",       "arch", "cpu",     "tick_hz", "memory",
                                        "mpc",        "fpu",  "devices", "device",  "emulator",
                                        "budget-min", "chip", "verified"};
    unsigned before = conf_error_count();
    board->name = string_copy(name);
    board->dir = path_join(root_join("boards"), name);
    const struct conf_node *root = conf_parse(path_join(board->dir, "board.toml"));
    if (root == NULL) {
        return false;
    }
    conf_known(root, "board", known, sizeof known / sizeof known[0]);
    board->chip = conf_string(root, "board", "chip", false);
    board->verified = conf_string(root, "board", "verified", false);
    board->arch = conf_string(root, "board", "arch", true);
    board->cpu = conf_string(root, "board", "cpu", true);
    board->fpu = conf_string(root, "board", "fpu", false);
    clock_read(root, board);
    memories_read(root, board);
    mpcs_read(root, board);
    devices_read(root, board);
    emulator_read(root, board);
    if (conf_error_count() == before) {
        memories_check(root, board);
    }
    return conf_error_count() == before;
}

void board_names(struct list *names)
{
    struct list dirs = {0};
    dir_list(root_join("boards"), "", &dirs);
    for (size_t i = 0; i < dirs.count; i++) {
        if (file_exists(path_join(dirs.items[i], "board.toml"))) {
            list_add(names, path_base(dirs.items[i]));
        }
    }
    list_free(&dirs);
}

int board_device_find(const struct board *board, const char *name)
{
    for (size_t i = 0; i < board->device_count; i++) {
        if (strcmp(board->devices[i].name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}
