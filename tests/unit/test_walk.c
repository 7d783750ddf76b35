/* A long random life of the six tasks: 300,000 entries, kernel_valid() after each (K5_CHECKS), and
 * every message that arrives compared with what was sent.
 *
 *   a message or an answer: w0 = serial number, w1 = ~serial, w2 = its sender; a serial arrives at
 *   most once, from the task that the badge says, with its label
 *
 * The same every time; K5_SEED=n in the environment walks another way.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"

#define STEPS 300000u
#define LIFE  3000u /* steps between two boots: tasks that stopped for good come back */

static uint32_t seed;
static uint32_t serial;            /* of the last message sent */
static uint8_t arrived[STEPS + 1]; /* by serial */
static uint32_t asked[K5_TASKS];   /* its last call, until its result was read; 0: none */
static uint32_t resets[K5_TASKS];
static uint32_t counted[K5_TASKS]; /* overruns seen so far in this life */
static uint32_t messages, answers, timeouts, deaths, faults, refused, lends, overruns, interrupts;

static uint32_t any(uint32_t below)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % below;
}

static void arrive(task_t to, task_t from)
{
    uint32_t number = word_of(to, 0);

    assert_true(number >= 1 && number <= serial);
    assert_int_equal(word_of(to, 1), ~number);
    assert_int_equal(word_of(to, 2), from);
    assert_int_equal(label_of(to), number & 0xFFFFu);
    assert_int_equal(arrived[number], 0);
    arrived[number] = 1;
}

/* The running task looks at the result of its last call. */
static void result_read(task_t me)
{
    bool same_life = host.resets[me] == resets[me];

    resets[me] = host.resets[me];
    uint32_t number = asked[me];

    asked[me] = 0;
    if (number == 0 || !same_life) {
        return;
    }
    timeouts += error_of(me) == K5_TIMEOUT ? 1u : 0u;
    deaths += error_of(me) == K5_ERR_PEER_DIED || error_of(me) == K5_ERR_PEER_GONE ? 1u : 0u;
    if (number == K5_SYS_CALL && error_of(me) == K5_OK) {
        arrive(me, (task_t)word_of(me, 2));
        answers++;
    } else if ((number == K5_SYS_RECV || number == K5_SYS_REPLY_RECV) &&
               (flags_of(me) & K5_FLAG_MESSAGE) != 0) {
        arrive(me, (task_t)((badge_of(me) >> 4) - 1u));
        messages++;
    }
}

static ktime some_deadline(void)
{
    switch (any(4)) {
    case 0: return 0;
    case 1: return k.now + any(50);
    case 2: return k.now + any(5000);
    default: return any(8) == 0 ? any(1000) : 0;
    }
}

static uint32_t some_slot(task_t me)
{
    return any(16) == 0 ? any(256) : any(cfg.slot_count[me]);
}

/* Servers mostly serve, clients mostly call. */
static uint32_t usual_number(task_t me)
{
    static const uint32_t serving[] = {K5_SYS_RECV, K5_SYS_REPLY, K5_SYS_REPLY_RECV};
    static const uint32_t calling[] = {K5_SYS_CALL, K5_SYS_CALL, K5_SYS_SEND};

    return me >= SERVER ? serving[any(3)] : calling[any(3)];
}

/* Any call; calls that end a task are rare, and never SUPER's: that would end the system. */
static uint32_t some_number(task_t me)
{
    if ((me == SERVER || me == ALPHA) && any(8) == 0) {
        return K5_SYS_IRQ_ACK;
    }
    if (any(2) == 0) {
        return usual_number(me);
    }
    uint32_t number = 1u + any(K5_SYS_COUNT - 1u);
    bool ends = number == K5_SYS_PANIC || number == K5_SYS_EXIT;

    if (ends && (me == SUPER || any(4) != 0)) {
        return K5_SYS_WAIT;
    }
    return any(500) == 0 && me != SUPER ? any(256) : number;
}

