/*
 * board.c - boards/NAME/board.toml into struct board; board.h states what then holds.
 *
 * A mistake here is a mistake of a port and not of a user, yet it gets the same messages.
 */
#include "board.h"

#include "app_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GRAIN       32u
#define ALIASES_MAX 3 /* ARCH_ALIAS_MAX */
#define CLOSED_MAX  4 /* ARCH_CLOSED_MAX */

static const int64_t range_address[2] = {0, UINT32_MAX};
static const int64_t range_hz[2] = {1000, 1000000000};
static const int64_t range_irq[2] = {0, 479};
static const int64_t range_bit[2] = {0, 31};

static const char *const memory_names[MEMORY_COUNT] = {"kernel-code", "veneer", "kernel-ram",
                                                       "task-code",   "log",    "task-ram"};

/* A table of the board, or an error at what stands there instead. */
static bool table_is(const struct conf_node *node, const char *where)
{
    if (node->kind != CONF_TABLE) {
        conf_error(node, "write { KEY = VALUE, ... }", "%s is %s, not a table", where,
                   conf_kind_name(node->kind));
    }
    return node->kind == CONF_TABLE;
}

/* The table under `key`; NULL if it is missing or is none (reported, if it is needed). */
static const struct conf_node *table_get(const struct conf_node *root, const char *key, bool needed)
{
    const struct conf_node *node = conf_get(root, key);
    if (node == NULL && needed && conf_complete(root)) {
        conf_error(root, "", "the board has no table [%s]", key);
    }
    return node != NULL && table_is(node, key) ? node : NULL;
}

static void missing(const struct conf_node *table, const char *where, const char *key,
                    const char *hint)
{
    if (conf_complete(table)) {
        conf_error(table, hint, "%s: \"%s\" is missing", where, key);
    }
}

/* An address under `key`; 0 and an error if it is missing. */
static uint32_t address_read(const struct conf_node *table, const char *where, const char *key)
{
    if (conf_get(table, key) == NULL) {
        char *hint = string_format("write for example %s = 0x40000000", key);
        missing(table, where, key, hint);
        free(hint);
        return 0;
    }
    return (uint32_t)conf_integer(table, where, key, range_address, 0);
}

