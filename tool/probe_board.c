/*
 * probe_board.c - the tables [probe] and [flash] of board.toml; probe_board.h states what holds.
 */
#include "probe_board.h"

#include "conf.h"

#include <stdlib.h>
#include <string.h>

#define OPTR         0x40u /* RDP is its low byte */
#define RDP          0xFFu
#define SECBOOTADD0R 0x4Cu
#define BOOT_LOCK    1u

static const int64_t range_word[2] = {0, UINT32_MAX};
static const int64_t range_offset[2] = {0, 0x3FC};

static uint32_t word_read(const struct conf_node *table, const char *where, const char *key)
{
    if (conf_get(table, key) == NULL) {
        conf_error(table, "docs/manual/flash.md lists the keys", "%s: \"%s\" is missing", where,
                   key);
    }
    return (uint32_t)conf_integer(table, where, key, range_word, 0);
}

static uint32_t bytes_read(const struct conf_node *table, const char *key)
{
    uint64_t bytes = 0;
    const struct conf_node *node = conf_get(table, key);
    if (node == NULL) {
        conf_error(table, "write for example \"2K\"", "flash: \"%s\" is missing", key);
    } else if (conf_size(node, "flash", &bytes) &&
               (bytes == 0 || bytes > UINT32_C(1) << 30 || (bytes & (bytes - 1)) != 0)) {
        conf_error(node, "", "flash: %s is no power of two", key);
        bytes = 0;
    }
    return (uint32_t)bytes;
}

static bool is_table(const struct conf_node *node, const char *where)
{
    if (node->kind != CONF_TABLE) {
        conf_error(node, "write { KEY = VALUE, ... }", "%s is %s, not a table", where,
                   conf_kind_name(node->kind));
    }
    return node->kind == CONF_TABLE;
}

static void chip_read(const struct conf_node *table, struct probe_board *probe)
{
    static const char *const known[] = {"address", "mask", "value"};
    const struct conf_node *chip = conf_get(table, "chip");
    if (chip != NULL && is_table(chip, "chip")) {
        conf_known(chip, "chip", known, 3);
        probe->chip_at = word_read(chip, "chip", "address");
        probe->chip_mask = word_read(chip, "chip", "mask");
        probe->chip_value = word_read(chip, "chip", "value");
    }
}

static void freeze_read(const struct conf_node *table, struct probe_board *probe)
{
    static const char *const known[] = {"address", "mask"};
    const struct conf_node *freeze = conf_get(table, "freeze");
    if (freeze != NULL && is_table(freeze, "freeze")) {
        conf_known(freeze, "freeze", known, 2);
        probe->freeze_at = word_read(freeze, "freeze", "address");
        probe->freeze_mask = word_read(freeze, "freeze", "mask");
    }
}

/* What could lock its owner out of the chip is not to be had by configuration. */
static void option_check(const struct conf_node *node, const struct probe_option *option)
{
    if (option->mask == 0) {
        conf_error(node, "", "option %s: the mask is 0", option->name);
    } else if (option->offset % 4 != 0) {
        conf_error(node, "", "option %s: the offset is no multiple of 4", option->name);
    } else if ((option->value & ~option->mask) != 0) {
        conf_error(node, "", "option %s: the value is larger than its mask", option->name);
    } else if (option->offset == OPTR && (option->mask & RDP) != 0) {
        conf_error(node, "leave it out", "option %s: k5 does not change the read protection (RDP)",
                   option->name);
    } else if (option->offset == SECBOOTADD0R && (option->mask & BOOT_LOCK) != 0) {
        conf_error(node, "leave bit 0 out of the mask",
                   "option %s: BOOT_LOCK can never be cleared again", option->name);
    }
}

static void option_read(const struct conf_node *node, struct probe_option *option)
{
    static const char *const known[] = {"offset", "mask", "value", "why"};
    if (!is_table(node, node->key)) {
        return;
    }
    conf_known(node, node->key, known, 4);
    option->name = node->key;
    option->why = conf_string(node, node->key, "why", true);
    (void)word_read(node, node->key, "offset");
    option->offset = (uint32_t)conf_integer(node, node->key, "offset", range_offset, 0);
    option->mask = word_read(node, node->key, "mask");
    uint32_t value = word_read(node, node->key, "value");
    uint32_t lowest = option->mask & (~option->mask + 1);
    option->value = value * (lowest != 0 ? lowest : 1);
    if (lowest > 1 && value > UINT32_MAX / lowest) {
        option->value = UINT32_MAX; /* too large: option_check says so */
    }
    option_check(node, option);
}

