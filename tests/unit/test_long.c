/* Long messages: docs/adr/0014-long-messages.md. Memory is that of arch/host: a byte that nobody
 * wrote is the low byte of its address. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"

#define RAM(task)   (0x28200000u + (task)*0x1000u)
#define CODE(task)  (0x00200000u + (task)*0x1000u)
#define END(task)   (RAM(task) + 0x1000u)
#define INBOX(task) (RAM(task) + 0x800u)
#define LONG(call)  (K5_SYS_##call | K5_OP_LONG)

/* A long message or answer as the running task. */
#define AS_LONG(task, call, ...) ask_as((task), LONG(call), (struct ask){__VA_ARGS__})

static uint8_t before[HOST_MEMORY];

static int setup(void **state)
{
    (void)state;
    memset(host_memory, 0, sizeof host_memory);
    boot();
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu);
    AS(OTHER, RECV);
    AS(SERVER, IPC_SETUP, .w0 = INBOX(SERVER), .w1 = K5_BUFFER_MAX);
    assert_int_equal(error_of(SERVER), K5_OK);
    AS(SERVER, RECV, .aux = 0x1);
    AS(GAMMA, IPC_SETUP, .w0 = INBOX(GAMMA), .w1 = 100);
    assert_int_equal(error_of(GAMMA), K5_OK);
    return 0;
}

static void remember(void)
{
    memcpy(before, host_memory, sizeof before);
}

/* Exactly `n` bytes at `target` are those that were at `source`; all other memory is as it was. */
static void assert_copied(uint32_t source, uint32_t target, uint32_t n)
{
    uint8_t bytes[K5_BUFFER_MAX];

    for (uint32_t i = 0; i < n; i++) {
        assert_int_equal(host_byte(target + i), host_byte(source + i));
        bytes[i] = host_byte(target + i);
    }
    uint8_t after[HOST_MEMORY];
    memcpy(after, host_memory, sizeof after);
    memcpy(host_memory, before, sizeof before);
    for (uint32_t i = 0; i < n; i++) {
        host_byte_set(target + i, bytes[i]);
    }
    assert_memory_equal(host_memory, after, sizeof after);
}

static void assert_nothing_copied(void)
{
    assert_memory_equal(host_memory, before, sizeof before);
    assert_int_equal(host.copies, 0);
}

/* ---- what arrives ------------------------------------------------------------------------------
 */

static void a_call_brings_its_buffer(void **state)
{
    (void)state;
    remember();
    AS_LONG(GAMMA, CALL, .label = 0xABCD, .w0 = 1, .w1 = 2, .w2 = RAM(GAMMA) + 3, .w3 = 77);
    assert_int_equal(k.current, SERVER);
    assert_int_equal(host.arg[SERVER][K5_A_OP],
                     0xABCD0000u | (uint32_t)(K5_FLAG_MESSAGE | K5_FLAG_LONG) << 8);
    assert_int_equal(word_of(SERVER, 0), 1);
    assert_int_equal(word_of(SERVER, 1), 2);
    assert_int_equal(word_of(SERVER, 2), INBOX(SERVER));
    assert_int_equal(word_of(SERVER, 3), 77);
    assert_int_equal(badge_of(SERVER), 0x30);
    assert_copied(RAM(GAMMA) + 3, INBOX(SERVER), 77);
}

static void each_length_arrives(void **state)
{
    (void)state;
    for (uint32_t n = 1; n <= K5_BUFFER_MAX; n++) {
        setup(NULL);
        remember();
        AS_LONG(GAMMA, SEND, .w2 = RAM(GAMMA) + n, .w3 = n);
        assert_int_equal(word_of(SERVER, 2), INBOX(SERVER));
        assert_int_equal(word_of(SERVER, 3), n);
        assert_copied(RAM(GAMMA) + n, INBOX(SERVER), n);
    }
}