static void call_make(task_t me)
{
    uint32_t number = some_number(me);
    bool serves = number == K5_SYS_RECV || number == K5_SYS_REPLY_RECV;
    struct ask ask = {.slot = some_slot(me), .aux = any(1u << 20), .deadline = some_deadline()};

    if (number == K5_SYS_IRQ_ACK && any(8) != 0) {
        ask.slot = 2u + any(2);
    }
    if (serves && any(8) != 0) {
        ask.slot = 0;
    }

    if (number == K5_SYS_REPLY || number == K5_SYS_REPLY_RECV) {
        ask.aux = any(4) == 0 ? any(1u << 20) : aux_of(me);
    }
    if (number == K5_SYS_WAIT || number == K5_SYS_RECV) {
        ask.aux = any(2) == 0 ? 0xFFFFFFFFu : any(1u << 20);
    }
    if (number != K5_SYS_IPC_SETUP || any(2) == 0) {
        serial++;
        ask.label = serial & 0xFFFFu;
        ask.w0 = serial;
        ask.w1 = ~serial;
        ask.w2 = me;
    }
    asked[me] = number;
    ask_as(me, number, ask);
    refused += k.current == me && error_of(me) != K5_OK ? 1u : 0u;
}

/* A line rises, falls or flickers. */
static void line_move(void)
{
    static const uint32_t lines[] = {LINE_LEVEL, LINE_EDGE, LINE_ALPHA};
    uint32_t line = lines[any(3)];
    word armed = k.armed;

    if (line == LINE_EDGE) {
        line_pulse(line);
    } else {
        line_set(line, any(2) == 0);
    }
    interrupts += armed != k.armed ? 1u : 0u;
}

static void step(void)
{
    if (k.current != K5_IDLE) {
        result_read(k.current);
    }
    if (k.current == K5_IDLE || any(10) == 0) {
        tick(any(k.current == K5_IDLE ? 3000 : 300));
    } else if (any(10) == 0) {
        line_move();
    } else if (any(100) == 0 && k.current != SUPER) {
        faults++;
        fault_as(k.current, (uint8_t)(1u + any(K5_FAULT_CAUSES - 1u)), any(1u << 30));
    } else {
        call_make(k.current);
    }
    for (uint32_t t = 0; t < K5_TASKS; t++) {
        overruns += k.task.overruns[t] - counted[t];
        counted[t] = k.task.overruns[t];
    }
}

/* Every other life with limits and passive servers. */
static void boot_some(void)
{
    tables_fill();
    for (uint32_t t = 0; t < SUPER && any(2) == 0; t++) {
        cfg.period[t] = 1000;
        cfg.budget[t] = 100u + any(900);
    }
    for (uint32_t e = 0; e < 2u && any(3) != 0; e++) {
        cfg.wcet[e] = 1u + any(300);
    }
    boot_tables();
}

static void walk(void **state)
{
    const char *wish = getenv("K5_SEED");

    (void)state;
    seed = wish != NULL ? (uint32_t)strtoul(wish, NULL, 0) : 2;
    printf("seed %u (K5_SEED=n for another)\n", seed);
    for (uint32_t i = 0; i < STEPS; i++) {
        bool dead = k.current == K5_IDLE && k.timed == 0 && k.empty == 0;

        if (i % LIFE == 0 || (dead && any(20) == 0)) {
            boot_some();
            memset(asked, 0, sizeof asked);
            memset(counted, 0, sizeof counted);
        }
        step();
        assert_true(kernel_valid());
        lends += k.borrowing != 0 ? 1u : 0u;
    }
    printf("%u messages, %u answers, %u time-outs, %u deaths of a server, %u faults, %u refused, "
           "%u steps with time lent, %u overruns, %u interrupts\n",
           messages, answers, timeouts, deaths, faults, refused, lends, overruns, interrupts);
    assert_true(messages > 1000 && answers > 1000 && timeouts > 1000 && deaths > 100 &&
                faults > 500 && lends > 1000 && overruns > 100 && interrupts > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(walk),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
