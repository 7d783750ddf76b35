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

/* Decodes groups to frame->raw; the number of bytes, or 0 if damaged. */
static size_t groups_decode(const uint8_t *encoded, size_t length, struct frame *frame)
{
    size_t count = 0;
    size_t at = 0;
    while (at < length && count + 7 <= FRAME_RAW_MAX) {
        uint8_t marker = encoded[at];
        at++;
        if ((marker & K5_LOG_MARKER) == 0) {
            return 0;
        }
        for (unsigned i = 0; i < 7; i++) {
            bool zero = ((marker >> i) & 1) != 0;
            if (!zero && at == length) {
                return 0;
            }
            frame->raw[count] = zero ? 0 : encoded[at];
            at += !zero;
            count++;
        }
    }
    return at == length ? count : 0;
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
    size_t count = groups_decode(encoded, length - 1, frame);
    if (count == 0 || encoded[length - 1] != check_of(frame->raw, count)) {
        return false;
    }
    struct reader reader = {.at = frame->raw, .left = count};
    uint8_t head = read_u8(&reader);
    frame->task = head & K5_LOG_HEAD_TASK;
    frame->absolute = (head & K5_LOG_HEAD_ABSOLUTE) != 0;
    frame->time = read_varint(&reader);
    frame->drops = (head & K5_LOG_HEAD_DROPS) != 0 ? read_varint(&reader) : 0;
    frame->id = (uint32_t)(read_varint(&reader) & UINT32_MAX);
    frame->end = count;
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
