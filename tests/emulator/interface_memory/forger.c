/* Messages that the typed calls would not send. */
#include "../common/check.h"
#include "app.h"

K5_MSG_BUFFER(PRESS_REPLY_BYTES);

static K5_LENDABLE uint8_t page[128];
static uint8_t bytes[256];

static uint16_t ask(struct k5_msg m, const struct k5_loan *loan)
{
    k5_error error = loan != NULL ? k5_call_lend(PRESS.endpoint, &m, loan, K5_FOREVER)
                                  : k5_call(PRESS.endpoint, &m, K5_FOREVER);
    CHECK_ERROR(error, K5_OK);
    return m.label;
}

static void too_many_bytes(void)
{
    struct k5_msg m = {.label = PRESS_OP_SUM, .out = bytes, .out_size = 65};
    CHECK(ask(m, NULL) == K5_ANSWER_BAD_ARGUMENT);
    m.out_size = 256;
    CHECK(ask(m, NULL) == K5_ANSWER_BAD_ARGUMENT);
    m.out_size = 64;
    CHECK(ask(m, NULL) == K5_ANSWER_OK);
    m = (struct k5_msg){.label = PRESS_OP_TURN, .w = {0, 2}, .out = bytes, .out_size = 4};
    CHECK(ask(m, NULL) == K5_ANSWER_BAD_ARGUMENT); /* no such tone */
    m = (struct k5_msg){.label = PRESS_OP_DROP, .out = bytes, .out_size = 17, .w = {77}};
    CHECK_ERROR(k5_send(PRESS.endpoint, &m, K5_FOREVER), K5_OK); /* is dropped */
    m = (struct k5_msg){.label = PRESS_OP_DROPPED};
    CHECK_ERROR(k5_call(PRESS.endpoint, &m, K5_FOREVER), K5_OK);
    CHECK(m.in_size == 16 && m.w[0] == 5);
}

static void not_what_is_lent(void)
{
    struct k5_loan loan = {.base = page, .size = 128, .rights = K5_MEM_READ};
    struct k5_msg m = {.label = PRESS_OP_COUNT};
    CHECK(ask(m, NULL) == K5_ANSWER_BAD_ARGUMENT); /* nothing */
    m = (struct k5_msg){.label = PRESS_OP_COUNT, .w = {0, (uint32_t)page | 1u, 0, 4}};
    CHECK(ask(m, NULL) == K5_ANSWER_BAD_ARGUMENT); /* words that look like it */
    CHECK(ask(m, &loan) == K5_ANSWER_OK);
    m.label = PRESS_OP_INK;
    CHECK(ask(m, &loan) == K5_ANSWER_BAD_ARGUMENT); /* to be read only */
    loan.rights = K5_MEM_READ | K5_MEM_WRITE;
    CHECK(ask(m, &loan) == K5_ANSWER_OK);
    loan.size = 32;
    CHECK(ask(m, &loan) == K5_ANSWER_BAD_ARGUMENT); /* too small */
    m.w[2] = 2u << 8;
    loan.size = 64;
    CHECK(ask(m, &loan) == K5_ANSWER_BAD_ARGUMENT); /* no such tone, in the second word */
    m.label = PRESS_OP_SUM;                         /* takes no memory: it is not looked at */
    CHECK(ask(m, &loan) == K5_ANSWER_OK);
}

int main(void)
{
    too_many_bytes();
    not_what_is_lent();
    CHECK_END("forger");
}