/* What fits is copied, the true length is told. */
static void a_small_buffer_gets_what_fits(void **state)
{
    (void)state;
    for (uint32_t size = 1; size < 12; size++) {
        setup(NULL);
        AS_LONG(GAMMA, SEND, .w2 = RAM(GAMMA), .w3 = 1); /* SERVER runs */
        AS(SERVER, IPC_SETUP, .w0 = END(SERVER) - size, .w1 = size);
        assert_int_equal(error_of(SERVER), K5_OK);
        AS(SERVER, RECV);
        remember();
        AS_LONG(GAMMA, SEND, .w2 = RAM(GAMMA), .w3 = 11);
        assert_int_equal(word_of(SERVER, 2), END(SERVER) - size);
        assert_int_equal(word_of(SERVER, 3), 11);
        assert_copied(RAM(GAMMA), END(SERVER) - size, size < 11 ? size : 11);
    }
}

static void without_a_buffer_the_length_comes(void **state)
{
    (void)state;
    remember();
    AS_LONG(GAMMA, CALL, .slot = 1, .label = 5, .w0 = 9, .w2 = RAM(GAMMA), .w3 = 200);
    assert_int_equal(k.current, OTHER);
    assert_int_equal(flags_of(OTHER), K5_FLAG_MESSAGE | K5_FLAG_LONG);
    assert_int_equal(word_of(OTHER, 0), 9);
    assert_int_equal(word_of(OTHER, 2), 0);
    assert_int_equal(word_of(OTHER, 3), 200);
    assert_nothing_copied();
}

/* A long message without bytes: its third word is one. */
static void length_0_is_three_words(void **state)
{
    (void)state;
    remember();
    AS_LONG(GAMMA, CALL, .w0 = 1, .w1 = 2, .w2 = 0xFFFFFFFFu, .w3 = 0);
    assert_int_equal(k.current, SERVER);
    assert_int_equal(flags_of(SERVER), K5_FLAG_MESSAGE | K5_FLAG_LONG);
    assert_int_equal(word_of(SERVER, 2), 0xFFFFFFFFu);
    assert_int_equal(word_of(SERVER, 3), 0);
    assert_nothing_copied();
}

static void a_short_message_leaves_the_buffer_alone(void **state)
{
    (void)state;
    remember();
    AS(GAMMA, CALL, .w0 = 1, .w2 = RAM(GAMMA), .w3 = 50);
    assert_int_equal(flags_of(SERVER), K5_FLAG_MESSAGE);
    assert_int_equal(word_of(SERVER, 2), RAM(GAMMA));
    assert_int_equal(word_of(SERVER, 3), 50);
    assert_nothing_copied();
}

static void queued_messages_are_copied_when_taken(void **state)
{
    (void)state;
    AS(GAMMA, SEND); /* SERVER runs, does not receive */
    AS(SERVER, WAIT, .deadline = 5000);
    AS_LONG(GAMMA, CALL, .w2 = RAM(GAMMA), .w3 = 10);
    AS_LONG(BETA, SEND, .w2 = CODE(BETA) + 1, .w3 = 20); /* code may be read */
    assert_int_equal(host.copies, 0);
    tick(5000);
    host_byte_set(RAM(GAMMA), 0x5A); /* as somebody who shares it could: what is there now comes */
    remember();
    AS(SERVER, RECV);
    assert_copied(RAM(GAMMA), INBOX(SERVER), 10);
    assert_int_equal(host_byte(INBOX(SERVER)), 0x5A);
    assert_int_equal(flags_of(SERVER), K5_FLAG_MESSAGE | K5_FLAG_LONG);
    remember();
    AS(SERVER, RECV);
    assert_int_equal(badge_of(SERVER), 0x20);
    assert_copied(CODE(BETA) + 1, INBOX(SERVER), 20);
    assert_int_equal(error_of(BETA), K5_OK);
    AS(SERVER, RECV);
    assert_int_equal(k.task.state[SERVER], K5_TASK_RECEIVING);
}

/* ---- answers -----------------------------------------------------------------------------------
 */

