/* The receiving side: takes what caller.c does, in the same order. */
#include "kept.h"

#include "app.h" /* DESK_SERVE */

static struct k5_msg m;

/* recv; the message came with this label and words 1 to 4 above it; token as `call` says. */
static void message_check(bool call, uint16_t flags, uint16_t label)
{
    CHECK((m.token != 0) == call);
    CHECK(m.badge != 0);
    struct k5_msg wanted = {
        .label = label,
        .flags = flags,
        .token = m.token,
        .w = {label + 1u, label + 2u, label + 3u, label + 4u},
        .badge = m.badge,
    };
    CHECK(same(&m, &wanted));
}

static void bits_check(uint16_t flags, uint32_t bits)
{
    struct k5_msg wanted = {.flags = flags, .bits = bits};
    CHECK(same(&m, &wanted));
}

static void received(void)
{
    garble(&m);
    CHECK_ERROR(KEPT(k5_recv, HANDLE(DESK_SERVE), ADDRESS(&m), 1, 0, FAR), K5_OK);
    message_check(false, K5_FLAG_MESSAGE, 0x8001); /* a send */
    garble(&m);
    CHECK_ERROR(KEPT(k5_recv, HANDLE(DESK_SERVE), ADDRESS(&m), 1, 0, FAR), K5_OK);
    bits_check(K5_FLAG_BITS, 1);
    garble(&m);
    CHECK_ERROR(KEPT(k5_recv, HANDLE(DESK_SERVE), ADDRESS(&m), 1, 0, FAR), K5_OK);
    message_check(true, K5_FLAG_MESSAGE, 0x1234); /* a call */
    struct k5_msg answer = {.label = 0xBEEF,
                            .flags = 0x7777,
                            .token = m.token,
                            .w = {5, 6, 7, 8},
                            .badge = 9,
                            .bits = 10};
    CHECK_ERROR(KEPT(k5_reply, ADDRESS(&answer)), K5_OK);
    CHECK_ERROR(KEPT(k5_reply, ADDRESS(&answer)), K5_ERR_TOKEN);
}

static void answered_in_one(void)
{
    CHECK_ERROR(k5_ipc_setup(2), K5_OK);
    m.token = 0;
    CHECK_ERROR(KEPT(k5_reply_recv, HANDLE(DESK_SERVE), ADDRESS(&m), FAR), K5_OK);
    message_check(true, K5_FLAG_MESSAGE, 0x4321);
    uint32_t token = m.token;
    m = (struct k5_msg){.label = 0xF00D,
                        .flags = 0x7777,
                        .token = token,
                        .w = {11, 12, 13, 14},
                        .badge = 15,
                        .bits = 16};
    CHECK_ERROR(KEPT(k5_reply_recv, HANDLE(DESK_SERVE), ADDRESS(&m), FAR), K5_OK);
    bits_check(K5_FLAG_BITS, 2);
    garble(&m);
    m.out_size = m.out_cap = 0;
    m.token = token; /* answered already */
    CHECK_ERROR(KEPT(k5_reply_recv, HANDLE(DESK_SERVE), ADDRESS(&m), FAR), K5_OK);
    message_check(false, K5_FLAG_MESSAGE | K5_FLAG_REPLY_FAILED, 0x0002);
    garble(&m);
    m.out_size = m.out_cap = 0;
    m.token = token;
    CHECK_ERROR(KEPT(k5_reply_recv, HANDLE(DESK_SERVE), ADDRESS(&m), 1), K5_TIMEOUT);
    bits_check(K5_FLAG_REPLY_FAILED, 0);
}

static void nothing_came(void)
{
    struct k5_msg before;
    garble(&m);
    garble(&before);
    m.out_size = m.out_cap = 0;
    before.out_size = before.out_cap = 0;
    CHECK_ERROR(KEPT(k5_recv, 63, ADDRESS(&m), 1), K5_ERR_SLOT);
    CHECK_ERROR(KEPT(k5_reply_recv, 63, ADDRESS(&m)), K5_ERR_SLOT);
    CHECK(same(&m, &before));
    CHECK_ERROR(KEPT(k5_recv, HANDLE(DESK_SERVE), ADDRESS(&m), 1, 0, 1), K5_TIMEOUT);
    bits_check(0, 0);
}

int main(void)
{
    received();
    answered_in_one();
    nothing_came();
    CHECK_END("server");
}
