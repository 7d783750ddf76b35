/*
 * gen_board.c - gen/board_facts.h: the numbers of board.toml that the board's own code has a use
 * for.
 *
 * So that each stands in one place. What the part's header knows better (boards/stm32l5/regs.h) the
 * board's code compares with these when it is compiled.
 */
#include "gen.h"

#include "probe_board.h"

#include <ctype.h>
#include <stdlib.h>

/* "#define BOARD_DEVICE_UART0 0x40013800u"; what in a name is no letter or digit becomes '_'. */
static void number_add(struct text *out, const char *kind, const char *name, const char *what,
                       uint32_t value)
{
    char *macro = string_format("BOARD_%s%s%s", kind, name, what);
    for (char *at = macro; *at != '\0'; at++) {
        *at = isalnum((unsigned char)*at) ? (char)toupper((unsigned char)*at) : '_';
    }
    text_addf(out, "#define %s 0x%08Xu\n", macro, value);
    free(macro);
}

static void places_add(struct text *out, const struct board *board)
{
    text_add(out,
             "\n/* [alias], [mpc], [closed], [device]: Non-secure addresses but for _SECURE and "
             "_CONTROLLER */\n");
    for (size_t i = 0; i < board->alias_count; i++) {
        const struct board_alias *alias = &board->aliases[i];
        number_add(out, "ALIAS_", alias->name, "", alias->nonsecure);
        number_add(out, "ALIAS_", alias->name, "_SECURE", alias->secure);
        number_add(out, "ALIAS_", alias->name, "_SIZE", alias->size);
    }
    for (size_t i = 0; i < board->mpc_count; i++) {
        const struct board_mpc *mpc = &board->mpc[i];
        number_add(out, "MPC_", mpc->name, "", mpc->base);
        number_add(out, "MPC_", mpc->name, "_SIZE", mpc->size);
        number_add(out, "MPC_", mpc->name, "_CONTROLLER", mpc->controller);
    }
    for (size_t i = 0; i < board->closed_count; i++) {
        number_add(out, "CLOSED_", board->closed[i].name, "", board->closed[i].base);
    }
    for (size_t i = 0; i < board->device_count; i++) {
        const struct board_device *device = &board->devices[i];
        number_add(out, "DEVICE_", device->name, "", device->base);
        for (size_t k = 0; k < device->fact_count; k++) {
            char *what = string_format("_%s", device->facts[k].name);
            number_add(out, "DEVICE_", device->name, what, device->facts[k].value);
            free(what);
        }
    }
}

static void flash_add(struct text *out, const struct board *board)
{
    struct probe_board probe;
    if (!board->has_probe || probe_board_read(board, &probe) != EXIT_OK) {
        return; /* board_read has said what is wrong */
    }
    text_add(out, "\n/* [flash] */\n");
    number_add(out, "FLASH_", "REGISTERS", "", probe.registers);
    text_addf(out,
              "\n/* [flash.options]: offset from there, bits, what they have to be */\n"
              "#define BOARD_OPTION_COUNT %zuu\n",
              probe.option_count);
    if (probe.option_count > 0) {
        text_add(out, "#define BOARD_OPTIONS");
    }
    for (size_t i = 0; i < probe.option_count; i++) {
        text_addf(out, " \\\n    { 0x%02Xu, 0x%08Xu, 0x%08Xu }, /* %s */", probe.options[i].offset,
                  probe.options[i].mask, probe.options[i].value, probe.options[i].name);
    }
    text_add(out, "\n");
    free(probe.options);
    free(probe.target);
}

void gen_board(const struct app *app)
{
    struct text out = {0};
    gen_head(&out, app, "What board.toml says to the board's code,");
    text_add(&out, "#ifndef BOARD_FACTS_H\n#define BOARD_FACTS_H\n\n");
    text_addf(&out, "#define BOARD_TICK_HZ %uu\n", app->board.tick_hz);
    places_add(&out, &app->board);
    flash_add(&out, &app->board);
    text_add(&out, "\n#endif\n");
    gen_write(app, "gen/board_facts.h", &out);
    text_free(&out);
}
