/* The driver of a CMSDK UART: lines in and lines out, by interrupts alone.
 *
 *   receive:   RX interrupt -> edit (one line) -> queue of whole lines -> a client's uart_read
 *   transmit:  a client's uart_write -> its own line -> ring -> data register, TX interrupt -> ...
 *
 * In app.toml: use = "uart_cmsdk", uses = ["uart1"], serves = "uart1"; clients: calls = ["uart1"]
 * and #include "tasks/uart_cmsdk/uart.h". Another UART: define = { UART = "UART2" } and its name in
 * uses and serves. Others: UART_BAUD (115200), UART_ECHO (0: what is typed is not sent back).
 *
 * Nothing here polls, and nothing waits: a call that cannot be answered yet is answered later. When
 * this task is restarted, what stood in its buffers is lost, and the calls it had taken end with
 * K5_ERR_PEER_DIED.
 */
#include "uart.h"

#include "app.h"

#include <k5/k5.h>

#ifndef UART
#define UART UART1
#endif
#ifndef UART_BAUD
#define UART_BAUD 115200
#endif
#ifndef UART_ECHO
#define UART_ECHO 0
#endif
#define JOIN(a, b)   JOINED(a, b)
#define JOINED(a, b) a##b
#define SERVE        JOIN(UART, _SERVE)
#define RX_IRQ       JOIN(UART, _RX_IRQ)
#define TX_IRQ       JOIN(UART, _TX_IRQ)
#define RX_BITS      JOIN(UART, _RX_BITS)
#define TX_BITS      JOIN(UART, _TX_BITS)

struct uart {
    volatile uint32_t data;
    volatile uint32_t state; /* bit 0: transmitter full, 1: a byte was received, 3: one was lost */
    volatile uint32_t control;   /* bits 0, 1: transmitter, receiver on; 2, 3: their interrupts */
    volatile uint32_t interrupt; /* bits 0, 1: transmitter, receiver; written: cleared */
    volatile uint32_t divider;   /* of the clock, at least 16 */
};
#define STATE_FULL     0x1u
#define STATE_RECEIVED 0x2u
#define STATE_LOST     0x8u
#define CONTROL_ALL    0xFu
#define INTERRUPT_TX   0x1u
#define INTERRUPT_RX   0x2u

static struct uart *const uart = (struct uart *)JOIN(UART, _BASE);

/* ---- transmit ------------------------------------------------------------------------------- */

#define RING    256u /* a power of two */
#define CLIENTS 4u   /* that can be in the middle of a line at the same time */

static char ring[RING];
static uint32_t ring_in, ring_out; /* count for ever; the difference is what is in it */

/* A line that a client is writing; it goes into the ring when it is whole. */
static struct client {
    uint32_t badge; /* 0: nobody's */
    uint32_t token; /* of the call that waits for room in the ring; 0: none */
    uint32_t length;
    char line[UART_LINE + UART_PIECE];
} clients[CLIENTS];

static uint32_t ring_room(void)
{
    return RING - (ring_in - ring_out);
}

static void ring_put(char byte)
{
    ring[ring_in++ % RING] = byte;
}

/* As much as the transmitter takes now. */
static void transmit(void)
{
    while (ring_in != ring_out && (uart->state & STATE_FULL) == 0) {
        uart->data = (uint8_t)ring[ring_out++ % RING];
    }
}

static void answer(uint32_t token, uint16_t label)
{
    struct k5_msg m = {.label = label, .token = token};

    /* a client that has gone needs no answer */
    if (k5_reply(&m) != K5_OK) {
        K5_DEBUG("a writer has gone");
    }
}

/* Moves a whole line into the ring, if there is room, and answers who waited for that. */
static void client_flush(struct client *client)
{
    if (client->token == 0 || ring_room() < client->length) {
        return;
    }
    for (uint32_t i = 0; i < client->length; i++) {
        ring_put(client->line[i]);
    }
    client->length = 0;
    answer(client->token, UART_OK);
    client->token = 0;
}

static void transmitted(void)
{
    uart->interrupt = INTERRUPT_TX;
    transmit();
    for (uint32_t i = 0; i < CLIENTS; i++) {
        client_flush(&clients[i]);
    }
    transmit();
}

/* The client's place, or a free one, or one whose line is finished. */
static struct client *client_find(uint32_t badge)
{
    struct client *found = NULL;

    for (uint32_t i = 0; i < CLIENTS; i++) {
        if (clients[i].badge == badge) {
            return &clients[i];
        }
        if (clients[i].length == 0) {
            found = &clients[i];
        }
    }
    return found;
}

static void piece_write(const struct k5_msg *m)
{
    struct client *client = client_find(m->badge);
    uint32_t count = UART_COUNT(m->label);

    if (client == NULL || count == 0 || count > UART_PIECE) {
        answer(m->token, client == NULL ? UART_BUSY : UART_BAD);
        return;
    }
    if (client->badge != m->badge || (m->label & UART_FIRST) != 0) {
        client->badge = m->badge;
        client->length = 0;
        client->token = 0; /* of a life that is over */
    }
    for (uint32_t i = 0; i < count; i++) {
        client->line[client->length++] = uart_byte(m, i);
    }
    if (client->line[client->length - 1u] != '\n' && client->length < UART_LINE) {
        answer(m->token, UART_OK);
        return;
    }
    client->token = m->token;
    client_flush(client);
    transmit();
}

/* ---- receive -------------------------------------------------------------------------------- */

