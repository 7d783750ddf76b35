/*
 * remote.c - packets of GDB's remote protocol, and the few commands that the tool needs; remote.h.
 *
 *   we send   $COMMAND#cc     cc: sum of the bytes, two hex digits
 *   it sends  + $ANSWER#cc    and we send +, or - if the sum is wrong: it sends that again;
 *                             without + and - if it can do without (then a damaged one is lost)
 *
 * A stop reply ("T05...") comes whenever the target halts, also after connecting: it is taken note
 * of wherever it comes, and is never the answer to a command.
 */
#define _GNU_SOURCE
#include "remote.h"

#include "transport.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_BYTES 1024 /* of one `m`: the answer is twice as long */
#define INTERRUPT  0x03
#define PRINTS_S   60.0

/* The connection is of no more use. */
static bool give_up(struct remote *remote, const char *problem)
{
    if (remote->socket >= 0) {
        close(remote->socket);
        remote->socket = -1;
        remote->problem = problem;
    }
    return false;
}

static bool refuse(struct remote *remote, const char *problem)
{
    remote->problem = problem;
    return false;
}

/* ---- bytes ---- */

static bool bytes_send(struct remote *remote, const void *bytes, size_t length)
{
    if (remote->socket < 0) {
        return false;
    }
    ssize_t sent = send(remote->socket, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent == (ssize_t)length ||
           give_up(remote, "the GDB server does not take commands any more");
}

/* The next byte, or -1: none until `end_s`, or the connection is gone (then it is given up). */
static int byte_take(struct remote *remote, double end_s)
{
    while (remote->socket >= 0 && remote->input_at == remote->input_length) {
        double left = end_s - clock_seconds();
        struct pollfd ready = {.fd = remote->socket, .events = POLLIN};
        int events = poll(&ready, 1, left <= 0 ? 0 : (int)(left * 1000) + 1);
        if (events == 0) {
            return -1;
        }
        ssize_t got = events < 0 ? -1 : read(remote->socket, remote->input, sizeof remote->input);
        if (got <= 0 && !(got < 0 && errno == EINTR)) {
            (void)give_up(remote, "the GDB server has closed the connection");
            return -1;
        }
        remote->input_at = 0;
        remote->input_length = got < 0 ? 0 : (size_t)got;
    }
    return remote->socket < 0 ? -1 : remote->input[remote->input_at++];
}

/* ---- packets ---- */

static bool packet_send(struct remote *remote, const char *command)
{
    struct text packet = {0};
    packet_add(&packet, command, strlen(command));
    bool sent = packet.length < PACKET_MAX
                    ? bytes_send(remote, packet.data, packet.length)
                    : refuse(remote, "the GDB server cannot take so long a command");
    text_free(&packet);
    return sent;
}

/* The next good packet is then in remote->reader.body. False: none has begun until end_s, or one
 * that began did not end. */
static bool packet_take(struct remote *remote, double end_s)
{
    struct packet_reader *reader = &remote->reader;
    for (;;) {
        bool inside = packet_inside(reader);
        int c = byte_take(remote, inside ? end_s + remote->timeout_s : end_s);
        enum packet_event event = c < 0 ? PACKET_NOTHING : packet_feed(reader, (uint8_t)c);
        bool whole = event == PACKET_GOOD || event == PACKET_DAMAGED;
        const char *mark = event == PACKET_GOOD ? "+" : "-";
        if (c < 0 || (whole && !remote->silent && !bytes_send(remote, mark, 1))) {
            return false;
        }
        if (event == PACKET_GOOD) {
            return true;
        }
    }
}

/* A packet that says the target has halted or ended. */
static bool stop_noted(struct remote *remote)
{
    char kind = remote->reader.body[0];
    if (kind == 'W' || kind == 'X') {
        (void)give_up(remote, "the target has ended");
    }
    if (kind == 'T' || kind == 'S') {
        remote->stopped = true;
        memcpy(remote->stop, remote->reader.body, sizeof remote->stop - 1);
        return true;
    }
    return false;
}

/* A packet with what the server prints; "OK" is none. */
static bool console_noted(struct remote *remote)
{
    const struct packet_reader *reader = &remote->reader;
    if (reader->body[0] != 'O' || reader->body[1] == 'K') {
        return false;
    }
    if (remote->console != NULL) {
        packet_add(remote->console, reader->body, reader->length);
    }
    return true;
}

bool remote_command(struct remote *remote, const char *command)
{
    double last_s = clock_seconds() + PRINTS_S;
    double end_s = clock_seconds() + remote->timeout_s;
    if (!packet_send(remote, command)) {
        return false;
    }
    for (bool printed = true; printed || stop_noted(remote);) {
        if (!packet_take(remote, end_s < last_s ? end_s : last_s)) {
            return give_up(remote, "the GDB server does not answer");
        }
        printed = console_noted(remote);
        end_s = printed ? clock_seconds() + remote->timeout_s : end_s; /* it is at work */
    }
    if (remote->socket < 0) {
        return false;
    }
    bool error = remote->reader.length == 3 && remote->reader.body[0] == 'E';
    return !error || refuse(remote, "the GDB server refused a command");
}

static bool command_ok(struct remote *remote, const char *command)
{
    return remote_command(remote, command) &&
           (strcmp(remote->reader.body, "OK") == 0 ||
            refuse(remote, "the GDB server does not know a command"));
}

/* ---- connection ---- */

bool remote_connect(struct remote *remote, const char *address, double timeout_s)
{
    memset(remote, 0, sizeof *remote);
    remote->timeout_s = timeout_s;
    remote->stopped = true;
    remote->socket = transport_connect(address);
    if (remote->socket < 0) {
        return refuse(remote, errno == ENAMETOOLONG
                                  ? "the GDB server has a socket with too long a name"
                                  : "the GDB server takes no connection");
    }
    if (!remote_command(remote, "qSupported")) { /* it answers when it has halted the target */
        return false;
    }
    bool may = strstr(remote->reader.body, "QStartNoAckMode+") != NULL;
    remote->silent = may && command_ok(remote, "QStartNoAckMode");
    return remote->socket >= 0;
}

void remote_close(struct remote *remote)
{
    (void)give_up(remote, "the connection was closed");
}

/* ---- reading ---- */

/* Exactly `size` bytes from the hex digits of the packet. */
static bool bytes_decode(struct remote *remote, uint8_t *bytes, size_t size)
{
    if (remote->reader.length < 2 * size) {
        return refuse(remote, "the GDB server answered too little");
    }
    return hex_bytes(remote->reader.body, bytes, size) ||
           refuse(remote, "the GDB server answered nonsense");
}

bool remote_read(struct remote *remote, uint32_t address, void *bytes, size_t size)
{
    uint8_t *at = bytes;
    while (size > 0) {
        char command[32];
        size_t part = size < READ_BYTES ? size : READ_BYTES;
        (void)snprintf(command, sizeof command, "m%x,%zx", (unsigned)address, part);
        if (!remote_command(remote, command) || !bytes_decode(remote, at, part)) {
            return false;
        }
        at += part;
        address += (uint32_t)part;
        size -= part;
    }
    return true;
}

bool remote_physical(struct remote *remote, bool on)
{
    return command_ok(remote, on ? "Qqemu.PhyMemMode:1" : "Qqemu.PhyMemMode:0");
}

bool remote_registers(struct remote *remote, uint32_t reg[REMOTE_REGISTERS])
{
    uint8_t bytes[4 * REMOTE_REGISTERS];
    if (!remote_command(remote, "g") || !bytes_decode(remote, bytes, sizeof bytes)) {
        return false;
    }
    for (size_t i = 0; i < REMOTE_REGISTERS; i++) {
        const uint8_t *b = &bytes[4 * i];
        reg[i] = b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
    }
    return true;
}

/* ---- running ---- */

bool remote_breakpoint(struct remote *remote, uint32_t address, bool set)
{
    char command[32];
    (void)snprintf(command, sizeof command, "%c1,%x,2", set ? 'Z' : 'z', (unsigned)address);
    return command_ok(remote, command);
}

bool remote_continue(struct remote *remote)
{
    remote->stopped = !packet_send(remote, "c");
    return !remote->stopped;
}

bool remote_wait(struct remote *remote, double seconds)
{
    double end_s = clock_seconds() + seconds;
    while (!remote->stopped && packet_take(remote, end_s)) {
        (void)stop_noted(remote);
    }
    return remote->stopped && remote->socket >= 0;
}

bool remote_halt(struct remote *remote)
{
    const uint8_t interrupt = INTERRUPT;
    if (remote->stopped) {
        return remote->socket >= 0;
    }
    return bytes_send(remote, &interrupt, 1) && (remote_wait(remote, remote->timeout_s) ||
                                                 give_up(remote, "the GDB server does not halt"));
}

bool remote_step(struct remote *remote)
{
    remote->stopped = !packet_send(remote, "s");
    return !remote->stopped && (remote_wait(remote, remote->timeout_s) ||
                                give_up(remote, "the GDB server does not halt"));
}
