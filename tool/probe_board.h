/*
 * probe_board.h - what board.toml says of the probe, the chip behind it and its flash.
 *
 *   [probe]            type, target: OpenOCD's files; chip: how the chip is told from others;
 *                      freeze: what makes the kernel's timer stand while the processor is halted
 *   [flash]            page; driver: OpenOCD's name for the flash; [alias.flash] says where it is
 *   [flash.options]    option bytes as K5 wants them
 *
 * docs/manual/flash.md lists the keys. Invariant after probe_board_read: pages divide the flash; no
 * option touches the read protection (RDP) or BOOT_LOCK, which could close the chip for good.
 */
#ifndef K5_TOOL_PROBE_BOARD_H
#define K5_TOOL_PROBE_BOARD_H

#include "board.h"

struct probe_option {
    const char *name; /* "TZEN" */
    const char *why;  /* in words what holds when it is as wanted */
    uint32_t offset;  /* of the register, from probe_board.registers */
    uint32_t mask;
    uint32_t value; /* in its place in the register */
};

struct probe_board {
    const char *name;   /* the board's */
    const char *type;   /* of probe */
    char *target;       /* OpenOCD's file for the chip */
    uint32_t chip_at;   /* this word and the mask is chip_value */
    uint32_t chip_mask; /* 0: not checked */
    uint32_t chip_value;
    uint32_t freeze_at;   /* in this word these bits are to be set */
    uint32_t freeze_mask; /* 0: there is no such thing */
    uint32_t secure; /* address of the flash as Secure code sees it: all is written through it */
    uint32_t nonsecure;
    uint32_t size;
    uint32_t page;
    uint32_t registers; /* of the flash controller */
    struct probe_option *options;
    size_t option_count;
};

/* Returns EXIT_OK; EXIT_USAGE if board.toml is wrong, EXIT_ENVIRONMENT if the board has no probe:
 * both printed. */
int probe_board_read(const struct board *board, struct probe_board *probe);
/* True if the address lies in the flash, by either alias; then its distance from the start. */
bool probe_board_offset(const struct probe_board *board, uint32_t address, uint32_t *offset);

#endif
