/* A queue in shared memory, lib/k5/queue.c: both sides in one program, between them the memory, and
 * guards around it. */
/* build: lib/k5/queue.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "k5/queue.h"

#define COUNT 3u
#define GUARD 0xC5u

struct item {
    uint32_t number;
    uint16_t check; /* a size that is no multiple of 4 with packed places */
} __attribute__((packed));

static struct {
    uint8_t before[64];
    _Alignas(4) uint8_t bytes[K5_QUEUE_BYTES(sizeof(struct item), COUNT)];
    uint8_t after[64];
} memory;

#define PRODUCER_BIT 0x10u
#define CONSUMER_BIT 0x20u
static const struct k5_queue ends[2] = {{
                                            .memory = memory.bytes,
                                            .memory_size = sizeof memory.bytes,
                                            .element = sizeof(struct item),
                                            .count = COUNT,
                                            .peer = {1},
                                            .peer_bit = CONSUMER_BIT,
                                            .own_bit = PRODUCER_BIT,
                                        },
                                        {
                                            .memory = memory.bytes,
                                            .memory_size = sizeof memory.bytes,
                                            .element = sizeof(struct item),
                                            .count = COUNT,
                                            .peer = {2},
                                            .peer_bit = PRODUCER_BIT,
                                            .own_bit = CONSUMER_BIT,
                                        }};
static struct k5_queue out;
static struct k5_queue in;

/* ---- the kernel ---- */

static uint32_t word; /* bits of both */
static uint32_t signals;
static uint32_t waits;
static void (*meanwhile)(void); /* what others do while somebody waits */

k5_error k5_signal(k5_notification to, uint32_t bits)
{
    assert_int_equal(bits, to.slot == 1 ? CONSUMER_BIT : PRODUCER_BIT);
    word |= bits;
    signals++;
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
    waits++;
    if ((word & mask) == 0 && meanwhile != NULL) {
        meanwhile();
    }
    *bits = word & mask;
    word &= ~mask;
    assert_true(*bits != 0 || deadline != K5_FOREVER); /* else it would wait for ever */
    return *bits != 0 ? K5_OK : K5_TIMEOUT;
}

void k5_panic(uint32_t reason)
{
    fail_msg("panic %u", reason);
    for (;;) {
    }
}

/* ---- helpers ---- */

static uint32_t words[2];

static void words_get(void)
{
    memcpy(words, memory.bytes, sizeof words);
}

static k5_error put(uint32_t number)
{
    struct item item = {number, (uint16_t)~number};
    return k5_queue_put(&out, &item, K5_POLL);
}

static k5_error get(uint32_t *number)
{
    struct item item = {0};
    k5_error error = k5_queue_get(&in, &item, K5_POLL);
    if (error == K5_OK) {
        *number = item.number;
        assert_int_equal(item.check, (uint16_t)~item.number);
    }
    return error;
}

static void producer_start(void)
{
    out = ends[0];
    assert_int_equal(k5_queue_producer(&out), K5_OK);
}

static void consumer_start(void)
{
    in = ends[1];
    assert_int_equal(k5_queue_consumer(&in), K5_OK);
}

static int power_up(void **state)
{
    (void)state;
    memset(&memory, GUARD, sizeof memory);
    word = signals = waits = 0;
    meanwhile = NULL;
    flooded = false;
    return 0;
}

static int both_started(void **state)
{
    uint32_t number;
    power_up(state);
    producer_start();
    consumer_start();
    assert_int_equal(get(&number), K5_TIMEOUT);
    return 0;
}

static int guards_hold(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < sizeof memory.before; i++) {
        assert_int_equal(memory.before[i], GUARD);
        assert_int_equal(memory.after[i], GUARD);
    }
    return 0;
}

/* ---- tests ---- */

static void elements_come_in_order(void **state)
{
    (void)state;
    uint32_t number = 0;
    for (uint32_t i = 0; i < 100; i++) {
        for (uint32_t j = 0; j < 1 + i % COUNT; j++) {
            assert_int_equal(put(i * 10 + j), K5_OK);
        }
        for (uint32_t j = 0; j < 1 + i % COUNT; j++) {
            assert_int_equal(get(&number), K5_OK);
            assert_int_equal(number, i * 10 + j);
        }
        assert_int_equal(get(&number), K5_TIMEOUT);
    }
    assert_int_equal(waits, 0); /* K5_POLL enters no kernel */
}

static void it_has_room_for_as_many_as_were_said(void **state)
{
    (void)state;
    uint32_t number = 0;
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_int_equal(put(i), K5_OK);
    }
    assert_int_equal(put(99), K5_TIMEOUT);
    assert_int_equal(get(&number), K5_OK);
    assert_int_equal(number, 0);
    assert_int_equal(put(3), K5_OK);
    assert_int_equal(put(99), K5_TIMEOUT);
}

