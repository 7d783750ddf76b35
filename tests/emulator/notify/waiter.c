/* Waits and receives; which bits come and which stay. */
#include "../common/check.h"
#include "app.h" /* INBOX_SERVE */

static void waits(void)
{
    uint32_t bits = 0;
    CHECK_ERROR(k5_wait(0x0F, k5_after(K5_MS(5)), &bits), K5_TIMEOUT);
    CHECK_ERROR(k5_wait(0x03, K5_FOREVER, &bits), K5_OK); /* 0x05 is set at 10 ms */
    CHECK(bits == 0x01 && k5_time() >= K5_MS(10) && k5_time() < K5_MS(11));
    CHECK_ERROR(k5_wait(0x03, K5_POLL, &bits), K5_TIMEOUT); /* taken */
    CHECK_ERROR(k5_wait(0x04, K5_POLL, &bits), K5_OK);      /* stayed */
    CHECK(bits == 0x04);
    k5_sleep_until(K5_MS(40)); /* no bit ends a sleep */
    CHECK(k5_time() >= K5_MS(40));
    CHECK_ERROR(k5_wait(UINT32_MAX, K5_POLL, &bits), K5_OK); /* gathered at 30 ms */
    CHECK(bits == 0x03);
}

static void message_next(uint32_t mask)
{
    struct k5_msg m = {0};
    CHECK_ERROR(k5_recv(INBOX_SERVE, &m, mask, K5_POLL), K5_OK);
    CHECK(m.flags == K5_FLAG_MESSAGE && m.token != 0 && m.bits == 0 && m.label == 1);
    CHECK_ERROR(k5_reply(&m), K5_OK);
}

static void bits_next(uint32_t mask)
{
    struct k5_msg m = {0};
    CHECK_ERROR(k5_recv(INBOX_SERVE, &m, mask, K5_POLL), K5_OK);
    CHECK(m.flags == K5_FLAG_BITS && m.bits == mask && m.token == 0 && m.label == 0);
}

/* Two callers queue and four bits are set: bits and messages in turn, neither twice in a row. */
static void in_turn(void)
{
    k5_sleep_until(K5_MS(60));
    message_next(0x01); /* though 0x01 is there: the last wait gave bits */
    bits_next(0x01);
    message_next(0x02); /* though 0x02 is there */
    bits_next(0x02);
    bits_next(0x04); /* no message is there */
}

/* reply_recv: the mask of ipc_setup; 0x08 is still there from 50 ms. */
static void set_up(void)
{
    struct k5_msg m = {0};
    CHECK_ERROR(k5_reply_recv(INBOX_SERVE, &m, K5_POLL), K5_TIMEOUT);
    CHECK_ERROR(k5_ipc_setup(0x08), K5_OK);
    CHECK_ERROR(k5_reply_recv(INBOX_SERVE, &m, K5_POLL), K5_OK);
    CHECK(m.flags == K5_FLAG_BITS && m.bits == 0x08);
    m.token = 12345;                                                /* answers nobody */
    CHECK_ERROR(k5_reply_recv(INBOX_SERVE, &m, K5_FOREVER), K5_OK); /* the callers, at 160 ms */
    CHECK(m.flags == (K5_FLAG_MESSAGE | K5_FLAG_REPLY_FAILED) && m.token != 0);
    CHECK_ERROR(k5_reply(&m), K5_OK);
}

int main(void)
{
    waits();
    in_turn();
    set_up();
    uint32_t bits = 0;
    CHECK_ERROR(k5_wait(UINT32_MAX, K5_POLL, &bits), K5_TIMEOUT); /* no bit is left */
    CHECK_END("waiter");
}
