/* The hub: lets its clients queue, then checks in which order they come and what it may answer. */
#include "../common/check.h"
#include "app.h" /* HUB_SERVE, THIEF */
#include "order.h"

static uint32_t badge[CLIENTS + 1]; /* by client */

static k5_error reply_token(uint32_t token, uint32_t w)
{
    struct k5_msg m = {.token = token, .w = {w}};
    return k5_reply(&m);
}

static struct k5_msg take(uint16_t label)
{
    struct k5_msg m = {0};
    CHECK_ERROR(k5_recv(HUB_SERVE, &m, 0, K5_FOREVER), K5_OK);
    CHECK(m.label == label);
    return m;
}

static void badges_check(void)
{
    for (uint32_t i = 1; i <= CLIENTS; i++) {
        CHECK(badge[i] != 0);
        for (uint32_t j = 1; j < i; j++) {
            CHECK(badge[i] != badge[j]);
        }
    }
}

static void tokens_check(const struct k5_msg m[CLIENTS])
{
    struct k5_msg steal = {.w = {m[0].token}};
    CHECK_ERROR(k5_call(THIEF, &steal, K5_FOREVER), K5_OK);
    CHECK(steal.w[0] == K5_ERR_TOKEN);
    CHECK_ERROR(reply_token(0, 0), K5_ERR_TOKEN);
    CHECK_ERROR(reply_token(m[0].token + 32, 0), K5_ERR_TOKEN); /* the next call of this client */
    CHECK_ERROR(reply_token(m[0].token ^ 31, 0), K5_ERR_TOKEN); /* another caller */
    CHECK_ERROR(reply_token(UINT32_MAX, 0), K5_ERR_TOKEN);
    static const uint8_t order[CLIENTS] = {3, 0, 2,
                                           1}; /* answers in another order than the calls */
    for (uint32_t i = 0; i < CLIENTS; i++) {
        const struct k5_msg *call = &m[order[i]];
        CHECK_ERROR(reply_token(call->token, 100 * call->w[0]), K5_OK);
        CHECK_ERROR(reply_token(call->token, 666), K5_ERR_TOKEN); /* twice */
    }
}

/* All four are queued: the most urgent comes first, the twins before the low one. */
static void hello(void)
{
    struct k5_msg m[CLIENTS];
    k5_sleep(K5_MS(5));
    for (uint32_t i = 0; i < CLIENTS; i++) {
        m[i] = take(ORDER_HELLO);
        badge[m[i].w[0]] = m[i].badge;
    }
    CHECK(m[0].w[0] == HIGH && m[3].w[0] == LOW);
    CHECK(m[1].w[0] + m[2].w[0] == TWIN_A + TWIN_B);
    badges_check();
    tokens_check(m);
}

/* Both twins are queued each time: they take turns. */
static void again(void)
{
    uint32_t last = 0;
    uint32_t in_turn = 0;
    for (uint32_t i = 0; i < 2 * TWIN_CALLS; i++) {
        struct k5_msg m = {0};
        k5_sleep(K5_MS(1));
        k5_error error = k5_recv(HUB_SERVE, &m, 0, K5_FOREVER);
        if (error == K5_OK && m.label == ORDER_AGAIN && m.w[0] != last) {
            in_turn++;
        }
        last = m.w[0];
        CHECK_ERROR(k5_reply(&m), K5_OK);
    }
    CHECK(in_turn == 2 * TWIN_CALLS);
}

static void low_only(void)
{
    struct k5_msg m = take(ORDER_SENT);
    CHECK(m.token == 0 && m.w[0] == 1 && m.w[3] == UINT32_MAX && m.badge == badge[LOW]);
    CHECK_ERROR(k5_reply(&m), K5_ERR_TOKEN);
    m = take(ORDER_GIVE_UP);
    k5_sleep(K5_MS(5)); /* the client's deadline passes */
    CHECK_ERROR(k5_reply(&m), K5_ERR_TOKEN);
    uint32_t stale = m.token;
    m = take(ORDER_LAST);
    CHECK(m.token != stale && m.flags == K5_FLAG_MESSAGE && m.bits == 0);
    CHECK_ERROR(reply_token(stale, 666), K5_ERR_TOKEN); /* not the answer of the new call */
    m.label = 0xFFFE;
    for (uint32_t i = 0; i < K5_MSG_WORDS; i++) {
        m.w[i]++;
    }
    CHECK_ERROR(k5_reply(&m), K5_OK);
}

int main(void)
{
    hello();
    again();
    low_only();
    struct k5_msg m = {0};
    CHECK_ERROR(k5_recv(HUB_SERVE, &m, 0, K5_POLL), K5_TIMEOUT);
    CHECK_END("hub");
}
