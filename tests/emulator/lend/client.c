/* Lends memory of all sorts, and looks at what became of it. */
#include "../common/check.h"
#include "app.h"
#include "lend.h"

#include <string.h>

static K5_LENDABLE uint8_t page[512];
static K5_LENDABLE const uint8_t constant[64] = {1, 2, 3, 4};

static k5_error ask(uint32_t label, uint32_t w0, struct k5_loan loan, uint32_t *answer)
{
    struct k5_msg m = {.label = (uint16_t)label, .w = {w0}};
    k5_error error = k5_call_lend(SERVER, &m, &loan, k5_time() + K5_S(1));

    *answer = m.w[0];
    return error;
}

static struct k5_loan loan_of(void *base, uint32_t size, uint32_t rights)
{
    return (struct k5_loan){.base = base, .size = size, .rights = rights};
}

#define READ  K5_MEM_READ
#define WRITE (K5_MEM_READ | K5_MEM_WRITE)

static void it_is_used(void)
{
    uint32_t answer;

    for (uint32_t first = 0; first <= 96; first += 32) {
        for (uint32_t size = 32; size <= 128; size += 32) {
            memset(page, 0, sizeof page);
            CHECK_ERROR(ask(LEND_FILL, 7, loan_of(&page[first], size, WRITE), &answer), K5_OK);
            uint32_t wrong = answer == 7 * size ? 0 : 1;

            for (uint32_t i = 0; i < sizeof page; i++) {
                wrong += page[i] == (i - first < size ? 7 : 0) ? 0 : 1;
            }
            CHECK(wrong == 0);
        }
    }
    CHECK_ERROR(ask(LEND_SUM, 0, loan_of((void *)constant, 64, READ), &answer), K5_OK);
    CHECK(answer == 10);
    CHECK_ERROR(k5_signal(LATE_SIGNAL, 1), K5_OK); /* it queues while the server works */
    CHECK_ERROR(ask(LEND_WORK, 0, loan_of(page, 512, WRITE), &answer), K5_OK);
    CHECK(answer == 0);
}

/* The server faults, and the memory is as it was. */
static void dies(uint32_t label, const void *address, struct k5_loan loan)
{
    uint32_t answer;
    uint32_t before = *(const uint32_t *)page;

    CHECK_ERROR(ask(label, (uint32_t)address, loan, &answer), K5_ERR_PEER_DIED);
    CHECK(*(const uint32_t *)page == before);
}

static void it_is_no_more_than_that(void)
{
    struct k5_loan part = loan_of(&page[64], 64, WRITE);

    dies(LEND_TOUCH, &page[60], part);
    dies(LEND_TOUCH, &page[128], part);
    dies(LEND_WRITE, &page[0], part);
    dies(LEND_WRITE, &page[64], loan_of(&page[64], 64, READ));
    dies(LEND_RUN, &page[64], part);
}

static void it_ends_with_the_answer(void)
{
    uint32_t answer;
    struct k5_msg m = {.label = LEND_THEN};

    CHECK_ERROR(ask(LEND_LATER, (uint32_t)page, loan_of(page, 64, WRITE), &answer), K5_OK);
    CHECK_ERROR(k5_call(SERVER, &m, K5_FOREVER), K5_ERR_PEER_DIED);
    CHECK_ERROR(ask(LEND_KEEP, (uint32_t)page, loan_of(page, 64, WRITE), &answer), K5_OK);
    m = (struct k5_msg){.label = LEND_SURVIVED, .w = {9}};
    CHECK_ERROR(k5_call(SERVER, &m, K5_FOREVER), K5_OK);
    CHECK(m.w[0] == 0); /* it died after that answer, and is back */
    CHECK(k5_loan(&m).size == 0);
}

static void it_must_be_its_own(void)
{
    uint32_t answer;

    CHECK_ERROR(ask(LEND_SUM, 0, loan_of((void *)constant, 64, WRITE), &answer), K5_ERR_BAD_BUFFER);
    CHECK_ERROR(ask(LEND_SUM, 0, loan_of((void *)0x28000000u, 64, READ), &answer),
                K5_ERR_BAD_BUFFER);
    CHECK_ERROR(ask(LEND_SUM, 0, loan_of(&page[4], 64, READ), &answer), K5_ERR_ARG);
    CHECK_ERROR(ask(LEND_SUM, 0, loan_of(page, 60, READ), &answer), K5_ERR_ARG);
    CHECK_ERROR(ask(LEND_SUM, 0, loan_of(page, 0, READ), &answer), K5_ERR_ARG);
    CHECK_ERROR(ask(LEND_SUM, 0, loan_of(page, 64, 0), &answer), K5_ERR_ARG);
    CHECK_ERROR(ask(LEND_SUM, 0, loan_of(page, 64, READ | K5_MEM_EXECUTE), &answer), K5_ERR_ARG);
}

/* Has the server copy; did it? Into *sum what it got. */
static bool copied(uint32_t label, uint32_t offset, uint32_t size, uint32_t rights, uint32_t *sum)
{
    struct k5_msg m = {.label = (uint16_t)label, .w = {offset, 0, size}};
    struct k5_loan loan = loan_of(page, 64, rights);

    CHECK_ERROR(k5_call_lend(SERVER, &m, &loan, k5_after(K5_S(1))), K5_OK);
    *sum = m.w[1];
    return m.w[0] == 1;
}

static void copies_are_exact(void)
{
    uint32_t sum;
    uint32_t wrong = 0;

    for (uint32_t offset = 0; offset <= 5; offset++) {
        for (uint32_t size = 0; size <= 9; size++) {
            memset(page, 100, 96);
            bool done = copied(LEND_PUT, offset, size, WRITE, &sum);

            for (uint32_t i = 0; i < 96; i++) {
                wrong += page[i] == (i - offset < size ? i - offset + 1 : 100) ? 0 : 1;
            }
            wrong += done && copied(LEND_GET, offset, size, READ, &sum) ? 0 : 1;
            wrong += sum == size * (size + 1) / 2 ? 0 : 1;
        }
    }
    CHECK(wrong == 0);
    CHECK(copied(LEND_PUT, 0, 64, WRITE, &sum));
    CHECK(copied(LEND_GET, 0, 64, READ, &sum) && sum == 64 * 65 / 2);
    CHECK(copied(LEND_GET, 64, 0, READ, &sum));
}

static void copies_stay_inside(void)
{
    static const struct {
        uint32_t offset, size;
    } trials[] = {{64, 1}, {65, 0}, {63, 2}, {0, 65}, {32, 0xFFFFFFE0u}, {0xFFFFFFFFu, 1}};
    uint32_t sum;

    memset(page, 1, sizeof page);
    for (uint32_t i = 0; i < sizeof trials / sizeof trials[0]; i++) {
        CHECK(!copied(LEND_GET, trials[i].offset, trials[i].size, READ, &sum) && sum == 0);
        CHECK(!copied(LEND_PUT, trials[i].offset, trials[i].size, WRITE, &sum));
    }
    CHECK(!copied(LEND_PUT, 0, 4, READ, &sum));
    CHECK(page[0] == 1 && page[64] == 1);

    struct k5_msg m = {.label = LEND_GET, .w = {0, 0, 1}};

    CHECK_ERROR(k5_call(SERVER, &m, K5_FOREVER), K5_OK); /* nothing is lent */
    CHECK(m.w[0] == 0);
}

int main(void)
{
    it_is_used();
    it_is_no_more_than_that();
    it_ends_with_the_answer();
    it_must_be_its_own();
    copies_are_exact();
    copies_stay_inside();
    CHECK_END("client");
}
