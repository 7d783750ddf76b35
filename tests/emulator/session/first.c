/* Uses each kind of operation, and hands over to the third when the room is taken. */
#include "../common/check.h"
#include "app.h"

static void begun_at_first_use(void)
{
    uint32_t sum = 77;
    CHECK_ERROR(till_sum(TILL, &sum, K5_FOREVER), K5_ERR_NO_SESSION);
    CHECK_ERROR(till_close(TILL, &sum, K5_FOREVER), K5_ERR_NO_SESSION);
    CHECK(sum == 77);
    CHECK_ERROR(till_add(TILL, 5, &sum, K5_FOREVER), K5_OK);
    CHECK(sum == 5);
    CHECK_ERROR(till_sum(TILL, &sum, K5_FOREVER), K5_OK);
    CHECK(sum == 5);
    CHECK_ERROR(till_drop_in(TILL, 3, true, K5_FOREVER), K5_OK);
    CHECK_ERROR(till_drop_in(TILL, 9, false, K5_FOREVER), K5_OK);
    CHECK_ERROR(till_close(TILL, &sum, K5_FOREVER), K5_OK);
    CHECK(sum == 8);
    CHECK_ERROR(till_sum(TILL, &sum, K5_FOREVER), K5_ERR_NO_SESSION);
}

static void begun_anew(void)
{
    uint32_t sum = 0;
    uint32_t caller = 0;
    CHECK_ERROR(till_add(TILL, 4, &sum, K5_FOREVER), K5_OK);
    CHECK_ERROR(till_start(TILL, &caller, &sum, K5_FOREVER), K5_OK);
    CHECK(sum == 0 && caller != 0);
    CHECK_ERROR(till_add(TILL, 4, &sum, K5_FOREVER), K5_OK);
    CHECK(sum == 4);
}

/* What is refused begins no session: the bool is forged. */
static void refused_first(void)
{
    uint32_t sum = 0;
    struct k5_msg m = {.label = TILL_OP_CHOOSE, .w = {2}};
    CHECK_ERROR(till_close(TILL, &sum, K5_FOREVER), K5_OK);
    CHECK(k5_call(TILL.endpoint, &m, K5_FOREVER) == K5_OK && m.label == K5_ANSWER_BAD_ARGUMENT);
    CHECK_ERROR(till_sum(TILL, &sum, K5_FOREVER), K5_ERR_NO_SESSION);
}

int main(void)
{
    uint32_t bits;
    uint32_t sum = 0;
    begun_at_first_use();
    begun_anew();
    refused_first();
    k5_sleep(K5_MS(300)); /* the second has gone through its lives */
    CHECK_ERROR(till_add(TILL, 100, &sum, K5_FOREVER), K5_OK);
    CHECK_ERROR(k5_signal(THIRD_SIGNAL, 1), K5_OK);
    CHECK(k5_wait(1, K5_FOREVER, &bits) == K5_OK); /* the third tried all */
    CHECK_ERROR(till_sum_later(TILL, &sum, k5_after(K5_S(1))), K5_OK);
    CHECK(sum == 100); /* another's, in the meantime, was counted for itself */
    CHECK_END("first");
}
