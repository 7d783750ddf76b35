/* Three lives: in the first everything that can travel does, and what cannot does not; the second
 * looks at what was left of the first; then the server is restarted. */
#include <string.h>

#include "../common/check.h"
#include "app.h" /* DESK, THIRD_SIGNAL, INBOX_SLOT, SESSION_SLOT, SPARE_SLOT, BOARD_BASE */
#include "desk.h"

K5_MSG_SLOT(INBOX_SLOT);
K5_MSG_BUFFER(K5_BUFFER_MAX);

static uint8_t bytes[K5_BUFFER_MAX];

static struct k5_cap_info look(k5_slot slot)
{
    struct k5_cap_info info = {0};
    CHECK_ERROR(k5_cap_info(slot, &info), K5_OK);
    return info;
}

static bool empty(k5_slot slot)
{
    return look(slot).type == K5_CAP_NONE;
}

/* A call with two words and perhaps a capability (0: none). */
static struct k5_msg ask(uint16_t label, uint32_t word, uint16_t cap)
{
    struct k5_msg m = {.label = label, .w = {word, 22, 33, 44}, .out_cap = cap};
    CHECK_ERROR(k5_call(DESK, &m, K5_FOREVER), K5_OK);
    return m;
}

static uint32_t badge_seen(k5_slot slot)
{
    struct k5_msg m = {.label = DESK_WHO};
    CHECK_ERROR(k5_call(K5_ENDPOINT(slot), &m, K5_FOREVER), K5_OK);
    return m.w[0];
}

static uint32_t bits_take(void)
{
    uint32_t bits = BOARD->bits;
    BOARD->bits = 0;
    return bits;
}

static void session_opens(uint16_t how, uint32_t badge)
{
    struct k5_msg m = ask(how, badge, 0);
    CHECK(m.flags == K5_FLAG_CAP && m.token == 0 && m.out_cap == 0);
    CHECK(m.in_size == 0 && m.in_sent == 0 && m.w[2] == 33 && m.w[3] == 0);
    struct k5_cap_info info = look(INBOX_SLOT);
    CHECK(info.type == K5_CAP_ENDPOINT && info.rights == K5_RIGHT_CALL && info.badge == badge);
    CHECK(info.depth == 2 && info.object == look(K5_SLOT(DESK)).object);
    CHECK_ERROR(k5_cap_move(INBOX_SLOT, SESSION_SLOT), K5_OK);
    CHECK(badge_seen(SESSION_SLOT) == badge);
}

/* The session's right does not let capabilities travel; app.toml's does, but not these. */
static void refused(void)
{
    struct k5_msg m = {.label = DESK_SIGNAL, .out_cap = K5_CAP_OUT(THIRD_SIGNAL)};
    CHECK_ERROR(k5_call(K5_ENDPOINT(SESSION_SLOT), &m, K5_FOREVER), K5_ERR_RIGHTS);
    m.out_cap = K5_CAP_OUT(DESK); /* its server is not less urgent than it */
    CHECK_ERROR(k5_call(DESK, &m, K5_FOREVER), K5_ERR_RIGHTS);
    m.out_cap = K5_CAP_OUT(SPARE_SLOT);
    CHECK_ERROR(k5_call(DESK, &m, K5_FOREVER), K5_ERR_SLOT);
    m.out_cap = K5_CAP_OUT((k5_slot){63});
    CHECK_ERROR(k5_send(DESK, &m, K5_FOREVER), K5_ERR_SLOT);
    m.out_cap = K5_CAP_OUT(THIRD_SIGNAL) | 4;
    CHECK_ERROR(k5_call(DESK, &m, K5_FOREVER), K5_ERR_ARG);
    CHECK(m.label == DESK_SIGNAL && m.flags == 0);
}

static void right_goes(void)
{
    const uint16_t right = K5_CAP_OUT(THIRD_SIGNAL);
    struct k5_msg m = ask(DESK_SIGNAL, 2, right);
    CHECK(m.w[0] == K5_OK && m.flags == 0 && bits_take() == 2);
    CHECK(m.w[1] == (K5_FLAG_MESSAGE | K5_FLAG_LONG | K5_FLAG_CAP) && m.w[3] == 44);
    m = ask(DESK_SIGNAL, 0x10, 0);
    CHECK(m.w[0] == K5_ERR_RIGHTS && m.flags == 0 && m.w[3] == 44); /* 0x0F is all it may */
    m = ask(DESK_SIGNAL, 4, right); /* something is there: a short answer that says so */
    CHECK(m.w[0] == K5_OK && m.flags == K5_FLAG_CAP_KEPT && bits_take() == 4);
    CHECK(m.w[1] == (K5_FLAG_MESSAGE | K5_FLAG_LONG) && m.w[2] == 33 && m.w[3] == 44);
    CHECK(m.in_size == 0 && m.in_sent == 0 && m.in == NULL);
    m = (struct k5_msg){.label = DESK_SIGNAL, .out_cap = right};
    CHECK_ERROR(k5_send(DESK, &m, K5_FOREVER), K5_OK);
    CHECK(m.flags == K5_FLAG_CAP_KEPT && m.out_cap == right);
    CHECK(ask(DESK_DROP, 0, 0).w[0] == K5_OK);
    CHECK_ERROR(k5_send(DESK, &m, K5_FOREVER), K5_OK);
    CHECK(m.flags == 0 && ask(DESK_DROP, 0, 0).w[0] == K5_OK);
}

