/*
 * flash_options.h - the chip's option bytes against what board.toml wants, in words.
 */
#ifndef K5_TOOL_FLASH_OPTIONS_H
#define K5_TOOL_FLASH_OPTIONS_H

#include "openocd.h"

struct flash_options {
    uint32_t *found; /* of each option of the board: its bits, in their place */
    size_t differ;
    uint8_t protection; /* RDP as found */
};

#define RDP_OPEN 0xAAu /* level 0: a probe may do everything */

/* False: openocd->state says why. */
bool flash_options_read(struct flash_options *options, const struct probe_board *board,
                        struct openocd *openocd);
/* A line for each that differs: what is found, what is wanted, what that means. */
void flash_options_print(const struct flash_options *options, const struct probe_board *board);
/* Writes those that differ and makes the chip load them. The chip is reset and OpenOCD's view of it
 * is old then: start it anew. */
bool flash_options_write(const struct flash_options *options, const struct probe_board *board,
                         struct openocd *openocd);
void flash_options_free(struct flash_options *options);

#endif
