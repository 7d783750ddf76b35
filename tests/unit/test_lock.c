/* A lock in shared memory, lib/k5/lock.c: three tasks in one program. */
/* build: lib/k5/lock.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "k5/lock.h"

#define TASKS 3u
#define POLL  K5_POLL

static struct {
    uint32_t before;
    uint32_t word;
    uint32_t after;
} memory;

static const struct k5_lock_peer peers[TASKS] = {{{1}, 0x1}, {{2}, 0x2}, {{3}, 0x4}};
#define LOCK(number)                                                            \
    {                                                                           \
        .memory = &memory.word, .id = (number), .count = TASKS, .peers = peers, \
        .own_bit = 1u << ((number)-1)                                           \
    }
static const struct k5_lock first = LOCK(1);
static const struct k5_lock second = LOCK(2);
static const struct k5_lock third = LOCK(3);

/* ---- the kernel ---- */

static uint32_t bits_set;
static void (*meanwhile)(void); /* what others do while somebody waits */

k5_error k5_signal(k5_notification to, uint32_t bits)
{
    assert_int_equal(bits, 1u << (to.slot - 1));
    bits_set |= bits;
    return K5_OK;
}

static bool flooded; /* somebody sets the bits again and again */
static k5_ticks now;

k5_ticks k5_time(void)
{
    return now;
}

k5_error k5_wait(uint32_t mask, k5_ticks deadline, uint32_t *bits)
{
    if (flooded) { /* bits that are set come first, whatever the deadline */
        now++;
        assert_true(now < 1000);
        *bits = mask;
        return K5_OK;
    }
    void (*then)(void) = meanwhile;
    meanwhile = NULL;
    if ((bits_set & mask) == 0 && then != NULL) {
        then();
    }
    *bits = bits_set & mask;
    bits_set &= ~mask;
    assert_true(*bits != 0 || deadline != K5_FOREVER); /* else it would wait for ever */
    return *bits != 0 ? K5_OK : K5_TIMEOUT;
}

void k5_panic(uint32_t reason)
{
    fail_msg("panic %u", reason);
    for (;;) {
    }
}

/* ---- tests ---- */

static int all_begun(void **state)
{
    (void)state;
    memset(&memory, 0, sizeof memory);
    bits_set = 0;
    meanwhile = NULL;
    flooded = false;
    assert_int_equal(k5_lock_begin(&first), K5_OK);
    assert_int_equal(k5_lock_begin(&second), K5_OK);
    assert_int_equal(k5_lock_begin(&third), K5_OK);
    assert_int_equal(k5_lock_take(&first, POLL), K5_ERR_OWNER_DIED); /* power-up */
    assert_int_equal(k5_lock_give(&first), K5_OK);
    return 0;
}

static int nothing_else_was_written(void **state)
{
    (void)state;
    assert_int_equal(memory.before, 0);
    assert_int_equal(memory.after, 0);
    return 0;
}

static void one_has_it(void **state)
{
    (void)state;
    assert_int_equal(k5_lock_take(&first, POLL), K5_OK);
    assert_int_equal(k5_lock_holder(&second), 1);
    assert_int_equal(k5_lock_take(&second, POLL), K5_TIMEOUT);
    assert_int_equal(k5_lock_take(&first, POLL), K5_ERR_ARG);
    assert_int_equal(k5_lock_give(&second), K5_ERR_ARG);
    assert_int_equal(k5_lock_give(&first), K5_OK);
    assert_int_equal(k5_lock_give(&first), K5_ERR_ARG);
    assert_int_equal(k5_lock_holder(&second), 0);
    assert_int_equal(k5_lock_take(&second, POLL), K5_OK);
    assert_int_equal(bits_set, 0); /* who tries is not woken */
}

static void first_gives(void)
{
    assert_int_equal(k5_lock_give(&first), K5_OK);
}

static void who_waits_is_woken(void **state)
{
    (void)state;
    assert_int_equal(k5_lock_take(&first, POLL), K5_OK);
    assert_int_equal(k5_lock_take(&third, 1000), K5_TIMEOUT);
    meanwhile = first_gives;
    assert_int_equal(k5_lock_take(&second, K5_FOREVER), K5_OK);
    assert_int_equal(bits_set, 0); /* the third has given up, and is not woken */
    assert_int_equal(k5_lock_holder(&first), 2);
}

static void third_begins_again(void)
{
    assert_int_equal(k5_lock_begin(&third), K5_OK);
    assert_int_equal(k5_lock_give(&first), K5_OK);
}

static void a_restarted_one_does_not_wait(void **state)
{
    (void)state;
    assert_int_equal(k5_lock_take(&first, POLL), K5_OK);
    meanwhile = third_begins_again;
    assert_int_equal(k5_lock_take(&third, 1000), K5_TIMEOUT); /* nobody woke it */
}

static void third_waits_too(void)
{
    meanwhile = first_gives;
    assert_int_equal(k5_lock_take(&third, K5_FOREVER), K5_OK);
    assert_int_equal(k5_lock_give(&third), K5_OK);
}

static void both_who_wait_are_woken(void **state)
{
    (void)state;
    assert_int_equal(k5_lock_take(&first, POLL), K5_OK);
    meanwhile = third_waits_too;
    assert_int_equal(k5_lock_take(&second, K5_FOREVER), K5_OK);
    assert_int_equal(k5_lock_give(&second), K5_OK);
}

static void it_was_taken_again(void)
{
    assert_int_equal(k5_lock_give(&first), K5_OK); /* wakes the second, which is slower than */
    assert_int_equal(k5_lock_take(&first, POLL), K5_OK);
    meanwhile = first_gives;
}