/* `base` and `size` of a table, both on the grain. */
static void range_read(const struct conf_node *table, uint32_t *base, uint32_t *size)
{
    uint64_t bytes = 0;
    const char *where = table->key;
    const struct conf_node *node = conf_get(table, "size");
    *base = address_read(table, where, "base");
    if (*base % GRAIN != 0) {
        conf_error(conf_get(table, "base"), "", "%s: base is no multiple of %u", where, GRAIN);
    }
    if (node == NULL) {
        missing(table, where, "size", "write for example size = \"4K\"");
    } else if (conf_size(node, where, &bytes)) {
        if (bytes % GRAIN != 0) {
            conf_error(node, "", "%s: size is no multiple of %u", where, GRAIN);
        } else if (*base + bytes > UINT64_C(1) << 32) {
            conf_error(node, "", "%s: it ends above 4 GiB", where);
        } else {
            *size = (uint32_t)bytes;
        }
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
    board->tick_hz = (uint32_t)conf_integer(root, "board", "tick_hz", range_hz, 1000000);
    if (conf_get(root, "tick_hz") == NULL) {
        missing(root, "board", "tick_hz", "write for example tick_hz = 20_000_000");
    }
    if (least == NULL) {
        missing(root, "board", "budget-min", "write budget-min = \"50 us\"");
    } else if (conf_time(least, "board", &us) && !board_span(board, us, &board->budget_min)) {
        conf_error(least, "", "board: budget-min is out of range");
    }
}

static void memories_read(const struct conf_node *root, struct board *board)
{
    static const char *const known[] = {"base", "size"};
    const struct conf_node *table = table_get(root, "memory", true);
    if (table == NULL) {
        return;
    }
    conf_known(table, "memory", memory_names, MEMORY_COUNT);
    for (size_t i = 0; i < MEMORY_COUNT; i++) {
        const struct conf_node *node = conf_get(table, memory_names[i]);
        board->memory[i].name = memory_names[i];
        if (node == NULL) {
            missing(table, "memory", memory_names[i], "write { base = ADDRESS, size = \"4K\" }");
        } else if (table_is(node, memory_names[i])) {
            conf_known(node, memory_names[i], known, 2);
            range_read(node, &board->memory[i].base, &board->memory[i].size);
        }
    }
}

static void mpcs_read(const struct conf_node *root, struct board *board)
{
    static const char *const known[] = {"controller", "base", "size"};
    const struct conf_node *table = table_get(root, "mpc", false);
    size_t count = table != NULL ? table->count : 0;
    board->mpc = memory_new(count * sizeof board->mpc[0]);
    for (size_t i = 0; i < count; i++) {
        const struct conf_node *node = table->items[i];
        if (table_is(node, node->key)) {
            struct board_mpc *mpc = &board->mpc[board->mpc_count++];
            conf_known(node, node->key, known, 3);
            range_read(node, &mpc->base, &mpc->size);
            mpc->controller = address_read(node, node->key, "controller");
        }
    }
}

/* The tables of [KEY.*], `each` of them; at most as many as the image has room for. */
static size_t tables_get(const struct conf_node *root, const char *key, size_t most,
                         const struct conf_node **tables)
{
    const struct conf_node *table = table_get(root, key, true);
    size_t count = 0;
    for (size_t i = 0; table != NULL && i < table->count; i++) {
        const struct conf_node *node = table->items[i];
        if (i == most) {
            conf_error_key(node, "", "at most %zu tables [%s.*]", most, key);
        } else if (i < most && table_is(node, node->key)) {
            tables[count++] = node;
        }
    }
    return count;
}

static void aliases_read(const struct conf_node *root, struct board *board)
{
    static const char *const known[] = {"nonsecure", "secure", "size"};
    const struct conf_node *tables[ALIASES_MAX];
    board->alias_count = tables_get(root, "alias", ALIASES_MAX, tables);
    board->aliases = memory_new(board->alias_count * sizeof board->aliases[0]);
    for (size_t i = 0; i < board->alias_count; i++) {
        struct board_alias *alias = &board->aliases[i];
        const struct conf_node *size = conf_get(tables[i], "size");
        uint64_t bytes = 0;
        conf_known(tables[i], tables[i]->key, known, 3);
        alias->name = tables[i]->key;
        alias->nonsecure = address_read(tables[i], alias->name, "nonsecure");
        alias->secure = address_read(tables[i], alias->name, "secure");
        if (size == NULL) {
            missing(tables[i], alias->name, "size", "write for example size = \"512K\"");
        } else if (conf_size(size, alias->name, &bytes)) {
            if (bytes == 0 || (bytes & (bytes - 1)) != 0 || alias->secure % bytes != 0 ||
                alias->nonsecure % bytes != 0 || alias->secure == alias->nonsecure) {
                conf_error(size, "a power of two; both addresses are multiples of it",
                           "alias %s: the size does not fit the two addresses", alias->name);
            }
            alias->size = (uint32_t)bytes;
        }
    }
}

static void closed_read(const struct conf_node *root, struct board *board)
{
    static const char *const known[] = {"base", "size"};
    const struct conf_node *tables[CLOSED_MAX];
    board->closed_count = tables_get(root, "closed", CLOSED_MAX, tables);
    board->closed = memory_new(board->closed_count * sizeof board->closed[0]);
    for (size_t i = 0; i < board->closed_count; i++) {
        conf_known(tables[i], tables[i]->key, known, 2);
        board->closed[i].name = tables[i]->key;
        range_read(tables[i], &board->closed[i].base, &board->closed[i].size);
    }
}

static void irqs_read(const struct conf_node *node, struct board_device *device)
{
    const struct conf_node *list = conf_get(node, "irq");
    size_t most = sizeof device->irq / sizeof device->irq[0];
    if (list != NULL && list->kind != CONF_ARRAY) {
        conf_error(list, "write irq = [32]", "%s: \"irq\" is %s, not a list", device->name,
                   conf_kind_name(list->kind));
        return;
    }
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        const struct conf_node *item = list->items[i];
        if (item->kind != CONF_INTEGER || item->integer < range_irq[0] ||
            item->integer > range_irq[1]) {
            conf_error(item, "0 to 479", "%s: this is no interrupt line", device->name);
        } else if (i == most) {
            conf_error(item, "", "%s: at most %zu interrupt lines", device->name, most);
        } else if (i < most) {
            device->irq[device->irq_count++] = (uint32_t)item->integer;
        }
    }
}

