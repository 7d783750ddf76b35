/* The kernel's trace points: what a call, a fault, a restart leave in the ring, in order; and the
 * ring itself, around its end. The rest of the tests are built without any of this. */
/* build: kernel/capability.c kernel/config.c kernel/deadline.c kernel/endpoint.c -DK5_TRACE=1 */
/* build: kernel/invariant.c kernel/irq.c kernel/kernel.c kernel/lend.c kernel/log.c */
/* build: kernel/notification.c kernel/panic.c kernel/refill.c kernel/reply.c kernel/sched.c */
/* build: kernel/task.c kernel/time.c kernel/trace.c kernel/budget.c */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "arch/arch.h"
#include "fixture.h"
#include "kernel/trace.h"

static uint32_t seen; /* records that a test has looked at */

static void forget(void)
{
    seen = trace_ring.written;
}

static void expect(uint8_t kind, task_t task, uint8_t other, uint8_t detail, uint32_t value)
{
    assert_true(seen < trace_ring.written);
    const volatile struct trace_record *record = &trace_ring.record[seen++ % K5_TRACE_RECORDS];

    assert_int_equal(record->kind, kind);
    assert_int_equal(record->task, task);
    assert_int_equal(record->other, other);
    assert_int_equal(record->detail, detail);
    assert_int_equal(record->value, value);
}

/* A caller blocks and its server becomes ready: C does not say which of the two is first. */
static void expect_handover(task_t from, task_t to)
{
    if (trace_ring.record[seen % K5_TRACE_RECORDS].kind == K5_TRACE_READY) {
        expect(K5_TRACE_READY, to, K5_NIL, 0, 0);
        expect(K5_TRACE_BLOCK, from, to, K5_TASK_AWAITING, 0);
    } else {
        expect(K5_TRACE_BLOCK, from, to, K5_TASK_AWAITING, 0);
        expect(K5_TRACE_READY, to, K5_NIL, 0, 0);
    }
}

static void expect_end(void)
{
    assert_int_equal(seen, trace_ring.written);
}

static void ring_clear(void)
{
    trace_ring.written = 0;
    trace_ring.turns = 0;
    seen = 0;
}

static void test_boot(void **state)
{
    (void)state;
    ring_clear();
    boot();
    expect(K5_TRACE_BOOT, K5_NIL, K5_NIL, K5_TRACE_VERSION, K5_TASKS);
    expect(K5_TRACE_RUN, SUPER, SUPER, 0, 0);
    expect_end();
}

static void test_call(void **state)
{
    (void)state;
    boot_serving();
    forget();
    AS(GAMMA, CALL, .label = 7);
    expect(K5_TRACE_CALL, GAMMA, SERVER, 0, 7);
    expect_handover(GAMMA, SERVER);
    expect(K5_TRACE_RUN, SERVER, SERVER, 0, 0);
    AS(SERVER, REPLY, .aux = aux_of(SERVER), .label = 9);
    expect(K5_TRACE_REPLY, SERVER, GAMMA, 0, 9);
    expect(K5_TRACE_READY, GAMMA, K5_NIL, 0, 0);
    expect_end(); /* SERVER goes on */
    AS(SERVER, WAIT, .aux = 0x5);
    expect(K5_TRACE_BLOCK, SERVER, K5_NIL, K5_TASK_WAITING, 0x5);
    expect(K5_TRACE_RUN, GAMMA, GAMMA, 0, 0);
    AS(GAMMA, SEND, .label = 3); /* nobody receives */
    expect(K5_TRACE_BLOCK, GAMMA, 0, K5_TASK_SENDING, 0);
    expect(K5_TRACE_RUN, BETA, BETA, 0, 0);
    expect_end();
}

/* On lent time: whose context pays is told, also when the task stays the same. */
static void test_lent(void **state)
{
    (void)state;
    tables_fill();
    cfg.wcet[0] = 100;
    cfg.budget[SERVER] = 150;
    boot_tables();
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu);
    AS(OTHER, RECV);
    AS(SERVER, RECV, .aux = 0x1);
    forget();
    AS(GAMMA, CALL, .label = 1);
    expect(K5_TRACE_CALL, GAMMA, SERVER, 0, 1);
    expect_handover(GAMMA, SERVER);
    expect(K5_TRACE_RUN, SERVER, GAMMA, 0, 0);
    AS(SERVER, REPLY, .aux = aux_of(SERVER));
    expect(K5_TRACE_REPLY, SERVER, GAMMA, 0, 0);
    expect(K5_TRACE_READY, GAMMA, K5_NIL, 0, 0);
    expect(K5_TRACE_RUN, SERVER, SERVER, 0, 0); /* what it does from now on is its own affair */
    expect_end();
}

static void test_fault(void **state)
{
    (void)state;
    boot_serving();
    forget();
    fault_as(GAMMA, K5_FAULT_WRITE, 0x1234);
    expect(K5_TRACE_FAULT, GAMMA, K5_NIL, K5_FAULT_WRITE, 0x1234);
    expect(K5_TRACE_STOP, GAMMA, K5_NIL, K5_TASK_FAULTED, 0);
    expect(K5_TRACE_SIGNAL, GAMMA, SUPER, 0, FAULT_OF(GAMMA));
    expect(K5_TRACE_READY, SUPER, K5_NIL, 0, 0);
    expect(K5_TRACE_RUN, SUPER, SUPER, 0, 0);
    expect_end();
}

