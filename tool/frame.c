/*
 * frame.c - splitting the wire into frames and taking a frame apart; see frame.h.
 */
#include "frame.h"

#include "k5_log_abi.h"

#include <string.h>

bool frame_split(struct frame_split *split, uint8_t byte)
{
    if (split->done) {
        split->done = false;
        split->length = 0;
    }
    if (byte != 0) {
        if (split->length < FRAME_ENCODED_MAX) {
            split->bytes[split->length] = byte;
        }
        split->length++;
        return false;
    }
    split->done = split->length > 0;
    return split->done;
}

/* A buffer that is filled from its end towards its start. */
struct backwards {
    uint8_t *bytes;
    size_t first; /* bytes[first ..] is filled */
    bool bad;
};

static void backwards_add(struct backwards *to, uint8_t byte)
{
    if (to->first == 0) {
        to->bad = true;
        return;
    }
    to->first--;
    to->bytes[to->first] = byte;
}

/* Moves the byte before encoded[*left] to the buffer. */
static void backwards_take(struct backwards *to, const uint8_t *encoded, size_t *left)
{
    if (*left == 0) {
        to->bad = true;
        return;
    }
    (*left)--;
    backwards_add(to, encoded[*left]);
}

/* One marker and the bytes it tells of. */
static void group_decode(struct backwards *to, const uint8_t *encoded, size_t *left)
{
    (*left)--;
    uint8_t marker = encoded[*left];
    if ((marker & 0x80) == 0) {
        for (int bit = 6; bit >= 0 && !to->bad; bit--) {
            if (((marker >> bit) & 1) != 0) {
                backwards_add(to, 0);
            } else {
                backwards_take(to, encoded, left);
            }
        }
        return;
    }
    if (marker != 0xFF) {
        backwards_add(to, 0);
    }
    for (int i = 0; i < (marker & 0x7F) + 7 && !to->bad; i++) {
        backwards_take(to, encoded, left);
    }
}

/* Decodes to frame->raw and drops the filling; the length, or 0 if damaged. */
static size_t bytes_decode(const uint8_t *encoded, size_t length, struct frame *frame)
{
    struct backwards to = {.bytes = frame->raw, .first = FRAME_RAW_MAX};
    size_t left = length;
    while (left > 0 && !to.bad) {
        group_decode(&to, encoded, &left);
    }
    if (to.bad) {
        return 0;
    }
    size_t count = FRAME_RAW_MAX - to.first;
    memmove(frame->raw, frame->raw + to.first, count);
    while (count > 0 && frame->raw[count - 1] == 0) {
        count--;
    }
    return count;
}

static uint8_t check_of(const uint8_t *bytes, size_t length)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < length; i++) {
        sum += bytes[i] * (uint32_t)(2 * i + 1);
    }
    sum &= 0xFF;
    return (uint8_t)(sum == 0 ? 1 : sum);
}

bool frame_decode(const uint8_t *encoded, size_t length, struct frame *frame)
{
    if (length == 0 || length > FRAME_ENCODED_MAX) {
        return false;
    }
    size_t count = bytes_decode(encoded, length, frame);
    if (count < 2 || frame->raw[count - 1] != check_of(frame->raw, count - 1)) {
        return false;
    }
    struct reader reader = {.at = frame->raw, .left = count - 1};
    uint8_t head = read_u8(&reader);
    frame->task = head & K5_LOG_HEAD_TASK;
    frame->absolute = (head & K5_LOG_HEAD_ABSOLUTE) != 0;
    frame->time = read_varint(&reader);
    frame->drops = (head & K5_LOG_HEAD_DROPS) != 0 ? read_varint(&reader) : 0;
    frame->id = (uint32_t)(read_varint(&reader) & UINT32_MAX);
    frame->end = count - 1;
    frame->first = frame->end - reader.left;
    return !reader.bad;
}

struct reader frame_arguments(const struct frame *frame)
{
    return (struct reader){.at = frame->raw + frame->first, .left = frame->end - frame->first};
}

const uint8_t *read_bytes(struct reader *reader, size_t length)
{
    const uint8_t *at = reader->at;
    if (reader->bad || length > reader->left) {
        reader->bad = true;
        return NULL;
    }
    reader->at += length;
    reader->left -= length;
    return at;
}

static uint64_t read_little(struct reader *reader, size_t length)
{
    const uint8_t *at = read_bytes(reader, length);
    uint64_t value = 0;
    for (size_t i = 0; at != NULL && i < length; i++) {
        value |= (uint64_t)at[i] << (8 * i);
    }
    return value;
}

uint8_t read_u8(struct reader *reader)
{
    return (uint8_t)read_little(reader, 1);
}

uint32_t read_u32(struct reader *reader)
{
    return (uint32_t)read_little(reader, 4);
}

uint64_t read_u64(struct reader *reader)
{
    return read_little(reader, 8);
}

uint64_t read_varint(struct reader *reader)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint8_t byte = read_u8(reader);
        value |= (uint64_t)(byte & 0x7F) << shift;
        if ((byte & 0x80) == 0) {
            return value;
        }
    }
    reader->bad = true;
    return value;
}