static void facts_read(const struct conf_node *node, struct board_device *device)
{
    const struct conf_node *table = table_get(node, "facts", false);
    size_t count = table != NULL ? table->count : 0;
    device->facts = memory_new(count * sizeof device->facts[0]);
    for (size_t i = 0; i < count; i++) {
        const char *name = table->items[i]->key;
        name_check(table->items[i], "fact", name);
        device->facts[device->fact_count++] = (struct board_fact){
            name, (uint32_t)conf_integer(table, device->name, name, range_address, 0)};
    }
}

static void device_read(const struct conf_node *node, struct board_device *device)
{
    static const char *const known[] = {"base", "size", "irq", "ppc", "facts"};
    static const char *const known_ppc[] = {"nonsecure", "unprivileged", "bit"};
    device->name = node->key;
    name_check(node, "device", node->key);
    if (strcmp(node->key, "log") == 0) {
        conf_error_key(node, "rename it", "device \"log\": the log ring has this name");
    }
    conf_known(node, node->key, known, 5);
    range_read(node, &device->base, &device->size);
    irqs_read(node, device);
    facts_read(node, device);
    const struct conf_node *ppc = conf_get(node, "ppc");
    if (ppc != NULL && ppc->kind == CONF_STRING && strcmp(ppc->string, "none") == 0) {
        return;
    }
    if (ppc == NULL || ppc->kind != CONF_TABLE) {
        conf_error(
            ppc != NULL ? ppc : node,
            "write ppc = \"none\", or { nonsecure = ADDRESS, unprivileged = ADDRESS, bit = 0 }",
            "device %s: \"ppc\" is %s", node->key, ppc != NULL ? "no such thing" : "missing");
        return;
    }
    conf_known(ppc, node->key, known_ppc, 3);
    device->ppc_nonsecure = address_read(ppc, node->key, "nonsecure");
    const struct conf_node *user = conf_get(ppc, "unprivileged");
    if (user == NULL || user->kind != CONF_STRING || strcmp(user->string, "none") != 0) {
        device->ppc_unprivileged = address_read(ppc, node->key, "unprivileged");
    }
    if (conf_get(ppc, "bit") == NULL) {
        missing(ppc, node->key, "bit", "write bit = 0");
    }
    device->ppc_bit = (uint32_t)conf_integer(ppc, node->key, "bit", range_bit, 0);
}

static void devices_read(const struct conf_node *root, struct board *board)
{
    static const char *const known[] = {"base", "size"};
    const struct conf_node *range = table_get(root, "devices", true);
    const struct conf_node *table = table_get(root, "device", false);
    size_t count = table != NULL ? table->count : 0;
    if (range != NULL) {
        conf_known(range, "devices", known, 2);
        range_read(range, &board->device_base, &board->device_size);
    }
    board->devices = memory_new(count * sizeof board->devices[0]);
    for (size_t i = 0; i < count; i++) {
        if (table_is(table->items[i], table->items[i]->key)) {
            device_read(table->items[i], &board->devices[board->device_count++]);
        }
    }
}

