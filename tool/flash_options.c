/*
 * flash_options.c - option bytes: read, told in words, written. probe_board.c has made sure that
 * none of them can close the chip.
 */
#include "flash_options.h"

#include <stdlib.h>

#define OPTR 0x40u

bool flash_options_read(struct flash_options *options, const struct probe_board *board,
                        struct openocd *openocd)
{
    uint32_t word = 0;
    *options =
        (struct flash_options){.found = memory_new((board->option_count + 1) * sizeof(uint32_t))};
    if (!openocd_word(openocd, board->registers + OPTR, &word)) {
        return false;
    }
    options->protection = (uint8_t)word;
    for (size_t i = 0; i < board->option_count; i++) {
        const struct probe_option *option = &board->options[i];
        if (!openocd_word(openocd, board->registers + option->offset, &word)) {
            return false;
        }
        options->found[i] = word & option->mask;
        options->differ += options->found[i] != option->value ? 1 : 0;
    }
    return true;
}

/* One bit as 0 or 1, more as the register shows them. */
static char *value_words(const struct probe_option *option, uint32_t value)
{
    bool single = (option->mask & (option->mask - 1)) == 0;
    return single ? string_format("%d", value != 0) : string_format("0x%08X", value);
}

void flash_options_print(const struct flash_options *options, const struct probe_board *board)
{
    for (size_t i = 0; i < board->option_count; i++) {
        const struct probe_option *option = &board->options[i];
        if (options->found[i] != option->value) {
            char *found = value_words(option, options->found[i]);
            char *wanted = value_words(option, option->value);
            warning_print("option byte %s is %s; board \"%s\" needs %s: %s", option->name, found,
                          board->name, wanted, option->why);
            free(found);
            free(wanted);
        }
    }
}

bool flash_options_write(const struct flash_options *options, const struct probe_board *board,
                         struct openocd *openocd)
{
    bool good = openocd_command(openocd, OPENOCD_S, "flash probe 0");
    for (size_t i = 0; good && i < board->option_count; i++) {
        const struct probe_option *option = &board->options[i];
        if (options->found[i] != option->value) {
            good =
                openocd_command(openocd, OPENOCD_S, "stm32l4x option_write 0 0x%02x 0x%08x 0x%08x",
                                option->offset, option->value, option->mask);
        }
    }
    /* the chip resets itself when it loads them, and what OpenOCD says to that does not matter */
    return good && (openocd_command(openocd, OPENOCD_S, "stm32l4x option_load 0") ||
                    openocd->state == OPENOCD_REFUSED);
}

void flash_options_free(struct flash_options *options)
{
    free(options->found);
    *options = (struct flash_options){0};
}