static void an_answer_brings_its_buffer(void **state)
{
    (void)state;
    AS(GAMMA, CALL, .label = 7);
    uint32_t token = aux_of(SERVER);
    remember();
    AS_LONG(SERVER, REPLY, .label = 0x1234, .aux = token, .w0 = 1, .w2 = RAM(SERVER), .w3 = 120);
    assert_int_equal(error_of(SERVER), K5_OK);
    assert_int_equal(flags_of(SERVER), 0);
    assert_copied(RAM(SERVER), INBOX(GAMMA), 100); /* its size */
    AS(SERVER, RECV);
    assert_int_equal(host.arg[GAMMA][K5_A_OP], 0x12340000u | (uint32_t)K5_FLAG_LONG << 8);
    assert_int_equal(word_of(GAMMA, 0), 1);
    assert_int_equal(word_of(GAMMA, 2), INBOX(GAMMA));
    assert_int_equal(word_of(GAMMA, 3), 120);
}

/* The answer leaves the server's buffer before the next message comes into it. */
static void one_buffer_serves_for_both_ways(void **state)
{
    (void)state;
    AS_LONG(GAMMA, CALL, .w2 = RAM(GAMMA), .w3 = 40);
    uint32_t token = aux_of(SERVER);
    AS(SERVER, WAIT, .deadline = 5000);
    AS_LONG(BETA, CALL, .w2 = CODE(BETA) + 5, .w3 = 30);
    tick(5000);
    AS_LONG(SERVER, REPLY_RECV, .aux = token, .w2 = INBOX(SERVER), .w3 = 40);
    for (uint32_t i = 0; i < 40; i++) {
        assert_int_equal(host_byte(INBOX(GAMMA) + i), host_byte(RAM(GAMMA) + i));
    }
    for (uint32_t i = 0; i < 30; i++) {
        assert_int_equal(host_byte(INBOX(SERVER) + i), host_byte(CODE(BETA) + 5 + i));
    }
    assert_int_equal(word_of(SERVER, 3), 30);
    assert_int_equal(flags_of(SERVER), K5_FLAG_MESSAGE | K5_FLAG_LONG);
}

/* ---- refused at the call -----------------------------------------------------------------------
 */

static void each_bad_descriptor_is_refused(void **state)
{
    (void)state;
    static const uint32_t bad[] = {257,     511,         0x200,    0x8101,      0x81FF,     0x7E00,
                                   0x10000, 0xFFFF0000u, 1u << 31, 0xFFFFFFFFu, 0x80000040u};

    remember();
    for (uint32_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        AS_LONG(GAMMA, CALL, .w0 = 4, .w2 = RAM(GAMMA), .w3 = bad[i]);
        assert_int_equal(host.arg[GAMMA][K5_A_OP], K5_ERR_ARG);
        assert_int_equal(word_of(GAMMA, 0), 4);
        assert_int_equal(word_of(GAMMA, 3), bad[i]);
        AS_LONG(GAMMA, SEND, .w2 = RAM(GAMMA), .w3 = bad[i]);
        assert_int_equal(host.arg[GAMMA][K5_A_OP], K5_ERR_ARG);
    }
    assert_nothing_copied();
    assert_int_equal(k.task.state[SERVER], K5_TASK_RECEIVING);
}

struct range {
    uint32_t address, length;
};

static const struct range not_gammas[] = {
    {RAM(BETA), 1},
    {END(GAMMA) - 1, 2},
    {END(GAMMA) - 255, 256},
    {END(GAMMA), 1},
    {RAM(GAMMA) - 1, 2},
    {CODE(GAMMA) + 0xFFF, 2},
    {0, 16},
    {0xFFFFFFFFu, 2},
    {0xFFFFFFF0u, 32},
    {0u - 1u, 256},
    {RAM(SERVER) + 16, 256},
    {CODE(SERVER), 4},
    {0x38000800u, 4},
    {0x40000000u, 4},
    {RAM(GAMMA) ^ 0x10000000u, 4},
    {CODE(GAMMA) - 256, 256},
};

static void each_bad_source_is_refused(void **state)
{
    (void)state;
    remember();
    for (uint32_t i = 0; i < sizeof not_gammas / sizeof not_gammas[0]; i++) {
        AS_LONG(GAMMA, CALL, .w2 = not_gammas[i].address, .w3 = not_gammas[i].length);
        assert_int_equal(host.arg[GAMMA][K5_A_OP], K5_ERR_BAD_BUFFER);
        AS_LONG(GAMMA, SEND, .w2 = not_gammas[i].address, .w3 = not_gammas[i].length);
        assert_int_equal(host.arg[GAMMA][K5_A_OP], K5_ERR_BAD_BUFFER);
    }
    assert_nothing_copied();
    assert_int_equal(k.task.state[SERVER], K5_TASK_RECEIVING);
}