/* Whoever ran did not signal it. */
static void test_irq(void **state)
{
    (void)state;
    boot_serving();
    AS(GAMMA, WAIT, .aux = 0x1);
    AS(BETA, WAIT, .aux = 0x1);
    AS(ALPHA, IRQ_ACK, .slot = 3);
    AS(ALPHA, WAIT, .aux = BITS_OF(2));
    forget();
    line_set(LINE_ALPHA, true);
    expect(K5_TRACE_IRQ, ALPHA, K5_NIL, 2, BITS_OF(2));
    expect(K5_TRACE_READY, ALPHA, K5_NIL, 0, 0);
    expect(K5_TRACE_RUN, ALPHA, ALPHA, 0, 0);
    expect_end();
}

static void test_restart(void **state)
{
    (void)state;
    boot();
    forget();
    AS(SUPER, TASK_RESTART, .slot = 2);
    expect(K5_TRACE_RESTART, ALPHA, SUPER, 0, 0);
    expect(K5_TRACE_READY, ALPHA, K5_NIL, 0, 0);
    expect_end();
}

static void test_timeout(void **state)
{
    (void)state;
    boot_serving();
    AS(GAMMA, WAIT, .aux = 0x2, .deadline = k.now + 50);
    forget();
    tick(60);
    expect(K5_TRACE_TIMEOUT, GAMMA, K5_NIL, K5_TASK_WAITING, 0x2);
    expect(K5_TRACE_READY, GAMMA, K5_NIL, 0, 0);
    expect(K5_TRACE_RUN, GAMMA, GAMMA, 0, 0);
    expect_end();
}

static void test_empty(void **state)
{
    (void)state;
    tables_fill();
    cfg.budget[GAMMA] = 100;
    cfg.period[GAMMA] = 1000;
    boot_tables();
    AS(SUPER, WAIT, .aux = 0xFFFFFFFFu);
    AS(OTHER, RECV);
    AS(SERVER, RECV, .aux = 0x1);
    assert_int_equal(k.current, GAMMA);
    forget();
    tick(100);
    expect(K5_TRACE_EMPTY, GAMMA, K5_NIL, 0, 0);
    assert_int_equal(trace_ring.record[seen++].kind, K5_TRACE_RUN); /* an equal of ALPHA */
    tick(900);
    while (seen < trace_ring.written && trace_ring.record[seen].kind != K5_TRACE_REFILL) {
        seen++;
    }
    expect(K5_TRACE_REFILL, GAMMA, K5_NIL, 0, 0);
    expect(K5_TRACE_RUN, GAMMA, GAMMA, 0, 0);
    expect_end();
}

/* Times are those of the counter, whatever the kernel has last read. */
static void test_time(void **state)
{
    (void)state;
    boot_serving();
    forget();
    tick_silently(17);
    ktime before = time_extend(k.now, arch_now());
    AS(GAMMA, CALL);
    assert_int_equal(trace_ring.record[seen].time, before);
    for (; seen + 1 < trace_ring.written; seen++) {
        assert_true(trace_ring.record[seen].time <= trace_ring.record[seen + 1].time);
    }
}

static void test_wrap(void **state)
{
    (void)state;
    boot();
    ring_clear();
    for (uint32_t i = 0; i < K5_TRACE_RECORDS + 3; i++) {
        assert_int_equal(trace_ring.turns,
                         i / (K5_TRACE_RECORDS / 2)); /* at each half, not later */
        trace_event(K5_TRACE_SIGNAL, ALPHA, BETA, 0, i);
    }
    assert_int_equal(trace_ring.written, K5_TRACE_RECORDS + 3);
    assert_int_equal(trace_ring.turns, 2);
    assert_int_equal(trace_ring.record[0].value, K5_TRACE_RECORDS);
    assert_int_equal(trace_ring.record[2].value, K5_TRACE_RECORDS + 2);
    assert_int_equal(trace_ring.record[3].value, 3);
    trace_ring.written = UINT32_MAX;
    trace_event(K5_TRACE_SIGNAL, ALPHA, BETA, 0, 77);
    trace_event(K5_TRACE_SIGNAL, ALPHA, BETA, 0, 78);
    assert_int_equal(trace_ring.written, 1);
    assert_int_equal(trace_ring.record[K5_TRACE_RECORDS - 1].value, 77);
    assert_int_equal(trace_ring.record[0].value, 78);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_boot),    cmocka_unit_test(test_call),
        cmocka_unit_test(test_lent),    cmocka_unit_test(test_fault),
        cmocka_unit_test(test_irq),     cmocka_unit_test(test_restart),
        cmocka_unit_test(test_timeout), cmocka_unit_test(test_empty),
        cmocka_unit_test(test_time),    cmocka_unit_test(test_wrap),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
