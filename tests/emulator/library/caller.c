/* The calling side; server.c is more urgent and checks what arrives. */
#include "kept.h"

#include "app.h" /* DESK, SERVER_SIGNAL */
#include "k5/syscall.h"

static struct k5_msg message(uint16_t label)
{
    return (struct k5_msg){
        .label = label,
        .flags = 0x5555,
        .token = 0x66666666,
        .w = {label + 1u, label + 2u, label + 3u, label + 4u},
        .badge = 0x77777777,
        .bits = 8,
    };
}

static bool is_message(const struct k5_msg *m, uint16_t label)
{
    struct k5_msg wanted = message(label);
    return same(m, &wanted);
}

/* An answer: the rest is 0. */
static bool is_answer(const struct k5_msg *m, uint16_t label, uint32_t word)
{
    struct k5_msg wanted = {.label = label, .w = {word, word + 1, word + 2, word + 3}};
    return same(m, &wanted);
}

static void sent(void)
{
    struct k5_msg m = message(0x8001);
    CHECK_ERROR(KEPT(k5_send, HANDLE(DESK), ADDRESS(&m), FAR), K5_OK);
    CHECK(m.flags == 0);
    m.flags = message(0).flags; /* all the rest is as it was */
    CHECK(is_message(&m, 0x8001));
    CHECK_ERROR(KEPT(k5_signal, HANDLE(SERVER_SIGNAL), 1), K5_OK);
}

static void called(void)
{
    struct k5_msg m = message(0x1234);
    CHECK_ERROR(KEPT(k5_call, HANDLE(DESK), ADDRESS(&m), FAR), K5_OK);
    CHECK(is_answer(&m, 0xBEEF, 5));
    m = message(0x4321);
    CHECK_ERROR(KEPT(k5_call, HANDLE(DESK), ADDRESS(&m), FAR), K5_OK);
    CHECK(is_answer(&m, 0xF00D, 11));
    m = message(1);
    CHECK_ERROR(KEPT(k5_call, 63, ADDRESS(&m)), K5_ERR_SLOT);
    CHECK_ERROR(KEPT(k5_call, HANDLE(DESK), ADDRESS(&m), 1), K5_TIMEOUT);
    CHECK_ERROR(KEPT(k5_send, 63, ADDRESS(&m)), K5_ERR_SLOT);
    CHECK(is_message(&m, 1)); /* an error changes nothing */
    CHECK_ERROR(KEPT(k5_signal, HANDLE(SERVER_SIGNAL), 2), K5_OK);
    m = message(2);
    CHECK_ERROR(KEPT(k5_send, HANDLE(DESK), ADDRESS(&m), FAR), K5_OK);
}

static void others(void)
{
    uint32_t bits = 3;
    uint32_t a[K5_A_COUNT] = {K5_SYS_TIME};
    uint32_t soon[2];
    k5_ticks when = k5_after(K5_US(100));
    memcpy(soon, &when, sizeof soon);
    CHECK_ERROR(KEPT(k5_wait, 1, 0, soon[0], soon[1], ADDRESS(&bits)), K5_TIMEOUT);
    CHECK(bits == 3 && k5_time() >= when);
    (void)KEPT(k5_time, 0);
    (void)KEPT(k5_yield, 0);
    (void)KEPT(k5_syscall, ADDRESS(a));
    CHECK(a[K5_A_X0] >= (uint32_t)when && a[K5_A_W0] == 0);
    CHECK_ERROR(KEPT(k5_sys_log, K5_SYS_LOG, UINT32_MAX, ADDRESS(a)), K5_ERR_ARG);
}

int main(void)
{
    sent();
    called();
    others();
    CHECK_END("caller");
}
