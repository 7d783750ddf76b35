/*
 * board_irq.h - what a device of a board does by itself: raise interrupts, read and write memory.
 */
#ifndef K5_TOOL_BOARD_IRQ_H
#define K5_TOOL_BOARD_IRQ_H

#include "board.h"
#include "conf.h"

/* `kernel-irq` of the board: lines that the kernel keeps. */
void board_lines_read(const struct conf_node *root, struct board *board);
/* `irq` and `edge` of a device: irq = [5], irq = { rx = 34, tx = 35 }, edge = [5]. */
void board_irqs_read(const struct conf_node *node, struct board_device *device);
/* `dma` and `msc` of a device: dma = true, msc = { register = ADDRESS, bit = 16 }. */
void board_dma_read(const struct conf_node *node, struct board_device *device);
/* As a whole: no device has a line of the kernel, or one twice. */
void board_irqs_check(const struct conf_node *root, const struct board *board);

#endif
