/* Tries each call that blocks with deadlines ahead, now, and in the past. */
#include "../common/check.h"
#include "app.h" /* SILENT, MINE_SERVE */

/* A call returned `expected` between `wanted` after `start` and a little later. */
static void moment_check(k5_error error, k5_error expected, k5_ticks start, k5_ticks wanted)
{
    k5_ticks passed = k5_time() - start;
    checks_done++;
    if (error != expected || passed < wanted || passed >= wanted + K5_US(200)) {
        checks_failed++;
        K5_ERROR("check failed: {} after {} ticks, wanted {}", k5_error_name(error), passed,
                 wanted);
    }
}

#define CHECK_MOMENT(call, expected, wanted)          \
    do {                                              \
        k5_ticks start_ = k5_time();                  \
        moment_check(call, expected, start_, wanted); \
    } while (0)

static void blocked_at_server(void)
{
    struct k5_msg m = {.label = 5, .w = {1, 2, 3, 4}};
    CHECK_MOMENT(k5_send(SILENT, &m, k5_after(K5_MS(5))), K5_TIMEOUT, K5_MS(5));
    CHECK_MOMENT(k5_call(SILENT, &m, k5_after(K5_MS(5))), K5_TIMEOUT, K5_MS(5));
    CHECK_MOMENT(k5_send(SILENT, &m, K5_POLL), K5_TIMEOUT, 0);
    CHECK_MOMENT(k5_call(SILENT, &m, K5_POLL), K5_TIMEOUT, 0);
    CHECK_MOMENT(k5_send(SILENT, &m, k5_time()), K5_TIMEOUT, 0);
    CHECK_MOMENT(k5_call(SILENT, &m, k5_time() - K5_US(1)), K5_TIMEOUT, 0);
    CHECK(m.label == 5 && m.w[0] == 1 && m.w[3] == 4);
}

static void blocked_alone(void)
{
    struct k5_msg m = {0};
    uint32_t bits = 7;
    CHECK_MOMENT(k5_recv(MINE_SERVE, &m, 0, k5_after(K5_MS(3))), K5_TIMEOUT, K5_MS(3));
    CHECK_MOMENT(k5_recv(MINE_SERVE, &m, UINT32_MAX, k5_after(K5_MS(3))), K5_TIMEOUT, K5_MS(3));
    CHECK_MOMENT(k5_recv(MINE_SERVE, &m, 0, K5_POLL), K5_TIMEOUT, 0);
    CHECK_MOMENT(k5_reply_recv(MINE_SERVE, &m, k5_after(K5_MS(3))), K5_TIMEOUT, K5_MS(3));
    CHECK_MOMENT(k5_reply_recv(MINE_SERVE, &m, K5_POLL), K5_TIMEOUT, 0);
    CHECK_MOMENT(k5_wait(UINT32_MAX, k5_after(K5_MS(3)), &bits), K5_TIMEOUT, K5_MS(3));
    CHECK_MOMENT(k5_wait(1, K5_POLL, &bits), K5_TIMEOUT, 0);
    CHECK_MOMENT(k5_wait(0, k5_after(K5_MS(3)), &bits), K5_TIMEOUT, K5_MS(3));
    CHECK_ERROR(k5_wait(0, K5_FOREVER, &bits), K5_ERR_ARG); /* would never return */
    CHECK(bits == 7);
}

static void sleeps(void)
{
    k5_ticks start = k5_time();
    k5_sleep(K5_MS(7));
    k5_ticks passed = k5_time() - start;
    CHECK(passed >= K5_MS(7) && passed < K5_MS(7) + K5_US(200));
    start = k5_time();
    k5_sleep(0);
    k5_sleep_until(0);
    k5_sleep_until(start);
    CHECK(k5_time() - start < K5_US(200));
    CHECK(k5_after(UINT64_MAX) == UINT64_MAX);
}

/* The call is taken and then answered too late, or in time though the deadline is far. */
static void taken(void)
{
    struct k5_msg m = {.label = 5, .w = {1}};
    CHECK_MOMENT(k5_call(SILENT, &m, k5_after(K5_MS(5))), K5_TIMEOUT, K5_MS(5));
    k5_sleep(K5_MS(10));
    CHECK_MOMENT(k5_call(SILENT, &m, k5_after(K5_MS(5))), K5_TIMEOUT, K5_MS(5));
    k5_sleep(K5_MS(10));
    CHECK_ERROR(k5_call(SILENT, &m, UINT64_MAX), K5_OK);
}

int main(void)
{
    blocked_at_server();
    blocked_alone();
    sleeps();
    k5_sleep_until(K5_MS(105)); /* the silent one receives now */
    taken();
    CHECK_END("prober");
}
