/* Sends every length from every alignment; each byte of the receive buffer and around it is looked
 * at. Raw calls, so that the buffer may be anywhere; then the same by libk5. */
#include <string.h>

#include "../common/check.h"
#include "app.h" /* ECHO, MUTE, POOL_BASE */
#include "k5/syscall.h"
#include "long.h"

#define GUARD 0xEEu

static _Alignas(4) uint8_t source[K5_BUFFER_MAX + 8];
static _Alignas(4) uint8_t inbox[K5_BUFFER_MAX + 24];
static const uint8_t constant[] = "a string in the code region";

static uint32_t address_of(const void *p)
{
    return (uint32_t)(uintptr_t)p;
}

static k5_error inbox_set(const void *at, uint32_t size)
{
    uint32_t a[K5_A_COUNT] = {K5_SYS_IPC_SETUP, 0, address_of(at), size};
    k5_syscall(a);
    return a[K5_A_OP] & 0xFFu;
}

/* A raw long call of ECHO_BYTES; a[] is what came back. */
static void echo(const void *from, uint32_t length, uint32_t a[K5_A_COUNT])
{
    const uint32_t call[K5_A_COUNT] = {
        k5_op(K5_SYS_CALL | K5_OP_LONG, ECHO.slot, ECHO_BYTES), 0, 1, 2, address_of(from), length};
    memcpy(a, call, sizeof call);
    k5_syscall(a);
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* `length` bytes there and what fits of them back, into `size` bytes at `at`: exactly these, and
 * no byte around them. */
static bool echoes(uint32_t offset, uint32_t length, uint32_t at, uint32_t size)
{
    uint32_t a[K5_A_COUNT];
    uint32_t back = least(length, ECHO_SIZE);
    uint32_t fits = least(back, size);
    bool good;

    memset(inbox, GUARD, sizeof inbox);
    good = inbox_set(size == 0 ? NULL : &inbox[8 + at], size) == K5_OK;
    echo(&source[offset], length, a);
    good = good && a[K5_A_OP] == (ECHO_BYTES << 16 | (back == 0 ? 0u : K5_FLAG_LONG << 8));
    good = good && a[K5_A_W0] == back && a[K5_A_W0 + 1] == length;
    if (back != 0) {
        good = good && a[K5_A_LONG] == back;
        good = good && a[K5_A_BUFFER] == (fits == 0 ? 0 : address_of(&inbox[8 + at]));
    }
    for (uint32_t i = 0; i < sizeof inbox; i++) {
        bool in = i >= 8 + at && i < 8 + at + fits;
        good = good && inbox[i] == (in ? source[offset + i - 8 - at] : GUARD);
    }
    if (!good) {
        K5_ERROR("{} bytes from +{} into {} at +{}", length, offset, size, at);
    }
    return good;
}

static void lengths(void)
{
    for (uint32_t length = 0; length <= K5_BUFFER_MAX; length++) {
        for (uint32_t offset = 0; offset < 4; offset++) {
            CHECK(echoes(offset, length, (offset + length) % 5, K5_BUFFER_MAX));
        }
    }
}

static void sizes(void)
{
    for (uint32_t size = 0; size <= K5_BUFFER_MAX; size++) {
        CHECK(echoes(size % 3, size + (size < K5_BUFFER_MAX), size % 4, size));
        CHECK(echoes(size % 5, K5_BUFFER_MAX, size % 7, size));
    }
}

static void without_buffer(void)
{
    struct k5_msg m = {.w = {1, 2, 3, 4}, .out = source, .out_size = 77};
    CHECK_ERROR(k5_call(MUTE, &m, K5_FOREVER), K5_OK);
    CHECK(m.w[0] == 0 && m.w[1] == 77 && m.w[2] == 0 && m.w[3] == 3);
    CHECK(m.in_size == 0 && m.in_sent == 0 && m.out_size == 0);
    m = (struct k5_msg){.label = ECHO_SHORT, .out = source, .out_size = 256};
    CHECK_ERROR(k5_call(ECHO, &m, K5_FOREVER), K5_OK);
    CHECK(m.w[0] == ECHO_SIZE && m.w[1] == 256 && m.w[2] == 1 && m.w[3] == 7);
    m = (struct k5_msg){.label = ECHO_SHORT, .w = {9, 8, 7, 6}, .out = source};
    CHECK_ERROR(k5_call(ECHO, &m, K5_FOREVER), K5_OK); /* out without out_size: a short one */
    CHECK(m.w[0] == 0 && m.w[1] == 0 && m.w[2] == 0 && m.w[3] == 7);
}

/* This task has no K5_MSG_BUFFER: the library tells no bytes, whatever was set up by hand. */
static void by_library(void)
{
    struct k5_msg m = {.label = ECHO_BYTES, .out = constant, .out_size = sizeof constant};
    CHECK_ERROR(inbox_set(inbox, K5_BUFFER_MAX), K5_OK);
    CHECK_ERROR(k5_call(ECHO, &m, K5_FOREVER), K5_OK);
    CHECK(memcmp(inbox, constant, sizeof constant) == 0);
    CHECK(m.in_size == 0 && m.in_sent == sizeof constant && m.in == inbox);
    CHECK(m.w[0] == sizeof constant && m.w[2] == 0 && m.w[3] == 0);
    m = (struct k5_msg){.label = ECHO_BYTES, .out = source, .out_size = 257};
    CHECK_ERROR(k5_call(ECHO, &m, K5_FOREVER), K5_ERR_ARG);
    CHECK(m.label == ECHO_BYTES && m.out_size == 257);
    CHECK_ERROR(k5_send(ECHO, &m, K5_FOREVER), K5_ERR_ARG);
    m.out_size = K5_CAP_OUT(ECHO); /* would be a capability */
    CHECK_ERROR(k5_call(ECHO, &m, K5_FOREVER), K5_ERR_ARG);
    m.out_size = 4;
    m.out_cap = K5_CAP_OUT(ECHO) | 1; /* would be a length */
    CHECK_ERROR(k5_call(ECHO, &m, K5_FOREVER), K5_ERR_ARG);
    m.out_cap = 1 << K5_LONG_SLOT_SHIFT; /* a slot, and no capability */
    CHECK_ERROR(k5_call(ECHO, &m, K5_FOREVER), K5_ERR_ARG);
    m = (struct k5_msg){.label = ECHO_BAD};
    CHECK_ERROR(k5_call(ECHO, &m, K5_FOREVER), K5_OK);
    CHECK(m.w[0] == K5_ERR_BAD_BUFFER);
}

/* Memory that both have: below its source all of the message arrives; above it, at least what lies
 * before the overlap, and nothing outside is written. */
static void overlaps(void)
{
    uint8_t *pool = (uint8_t *)POOL_BASE;
    for (uint32_t distance = 0; distance < 24; distance++) {
        for (uint32_t above = 0; above < 2; above++) {
            struct k5_msg m = {.label = ECHO_INBOX};
            uint32_t from = above != 0 ? 256 : 256 + distance;
            uint32_t to = above != 0 ? 256 + distance : 256;
            m.w[0] = address_of(&pool[to]);
            m.w[1] = 64;
            CHECK(k5_call(ECHO, &m, K5_FOREVER) == K5_OK && m.w[0] == K5_OK);
            memset(pool, GUARD, 1024);
            for (uint32_t i = 0; i < 64; i++) {
                pool[from + i] = (uint8_t)(i * 7 + 1);
            }
            m = (struct k5_msg){.label = ECHO_SHORT, .out = &pool[from], .out_size = 64};
            CHECK(k5_call(ECHO, &m, K5_FOREVER) == K5_OK);
            bool good = pool[to - 1] ==
                        (above != 0 && distance != 0 ? (uint8_t)((distance - 1) * 7 + 1) : GUARD);
            for (uint32_t i = 0; i < (above != 0 && distance != 0 ? distance : 64u); i++) {
                good = good && pool[to + i] == (uint8_t)(i * 7 + 1);
            }
            CHECK(good && pool[(to > from ? to : from) + 64] == GUARD);
        }
    }
}

int main(void)
{
    for (uint32_t i = 0; i < sizeof source; i++) {
        source[i] = (uint8_t)(i * 5 + 3);
    }
    lengths();
    sizes();
    without_buffer();
    by_library();
    overlaps();
    CHECK_END("caller");
}