static void each_bad_inbox_is_refused(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < sizeof not_gammas / sizeof not_gammas[0]; i++) {
        AS(GAMMA, IPC_SETUP, .aux = 5, .w0 = not_gammas[i].address, .w1 = not_gammas[i].length);
        assert_int_equal(error_of(GAMMA), K5_ERR_BAD_BUFFER);
    }
    AS(GAMMA, IPC_SETUP, .w0 = CODE(GAMMA), .w1 = 16); /* not to be written */
    assert_int_equal(error_of(GAMMA), K5_ERR_BAD_BUFFER);
    AS(GAMMA, IPC_SETUP, .w0 = RAM(GAMMA), .w1 = 257);
    assert_int_equal(error_of(GAMMA), K5_ERR_ARG);
    AS(GAMMA, IPC_SETUP, .w0 = RAM(GAMMA), .w1 = 0);
    assert_int_equal(error_of(GAMMA), K5_ERR_ARG);
    AS(GAMMA, IPC_SETUP, .w0 = RAM(GAMMA), .w1 = 16, .w2 = 1);
    assert_int_equal(error_of(GAMMA), K5_ERR_ARG);
    AS(GAMMA, IPC_SETUP, .w0 = RAM(GAMMA), .w1 = 16, .w3 = 1);
    assert_int_equal(error_of(GAMMA), K5_ERR_ARG);
    assert_int_equal(k.task.buffer[GAMMA], INBOX(GAMMA)); /* as it was: nothing changed */
    assert_int_equal(k.task.buffer_size[GAMMA], 100);
    assert_int_equal(k.task.setup_mask[GAMMA], 0);
    AS(GAMMA, IPC_SETUP, .w0 = RAM(GAMMA) + 1, .w1 = 256); /* any alignment */
    assert_int_equal(error_of(GAMMA), K5_OK);
    AS(GAMMA, IPC_SETUP); /* none again */
    assert_int_equal(error_of(GAMMA), K5_OK);
    assert_int_equal(k.task.buffer_size[GAMMA], 0);
}

/* An inbox in a device's registers, or an outbox: ordinary memory only. */
static void a_device_is_no_buffer(void **state)
{
    (void)state;
    cfg.region_rights[2u * GAMMA + 1u] |= K5_MEM_DEVICE;
    AS_LONG(GAMMA, SEND, .w2 = RAM(GAMMA), .w3 = 4);
    assert_int_equal(error_of(GAMMA), K5_ERR_BAD_BUFFER);
    AS(GAMMA, IPC_SETUP, .w0 = RAM(GAMMA), .w1 = 4);
    assert_int_equal(error_of(GAMMA), K5_ERR_BAD_BUFFER);
}

/* Nothing was answered: the token is good. */
static void a_bad_answer_keeps_the_token(void **state)
{
    (void)state;
    AS(GAMMA, CALL);
    uint32_t token = aux_of(SERVER);
    remember();
    AS_LONG(SERVER, REPLY, .aux = token, .w2 = RAM(GAMMA), .w3 = 8);
    assert_int_equal(host.arg[SERVER][K5_A_OP], K5_ERR_BAD_BUFFER);
    AS_LONG(SERVER, REPLY, .aux = token, .w2 = RAM(SERVER), .w3 = 300);
    assert_int_equal(host.arg[SERVER][K5_A_OP], K5_ERR_ARG);
    AS_LONG(SERVER, REPLY_RECV, .aux = token, .w2 = RAM(GAMMA), .w3 = 8);
    assert_int_equal(host.arg[SERVER][K5_A_OP], K5_ERR_BAD_BUFFER);
    AS_LONG(SERVER, REPLY_RECV, .aux = token, .w2 = RAM(SERVER), .w3 = 1u << 16);
    assert_int_equal(host.arg[SERVER][K5_A_OP], K5_ERR_ARG);
    assert_nothing_copied();
    assert_int_equal(k.task.state[GAMMA], K5_TASK_AWAITING);
    AS_LONG(SERVER, REPLY, .aux = token, .w2 = RAM(SERVER), .w3 = 8);
    assert_int_equal(error_of(SERVER), K5_OK);
    AS_LONG(SERVER, REPLY, .aux = token, .w2 = RAM(SERVER), .w3 = 8);
    assert_int_equal(error_of(SERVER), K5_ERR_TOKEN);
    AS_LONG(SERVER, REPLY, .aux = token, .w2 = RAM(GAMMA), .w3 = 8); /* the buffer comes first */
    assert_int_equal(error_of(SERVER), K5_ERR_BAD_BUFFER);
}

