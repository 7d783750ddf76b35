/* Each descriptor and each place that a task can name: the kernel answers with an error or sends
 * what may go, and the attacker goes on. The taker looks at what it was given (taker.c). */
#include <k5/k5.h>
#include <k5/syscall.h>

#include "../common/referee.h"
#include "../common/victim.h"

/* The attacker's table; the referee, linked with this too, has no handles of it. */
#define REFEREE_SLOT 0u
#define VICTIM_SLOT  1u
#define TAKER_SLOT   2u
#define SIGNAL_SLOT  3u
#define IRQ_SLOT     4u /* and the one behind it */
#define FREE_SLOT    6u
#define SLOTS        9u

static uint8_t own[K5_BUFFER_MAX];

static uint32_t raw(uint32_t number, uint32_t slot, uint32_t label, const uint32_t word[4])
{
    uint32_t a[K5_A_COUNT] = {k5_op(number, slot, label), 0, word[0], word[1], word[2], word[3]};
    k5_syscall(a);
    return a[K5_A_OP];
}

static k5_error message(uint32_t number, uint32_t to, uint32_t w2, uint32_t descriptor)
{
    const uint32_t word[4] = {1, 2, w2, descriptor};
    uint32_t result = raw(number | K5_OP_LONG, to, VICTIM_WHERE, word);
    if ((result & (uint32_t)K5_FLAG_CAP_KEPT << 8) != 0) {
        K5_ERROR("WRONG: {#x} did not go, and the taker has a place", descriptor);
    }
    return result & 0xFFu;
}

static uint32_t cap(uint32_t slot)
{
    return K5_LONG_CAP | slot << K5_LONG_SLOT_SHIFT;
}

static k5_error place(uint32_t w2, uint32_t w3)
{
    const uint32_t word[4] = {0, 0, w2, w3};
    return raw(K5_SYS_IPC_SETUP, 0, 0, word);
}

static void expect(const char *what, uint32_t value, k5_error error, k5_error expected)
{
    if (error != expected) {
        K5_ERROR("WRONG: {} {#x}: {}", what, value, k5_error_name(error));
    }
}

/* Of its own table the signal and the right to call who is more urgent than the taker may go. */
static k5_error expected_of(uint32_t slot)
{
    if (slot == REFEREE_SLOT || slot == SIGNAL_SLOT) {
        return K5_OK;
    }
    return slot < FREE_SLOT ? K5_ERR_RIGHTS : K5_ERR_SLOT;
}

static void with_the_right(uint32_t unused, const struct places *p)
{
    (void)unused;
    (void)p;
    for (uint32_t slot = 0; slot < K5_SLOT_MAX; slot++) {
        expect("call", slot, message(K5_SYS_CALL, TAKER_SLOT, 0, cap(slot)), expected_of(slot));
        expect("send", slot, message(K5_SYS_SEND, TAKER_SLOT, 0, cap(slot)), expected_of(slot));
    }
}

static void without_it(uint32_t unused, const struct places *p)
{
    (void)unused;
    (void)p;
    for (uint32_t slot = 0; slot < K5_SLOT_MAX; slot++) {
        expect("call", slot, message(K5_SYS_CALL, VICTIM_SLOT, 0, cap(slot)), K5_ERR_RIGHTS);
        expect("send", slot, message(K5_SYS_SEND, VICTIM_SLOT, 0, cap(slot)), K5_ERR_RIGHTS);
    }
}

/* Places of the image are none, nor is what lies behind the table. */
static void each_place(uint32_t unused, const struct places *p)
{
    (void)unused;
    (void)p;
    for (uint32_t slot = 0; slot < K5_SLOT_MAX; slot++) {
        bool is_free = slot >= FREE_SLOT && slot < SLOTS;
        expect("place", slot, place(cap(slot), 0), is_free ? K5_OK : K5_ERR_SLOT);
    }
    expect("place", 0, place(0, 0), K5_OK);
}

/* Answers to calls that this task never took. */
static void tokens(uint32_t unused, const struct places *p)
{
    (void)unused;
    (void)p;
    for (uint32_t n = 0; n < 128; n++) {
        uint32_t a[K5_A_COUNT] = {
            K5_SYS_REPLY | K5_OP_LONG, n, 0, 0, 0, cap(n % K5_SLOT_MAX),
        };
        k5_syscall(a);
        expect("token", n, a[K5_A_OP], K5_ERR_TOKEN);
    }
}

static void deep(uint32_t unused, const struct places *p)
{
    (void)unused;
    (void)p;
    k5_slot from = {SIGNAL_SLOT};
    for (uint32_t i = 0; i < K5_DEPTH_MAX; i++) {
        k5_slot to = {(uint8_t)(FREE_SLOT + i % 2)};
        expect("copy", i, k5_cap_copy(from, to), K5_OK);
        if (i != 0) {
            expect("delete", i, k5_cap_delete(from), K5_OK);
        }
        from = to;
        expect("deep", i, message(K5_SYS_CALL, TAKER_SLOT, 0, cap(from.slot)),
               i + 1 < K5_DEPTH_MAX ? K5_OK : K5_ERR_DEPTH);
    }
    expect("delete", 0, k5_cap_delete(from), K5_OK);
}