/* Where it is: [alias.flash]. */
static void place_find(const struct conf_node *flash, const struct board *board,
                       struct probe_board *probe)
{
    for (size_t i = 0; i < board->alias_count; i++) {
        const struct board_alias *alias = &board->aliases[i];
        if (strcmp(alias->name, "flash") == 0) {
            probe->secure = alias->secure;
            probe->nonsecure = alias->nonsecure;
            probe->size = alias->size;
            return;
        }
    }
    conf_error(flash, "it says by which addresses Secure and Non-secure code see the flash",
               "[flash] needs a table [alias.flash]");
}

static void flash_read(const struct conf_node *flash, struct probe_board *probe)
{
    static const char *const known[] = {"driver", "page", "registers", "options"};
    const struct conf_node *options = conf_get(flash, "options");
    conf_known(flash, "flash", known, sizeof known / sizeof known[0]);
    const char *driver = conf_string(flash, "flash", "driver", true);
    if (driver != NULL && strcmp(driver, "stm32l4x") != 0) {
        conf_error(conf_get(flash, "driver"), "there is \"stm32l4x\" (STM32L4, L5, U5)",
                   "flash: k5 does not know driver \"%s\"", driver);
    }
    probe->page = bytes_read(flash, "page");
    probe->registers = word_read(flash, "flash", "registers");
    if (probe->size != 0 && probe->page > probe->size) { /* 0: place_find has said why */
        conf_error(conf_get(flash, "page"), "", "flash: a page is larger than the flash");
    }
    if (options == NULL || !is_table(options, "flash.options")) {
        return;
    }
    probe->options = memory_new(options->count * sizeof probe->options[0]);
    for (size_t i = 0; i < options->count; i++) {
        option_read(options->items[i], &probe->options[probe->option_count++]);
    }
}

/* A file beside board.toml, or one that OpenOCD has. */
static char *target_find(const struct board *board, const char *target)
{
    char *own = path_join(board->dir, target);
    if (file_exists(own)) {
        return own;
    }
    free(own);
    return string_copy(target);
}

int probe_board_read(const struct board *board, struct probe_board *probe)
{
    static const char *const known[] = {"type", "target", "chip", "freeze"};
    unsigned before = conf_error_count();
    char *path = path_join(board->dir, "board.toml");
    const struct conf_node *root = conf_parse(path);
    free(path);
    *probe = (struct probe_board){.name = board->name};
    const struct conf_node *table = root != NULL ? conf_get(root, "probe") : NULL;
    const struct conf_node *flash = root != NULL ? conf_get(root, "flash") : NULL;
    if (root != NULL && table == NULL && conf_error_count() == before) {
        error_print("board \"%s\" has no debug probe: its board.toml has no table [probe]",
                    board->name);
        hint_print(board->machine != NULL ? "it is an emulated board: `k5 run` runs the app"
                                          : "docs/manual/flash.md says what a board needs");
        return EXIT_ENVIRONMENT;
    }
    if (table != NULL && is_table(table, "probe")) {
        conf_known(table, "probe", known, 4);
        probe->type = conf_string(table, "probe", "type", true);
        const char *target = conf_string(table, "probe", "target", true);
        probe->target = target != NULL ? target_find(board, target) : NULL;
        chip_read(table, probe);
        freeze_read(table, probe);
    }
    if (table != NULL && flash == NULL) {
        conf_error(table, "docs/manual/flash.md lists its keys", "[probe] needs a table [flash]");
    } else if (flash != NULL && is_table(flash, "flash")) {
        place_find(flash, board, probe);
        flash_read(flash, probe);
    }
    return root != NULL && conf_error_count() == before ? EXIT_OK : EXIT_USAGE;
}

bool probe_board_offset(const struct probe_board *board, uint32_t address, uint32_t *offset)
{
    uint32_t base = address - board->secure < board->size ? board->secure : board->nonsecure;
    *offset = address - base;
    return *offset < board->size;
}
