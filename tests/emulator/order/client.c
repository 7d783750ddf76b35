/* A client of the hub; ME says which. */
#include "../common/check.h"
#include "app.h" /* HUB */
#include "order.h"

static void hello(void)
{
    struct k5_msg m = {.label = ORDER_HELLO, .w = {ME}};
    k5_error error = k5_call(HUB, &m, K5_FOREVER);
    CHECK(error == K5_OK && m.w[0] == 100 * ME && m.token == 0 && m.badge == 0);
}

static void again(void)
{
    for (uint32_t i = 0; i < TWIN_CALLS; i++) {
        struct k5_msg m = {.label = ORDER_AGAIN, .w = {ME}};
        CHECK_ERROR(k5_call(HUB, &m, K5_FOREVER), K5_OK);
    }
}

static void low_only(void)
{
    struct k5_msg m = {.label = ORDER_SENT, .w = {1, 2, 3, UINT32_MAX}};
    CHECK_ERROR(k5_send(HUB, &m, K5_FOREVER), K5_OK);
    CHECK(m.label == ORDER_SENT && m.w[3] == UINT32_MAX);
    m = (struct k5_msg){.label = ORDER_GIVE_UP, .w = {7}};
    CHECK_ERROR(k5_call(HUB, &m, k5_after(K5_MS(2))), K5_TIMEOUT);
    CHECK(m.label == ORDER_GIVE_UP && m.w[0] == 7);
    m = (struct k5_msg){.label = ORDER_LAST, .w = {1, 2, 3, UINT32_MAX}};
    CHECK_ERROR(k5_call(HUB, &m, K5_FOREVER), K5_OK);
    CHECK(m.label == 0xFFFE && m.w[0] == 2 && m.w[1] == 3 && m.w[2] == 4 && m.w[3] == 0);
}

int main(void)
{
    hello();
    if (ME == TWIN_A || ME == TWIN_B) {
        again();
    }
    if (ME == LOW) {
        k5_sleep(K5_MS(100)); /* the twins are done */
        low_only();
    }
    K5_INFO("client {}: {} checks, {} failed", ME, checks_done, checks_failed);
    for (;;) {
        k5_sleep(K5_S(1));
    }
}
