/* Budgets: refills as arithmetic, and tasks that wait for them. docs/manual/time.md has the rules.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fixture.h"

/* ALPHA's context, which nobody else uses here; the others of the list are 0. */
static void refills_are(uint32_t count, const uint32_t expected[][2])
{
    assert_int_equal(k.refill.count[ALPHA], count);
    for (uint32_t i = 0; i < K5_REFILL_MAX; i++) {
        assert_int_equal(k.refill.time[ALPHA][i], i < count ? expected[i][0] : 0);
        assert_int_equal(k.refill.amount[ALPHA][i], i < count ? expected[i][1] : 0);
    }
}
#define REFILLS(...)                                                 \
    do {                                                             \
        const uint32_t list[][2] = {__VA_ARGS__};                    \
        refills_are((uint32_t)(sizeof list / sizeof list[0]), list); \
    } while (0)

static void limit(task_t task, uint32_t budget, uint32_t period)
{
    cfg.budget[task] = budget;
    cfg.period[task] = period;
}

/* A context by itself: run it from..to. */
static bool use(ktime from, ktime to)
{
    k.since = from;
    refill_activate(ALPHA);
    k.now = to;
    k.since = to;
    bool used_up = refill_charge(ALPHA, to - from);

    assert_true(refill_valid(ALPHA));
    return used_up;
}

static void one_limit(uint32_t budget, uint32_t period)
{
    tables_fill();
    limit(ALPHA, budget, period);
    k = (struct kernel){.current = K5_IDLE, .charged = K5_IDLE};
    refill_boot(ALPHA);
    assert_true(refill_valid(ALPHA));
}

static void the_manuals_example(void **state)
{
    (void)state;
    one_limit(40, 100);
    REFILLS({0, 40});
    assert_false(use(0, 10));
    REFILLS({10, 30}, {100, 10});
    assert_true(use(50, 80));
    REFILLS({100, 10}, {150, 30});
    assert_true(use(100, 110));
    REFILLS({150, 30}, {200, 10});
}

/* Idle for long, a limit has one budget, not that of the past and then the next at once. */
static void idling_saves_nothing(void **state)
{
    (void)state;
    one_limit(10, 100);
    assert_true(use(1000, 1010));
    REFILLS({1100, 10});
}

static void what_lies_behind_the_head_joins_it(void **state)
{
    (void)state;
    one_limit(40, 100);
    assert_false(use(0, 20));
    REFILLS({20, 20}, {100, 20});
    assert_false(use(85, 90)); /* the head reaches to 105, so what comes at 100 follows it */
    REFILLS({90, 35}, {185, 5});
}

static void an_excess_is_taken_from_later_refills(void **state)
{
    (void)state;
    one_limit(40, 100);
    assert_true(use(0, 45));
    REFILLS({105, 35}, {200, 5});
    assert_true(use(105, 143)); /* 3 more than it has */
    REFILLS({203, 37}, {300, 3});
}

static void a_full_list_merges_at_the_later_time(void **state)
{
    (void)state;
    one_limit(90, 1000);
    assert_false(use(0, 10));
    assert_false(use(100, 110));
    assert_false(use(200, 210));
    REFILLS({210, 60}, {1000, 10}, {1100, 10}, {1200, 10});
    assert_false(use(300, 310));
    REFILLS({310, 50}, {1000, 10}, {1100, 10}, {1300, 20});
}

static void a_small_head_waits_for_more(void **state)
{
    (void)state;
    one_limit(40, 100);
    assert_true(use(0, 35)); /* 5 are left, K5_BUDGET_MIN is 10 */
    REFILLS({100, 40});
}

static void a_turn_starts_anew(void **state)
{
    (void)state;
    one_limit(100, 100);
    assert_false(refill_charge(ALPHA, 99));
    REFILLS({0, 1});
    assert_true(refill_charge(ALPHA, 1));
    REFILLS({0, 100});
    assert_true(refill_charge(ALPHA, 5000));
    REFILLS({0, 100});
}

static uint32_t seed = 7;
static uint32_t any(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

/* Whatever a task does, no window of one period holds more than a budget and one excess. */
static void no_window_gives_more(void **state)
{
    enum { STEPS = 4000, LATE = 9 };
    static ktime from[STEPS];
    static ktime to[STEPS];

    (void)state;
    one_limit(60, 200);
    ktime now = 0;
    for (uint32_t i = 0; i < STEPS; i++) {
        now += any(4) == 0 ? any(300) : any(20);
        now = now < k.refill.time[ALPHA][0] ? k.refill.time[ALPHA][0] : now;
        k.since = now;
        refill_activate(ALPHA);
        uint32_t most = k.refill.amount[ALPHA][0];
        uint32_t used = any(3) == 0 ? most + any(LATE + 1u) : 1u + any(most);
        from[i] = now;
        to[i] = now + used;
        now += used;
        k.now = now;
        k.since = now;
        (void)refill_charge(ALPHA, used);
        assert_true(refill_valid(ALPHA));
        ktime sum = 0; /* of the window that ends now */
        for (uint32_t j = i + 1u; j-- > 0 && to[j] + 200u > now;) {
            ktime begin = from[j] + 200u > now ? from[j] : now - 200u;
            sum += to[j] - begin;
        }
        assert_true(sum <= 60u + LATE);
    }
}

/* ---- tasks ---------------------------------------- */

/* GAMMA runs on a limit of 100 in 1000, ALPHA and BETA on turns. */
static void boot_limited(void)
{
    tables_fill();
    limit(GAMMA, 100, 1000);
    boot_tables();
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu);
    AS(OTHER, RECV);
    AS(SERVER, RECV, .aux = 0x1);
    assert_int_equal(k.current, GAMMA);
}