/* The order that ADR 14 gives: slot, type, rights, own endpoint, peer gone, buffer, time. */
static void other_errors_come_in_their_order(void **state)
{
    (void)state;
    AS_LONG(GAMMA, CALL, .slot = 9, .w3 = 300);
    assert_int_equal(error_of(GAMMA), K5_ERR_SLOT);
    AS_LONG(GAMMA, CALL, .w2 = 0, .w3 = 3, .deadline = 1);
    assert_int_equal(error_of(GAMMA), K5_ERR_BAD_BUFFER);
    AS_LONG(GAMMA, CALL, .w2 = RAM(GAMMA), .w3 = 3, .deadline = 1);
    assert_int_equal(error_of(GAMMA), K5_TIMEOUT);
    k.task.state[SERVER] = K5_TASK_STOPPED;
    k.task.object[SERVER] = K5_NIL;
    k.task.mask[SERVER] = 0;
    AS_LONG(GAMMA, CALL, .w2 = 0, .w3 = 3);
    assert_int_equal(error_of(GAMMA), K5_ERR_PEER_GONE);
}

static void only_four_calls_are_long(void **state)
{
    (void)state;
    for (uint32_t number = 0; number < 64; number++) {
        bool is_long = number == K5_SYS_SEND || number == K5_SYS_CALL || number == K5_SYS_REPLY ||
                       number == K5_SYS_REPLY_RECV;

        if (!is_long) {
            setup(NULL);
            ask_as(GAMMA, number | K5_OP_LONG, (struct ask){0});
            assert_int_equal(k.task.state[GAMMA], K5_TASK_FAULTED);
            assert_int_equal(k.task.cause[GAMMA], K5_FAULT_SYSCALL);
            assert_int_equal(k.task.fault_address[GAMMA], number | K5_OP_LONG);
        }
        setup(NULL);
        ask_as(GAMMA, number | 0x80, (struct ask){0});
        assert_int_equal(k.task.cause[GAMMA], K5_FAULT_SYSCALL);
        setup(NULL);
        ask_as(GAMMA, number | 0x80 | K5_OP_LONG, (struct ask){0});
        assert_int_equal(k.task.fault_address[GAMMA], number | 0x80 | K5_OP_LONG);
    }
}

/* ---- at delivery: tables that changed since the call, as a later map and unmap will ------------
 */

static void close_ram(task_t task)
{
    cfg.region_rights[2u * task + 1u] = K5_MEM_READ | K5_MEM_EXECUTE;
    cfg.region_base[2u * task + 1u] = 0x00300000u + task * 0x1000u;
}

/* GAMMA, BETA and ALPHA queue long messages at SERVER, which then runs. */
static void queue_three(void)
{
    AS(GAMMA, SEND);
    AS(SERVER, WAIT, .deadline = 5000);
    AS_LONG(GAMMA, CALL, .label = 3, .w2 = RAM(GAMMA), .w3 = 10);
    AS_LONG(BETA, SEND, .label = 2, .w2 = RAM(BETA), .w3 = 20);
    AS_LONG(ALPHA, CALL, .label = 1, .w2 = RAM(ALPHA), .w3 = 30);
    tick(5000);
    remember();
}

