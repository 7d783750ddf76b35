/* forger: makes its messages by hand. What no client of the interface sends must be refused, and
 * the server go on. */
#include "../common/check.h"

#include "app.h" /* DESK */

/* What comes back as the label of the answer. */
static uint32_t label_called(uint32_t label, uint32_t w0, uint32_t w1)
{
    struct k5_msg m = {.label = (uint16_t)label, .w = {w0, w1}};
    CHECK_ERROR(k5_call(DESK.endpoint, &m, K5_FOREVER), K5_OK);
    return m.label;
}

static void send(uint32_t label, uint32_t w0)
{
    struct k5_msg m = {.label = (uint16_t)label, .w = {w0}};
    CHECK_ERROR(k5_send(DESK.endpoint, &m, K5_FOREVER), K5_OK);
}

/* Labels that there are not: none but those of the file. */
static void labels_check(void)
{
    uint32_t refused = 0;
    for (uint32_t label = 0; label <= UINT16_MAX; label += label < 64 ? 1 : 257) {
        bool known = label == 1 || label == 2 || (label >= 10 && label <= 16) ||
                     (label >= DESK_OP_NOTED && label <= DESK_OP_RELEASE);
        refused += !known && label_called(label, 0, 0) == K5_ANSWER_NO_OPERATION ? 1 : 0;
    }
    CHECK(refused == 64 - 9 + 255);
    K5_INFO("{} labels refused", refused);
}

static void arguments_check(void)
{
    CHECK(label_called(DESK_OP_CHOOSE, 0x00000000, 0) == K5_ANSWER_OK);
    CHECK(label_called(DESK_OP_CHOOSE, 0xFFFF0101, INT32_MAX) == K5_ANSWER_OK);
    CHECK(label_called(DESK_OP_CHOOSE, 0x00000002, 0) == K5_ANSWER_BAD_ARGUMENT); /* bool */
    CHECK(label_called(DESK_OP_CHOOSE, 0x000000FF, 0) == K5_ANSWER_BAD_ARGUMENT);
    CHECK(label_called(DESK_OP_CHOOSE, 0x00000200, 0) == K5_ANSWER_BAD_ARGUMENT); /* mode */
    CHECK(label_called(DESK_OP_CHOOSE, 0x00010000, 0) == K5_ANSWER_BAD_ARGUMENT); /* code */
    CHECK(label_called(DESK_OP_CHOOSE, 0x012C0000, 0) == K5_ANSWER_OK);
    CHECK(label_called(DESK_OP_CHOOSE, 0, 1) == K5_ANSWER_BAD_ARGUMENT); /* wide */
    CHECK(label_called(DESK_OP_CHOOSE, 0, UINT32_MAX) == K5_ANSWER_BAD_ARGUMENT);
    CHECK(label_called(DESK_OP_BOXES, 0, 0x0002) == K5_ANSWER_BAD_ARGUMENT); /* in a struct */
    CHECK(label_called(DESK_OP_BOXES, 0, 0x0200) == K5_ANSWER_BAD_ARGUMENT);
    CHECK(label_called(DESK_OP_RELEASE, 0, 2) == K5_ANSWER_BAD_ARGUMENT);
}

/* A call of what is sent, sends of what is called: neither is done. */
static void kinds_check(void)
{
    uint32_t sum = 0;
    uint32_t before = 0;
    uint32_t count = 0;
    CHECK_ERROR(desk_noted(DESK, &before, &count, K5_FOREVER), K5_OK);
    CHECK(label_called(DESK_OP_NOTE, 0x10005, 0) == K5_ANSWER_NO_OPERATION);
    send(DESK_OP_NOTED, 0);
    send(DESK_OP_WAIT_FOR, 1);
    send(DESK_OP_NOTE, 0x20005); /* a bool of 2 */
    send(DESK_OP_NOTE + 1, 0);
    CHECK_ERROR(desk_noted(DESK, &sum, &count, K5_FOREVER), K5_OK);
    CHECK(sum == before && count == 2);
}

int main(void)
{
    labels_check();
    arguments_check();
    kinds_check();
    CHECK_END("forger");
}