static void revoked(uint32_t unused, const struct places *p)
{
    (void)unused;
    (void)p;
    for (uint32_t n = 0; n < 40; n++) {
        k5_slot copy = {FREE_SLOT};
        expect("copy", n, k5_cap_copy((k5_slot){SIGNAL_SLOT}, copy), K5_OK);
        expect("call", n, message(K5_SYS_CALL, TAKER_SLOT, 0, cap(copy.slot)), K5_OK);
        expect("revoke", n, k5_cap_revoke((k5_slot){SIGNAL_SLOT}), K5_OK);
        expect("gone", n, message(K5_SYS_SEND, TAKER_SLOT, 0, cap(copy.slot)), K5_ERR_SLOT);
    }
}

static uint32_t random_next(void)
{
    static uint32_t state = 2463534242u; /* xorshift32 of Marsaglia */
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

/* Random fields: what must be 0 is an error of its own, whatever the rest is. */
static void descriptors(uint32_t unused, const struct places *p)
{
    (void)unused;
    (void)p;
    for (uint32_t n = 0; n < 400; n++) {
        uint32_t descriptor = random_next() | K5_LONG_CAP;
        descriptor = n % 2 != 0 ? descriptor & 0xFEFFu : descriptor;
        descriptor =
            n % 8 == 3 ? (descriptor & ~(uint32_t)K5_LONG_SLOT) | cap(SIGNAL_SLOT) : descriptor;
        uint32_t address = n % 3 == 0 ? random_next() : (uint32_t)(uintptr_t)own;
        uint32_t to = n % 5 == 0 ? VICTIM_SLOT : TAKER_SLOT;
        bool call = n % 4 < 2;
        bool lends = descriptor >> K5_LONG_LEND_SHIFT != 0; /* with rights that are none: A3 is 2 */
        k5_error error = message(call ? K5_SYS_CALL : K5_SYS_SEND, to, address, descriptor);
        bool fields = (call || !lends) && (descriptor & K5_LONG_LENGTH) <= K5_BUFFER_MAX;
        k5_error right = to == VICTIM_SLOT
                             ? K5_ERR_RIGHTS
                             : expected_of((descriptor & K5_LONG_SLOT) >> K5_LONG_SLOT_SHIFT);
        right = right == K5_OK && lends ? K5_ERR_ARG : right;
        if (error != K5_ERR_BAD_BUFFER || !fields || right != K5_OK || n % 3 != 0) {
            expect("descriptor", descriptor, error, !fields ? K5_ERR_ARG : right);
        }
    }
}

static void places(uint32_t unused, const struct places *p)
{
    (void)unused;
    (void)p;
    for (uint32_t n = 0; n < 150; n++) {
        uint32_t word = random_next() | (n % 2 != 0 ? 1u : 0x10000u);
        expect("field", word, place(word, 0), K5_ERR_ARG);
        expect("slot alone", n, place((n % 63 + 1) << K5_LONG_SLOT_SHIFT, 0), K5_ERR_ARG);
        expect("last word", n, place(cap(FREE_SLOT), n + 1), K5_ERR_ARG);
    }
}

/* A sweep that nobody began does nothing; a reset takes this task's own, and the image's is back.
 */
static void own_calls(uint32_t unused, const struct places *p)
{
    (void)unused;
    (void)p;
    static const uint32_t none[4];
    expect("place", 0, place(cap(FREE_SLOT + 1), 0), K5_OK);
    expect("copy", 0, k5_cap_copy((k5_slot){SIGNAL_SLOT}, (k5_slot){FREE_SLOT}), K5_OK);
    expect("sweep", 0, raw(K5_SYS_CAP_SWEEP, 0, 0, none), K5_OK);
    expect("reset", 0, raw(K5_SYS_CAP_RESET, 0, 0, none) & 0xFFu, K5_OK);
    expect("gone", 0, message(K5_SYS_CALL, TAKER_SLOT, 0, cap(FREE_SLOT)), K5_ERR_SLOT);
    expect("back", 0, message(K5_SYS_CALL, TAKER_SLOT, 0, cap(SIGNAL_SLOT)), K5_OK);
}

/* Ended by a restart, in whatever step of it. */
static void without_end(uint32_t unused, const struct places *p)
{
    (void)unused;
    (void)p;
    for (;;) {
        (void)!k5_cap_copy((k5_slot){SIGNAL_SLOT}, (k5_slot){FREE_SLOT});
        (void)message(K5_SYS_SEND, TAKER_SLOT, 0, cap(FREE_SLOT));
        (void)message(K5_SYS_CALL, TAKER_SLOT, 0, cap(SIGNAL_SLOT));
        (void)!k5_cap_revoke((k5_slot){SIGNAL_SLOT});
    }
}

const struct attack attacks[] = {
    ATTACK("each slot, with the right", RETURNS, NULL, with_the_right),
    ATTACK("each slot, without the right", RETURNS, NULL, without_it),
    ATTACK("each slot as the place", RETURNS, NULL, each_place),
    ATTACK("tokens of others", RETURNS, NULL, tokens),
    ATTACK("derived as deep as it goes", RETURNS, NULL, deep),
    ATTACK("passed on and revoked", RETURNS, NULL, revoked),
    ATTACK("descriptors", RETURNS, NULL, descriptors),
    ATTACK("places", RETURNS, NULL, places),
    ATTACK("the kernel's own calls", RETURNS, NULL, own_calls),
    ATTACK("without end", HANGS, NULL, without_end),
};
const uint32_t attack_count = sizeof attacks / sizeof attacks[0];
