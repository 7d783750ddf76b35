/* Long messages whose buffer is not the attacker's, or not quite, and receive buffers there: each
 * is refused with K5_ERR_BAD_BUFFER or K5_ERR_ARG, and the attacker goes on. The victims' memory is
 * summed for every answer (victim.h), so that a byte written there would show. */
#include <k5/k5.h>
#include <k5/syscall.h>

#include "../common/places.h"
#include "../common/referee.h"
#include "../common/victim.h"

extern uint32_t k5_bss_end[]; /* linker script */
extern uint32_t k5_stack_base[];

#define VICTIM_SLOT                                                               \
    1 /* the attacker's `calls`; the referee, linked with this too, has no handle \
       */

static _Alignas(4) uint8_t own[K5_BUFFER_MAX];
static const uint8_t own_constant[16] = {1};

static uint32_t address_of(const void *p)
{
    return (uint32_t)(uintptr_t)p;
}

static uint32_t own_end(void)
{
    return (address_of(k5_bss_end) + 31u) & ~31u;
}

/* A raw call with a buffer; the victims' label is one they know, so that they answer. */
static k5_error call_long(uint32_t address, uint32_t descriptor)
{
    uint32_t a[K5_A_COUNT] = {
        k5_op(K5_SYS_CALL | K5_OP_LONG, VICTIM_SLOT, VICTIM_WHERE), 0, 1, 2, address, descriptor};
    k5_syscall(a);
    return a[K5_A_OP] & 0xFFu;
}

static k5_error send_long(uint32_t address, uint32_t descriptor)
{
    uint32_t a[K5_A_COUNT] = {
        k5_op(K5_SYS_SEND | K5_OP_LONG, VICTIM_SLOT, VICTIM_WHERE), 0, 1, 2, address, descriptor};
    k5_syscall(a);
    return a[K5_A_OP] & 0xFFu;
}

static k5_error inbox(uint32_t address, uint32_t size)
{
    uint32_t a[K5_A_COUNT] = {K5_SYS_IPC_SETUP, 0, address, size};
    k5_syscall(a);
    return a[K5_A_OP] & 0xFFu;
}

static void expect(const char *what, uint32_t address, uint32_t length, k5_error error,
                   k5_error expected)
{
    if (error != expected) {
        K5_ERROR("WRONG: {}: {} bytes at {#x}: {}", what, length, address, k5_error_name(error));
    }
}

static void as_source(uint32_t address, uint32_t length, k5_error expected)
{
    expect("call", address, length, call_long(address, length), expected);
    expect("send", address, length, send_long(address, length), expected);
}

static void as_target(uint32_t address, uint32_t length, k5_error expected)
{
    expect("inbox", address, length, inbox(address, length), expected);
}

static void as_both(uint32_t address, uint32_t length, k5_error expected)
{
    as_source(address, length, expected);
    as_target(address, length, expected);
}

#define TRY(name, how, address, length, expected)             \
    static void name(uint32_t unused, const struct places *p) \
    {                                                         \
        (void)unused;                                         \
        (void)p;                                              \
        how((address), (length), (expected));                 \
    }
#define OWN address_of(own)
TRY(all_own, as_both, OWN, K5_BUFFER_MAX, K5_OK)
TRY(last_bytes, as_both, own_end() - 7, 7, K5_OK)
TRY(code_source, as_source, address_of(own_constant), 16, K5_OK)
TRY(code_target, as_target, address_of(own_constant), 16, K5_ERR_BAD_BUFFER)
TRY(before_start, as_both, address_of(k5_stack_base) - 4, 8, K5_ERR_BAD_BUFFER)
TRY(victim, as_both, p->victim_data, 16, K5_ERR_BAD_BUFFER)
TRY(victim_code, as_both, p->victim_code, 16, K5_ERR_BAD_BUFFER)
TRY(kernel, as_both, KERNEL_RAM, 16, K5_ERR_BAD_BUFFER)
TRY(kernel_alias, as_both, KERNEL_RAM_NS, 16, K5_ERR_BAD_BUFFER)
TRY(own_secure_alias, as_both, OWN + ALIAS_BIT, 16, K5_ERR_BAD_BUFFER)
TRY(device, as_both, TIMER0_NS, 16, K5_ERR_BAD_BUFFER)
TRY(own_device, as_both, UART1_NS, 16, K5_ERR_BAD_BUFFER)
TRY(null, as_both, 0, 16, K5_ERR_BAD_BUFFER)
TRY(wrap, as_both, 0xFFFFFFF0u, 32, K5_ERR_BAD_BUFFER)
TRY(wrap_to_own, as_both, 0u - 1u, K5_BUFFER_MAX, K5_ERR_BAD_BUFFER)

/* Over the end of the own region by 1 to 8 bytes. */
static void past_end(uint32_t unused, const struct places *p)
{
    (void)unused;
    (void)p;
    for (uint32_t over = 1; over <= 8; over++) {
        as_both(own_end() - 8, 8 + over, K5_ERR_BAD_BUFFER);
        as_both(own_end() + over - 1, 1, K5_ERR_BAD_BUFFER);
        as_both(own_end() - K5_BUFFER_MAX + over, K5_BUFFER_MAX, K5_ERR_BAD_BUFFER);
    }
}