static void emulator_read(const struct conf_node *root, struct board *board)
{
    static const char *const known[] = {"machine", "arguments", "secure_bit"};
    const struct conf_node *table = table_get(root, "emulator", false);
    if (table == NULL) {
        return;
    }
    conf_known(table, "emulator", known, 3);
    board->machine = conf_string(table, "emulator", "machine", true);
    if (conf_get(table, "secure_bit") != NULL) {
        board->emulator_secure_bit = address_read(table, "emulator", "secure_bit");
    }
    const struct conf_node *list = conf_get(table, "arguments");
    if (list != NULL && list->kind != CONF_ARRAY) {
        conf_error(list, "write arguments = [\"...\"]", "emulator: \"arguments\" is %s, not a list",
                   conf_kind_name(list->kind));
        return;
    }
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        if (list->items[i]->kind == CONF_STRING) {
            list_add(&board->emulator_arguments, list->items[i]->string);
        } else {
            conf_error(list->items[i], "write it in quotes", "emulator: an argument is no string");
        }
    }
}

/* ---- as a whole ---- */

/* A range with a name: a memory or a device. */
struct extent {
    const struct conf_node *node;
    const char *name;
    uint64_t base;
    uint64_t size;
};

static bool extents_meet(const struct extent *a, const struct extent *b)
{
    return a->base < b->base + b->size && b->base < a->base + a->size;
}

/* No memory and no device overlaps another: the isolation of everything else rests on it. */
static void extents_check(const struct conf_node *root, const struct board *board)
{
    size_t count = MEMORY_COUNT + board->device_count;
    struct extent *extents = memory_new(count * sizeof extents[0]);
    for (size_t i = 0; i < MEMORY_COUNT; i++) {
        const struct board_memory *memory = &board->memory[i];
        extents[i] = (struct extent){conf_get(conf_get(root, "memory"), memory->name), memory->name,
                                     memory->base, memory->size};
    }
    for (size_t i = 0; i < board->device_count; i++) {
        const struct board_device *device = &board->devices[i];
        extents[MEMORY_COUNT + i] =
            (struct extent){conf_get(conf_get(root, "device"), device->name), device->name,
                            device->base, device->size};
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (extents_meet(&extents[i], &extents[j])) {
                conf_error_key(extents[i].node, "each address belongs to one of them",
                               "%s overlaps %s (line %d)", extents[i].name, extents[j].name,
                               extents[j].node->line);
            }
        }
    }
    free(extents);
}

/* True if a range of size bytes from base lies within another. */
static bool range_within(uint32_t base, uint32_t size, uint32_t outer, uint32_t outer_size)
{
    return base >= outer && size <= outer_size && base - outer <= outer_size - size;
}

/* A device is not what no task may be given. */
static void closed_check(const struct conf_node *root, const struct board *board,
                         const struct board_device *device)
{
    for (size_t i = 0; i < board->closed_count; i++) {
        const struct board_memory *closed = &board->closed[i];
        struct extent mine = {NULL, NULL, device->base, device->size};
        struct extent other = {NULL, NULL, closed->base, closed->size};
        if (extents_meet(&mine, &other)) {
            conf_error_key(conf_get(conf_get(root, "device"), device->name),
                           "no task may be given what [closed.*] lists",
                           "device %s overlaps [closed.%s]", device->name, closed->name);
        }
    }
}

/* The kernel's memory must be known by both of its addresses, or its alias could not be closed. */
static void kernel_alias_check(const struct conf_node *root, const struct board *board)
{
    static const enum board_memory_id of_kernel[] = {MEMORY_KERNEL_CODE, MEMORY_VENEER,
                                                     MEMORY_KERNEL_RAM};
    for (size_t i = 0; i < sizeof of_kernel / sizeof of_kernel[0]; i++) {
        const struct board_memory *memory = &board->memory[of_kernel[i]];
        bool known = false;
        for (size_t a = 0; a < board->alias_count; a++) {
            known = known || range_within(memory->base, memory->size, board->aliases[a].secure,
                                          board->aliases[a].size);
        }
        if (!known) {
            conf_error_key(conf_get(conf_get(root, "memory"), memory->name),
                           "the kernel needs the Secure address, and [alias.*] with the other one",
                           "memory: %s lies in no Secure range of [alias.*]", memory->name);
        }
    }
}

