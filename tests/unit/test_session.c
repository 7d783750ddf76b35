/* Sessions by badge: lib/k5/session.c. */
/* build: lib/k5/session.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "k5/session.h"

#define MOST 5u

struct account {
    uint32_t sum;
    uint64_t last;
};

K5_SESSIONS(accounts, struct account, MOST);
K5_SESSIONS(only, uint8_t, 1);

/* As a restart of the server does: its variables are 0. */
static int restart(void **state)
{
    (void)state;
    memset(accounts_badge, 0, sizeof accounts_badge);
    memset(accounts_state, 0xA5, sizeof accounts_state); /* nothing of a free place is believed */
    memset(only_badge, 0, sizeof only_badge);
    return 0;
}

static void it_is_zero_at_first_use_and_kept(void **state)
{
    (void)state;
    struct account *first = k5_session(&accounts, 7);
    assert_non_null(first);
    assert_int_equal(first->sum, 0);
    assert_int_equal(first->last, 0);
    first->sum = 3;
    assert_ptr_equal(k5_session(&accounts, 7), first);
    assert_ptr_equal(k5_session_find(&accounts, 7), first);
    assert_int_equal(first->sum, 3);
}

static void each_badge_has_its_own(void **state)
{
    (void)state;
    /* 2, 7, 12 look in the same place first, and beyond the last place goes on with the first */
    static const uint32_t badges[MOST] = {4, 2, 7, 12, UINT32_MAX};
    struct account *held[MOST];
    for (uint32_t i = 0; i < MOST; i++) {
        held[i] = k5_session(&accounts, badges[i]);
        assert_non_null(held[i]);
        held[i]->sum = badges[i];
    }
    assert_ptr_equal(held[0], &accounts_state[4]); /* so that the first look finds it */
    assert_ptr_equal(held[1], &accounts_state[2]);
    for (uint32_t i = 0; i < MOST; i++) {
        assert_ptr_equal(k5_session(&accounts, badges[i]), held[i]);
        assert_int_equal(held[i]->sum, badges[i]);
        assert_true(held[i] >= accounts_state && held[i] < accounts_state + MOST);
    }
}

static void when_it_is_full_the_others_go_on(void **state)
{
    (void)state;
    for (uint32_t badge = 1; badge <= MOST; badge++) {
        assert_non_null(k5_session(&accounts, badge));
    }
    assert_null(k5_session(&accounts, 6));
    assert_null(k5_session_begin(&accounts, 6));
    assert_null(k5_session_find(&accounts, 6));
    for (uint32_t badge = 1; badge <= MOST; badge++) {
        assert_non_null(k5_session_find(&accounts, badge));
    }
    assert_non_null(k5_session_begin(&accounts, 3)); /* it has a place already */
}

static void a_badge_that_nobody_has_finds_nothing(void **state)
{
    (void)state;
    k5_session(&accounts, 5)->sum = 1;
    assert_null(k5_session_find(&accounts, 10)); /* the same place */
    assert_null(k5_session_find(&accounts, 0));  /* bits, no message */
    assert_null(k5_session(&accounts, 0));
    assert_null(k5_session_begin(&accounts, 0));
    k5_session_end(&accounts, 10);
    k5_session_end(&accounts, 0);
    assert_int_equal(k5_session_find(&accounts, 5)->sum, 1);
}

static void an_ended_one_leaves_room_and_moves_nobody(void **state)
{
    (void)state;
    struct account *second = NULL;
    k5_session(&accounts, 2)->sum = 2;
    second = k5_session(&accounts, 7); /* behind it */
    second->sum = 7;
    k5_session_end(&accounts, 2);
    assert_null(k5_session_find(&accounts, 2));
    assert_ptr_equal(k5_session_find(&accounts, 7), second); /* behind a hole */
    assert_ptr_equal(k5_session(&accounts, 7), second);
    assert_int_equal(second->sum, 7);
    assert_int_equal(k5_session(&accounts, 2)->sum, 0);
}

static void it_begins_anew(void **state)
{
    (void)state;
    struct account *account = k5_session(&accounts, 9);
    account->sum = 4;
    assert_ptr_equal(k5_session_begin(&accounts, 9), account);
    assert_int_equal(account->sum, 0);
}

static void all_can_be_looked_at(void **state)
{
    (void)state;
    uint32_t seen = 0;
    k5_session(&accounts, 1)->sum = 10;
    k5_session(&accounts, 33)->sum = 330;
    for (uint32_t i = 0; i < MOST; i++) {
        uint32_t badge = 0;
        struct account *account = k5_session_at(&accounts, i, &badge);
        assert_true(account == NULL ? badge == 0 : account->sum == badge * 10);
        seen += badge;
    }
    uint32_t untouched = 99;
    assert_int_equal(seen, 34);
    assert_null(k5_session_at(&accounts, MOST, &untouched));
    assert_int_equal(untouched, 99);
}

static void one_place_is_a_table_too(void **state)
{
    (void)state;
    assert_non_null(k5_session(&only, 8));
    assert_null(k5_session(&only, 9));
    k5_session_end(&only, 8);
    assert_non_null(k5_session(&only, 9));
}

/* Against a plain model, with many badges for few places. */
static void it_does_what_a_model_does(void **state)
{
    (void)state;
    enum { BADGES = 12 };
    uint32_t model[BADGES + 1] = {0}; /* 0: none; else 1 + what its state holds */
    uint32_t open = 0;
    uint32_t random = 1;
    for (uint32_t step = 0; step < 200000; step++) {
        random = random * 1664525u + 1013904223u;
        uint32_t badge = 1 + (random >> 8) % BADGES;
        switch (random >> 28) {
        case 0:
            k5_session_end(&accounts, badge);
            open -= model[badge] != 0 ? 1 : 0;
            model[badge] = 0;
            continue;
        case 1:
        case 2: {
            struct account *found = k5_session_find(&accounts, badge);
            assert_true((found != NULL) == (model[badge] != 0));
            continue;
        }
        default: break;
        }
        bool anew = random >> 28 == 3;
        struct account *account =
            anew ? k5_session_begin(&accounts, badge) : k5_session(&accounts, badge);
        assert_true((account != NULL) == (model[badge] != 0 || open < MOST));
        if (account != NULL) {
            open += model[badge] == 0 ? 1 : 0;
            model[badge] = model[badge] == 0 || anew ? 1 : model[badge];
            assert_int_equal(account->sum, model[badge] - 1);
            account->sum++;
            model[badge]++;
        }
    }
    assert_in_range(open, 1, MOST);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(it_is_zero_at_first_use_and_kept, restart),
        cmocka_unit_test_setup(each_badge_has_its_own, restart),
        cmocka_unit_test_setup(when_it_is_full_the_others_go_on, restart),
        cmocka_unit_test_setup(a_badge_that_nobody_has_finds_nothing, restart),
        cmocka_unit_test_setup(an_ended_one_leaves_room_and_moves_nobody, restart),
        cmocka_unit_test_setup(it_begins_anew, restart),
        cmocka_unit_test_setup(all_can_be_looked_at, restart),
        cmocka_unit_test_setup(one_place_is_a_table_too, restart),
        cmocka_unit_test_setup(it_does_what_a_model_does, restart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
