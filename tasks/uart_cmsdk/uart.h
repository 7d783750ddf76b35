/* A serial line, by lines of text: what a client of the driver says, and how.
 *
 *   uart_write(UART1, "ready\n", K5_FOREVER);              a line goes out whole, with no other in
 * it uart_read(UART1, line, sizeof line, k5_after(K5_S(9)));  a line that came in, without its end
 *
 * Below that a line travels in pieces of at most 16 bytes, one call each:
 *
 *   label    15   14    12:8    3:0            words 0..3: the bytes, the first one lowest
 *   call      -  FIRST  count   WRITE or READ
 *   answer    -  MORE   count   UART_OK or why not
 *
 * FIRST begins a line: of what was written of one before nothing goes out, and what was left of one
 * that was being read is dropped. An answer with MORE says that the line goes on.
 */
#ifndef UART_H
#define UART_H

#include <k5/k5.h>

#define UART_PIECE 16u /* bytes in a message */
#define UART_LINE  80u /* of a line; a longer one is divided */

enum uart_operation { UART_WRITE = 1, UART_READ };
enum uart_answer {
    UART_OK,
    UART_BAD,   /* no such operation, or a line that was not begun */
    UART_TAKEN, /* somebody else began to wait for a line: there is one reader at a time */
    UART_BUSY   /* too many clients are in the middle of a line */
};

#define UART_FIRST          0x4000u
#define UART_MORE           0x4000u
#define UART_LABEL(what, n) ((uint16_t)((what) | (n) << 8))
#define UART_WHAT(label)    ((label)&0xFu)
#define UART_COUNT(label)   ((label) >> 8 & 0x1Fu)

static inline void uart_pack(struct k5_msg *m, const char *bytes, uint32_t count)
{
    for (uint32_t i = 0; i < K5_MSG_WORDS; i++) {
        m->w[i] = 0;
    }
    for (uint32_t i = 0; i < count; i++) {
        m->w[i / 4u] |= (uint32_t)(uint8_t)bytes[i] << (i % 4u * 8u);
    }
}

static inline char uart_byte(const struct k5_msg *m, uint32_t i)
{
    return (char)(m->w[i / 4u] >> (i % 4u * 8u) & 0xFFu);
}

/* Writes a text; a line of it goes out when its '\n' was written, or when it is UART_LINE long.
 * Blocks while the driver has no room, or until the deadline. K5_ERR_ARG: the driver refused;
 * else errors of k5_call. */
static inline k5_error uart_write(k5_endpoint uart, const char *text, k5_ticks deadline)
{
    uint32_t first = UART_FIRST;

    while (*text != '\0') {
        struct k5_msg m = {0};
        uint32_t n = 0;

        while (n < UART_PIECE && text[n] != '\0' && (n == 0 || text[n - 1u] != '\n')) {
            n++;
        }
        uart_pack(&m, text, n);
        m.label = (uint16_t)(UART_LABEL(UART_WRITE, n) | first);
        k5_error error = k5_call(uart, &m, deadline);
        if (error != K5_OK) {
            return error;
        }
        if (UART_WHAT(m.label) != UART_OK) {
            return K5_ERR_ARG;
        }
        first = 0;
        text += n;
    }
    return K5_OK;
}

/* Reads one line into `line`, `size` bytes with the 0 at its end; what does not fit is dropped.
 * Blocks until there is one, or until the deadline. K5_ERR_ARG: another task reads lines now; else
 * errors of k5_call. */
static inline k5_error uart_read(k5_endpoint uart, char *line, uint32_t size, k5_ticks deadline)
{
    struct k5_msg m = {.label = UART_LABEL(UART_READ, 0u) | UART_FIRST};
    uint32_t length = 0;

    for (;;) {
        k5_error error = k5_call(uart, &m, deadline);
        if (error != K5_OK) {
            return error;
        }
        if (UART_WHAT(m.label) != UART_OK) {
            return K5_ERR_ARG;
        }
        for (uint32_t i = 0; i < UART_COUNT(m.label) && i < UART_PIECE; i++) {
            if (length + 1u < size) {
                line[length++] = uart_byte(&m, i);
            }
        }
        if ((m.label & UART_MORE) == 0) {
            line[length] = '\0';
            return K5_OK;
        }
        m.label = UART_LABEL(UART_READ, 0u);
    }
}

#endif