static void a_bad_sender_alone_is_told(void **state)
{
    (void)state;
    queue_three();
    close_ram(GAMMA);
    close_ram(BETA);
    AS(SERVER, RECV);
    assert_int_equal(label_of(SERVER), 1); /* the next good one */
    assert_int_equal(k.task.state[GAMMA], K5_TASK_READY);
    assert_int_equal(host.arg[GAMMA][K5_A_OP], K5_ERR_BAD_BUFFER);
    assert_int_equal(host.arg[BETA][K5_A_OP], K5_ERR_BAD_BUFFER);
    assert_int_equal(k.task.calls[GAMMA], 0);
    assert_int_equal(k.task.state[ALPHA], K5_TASK_AWAITING);
    assert_int_equal(k.ep.waiting[0], 0);
    assert_copied(RAM(ALPHA), INBOX(SERVER), 30);
}

static void with_no_good_sender_the_server_waits(void **state)
{
    (void)state;
    queue_three();
    close_ram(GAMMA);
    close_ram(BETA);
    close_ram(ALPHA);
    AS(SERVER, RECV);
    assert_int_equal(k.task.state[SERVER], K5_TASK_RECEIVING);
    assert_int_equal(host.arg[ALPHA][K5_A_OP], K5_ERR_BAD_BUFFER);
    assert_int_equal(k.ep.waiting[0], 0);
    assert_nothing_copied();
    assert_int_equal(k.current, GAMMA);
}

/* Bits that let messages go first come when there is none. */
static void with_no_good_sender_bits_come(void **state)
{
    (void)state;
    queue_three();
    close_ram(GAMMA);
    close_ram(BETA);
    close_ram(ALPHA);
    k.task.pending[SERVER] = 0x6;
    k.task.bits_last[SERVER] = true;
    AS(SERVER, RECV, .aux = 0x2);
    assert_int_equal(flags_of(SERVER), K5_FLAG_BITS);
    assert_int_equal(aux_of(SERVER), 0x2);
    assert_int_equal(k.task.pending[SERVER], 0x4);
    AS(SERVER, RECV, .deadline = 1);
    assert_int_equal(error_of(SERVER), K5_TIMEOUT);
}

/* A sender that is suspended while it is queued is not served; the server receives. When it is
 * resumed the server would take it. */
static void a_bad_sender_is_told_when_resumed(void **state)
{
    (void)state;
    AS(GAMMA, SEND);
    AS(SERVER, WAIT, .deadline = 5000);
    AS(GAMMA, WAIT, .deadline = 9000);
    AS(BETA, SIGNAL, .slot = 1, .aux = 0x100);
    AS(BETA, WAIT, .deadline = 9000);
    AS_LONG(ALPHA, CALL, .w2 = RAM(ALPHA), .w3 = 30);
    k.suspended |= task_bit(ALPHA);
    tick(5000);
    AS(SERVER, RECV);
    assert_int_equal(k.task.state[SERVER], K5_TASK_RECEIVING);
    close_ram(ALPHA);
    k.suspended &= ~task_bit(ALPHA);
    assert_int_equal(endpoint_offer(0), SCHED_PICK);
    assert_int_equal(k.task.state[SERVER], K5_TASK_RECEIVING);
    assert_int_equal(k.task.state[ALPHA], K5_TASK_READY);
    assert_int_equal(host.arg[ALPHA][K5_A_OP], K5_ERR_BAD_BUFFER);
    assert_int_equal(k.ep.waiting[0], 0);
}

static void a_bad_inbox_gets_nothing_but_the_length(void **state)
{
    (void)state;
    remember();
    close_ram(SERVER);
    AS_LONG(GAMMA, CALL, .w0 = 1, .w2 = RAM(GAMMA), .w3 = 10);
    assert_int_equal(k.current, SERVER);
    assert_int_equal(flags_of(SERVER), K5_FLAG_MESSAGE | K5_FLAG_LONG);
    assert_int_equal(word_of(SERVER, 0), 1);
    assert_int_equal(word_of(SERVER, 2), 0);
    assert_int_equal(word_of(SERVER, 3), 10);
    assert_nothing_copied();
    AS(SERVER, REPLY, .aux = aux_of(SERVER));
    AS(SERVER, RECV);
    assert_int_equal(error_of(GAMMA), K5_OK); /* the sender has done nothing wrong */
}