static void who_may_wait_is_signalled_and_nobody_else(void **state)
{
    (void)state;
    uint32_t number = 0;
    assert_int_equal(put(0), K5_OK); /* they meet */
    assert_int_equal(get(&number), K5_OK);
    uint32_t before = signals;
    word = 0;
    assert_int_equal(put(1), K5_OK); /* it was empty */
    assert_int_equal(word, CONSUMER_BIT);
    assert_int_equal(put(2), K5_OK);
    assert_int_equal(put(3), K5_OK);
    assert_int_equal(signals - before, 1);
    assert_int_equal(get(&number), K5_OK); /* it was full */
    assert_int_equal(word, CONSUMER_BIT | PRODUCER_BIT);
    assert_int_equal(get(&number), K5_OK);
    assert_int_equal(get(&number), K5_OK);
    assert_int_equal(signals - before, 2);
}

static void nothing_moves_before_both_have_begun(void **state)
{
    uint32_t number = 7;
    static const uint8_t fill[] = {0, 1, 0x55, 0xFF};
    for (uint32_t i = 0; i < sizeof fill; i++) {
        power_up(state);
        memset(memory.bytes, fill[i], sizeof memory.bytes); /* what power-up left */
        consumer_start();
        assert_int_not_equal(get(&number), K5_OK);
        producer_start();
        assert_int_equal(get(&number), K5_TIMEOUT); /* never a reset: nothing was lost */
        assert_int_equal(put(1), K5_OK);
        assert_int_equal(get(&number), K5_OK);
        assert_int_equal(number, 1);
    }
}

/* A reset of the system that leaves RAM alone: what lay in the queue is not taken for new. */
static void nothing_is_left_of_a_former_boot(void **state)
{
    (void)state;
    uint32_t number = 7;
    assert_int_equal(put(1), K5_OK);
    assert_int_equal(put(2), K5_OK);
    consumer_start();
    assert_int_equal(get(&number), K5_TIMEOUT);
    producer_start();
    assert_int_equal(get(&number), K5_TIMEOUT);
    assert_int_equal(put(3), K5_OK);
    assert_int_equal(get(&number), K5_OK);
    assert_int_equal(number, 3);
    assert_int_equal(get(&number), K5_TIMEOUT);
}

static void a_restarted_consumer(void **state)
{
    (void)state;
    uint32_t number = 7;
    assert_int_equal(put(1), K5_OK);
    assert_int_equal(put(2), K5_OK);
    consumer_start();
    assert_int_equal(word & PRODUCER_BIT, PRODUCER_BIT); /* it may wait for room */
    assert_int_equal(get(&number), K5_TIMEOUT);
    assert_int_equal(put(3), K5_ERR_RESET); /* once */
    assert_int_equal(get(&number), K5_TIMEOUT);
    assert_int_equal(put(4), K5_OK);
    assert_int_equal(get(&number), K5_OK);
    assert_int_equal(number, 4);
}

static void a_restarted_producer(void **state)
{
    (void)state;
    uint32_t number = 7;
    assert_int_equal(put(0), K5_OK);
    assert_int_equal(get(&number), K5_OK);
    assert_int_equal(put(1), K5_OK);
    producer_start();
    assert_int_equal(word & CONSUMER_BIT, CONSUMER_BIT);
    assert_int_equal(put(2), K5_TIMEOUT);
    assert_int_equal(get(&number), K5_ERR_RESET); /* once */
    assert_int_equal(number, 0);
    assert_int_equal(put(3), K5_OK);
    assert_int_equal(get(&number), K5_OK);
    assert_int_equal(number, 3);
}

static void a_reset_by_hand(void **state)
{
    (void)state;
    uint32_t number = 7;
    assert_int_equal(put(1), K5_OK);
    k5_queue_reset(&in);
    assert_int_equal(put(2), K5_ERR_RESET);
    assert_int_equal(put(3), K5_OK);
    assert_int_equal(get(&number), K5_OK);
    assert_int_equal(number, 3);
}

/* Every index of the other side that there is, on both sides. */
static void a_forged_index_is_an_error(void **state)
{
    for (uint32_t side = 0; side < 2; side++) {
        for (uint32_t index = 0; index <= 0xFFFF; index++) {
            both_started(state);
            uint32_t number = 7;
            assert_int_equal(put(1), K5_OK); /* the producer at 1, the consumer at 0 */
            words_get();
            uint32_t forged = (words[1 - side] & 0xFFFF0000u) | index;
            memcpy(&memory.bytes[4 * (1 - side)], &forged, 4);
            uint32_t most = 2 * COUNT;
            uint32_t used = side == 0 ? (1 + most - index) % most : index;
            bool sound = index < most && used <= COUNT;
            k5_error error = side == 0 ? put(2) : get(&number);
            if (!sound) {
                assert_int_equal(error, K5_ERR_BROKEN);
                error = side == 0 ? put(2) : get(&number); /* it stays */
                assert_int_equal(error, K5_ERR_BROKEN);
                k5_queue_reset(side == 0 ? &out : &in);
                error = side == 0 ? put(2) : get(&number);
                assert_int_equal(error, K5_TIMEOUT);
            } else {
                bool stays = side == 0 ? used == COUNT : used == 0;
                assert_int_equal(error, stays ? K5_TIMEOUT : K5_OK);
            }
            guards_hold(state);
        }
    }
}