/* With 256 bytes in both directions, and from the queue. */
static void bytes_too(void)
{
    uint32_t total = 0;
    for (uint32_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(i * 7 + 5);
        total += bytes[i];
    }
    for (uint32_t queued = 0; queued < 2; queued++) {
        if (queued != 0) {
            (void)ask(DESK_LATER, 0, 0);
        }
        struct k5_msg m = {.label = DESK_SUM,
                           .out = bytes,
                           .out_size = sizeof bytes,
                           .out_cap = K5_CAP_OUT(THIRD_SIGNAL)};
        CHECK_ERROR(k5_call(DESK, &m, K5_FOREVER), K5_OK);
        CHECK(m.w[0] == total && m.in_size == sizeof bytes);
        CHECK(m.w[1] == (K5_FLAG_MESSAGE | K5_FLAG_LONG | K5_FLAG_CAP));
        CHECK(memcmp(m.in, bytes, sizeof bytes) == 0);
        CHECK(m.flags == K5_FLAG_CAP && look(INBOX_SLOT).badge == 300);
        CHECK_ERROR(k5_cap_delete(INBOX_SLOT), K5_OK);
        CHECK(ask(DESK_SIGNAL, 8, 0).w[0] == K5_OK && bits_take() == 8);
        CHECK(ask(DESK_DROP, 0, 0).w[0] == K5_OK);
    }
}

/* The place is not empty: the answer comes, and the server is told. */
static void session_stays(void)
{
    CHECK_ERROR(k5_cap_copy(K5_SLOT(THIRD_SIGNAL), INBOX_SLOT), K5_OK);
    struct k5_msg m = ask(DESK_OPEN, 102, 0);
    CHECK(m.flags == 0 && m.w[0] == 102 && look(INBOX_SLOT).type == K5_CAP_NOTIFICATION);
    CHECK(ask(DESK_WHO, 0, 0).w[1] == K5_FLAG_CAP_KEPT);
    CHECK(ask(DESK_OPEN_BY, 103, 0).flags == 0);
    CHECK((ask(DESK_WHO, 0, 0).label == DESK_WHO));
    CHECK(ask(DESK_WHO, 0, 0).w[1] == (K5_FLAG_MESSAGE | K5_FLAG_CAP_KEPT));
    CHECK_ERROR(k5_cap_delete(INBOX_SLOT), K5_OK);
}

static void taken_back(void)
{
    struct k5_msg m = {.label = DESK_WHO};
    CHECK(ask(DESK_CLOSE, 0, 0).w[0] == K5_OK);
    CHECK_ERROR(k5_call(K5_ENDPOINT(SESSION_SLOT), &m, K5_FOREVER), K5_ERR_SLOT);
    CHECK(empty(SESSION_SLOT));
    CHECK(ask(DESK_SIGNAL, 1, K5_CAP_OUT(THIRD_SIGNAL)).w[0] == K5_OK);
    CHECK_ERROR(k5_cap_revoke(K5_SLOT(THIRD_SIGNAL)), K5_OK);
    CHECK(ask(DESK_SIGNAL, 1, 0).w[0] == K5_ERR_SLOT);
    CHECK_ERROR(k5_signal(THIRD_SIGNAL, 1), K5_OK);
}

static void first_life(void)
{
    session_opens(DESK_OPEN, 101);
    refused();
    right_goes();
    bytes_too();
    session_stays();
    CHECK_ERROR(k5_cap_delete(SESSION_SLOT), K5_OK);
    session_opens(DESK_OPEN_BY, 104);
    taken_back();
    session_opens(DESK_OPEN, 105);
    CHECK(ask(DESK_SIGNAL, 1, K5_CAP_OUT(THIRD_SIGNAL)).w[0] == K5_OK);
}

/* What the client had received and passed on went with it; what it passes again goes well. Then the
 * server's turn to die. */
static void second_life(void)
{
    CHECK(empty(SESSION_SLOT) && empty(INBOX_SLOT));
    CHECK(ask(DESK_SIGNAL, 1, 0).w[0] == K5_ERR_SLOT);
    session_opens(DESK_OPEN, 106);
    CHECK(ask(DESK_SIGNAL, 1, K5_CAP_OUT(THIRD_SIGNAL)).w[0] == K5_OK);
    struct k5_msg m = {.label = DESK_DIE};
    CHECK_ERROR(k5_call(DESK, &m, K5_FOREVER), K5_ERR_PEER_DIED);
    m.label = DESK_WHO;
    CHECK(ask(DESK_SIGNAL, 1, 0).w[0] == K5_ERR_SLOT);
    CHECK_ERROR(k5_call(K5_ENDPOINT(SESSION_SLOT), &m, K5_FOREVER), K5_ERR_SLOT);
    session_opens(DESK_OPEN, 107);
    CHECK(ask(DESK_SIGNAL, 1, K5_CAP_OUT(THIRD_SIGNAL)).w[0] == K5_OK);
}

int main(void)
{
    checks_done = BOARD->checks;
    if (BOARD->life++ == 0) {
        first_life();
        BOARD->checks = checks_done;
        k5_exit(0); /* on-fault starts it anew */
    }
    second_life();
    CHECK_END("client");
}
