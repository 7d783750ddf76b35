/* The log's state, here so that tests and proofs can see it. The ring itself lies in memory that
 * the drain task writes; nothing here is ever read back from it. */
#ifndef KERNEL_LOG_H
#define KERNEL_LOG_H

#include "abi/k5_log_abi.h"
#include "kernel/config.h"

#define LOG_ACCOUNTS (K5_TASKS + 1u) /* one for each task, the last for the kernel's own frames */
#define LOG_KERNEL   K5_TASKS

/* Longest frame before encoding: head, time, drops, id, the longest arguments. */
#define LOG_FAULT_BYTES  (7u + 4u * K5_LOG_FAULT_REG_COUNT)
#define LOG_RAW_MAX      (1u + 10u + 5u + 2u + K5_LOG_BYTES)
#define LOG_GROUP        7u
#define LOG_GROUPS_MAX   ((LOG_RAW_MAX + LOG_GROUP - 1u) / LOG_GROUP)
#define LOG_ENCODED(raw) ((raw) + (raw) / LOG_GROUP + 3u) /* at most: markers, check, end */
#define LOG_CHARGE_MIN   8u /* what a frame is charged at least: a share of the list of frames */
#define LOG_FRAMES       (K5_LOG_RING_SIZE / LOG_CHARGE_MIN)

struct log {
    /* the ring */
    bool ready;     /* laid out */
    uint32_t write; /* offset of the next byte to write */
    uint32_t read;  /* offset of the oldest frame not known to be read */
    /* the frames in it, oldest first: a second ring */
    uint32_t first;
    uint32_t count;
    uint8_t owner[LOG_FRAMES];  /* account */
    uint8_t length[LOG_FRAMES]; /* bytes, the end included */
    /* accounts */
    uint32_t held[LOG_ACCOUNTS];    /* sum of the charges of its frames in the ring */
    uint32_t drops[LOG_ACCOUNTS];   /* frames without room since its last frame; stops at the top */
    uint32_t dropped[LOG_ACCOUNTS]; /* the same since boot; stops at the top */
    /* time */
    ktime last;              /* of the frame before */
    uint32_t until_absolute; /* frames until one carries absolute time */
    /* the frame being built; of no meaning between entries */
    uint32_t raw_length;
    uint8_t raw[LOG_GROUP * LOG_GROUPS_MAX + LOG_GROUP];
};
extern struct log log_state;

extern const uint32_t k5_build_id[2]; /* made by the tool: which image this is */

/* Offsets and counts are in range; the accounts' sums are what the frames say. */
bool log_valid(void);

#endif
