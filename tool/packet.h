/*
 * packet.h - packets of GDB's remote protocol as bytes: found in a stream, and made.
 *
 *   $BODY#cc   cc: sum of the body's bytes, two hex digits      + good, - send it again, 0x03 halt
 *
 * Both sides of the tool use it: the client (remote.h) and the proxy (proxy.h). Run-length encoding
 * and escapes are not undone: what goes through, goes through as it came.
 */
#ifndef K5_TOOL_PACKET_H
#define K5_TOOL_PACKET_H

#include "util.h"

#define PACKET_MAX 4096 /* bytes of a body; what QEMU takes and sends */

/* What a byte completed. */
enum packet_event {
    PACKET_NOTHING,
    PACKET_GOOD,     /* a body is in reader->body */
    PACKET_DAMAGED,  /* wrong sum, or longer than PACKET_MAX */
    PACKET_INTERRUPT /* 0x03 between packets */
};

/* Start from {0}. */
struct packet_reader {
    char body[PACKET_MAX + 1]; /* terminated; complete until the next byte is fed */
    size_t length;             /* of it; it may hold zeros */
    /* private */
    uint8_t state;
    uint8_t sum;
    uint8_t high;  /* first digit of the sum */
    bool too_long; /* for body */
};

/* True while a packet has begun and not ended. */
bool packet_inside(const struct packet_reader *reader);
/* Takes one byte; nothing between packets but 0x03 means anything. */
enum packet_event packet_feed(struct packet_reader *reader, uint8_t byte);
/* Appends "$BODY#cc". */
void packet_add(struct text *out, const char *body, size_t length);

/* The value of a hex digit; 16 if it is none. */
unsigned hex_digit(int c);
/* Reads the hex number at *at and moves *at behind it. False if there is no digit, or more than fit
 * in 32 bits. */
bool hex_number(const char **at, uint32_t *value);
/* Appends two digits for each byte. */
void hex_add(struct text *out, const void *bytes, size_t size);
/* Exactly `size` bytes from 2 * size digits. False, and bytes undefined, if one is no digit. */
bool hex_bytes(const char *digits, void *bytes, size_t size);

#endif
