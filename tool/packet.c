/*
 * packet.c - packets of GDB's remote protocol; see packet.h.
 *
 *   outside --$--> body --#--> first digit --> second digit --> outside
 *                   ^  |
 *                   +--+ $: what came before was no packet, a new one begins
 */
#include "packet.h"

enum { OUTSIDE, BODY, SUM_HIGH, SUM_LOW };

#define INTERRUPT 0x03

bool packet_inside(const struct packet_reader *reader)
{
    return reader->state != OUTSIDE;
}

static void packet_begin(struct packet_reader *reader)
{
    reader->state = BODY;
    reader->length = 0;
    reader->sum = 0;
    reader->too_long = false;
    reader->body[0] = '\0';
}

static void body_take(struct packet_reader *reader, uint8_t byte)
{
    if (byte == '#') {
        reader->state = SUM_HIGH;
        return;
    }
    reader->sum = (uint8_t)(reader->sum + byte);
    if (reader->length == PACKET_MAX) {
        reader->too_long = true;
        return;
    }
    reader->body[reader->length++] = (char)byte;
    reader->body[reader->length] = '\0';
}

enum packet_event packet_feed(struct packet_reader *reader, uint8_t byte)
{
    if (byte == '$') {
        packet_begin(reader);
        return PACKET_NOTHING;
    }
    switch (reader->state) {
    case OUTSIDE: return byte == INTERRUPT ? PACKET_INTERRUPT : PACKET_NOTHING;
    case BODY: body_take(reader, byte); return PACKET_NOTHING;
    case SUM_HIGH:
        reader->high = byte;
        reader->state = SUM_LOW;
        return PACKET_NOTHING;
    default: break;
    }
    unsigned high = hex_digit(reader->high);
    unsigned low = hex_digit(byte);
    reader->state = OUTSIDE;
    return !reader->too_long && high < 16 && low < 16 && (high << 4 | low) == reader->sum
               ? PACKET_GOOD
               : PACKET_DAMAGED;
}

void packet_add(struct text *out, const char *body, size_t length)
{
    unsigned sum = 0;
    for (size_t i = 0; i < length; i++) {
        sum += (unsigned char)body[i];
    }
    text_add(out, "$");
    text_add_bytes(out, body, length);
    text_addf(out, "#%02x", sum & 0xFF);
}

/* ---- hex ---- */

unsigned hex_digit(int c)
{
    if (c >= '0' && c <= '9') {
        return (unsigned)(c - '0');
    }
    if (c >= 'A' && c <= 'F') {
        return (unsigned)(c - 'A' + 10);
    }
    return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : 16;
}

bool hex_number(const char **at, uint32_t *value)
{
    const char *start = *at;
    uint32_t number = 0;
    for (; hex_digit(**at) < 16; (*at)++) {
        if (number >> 28 != 0) {
            return false;
        }
        number = number << 4 | hex_digit(**at);
    }
    *value = number;
    return *at != start;
}

void hex_add(struct text *out, const void *bytes, size_t size)
{
    const uint8_t *byte = bytes;
    for (size_t i = 0; i < size; i++) {
        text_addf(out, "%02x", byte[i]);
    }
}

bool hex_bytes(const char *digits, void *bytes, size_t size)
{
    uint8_t *byte = bytes;
    for (size_t i = 0; i < size; i++) {
        unsigned high = hex_digit(digits[2 * i]);
        unsigned low = high > 15 ? 16 : hex_digit(digits[2 * i + 1]);
        if (low > 15) {
            return false;
        }
        byte[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}