#define QUEUE 256u /* a power of two */

static char edit[UART_LINE]; /* the line that is being typed */
static uint32_t edit_length;
static bool edit_return; /* the last byte was '\r': a '\n' after it ends no second line */

static char queue[QUEUE]; /* whole lines, each with a '\n' at its end */
static uint32_t queue_in, queue_out;
static uint32_t queue_lines;

static struct {
    uint32_t token; /* of the call that waits for a line; 0: none */
    uint32_t badge; /* who has the line below */
    char line[UART_LINE];
    uint32_t length;
    uint32_t at; /* what was given out of it */
    bool loaded; /* there is one, from `at` on */
} reader;

/* A line that nobody has room for is lost whole, and that is said. */
static void line_end(void)
{
    if (QUEUE - (queue_in - queue_out) < edit_length + 1u) {
        K5_WARN("a line of {} bytes was lost: nobody reads", edit_length);
    } else {
        for (uint32_t i = 0; i < edit_length; i++) {
            queue[queue_in++ % QUEUE] = edit[i];
        }
        queue[queue_in++ % QUEUE] = '\n';
        queue_lines++;
    }
    edit_length = 0;
}

static void byte_take(char byte)
{
    bool second = edit_return && byte == '\n';

    edit_return = byte == '\r';
    if (second) {
        return;
    }
    if (byte == '\n' || byte == '\r') {
        line_end();
        return;
    }
    if (byte == '\b' || byte == 0x7F) {
        edit_length -= edit_length > 0 ? 1u : 0u;
        return;
    }
    if (byte < ' ') {
        return;
    }
    edit[edit_length++] = byte;
    if (edit_length == UART_LINE) {
        line_end();
    }
}

/* The next piece of the reader's line. A reader that has gone leaves the line to the next one. */
static void piece_answer(uint32_t token)
{
    uint32_t left = reader.length - reader.at;
    uint32_t count = left < UART_PIECE ? left : UART_PIECE;
    struct k5_msg m = {.token = token};

    uart_pack(&m, &reader.line[reader.at], count);
    m.label = (uint16_t)(UART_LABEL(UART_OK, count) | (count < left ? UART_MORE : 0u));
    if (k5_reply(&m) != K5_OK) {
        reader.at = 0;
        reader.badge = 0;
        return;
    }
    reader.at += count;
    reader.loaded = count < left;
}

/* If somebody waits for a line and there is one, it goes there. */
static void reader_serve(void)
{
    if (reader.token == 0 || (!reader.loaded && queue_lines == 0)) {
        return;
    }
    if (!reader.loaded) {
        reader.length = 0;
        for (char byte = queue[queue_out++ % QUEUE]; byte != '\n';
             byte = queue[queue_out++ % QUEUE]) {
            reader.line[reader.length++] = byte;
        }
        queue_lines--;
        reader.loaded = true;
        reader.at = 0;
    }
    uint32_t token = reader.token;

    reader.token = 0;
    piece_answer(token);
}

static void piece_read(const struct k5_msg *m)
{
    if ((m->label & UART_FIRST) == 0) {
        if (reader.badge == m->badge && reader.loaded) {
            piece_answer(m->token);
        } else {
            answer(m->token, UART_BAD);
        }
        return;
    }
    if (reader.token != 0) {
        answer(reader.token, UART_TAKEN);
    }
    if (reader.badge != 0) {
        reader.loaded = false; /* what its reader did not ask for */
    }
    reader.badge = m->badge;
    reader.token = m->token;
    reader_serve();
}

static void received(void)
{
    uart->interrupt = INTERRUPT_RX;
    while ((uart->state & STATE_RECEIVED) != 0) {
        char byte = (char)uart->data;

        if (UART_ECHO && ring_room() > 0) {
            ring_put(byte);
        }
        byte_take(byte);
    }
    if ((uart->state & STATE_LOST) != 0) {
        uart->state = STATE_LOST;
        K5_WARN("the line is too fast: bytes were lost");
    }
    reader_serve();
    transmit();
}

/* ---- the loop ------------------------------------------------------------------------------- */

static void request(const struct k5_msg *m)
{
    switch (UART_WHAT(m->label)) {
    case UART_WRITE: piece_write(m); break;
    case UART_READ: piece_read(m); break;
    default: answer(m->token, UART_BAD); break;
    }
}

/* The device was served: its line may speak again. */
static void acknowledge(k5_irq irq)
{
    k5_error error = k5_irq_ack(irq);
    K5_ASSERT(error == K5_OK);
}

int main(void)
{
    struct k5_msg m;

    uart->control = 0;
    uart->divider = K5_TICK_HZ / UART_BAUD;
    uart->interrupt = INTERRUPT_TX | INTERRUPT_RX;
    uart->control = CONTROL_ALL;
    acknowledge(RX_IRQ);
    acknowledge(TX_IRQ);
    received(); /* a byte that came before says nothing any more, and keeps others out */
    for (;;) {
        k5_error error = k5_recv(SERVE, &m, RX_BITS | TX_BITS, K5_FOREVER);
        K5_ASSERT(error == K5_OK);
        if ((m.bits & RX_BITS) != 0) {
            received();
            acknowledge(RX_IRQ);
        }
        if ((m.bits & TX_BITS) != 0) {
            transmitted();
            acknowledge(TX_IRQ);
        }
        if ((m.flags & K5_FLAG_MESSAGE) != 0) {
            request(&m);
        }
    }
}