static void a_runaway_is_held(void **state)
{
    (void)state;
    boot_limited();
    for (uint32_t i = 0; i < 10; i++) {
        tick(99);
        assert_int_equal(k.current, GAMMA);
        tick(1);
        assert_int_not_equal(k.current, GAMMA);
        tick(899);
        assert_int_not_equal(k.current, GAMMA);
        tick(1);
        assert_int_equal(k.current, GAMMA);
    }
    assert_int_equal(k.task.time_own[GAMMA], 1000);
    assert_int_equal(k.task.time_own[BETA] + k.task.time_own[ALPHA], 9000);
}

/* Blocking before the budget ends does not run free. */
static void short_runs_add_up(void **state)
{
    (void)state;
    boot_limited();
    for (uint32_t i = 0; i < 4; i++) {
        tick_silently(25);
        AS(GAMMA, WAIT, .deadline = k.now + 50);
        tick(25);
    }
    assert_true(k.now <= 1250);
    assert_int_equal(k.task.state[GAMMA], K5_TASK_READY);
    assert_int_not_equal(k.current, GAMMA);
    tick(1000 + 1000 - (uint32_t)k.now);
    assert_int_equal(k.current, GAMMA);
}

static void a_yield_keeps_the_budget(void **state)
{
    (void)state;
    boot_limited();
    tick_silently(60);
    AS(GAMMA, YIELD);
    assert_int_equal(k.current, GAMMA); /* no equal */
    assert_int_equal(k.refill.amount[GAMMA][0], 40);
    tick(40);
    assert_int_not_equal(k.current, GAMMA);
}

/* Nothing but time refills: not a restart, not a suspension. */
static void a_restart_does_not_refill(void **state)
{
    (void)state;
    tables_fill();
    limit(SERVER, 100, 1000);
    boot_tables();
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu, .deadline = 1200);
    AS(OTHER, WAIT, .aux = 1);
    assert_int_equal(k.current, SERVER);
    tick(100);
    assert_int_equal(k.current, GAMMA);
    tick(100);
    assert_int_equal(k.current, SUPER);
    AS(SUPER, TASK_RESTART, .slot = 1);
    AS(SUPER, TASK_SUSPEND, .slot = 1);
    AS(SUPER, TASK_RESUME, .slot = 1);
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu);
    assert_int_equal(k.current, GAMMA);
    tick(799);
    assert_int_equal(k.current, GAMMA);
    tick(1);
    assert_int_equal(k.current, SERVER);
}

static void a_suspended_task_stays_where_it_is(void **state)
{
    (void)state;
    boot();
    AS(SUPER, TASK_SUSPEND, .slot = 1);
    assert_int_equal(error_of(SUPER), K5_OK);
    AS(SUPER, TASK_INSPECT, .slot = 1);
    assert_int_equal(word_of(SUPER, 0), K5_CONDITION_SUSPENDED << 24 | K5_TASK_READY);
    AS(SUPER, TASK_SUSPEND, .slot = 3); /* inspect only */
    assert_int_equal(error_of(SUPER), K5_ERR_RIGHTS);
    AS(SUPER, WAIT, .deadline = 1100);
    AS(OTHER, RECV);
    assert_int_equal(k.current, GAMMA); /* SERVER is ready, and more urgent */
    AS(GAMMA, CALL, .deadline = 1050);
    tick(50);
    assert_int_equal(error_of(GAMMA), K5_TIMEOUT);
    tick(50);
    AS(SUPER, TASK_RESUME, .slot = 1);
    AS(SUPER, WAIT, .aux = 1);
    assert_int_equal(k.current, SERVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_manuals_example),
        cmocka_unit_test(idling_saves_nothing),
        cmocka_unit_test(what_lies_behind_the_head_joins_it),
        cmocka_unit_test(an_excess_is_taken_from_later_refills),
        cmocka_unit_test(a_full_list_merges_at_the_later_time),
        cmocka_unit_test(a_small_head_waits_for_more),
        cmocka_unit_test(a_turn_starts_anew),
        cmocka_unit_test(no_window_gives_more),
        cmocka_unit_test(a_runaway_is_held),
        cmocka_unit_test(short_runs_add_up),
        cmocka_unit_test(a_yield_keeps_the_budget),
        cmocka_unit_test(a_restart_does_not_refill),
        cmocka_unit_test(a_suspended_task_stays_where_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