static void what_the_machine_refuses_is_not_there(void **state)
{
    (void)state;
    host.copy_refused = true;
    AS_LONG(GAMMA, CALL, .w2 = RAM(GAMMA), .w3 = 10);
    assert_int_equal(flags_of(SERVER), K5_FLAG_MESSAGE | K5_FLAG_LONG);
    assert_int_equal(word_of(SERVER, 2), 0);
    assert_int_equal(word_of(SERVER, 3), 10);
}

/* ---- memory that both have ---------------------------------------------------------------------
 */

/* A region that GAMMA and SERVER share: upwards, in pieces of at most 4 bytes. */
static void a_shared_region_may_overlap(void **state)
{
    (void)state;
    uint8_t wanted[64];

    cfg.region_base[2u * GAMMA + 1u] = RAM(SERVER);
    AS_LONG(GAMMA, SEND, .w2 = INBOX(SERVER) + 3, .w3 = 1); /* SERVER runs */
    for (uint32_t i = 0; i < sizeof wanted; i++) {
        host_byte_set(INBOX(SERVER) + 3 + i, (uint8_t)(i * 7u));
        wanted[i] = (uint8_t)(i * 7u);
    }
    AS(SERVER, RECV);
    AS_LONG(GAMMA, SEND, .w2 = INBOX(SERVER) + 3, .w3 = sizeof wanted);
    for (uint32_t i = 0; i < sizeof wanted; i++) {
        assert_int_equal(host_byte(INBOX(SERVER) + i), wanted[i]);
    }
}

/* ---- restart -----------------------------------------------------------------------------------
 */

static void a_restart_forgets_the_buffer(void **state)
{
    (void)state;
    AS(GAMMA, SEND);
    AS(SERVER, SIGNAL, .slot = 9);
    fault_as(SERVER, K5_FAULT_READ, 0);
    assert_int_equal(k.current, SUPER);
    AS(SUPER, TASK_RESTART, .slot = 1);
    assert_int_equal(k.task.buffer_size[SERVER], 0);
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu);
    AS(SERVER, RECV);
    host.copies = 0;
    remember();
    AS_LONG(GAMMA, CALL, .w2 = RAM(GAMMA), .w3 = 10);
    assert_int_equal(word_of(SERVER, 2), 0);
    assert_int_equal(word_of(SERVER, 3), 10);
    assert_nothing_copied();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_call_brings_its_buffer, setup),
        cmocka_unit_test_setup(each_length_arrives, setup),
        cmocka_unit_test_setup(a_small_buffer_gets_what_fits, setup),
        cmocka_unit_test_setup(without_a_buffer_the_length_comes, setup),
        cmocka_unit_test_setup(length_0_is_three_words, setup),
        cmocka_unit_test_setup(a_short_message_leaves_the_buffer_alone, setup),
        cmocka_unit_test_setup(queued_messages_are_copied_when_taken, setup),
        cmocka_unit_test_setup(an_answer_brings_its_buffer, setup),
        cmocka_unit_test_setup(one_buffer_serves_for_both_ways, setup),
        cmocka_unit_test_setup(each_bad_descriptor_is_refused, setup),
        cmocka_unit_test_setup(each_bad_source_is_refused, setup),
        cmocka_unit_test_setup(each_bad_inbox_is_refused, setup),
        cmocka_unit_test_setup(a_device_is_no_buffer, setup),
        cmocka_unit_test_setup(a_bad_answer_keeps_the_token, setup),
        cmocka_unit_test_setup(other_errors_come_in_their_order, setup),
        cmocka_unit_test_setup(only_four_calls_are_long, setup),
        cmocka_unit_test_setup(a_bad_sender_alone_is_told, setup),
        cmocka_unit_test_setup(with_no_good_sender_the_server_waits, setup),
        cmocka_unit_test_setup(with_no_good_sender_bits_come, setup),
        cmocka_unit_test_setup(a_bad_sender_is_told_when_resumed, setup),
        cmocka_unit_test_setup(a_bad_inbox_gets_nothing_but_the_length, setup),
        cmocka_unit_test_setup(what_the_machine_refuses_is_not_there, setup),
        cmocka_unit_test_setup(a_shared_region_may_overlap, setup),
        cmocka_unit_test_setup(a_restart_forgets_the_buffer, setup),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