static void who_was_woken_for_nothing_waits_again(void **state)
{
    (void)state;
    assert_int_equal(k5_lock_take(&first, POLL), K5_OK);
    meanwhile = it_was_taken_again;
    assert_int_equal(k5_lock_take(&second, K5_FOREVER), K5_OK);
}

static void first_begins_again(void)
{
    assert_int_equal(k5_lock_begin(&first), K5_OK);
}

static void the_next_learns_of_a_death(void **state)
{
    (void)state;
    assert_int_equal(k5_lock_take(&first, POLL), K5_OK);
    meanwhile = first_begins_again; /* it was restarted */
    assert_int_equal(k5_lock_take(&second, K5_FOREVER), K5_ERR_OWNER_DIED);
    assert_int_equal(k5_lock_begin(&second), K5_OK); /* so was this one, before it was whole */
    assert_int_equal(k5_lock_take(&third, POLL), K5_ERR_OWNER_DIED);
    assert_int_equal(k5_lock_give(&third), K5_OK);
    assert_int_equal(k5_lock_take(&first, POLL), K5_OK);
}

static void a_restart_of_who_does_not_have_it_changes_nothing(void **state)
{
    (void)state;
    assert_int_equal(k5_lock_take(&first, POLL), K5_OK);
    first_begins_again();
    assert_int_equal(k5_lock_take(&first, POLL), K5_ERR_OWNER_DIED);
    assert_int_equal(k5_lock_take(&second, 1000), K5_TIMEOUT);
    assert_int_equal(k5_lock_begin(&second), K5_OK);
    k5_lock_dead(&third, 2);
    k5_lock_dead(&third, 0);
    k5_lock_dead(&third, 77);
    assert_int_equal(k5_lock_holder(&third), 1);
    assert_int_equal(k5_lock_give(&first), K5_OK);
    k5_lock_dead(&third, 1); /* it does not have it */
    assert_int_equal(k5_lock_take(&second, POLL), K5_OK);
}

static void first_is_dead(void)
{
    k5_lock_dead(&third, 1);
}

static void somebody_may_know_of_a_death(void **state)
{
    (void)state;
    assert_int_equal(k5_lock_take(&first, POLL), K5_OK);
    meanwhile = first_is_dead;
    assert_int_equal(k5_lock_take(&second, K5_FOREVER), K5_ERR_OWNER_DIED);
    assert_int_equal(k5_lock_give(&first), K5_ERR_ARG);
}

/* Whatever stands in it: no call but one of these ends, and after a begin it can be taken. */
static void anything_may_stand_in_it(void **state)
{
    (void)state;
    for (uint32_t holder = 0; holder <= 0xFF; holder++) {
        static const uint32_t others[] = {0, 0x5A000000u, 0x5A000100u, 0xFFFFFF00u, 0x5AFFFF00u};
        for (uint32_t i = 0; i < sizeof others / sizeof others[0]; i++) {
            memory.word = others[i] | holder;
            k5_error error = k5_lock_take(&first, POLL);
            k5_error wanted = holder == 1               ? K5_ERR_ARG
                              : holder > TASKS          ? K5_ERR_BROKEN
                              : holder != 0             ? K5_TIMEOUT
                              : others[i] >> 24 == 0x5A ? K5_OK
                                                        : K5_ERR_OWNER_DIED;
            assert_int_equal(error, wanted);
            memory.word = others[i] | holder;
            assert_int_equal(k5_lock_begin(&first), K5_OK);
            bool repaired = holder == 1 || holder > TASKS;
            assert_int_equal(k5_lock_holder(&first), repaired ? 0 : holder);
            if (repaired) {
                assert_int_equal(k5_lock_take(&first, POLL), K5_ERR_OWNER_DIED);
                assert_int_equal(k5_lock_give(&first), K5_OK);
            }
            bits_set = 0;
        }
    }
}

static void a_flood_of_signals_does_not_outlast_the_deadline(void **state)
{
    (void)state;
    assert_int_equal(k5_lock_take(&first, POLL), K5_OK);
    flooded = true;
    now = 10;
    assert_int_equal(k5_lock_take(&second, 50), K5_TIMEOUT);
    assert_int_equal(now, 50);
    flooded = false;
    assert_int_equal(k5_lock_give(&first), K5_OK);
    assert_int_equal(bits_set, 0); /* it does not wait any more */
}

static void what_is_no_lock_is_refused(void **state)
{
    (void)state;
    struct k5_lock lock = first;
    lock.id = 0;
    assert_int_equal(k5_lock_begin(&lock), K5_ERR_ARG);
    lock.id = TASKS + 1;
    assert_int_equal(k5_lock_begin(&lock), K5_ERR_ARG);
    lock = first;
    lock.count = K5_LOCK_MOST + 1;
    assert_int_equal(k5_lock_begin(&lock), K5_ERR_ARG);
    lock = first;
    lock.memory = (uint8_t *)lock.memory + 2;
    assert_int_equal(k5_lock_begin(&lock), K5_ERR_ARG);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, all_begun, nothing_else_was_written)
    static const struct CMUnitTest tests[] = {
        TEST(one_has_it),
        TEST(who_waits_is_woken),
        TEST(a_restarted_one_does_not_wait),
        TEST(both_who_wait_are_woken),
        TEST(who_was_woken_for_nothing_waits_again),
        TEST(the_next_learns_of_a_death),
        TEST(a_restart_of_who_does_not_have_it_changes_nothing),
        TEST(somebody_may_know_of_a_death),
        TEST(anything_may_stand_in_it),
        TEST(a_flood_of_signals_does_not_outlast_the_deadline),
        TEST(what_is_no_lock_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
