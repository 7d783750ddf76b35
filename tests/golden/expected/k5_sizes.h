/* The sizes of app "golden" for board mps2-an505 (release).
 * Made by the k5 tool from app.toml and board.toml: do not edit. */
#ifndef K5_SIZES_H
#define K5_SIZES_H

#define K5_TASKS 6
#define K5_ENDPOINTS 2
#define K5_SLOTS 10
#define K5_REGIONS 19
#define K5_TICK_HZ 20000000u
#define K5_CHECKS 0 /* 1: kernel_valid() after each entry */

#endif
