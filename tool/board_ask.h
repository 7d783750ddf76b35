/*
 * board_ask.h - what k5 asks of a board before it believes what it reads there: is it the chip that
 * board.toml names, and does it hold the build that lies here?
 */
#ifndef K5_TOOL_BOARD_ASK_H
#define K5_TOOL_BOARD_ASK_H

#include "app.h"
#include "openocd.h"

enum board_answer {
    BOARD_SAME,
    BOARD_OTHER, /* another chip: an error was printed; another build: nothing was */
    BOARD_LOST   /* no answer; openocd->state says why */
};

/* app_path: where the user names the board. */
enum board_answer board_ask_chip(struct openocd *openocd, const struct probe_board *board,
                                 const char *app_path);
/* The build id in the board's flash is put into *found. */
enum board_answer board_ask_build(struct openocd *openocd, const struct app *app, uint64_t *found);

#endif