/* Its own word is not asked, but for the number of its last life. */
static void ones_own_word_is_not_believed(void **state)
{
    (void)state;
    uint32_t number = 7;
    assert_int_equal(put(1), K5_OK);
    memset(memory.bytes, 0xFF, 4); /* the consumer writes into the producer's */
    assert_int_equal(put(2), K5_OK);
    assert_int_equal(get(&number), K5_OK);
    assert_int_equal(get(&number), K5_OK);
    assert_int_equal(number, 2);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    const struct {
        uint16_t element, count;
        uint32_t size, shift;
    } bad[] = {
        {0, 1, 64, 0},
        {4, 0, 64, 0},
        {4, 4, 23, 0},
        {4, 4, 24, 2},
        {0xFFFF, 0xFFFF, UINT32_MAX, 0},
        {1, 32768, UINT32_MAX, 0},
        {0xFFFF, 32767, 0x7FFE8000u, 0},
    };
    for (uint32_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct k5_queue queue = {.memory = memory.bytes + bad[i].shift,
                                 .memory_size = bad[i].size,
                                 .element = bad[i].element,
                                 .count = bad[i].count,
                                 .peer = {1}};
        assert_int_equal(k5_queue_producer(&queue), K5_ERR_ARG);
        assert_int_equal(k5_queue_consumer(&queue), K5_ERR_ARG);
    }
}

static void consumer_takes_all(void)
{
    uint32_t number;
    while (get(&number) == K5_OK) {
    }
}

static void who_waits_goes_on(void **state)
{
    (void)state;
    struct item item = {0};
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_int_equal(put(i), K5_OK);
    }
    word = 0;
    assert_int_equal(k5_queue_put(&out, &item, 5000), K5_TIMEOUT);
    meanwhile = consumer_takes_all;
    assert_int_equal(k5_queue_put(&out, &item, K5_FOREVER), K5_OK);
}

static void a_flood_of_signals_does_not_outlast_the_deadline(void **state)
{
    (void)state;
    struct item item = {0};
    flooded = true;
    now = 10;
    assert_int_equal(k5_queue_get(&in, &item, 50), K5_TIMEOUT);
    assert_int_equal(now, 50);
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_int_equal(put(i), K5_OK);
    }
    assert_int_equal(k5_queue_put(&out, &item, 90), K5_TIMEOUT);
    assert_int_equal(now, 90);
    flooded = false;
}

/* Steps of both sides, restarts, resets and forged words in any order: elements come whole and in
 * order, none twice, and after a restart none from before; every error is one that may be. */
static void anything_in_any_order(void **state)
{
    uint32_t random = 12345;
    uint32_t next = 1; /* of the producer */
    uint32_t last = 0; /* that the consumer had */
    uint32_t taken = 0;
    bool forged = false; /* since both began */
    for (uint32_t step = 0; step < 300000; step++) {
        uint32_t number = 0;
        random = random * 1664525u + 1013904223u;
        uint32_t choice = (random >> 16) % 1000;
        if (choice < 480) {
            k5_error error = put(next);
            next += error == K5_OK ? 1 : 0;
            assert_true(error == K5_OK || error == K5_TIMEOUT || error == K5_ERR_RESET ||
                        (forged && error == K5_ERR_BROKEN));
        } else if (choice < 960) {
            k5_error error = get(&number);
            assert_true(error == K5_OK || error == K5_TIMEOUT || error == K5_ERR_RESET ||
                        (forged && error == K5_ERR_BROKEN));
            if (error == K5_OK && !forged) {
                assert_true(number > last && number < next);
                last = number;
                taken++;
            }
        } else if (choice < 970) {
            producer_start();
            forged = false;
        } else if (choice < 980) {
            consumer_start();
            last = next - 1; /* what was put before is gone */
            forged = false;
        } else if (choice < 990) {
            k5_queue_reset(choice < 985 ? &out : &in);
        } else if (choice < 992) {
            memcpy(&memory.bytes[(random >> 8) % 5], &random, 4); /* in the words */
            forged = true;
        } else if (choice == 999 && forged) {
            both_started(state);
            last = next - 1;
            forged = false;
        }
        guards_hold(state);
    }
    assert_true(taken > 10000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, both_started, guards_hold)
    static const struct CMUnitTest tests[] = {
        TEST(elements_come_in_order),
        TEST(it_has_room_for_as_many_as_were_said),
        TEST(who_may_wait_is_signalled_and_nobody_else),
        TEST(nothing_moves_before_both_have_begun),
        TEST(nothing_is_left_of_a_former_boot),
        TEST(a_restarted_consumer),
        TEST(a_restarted_producer),
        TEST(a_reset_by_hand),
        TEST(a_forged_index_is_an_error),
        TEST(ones_own_word_is_not_believed),
        TEST(what_does_not_fit_is_refused),
        TEST(who_waits_goes_on),
        TEST(a_flood_of_signals_does_not_outlast_the_deadline),
        TEST(anything_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
