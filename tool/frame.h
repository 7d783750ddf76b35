/*
 * frame.h - from the bytes of the log's wire to frames: splitting, groups, check byte, fields.
 *
 *   ..bytes 00 bytes 00.. --frame_split--> encoded --frame_decode--> task, time, id, arguments
 *
 * abi/k5_log_abi.h says what the bytes mean. Nothing here trusts them: whatever comes in, these
 * functions end, stay in their arrays and say "damaged".
 */
#ifndef K5_TOOL_FRAME_H
#define K5_TOOL_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME_ENCODED_MAX 256 /* longer ones are damaged: the kernel's longest is about 100 */
#define FRAME_RAW_MAX     512

/* A frame's bytes as they come in. Start from {0}. */
struct frame_split {
    uint8_t bytes[FRAME_ENCODED_MAX];
    size_t length; /* may count on beyond the array: then the frame is damaged */
    bool done;     /* the last byte ended a frame */
};
/* Takes one byte. True if it ended a frame: bytes[0 .. length-1], at least one. */
bool frame_split(struct frame_split *split, uint8_t byte);

struct frame {
    uint8_t task;   /* task number or K5_TASK_KERNEL */
    bool absolute;  /* time counts from boot, else from the frame before */
    uint64_t time;  /* ticks */
    uint64_t drops; /* frames of this task that were dropped just before; mostly 0 */
    uint32_t id;    /* site number or K5_LOG_KERNEL_* */
    size_t first;   /* arguments: raw[first .. end-1]; up to 6 zeros may follow them */
    size_t end;
    uint8_t raw[FRAME_RAW_MAX];
};
/* False if the frame is damaged. */
bool frame_decode(const uint8_t *encoded, size_t length, struct frame *frame);

/* Reads fields one after the other. A read past the end gives 0 and sets `bad`. */
struct reader {
    const uint8_t *at;
    size_t left;
    bool bad;
};
struct reader frame_arguments(const struct frame *frame);
uint8_t read_u8(struct reader *reader);
uint32_t read_u32(struct reader *reader);
uint64_t read_u64(struct reader *reader);
uint64_t read_varint(struct reader *reader);
/* The next `length` bytes, or NULL. */
const uint8_t *read_bytes(struct reader *reader, size_t length);

#endif
