/*
 * board_ask.c - see board_ask.h.
 */
#include "board_ask.h"

#include "object.h"

enum board_answer board_ask_chip(struct openocd *openocd, const struct probe_board *board,
                                 const char *app_path)
{
    uint32_t word = 0;
    if (board->chip_mask == 0) {
        return BOARD_SAME;
    }
    if (!openocd_word(openocd, board->chip_at, &word)) {
        return BOARD_LOST;
    }
    if ((word & board->chip_mask) == board->chip_value) {
        return BOARD_SAME;
    }
    error_print("this is another chip: its id is 0x%X, that of board \"%s\" is 0x%X",
                word & board->chip_mask, board->name, board->chip_value);
    hint_print("connect the right board, or name this one under `board` in %s", app_path);
    return BOARD_OTHER;
}

enum board_answer board_ask_build(struct openocd *openocd, const struct app *app, uint64_t *found)
{
    struct object image;
    uint32_t low = 0;
    uint32_t high = 0;
    *found = app->build_id;
    if (!object_read(app->image, &image)) {
        return BOARD_SAME;
    }
    uint32_t at = object_value(&image, "k5_build_id");
    object_free(&image);
    if (!openocd_word(openocd, at, &low) || !openocd_word(openocd, at + 4, &high)) {
        return BOARD_LOST;
    }
    *found = (uint64_t)high << 32 | low;
    return *found == app->build_id ? BOARD_SAME : BOARD_OTHER;
}