/* What tasks use must be what the protection controllers can open to them. */
static void aliases_check(const struct conf_node *root, const struct board *board)
{
    static const enum board_memory_id of_tasks[] = {MEMORY_TASK_CODE, MEMORY_LOG, MEMORY_TASK_RAM};
    for (size_t i = 0; i < sizeof of_tasks / sizeof of_tasks[0]; i++) {
        const struct board_memory *memory = &board->memory[of_tasks[i]];
        bool guarded = board->mpc_count == 0;
        for (size_t m = 0; m < board->mpc_count; m++) {
            guarded = guarded || range_within(memory->base, memory->size, board->mpc[m].base,
                                              board->mpc[m].size);
        }
        if (!guarded) {
            conf_error_key(conf_get(conf_get(root, "memory"), memory->name),
                           "tasks need the Non-secure address, not its Secure alias",
                           "memory: %s lies in no range of [mpc.*]", memory->name);
        }
    }
    for (size_t i = 0; i < board->device_count; i++) {
        const struct board_device *device = &board->devices[i];
        if (!range_within(device->base, device->size, board->device_base, board->device_size)) {
            conf_error_key(conf_get(conf_get(root, "device"), device->name),
                           "tasks need the Non-secure address, not its Secure alias",
                           "device %s lies outside of [devices] (line %d)", device->name,
                           conf_get(root, "devices")->line);
        }
        closed_check(root, board, device);
    }
}

/* `name` is the folder's, `arch` a port that there is. */
static void head_check(const struct conf_node *root, const struct board *board)
{
    const char *name = conf_string(root, "board", "name", true);
    struct list dirs = {0};
    struct text hint = {0};
    bool found = board->arch == NULL;
    if (name != NULL && strcmp(name, board->name) != 0) {
        char *write = string_format("write name = \"%s\", as its folder is called", board->name);
        conf_error(conf_get(root, "name"), write, "board: the name is \"%s\"", name);
        free(write);
    }
    dir_list(root_join("arch"), "", &dirs);
    for (size_t i = 0; i < dirs.count; i++) {
        char *path = path_join(dirs.items[i], "kernel.ld");
        if (file_exists(path)) {
            const char *base = path_base(dirs.items[i]);
            text_addf(&hint, "%s\"%s\"", hint.length == 0 ? "there is " : ", ", base);
            found = found || strcmp(base, board->arch) == 0;
        }
        free(path);
    }
    if (!found) {
        conf_error(conf_get(root, "arch"), text_string(&hint),
                   "board: K5 has no port to architecture \"%s\"", board->arch);
    }
    text_free(&hint);
    list_free(&dirs);
}

bool board_read(const char *name, struct board *board)
{
    static const char *const known[] = {"name",       "arch",  "cpu",      "tick_hz", "memory",
                                        "mpc",        "fpu",   "devices",  "device",  "emulator",
                                        "budget-min", "chip",  "verified", "alias",   "closed",
                                        "family",     "probe", "flash"};
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
    board->family = conf_string(root, "board", "family", false);
    head_check(root, board);
    clock_read(root, board);
    memories_read(root, board);
    mpcs_read(root, board);
    aliases_read(root, board);
    closed_read(root, board);
    devices_read(root, board);
    emulator_read(root, board);
    board->has_probe = conf_get(root, "probe") != NULL;
    if (conf_error_count() == before) {
        extents_check(root, board);
        aliases_check(root, board);
        kernel_alias_check(root, board);
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