static void lengths(uint32_t unused, const struct places *p)
{
    static const uint32_t length[] = {257, 511, 512, 0x1000, 0x80000000u, UINT32_MAX};
    (void)unused;
    (void)p;
    as_source(OWN, 0, K5_OK);
    as_source(UINT32_MAX, 0, K5_OK); /* then it is a word */
    as_target(0, 0, K5_OK);
    as_target(OWN, 0, K5_ERR_ARG);
    as_both(OWN, 1, K5_OK);
    as_both(OWN + 1, 255, K5_OK);
    as_both(OWN, 256, K5_OK);
    for (uint32_t i = 0; i < sizeof length / sizeof length[0]; i++) {
        as_both(OWN, length[i], K5_ERR_ARG);
    }
}

/* Each other bit of the descriptor, and of the words of ipc_setup behind the buffer. A capability
 * may not go to this server, and what stands in slot 0 is no place for one. */
static void descriptors(uint32_t unused, const struct places *p)
{
    (void)unused;
    uint32_t bit = 1u << (9 + p->n);
    k5_error refused = bit == K5_LONG_CAP ? K5_ERR_RIGHTS : K5_ERR_ARG;
    as_source(OWN, bit | 16u, refused);
    as_source(OWN, bit, refused);
    for (uint32_t word = 2; word < K5_MSG_WORDS; word++) {
        uint32_t a[K5_A_COUNT] = {K5_SYS_IPC_SETUP, 0, OWN, 16};
        a[K5_A_W0 + word] = bit;
        k5_syscall(a);
        expect("setup", OWN, bit, a[K5_A_OP] & 0xFFu,
               word == 2 && bit == K5_LONG_CAP ? K5_ERR_SLOT : K5_ERR_ARG);
    }
}

/* From the own region into the next, whoever has it. */
static void straddles(uint32_t unused, const struct places *p)
{
    (void)unused;
    for (uint32_t before = 1; before < K5_BUFFER_MAX; before += 17) {
        as_both(p->victim_data - before, K5_BUFFER_MAX, K5_ERR_BAD_BUFFER);
        as_both(own_end() - before, K5_BUFFER_MAX, K5_ERR_BAD_BUFFER);
    }
}

/* Answers to calls that this task never took: refused for the buffer first, then for the token. */
static void answers(uint32_t unused, const struct places *p)
{
    (void)unused;
    for (uint32_t n = 0; n < 64; n++) {
        uint32_t a[K5_A_COUNT] = {K5_SYS_REPLY | K5_OP_LONG, n, 0, 0, p->victim_data, 32};
        k5_syscall(a);
        expect("reply", p->victim_data, n, a[K5_A_OP] & 0xFFu, K5_ERR_BAD_BUFFER);
        uint32_t b[K5_A_COUNT] = {K5_SYS_REPLY | K5_OP_LONG, n, 0, 0, OWN, 32};
        k5_syscall(b);
        expect("reply", OWN, n, b[K5_A_OP] & 0xFFu, K5_ERR_TOKEN);
    }
}

static uint32_t random_next(void)
{
    static uint32_t state = 12345;
    state = state * 1664525u + 1013904223u;
    return state >> 3;
}

/* Addresses near everything, any length: an answer of the kernel, never a fault. */
static void noise(uint32_t unused, const struct places *p)
{
    const uint32_t around[] = {OWN,
                               own_end(),
                               address_of(k5_stack_base),
                               p->victim_data,
                               KERNEL_RAM,
                               UART1_NS,
                               p->victim_code,
                               0};
    (void)unused;
    for (uint32_t n = 0; n < 120; n++) {
        uint32_t address = around[random_next() % 8u] + random_next() % 600u - 300u;
        uint32_t length = random_next() % 300u;
        k5_error error = (n & 1u) != 0 ? call_long(address, length) : inbox(address, length);
        if (error != K5_OK && error != K5_ERR_ARG && error != K5_ERR_BAD_BUFFER) {
            K5_ERROR("WRONG: {} bytes at {#x}: {}", length, address, k5_error_name(error));
        }
    }
    (void)inbox(0, 0);
}

const struct attack attacks[] = {
    ATTACK("own memory", RETURNS, NULL, all_own),
    ATTACK("last own bytes", RETURNS, NULL, last_bytes),
    ATTACK("own code as source", RETURNS, NULL, code_source),
    ATTACK("own code as target", RETURNS, NULL, code_target),
    ATTACK("past the end", RETURNS, NULL, past_end),
    ATTACK("before the start", RETURNS, NULL, before_start),
    ATTACK("a victim's data", RETURNS, NULL, victim),
    ATTACK("a victim's code", RETURNS, NULL, victim_code),
    ATTACK("the kernel's data", RETURNS, NULL, kernel),
    ATTACK("the kernel's data, other alias", RETURNS, NULL, kernel_alias),
    ATTACK("own data, Secure alias", RETURNS, NULL, own_secure_alias),
    ATTACK("a device", RETURNS, NULL, device),
    ATTACK("own device", RETURNS, NULL, own_device),
    ATTACK("address 0", RETURNS, NULL, null),
    ATTACK("around the end of memory", RETURNS, NULL, wrap),
    ATTACK("from the last byte", RETURNS, NULL, wrap_to_own),
    ATTACK("lengths", RETURNS, NULL, lengths),
    ATTACK_TIMES("descriptors", RETURNS, descriptors, 23),
    ATTACK("half a buffer of each", RETURNS, NULL, straddles),
    ATTACK("answers", RETURNS, NULL, answers),
    ATTACK("noise", RETURNS, NULL, noise),
};
const uint32_t attack_count = sizeof attacks / sizeof attacks[0];
